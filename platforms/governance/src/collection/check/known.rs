//! Whether organisations were there in the year of a row.

use model::block::Cells;
use model::dataset::{ColumnKind, Dataset};
use model::finding::Severity;
use model::year::Year;

use super::super::organisations::Organisations;
use super::super::rule::{Fault, Rule, excerpt};
use super::{Pass, year};

/// What is known of a word in one year.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Unasked,
    Known,
    Unknown,
    /// It is there, and rows may not be of it.
    Beyond,
}

/// Holds every column of organisations against the year's list. Rows of one year stand together
/// as a rule, so the verdicts of the year before are kept and one list serves many rows.
pub(super) fn check(pass: &mut Pass<'_>, dataset: &Dataset, organisations: &Organisations<'_>) {
    let block = pass.block;
    let years = dataset
        .columns
        .iter()
        .zip(&block.columns)
        .find_map(|(column, cells)| matches!(column.kind, ColumnKind::Year).then_some(cells));
    let Some(Cells::Numbers(years)) = years else { return };
    for (column, cells) in dataset.columns.iter().zip(&block.columns) {
        let is_organisation =
            matches!(column.kind, ColumnKind::Organisation | ColumnKind::OtherOrganisation);
        let Cells::Words { at, words } = cells else { continue };
        if !is_organisation {
            continue;
        }
        let mut verdicts: Vec<(i64, Vec<Verdict>)> = Vec::new();
        let mut current = usize::MAX;
        for (row, (position, number)) in at.iter().zip(years).enumerate() {
            let (Some(position), Some(number)) = (position, number) else { continue };
            if verdicts.get(current).is_none_or(|(it, _)| it != number) {
                current = verdicts.iter().position(|(it, _)| it == number).unwrap_or_else(|| {
                    verdicts.push((*number, vec![Verdict::Unasked; words.len()]));
                    verdicts.len() - 1
                });
            }
            let Some((_, seen)) = verdicts.get_mut(current) else { continue };
            let Ok(position) = usize::try_from(*position) else { continue };
            let Some(verdict) = seen.get_mut(position) else { continue };
            // A year that cannot be is a finding of its own.
            let Some(year) = year(*number) else { continue };
            let word = words.get(position).map_or("", String::as_str);
            if *verdict == Verdict::Unasked {
                let Some(cut) = organisations.on(year) else { continue };
                let is_of = matches!(column.kind, ColumnKind::Organisation);
                *verdict = match cut.contains(word) {
                    false => Verdict::Unknown,
                    true if is_of && !cut.is_own(word) => Verdict::Beyond,
                    true => Verdict::Known,
                };
            }
            let fault = match verdict {
                Verdict::Unknown => unknown(word, year, organisations),
                Verdict::Beyond => beyond(word, year, organisations),
                Verdict::Known | Verdict::Unasked => continue,
            };
            pass.find(row, &column.name, fault, Severity::Error);
        }
    }
}

fn unknown(word: &str, year: Year, organisations: &Organisations<'_>) -> Fault {
    Fault::new(
        Rule::Organisation,
        excerpt(word),
        format!("{0} 存在的机构 / an organisation that was there on {0}", organisations.day(year)),
        organisations.why_unknown(word, year),
    )
}

fn beyond(word: &str, year: Year, organisations: &Organisations<'_>) -> Fault {
    let (day, above) = (organisations.day(year), organisations.above());
    let above = above.map(ToString::to_string).unwrap_or_default();
    Fault::new(
        Rule::Scope,
        excerpt(word),
        format!("{day} 属于 {above} 的机构 / an organisation of {above} on {day}"),
        "由该机构或其主管单位报送 / have it sent by that organisation, or by the one above it",
    )
}
