//! Explanations as CSV: one line per term and organisation.

use super::Explanation;
use crate::figures::csv::line;

const COLUMNS: [&str; 12] = [
    "side",
    "measure",
    "dataset",
    "table_version",
    "predicate",
    "year",
    "times",
    "code",
    "name_zh",
    "name_en",
    "value",
    "rows",
];

/// One line per term and organisation listed, with a header; UTF-8, lines end with CR LF.
pub fn csv(explanation: &Explanation<'_>) -> String {
    let mut text = line(&COLUMNS);
    for part in &explanation.parts {
        for it in &part.sum.contributions {
            text += &line(&[
                part.sum.side.as_str(),
                &part.measure.name,
                &part.dataset.name,
                &part.table_version.to_string(),
                part.predicate.as_deref().unwrap_or_default(),
                &part.sum.year.to_string(),
                &part.sum.term.times.to_string(),
                it.org.code.as_str(),
                &it.org.name.zh,
                &it.org.name.en,
                &it.value.map(|it| it.to_string()).unwrap_or_default(),
                &it.rows.map(|it| it.to_string()).unwrap_or_default(),
            ]);
        }
    }
    text
}
