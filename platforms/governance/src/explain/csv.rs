//! Explanations as CSV: one line per term and organisation, or per unit and figure that it is judged by.

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

/// One line per term and organisation listed, or per unit and figure, with a header; UTF-8, lines end with CR LF.
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
    for it in &explanation.judged {
        for figure in &it.figures {
            let value = figure.value.map(|it| it.to_string()).unwrap_or_default();
            let year = figure.year.to_string();
            let (zh, en) = (&it.org.name.zh, &it.org.name.en);
            let of = figure.indicator.as_str();
            let code = it.org.code.as_str();
            text += &line(&["judged", of, "", "", "", &year, "", code, zh, en, &value, ""]);
        }
    }
    text
}
