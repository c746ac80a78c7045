use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use model::OrgCode;
use proptest::prelude::*;
use store::{Pool, StoreError, on_db};

use super::support::{Registry, at, changes, small_city};
use crate::organisations::paths::{path, sorted};
use crate::organisations::testing::numbered;
use crate::{NetworkError, check_order, may_paths_be_due, record, refresh_paths};

const DAY: i64 = 86_400;

/// `code path level` of each, as the registry has them.
async fn kept(registry: &Registry) -> Vec<String> {
    let rows: Vec<(String, String, String)> = on_db!(registry.0, pool => {
        sqlx::query_as("SELECT code, path, level FROM organisation_paths").fetch_all(pool).await
    })
    .unwrap();
    let mut lines: Vec<_> = rows.iter().map(|(a, b, c)| format!("{a} {b} {c}")).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn paths_are_recorded_with_the_organisations() {
    let registry = Registry::new().await;
    registry.record(&numbered(), 1).await;
    assert_eq!(
        kept(&registry).await,
        [
            "12 /12/ city",
            "120101 /12/120101/ district",
            "1201010 /12/1201010/ district",
            "7 /12/120101/7/ school",
            "8 /12/1201010/8/ school",
        ]
    );
}

#[tokio::test]
async fn whoever_moves_takes_along_what_is_below() {
    let registry = Registry::new().await;
    registry.record(&numbered(), 1).await;
    let moved = changes(
        &["9 city 2000-01-01..", "12 city 2000-01-01..2001-01-01"],
        &["120101<9 2000-01-01..", "1201010<120101 2000-01-01.."],
    );
    registry.record(&moved, 2).await;
    assert_eq!(
        kept(&registry).await,
        [
            "12 /12/ city",
            "120101 /9/120101/ district",
            "1201010 /9/120101/1201010/ district",
            "7 /9/120101/7/ school",
            "8 /9/120101/1201010/8/ school",
            "9 /9/ city",
        ]
    );
}

/// What is kept of a closed school must still be somebody's.
#[tokio::test]
async fn who_is_no_more_or_not_yet_stands_where_it_stood_last_or_will_stand_first() {
    let registry = Registry::new().await;
    let mut said = numbered();
    for it in ["5 school 2001-01-01..2010-01-01", "6 school 2040-01-01.."] {
        said.add_version(super::support::version(it));
    }
    for it in
        ["5<1201010 2001-01-01..2002-01-01", "5<120101 2002-01-01..2010-01-01", "6<12 2040-01-01.."]
    {
        said.add_membership(super::support::membership(it));
    }
    registry.record(&said, 1).await;
    let kept = kept(&registry).await;
    assert!(kept.contains(&"5 /12/120101/5/ school".to_owned()), "{kept:?}");
    assert!(kept.contains(&"6 /12/6/ school".to_owned()), "{kept:?}");
}

/// The instants of these tests are of 2023-11-14.
#[tokio::test]
async fn paths_turn_on_the_day_that_the_hierarchy_does() {
    let registry = Registry::new().await;
    let said = numbered();
    let moves = changes(&[], &["7<120101 2000-01-01..2023-11-16", "7<12 2023-11-16.."]);
    registry.record(&said, 1).await;
    registry.record(&moves, 2).await;
    let store = &registry.0;
    for (days, done) in [(0, false), (1, false), (2, true), (2, false), (900, false)] {
        assert_eq!(
            refresh_paths(store, at(days * DAY), Offset::UTC).await.unwrap(),
            done,
            "{days}"
        );
        let path = if days < 2 { "7 /12/120101/7/ school" } else { "7 /12/7/ school" };
        assert!(kept(&registry).await.contains(&path.to_owned()), "{days}");
    }
}

/// Half an hour before the midnight of UTC it is the morning after in a city eight hours ahead.
#[tokio::test]
async fn paths_turn_on_the_day_of_the_citys_own_clocks() {
    let ahead = Offset::constant(8);
    let late: Timestamp = "2023-11-15T23:30:00Z".parse().unwrap();
    for (offset, turned) in [(Offset::UTC, false), (ahead, true)] {
        let registry = Registry::new().await;
        let store = &registry.0;
        registry.record(&numbered(), 1).await;
        let moves = changes(&[], &["7<120101 2000-01-01..2023-11-16", "7<12 2023-11-16.."]);
        registry.record(&moves, 2).await;
        assert!(may_paths_be_due(store, late).await.unwrap(), "{offset}");
        assert_eq!(refresh_paths(store, late, offset).await.unwrap(), turned, "{offset}");
        let path = if turned { "7 /12/7/ school" } else { "7 /12/120101/7/ school" };
        assert!(kept(&registry).await.contains(&path.to_owned()), "{offset}");

        let other = Registry::new().await;
        record(&other.0, &numbered(), at(1), offset).await.unwrap();
        record(&other.0, &moves, late, offset).await.unwrap();
        assert!(kept(&other).await.contains(&path.to_owned()), "{offset}");
    }
}

#[tokio::test]
async fn paths_that_turn_on_no_day_to_come_are_never_due() {
    let registry = Registry::new().await;
    let begun = at(1);
    assert!(may_paths_be_due(&registry.0, begun).await.unwrap());
    registry.record(&numbered(), 1).await;
    assert!(!may_paths_be_due(&registry.0, at(900 * DAY)).await.unwrap());
}

#[tokio::test]
async fn paths_that_are_missing_are_made() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 1).await;
    let before = kept(&registry).await;
    for table in ["organisation_paths", "organisation_path_days"] {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
        on_db!(registry.0, pool => sqlx::query(sql).execute(pool).await.map(|_| ())).unwrap();
    }
    assert!(refresh_paths(&registry.0, at(2), Offset::UTC).await.unwrap());
    assert_eq!(kept(&registry).await, before);
    assert!(!refresh_paths(&registry.0, at(2), Offset::UTC).await.unwrap());
}

