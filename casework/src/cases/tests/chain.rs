//! The history of a case, whoever may have touched it; and versions, drafts and draws.

use network::testing::Counting;
use store::on_db;

use crate::Actor;
use crate::cases::{
    Asked, CaseError, CaseId, Chain, Refusal, begin, comment, comments, draft, get, history,
    migrate, save_draft, step, ticket, verify,
};
use crate::expression::Value;
use crate::form::Values;
use crate::office::Office;
use crate::procedure::Files;
use crate::testing::{actor, files, office, time};

async fn begun() -> (Office, Actor, CaseId, Counting) {
    let office = office().await;
    let mut entropy = Counting::default();
    office.publish("drop-out", &files("drop-out"), time("2026-01-01T00:00")).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, "drop-out", &school, at, &mut entropy).await.unwrap();
    (office, clerk, begun.id, entropy)
}

fn reported() -> Asked {
    let change = [
        ("pupil", Value::text("李小河")),
        ("pupil_number", Value::text("G11010519491231002X")),
        ("grade", Value::text("8")),
        ("absent_since", Value::text("2026-03-02")),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), value)).into();
    Asked { step: "report".to_owned(), change, ..Asked::default() }
}

#[tokio::test]
async fn an_altered_entry_is_found() {
    let (office, clerk, id, mut entropy) = begun().await;
    step(&office, &clerk, id, &reported(), time("2026-03-02T09:05"), &mut entropy).await.unwrap();
    assert_eq!(verify(&office, id).await.unwrap(), Chain::Sound);
    let alter = |sql: &'static str| {
        let store = office.store.clone();
        async move { on_db!(store, pool => sqlx::query(sql).execute(pool).await.map(|_| ())).unwrap() }
    };
    alter("UPDATE case_steps SET note = 'nothing' WHERE sequence = 1").await;
    assert_eq!(verify(&office, id).await.unwrap(), Chain::Broken(1));
    alter("UPDATE case_steps SET note = '' WHERE sequence = 1").await;
    assert_eq!(verify(&office, id).await.unwrap(), Chain::Sound);
    alter("DELETE FROM case_steps WHERE sequence = 1").await;
    assert_eq!(verify(&office, id).await.unwrap(), Chain::Broken(1));
}

#[tokio::test]
async fn a_case_keeps_its_version_until_it_is_brought_to_a_newer_one() {
    let (office, clerk, id, mut entropy) = begun().await;
    let old =
        get(&office, &clerk, id, time("2026-03-02T09:01")).await.unwrap().procedure.version.clone();
    let newer = files("drop-out")
        .text("procedure.toml")
        .unwrap()
        .replace("10 working days", "3 working days");
    let form = files("drop-out").text("form.schema.json").unwrap().to_owned();
    let newer =
        Files::of([("procedure.toml".to_owned(), newer), ("form.schema.json".to_owned(), form)]);
    let published = office.publish("drop-out", &newer, time("2026-03-03T00:00")).await.unwrap();
    assert_ne!(published.version, old);

    let at = time("2026-03-04T09:00");
    let after = step(&office, &clerk, id, &reported(), at, &mut entropy).await.unwrap();
    assert_eq!(after.version, old);
    assert_eq!(after.deadlines.last().unwrap().due_on.to_string(), "2026-03-18");

    let reason = "期限缩短";
    let refused = migrate(&office, &clerk, id, 0, reason, at, &mut entropy).await;
    assert!(matches!(refused, Err(CaseError::Refused(Refusal::Stale))), "{refused:?}");
    let moved =
        migrate(&office, &clerk, id, after.revision, reason, at, &mut entropy).await.unwrap();
    assert_eq!(moved.version, published.version);
    assert_eq!(moved.form, after.form);
    let told = history(&office, &clerk, id, time("2026-03-03T09:00")).await.unwrap();
    assert_eq!(told.last().unwrap().kind, "migrate");
    assert_eq!(verify(&office, id).await.unwrap(), Chain::Sound);
}

#[tokio::test]
async fn a_draft_is_its_writers_own_and_may_be_unsound() {
    let (office, clerk, id, mut entropy) = begun().await;
    let form: Values = [("grade".to_owned(), Value::text("12"))].into();
    let at = time("2026-03-02T09:01");
    let faults = save_draft(&office, &clerk, id, &form, at).await.unwrap();
    assert_eq!(faults.iter().map(|it| it.rule).collect::<Vec<_>>(), ["code"]);
    assert_eq!(draft(&office, &clerk, id).await.unwrap().unwrap().form, form);
    let officer = actor("district_officer", "120101", &mut entropy);
    assert_eq!(draft(&office, &officer, id).await.unwrap(), None);
    let stranger = actor("school_clerk", "2112000102", &mut entropy);
    let refused = save_draft(&office, &stranger, id, &form, at).await;
    assert!(matches!(refused, Err(CaseError::Refused(Refusal::Unknown))), "{refused:?}");
    step(&office, &clerk, id, &reported(), at, &mut entropy).await.unwrap();
    assert_eq!(
        draft(&office, &clerk, id).await.unwrap(),
        None,
        "a step takes the place of a draft"
    );
}

#[tokio::test]
async fn only_parties_discuss_a_case() {
    let (office, clerk, id, mut entropy) = begun().await;
    let at = time("2026-03-02T09:01");
    comment(&office, &clerk, id, " 已电话联系 ", at, &mut entropy).await.unwrap();
    let officer = actor("district_officer", "120101", &mut entropy);
    let said = comments(&office, &officer, id, time("2026-03-03T09:00")).await.unwrap();
    assert_eq!(said.iter().map(|it| it.body.as_str()).collect::<Vec<_>>(), ["已电话联系"]);
    let stranger = actor("district_officer", "120102", &mut entropy);
    let refused = comments(&office, &stranger, id, time("2026-03-03T09:00")).await;
    assert!(matches!(refused, Err(CaseError::Refused(Refusal::Unknown))), "{refused:?}");
}

#[test]
fn a_ticket_is_what_sha256sum_gives() {
    let account = "0197d5a0-0000-7000-8000-000000000000".parse().unwrap();
    insta::assert_snapshot!(ticket("00ff", "LX-2026-00001", account), @"5d9f6fb12e41859fd99b765200e448b1f41c2db46fb600a2b730f45ea246f585");
}
