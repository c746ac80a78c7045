//! SQL expressions of a plan folder: planned and type-checked against a dataset, evaluated on rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion_common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion_common::{DFSchema, DataFusionError};
use datafusion_expr::{ColumnarValue, Expr, Operator};
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::expressions::BinaryExpr;
use datafusion_physical_expr::utils::collect_columns;
use model::block::Block;
use model::dataset::Dataset;

use crate::LakeError;
use crate::columns::to_array;
use crate::schema::arrow_schema;

mod compared;

use self::compared::compared;

/// What an expression is used for, and so what it must yield.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// True or false of a row.
    Predicate,
    /// A whole number or exact decimal of a row.
    Number,
    /// Any value of a row whose different values can be counted.
    Value,
}

/// An expression that was found sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Digits after the point of the number it yields; 0 for a predicate.
    pub scale: u8,
    /// Columns it reads, by name.
    pub columns: Vec<String>,
    /// Columns with the words they are compared with.
    pub compared: Vec<(String, String)>,
}

/// An expression that cannot be used, worded for the author of the plan folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    pub message: String,
    pub hint: String,
}

/// Plans expressions against one dataset.
#[derive(Debug)]
pub struct Planner {
    arrow: SchemaRef,
    schema: Result<DFSchema, DataFusionError>,
    names: Vec<String>,
}

/// One planned expression.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) expression: Arc<dyn PhysicalExpr>,
    pub(crate) scale: u8,
    pub(crate) columns: Vec<String>,
    pub(crate) compared: Vec<(String, String)>,
}

impl Planner {
    /// Plans against all columns of a dataset.
    pub fn new(dataset: &Dataset) -> Self {
        Self::over(arrow_schema(dataset))
    }

    /// Plans `sql`, and tells what is known of it then.
    ///
    /// # Errors
    /// When it does not parse, names a column that is not there, mixes types, yields something else
    /// than expected, or yields an inexact number.
    pub fn check(&self, sql: &str, expect: Expect) -> Result<Checked, ExpressionError> {
        let Compiled { scale, columns, compared, .. } = self.compile(sql, expect)?;
        Ok(Checked { scale, columns, compared })
    }

    /// Plans against these columns only, so that a batch that was read with them fits.
    pub(crate) fn over(arrow: SchemaRef) -> Self {
        let names = arrow.fields().iter().map(|it| it.name().clone()).collect();
        let schema = DFSchema::try_from(Arc::clone(&arrow));
        Self { arrow, schema, names }
    }

    pub(crate) fn compile(&self, sql: &str, expect: Expect) -> Result<Compiled, ExpressionError> {
        let refuse = |error: &DataFusionError| ExpressionError {
            message: format!("`{sql}` cannot be planned: {}", plain(error)),
            hint: format!("use SQL over the columns {}", self.names.join(", ")),
        };
        let schema = self.schema.as_ref().map_err(refuse)?;
        let logical = planner::parse(sql, schema).map_err(|it| refuse(&it))?;
        if let Some(word) = beyond_a_row(&logical) {
            return Err(ExpressionError {
                message: format!("`{sql}` uses {word}, which one row cannot answer"),
                hint: "write an expression over the columns of one row; sums are the measure's own"
                    .to_owned(),
            });
        }
        if divides(&logical) {
            return Err(ExpressionError {
                message: format!("`{sql}` divides, which is seldom exact and fails at zero"),
                hint: "compare products, such as `2 * a <= b`; a definition divides sums"
                    .to_owned(),
            });
        }
        let compared = compared(&logical);
        let expression = planner::plan(logical, schema).and_then(unwrapped);
        let expression = expression.map_err(|it| refuse(&it))?;
        let kind = expression.data_type(&self.arrow).map_err(|it| refuse(&it))?;
        let scale = fits(&kind, expect).ok_or_else(|| ExpressionError {
            message: format!("`{sql}` yields {kind}, not {}", wanted(expect)),
            hint: match expect {
                Expect::Predicate => "compare something, such as `grade = 'G9'`".to_owned(),
                Expect::Number | Expect::Value => {
                    "use whole numbers or decimals; inexact functions and text cannot be summed"
                        .to_owned()
                }
            },
        })?;
        let mut columns: Vec<String> =
            collect_columns(&expression).into_iter().map(|it| it.name().to_owned()).collect();
        columns.sort_unstable();
        Ok(Compiled { expression, scale, columns, compared })
    }
}

fn wanted(expect: Expect) -> &'static str {
    match expect {
        Expect::Predicate => "true or false",
        Expect::Number => "an exact number",
        Expect::Value => "a number or person that can be told apart",
    }
}

/// The scale, when the type is one that is wanted.
fn fits(kind: &DataType, expect: Expect) -> Option<u8> {
    match (expect, kind) {
        (Expect::Predicate, DataType::Boolean) => Some(0),
        (Expect::Number | Expect::Value, DataType::Int32 | DataType::Int64) => Some(0),
        (Expect::Number, DataType::Decimal128(_, scale)) => u8::try_from(*scale).ok(),
        _ => None,
    }
}

