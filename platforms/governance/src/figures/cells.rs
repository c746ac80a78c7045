//! The cells of a sheet, by columns: a release has hundreds of sheets, with a cell for every organisation.

use model::figure::{Coverage, Observation};
use model::{Decimal, Numbers};

use super::evaluate::Cell;

/// Cells by position, in a few bytes each.
#[derive(Debug, Default)]
pub(super) struct Cells {
    values: Decimals,
    numerators: Decimals,
    denominators: Decimals,
    coverage: Vec<Coverage>,
    observations: Vec<Observation>,
}

impl Cells {
    pub(super) fn get(&self, position: usize) -> Option<Cell> {
        Some(Cell {
            value: self.values.at(position),
            numerator: self.numerators.at(position),
            denominator: self.denominators.at(position),
            coverage: *self.coverage.get(position)?,
            observation: *self.observations.get(position)?,
        })
    }
}

impl From<&[Cell]> for Cells {
    fn from(cells: &[Cell]) -> Self {
        Self {
            values: cells.iter().map(|it| it.value).collect(),
            numerators: cells.iter().map(|it| it.numerator).collect(),
            denominators: cells.iter().map(|it| it.denominator).collect(),
            coverage: cells.iter().map(|it| it.coverage).collect(),
            observations: cells.iter().map(|it| it.observation).collect(),
        }
    }
}

/// Exact numbers of which some are missing.
#[derive(Debug, Default)]
struct Decimals {
    units: Numbers,
    /// Digits after the point.
    scales: Vec<u8>,
}

impl Decimals {
    fn at(&self, position: usize) -> Option<Decimal> {
        let units = self.units.at(position)?;
        Some(Decimal::new(units, self.scales.get(position).copied()?))
    }
}

impl FromIterator<Option<Decimal>> for Decimals {
    fn from_iter<T: IntoIterator<Item = Option<Decimal>>>(all: T) -> Self {
        let each = all.into_iter().map(|it| (it.map(Decimal::units), it.map_or(0, Decimal::scale)));
        let (units, scales) = each.unzip();
        Self { units, scales }
    }
}
