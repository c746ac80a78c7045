use model::organisation::ADMINISTRATIVE;

use super::support::{
    Registry, at, changes, code, day, event, membership, paths, small_city, version,
};
use crate::{Changes, KeptHistory, NetworkError, Recording, settle};

#[tokio::test]
async fn what_is_recorded_is_read_back() {
    let registry = Registry::new().await;
    assert!(registry.history().await.is_empty());
    let mut said = small_city();
    said.add_membership(membership("school-zone:s1<d2 2001-01-01..2002-01-01"));
    said.add_event(event("merger 2022-09-01 s1;s2>s2"));
    let recording = registry.record(&said, 1).await;
    assert_eq!(recording, Recording { added: 14, superseded: 0, events: 1 });

    let history = registry.history().await;
    assert_eq!(paths(&history, "2020-01-01", 1), "c c/d1 c/d1/s1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
    assert_eq!(history.hierarchies(), ["administrative", "school-zone"]);
    let events: Vec<_> = history.events(at(1)).cloned().collect();
    assert_eq!(events, [event("merger 2022-09-01 s1;s2>s2")]);
    let s1: Vec<_> = history.versions(&code("s1"), at(1)).cloned().collect();
    assert_eq!(s1, [version("s1 school 2000-01-01..")]);
    assert_eq!(history, said.preview(&Default::default(), at(1)));
}

#[tokio::test]
async fn what_is_kept_is_what_is_recorded() {
    let registry = Registry::new().await;
    let kept = KeptHistory::default();
    assert!(kept.get(&registry.0).await.unwrap().is_empty());
    let moved = changes(&[], &["s1<d1 2000-01-01..2021-09-01", "s1<d2 2021-09-01.."]);
    for (number, said) in [(1, small_city()), (2, moved)] {
        registry.record(&said, number).await;
        let now = kept.get(&registry.0).await.unwrap();
        assert_eq!(*now, registry.history().await, "{number}");
        let again = kept.get(&registry.0).await.unwrap();
        assert!(std::sync::Arc::ptr_eq(&now, &again));
    }
}

#[tokio::test]
async fn saying_the_same_again_changes_nothing() {
    let registry = Registry::new().await;
    let mut said = small_city();
    said.add_event(event("rename 2022-09-01 s1>"));
    registry.record(&said, 1).await;
    let before = registry.history().await;
    assert!(registry.record(&said, 2).await.is_empty());
    // Even with an earlier time, as nothing is to be written.
    assert!(registry.record(&said, 0).await.is_empty());
    assert_eq!(registry.history().await, before);
}

/// What was true then × what was known then.
#[tokio::test]
async fn both_times_are_kept() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 1).await;
    // Known from 10 on: s1 moved to d2 in 2021.
    let moved = changes(&[], &["s1<d1 2000-01-01..2021-09-01", "s1<d2 2021-09-01.."]);
    registry.record(&moved, 10).await;
    // Known from 20 on: no, it was in 2022.
    let corrected = changes(&[], &["s1<d1 2000-01-01..2022-09-01", "s1<d2 2022-09-01.."]);
    let recording = registry.record(&corrected, 20).await;
    assert_eq!(recording, Recording { added: 2, superseded: 2, events: 0 });

    let history = registry.history().await;
    let parent = |on: &str, known: i64| {
        let tree = history.tree(ADMINISTRATIVE, day(on), at(known));
        tree.parent(&code("s1")).map(|it| it.code.to_string()).unwrap_or_default()
    };
    let table: Vec<String> = ["2020-12-31", "2021-12-31", "2022-12-31"]
        .iter()
        .map(|on| [1, 9, 10, 19, 20, 99].map(|known| parent(on, known)).join(" "))
        .collect();
    assert_eq!(table, ["d1 d1 d1 d1 d1 d1", "d1 d1 d2 d2 d1 d1", "d1 d1 d2 d2 d2 d2"]);
    assert_eq!(parent("2020-12-31", 0), "", "nothing was known before");
}

#[tokio::test]
async fn nothing_recorded_is_changed_but_the_end_of_its_belief() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 1).await;
    let before = registry.history().await;
    let mut renamed = version("s1 school 2021-09-01..");
    renamed.name.zh = "新名".to_owned();
    let said = Changes::of([version("s1 school 2000-01-01..2021-09-01"), renamed], [], []);
    registry.record(&said, 2).await;
    let history = registry.history().await;
    for known in [at(0), at(1)] {
        for on in ["1999-12-31", "2000-01-01", "2021-09-01", "2030-01-01"] {
            assert_eq!(history.on(day(on), known), before.on(day(on), known));
        }
    }
    let s1 = history.records(&code("s1"));
    assert_eq!(s1.len(), 3);
    assert_eq!(s1[0].superseded_at, Some(at(2)));
}

#[tokio::test]
async fn a_version_in_two_pieces_is_the_same_as_in_one() {
    let registry = Registry::new().await;
    registry
        .record(&changes(&["c city 2000-01-01..2010-01-01", "c city 2010-01-01.."], &[]), 1)
        .await;
    assert!(registry.record(&changes(&["c city 2000-01-01.."], &[]), 2).await.is_empty());
}

#[tokio::test]
async fn what_is_not_named_stays() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 1).await;
    let closed = changes(&["s1 school 2000-01-01..2021-09-01"], &["s1<d1 2000-01-01..2021-09-01"]);
    registry.record(&closed, 2).await;
    let history = registry.history().await;
    assert_eq!(paths(&history, "2022-01-01", 2), "c c/d1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");

    let mut gone = Changes::default();
    gone.name_child(ADMINISTRATIVE, &code("s2"));
    registry.record(&gone, 3).await;
    let history = registry.history().await;
    assert_eq!(paths(&history, "2022-01-01", 3), "c c/d1 c/d2 c/d2/s3 c/d2/s4 s2");
}

