//! The plan's schematic map: one tile for each organisation, where the plan folder puts it.

use askama::Template;
use model::Decimal;
use model::target::Status;

use super::scale::{Px, extent};
use crate::numbers;

const TILE: f64 = 84.0;
const GAP: f64 = 4.0;
/// Classes of shade, from the least value to the greatest.
const CLASSES: f64 = 5.0;

/// One organisation of the map.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) row: u8,
    pub(crate) column: u8,
    pub(crate) label: String,
    pub(crate) value: Option<Decimal>,
    /// `None` where nothing is compared.
    pub(crate) status: Option<Status>,
    pub(crate) href: String,
    /// The one the page is about.
    pub(crate) chosen: bool,
}

#[derive(Debug)]
struct Tile {
    x: Px,
    y: Px,
    label: String,
    value: String,
    mark: &'static str,
    /// Class of shade, from 1; 0 without a value.
    shade: u8,
    href: String,
    chosen: bool,
}

/// A tile map, placed.
#[derive(Debug, Template)]
#[template(path = "charts/tiles.svg", escape = "html")]
pub(crate) struct TileMap {
    width: f64,
    height: f64,
    size: f64,
    tiles: Vec<Tile>,
    label: String,
}

impl TileMap {
    /// Darker is more; the legend of the page says so.
    pub(crate) fn new(placed: &[Placed], label: String) -> Self {
        let (first_row, rows) = span(placed.iter().map(|it| it.row));
        let (first_column, columns) = span(placed.iter().map(|it| it.column));
        let range = extent(placed.iter().filter_map(|it| it.value).map(Decimal::to_f64));
        let at = |place: u8, first: u8| f64::from(place.saturating_sub(first)) * (TILE + GAP) + GAP;
        let tiles = placed.iter().map(|it| Tile {
            x: Px(at(it.column, first_column)),
            y: Px(at(it.row, first_row)),
            label: it.label.clone(),
            value: it.value.map_or_else(|| "–".to_owned(), numbers::figure),
            mark: it.status.map_or("", Status::mark),
            shade: shade(it.value.map(Decimal::to_f64), range),
            href: it.href.clone(),
            chosen: it.chosen,
        });
        Self {
            width: f64::from(columns) * (TILE + GAP) + GAP,
            height: f64::from(rows) * (TILE + GAP) + GAP,
            size: TILE,
            tiles: tiles.collect(),
            label,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }
}

fn span(places: impl Iterator<Item = u8>) -> (u8, u8) {
    let (first, last) = places.fold((u8::MAX, 0), |(low, high), it| (low.min(it), high.max(it)));
    if first > last { (0, 0) } else { (first, (last - first).saturating_add(1)) }
}

/// Equal steps between the least and the greatest value.
fn shade(value: Option<f64>, range: Option<(f64, f64)>) -> u8 {
    let (Some(value), Some((low, high))) = (value, range) else {
        return 0;
    };
    let part = if (high - low).abs() < f64::EPSILON { 0.5 } else { (value - low) / (high - low) };
    let class = (part * CLASSES).floor().clamp(0.0, CLASSES - 1.0);
    (1..=5).find(|it| f64::from(*it) > class).unwrap_or(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_run_from_least_to_greatest() {
        let range = Some((10.0, 20.0));
        let shades: Vec<u8> =
            [10.0, 12.5, 15.0, 17.0, 20.0].iter().map(|it| shade(Some(*it), range)).collect();
        assert_eq!(shades, [1, 2, 3, 4, 5]);
        assert_eq!(shade(None, range), 0);
        assert_eq!(shade(Some(7.0), Some((7.0, 7.0))), 3);
    }

    #[test]
    fn a_map_without_tiles_has_no_size() {
        assert!(TileMap::new(&[], String::new()).is_empty());
    }
}
