//! Sixteen at once: nothing is lost, nothing is done twice.

use std::sync::Arc;

use network::testing::Counting;
use store::Store;

use crate::cases::{Asked, CaseError, Chain, Refusal, begin, get, history, review, step, verify};
use crate::expression::Value;
use crate::office::Office;
use crate::testing::{actor, files, office_of, time};

const ACTORS: u64 = 16;

/// A database that several connections reach at once.
async fn shared(folder: &tempfile::TempDir) -> Store {
    let store = store::testing::open().await;
    if matches!(store.pool(), store::Pool::Postgres(_)) {
        return store;
    }
    Store::open(&format!("sqlite:{}", folder.path().join("registry.db").display())).await.unwrap()
}

async fn published(folder: &tempfile::TempDir, name: &str) -> Arc<Office> {
    let office = office_of(shared(folder).await).await;
    office.publish(name, &files(name), time("2026-01-01T00:00")).await.unwrap();
    Arc::new(office)
}

/// Entropy that differs from one actor to the next.
fn entropy(of: u64) -> Counting {
    let mut entropy = Counting::default();
    for _ in 0..of * 1_000 {
        model::Entropy::fill(&mut entropy, &mut [0; 8]);
    }
    entropy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_who_take_the_same_step_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let office = published(&folder, "drop-out").await;
    let mut chance = Counting::default();
    let clerk = actor("school_clerk", "2112000101", &mut chance);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, "drop-out", &school, at, &mut chance).await.unwrap();
    let change = [
        ("pupil", "李小河"),
        ("pupil_number", "G11010519491231002X"),
        ("grade", "8"),
        ("absent_since", "2026-03-02"),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), Value::text(value))).into();
    let asked = Asked { step: "report".to_owned(), change, ..Asked::default() };
    let tasks: Vec<_> = (1..=ACTORS)
        .map(|it| {
            let (office, clerk, asked) = (Arc::clone(&office), clerk.clone(), asked.clone());
            tokio::spawn(async move {
                step(&office, &clerk, begun.id, &asked, at, &mut entropy(it)).await
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(CaseError::Refused(Refusal::Stale)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(
        history(&office, &clerk, begun.id, time("2026-03-03T09:00")).await.unwrap().len(),
        2
    );
    assert_eq!(verify(&office, begun.id).await.unwrap(), Chain::Sound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_who_look_again_each_get_their_step_in() {
    let folder = tempfile::tempdir().unwrap();
    let office = published(&folder, "drop-out").await;
    let mut chance = Counting::default();
    let clerk = actor("school_clerk", "2112000101", &mut chance);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, "drop-out", &school, at, &mut chance).await.unwrap();
    let change = [
        ("pupil", "李小河"),
        ("pupil_number", "G11010519491231002X"),
        ("grade", "8"),
        ("absent_since", "2026-03-02"),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), Value::text(value))).into();
    let asked = Asked { step: "report".to_owned(), change, ..Asked::default() };
    step(&office, &clerk, begun.id, &asked, at, &mut chance).await.unwrap();
    let tasks: Vec<_> = (1..=ACTORS)
        .map(|it| {
            let (office, clerk) = (Arc::clone(&office), clerk.clone());
            tokio::spawn(async move {
                let mut entropy = entropy(it);
                loop {
                    let open = get(&office, &clerk, begun.id, at).await.unwrap();
                    let visits = match open.case.form.get("visits") {
                        Some(Value::Integer(visits)) => visits + 1,
                        _ => 1,
                    };
                    let change = [
                        ("visits".to_owned(), Value::Integer(visits)),
                        ("visit_notes".to_owned(), Value::text(format!("第{visits}次"))),
                    ];
                    let asked = Asked {
                        step: "visit".to_owned(),
                        revision: open.case.revision,
                        change: change.into(),
                        ..Asked::default()
                    };
                    match step(&office, &clerk, begun.id, &asked, at, &mut entropy).await {
                        Ok(_) => return,
                        Err(CaseError::Refused(Refusal::Stale)) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let open = get(&office, &clerk, begun.id, at).await.unwrap();
    assert_eq!(open.case.form.get("visits"), Some(&Value::Integer(16)));
    assert_eq!(
        history(&office, &clerk, begun.id, time("2026-03-03T09:00")).await.unwrap().len(),
        18
    );
    assert_eq!(verify(&office, begun.id).await.unwrap(), Chain::Sound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_who_begin_at_once_get_sixteen_numbers_without_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let office = published(&folder, "drop-out").await;
    let clerk = actor("school_clerk", "2112000101", &mut Counting::default());
    let tasks: Vec<_> = (1..=ACTORS)
        .map(|it| {
            let (office, clerk) = (Arc::clone(&office), clerk.clone());
            tokio::spawn(async move {
                let school = "2112000101".parse().unwrap();
                let at = time("2026-03-02T09:00");
                begin(&office, &clerk, "drop-out", &school, at, &mut entropy(it))
                    .await
                    .unwrap()
                    .number
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort();
    let expected: Vec<String> = (1..=ACTORS).map(|it| format!("KC-2026-{it:06}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reviewers_do_not_keep_each_other_out() {
    let folder = tempfile::tempdir().unwrap();
    let office = published(&folder, "selection").await;
    let mut chance = Counting::default();
    let clerk = actor("school_clerk", "2112000101", &mut chance);
    let district = actor("district_officer", "120101", &mut chance);
    let city = actor("planner", "12", &mut chance);
    let experts: Vec<_> = (0..5).map(|_| actor("expert", "120102", &mut chance)).collect();
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(&office, &clerk, "selection", &school, at, &mut chance).await.unwrap();
    let texts = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::text(*value))).collect()
    };
    let application = texts(&[
        ("programme", "brand_school"),
        ("batch", "2026"),
        ("project", "甲"),
        ("strengths", "乙"),
        ("plan", "丙"),
    ]);
    let apply = Asked { step: "apply".to_owned(), change: application, ..Asked::default() };
    let case = step(&office, &clerk, begun.id, &apply, at, &mut chance).await.unwrap();
    let nominate = Asked {
        step: "nominate".to_owned(),
        revision: case.revision,
        change: texts(&[("nomination", "同意")]),
        ..Asked::default()
    };
    let case = step(&office, &district, begun.id, &nominate, at, &mut chance).await.unwrap();
    let pool = experts
        .iter()
        .map(|it| crate::cases::Candidate { account: it.account, home: it.home.clone() })
        .collect();
    let draw = Asked { step: "draw".to_owned(), revision: case.revision, pool, ..Asked::default() };
    step(&office, &city, begun.id, &draw, at, &mut chance).await.unwrap();
    let tasks: Vec<_> = experts
        .into_iter()
        .zip(1..)
        .map(|(expert, it)| {
            let office = Arc::clone(&office);
            tokio::spawn(async move {
                review(&office, &expert, begun.id, 80, "可行", at, &mut entropy(it)).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let open = get(&office, &city, begun.id, at).await.unwrap();
    let reviews = open.procedure.reviews.as_ref().unwrap();
    assert_eq!((open.case.reviews.len(), open.case.score(reviews)), (5, Some(8_000)));
}
