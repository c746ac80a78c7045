//! Reading a case: noted in the audit log, and shown as it would be signed.

use network::audit;
use network::testing::Counting;

use crate::Actor;
use crate::attachments::{Vault, attach, attachments, bytes};
use crate::cases::{
    Asked, CaseError, CaseId, Refusal, begin, comments, dossier, get, history, preview, step,
};
use crate::expression::Value;
use crate::office::Office;
use crate::testing::{actor, files, office, time};

async fn begun(procedure: &str) -> (Office, Actor, CaseId, Counting) {
    let office = office().await;
    let mut entropy = Counting::default();
    let at = time("2026-01-01T00:00");
    office.publish(procedure, &files(procedure), at).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, procedure, &school, at, &mut entropy).await.unwrap();
    (office, clerk, begun.id, entropy)
}

fn asked(name: &str, change: &[(&str, Value)]) -> Asked {
    let change = change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Asked { step: name.to_owned(), change, ..Asked::default() }
}

fn reported() -> Asked {
    asked(
        "report",
        &[
            ("pupil", Value::text("李小河")),
            ("pupil_number", Value::text("G11010519491231002X")),
            ("grade", Value::text("8")),
            ("absent_since", Value::text("2026-03-02")),
        ],
    )
}

/// How often the log says that a case was read.
async fn noted(office: &Office) -> usize {
    let asked = audit::Asked { action: Some("case.read".to_owned()), ..audit::Asked::default() };
    audit::entries(&office.store, &asked, 100).await.unwrap().len()
}

#[tokio::test]
async fn every_way_of_reading_a_case_with_personal_data_is_noted_once() {
    let (office, clerk, id, mut entropy) = begun("drop-out").await;
    let at = time("2026-03-02T10:00");
    step(&office, &clerk, id, &reported(), at, &mut entropy).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault { folder: folder.path().to_owned(), most: 1_000, scanner: None };
    let file =
        attach(&office, &vault, &clerk, id, "a.txt", b"text", at, &mut entropy).await.unwrap();
    assert_eq!(noted(&office).await, 0);

    let mut expected = 0;
    let mut once_more = async |what: &str| {
        expected += 1;
        assert_eq!(noted(&office).await, expected, "{what}");
    };
    get(&office, &clerk, id, at).await.unwrap();
    once_more("the case").await;
    history(&office, &clerk, id, at).await.unwrap();
    once_more("its history").await;
    comments(&office, &clerk, id, at).await.unwrap();
    once_more("what was said").await;
    attachments(&office, &clerk, id, at).await.unwrap();
    once_more("its files").await;
    bytes(&office, &vault, &clerk, id, file.id, at).await.unwrap();
    once_more("a file").await;
    let all = dossier(&office, &clerk, id, at).await.unwrap();
    once_more("all of it").await;
    assert_eq!((all.history.len(), all.files.len()), (2, 1));

    let stranger = actor("school_clerk", "2112000102", &mut entropy);
    for answer in [
        dossier(&office, &stranger, id, at).await.map(|_| ()),
        history(&office, &stranger, id, at).await.map(|_| ()),
        attachments(&office, &stranger, id, at).await.map(|_| ()),
    ] {
        assert!(matches!(answer, Err(CaseError::Refused(Refusal::Unknown))), "{answer:?}");
    }
    assert_eq!(noted(&office).await, expected, "who sees nothing reads nothing");
}

#[tokio::test]
async fn what_is_about_to_be_signed_is_shown_and_then_signed() {
    let (office, clerk, id, mut entropy) = begun("pupil-transfer").await;
    let at = time("2026-03-02T10:00");
    let mut submit = asked(
        "submit",
        &[
            ("pupil", Value::text("王小海")),
            ("pupil_number", Value::text("G11010519491231002X")),
            ("grade", Value::text("4")),
            ("from_school", Value::text("2112000201")),
            ("to_school", Value::text("2112000101")),
            ("reason", Value::text("moved")),
            ("seat", Value::Flag(false)),
            ("opinion_to", Value::text("同意接收")),
        ],
    );
    let refused = preview(&office, &clerk, id, &submit, at).await;
    assert!(matches!(refused, Err(CaseError::Refused(Refusal::Condition(_)))), "{refused:?}");
    submit.change.insert("seat".to_owned(), Value::Flag(true));
    let seen = preview(&office, &clerk, id, &submit, at).await.unwrap();
    assert_eq!(seen.form, submit.change);
    assert!(
        get(&office, &clerk, id, at).await.unwrap().case.form.is_empty(),
        "nothing was changed"
    );
    let unseen = step(&office, &clerk, id, &submit, at, &mut entropy).await;
    assert!(matches!(unseen, Err(CaseError::Refused(Refusal::NotSeen))), "{unseen:?}");
    submit.seen = Some(seen.seen);
    let after = step(&office, &clerk, id, &submit, at, &mut entropy).await.unwrap();
    assert!(after.entered.contains_key("leaving_school"));
    let stale = preview(&office, &clerk, id, &submit, at).await;
    assert!(matches!(stale, Err(CaseError::Refused(Refusal::Stale))), "{stale:?}");
}
