//! Predicates of measures, taken apart so that what several of them ask is asked once.
//!
//! A row counts where a predicate is true, and unknown is not true: so of `a AND b` the true rows of both parts are
//! enough. What speaks of one column of words is asked of its few different words, and not of every row.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, DictionaryArray, Int32Array, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Int32Type, Schema, SchemaRef};
use datafusion_common::DataFusionError;
use datafusion_common::tree_node::{Transformed, TreeNode};
use datafusion_expr::Operator;
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::expressions::{BinaryExpr, Column, IsNotNullExpr, IsNullExpr};
use datafusion_physical_expr::utils::collect_columns;

use super::bits;
use super::comparison::Comparison;
use crate::LakeError;
use crate::expression::{Compiled, evaluate_mask};

/// A predicate over leaves that others may share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// A position among the leaves.
    Leaf(usize),
}

/// What all predicates of a scan ask of rows.
#[derive(Debug)]
pub(super) struct Leaves {
    schema: SchemaRef,
    leaves: Vec<Leaf>,
}

#[derive(Debug)]
struct Leaf {
    expression: Arc<dyn PhysicalExpr>,
    asks: Asks,
    /// The measure's own words, for who has to mend them.
    sql: String,
}

/// What a leaf has to be evaluated on.
#[derive(Debug)]
enum Asks {
    Rows,
    /// The different words of the column at this position, and the same question about that column alone.
    Words(usize, SchemaRef, Arc<dyn PhysicalExpr>),
    Numbers(Comparison),
}

impl Leaves {
    pub(super) fn over(schema: SchemaRef) -> Self {
        Self { schema, leaves: Vec::new() }
    }

    /// Takes a predicate apart.
    pub(super) fn take(&mut self, compiled: &Compiled, sql: &str) -> Predicate {
        self.part(&compiled.expression, sql)
    }

    fn part(&mut self, expression: &Arc<dyn PhysicalExpr>, sql: &str) -> Predicate {
        let Some(binary) = expression.downcast_ref::<BinaryExpr>() else {
            return self.leaf(expression, sql);
        };
        let (left, right) = (binary.left(), binary.right());
        if *binary.op() == Operator::And {
            let mut parts = Vec::new();
            for part in [self.part(left, sql), self.part(right, sql)] {
                match part {
                    Predicate::All(more) => parts.extend(more),
                    Predicate::Any(_) | Predicate::Leaf(_) => parts.push(part),
                }
            }
            Predicate::All(parts)
        } else if *binary.op() == Operator::Or {
            Predicate::Any(vec![self.part(left, sql), self.part(right, sql)])
        } else {
            self.leaf(expression, sql)
        }
    }

    fn leaf(&mut self, expression: &Arc<dyn PhysicalExpr>, sql: &str) -> Predicate {
        if let Some(known) = self.leaves.iter().position(|it| *it.expression == **expression) {
            return Predicate::Leaf(known);
        }
        let numbers = || Comparison::of(expression, &self.schema).map(Asks::Numbers);
        let asks = self.about_words(expression).or_else(numbers).unwrap_or(Asks::Rows);
        self.leaves.push(Leaf { expression: Arc::clone(expression), asks, sql: sql.to_owned() });
        Predicate::Leaf(self.leaves.len() - 1)
    }

    /// The columns that the engine is asked about, and so must find as they are declared. Whether anything is there, it
    /// can tell of any.
    pub(super) fn declared(&self) -> impl Iterator<Item = usize> {
        let asked = self.leaves.iter().filter(|it| matches!(it.asks, Asks::Rows));
        let asked = asked.filter(|it| !asks_presence(&it.expression));
        asked.flat_map(|it| collect_columns(&it.expression)).map(|it| it.index())
    }

    fn about_words(&self, expression: &Arc<dyn PhysicalExpr>) -> Option<Asks> {
        let mut columns = collect_columns(expression).into_iter();
        let (column, None) = (columns.next()?, columns.next()) else { return None };
        let field = self.schema.fields().get(column.index())?;
        let is_words =
            matches!(field.data_type(), DataType::Dictionary(key, _) if **key == DataType::Int32);
        if !is_words {
            return None;
        }
        let alone = Arc::clone(expression).transform_up(|it| {
            let first = it.downcast_ref::<Column>().map(|it| Column::new(it.name(), 0));
            Ok(first.map_or_else(|| Transformed::no(it), |first| Transformed::yes(Arc::new(first))))
        });
        let schema = Arc::new(Schema::new(vec![Arc::clone(field)]));
        Some(Asks::Words(column.index(), schema, alone.ok()?.data))
    }
}

