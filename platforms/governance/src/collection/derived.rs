//! Derived columns: what a national rule makes of a row's other columns, filled in on import.

use std::collections::BTreeMap;

use model::block::Block;
use model::dataset::Dataset;
use model::fitness::{Tables, TablesError};

mod fitness;

/// Tables of rules, as a plan carries them: folder → file → text.
pub type RuleTables = BTreeMap<String, BTreeMap<String, String>>;

/// Fills the derived columns of one dataset.
#[derive(Clone, Debug)]
pub struct Derivation {
    rule: Rule,
}

/// The rules that are known, each with its tables.
#[derive(Clone, Debug)]
enum Rule {
    Fitness2014(fitness::Fitness),
}

/// A dataset's derived columns cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerivationError {
    #[error("{dataset} asks for the rule `{rule}`, which is not one of fitness-2014")]
    UnknownRule { dataset: String, rule: String },
    #[error("the rule {rule} has no table {table}: put it into the folder of rules")]
    NoTable { rule: String, table: String },
    #[error("the rule {rule} cannot be used")]
    Table {
        rule: String,
        #[source]
        source: TablesError,
    },
    #[error("{dataset} has no column {column}, which the rule {rule} needs")]
    NoColumn { dataset: String, rule: String, column: &'static str },
}

impl Derivation {
    /// The derivation a dataset declares; `None` when it declares none.
    ///
    /// # Errors
    /// When the rule is not known, or its tables or columns are not there or not sound.
    pub fn new(dataset: &Dataset, tables: &RuleTables) -> Result<Option<Self>, DerivationError> {
        let Some(derived) = &dataset.derived else { return Ok(None) };
        if derived.rule != "fitness-2014" {
            return Err(DerivationError::UnknownRule {
                dataset: dataset.name.clone(),
                rule: derived.rule.clone(),
            });
        }
        let table = |name: &str| {
            let text = tables.get(&derived.rule).and_then(|it| it.get(name));
            text.map(String::as_str).ok_or_else(|| DerivationError::NoTable {
                rule: derived.rule.clone(),
                table: name.to_owned(),
            })
        };
        let tables = Tables::read(
            table("scoring.csv")?,
            table("bmi.csv")?,
            table("weights.csv")?,
            table("bonus.csv")?,
        )
        .map_err(|source| DerivationError::Table { rule: derived.rule.clone(), source })?;
        let fitness = fitness::Fitness::new(dataset, &derived.rule, tables)?;
        Ok(Some(Self { rule: Rule::Fitness2014(fitness) }))
    }

    /// Fills the derived columns of a block, whatever they held.
    pub fn fill(&self, block: &mut Block) {
        match &self.rule {
            Rule::Fitness2014(fitness) => fitness.fill(block),
        }
    }
}
