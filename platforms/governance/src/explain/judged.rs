//! The units behind a count of passes: which of them pass, and by which figures.
//!
//! Those figures are explained like any other, down to the rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::figure::{Figure, Observation};
use model::indicator::{Condition, Kind};
use model::organisation::Organisation;
use model::{OrgCode, Year};

use crate::figures::{Published, passes};

/// A unit that was judged, or that could not be.
#[derive(Clone, Debug)]
pub struct Judged {
    pub org: Arc<Organisation>,
    /// Missing where a value is missing or withheld.
    pub passes: Option<bool>,
    /// What the conditions are held against, in their order.
    pub figures: Vec<Figure>,
}

/// The units under an organisation: those that do not pass first, then those that could not be judged.
///
/// Units to which a condition does not apply are none.
pub(crate) fn judged(published: &Published, kind: &Kind, org: &OrgCode, year: Year) -> Vec<Judged> {
    let Kind::PassCount { level, conditions, need, others_reach } = kind else { return Vec::new() };
    let tree = published.tree(year);
    let mut found: BTreeMap<OrgCode, (Arc<Organisation>, Vec<Figure>)> = BTreeMap::new();
    for condition in conditions {
        for (unit, figure) in published.figures(&condition.indicator, None, level, year) {
            if tree.is_within(&unit.code, org) {
                let unit = found.entry(unit.code.clone()).or_insert((unit, Vec::new()));
                unit.1.push(figure);
            }
        }
    }
    let is_none = |it: &Figure| it.observation == Observation::NotApplicable;
    let units = found.into_values().filter(|(_, figures)| !figures.iter().any(is_none));
    let mut judged: Vec<Judged> = units
        .map(|(org, figures)| {
            let values = values(conditions, &figures);
            let passes = values.map(|it| passes(&it, *need, *others_reach));
            Judged { org, passes, figures }
        })
        .collect();
    judged.sort_by_key(|it| match it.passes {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    });
    judged
}

/// A value for each condition, if there is one for all of them.
fn values<'a>(
    conditions: &'a [Condition],
    figures: &[Figure],
) -> Option<Vec<(&'a Condition, model::Decimal)>> {
    if conditions.len() != figures.len() {
        return None;
    }
    conditions.iter().zip(figures).map(|(it, figure)| Some((it, figure.value?))).collect()
}
