//! A dataset's declaration as Arrow fields and as columns of a Delta table.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use deltalake_core::kernel::{DataType as DeltaType, MetadataValue, PrimitiveType, StructField};
use model::dataset::{Column, ColumnKind, Dataset};

/// The partition column that is not a column of the dataset: the level-1 organisation's code.
pub(crate) const AREA: &str = "area_code";

/// What a column of the Delta table is noted to hold.
const HOLDS: &str = "haihe.holds";
const PERSON: &str = "person";

/// Digits a decimal column holds; more would not fit 64 bits on disk.
pub(crate) const PRECISION: u8 = 18;

/// Words are dictionary-encoded: a district's file has a few hundred schools and a few codes.
pub(crate) fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

pub(crate) fn arrow_type(kind: &ColumnKind) -> DataType {
    match kind {
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Code { .. }
        | ColumnKind::Text
        | ColumnKind::CreditCode => words(),
        ColumnKind::Year => DataType::Int32,
        ColumnKind::Integer | ColumnKind::Person(_) => DataType::Int64,
        ColumnKind::Decimal { scale } => {
            DataType::Decimal128(PRECISION, i8::try_from(*scale).unwrap_or(0))
        }
        ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Date => DataType::Date32,
    }
}

/// Every column of the dataset, the year included: what expressions are planned against.
pub(crate) fn arrow_schema(dataset: &Dataset) -> SchemaRef {
    let field = |it: &Column| Field::new(&it.name, arrow_type(&it.kind), true);
    Arc::new(Schema::new(dataset.columns.iter().map(field).collect::<Vec<_>>()))
}

/// The columns that stand in data files: all but the year, which is in the file's path.
pub(crate) fn stored(dataset: &Dataset) -> impl Iterator<Item = (usize, &Column)> {
    dataset.columns.iter().enumerate().filter(|(_, it)| !matches!(it.kind, ColumnKind::Year))
}

pub(crate) fn file_schema(dataset: &Dataset) -> SchemaRef {
    let field = |it: &Column| Field::new(&it.name, arrow_type(&it.kind), true);
    Arc::new(Schema::new(stored(dataset).map(|(_, it)| field(it)).collect::<Vec<_>>()))
}

/// Rows of a data file as a schema has them, in whatever order the file has its columns. Those it was written without are
/// empty: the table gained them later.
pub(crate) fn laid_out(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let rows = batch.num_rows();
    let column = |field: &FieldRef| match batch.column_by_name(field.name()) {
        Some(array) => Arc::clone(array),
        None => new_null_array(field.data_type(), rows),
    };
    let columns = schema.fields().iter().map(column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}

/// Columns of the Delta table: the dataset's own, and the area.
pub(crate) fn delta_columns(dataset: &Dataset) -> Vec<StructField> {
    let own = dataset.columns.iter().map(delta_column);
    own.chain([StructField::new(AREA, DeltaType::Primitive(PrimitiveType::String), true)]).collect()
}

/// A column of the Delta table. Hashes of persons look like any other number, so it is noted that they are none.
pub(crate) fn delta_column(column: &Column) -> StructField {
    let field = StructField::new(&column.name, delta_type(&column.kind), true);
    if matches!(column.kind, ColumnKind::Person(_)) {
        field.with_metadata([(HOLDS, PERSON)])
    } else {
        field
    }
}

/// Whether a column of the Delta table is noted to hold persons.
pub(crate) fn is_person(field: &StructField) -> bool {
    field.metadata().get(HOLDS).is_some_and(|it| *it == MetadataValue::from(PERSON))
}

/// The name of the year's column, by which tables are partitioned.
pub(crate) fn year_name(dataset: &Dataset) -> &str {
    dataset.year_column().map_or("year", |it| it.name.as_str())
}

fn delta_type(kind: &ColumnKind) -> DeltaType {
    let primitive = match kind {
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Code { .. }
        | ColumnKind::Text
        | ColumnKind::CreditCode => PrimitiveType::String,
        ColumnKind::Year => PrimitiveType::Integer,
        ColumnKind::Integer | ColumnKind::Person(_) => PrimitiveType::Long,
        ColumnKind::Decimal { scale } => {
            PrimitiveType::decimal(PRECISION, *scale).unwrap_or(PrimitiveType::Long)
        }
        ColumnKind::Flag => PrimitiveType::Boolean,
        ColumnKind::Date => PrimitiveType::Date,
    };
    DeltaType::Primitive(primitive)
}
