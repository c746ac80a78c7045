//! Who signed what, and whether it is still that.

use model::Entropy;
use proptest::prelude::*;

use super::*;
use crate::pdf::tests::one_page;

/// Counts, so that a test makes the same keys every time.
struct Counter(u8);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(5).wrapping_add(17);
            *byte = self.0;
        }
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn keys() -> Keys {
    Keys::begin("滨海市教育数据中心", at("2026-01-05T08:00:00Z"), &mut Counter(1)).unwrap()
}

fn signed(keys: &Keys) -> Vec<u8> {
    sign(&one_page(), keys, None, at("2026-11-26T02:30:00Z")).unwrap()
}

#[test]
fn a_signed_file_is_intact_and_says_who_signed_it_and_when() {
    let keys = keys();
    let Verdict::Intact(signing) = verify(&signed(&keys), &keys) else { panic!() };
    assert_eq!(signing.signer, "滨海市教育数据中心");
    assert_eq!(signing.signed_at, at("2026-11-26T02:30:00Z"));
    assert_eq!(signing.key, keys.list()[0].id);
}

#[test]
fn the_same_letter_at_the_same_instant_gives_the_same_bytes() {
    assert_eq!(signed(&keys()), signed(&keys()));
}

#[test]
fn the_letter_itself_is_not_touched() {
    assert!(signed(&keys()).starts_with(&one_page()));
}

#[test]
fn a_file_is_signed_only_once() {
    let keys = keys();
    let again = sign(&signed(&keys), &keys, None, at("2026-11-26T02:31:00Z"));
    assert!(matches!(again, Err(SignError::Signed)), "{again:?}");
}

#[test]
fn one_byte_more_is_an_alteration() {
    let keys = keys();
    let mut file = signed(&keys);
    file.push(b'\n');
    assert_eq!(verify(&file, &keys), Verdict::Altered);
    // So is what editors do: another table of cross-references behind the signature.
    let read = crate::pdf::Pdf::read(&file).unwrap();
    let mut update = crate::pdf::Update::new(&read).unwrap();
    let page = update.page(0).unwrap();
    update.put(page, b"<< /Type /Page >>");
    assert_eq!(verify(&update.finish([0; 16]), &keys), Verdict::Altered);
}

#[test]
fn a_file_cut_short_is_not_intact() {
    let keys = keys();
    let file = signed(&keys);
    for end in [0, 20, file.len() / 2, file.len() - 1] {
        assert!(!matches!(verify(&file[..end], &keys), Verdict::Intact(_)), "cut at {end}");
    }
}

#[test]
fn what_others_signed_is_not_ours() {
    let others =
        Keys::begin("滨海市教育数据中心", at("2026-01-05T08:00:00Z"), &mut Counter(2)).unwrap();
    assert_eq!(verify(&signed(&others), &keys()), Verdict::NotOurs);
    assert_eq!(verify(&one_page(), &keys()), Verdict::NotOurs);
}

#[test]
fn letters_signed_by_a_retired_key_hold_and_say_so() {
    let mut keys = keys();
    let file = signed(&keys);
    let retired_at = at("2027-01-05T08:00:00Z");
    keys.rotate("滨海市教育数据中心", retired_at, &mut Counter(9)).unwrap();
    let Verdict::Retired { signing, retired_at: since } = verify(&file, &keys) else { panic!() };
    assert_eq!((signing.key, since), (keys.list()[0].id.clone(), retired_at));

    let later = sign(&one_page(), &keys, None, at("2027-02-01T00:00:00Z")).unwrap();
    let Verdict::Intact(signing) = verify(&later, &keys) else { panic!() };
    assert_eq!(signing.key, keys.list()[1].id);
}

#[test]
fn who_kept_a_retired_key_cannot_sign_with_it() {
    let old = keys();
    let mut keys = keys();
    keys.rotate("滨海市教育数据中心", at("2027-01-05T08:00:00Z"), &mut Counter(9)).unwrap();
    let forged = sign(&one_page(), &old, None, at("2027-02-01T00:00:00Z")).unwrap();
    assert_eq!(verify(&forged, &keys), Verdict::NotOurs);
}

#[test]
fn keys_are_read_as_they_were_written_without_those_retired() {
    let mut keys = keys();
    keys.rotate("滨海市教育数据中心", at("2027-01-05T08:00:00Z"), &mut Counter(9)).unwrap();
    let text = keys.write().unwrap();
    assert_eq!(text.matches("BEGIN PRIVATE KEY").count(), 2, "the root's and the one in use");
    let read = Keys::read(&text).unwrap();
    assert_eq!(read.list(), keys.list());
    assert_eq!(signed(&read), signed(&keys));
}

#[test]
fn without_the_roots_private_key_letters_are_signed_but_no_key_is_made() {
    let text = keys().write().unwrap();
    let (begin, rest) = text.split_once("-----BEGIN PRIVATE KEY").unwrap();
    let (_, second) = rest.split_once("-----BEGIN PRIVATE KEY").unwrap();
    let mut away = Keys::read(&format!("{begin}-----BEGIN PRIVATE KEY{second}")).unwrap();
    assert_eq!(signed(&away), signed(&keys()));
    let refused = away.rotate("x", at("2027-01-05T08:00:00Z"), &mut Counter(9));
    assert!(matches!(refused, Err(KeyError::RootIsAway)), "{refused:?}");
}

#[test]
fn a_damaged_key_file_says_what_it_lacks() {
    let text = keys().write().unwrap();
    for (damaged, lack) in [
        (String::new(), "it lacks a certificate"),
        (
            text.split_once("-----BEGIN PRIVATE").unwrap().0.to_owned(),
            "it lacks the private key in use",
        ),
    ] {
        let error = Keys::read(&damaged).unwrap_err().to_string();
        assert!(error.contains(lack), "{error}");
    }
}

#[test]
fn a_key_is_replaced_only_by_a_later_one() {
    let mut keys = keys();
    let again = keys.rotate("x", at("2026-01-05T08:00:00.5Z"), &mut Counter(9));
    assert!(matches!(again, Err(KeyError::NotLater(_))), "{again:?}");
}

#[test]
fn names_may_hold_any_character() {
    let name = "O'Brien, \"A+B\" <x>; #1=/ \\ 中";
    let keys = Keys::begin(name, at("2026-01-05T08:00:00Z"), &mut Counter(1)).unwrap();
    let Verdict::Intact(signing) = verify(&signed(&keys), &keys) else { panic!() };
    assert_eq!(signing.signer, name);
}

proptest! {
    #[test]
    fn one_changed_byte_anywhere_is_never_intact(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let keys = keys();
        let mut file = signed(&keys);
        let at = at.index(file.len());
        let before = file[at];
        file[at] ^= flip;
        // Digits of the signature itself may be written in either case, which is the same signature.
        let same = file[at].eq_ignore_ascii_case(&before) && file[at].is_ascii_hexdigit();
        let covered = file[..at].windows(11).any(|it| it == b"/Contents <") && same;
        prop_assert!(covered || !matches!(verify(&file, &keys), Verdict::Intact(_)));
    }

    #[test]
    fn no_file_makes_the_check_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut file = b"%PDF-1.7 /ByteRange [0 1 2 3] /Contents <".to_vec();
        file.extend(&bytes);
        prop_assert_eq!(verify(&file, &keys()), Verdict::NotOurs);
        prop_assert_eq!(verify(&bytes, &keys()), Verdict::NotOurs);
    }
}
