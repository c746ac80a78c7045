//! Where each organisation stands, as text that a range of can be asked for.
//!
//! `/12/120101/` is the place of district 120101 of city 12. All that stands below it begins so, and nothing else does:
//! it is from `/12/120101/` up to before `/12/1201010`, as `0` follows `/`.
//!
//! Databases sort letters and signs in many ways. So a path is made only of `/`, the digits and `x`, which every one
//! of them sorts in this order, one by one; [`check_order`] asks it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::OrgCode;
use model::organisation::{ADMINISTRATIVE, History, Known, Organisation, Tree, holds};
use store::{Store, StoreError, on_db};

use super::NetworkError;

/// Where an organisation stands, and its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) level: String,
}

/// The places of all organisations, and the days they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) made_on: Date,
    /// The first day on which another organisation or parent holds.
    pub(super) turns_on: Option<Date>,
    pub(super) by_code: BTreeMap<OrgCode, Place>,
}

/// `code, path, level`
pub(super) type PlaceRow = (String, String, String);

impl Places {
    /// The places of the city's day at an instant, as known at it.
    ///
    /// An organisation that is no more, or is not yet, stands where it stood last, or will stand first: what is kept
    /// of it must be somebody's.
    pub(super) fn at(history: &History, at: Timestamp, offset: Offset) -> Self {
        let made_on = offset.to_datetime(at).date();
        let turns_on = history.turning_days(at).into_iter().find(|it| *it > made_on);
        let mut organisations = Known::new();
        let mut parents = BTreeMap::new();
        let today = history.tree(ADMINISTRATIVE, made_on, at);
        for code in history.codes() {
            let versions: Vec<_> = history.versions(code, at).collect();
            let period = |it: &&Organisation| (it.valid_from, it.valid_to);
            let Some(version) = nearest(&versions, made_on, period) else { continue };
            let parent = if today.get(code).is_some() {
                today.parent(code).map(|it| it.code.clone())
            } else {
                let memberships: Vec<_> = history
                    .memberships(code, at)
                    .filter(|it| it.hierarchy == ADMINISTRATIVE)
                    .collect();
                nearest(&memberships, made_on, |it| (it.valid_from, it.valid_to))
                    .map(|it| it.parent.clone())
            };
            parents.extend(parent.map(|it| (code.clone(), it)));
            organisations.insert(code.clone(), Arc::new((*version).clone()));
        }
        let tree = Tree::new(organisations, &parents);
        let place = |organisation: &Organisation| {
            let mut codes: Vec<_> = tree.path(&organisation.code).map(|it| &it.code).collect();
            codes.reverse();
            Place { path: path(codes.into_iter()), level: organisation.level.clone() }
        };
        let by_code =
            tree.iter().map(|it| (it.organisation.code.clone(), place(&it.organisation))).collect();
        Self { made_on, turns_on, by_code }
    }

    /// Codes whose rows are to go, and places that are to be written.
    pub(super) fn against<'a>(
        &'a self,
        kept: &'a [PlaceRow],
    ) -> (Vec<&'a str>, Vec<(&'a OrgCode, &'a Place)>) {
        let kept: BTreeMap<&str, (&str, &str)> = kept
            .iter()
            .map(|(code, path, level)| (code.as_str(), (path.as_str(), level.as_str())))
            .collect();
        let same = |code: &str, place: &Place| {
            kept.get(code) == Some(&(place.path.as_str(), place.level.as_str()))
        };
        let new: Vec<_> =
            self.by_code.iter().filter(|(code, place)| !same(code.as_str(), place)).collect();
        let stays = |code: &str| {
            let place = code.parse().ok().and_then(|code: OrgCode| self.by_code.get(&code));
            place.is_some_and(|it| same(code, it))
        };
        (kept.keys().copied().filter(|code| !stays(code)).collect(), new)
    }
}

/// The one that holds on a day, or else the last before it, or else the first after it.
fn nearest<T>(sorted: &[T], day: Date, period: impl Fn(&T) -> (Date, Option<Date>)) -> Option<&T> {
    let held = |it: &&T| holds(period(it).0, period(it).1, day);
    let past = |it: &&T| period(it).0 <= day;
    let mut latest_first = sorted.iter().rev();
    latest_first.clone().find(held).or_else(|| latest_first.find(past)).or_else(|| sorted.first())
}

