//! Splitting a block by the partition that each row belongs to.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::block::{Block, Cells};
use model::dataset::{ColumnKind, Dataset};
use model::year::Year;

use super::super::organisations::Organisations;

/// The rows of a block by year and area. Rows without a known year and organisation are left out:
/// the checks have refused them.
pub(super) fn by_partition(
    dataset: &Dataset,
    block: &Block,
    keep: &[bool],
    organisations: &Organisations<'_>,
) -> BTreeMap<(Year, String), Block> {
    let cells = |kind: ColumnKind| {
        let position = dataset.columns.iter().position(|it| it.kind == kind)?;
        block.columns.get(position)
    };
    let (Some(Cells::Numbers(years)), Some(Cells::Words { at, words })) =
        (cells(ColumnKind::Year), cells(ColumnKind::Organisation))
    else {
        return BTreeMap::new();
    };
    // Rows of one organisation and year stand together as a rule.
    let mut last = None;
    let mut partition: Option<(Year, String)> = None;
    let mut rows: BTreeMap<(Year, String), Vec<usize>> = BTreeMap::new();
    for (row, ((year, position), keep)) in years.iter().zip(at).zip(keep).enumerate() {
        let (Some(year), Some(position), true) = (year, position, keep) else { continue };
        let here = (*year, *position);
        if last != Some(here) {
            last = Some(here);
            partition = partition_of(here, words, organisations);
        }
        if let Some(partition) = &partition {
            match rows.get_mut(partition) {
                Some(rows) => rows.push(row),
                None => {
                    rows.insert(partition.clone(), vec![row]);
                }
            }
        }
    }
    rows.into_iter().map(|(partition, rows)| (partition, select(block, &rows))).collect()
}

fn partition_of(
    (year, position): (i64, u32),
    words: &[String],
    organisations: &Organisations<'_>,
) -> Option<(Year, String)> {
    let year = u16::try_from(year).ok().and_then(Year::new)?;
    let code = words.get(usize::try_from(position).ok()?)?;
    let area = organisations.on(year)?.area(code)?;
    Some((year, area.to_owned()))
}

/// The rows at some positions, with only the words they use.
pub(super) fn select(block: &Block, rows: &[usize]) -> Block {
    let columns = block.columns.iter().map(|it| match it {
        Cells::Numbers(cells) => {
            Cells::Numbers(rows.iter().map(|it| cells.get(*it).copied().flatten()).collect())
        }
        Cells::Words { at, words } => {
            let mut places: Vec<Option<u32>> = vec![None; words.len()];
            let mut used: Vec<String> = Vec::new();
            let mut place = |position: u32| {
                let position = usize::try_from(position).ok()?;
                let place = places.get_mut(position)?;
                if place.is_none() {
                    *place = u32::try_from(used.len()).ok();
                    used.push(words.get(position)?.clone());
                }
                *place
            };
            let at = rows.iter().map(|it| at.get(*it).copied().flatten().and_then(&mut place));
            let at = at.collect();
            Cells::Words { at, words: Arc::new(used) }
        }
    });
    let numbers = rows.iter().map(|it| block.rows.get(*it).copied().unwrap_or_default());
    Block { columns: columns.collect(), rows: numbers.collect() }
}
