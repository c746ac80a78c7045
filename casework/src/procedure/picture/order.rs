//! The order within columns, so that few lines cross: everything near the middle of what it is joined with.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::Spot;

/// How often columns are put in order, forth and back.
const SWEEPS: usize = 12;

pub(super) fn arrange(columns: &mut [Vec<Spot>], links: &BTreeMap<Spot, BTreeSet<Spot>>) {
    for sweep in 0..SWEEPS {
        let positions = positions(columns);
        let middle = |spot: &Spot| {
            let joined = links.get(spot).into_iter().flatten();
            let places: Vec<f64> = joined.filter_map(|it| positions.get(it).copied()).collect();
            let own = positions.get(spot).copied().unwrap_or_default();
            let count = u32::try_from(places.len()).unwrap_or(1);
            if count == 0 { own } else { places.iter().sum::<f64>() / f64::from(count) }
        };
        let mut order: Vec<usize> = (0..columns.len()).collect();
        if sweep % 2 == 1 {
            order.reverse();
        }
        for at in order {
            if let Some(column) = columns.get_mut(at) {
                column.sort_by(|one, other| middle(one).total_cmp(&middle(other)));
            }
        }
    }
}

/// How far down each spot stands in its column, from 0 to 1.
fn positions(columns: &[Vec<Spot>]) -> BTreeMap<Spot, f64> {
    let mut positions = BTreeMap::new();
    for column in columns {
        let length = u32::try_from(column.len()).map_or(1.0, f64::from);
        for (at, spot) in (0_u32..).zip(column) {
            positions.insert(spot.clone(), (f64::from(at) + 0.5) / length);
        }
    }
    positions
}
