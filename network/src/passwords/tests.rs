use jiff::SignedDuration;
use proptest::prelude::*;
use store::testing;

use super::*;
use crate::accounts;
use crate::sessions::{Method, Methods, Origin};
use crate::testing::{Counting, at};

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

fn policy(name: &str) -> Policy {
    Policies::shipped().unwrap().policy(name).unwrap().clone()
}

fn flaws(name: &str, text: &str) -> Vec<Flaw> {
    let context = ["zhang.san", "张三丰", "haihe", "120101"];
    policy(name).flaws(&Password::new(text.to_owned()), &context)
}

#[test]
fn asvs_6_2_1_a_password_has_at_least_eight_characters() {
    assert_eq!(flaws("asvs", "k4#pQ9z"), [Flaw::TooShort]);
    assert_eq!(flaws("asvs", "k4#pQ9zw"), []);
    assert_eq!(flaws("asvs", "春眠不觉晓处处闻"), []);
}

#[test]
fn asvs_6_2_4_the_commonest_three_thousand_are_refused() {
    let common: Vec<_> = include_str!("../../../rules/passwords/common.txt").lines().collect();
    assert!(common.len() >= 3_000, "{}", common.len());
    for text in &common {
        assert!(text.chars().count() >= 8, "{text} no policy would take");
        assert!(flaws("asvs", text).contains(&Flaw::Common), "{text}");
    }
    assert_eq!(flaws("asvs", "Password2026!"), [Flaw::Common]);
    assert_eq!(flaws("asvs", "WoAiNi1314"), [Flaw::Common]);
}

#[test]
fn asvs_6_2_5_no_kinds_of_characters_are_asked_for() {
    assert_eq!(flaws("asvs", "correct horse battery"), []);
    assert_eq!(flaws("mlps3", "correct horse battery"), [Flaw::TooFewKinds]);
    assert_eq!(flaws("mlps3", "Correct horse battery"), []);
}

#[test]
fn asvs_6_2_9_at_least_64_characters_are_taken() {
    let long: String = ('a'..='z').cycle().step_by(7).take(128).collect();
    assert_eq!(flaws("asvs", &long[..64]), []);
    assert_eq!(flaws("asvs", &long), []);
    assert_eq!(flaws("asvs", &format!("{long}x")), [Flaw::TooLong]);
    assert_eq!(flaws("asvs", &"x9!".repeat(10_000)), [Flaw::TooLong]);
}

#[test]
fn asvs_6_2_10_a_password_is_good_until_it_is_changed() {
    assert!(!policy("asvs").has_run_out(at(0), at(40_000_000)));
    let day = 86_400;
    assert!(!policy("mlps3").has_run_out(at(0), at(90 * day - 1)));
    assert!(policy("mlps3").has_run_out(at(0), at(90 * day)));
}

#[test]
fn asvs_6_2_11_words_of_the_context_are_refused() {
    for text in ["Zhang.San1", "张三丰张三丰", "haihe2026", "120101!!xx", "xxZHANG.SAN"] {
        assert!(flaws("asvs", text).contains(&Flaw::Guessable), "{text}");
    }
    assert_eq!(flaws("asvs", "the haihe flows to the sea"), []);
}

#[test]
fn asvs_6_2_8_a_password_is_compared_as_it_was_typed() {
    let phc = hashed(" Kraft ich!");
    for other in ["Kraft ich!", " kraft ich!", " Kraft ich", " Kraft ich! "] {
        let verdict = verify(&Password::new(other.to_owned()), &phc, CHEAP);
        assert_eq!(verdict, Ok(Verdict::Wrong), "{other}");
    }
}

fn hashed(text: &str) -> String {
    hash(&Password::new(text.to_owned()), CHEAP, &mut Counting::default()).unwrap()
}

#[test]
fn what_is_kept_is_argon2id_with_its_own_parameters_and_salt() {
    let (password, mut entropy) = (Password::new("a password".to_owned()), Counting::default());
    let cost = Policies::shipped().unwrap().cost;
    let one = hash(&password, cost, &mut entropy).unwrap();
    let other = hash(&password, cost, &mut entropy).unwrap();
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert_ne!(one, other);
    assert_eq!(verify(&password, &one, cost), Ok(Verdict::Right));
    assert_eq!(verify_nobody(&password, cost), Ok(Verdict::Wrong));
}

