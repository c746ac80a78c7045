//! States as they are read: some rows of them, and one.

use std::ops::Range;

use super::words::position;
use super::{State, States};
use crate::organisation::OrgCode;
use crate::year::Year;

/// Rows that stand beside each other, such as those of a year.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    states: &'a States,
    rows: Range<usize>,
}

/// The states of one key.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub year: Year,
    pub org: &'a OrgCode,
    /// Rows of facts behind it.
    pub count: u64,
    states: &'a States,
    row: usize,
}

impl<'a> Part<'a> {
    pub(super) const fn of(states: &'a States, rows: Range<usize>) -> Self {
        Self { states, rows }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// By year, then organisation, then dimensions.
    pub fn iter(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let states = self.states;
        self.rows.clone().filter_map(move |row| Row::of(states, row))
    }

    /// One measure, for each row of [`Self::iter`].
    pub fn column(&self, column: usize) -> impl Iterator<Item = State> {
        let numbers = self.states.rows.numbers.get(column);
        self.rows.clone().map(move |row| State(numbers.and_then(|it| it.at(row))))
    }

    /// Whether any state of a year is of this organisation.
    pub fn has(&self, org: &OrgCode) -> bool {
        let place = self.states.words.organisations().binary_search(org);
        let place = place.ok().and_then(|it| u32::try_from(it).ok());
        let places = self.states.rows.organisations.get(self.rows.clone());
        place.zip(places).is_some_and(|(place, places)| places.binary_search(&place).is_ok())
    }
}

impl<'a> Row<'a> {
    fn of(states: &'a States, row: usize) -> Option<Self> {
        let rows = &states.rows;
        let org = position(*rows.organisations.get(row)?)?;
        Some(Self {
            year: *rows.years.get(row)?,
            org: states.words.organisations().get(org)?,
            count: *rows.counts.get(row)?,
            states,
            row,
        })
    }

    /// One per dimension, in the dataset's order; `None` where the row had no value.
    pub fn dimensions(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.states.rows.dimensions.iter().map(|it| self.named(it))
    }

    pub fn dimension(&self, dimension: usize) -> Option<&'a str> {
        self.named(self.states.rows.dimensions.get(dimension)?)
    }

    fn named(&self, places: &[u32]) -> Option<&'a str> {
        let place = position(places.get(self.row)?.checked_sub(1)?)?;
        self.states.words.values().get(place).map(|it| &**it)
    }

    /// One per column.
    pub fn states(&self) -> impl Iterator<Item = State> {
        self.states.rows.numbers.iter().map(|it| State(it.at(self.row)))
    }

    pub fn state(&self, column: usize) -> State {
        State(self.states.rows.numbers.get(column).and_then(|it| it.at(self.row)))
    }
}

impl PartialEq for Row<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.year, self.org, self.count) == (other.year, other.org, other.count)
            && self.dimensions().eq(other.dimensions())
            && self.states().eq(other.states())
    }
}
