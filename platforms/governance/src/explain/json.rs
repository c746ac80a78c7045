//! Explanations as a documented JSON object, the same for the command line and the API.
//!
//! Field names are stable; numbers and missing values are written as in [`crate::figures::json`].

use model::figure::Figure;
use serde::Serialize;

use super::{Explanation, Judged, Part};
use crate::figures::json::{
    DefinitionObject, FigureObject, IndicatorObject, OrganisationObject, ReleaseObject, Text, text,
};
use crate::figures::{Contribution, Published};

/// `haihe explain --format json`: a figure and everything it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplanationObject {
    pub release: ReleaseObject,
    pub indicator: IndicatorObject,
    pub definition: DefinitionObject,
    pub organisation: OrganisationObject,
    pub figure: FigureObject,
    /// The terms of numerator and denominator.
    pub terms: Vec<TermObject>,
    /// The figures of other indicators that this one is made of.
    pub made_of: Vec<OtherObject>,
    /// How many units a count of passes comes from; the first are listed.
    pub units: usize,
    /// Those that do not pass come first.
    pub judged: Vec<JudgedObject>,
}

/// One term of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermObject {
    /// `numerator` or `denominator`.
    pub side: &'static str,
    pub measure: String,
    /// `count`, `sum`, `sum_of_squares`, `minimum`, `maximum` or `distinct`.
    pub aggregate: &'static str,
    /// What is summed, as SQL over the dataset's columns.
    pub of: Option<String>,
    /// What a row must meet to count, as SQL over the dataset's columns.
    pub predicate: Option<String>,
    pub dataset: String,
    pub dataset_title: Text,
    pub table_version: u64,
    /// Year of the facts.
    pub year: u16,
    /// Factor of the sum.
    pub times: i64,
    pub total: Option<String>,
    /// How many organisations it comes from; the largest are listed.
    pub organisations: usize,
    pub contributions: Vec<ContributionObject>,
    pub rows: RowsObject,
}

/// One organisation's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContributionObject {
    pub code: String,
    pub name: Text,
    pub value: Option<String>,
    pub rows: Option<u64>,
    pub withheld: bool,
}

/// Some of the rows that count, as text; what may not be seen is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowsObject {
    pub total: u64,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

/// A unit of a count of passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgedObject {
    pub code: String,
    pub name: Text,
    /// Missing where a value is missing or withheld.
    pub passes: Option<bool>,
    /// What the conditions are held against, in their order.
    pub figures: Vec<OtherObject>,
}

/// A figure of another indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherObject {
    pub indicator: String,
    pub version: u16,
    pub figure: FigureObject,
}

impl ExplanationObject {
    pub fn of(published: &Published, explanation: &Explanation<'_>) -> Self {
        Self {
            release: ReleaseObject::of(published),
            indicator: IndicatorObject::of(explanation.indicator),
            definition: DefinitionObject::of(explanation.definition),
            organisation: OrganisationObject::of(&explanation.org),
            figure: FigureObject::of(&explanation.figure),
            terms: explanation.parts.iter().map(TermObject::of).collect(),
            made_of: explanation.made_of.iter().map(OtherObject::of).collect(),
            units: explanation.units,
            judged: explanation.judged.iter().map(JudgedObject::of).collect(),
        }
    }
}

impl OtherObject {
    fn of(figure: &Figure) -> Self {
        Self {
            indicator: figure.indicator.clone(),
            version: figure.version,
            figure: FigureObject::of(figure),
        }
    }
}

impl JudgedObject {
    fn of(judged: &Judged) -> Self {
        Self {
            code: judged.org.code.to_string(),
            name: text(&judged.org.name),
            passes: judged.passes,
            figures: judged.figures.iter().map(OtherObject::of).collect(),
        }
    }
}

impl TermObject {
    fn of(part: &Part<'_>) -> Self {
        let Part { measure, dataset, sum, rows, .. } = part;
        Self {
            side: sum.side.as_str(),
            measure: measure.name.clone(),
            aggregate: measure.aggregate.as_str(),
            of: measure.of.clone(),
            predicate: part.predicate.clone(),
            dataset: dataset.name.clone(),
            dataset_title: text(&dataset.title),
            table_version: part.table_version,
            year: sum.year.number(),
            times: sum.term.times,
            total: sum.total.map(|it| it.to_string()),
            organisations: part.organisations,
            contributions: sum.contributions.iter().map(ContributionObject::of).collect(),
            rows: RowsObject {
                total: rows.total,
                columns: rows.columns.clone(),
                rows: rows.rows.clone(),
            },
        }
    }
}

impl ContributionObject {
    fn of(contribution: &Contribution) -> Self {
        Self {
            code: contribution.org.code.to_string(),
            name: text(&contribution.org.name),
            value: contribution.value.map(|it| it.to_string()),
            rows: contribution.rows,
            withheld: contribution.withheld,
        }
    }
}
