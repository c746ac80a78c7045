//! A dataset's declaration as Arrow fields and as columns of a Delta table.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use deltalake_core::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use model::dataset::{Column, ColumnKind, Dataset};

/// The partition column that is not a column of the dataset: the level-1 organisation's code.
pub(crate) const AREA: &str = "area_code";

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

/// Columns of the Delta table: the dataset's own, and the area.
pub(crate) fn delta_columns(dataset: &Dataset) -> Vec<StructField> {
    let own =
        dataset.columns.iter().map(|it| StructField::new(&it.name, delta_type(&it.kind), true));
    own.chain([StructField::new(AREA, DeltaType::Primitive(PrimitiveType::String), true)]).collect()
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
