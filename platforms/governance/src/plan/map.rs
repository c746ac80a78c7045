//! `map.toml`: a schematic map of our own, one tile per organisation.

use std::collections::{BTreeMap, BTreeSet};

use model::plan::Tile;

use super::links::{Links, To};
use declarations::Entry;

/// Reads `[[tile]]` tables.
pub(super) fn read(root: &Entry<'_>, links: &Links) -> Vec<Tile> {
    let entries = root.entries("tile");
    root.done();
    let mut taken = BTreeMap::new();
    let mut placed = BTreeSet::new();
    let mut tiles = Vec::new();
    for entry in entries {
        let organisation =
            entry.need_word("organisation").map(|it| links.to(To::Organisation, &it));
        let (row, column) = (entry.need_small("row"), entry.need_small("column"));
        let label = entry.need_bilingual("label");
        entry.done();
        let (Some(organisation), Some(row), Some(column)) = (organisation, row, column) else {
            continue;
        };
        let Some(label) = label else { continue };
        if let Some(other) = taken.insert((row, column), organisation.clone()) {
            let what = format!("the tile at row {row}, column {column} is that of `{other}`");
            entry.fault(what, "give each organisation a place of its own");
        }
        if !placed.insert(organisation.clone()) {
            entry.fault(format!("`{organisation}` has a tile already"), "keep one of them");
        }
        tiles.push(Tile { organisation, row, column, label });
    }
    tiles
}
