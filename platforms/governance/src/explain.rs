//! Why a figure is what it is: its definition, terms, states, table versions, predicates and rows.
//!
//! **Invariant:** the rows come from the table versions that the release names, so they are the rows
//! the figure was made of. Personal values are masked whoever asks; the public view also masks what
//! may leave the centre only in sums, and shows no rows of organisations whose figure is withheld.

mod csv;
pub mod json;
mod judged;
mod text;

use std::sync::Arc;

use lake::{Lake, LakeError, RowQuery, Rows};
use model::dataset::{Dataset, Disclosure};
use model::figure::Figure;
use model::indicator::{Definition, Indicator, Kind};
use model::measure::Measure;
use model::organisation::Organisation;
use model::{OrgCode, Year};

use crate::figures::{Contribution, Published, TermSum, View};
use crate::release::ReleaseError;

pub use self::csv::csv;
pub use self::judged::Judged;
pub(crate) use self::judged::judged;
pub use self::text::text;

/// Organisations shown with each term.
pub const MOST_ORGANISATIONS: usize = 20;

/// Stands where a value may not leave the centre row by row.
const MASK: &str = "•••";

/// A figure and everything it was made of.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    pub indicator: &'a Indicator,
    pub definition: &'a Definition,
    pub org: Arc<Organisation>,
    pub figure: Figure,
    /// The terms of numerator and denominator, in the definition's order.
    pub parts: Vec<Part<'a>>,
    /// The figures of other indicators that this one is made of.
    pub made_of: Vec<Figure>,
    /// The units of a count of passes, cut to [`MOST_ORGANISATIONS`].
    pub judged: Vec<Judged>,
    /// How many units there are.
    pub units: usize,
}

/// One term, down to the rows.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub measure: &'a Measure,
    pub dataset: &'a Dataset,
    /// Version of the dataset's table in the release.
    pub table_version: u64,
    /// What a row must meet to count: the measure's predicate and the term's dimensions, as SQL.
    pub predicate: Option<String>,
    /// The sum and the organisations it comes from, the largest first, cut to [`MOST_ORGANISATIONS`].
    pub sum: TermSum,
    /// How many organisations it comes from.
    pub organisations: usize,
    /// Rows that count, some of them shown.
    pub rows: Rows,
}

/// Explains a figure by the published definition, with up to `limit` rows for each term.
///
/// `None` when there is no such figure: see [`Published::figure`].
pub async fn explain<'a>(
    published: &'a Published,
    lake: &Lake,
    indicator: &str,
    org: &OrgCode,
    year: Year,
    limit: usize,
) -> Result<Option<Explanation<'a>>, ReleaseError> {
    let plan = published.plan();
    let found = plan.indicator(indicator).and_then(|it| Some((it, it.definition()?)));
    let figure = published.figure(indicator, None, org, year);
    let organisation = published.organisation(org, year);
    let (Some((indicator, definition)), Some(figure), Some(org)) = (found, figure, organisation)
    else {
        return Ok(None);
    };
    let mut parts = Vec::new();
    for mut sum in published.terms(&indicator.code, None, &org.code, year) {
        let named = plan.measure(&sum.term.measure).zip(plan.datasets.get(&sum.dataset));
        let Some((measure, dataset)) = named else { continue };
        let table_version = published.release().tables.get(&dataset.name).copied();
        let Some(table_version) = table_version else { continue };
        let predicate = predicate(measure, &sum);
        let asked = RowQuery {
            year: sum.year,
            organisations: shown(&sum.contributions),
            predicate: predicate.clone(),
            limit,
            masked: true,
        };
        let mut rows = rows(lake, dataset, table_version, asked).await?;
        if published.view() == View::Public {
            mask(dataset, &mut rows);
        }
        let organisations = sum.contributions.len();
        sum.contributions.truncate(MOST_ORGANISATIONS);
        parts.push(Part { measure, dataset, table_version, predicate, sum, organisations, rows });
    }
    let made_of = others(&definition.kind)
        .filter_map(|it| published.figure(it, None, &org.code, year))
        .collect();
    let mut judged = judged(published, &definition.kind, &org.code, year);
    let units = judged.len();
    judged.truncate(MOST_ORGANISATIONS);
    Ok(Some(Explanation { indicator, definition, org, figure, parts, made_of, judged, units }))
}

/// Organisations whose rows may be shown.
fn shown(contributions: &[Contribution]) -> Vec<OrgCode> {
    contributions.iter().filter(|it| !it.withheld).map(|it| it.org.code.clone()).collect()
}

/// What a row must meet to count in a term.
fn predicate(measure: &Measure, sum: &TermSum) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    if let Some(filter) = &measure.filter {
        all.push(filter.clone());
    }
    for (dimension, values) in &sum.term.dimensions {
        let quoted = values.iter().map(|it| format!("'{}'", it.replace('\'', "''")));
        all.push(format!("{dimension} IN ({})", quoted.collect::<Vec<_>>().join(", ")));
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(all.iter().map(|it| format!("({it})")).collect::<Vec<_>>().join(" AND ")),
    }
}

/// The rows of one table version. None are asked for where no organisation has any.
async fn rows(
    lake: &Lake,
    dataset: &Dataset,
    version: u64,
    asked: RowQuery,
) -> Result<Rows, ReleaseError> {
    if asked.organisations.is_empty() {
        return Ok(Rows::default());
    }
    let table = lake.table_at(dataset, version).await?;
    let read = move || -> Result<Rows, LakeError> { table.rows_where(&asked) };
    Ok(tokio::task::spawn_blocking(read).await.map_err(|_| ReleaseError::Stopped)??)
}

/// Masks the columns that may be seen only in sums.
fn mask(dataset: &Dataset, rows: &mut Rows) {
    let hidden = |name: &String| {
        dataset.column(name).is_some_and(|it| it.disclosure == Disclosure::Aggregate)
    };
    let hidden: Vec<bool> = rows.columns.iter().map(hidden).collect();
    for cells in &mut rows.rows {
        for (cell, _) in cells.iter_mut().zip(&hidden).filter(|(_, hidden)| **hidden) {
            if cell.is_some() {
                *cell = Some(MASK.to_owned());
            }
        }
    }
}

/// Codes of the indicators an indicator is made of.
fn others(kind: &Kind) -> Box<dyn Iterator<Item = &str> + '_> {
    match kind {
        Kind::PassCount { conditions, .. } => {
            Box::new(conditions.iter().map(|it| it.indicator.as_str()))
        }
        Kind::Composite { parts } => Box::new(parts.iter().map(|it| it.indicator.as_str())),
        Kind::Share
        | Kind::Ratio
        | Kind::Rate { .. }
        | Kind::Mean
        | Kind::Count
        | Kind::Cohort
        | Kind::Dispersion { .. }
        | Kind::Units { .. } => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests;
