//! For the tests of other modules: places without the records they are made of.

use jiff::Timestamp;
use model::organisation::History;
use store::{Store, on_db};

use super::Changes;
use super::paths::{Places, keep};
use super::tests::support::changes;

/// A city of digits, as real ones are: of two districts one's code begins with the other's.
pub(crate) fn numbered() -> Changes {
    changes(
        &[
            "12 city 2000-01-01..",
            "120101 district 2000-01-01..",
            "1201010 district 2000-01-01..",
            "7 school 2000-01-01..",
            "8 school 2000-01-01..",
        ],
        &[
            "120101<12 2000-01-01..",
            "1201010<12 2000-01-01..",
            "7<120101 2000-01-01..",
            "8<1201010 2000-01-01..",
        ],
    )
}

/// A school that is recorded without its place.
pub(crate) fn stray(code: &str) -> Changes {
    changes(&[&format!("{code} school 2000-01-01..")], &[])
}

/// Puts the places of a history in the place of those that were there.
pub(crate) async fn keep_paths(store: &Store, history: &History, at: Timestamp) {
    let places = Places::at(history, at, jiff::tz::Offset::UTC);
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.unwrap();
        keep!(transaction, places).unwrap();
        transaction.commit().await.unwrap();
    });
}
