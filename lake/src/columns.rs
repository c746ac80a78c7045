//! Cells to Arrow arrays and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    Int32Array, Int64Array, StringArray,
};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow::error::ArrowError;
use model::block::Cells;
use model::dataset::ColumnKind;

use crate::schema::PRECISION;

/// The cells at `order` as an array of the column's type.
pub(crate) fn to_array(
    kind: &ColumnKind,
    cells: &Cells,
    order: &[u32],
) -> Result<ArrayRef, ArrowError> {
    match cells {
        Cells::Words { at, words } => {
            let keys: Int32Array = picked(at, order)
                .map(|it| it.and_then(|position| i32::try_from(position).ok()))
                .collect();
            let words = StringArray::from_iter_values(words.iter());
            Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(words))?))
        }
        Cells::Numbers(numbers) => numbers_to_array(kind, picked(numbers, order)),
    }
}

fn picked<'a, T: Copy>(
    cells: &'a [Option<T>],
    order: &'a [u32],
) -> impl Iterator<Item = Option<T>> + 'a {
    order.iter().map(|row| {
        let row = usize::try_from(*row).ok()?;
        cells.get(row).copied().flatten()
    })
}

fn numbers_to_array(
    kind: &ColumnKind,
    cells: impl Iterator<Item = Option<i64>>,
) -> Result<ArrayRef, ArrowError> {
    let narrow = |it: Option<i64>| it.and_then(|number| i32::try_from(number).ok());
    Ok(match kind {
        ColumnKind::Decimal { scale } => {
            let array: Decimal128Array = cells.map(|it| it.map(i128::from)).collect();
            let scale = i8::try_from(*scale).unwrap_or(0);
            Arc::new(array.with_precision_and_scale(PRECISION, scale)?)
        }
        ColumnKind::Flag => {
            Arc::new(cells.map(|it| it.map(|flag| flag != 0)).collect::<BooleanArray>())
        }
        ColumnKind::Date => Arc::new(cells.map(narrow).collect::<Date32Array>()),
        ColumnKind::Year => Arc::new(cells.map(narrow).collect::<Int32Array>()),
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Integer
        | ColumnKind::Code { .. }
        | ColumnKind::Text
        | ColumnKind::Person(_)
        | ColumnKind::CreditCode => Arc::new(cells.collect::<Int64Array>()),
    })
}

/// Builds one column's cells from the arrays of several batches.
#[derive(Debug)]
pub(crate) enum CellsBuilder {
    Numbers(Vec<Option<i64>>),
    Words { at: Vec<Option<u32>>, words: Vec<String>, positions: BTreeMap<String, u32> },
}

impl CellsBuilder {
    pub(crate) fn new(kind: &ColumnKind) -> Self {
        Self::with_room(kind, 0)
    }

    /// With room for so many cells: a column that grows by doubling takes twice its size, and thrice while it moves.
    pub(crate) fn with_room(kind: &ColumnKind, rows: usize) -> Self {
        match kind {
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Code { .. }
            | ColumnKind::Text
            | ColumnKind::CreditCode => {
                let at = Vec::with_capacity(rows);
                Self::Words { at, words: Vec::new(), positions: BTreeMap::new() }
            }
            ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Person(_) => Self::Numbers(Vec::with_capacity(rows)),
        }
    }

    /// For cells of the same kind as some others.
    pub(crate) fn like(cells: &Cells, rows: usize) -> Self {
        match cells {
            Cells::Numbers(_) => Self::Numbers(Vec::with_capacity(rows)),
            Cells::Words { .. } => {
                let at = Vec::with_capacity(rows);
                Self::Words { at, words: Vec::new(), positions: BTreeMap::new() }
            }
        }
    }

    /// Appends an array of the column's type; values of any other type are missing.
    pub(crate) fn push_array(&mut self, array: &dyn Array) {
        match self {
            Self::Words { at, words, positions } => {
                let Some(array) = array.as_dictionary_opt::<Int32Type>() else {
                    at.extend(std::iter::repeat_n(None, array.len()));
                    return;
                };
                let Some(values) = array.values().as_string_opt::<i32>() else {
                    at.extend(std::iter::repeat_n(None, array.len()));
                    return;
                };
                let mut known = Known::of(values.len());
                at.extend(array.keys().iter().map(|key| {
                    let key = usize::try_from(key?).ok()?;
                    let word = || values.is_valid(key).then(|| values.value(key));
                    known.position(key, word, words, positions)
                }));
            }
            Self::Numbers(cells) => {
                if let Some(array) = array.as_primitive_opt::<Int64Type>() {
                    cells.extend(array.iter());
                } else if let Some(array) = array.as_primitive_opt::<Decimal128Type>() {
                    cells.extend(
                        array.iter().map(|it| it.and_then(|units| i64::try_from(units).ok())),
                    );
                } else if let Some(array) = array.as_boolean_opt() {
                    cells.extend(array.iter().map(|it| it.map(i64::from)));
                } else if let Some(array) = array.as_primitive_opt::<Date32Type>() {
                    cells.extend(array.iter().map(|it| it.map(i64::from)));
                } else if let Some(array) = array.as_primitive_opt::<Int32Type>() {
                    cells.extend(array.iter().map(|it| it.map(i64::from)));
                } else {
                    cells.extend(std::iter::repeat_n(None, array.len()));
                }
            }
        }
    }

    /// Appends cells of the same kind.
    pub(crate) fn push_cells(&mut self, cells: &Cells) {
        self.push_picked(cells, 0..cells.len());
    }

    /// Appends the cells at some positions of a column of the same kind, with only the words they use.
    pub(crate) fn push_picked(&mut self, cells: &Cells, rows: impl Iterator<Item = usize>) {
        match (self, cells) {
            (Self::Numbers(kept), Cells::Numbers(new)) => {
                kept.extend(rows.map(|it| new.get(it).copied().flatten()));
            }
            (Self::Words { at, words, positions }, Cells::Words { at: new, words: spoken }) => {
                let mut known = Known::of(spoken.len());
                at.extend(rows.map(|it| {
                    let word = usize::try_from(new.get(it).copied().flatten()?).ok()?;
                    let spelt = || spoken.get(word).map(String::as_str);
                    known.position(word, spelt, words, positions)
                }));
            }
            (Self::Numbers(kept), _) => kept.extend(rows.map(|_| None)),
            (Self::Words { at, .. }, _) => at.extend(rows.map(|_| None)),
        }
    }

    pub(crate) fn finish(self) -> Cells {
        match self {
            Self::Numbers(cells) => Cells::Numbers(cells),
            Self::Words { at, words, .. } => Cells::Words { at, words: Arc::new(words) },
        }
    }
}

/// Where the words of one list stand in another, found out when they are first used.
struct Known(Vec<Option<u32>>);

impl Known {
    fn of(words: usize) -> Self {
        Self(vec![None; words])
    }

    fn position<'a>(
        &mut self,
        at: usize,
        word: impl FnOnce() -> Option<&'a str>,
        words: &mut Vec<String>,
        positions: &mut BTreeMap<String, u32>,
    ) -> Option<u32> {
        let known = self.0.get_mut(at)?;
        if known.is_none() {
            *known = word().map(|it| position(it, words, positions));
        }
        *known
    }
}

fn position(word: &str, words: &mut Vec<String>, positions: &mut BTreeMap<String, u32>) -> u32 {
    if let Some(known) = positions.get(word) {
        return *known;
    }
    let new = u32::try_from(words.len()).unwrap_or(u32::MAX);
    words.push(word.to_owned());
    positions.insert(word.to_owned(), new);
    new
}
