//! Row checks: conditions of the declaration, as the lake evaluates them.

use lake::LakeError;
use lake::expression::{ExpressionError, Predicates};
use model::dataset::{Dataset, RowCheck};

use super::super::rule::{Fault, Rule};
use super::Pass;

/// The conditions every row must meet.
#[derive(Debug)]
pub(super) struct RowChecks<'a> {
    checks: &'a [RowCheck],
    predicates: Option<Predicates>,
}

/// A check of the declaration cannot be held against rows.
#[derive(Debug, thiserror::Error)]
pub enum ChecksError {
    #[error("a row check of {dataset} is no condition over its columns")]
    Expression {
        dataset: String,
        #[source]
        source: ExpressionError,
    },
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl<'a> RowChecks<'a> {
    pub(super) fn new(dataset: &'a Dataset) -> Result<Self, ChecksError> {
        let checks = dataset.checks.as_slice();
        if checks.is_empty() {
            return Ok(Self { checks, predicates: None });
        }
        let conditions: Vec<&str> = checks.iter().map(|it| it.must.as_str()).collect();
        let predicates = Predicates::compile(dataset, &conditions)
            .map_err(|source| ChecksError::Expression { dataset: dataset.name.clone(), source })?;
        Ok(Self { checks, predicates: Some(predicates) })
    }

    /// A condition that is unknown, for want of a value, is met.
    pub(super) fn check(&self, pass: &mut Pass<'_>) -> Result<(), ChecksError> {
        let Some(predicates) = &self.predicates else { return Ok(()) };
        let answers = predicates.evaluate(pass.block)?;
        for (check, answers) in self.checks.iter().zip(answers) {
            for (row, _) in answers.iter().enumerate().filter(|(_, it)| **it == Some(false)) {
                let fault = Fault::new(
                    Rule::RowCheck,
                    format!("not: {}", check.must),
                    format!("{} / {}", check.expected.zh, check.expected.en),
                    format!("{} / {}", check.hint.zh, check.hint.en),
                );
                pass.find(row, &check.column, fault, check.severity);
            }
        }
        Ok(())
    }
}