/// Whether an expression asks for no more of one column than whether something is there.
fn asks_presence(expression: &Arc<dyn PhysicalExpr>) -> bool {
    let there = expression.downcast_ref::<IsNotNullExpr>().map(IsNotNullExpr::arg);
    let asked = there.or_else(|| expression.downcast_ref::<IsNullExpr>().map(IsNullExpr::arg));
    asked.is_some_and(|it| it.downcast_ref::<Column>().is_some())
}

/// The true rows of a batch, as far as they were asked for.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    leaves: &'a Leaves,
    batch: &'a RecordBatch,
    masks: Vec<Option<BooleanBuffer>>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(leaves: &'a Leaves, batch: &'a RecordBatch) -> Self {
        let masks = vec![None; leaves.leaves.len()];
        Self { leaves, batch, masks }
    }

    /// The rows in which a predicate is true.
    pub(super) fn mask(&mut self, predicate: &Predicate) -> Result<BooleanBuffer, LakeError> {
        let rows = self.batch.num_rows();
        match predicate {
            Predicate::All(parts) => {
                let mut all: Option<BooleanBuffer> = None;
                for part in parts {
                    // Where no row is left, nothing more is asked.
                    if all.as_ref().is_some_and(|it| !it.has_true()) {
                        break;
                    }
                    let mask = self.mask(part)?;
                    all = Some(all.map_or_else(|| mask.clone(), |it| &it & &mask));
                }
                Ok(all.unwrap_or_else(|| BooleanBuffer::new_set(rows)))
            }
            Predicate::Any(parts) => {
                let mut any = BooleanBuffer::new_unset(rows);
                for part in parts {
                    any = &any | &self.mask(part)?;
                }
                Ok(any)
            }
            Predicate::Leaf(position) => self.leaf(*position),
        }
    }

    fn leaf(&mut self, position: usize) -> Result<BooleanBuffer, LakeError> {
        if let Some(known) = self.masks.get(position).and_then(Option::as_ref) {
            return Ok(known.clone());
        }
        let Some(leaf) = self.leaves.leaves.get(position) else {
            return Ok(BooleanBuffer::new_unset(self.batch.num_rows()));
        };
        let mask = self.ask(leaf).map_err(LakeError::expression(&leaf.sql))?;
        if let Some(slot) = self.masks.get_mut(position) {
            *slot = Some(mask.clone());
        }
        Ok(mask)
    }

    fn ask(&self, leaf: &Leaf) -> Result<BooleanBuffer, DataFusionError> {
        match &leaf.asks {
            Asks::Rows => true_rows(&leaf.expression, self.batch),
            Asks::Words(column, schema, question) => {
                let words = self.batch.columns().get(*column);
                match words.and_then(|it| it.as_dictionary_opt::<Int32Type>()) {
                    Some(words) => by_word(words, schema, question),
                    None => true_rows(&leaf.expression, self.batch),
                }
            }
            Asks::Numbers(comparison) => Ok(comparison.true_rows(self.batch)?),
        }
    }
}

/// Unknown is not true.
fn true_rows(
    expression: &Arc<dyn PhysicalExpr>,
    batch: &RecordBatch,
) -> Result<BooleanBuffer, DataFusionError> {
    let (values, valid) = evaluate_mask(expression, batch)?.into_parts();
    Ok(match valid {
        Some(valid) => &values & valid.inner(),
        None => values,
    })
}

/// Asks about every different word, and about none, and then looks the rows up.
fn by_word(
    words: &DictionaryArray<Int32Type>,
    schema: &SchemaRef,
    question: &Arc<dyn PhysicalExpr>,
) -> Result<BooleanBuffer, DataFusionError> {
    let count = words.values().len();
    let each = 0..i32::try_from(count).unwrap_or(i32::MAX);
    let keys: Int32Array = each.map(Some).chain([None]).collect();
    let dictionary = DictionaryArray::try_new(keys, Arc::clone(words.values()))?;
    let batch = RecordBatch::try_new(Arc::clone(schema), vec![Arc::new(dictionary)])?;
    let asked: BooleanArray = evaluate_mask(question, &batch)?;
    let answers: Vec<bool> = asked.iter().map(|it| it.unwrap_or(false)).collect();
    let without = answers.last().copied().unwrap_or(false);
    Ok(bits::by_word(words, answers.get(..count).unwrap_or_default(), without))
}
