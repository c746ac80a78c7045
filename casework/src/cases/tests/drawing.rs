//! Draws: committed to before, and made again by anyone after.

use network::testing::Counting;

use crate::Actor;
use crate::cases::{
    Announced, Asked, Candidate, CaseId, announced, begin, commitment, draws_of, get, history,
    step, ticket,
};
use crate::expression::Value;
use crate::office::Office;
use crate::testing::{actor, files, office, time};

/// An application that was nominated: reviewers can be drawn.
async fn nominated(entropy: &mut Counting) -> (Office, Actor, CaseId) {
    let office = office().await;
    office.publish("selection", &files("selection"), time("2026-03-01T09:00")).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", entropy);
    let officer = actor("district_officer", "120101", entropy);
    let planner = actor("planner", "12", entropy);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, "selection", &school, at, entropy).await.unwrap();
    let change = [
        ("programme", "brand_school"),
        ("batch", "2026"),
        ("project", "人工智能特色高中"),
        ("strengths", "现有课程十二门"),
        ("plan", "三年建设三个实验室"),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), Value::text(value))).into();
    let asked = Asked { step: "apply".to_owned(), change, ..Asked::default() };
    let case = step(&office, &clerk, begun.id, &asked, at, entropy).await.unwrap();
    assert_eq!(announced(&office, &planner, begun.id).await.unwrap(), None);
    let change = [("nomination".to_owned(), Value::text("同意推荐"))].into();
    let revision = case.revision;
    let asked = Asked { step: "nominate".to_owned(), revision, change, ..Asked::default() };
    step(&office, &officer, begun.id, &asked, time("2026-03-04T09:00"), entropy).await.unwrap();
    (office, planner, begun.id)
}

#[tokio::test]
async fn a_seed_is_committed_to_before_it_is_known_who_may_be_drawn() {
    let mut entropy = Counting::default();
    let (office, planner, id) = nominated(&mut entropy).await;
    let told = announced(&office, &planner, id).await.unwrap().unwrap();
    assert_eq!(told.at, time("2026-03-04T09:00"));
    let pool = (0..7).map(|_| {
        let expert = actor("expert", "120102", &mut entropy);
        Candidate { account: expert.account, home: expert.home }
    });
    let pool: Vec<Candidate> = pool.collect();
    let at = time("2026-03-05T09:00");
    let revision = get(&office, &planner, id, at).await.unwrap().case.revision;
    let asked = Asked { step: "draw".to_owned(), revision, pool, ..Asked::default() };
    // Whatever chance there is on the day of the draw, the seed is the one that was committed to.
    let mut other = Counting::beginning_at(77_777);
    let case = step(&office, &planner, id, &asked, at, &mut other).await.unwrap();

    let draws = draws_of(&office, &planner, id).await.unwrap();
    let [draw] = draws.as_slice() else { panic!("{draws:?}") };
    let Announced { commitment: before, .. } = told;
    assert_eq!(draw.commitment.as_ref(), Some(&before));
    assert_eq!(commitment(&draw.seed), before);
    for (found, account) in &draw.tickets {
        assert_eq!(*found, ticket(&draw.seed, &case.number, *account));
    }
    assert_eq!(draw.chosen().count(), 5);
    assert_eq!(announced(&office, &planner, id).await.unwrap(), None);
}

#[tokio::test]
async fn the_commitment_stands_in_the_history_before_the_draw() {
    let mut entropy = Counting::default();
    let (office, planner, id) = nominated(&mut entropy).await;
    let told = announced(&office, &planner, id).await.unwrap().unwrap();
    let history = history(&office, &planner, id, time("2026-03-03T09:00")).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!(last.name, "nominate");
    assert!(last.kept.contains(&told.commitment), "{}", last.kept);
}

#[test]
fn a_commitment_is_what_sha256sum_gives() {
    insta::assert_snapshot!(commitment("00ff"), @"8909cde2f411a84e86e7a39c8a3916b7cda6a9d977778030b6f6a491401400bc");
}