#[tokio::test]
async fn the_database_sorts_paths_as_bytes() {
    let registry = Registry::new().await;
    check_order(&registry.0).await.unwrap();
}

#[test]
fn the_paths_that_the_database_is_asked_about_are_sorted() {
    assert!(sorted().is_sorted());
}

/// Every rule of sorting that the server knows, of hundreds of languages; on SQLite there are three.
///
/// Of Unicode's own, Thai skips signs such as `/`: a database that sorts so is refused when it is opened.
#[tokio::test]
async fn paths_sort_alike_in_every_language_that_does_not_skip_signs() {
    let store = store::testing::open().await;
    let collations: Vec<String> = match store.pool() {
        Pool::Sqlite(_) => ["BINARY", "NOCASE", "RTRIM"].map(str::to_owned).to_vec(),
        Pool::Postgres(pool) => {
            let names = "SELECT collname::TEXT FROM pg_collation WHERE collencoding IN (-1, 6)";
            sqlx::query_scalar(names).fetch_all(pool).await.unwrap()
        }
    };
    assert!(collations.len() >= 3);
    let values: Vec<String> = sorted().iter().rev().map(|it| format!("('{it}')")).collect();
    for collation in collations {
        let sql = format!(
            "SELECT column1 FROM (VALUES {}) AS paths ORDER BY column1 COLLATE \"{collation}\"",
            values.join(", ")
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let found: Vec<String> =
            on_db!(store, pool => sqlx::query_scalar(sql).fetch_all(pool).await).unwrap();
        assert_eq!(found == sorted(), !collation.starts_with("th-"), "{collation}: {found:?}");
    }
}

#[test]
fn a_database_that_sorts_otherwise_is_refused_with_what_to_do() {
    let error = NetworkError::from(StoreError::Order { first: "/1/", second: "/10" });
    assert_eq!(
        error.to_string(),
        "the registry's database sorts /1/ after /10, so that nobody's part could be told from \
         another's; make the database anew with the collation C"
    );
}

proptest! {
    /// Whatever the codes are: what stands below a place begins with its path, and is in the range of it.
    #[test]
    fn a_path_is_within_another_s_range_when_it_stands_below_it(
        codes in proptest::collection::vec("[0-9a-zA-Z中文._-]{1,6}", 2..5), own in 1..3_usize,
        other in proptest::collection::vec("[0-9x]{1,3}", 1..4),
    ) {
        let codes: Vec<OrgCode> = codes.iter().filter_map(|it| it.parse().ok()).collect();
        let other: Vec<OrgCode> = other.iter().map(|it| it.parse().unwrap()).collect();
        let own = &codes[..own.min(codes.len())];
        let range = |codes: &[OrgCode]| {
            let from = path(codes.iter());
            let until = format!("{}0", from.trim_end_matches('/'));
            (from, until)
        };
        let within = |path: &str, (from, until): &(String, String)| {
            from.as_str() <= path && path < until.as_str()
        };
        prop_assert!(within(&path(codes.iter()), &range(own)) || own.is_empty());
        for (one, two) in [(own, other.as_slice()), (other.as_slice(), own)] {
            prop_assert_eq!(within(&path(one.iter()), &range(two)), one.starts_with(two) || two.is_empty());
        }
    }

    /// No two organisations have one path.
    #[test]
    fn paths_of_others_are_others(codes in proptest::collection::btree_set("[0-9a-cx.-]{1,4}", 1..20)) {
        let paths: BTreeMap<String, OrgCode> = codes
            .iter()
            .filter_map(|it| it.parse().ok())
            .map(|it: OrgCode| (path(std::iter::once(&it)), it))
            .collect();
        let sound = codes.iter().filter(|it| it.parse::<OrgCode>().is_ok()).count();
        prop_assert_eq!(paths.len(), sound);
        prop_assert!(paths.keys().all(|it| it.chars().all(|it| it == '/' || it == 'x' || it.is_ascii_digit())));
    }
}
