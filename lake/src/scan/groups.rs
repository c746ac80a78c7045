//! Which rows belong to one organisation and its dimension values.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, DictionaryArray, RecordBatch};
use arrow::datatypes::Int32Type;

/// A stretch of rows of one group: (group, first row, rows).
pub(super) type Run = (usize, usize, usize);

/// Stretches shorter than this on average are not worth a look at each.
const LONG: usize = 24;

/// Most combinations of words that are looked up by position.
const MOST_DENSE: usize = 1 << 16;

/// The groups of the rows of one batch.
#[derive(Debug)]
pub(super) struct Assigned {
    pub(super) runs: Vec<Run>,
    /// The group of every row, where stretches are short; a row of none has a group beyond all.
    pub(super) by_row: Option<Vec<u32>>,
}

/// An organisation and its dimension values.
type Name = (String, Vec<Option<String>>);

/// Which organisation and dimension values have been met, and how often.
#[derive(Debug, Default)]
pub(super) struct Groups {
    named: BTreeMap<Name, usize>,
    rows: Vec<u64>,
}

/// Where combinations of words are remembered, for one batch.
enum Met {
    Dense(Vec<u32>),
    Sparse(BTreeMap<usize, u32>),
}

/// Of a combination that was not met yet.
const NEW: u32 = u32::MAX;
/// Of one without an organisation.
const NOBODY: u32 = u32::MAX - 1;

impl Groups {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All groups by name, with their positions and rows.
    pub(super) fn into_named(self) -> impl Iterator<Item = (Name, usize, u64)> {
        let Self { named, rows } = self;
        named.into_iter().map(move |(name, group)| {
            let rows = rows.get(group).copied().unwrap_or_default();
            (name, group, rows)
        })
    }

    /// Cuts a batch into stretches of one group. Rows without an organisation are left out.
    pub(super) fn assign(
        &mut self,
        batch: &RecordBatch,
        organisation: &str,
        dimensions: &[String],
    ) -> Assigned {
        let words = |name: &String| Words::of(batch, name);
        let Some(org) = Words::of(batch, organisation) else {
            return Assigned { runs: Vec::new(), by_row: None };
        };
        let dimensions: Vec<Option<Words<'_>>> = dimensions.iter().map(words).collect();
        let columns: Vec<&Words<'_>> =
            std::iter::once(&org).chain(dimensions.iter().flatten()).collect();
        let combinations =
            columns.iter().try_fold(1, |all: usize, it| all.checked_mul(it.len() + 1));
        let mut met = match combinations {
            Some(all) if all <= MOST_DENSE => Met::Dense(vec![NEW; all]),
            Some(_) | None => Met::Sparse(BTreeMap::new()),
        };
        let mut runs: Vec<Run> = Vec::new();
        let (mut before, mut open) = (usize::MAX, false);
        for row in 0..batch.num_rows() {
            let combination = columns
                .iter()
                .fold(0_usize, |all, it| all.wrapping_mul(it.len() + 1).wrapping_add(it.at(row)));
            if combination == before {
                if open && let Some((_, _, length)) = runs.last_mut() {
                    *length += 1;
                }
                continue;
            }
            before = combination;
            let group = match met.get(combination) {
                NEW => {
                    let group = self.group(&org, &dimensions, row);
                    met.put(combination, group);
                    group
                }
                known => known,
            };
            open = group != NOBODY;
            if open {
                runs.push((position(group), row, 1));
            }
        }
        for (group, _, length) in &runs {
            if let Some(rows) = self.rows.get_mut(*group) {
                *rows += u64::try_from(*length).unwrap_or_default();
            }
        }
        let by_row =
            (runs.len() * LONG > batch.num_rows()).then(|| by_row(&runs, batch.num_rows()));
        Assigned { runs, by_row }
    }

    /// The group of a row, a new one where its words were not met in any batch before.
    fn group(&mut self, org: &Words<'_>, dimensions: &[Option<Words<'_>>], row: usize) -> u32 {
        let Some(name) = org.word(row) else { return NOBODY };
        let values = dimensions.iter().map(|it| it.as_ref().and_then(|it| it.word(row))).collect();
        let next = self.rows.len();
        let group = *self.named.entry((name, values)).or_insert(next);
        if group == next {
            self.rows.push(0);
        }
        u32::try_from(group).unwrap_or(NOBODY)
    }
}

impl Met {
    fn get(&self, combination: usize) -> u32 {
        match self {
            Self::Dense(groups) => groups.get(combination).copied().unwrap_or(NEW),
            Self::Sparse(groups) => groups.get(&combination).copied().unwrap_or(NEW),
        }
    }

    fn put(&mut self, combination: usize, group: u32) {
        match self {
            Self::Dense(groups) => {
                if let Some(slot) = groups.get_mut(combination) {
                    *slot = group;
                }
            }
            Self::Sparse(groups) => {
                groups.insert(combination, group);
            }
        }
    }
}

/// A column of words, by the numbers of its words.
struct Words<'a> {
    column: &'a DictionaryArray<Int32Type>,
    keys: &'a [i32],
    has_gaps: bool,
}

impl<'a> Words<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> Option<Self> {
        let column = batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?;
        Some(Self { column, keys: column.keys().values(), has_gaps: column.null_count() > 0 })
    }

    /// Different words.
    fn len(&self) -> usize {
        self.column.values().len()
    }

    /// The number of a row's word; one more than there are words where there is none.
    fn at(&self, row: usize) -> usize {
        if self.has_gaps && self.column.is_null(row) {
            return self.len();
        }
        self.keys.get(row).and_then(|it| usize::try_from(*it).ok()).unwrap_or(self.len())
    }

    fn word(&self, row: usize) -> Option<String> {
        let values = self.column.values().as_string_opt::<i32>()?;
        let at = self.at(row);
        (at < values.len() && values.is_valid(at)).then(|| values.value(at).to_owned())
    }
}

fn by_row(runs: &[Run], rows: usize) -> Vec<u32> {
    let mut groups = vec![NOBODY; rows];
    for (group, first, length) in runs {
        let group = u32::try_from(*group).unwrap_or(NOBODY);
        if let Some(stretch) = groups.get_mut(*first..first + length) {
            stretch.fill(group);
        }
    }
    groups
}

/// A position as one of a list.
pub(super) fn position(group: u32) -> usize {
    usize::try_from(group).unwrap_or(usize::MAX)
}