/// What one password leaves in the room makes no difference to the next.
#[test]
fn a_room_that_was_used_before_gives_the_same_hash() {
    let (cost, mut entropy) = (Cost { memory_kib: 64, passes: 2, lanes: 1 }, Counting::default());
    let passwords = ["one", "two", "three"].map(|it| Password::new(it.to_owned()));
    let hashes = passwords.each_ref().map(|it| hash(it, cost, &mut entropy).unwrap());
    for _ in 0..3 {
        for (password, own) in passwords.iter().zip(&hashes) {
            for phc in &hashes {
                let expected = if phc == own { Verdict::Right } else { Verdict::Wrong };
                assert_eq!(verify(password, phc, cost).unwrap(), expected);
            }
            verify_nobody(password, Cost { memory_kib: 32, ..cost }).unwrap();
        }
    }
}

/// The vector of the reference implementation for argon2id, version 1.3.
#[test]
fn a_hash_of_another_implementation_is_verified() {
    let phc =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let verdict = verify(&Password::new("password".to_owned()), phc, CHEAP);
    assert_eq!(verdict, Ok(Verdict::RightAtAnotherCost));
}

#[test]
fn a_password_hashed_at_another_cost_is_to_be_hashed_anew() {
    let phc = hashed("a password");
    let password = Password::new("a password".to_owned());
    let dearer = Cost { memory_kib: 128, ..CHEAP };
    assert_eq!(verify(&password, &phc, CHEAP), Ok(Verdict::Right));
    assert_eq!(verify(&password, &phc, dearer), Ok(Verdict::RightAtAnotherCost));
    assert_eq!(verify(&password, "plain", CHEAP), Err(HashError::Unreadable));
}

#[test]
fn a_password_is_not_shown_by_a_debug_line() {
    assert_eq!(format!("{:?}", Password::new("secret".to_owned())), "Password(…)");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (store, mut entropy) = (testing::open().await, Counting::default());
    let (login, name, home) =
        ("clerk".parse().unwrap(), "王".parse().unwrap(), "120101".parse().unwrap());
    let id = accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let asvs = policy("asvs");
    let mut open = async |second| {
        let methods = Methods::of([Method::Password]);
        let (origin, lifetimes) = (Origin::default(), &asvs.lifetimes);
        crate::sessions::open(&store, id, methods, &origin, lifetimes, at(second), &mut entropy)
            .await
            .unwrap()
            .0
    };
    let (own, _) = (open(1).await, open(2).await);
    assert_eq!(kept(&store, id).await.unwrap(), None);
    set(&store, id, "one", &asvs, Some(own), at(3)).await.unwrap();
    assert_eq!(kept(&store, id).await.unwrap().unwrap().set_at, at(3));
    let left = crate::sessions::list(&store, id, at(4)).await.unwrap();
    assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [own]);
    assert!(forbidden(&store, id, &asvs).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_last_passwords_are_remembered_only_where_a_policy_forbids_them() {
    let (store, mut entropy) = (testing::open().await, Counting::default());
    let (login, name, home) =
        ("clerk".parse().unwrap(), "王".parse().unwrap(), "120101".parse().unwrap());
    let id = accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let mlps3 = policy("mlps3");
    for (second, phc) in ["a", "b", "c", "d", "e", "f", "g"].into_iter().enumerate() {
        let second = i64::try_from(second).unwrap();
        set(&store, id, phc, &mlps3, None, at(second)).await.unwrap();
    }
    assert_eq!(forbidden(&store, id, &mlps3).await.unwrap(), ["g", "f", "e", "d", "c"]);
    set(&store, id, "h", &policy("asvs"), None, at(9)).await.unwrap();
    assert!(forbidden(&store, id, &mlps3).await.unwrap().is_empty());
}

#[test]
fn a_policy_that_is_not_there_is_named_with_those_that_are() {
    let error = Policies::shipped().unwrap().policy("none").unwrap_err();
    assert_eq!(error.to_string(), "there is no password policy none; name one of asvs, mlps3");
    let lifetimes = policy("mlps3").lifetimes;
    assert_eq!(lifetimes.idle, SignedDuration::from_mins(15));
}

proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic(text in ".{0,300}", word in ".{0,10}") {
        policy("mlps3").flaws(&Password::new(text), &[&word]);
    }
}
