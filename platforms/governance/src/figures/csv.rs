//! Figures as CSV: one row per organisation and year, or per indicator.

use std::borrow::Cow;
use std::io::{self, Write};

use model::figure::Figure;

use super::json::{FigureObject, FiguresObject, ScoreboardObject};
use super::{Published, in_digits};

/// Columns of [`figures`].
const FIGURES: [&str; 12] = [
    "code",
    "name_zh",
    "name_en",
    "year",
    "value",
    "numerator",
    "denominator",
    "reported",
    "expected",
    "observation",
    "status",
    "distance",
];

/// Columns of [`all`].
const ALL: [&str; 11] = [
    "indicator",
    "version",
    "level",
    "code",
    "year",
    "value",
    "numerator",
    "denominator",
    "reported",
    "expected",
    "observation",
];

/// Columns of [`scoreboard`].
const SCOREBOARD: [&str; 19] = [
    "number",
    "indicator",
    "group",
    "name_zh",
    "name_en",
    "unit",
    "year",
    "value",
    "numerator",
    "denominator",
    "reported",
    "expected",
    "observation",
    "baseline",
    "target",
    "status",
    "distance",
    "change",
    "trend",
];

/// One row per organisation and year, with a header; UTF-8, lines end with CR LF.
pub fn figures(object: &FiguresObject) -> String {
    let mut text = line(&FIGURES);
    for row in &object.rows {
        let [year, value, numerator, denominator, reported, expected, observation] =
            cells(Some(&row.figure));
        push(
            &mut text,
            &[
                &row.code,
                &row.name.zh,
                &row.name.en,
                &year,
                &value,
                &numerator,
                &denominator,
                &reported,
                &expected,
                &observation,
                row.status.unwrap_or_default(),
                row.distance.as_deref().unwrap_or_default(),
            ],
        );
    }
    text
}

/// Writes one row per indicator, organisation and year, with a header; UTF-8, lines end with CR LF.
///
/// Gives the number of rows. Levels are those of the plan; nothing is judged.
pub fn all(published: &Published, indicators: &[String], out: &mut dyn Write) -> io::Result<usize> {
    out.write_all(line(&ALL).as_bytes())?;
    let levels: Vec<&str> = published.plan().levels.iter().map(|it| it.code.as_str()).collect();
    let mut rows = 0;
    for indicator in indicators {
        for level in &levels {
            for year in published.years() {
                for (_, figure) in published.figures(indicator, None, level, year) {
                    row(&figure, level, out)?;
                    rows += 1;
                }
            }
        }
    }
    Ok(rows)
}

/// Codes and numbers need no quotes; there are too many of them for a text of each.
fn row(figure: &Figure, level: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{},{},{level},{},{}", figure.indicator, figure.version, figure.org, figure.year)?;
    for number in [figure.value, figure.numerator, figure.denominator] {
        match number {
            Some(number) => write!(out, ",{number}")?,
            None => out.write_all(b",")?,
        }
    }
    let coverage = figure.coverage;
    let observation = figure.observation.as_str();
    write!(out, ",{},{},{observation}\r\n", coverage.reported, coverage.expected)
}

/// One row per indicator, with a header; UTF-8, lines end with CR LF.
pub fn scoreboard(object: &ScoreboardObject) -> String {
    let mut text = line(&SCOREBOARD);
    for standing in object.groups.iter().flat_map(|it| &it.standings) {
        let indicator = &standing.indicator;
        let [year, value, numerator, denominator, reported, expected, observation] =
            cells(standing.figure.as_ref());
        let year = if year.is_empty() { Cow::Owned(object.year.to_string()) } else { year };
        push(
            &mut text,
            &[
                &indicator.number.to_string(),
                &indicator.code,
                &indicator.group,
                &indicator.name.zh,
                &indicator.name.en,
                &indicator.unit.en,
                &year,
                &value,
                &numerator,
                &denominator,
                &reported,
                &expected,
                &observation,
                &indicator.baseline.as_ref().map(|it| in_digits(&it.printed)).unwrap_or_default(),
                &standing.target.as_ref().map(|it| in_digits(&it.printed)).unwrap_or_default(),
                standing.status.unwrap_or_default(),
                standing.distance.as_deref().unwrap_or_default(),
                standing.change.as_ref().map(|it| it.by.as_str()).unwrap_or_default(),
                standing.change.as_ref().map(|it| it.trend).unwrap_or_default(),
            ],
        );
    }
    text
}

/// Year, value, numerator, denominator, reported, expected and observation.
fn cells<'a>(figure: Option<&'a FigureObject>) -> [Cow<'a, str>; 7] {
    let Some(figure) = figure else {
        return Default::default();
    };
    let digits = |it: &'a Option<String>| Cow::Borrowed(it.as_deref().unwrap_or_default());
    [
        Cow::Owned(figure.year.to_string()),
        digits(&figure.value),
        digits(&figure.numerator),
        digits(&figure.denominator),
        Cow::Owned(figure.coverage.reported.to_string()),
        Cow::Owned(figure.coverage.expected.to_string()),
        Cow::Borrowed(figure.observation),
    ]
}

pub(crate) fn line(cells: &[&str]) -> String {
    let mut text = String::new();
    push(&mut text, cells);
    text
}

/// Writes a line behind a text.
fn push(text: &mut String, cells: &[&str]) {
    let mut between = "";
    for it in cells {
        text.push_str(between);
        cell(text, it);
        between = ",";
    }
    text.push_str("\r\n");
}

/// One cell; quoted where it must be, and with a `'` before what a spreadsheet would take for a formula.
fn cell(text: &mut String, cell: &str) {
    let suspect = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_formula = suspect && cell.parse::<model::Decimal>().is_err();
    let guard = if is_formula { "'" } else { "" };
    if cell.contains([',', '"', '\n', '\r']) {
        text.extend(["\"", guard, &cell.replace('"', "\"\""), "\""]);
    } else {
        text.extend([guard, cell]);
    }
}
