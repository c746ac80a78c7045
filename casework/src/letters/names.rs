//! What organisations and persons are called on the day a letter is issued.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::text::Bilingual;
use store::{StoreError, on_db};

use super::LettersError;
use crate::office::Office;

/// Names of organisations, by code and by where they stand.
#[derive(Debug)]
pub(super) struct Names {
    by_code: BTreeMap<String, Bilingual>,
    codes: BTreeMap<String, String>,
}

impl Names {
    pub(super) async fn on(
        office: &Office,
        day: Date,
        at: Timestamp,
    ) -> Result<Self, LettersError> {
        const PLACES: &str = include_str!("places.sql");

        let history = network::history(&office.store).await?;
        let known = history.on(day, at);
        let by_code = known.values().map(|it| (it.code.to_string(), it.name.clone())).collect();
        let places: Vec<(String, String)> = on_db!(office.store, pool => {
            sqlx::query_as(PLACES).fetch_all(pool).await
        })
        .map_err(StoreError::doing("read where organisations stand"))?;
        Ok(Self { by_code, codes: places.into_iter().map(|(code, path)| (path, code)).collect() })
    }

    /// The name of an organisation; its code when none is known.
    pub(super) fn of_code(&self, code: &str) -> Bilingual {
        let plain = || Bilingual::new(code, code);
        self.by_code.get(code).cloned().unwrap_or_else(plain)
    }

    /// The name of the organisation that stands at a path.
    pub(super) fn of_path(&self, path: &str) -> Bilingual {
        let last = || path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        self.of_code(self.codes.get(path).map_or_else(last, String::as_str))
    }
}