/// The path of an organisation, from the codes of all it stands below, the highest first, and its own.
pub(super) fn path<'a>(codes: impl Iterator<Item = &'a OrgCode>) -> String {
    let mut path = "/".to_owned();
    for code in codes {
        for it in code.as_str().chars() {
            if it.is_ascii_digit() {
                path.push(it);
            } else {
                // Writing to a string cannot fail.
                let _ = write!(path, "x{:07}", u32::from(it));
            }
        }
        path.push('/');
    }
    path
}

const READ: &str = include_str!("paths/read.sql");
const REMOVE: &str = include_str!("paths/remove.sql");
const ADD: &str = include_str!("paths/add.sql");
const KEEP_DAYS: &str = include_str!("paths/keep_days.sql");

/// The statements of [`keep!`], which is written out in other folders than its own.
pub(super) const STATEMENTS: [&str; 4] = [READ, REMOVE, ADD, KEEP_DAYS];

/// Writes places over those that are kept, in a transaction. A macro, as it is typed for either database.
macro_rules! keep {
    ($transaction:expr, $places:expr) => {
        async {
            use $crate::organisations::paths::{PlaceRow, STATEMENTS};
            use $crate::organisations::writing::day;

            let [read, remove, add, keep_days] = STATEMENTS;
            let kept: Vec<PlaceRow> = sqlx::query_as(read).fetch_all(&mut *$transaction).await?;
            let (old, new) = $places.against(&kept);
            for code in old {
                sqlx::query(remove).bind(code).execute(&mut *$transaction).await?;
            }
            for places in new.chunks(store::ROWS_AT_ONCE) {
                let mut query = sqlx::query(store::widened(add, places.len()));
                for (code, place) in places {
                    query = query.bind(code.as_str()).bind(&place.path).bind(&place.level);
                }
                query.execute(&mut *$transaction).await?;
            }
            sqlx::query(keep_days)
                .bind(day($places.made_on))
                .bind($places.turns_on.map(day))
                .execute(&mut *$transaction)
                .await?;
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(super) use keep;

/// Where an organisation stands; `None` when it is not known.
pub async fn path_of(store: &Store, code: &OrgCode) -> Result<Option<String>, StoreError> {
    const OF_CODE: &str = include_str!("paths/of_code.sql");

    on_db!(store, pool => {
        sqlx::query_scalar(OF_CODE).bind(code.as_str()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read where an organisation stands"))
}

/// Paths in the order of their bytes: each sign beside each other one, and places beside their neighbours.
const SORTED: [&str; 24] = [
    "/",
    "/0/",
    "/0/x0000048/",
    "/00/",
    "/1/",
    "/1/0",
    "/1/0/",
    "/1/00/",
    "/1/9/9/9/",
    "/1/x0000065/",
    "/1/x0000097/",
    "/10",
    "/10/",
    "/12/120101/",
    "/12/120101/9/",
    "/12/1201010",
    "/12/1201010/",
    "/12/120102/",
    "/2/",
    "/9/",
    "/90/",
    "/x0000065/",
    "/x0000097/",
    "/x0000097x0000065/",
];

/// Asks the database whether it sorts paths as the ranges of [`crate::scope::Scope`] are made.
///
/// To be called when a centre is opened.
///
/// # Errors
/// [`StoreError::Order`] with two that it sorts otherwise.
pub async fn check_order(store: &Store) -> Result<(), NetworkError> {
    const ORDER: &str = include_str!("paths/order.sql");

    for (first, second) in SORTED.iter().zip(SORTED.iter().skip(1)) {
        let in_order: i64 = on_db!(store, pool => {
            sqlx::query_scalar(ORDER).bind(first).bind(second).fetch_one(pool).await
        })
        .map_err(StoreError::doing("compare paths of organisations"))?;
        if in_order != 1 {
            return Err(StoreError::Order { first, second }.into());
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) fn sorted() -> &'static [&'static str] {
    &SORTED
}
