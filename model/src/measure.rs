//! Measures: additive facts about one organisation in one period.

use crate::text::{Bilingual, Place};

/// What is counted or summed over the rows of a dataset, per organisation and year.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Unique in a plan: lower-case letters, digits and `_`.
    pub name: String,
    /// What it counts, in a few words; empty where the plan gives none.
    pub title: Bilingual,
    pub dataset: String,
    pub aggregate: Aggregate,
    /// SQL expression over the dataset's columns; needed by all but [`Aggregate::Count`].
    pub of: Option<String>,
    /// SQL predicate over the dataset's columns; a row counts where it is true (not where unknown).
    pub filter: Option<String>,
    pub place: Place,
}

/// How the rows of a measure become one state, and how two states become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aggregate {
    /// Rows.
    Count,
    /// Sum of the expression, exact.
    Sum,
    /// Sum of the squares of the expression, exact.
    SumOfSquares,
    Minimum,
    Maximum,
    /// Different values of a column (such as pupils) within one organisation and year.
    ///
    /// Merging adds: a pupil who appears in two organisations counts in each.
    Distinct,
}

impl Aggregate {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::SumOfSquares => "sum_of_squares",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Distinct => "distinct",
        }
    }

    /// `None` when there is no such aggregate.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Count,
            Self::Sum,
            Self::SumOfSquares,
            Self::Minimum,
            Self::Maximum,
            Self::Distinct,
        ];
        all.into_iter().find(|it| it.as_str() == text)
    }
}