/// A word for what makes the expression more than one row's, if anything does.
fn beyond_a_row(expression: &Expr) -> Option<&'static str> {
    let mut found = None;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the planner's expressions are not ours to list; a new kind yields a value of a row or none"
    )]
    let walked = expression.apply(|it| {
        found = match it {
            Expr::AggregateFunction(_) => Some("an aggregate"),
            Expr::WindowFunction(_) => Some("a window"),
            Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_) => Some("a subquery"),
            Expr::ScalarFunction(call) if call.func.name().contains("random") => Some("chance"),
            Expr::ScalarFunction(call) if call.func.name() == "now" => Some("the clock"),
            _ => None,
        };
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    walked.ok().and(found)
}

fn divides(expression: &Expr) -> bool {
    let is_division = |it: &Expr| {
        let Expr::BinaryExpr(sides) = it else { return Ok(false) };
        Ok(matches!(sides.op, Operator::Divide | Operator::Modulo))
    };
    expression.exists(is_division).unwrap_or(true)
}

/// The same expression with arithmetic that fails where it would wrap.
fn unwrapped(expression: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>, DataFusionError> {
    let failing = expression.transform(|it| {
        let Some(sides) = it.downcast_ref::<BinaryExpr>() else { return Ok(Transformed::no(it)) };
        let failing: Arc<dyn PhysicalExpr> = Arc::new(sides.clone().with_fail_on_overflow(true));
        Ok(Transformed::yes(failing))
    });
    failing.map(|it| it.data)
}

/// The planner's message without its own prefixes, on one line.
fn plain(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let text = text.lines().next().unwrap_or_default();
    text.trim_start_matches("Schema error: ")
        .trim_start_matches("SQL error: ")
        .trim_start_matches("Error during planning: ")
        .to_owned()
}

/// Evaluates to an array of `rows` values.
pub(crate) fn evaluate(
    expression: &Arc<dyn PhysicalExpr>,
    batch: &RecordBatch,
) -> Result<ArrayRef, DataFusionError> {
    match expression.evaluate(batch)? {
        ColumnarValue::Array(array) => Ok(array),
        ColumnarValue::Scalar(value) => value.to_array_of_size(batch.num_rows()),
    }
}

/// Evaluates a predicate; unknown is not true.
pub(crate) fn evaluate_mask(
    expression: &Arc<dyn PhysicalExpr>,
    batch: &RecordBatch,
) -> Result<BooleanArray, DataFusionError> {
    let array = evaluate(expression, batch)?;
    Ok(array
        .as_boolean_opt()
        .cloned()
        .unwrap_or_else(|| BooleanArray::from(vec![false; batch.num_rows()])))
}

/// Predicates over blocks of rows that are not in the lake yet.
#[derive(Debug)]
pub struct Predicates {
    dataset: Dataset,
    /// Columns any of them reads, by position in the dataset.
    reads: Vec<usize>,
    schema: SchemaRef,
    compiled: Vec<(String, Compiled)>,
}

impl Predicates {
    /// # Errors
    /// As [`Planner::check`], for the first expression that is not sound.
    pub fn compile(dataset: &Dataset, expressions: &[&str]) -> Result<Self, ExpressionError> {
        let whole = Planner::new(dataset);
        let mut names = Vec::new();
        for sql in expressions {
            names.extend(whole.compile(sql, Expect::Predicate)?.columns);
        }
        let reads: Vec<usize> = dataset
            .columns
            .iter()
            .enumerate()
            .filter(|(_, it)| names.contains(&it.name))
            .map(|(position, _)| position)
            .collect();
        let schema = arrow_schema(dataset).project(&reads).map_err(|error| ExpressionError {
            message: error.to_string(),
            hint: "declare the columns again".to_owned(),
        })?;
        let schema = Arc::new(schema);
        let planner = Planner::over(Arc::clone(&schema));
        let compiled = expressions
            .iter()
            .map(|sql| Ok(((*sql).to_owned(), planner.compile(sql, Expect::Predicate)?)))
            .collect::<Result<_, ExpressionError>>()?;
        Ok(Self { dataset: dataset.clone(), reads, schema, compiled })
    }

    /// One column of answers per expression; `None` where a missing value leaves it unknown.
    pub fn evaluate(&self, block: &Block) -> Result<Vec<Vec<Option<bool>>>, LakeError> {
        if self.compiled.is_empty() {
            return Ok(Vec::new());
        }
        let rows = block.len();
        let order: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
        let mut arrays = Vec::with_capacity(self.reads.len());
        for position in &self.reads {
            let (Some(column), Some(cells)) =
                (self.dataset.columns.get(*position), block.columns.get(*position))
            else {
                continue;
            };
            let array = to_array(&column.kind, cells, &order);
            arrays.push(array.map_err(LakeError::arrow(&self.dataset.name))?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(LakeError::arrow(&self.dataset.name))?;
        let mut answers = Vec::with_capacity(self.compiled.len());
        for (sql, compiled) in &self.compiled {
            let mask =
                evaluate_mask(&compiled.expression, &batch).map_err(LakeError::expression(sql))?;
            answers.push(mask.iter().collect());
        }
        Ok(answers)
    }
}
