//! Row checks: conditions of the declaration, as the lake evaluates them.

use lake::LakeError;
use lake::expression::{Expect, ExpressionError, Planner, Predicates};
use model::block::Block;
use model::dataset::{ColumnKind, Dataset, RowCheck};

use super::super::rule::{Fault, Rule};
use super::Pass;
use super::shown::shown;

/// The conditions every row must meet.
#[derive(Debug)]
pub(super) struct RowChecks<'a> {
    dataset: &'a Dataset,
    checks: Vec<Check<'a>>,
    predicates: Option<Predicates>,
}

/// One condition, and what a finding shows of the row that breaks it.
#[derive(Debug)]
struct Check<'a> {
    declared: &'a RowCheck,
    /// Positions of the columns it reads, and of those by which the row is told from others.
    columns: Vec<usize>,
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
        if dataset.checks.is_empty() {
            return Ok(Self { dataset, checks: Vec::new(), predicates: None });
        }
        let wrong = |source| ChecksError::Expression { dataset: dataset.name.clone(), source };
        let mut checks = Vec::new();
        let planner = Planner::new(dataset);
        for declared in &dataset.checks {
            let read = planner.check(&declared.must, Expect::Predicate).map_err(wrong)?;
            checks.push(Check { declared, columns: columns(dataset, &read.columns) });
        }
        let conditions: Vec<&str> = dataset.checks.iter().map(|it| it.must.as_str()).collect();
        let predicates = Predicates::compile(dataset, &conditions).map_err(wrong)?;
        Ok(Self { dataset, checks, predicates: Some(predicates) })
    }

    /// A condition that is unknown, for want of a value, is met.
    pub(super) fn check(&self, pass: &mut Pass<'_>) -> Result<(), ChecksError> {
        let Some(predicates) = &self.predicates else { return Ok(()) };
        let answers = predicates.evaluate(pass.block)?;
        for (check, answers) in self.checks.iter().zip(answers) {
            let declared = check.declared;
            for (row, _) in answers.iter().enumerate().filter(|(_, it)| **it == Some(false)) {
                let fault = Fault::new(
                    Rule::RowCheck,
                    self.found(check, pass.block, row),
                    format!("{} / {}", declared.expected.zh, declared.expected.en),
                    format!("{} / {}", declared.hint.zh, declared.hint.en),
                );
                pass.find(row, &declared.column, fault, declared.severity);
            }
        }
        Ok(())
    }

    /// The cells that break the condition: `pupils 50, grade_pupils 40, grade G2, class_number 1`.
    fn found(&self, check: &Check<'_>, block: &Block, row: usize) -> String {
        let cell = |position: &usize| {
            let (column, cells) =
                self.dataset.columns.get(*position).zip(block.columns.get(*position))?;
            Some(format!("{} {} {}", column.title.zh, column.name, shown(column, cells, row)))
        };
        let cells: Vec<String> = check.columns.iter().filter_map(cell).collect();
        cells.join(", ")
    }
}

/// The columns a condition reads, then the others of the key but for year, organisation and person.
fn columns(dataset: &Dataset, read: &[String]) -> Vec<usize> {
    let position = |name: &String| dataset.columns.iter().position(|it| it.name == *name);
    let mut positions: Vec<usize> = read.iter().filter_map(position).collect();
    positions.sort_unstable();
    for position in dataset.key.iter().filter_map(position) {
        let tells = dataset
            .columns
            .get(position)
            .is_some_and(|it| matches!(it.kind, ColumnKind::Code { .. } | ColumnKind::Integer));
        if tells && !positions.contains(&position) {
            positions.push(position);
        }
    }
    positions
}