#[tokio::test]
async fn an_event_with_another_note_takes_the_place_of_the_first() {
    let registry = Registry::new().await;
    let mut said = small_city();
    said.add_event(event("closure 2022-09-01 s1>"));
    registry.record(&said, 1).await;
    let mut other = event("closure 2022-09-01 s1>");
    other.note.en = "another note".to_owned();
    let said = Changes::of([], [], [other.clone()]);
    assert_eq!(registry.record(&said, 2).await.events, 1);
    assert!(registry.record(&said, 3).await.is_empty());
    let history = registry.history().await;
    let notes = |known: i64| -> Vec<&str> {
        history.events(at(known)).map(|it| it.note.en.as_str()).collect()
    };
    assert_eq!((notes(1), notes(2)), (vec!["note"], vec!["another note"]));
}

#[tokio::test]
async fn knowledge_is_recorded_in_the_order_of_time() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 5).await;
    let more = changes(&["s9 school 2000-01-01.."], &["s9<d1 2000-01-01.."]);
    for number in [4, 5] {
        let error = registry.try_record(&more, number).await.unwrap_err();
        assert!(matches!(error, NetworkError::Settled { .. }), "{error:?}");
    }
    settle(&registry.0, at(8)).await.unwrap();
    settle(&registry.0, at(6)).await.unwrap();
    let error = registry.try_record(&more, 8).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "what is known of organisations is settled up to 2023-11-14T22:13:28Z, so nothing can be \
         recorded at 2023-11-14T22:13:28Z; record it with a later time, and check the clock of this machine"
    );
    registry.record(&more, 9).await;
    assert!(
        registry
            .history()
            .await
            .tree(ADMINISTRATIVE, day("2020-01-01"), at(8))
            .get(&code("s9"))
            .is_none()
    );
}

#[tokio::test]
async fn what_cannot_be_is_refused_whole() {
    let registry = Registry::new().await;
    let registry = &registry;
    let refused =
        |said: Changes| async move { registry.try_record(&said, 1).await.unwrap_err().to_string() };
    assert_eq!(
        refused(changes(&["a city 2000-01-01..", "a city 2001-01-01..2002-01-01"], &[])).await,
        "two versions of organisation a hold on 2001-01-01"
    );
    assert_eq!(
        refused(changes(&[], &["a<b 2000-01-01..", "a<c 2001-01-01.."])).await,
        "organisation a has two parents in hierarchy administrative on 2001-01-01"
    );
    assert_eq!(
        refused(changes(&["a city 2000-01-01..2000-01-01"], &[])).await,
        "organisation a has a period that ends before it begins on 2000-01-01"
    );
    assert_eq!(
        refused(changes(&["x city 2000-01-01.."], &["a<a 2000-01-01.."])).await,
        "organisation a is given as its own parent"
    );
    assert!(registry.history().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_record_at_once_neither_is_lost() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 0).await;
    let tasks: Vec<_> = (1..=6)
        .map(|number| {
            let store = registry.0.clone();
            let said = changes(&[&format!("n{number} school 2000-01-01..")], &[]);
            tokio::spawn(async move {
                // Whoever comes too late for the time they took takes a later one.
                let mut time = at(number);
                while let Err(error) =
                    crate::record(&store, &said, time, jiff::tz::Offset::UTC).await
                {
                    let NetworkError::Settled { settled_at, .. } = error else {
                        panic!("{error:?}")
                    };
                    time = settled_at + jiff::SignedDuration::from_micros(1);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(registry.history().await.codes().count(), 7 + 6);
}

/// 3,800 institutions over six years, each in a district and a third of them in a zone.
pub(super) fn whole_city() -> Changes {
    let mut said = Changes::default();
    said.add_version(version("c city 2000-01-01.."));
    for district in 0..16 {
        said.add_version(version(&format!("d{district:02} district 2000-01-01..")));
        said.add_membership(membership(&format!("d{district:02}<c 2000-01-01..")));
    }
    for zone in 0..100 {
        said.add_version(version(&format!("z{zone:03} zone 2000-01-01..")));
        said.add_membership(membership(&format!("z{zone:03}<d{:02} 2000-01-01..", zone % 16)));
    }
    for school in 0..3_800 {
        let name = format!("s{school:04}");
        for year in 2020..2026 {
            let mut it = version(&format!("{name} school {year}-09-01..{}-09-01", year + 1));
            it.name.en = format!("{name} in {}", year / 2);
            said.add_version(it);
            let district = (school + year / 3) % 16;
            said.add_membership(membership(&format!(
                "{name}<d{district:02} {year}-09-01..{}-09-01",
                year + 1
            )));
            if school % 3 == 0 {
                said.add_membership(membership(&format!(
                    "school-zone:{name}<z{:03} {year}-09-01..{}-09-01",
                    school % 100,
                    year + 1
                )));
            }
        }
    }
    said
}

#[tokio::test]
async fn a_whole_city_is_recorded_and_read_back() {
    let registry = Registry::new().await;
    let said = whole_city();
    let recording = registry.record(&said, 1).await;
    assert!(recording.added > 3_800 * 5, "{recording:?}");
    let history = registry.history().await;
    assert_eq!(history, said.canonical().unwrap().preview(&Default::default(), at(1)));
    assert!(registry.record(&said, 2).await.is_empty());
    let tree = history.tree("school-zone", day("2024-09-01"), at(1));
    assert_eq!((tree.len(), tree.roots().count()), (1 + 16 + 100 + 3_800, 1));
}
