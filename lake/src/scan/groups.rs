//! Which rows belong to one organisation and its dimension values.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::Int32Type;

/// A stretch of rows of one group: (group, first row, rows).
pub(super) type Run = (usize, usize, usize);

/// Stretches shorter than this on average are not worth a look at each.
const LONG: usize = 24;

/// Most combinations of words that are looked up by position.
const MOST_DENSE: usize = 1 << 16;

/// The groups of the rows of one batch.
#[derive(Debug)]
pub(super) enum Assigned {
    /// Where stretches of one group are long.
    Stretches(Vec<Run>),
    /// The group of every row, where they are short; a row of none has a group beyond all.
    Rows(Vec<u32>),
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
    /// The last one is asked for again and again.
    Sparse(BTreeMap<u64, u32>, Option<(u64, u32)>),
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

    /// Finds the group of every row. Rows without an organisation are in none.
    pub(super) fn assign(
        &mut self,
        batch: &RecordBatch,
        organisation: &str,
        dimensions: &[String],
    ) -> Assigned {
        let words = |name: &String| Words::of(batch, name);
        let Some(org) = Words::of(batch, organisation) else {
            return Assigned::Stretches(Vec::new());
        };
        let dimensions: Vec<Option<Words<'_>>> = dimensions.iter().map(words).collect();
        let columns: Vec<&Words<'_>> =
            std::iter::once(&org).chain(dimensions.iter().flatten()).collect();
        let mut met = Met::of(&columns);
        let combinations = combined(&columns, batch.num_rows());
        let mut groups = Vec::with_capacity(combinations.len());
        for (row, combination) in combinations.into_iter().enumerate() {
            let mut group = met.get(combination);
            if group == NEW {
                group = self.group(&org, &dimensions, row);
                met.put(combination, group);
            }
            groups.push(group);
        }
        let assigned = Assigned::of(groups);
        assigned.each(|group, rows| {
            if let Some(known) = self.rows.get_mut(group) {
                *known += u64::try_from(rows).unwrap_or_default();
            }
        });
        assigned
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

impl Assigned {
    fn of(groups: Vec<u32>) -> Self {
        let stretches = || groups.chunk_by(|one, next| one == next);
        if stretches().count() * LONG > groups.len() {
            return Self::Rows(groups);
        }
        let mut row = 0;
        let run = |stretch: &[u32]| {
            let first = row;
            row += stretch.len();
            let group = stretch.first().filter(|it| **it != NOBODY)?;
            Some((position(*group), first, stretch.len()))
        };
        Self::Stretches(stretches().filter_map(run).collect())
    }

    /// Every group as often as it comes, with the rows that it has there.
    pub(super) fn each(&self, mut take: impl FnMut(usize, usize)) {
        match self {
            Self::Stretches(runs) => runs.iter().for_each(|(group, _, rows)| take(*group, *rows)),
            Self::Rows(groups) => groups.iter().for_each(|it| take(position(*it), 1)),
        }
    }
}

impl Met {
    /// None yet of what these columns can say.
    fn of(columns: &[&Words<'_>]) -> Self {
        let all = columns.iter().try_fold(1, |all: usize, it| all.checked_mul(it.len() + 1));
        match all {
            Some(all) if all <= MOST_DENSE => Self::Dense(vec![NEW; all]),
            Some(_) | None => Self::Sparse(BTreeMap::new(), None),
        }
    }

    fn get(&mut self, combination: u64) -> u32 {
        match self {
            Self::Dense(groups) => groups.get(place(combination)).copied().unwrap_or(NEW),
            Self::Sparse(_, Some((last, group))) if *last == combination => *group,
            Self::Sparse(groups, last) => {
                let group = groups.get(&combination).copied();
                *last = group.map(|it| (combination, it));
                group.unwrap_or(NEW)
            }
        }
    }

    fn put(&mut self, combination: u64, group: u32) {
        match self {
            Self::Dense(groups) => {
                if let Some(slot) = groups.get_mut(place(combination)) {
                    *slot = group;
                }
            }
            Self::Sparse(groups, _) => {
                groups.insert(combination, group);
            }
        }
    }
}

/// Where a combination is remembered, if all of them are.
fn place(combination: u64) -> usize {
    usize::try_from(combination).unwrap_or(usize::MAX)
}

/// The words of every row as one number: a column after the other, so that each is a plain loop over its keys.
fn combined(columns: &[&Words<'_>], rows: usize) -> Vec<u64> {
    let mut all = vec![0_u64; rows];
    for column in columns {
        let none = u64::try_from(column.len()).unwrap_or(u64::MAX);
        let join = |all: &mut u64, word: u64| {
            *all = all.wrapping_mul(none.wrapping_add(1)).wrapping_add(word);
        };
        let words = column.keys.iter().map(|it| u64::from(it.cast_unsigned()));
        match column.nulls {
            None => all.iter_mut().zip(words).for_each(|(all, word)| join(all, word)),
            Some(nulls) => {
                let words =
                    words.zip(nulls).map(|(word, is_there)| if is_there { word } else { none });
                all.iter_mut().zip(words).for_each(|(all, word)| join(all, word));
            }
        }
    }
    all
}

/// A column of words, by the numbers of its words.
struct Words<'a> {
    /// The different words.
    values: &'a StringArray,
    keys: &'a [i32],
    nulls: Option<&'a NullBuffer>,
}

impl<'a> Words<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> Option<Self> {
        let column = batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?;
        let values = column.values().as_string_opt::<i32>()?;
        let nulls = column.nulls().filter(|it| it.null_count() > 0);
        Some(Self { values, keys: column.keys().values(), nulls })
    }

    /// Different words.
    fn len(&self) -> usize {
        self.values.len()
    }

    fn word(&self, row: usize) -> Option<String> {
        if self.nulls.is_some_and(|it| it.is_null(row)) {
            return None;
        }
        let at = self.keys.get(row).and_then(|it| usize::try_from(*it).ok())?;
        (at < self.values.len() && self.values.is_valid(at))
            .then(|| self.values.value(at).to_owned())
    }
}

/// A position as one of a list.
pub(super) fn position(group: u32) -> usize {
    usize::try_from(group).unwrap_or(usize::MAX)
}
