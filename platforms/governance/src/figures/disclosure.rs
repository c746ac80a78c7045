//! Disclosure control: figures that would speak of too few persons are withheld from the public.
//!
//! Primary: below the whole city, a figure whose numerator or denominator counts persons and stands
//! for one to four of them. Complementary: as a parent is the sum of its children, the children
//! withheld under a shown parent are at least two and stand for enough persons together; and a
//! parent withheld for its siblings' sake has a child withheld, or its children would give it away.

use std::collections::BTreeMap;

use model::Decimal;
use model::dataset::{ColumnKind, Dataset, Disclosure};
use model::indicator::Term;
use model::measure::{Aggregate, Measure};
use model::organisation::Tree;
use model::plan::Plan;

use super::evaluate::{Cell, Sheet, Task};
use super::terms::TermSum;

/// Fewest persons a public figure below the city may stand for (standards §12: cells below 5).
pub const LEAST_PERSONS: u32 = 5;

/// Which sides of a figure count persons.
#[derive(Clone, Copy, Debug)]
pub(super) struct Persons {
    pub(super) numerator: bool,
    pub(super) denominator: bool,
}

impl Persons {
    fn sides(self, cell: &Cell) -> impl Iterator<Item = Decimal> {
        let numerator = cell.numerator.filter(|_| self.numerator);
        numerator.into_iter().chain(cell.denominator.filter(|_| self.denominator))
    }
}

/// Whether a measure counts persons: rows of a dataset about single persons, or a sum of a column
/// that may leave the centre only in sums.
fn counts_persons(dataset: &Dataset, measure: &Measure) -> bool {
    let about_persons = dataset.columns.iter().any(|it| matches!(it.kind, ColumnKind::Person(_)));
    let summed = measure.of.as_deref().and_then(|it| dataset.column(it.trim()));
    match measure.aggregate {
        Aggregate::Count | Aggregate::Distinct => about_persons,
        Aggregate::Sum => summed.is_some_and(|it| it.disclosure == Disclosure::Aggregate),
        Aggregate::SumOfSquares | Aggregate::Minimum | Aggregate::Maximum => false,
    }
}

/// Takes out of a term what the figures it belongs to withhold, and what would give it away.
///
/// A term that is one of several counts of persons shows no organisations at all: their sum is
/// protected, their parts would not be.
pub(super) fn redact(plan: &Plan, sum: &mut TermSum, sheet: &Sheet, position: usize, least: u32) {
    let least = Decimal::from_integer(i64::from(least));
    let few = |it: Decimal| !it.is_zero() && it.abs() < least;
    let is_withheld = |it: usize| sheet.withheld.get(it).copied().unwrap_or(false);
    let measure = plan.measure(&sum.term.measure);
    let dataset = plan.datasets.get(&sum.dataset);
    let persons = measure.zip(dataset).is_some_and(|(it, dataset)| counts_persons(dataset, it));
    if persons && !sum.is_alone {
        sum.contributions.clear();
    }
    if is_withheld(position) || (persons && sum.total.is_some_and(few)) {
        sum.total = None;
    }
    for it in &mut sum.contributions {
        let hidden = sheet.tree.position(&it.org.code).map_or(persons, is_withheld);
        if hidden || (persons && it.value.is_some_and(few)) {
            (it.value, it.rows, it.withheld) = (None, None, true);
        }
    }
    // In the order of their values they would say how large the withheld ones are.
    sum.contributions
        .sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.org.code.cmp(&b.org.code)));
}

/// Whether a side is a plain count of persons: no factors, nothing else added.
fn side_counts_persons(plan: &Plan, terms: &[Term]) -> bool {
    let counts = |term: &Term| {
        let measure = plan.measure(&term.measure)?;
        let dataset = plan.datasets.get(&measure.dataset)?;
        Some(matches!(term.times, 1 | -1) && counts_persons(dataset, measure))
    };
    !terms.is_empty() && terms.iter().all(|it| counts(it).unwrap_or(false))
}

/// Which figures of a sheet the public may not see, by position.
pub(super) fn withheld(task: &Task<'_>, cells: &[Cell]) -> Vec<bool> {
    let plan = task.shared.plan();
    let persons = Persons {
        numerator: side_counts_persons(plan, &task.definition.numerator),
        denominator: side_counts_persons(plan, &task.definition.denominator),
    };
    if !persons.numerator && !persons.denominator {
        return vec![false; cells.len()];
    }
    let least = Decimal::from_integer(i64::from(task.shared.least_persons()));
    let top = plan.levels.first().map(|it| it.code.as_str());
    let is_top = |position: usize| {
        task.tree.node(position).is_some_and(|it| Some(it.organisation.level.as_str()) == top)
    };
    match task.plainly() {
        None => hide(&task.tree, cells, persons, least, is_top),
        Some(plain) => {
            let few = |it: Decimal| !it.is_zero() && it.abs() < least;
            let is_few = |position: usize| {
                !is_top(position)
                    && cells.get(position).is_some_and(|it| persons.sides(it).any(few))
            };
            hide_beside(&task.tree, &plain, is_few)
        }
    }
}

/// What a tree may not show beside the figures of the administrative one.
///
/// What is withheld below one organisation that is shown is a group: its sum can be worked out by anyone. A figure
/// over whole groups therefore says nothing new; one that takes in a part of a group would.
fn hide_beside(tree: &Tree, plain: &Sheet, is_few: impl Fn(usize) -> bool) -> Vec<bool> {
    let is_withheld = |it: usize| plain.withheld.get(it).copied().unwrap_or(false);
    let group = |it: usize| plain.tree.upward(it).find(|it| !is_withheld(*it));
    let mut sizes: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut parts: Vec<BTreeMap<Option<usize>, usize>> = vec![BTreeMap::new(); tree.len()];
    let leaves = plain.tree.iter().enumerate().filter(|(_, it)| it.children.is_empty());
    for (leaf, node) in leaves.filter(|(leaf, _)| is_withheld(*leaf)) {
        let group = group(leaf);
        *sizes.entry(group).or_default() += 1;
        let Some(place) = tree.position(&node.organisation.code) else { continue };
        for above in tree.upward(place) {
            if let Some(parts) = parts.get_mut(above) {
                *parts.entry(group).or_default() += 1;
            }
        }
    }
    let hides = |(position, parts): (usize, &BTreeMap<Option<usize>, usize>)| {
        let is_leaf = tree.node(position).is_some_and(|it| it.children.is_empty());
        let takes_a_part = parts.iter().any(|(group, part)| sizes.get(group) != Some(part));
        is_few(position) || takes_a_part || (is_leaf && !parts.is_empty())
    };
    parts.iter().enumerate().map(hides).collect()
}

/// Primary and complementary withholding over one tree.
pub(super) fn hide(
    tree: &Tree,
    cells: &[Cell],
    persons: Persons,
    least: Decimal,
    is_top: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let few = |it: Decimal| !it.is_zero() && it.abs() < least;
    let primary =
        |(position, cell): (usize, &Cell)| !is_top(position) && persons.sides(cell).any(few);
    let primary: Vec<bool> = cells.iter().enumerate().map(primary).collect();
    let mut hidden = primary.clone();
    // From the top down: what is withheld among siblings asks for more only among their children.
    let roots = tree.iter().enumerate().filter(|(_, it)| it.parent.is_none());
    let mut open: Vec<usize> = roots.map(|(position, _)| position).collect();
    while let Some(parent) = open.pop() {
        let Some(node) = tree.node(parent) else { continue };
        open.extend(&node.children);
        let is = |list: &[bool], it: usize| list.get(it).copied().unwrap_or(false);
        let listed = |it: &usize| tree.node(*it).is_some_and(|it| !it.is_carried);
        let children: Vec<usize> = node.children.iter().copied().filter(listed).collect();
        let parent_hidden = is(&hidden, parent);
        let for_siblings = parent_hidden && !is(&primary, parent);
        let mut shown: Vec<usize> = children
            .iter()
            .copied()
            .filter(|it| !is(&hidden, *it))
            .filter(|it| cells.get(*it).is_some_and(|cell| cell.numerator.is_some()))
            .collect();
        shown.sort_by_key(|it| std::cmp::Reverse(size(cells, *it)));
        loop {
            let hiding: Vec<&Cell> = children
                .iter()
                .filter(|it| is(&hidden, **it))
                .filter_map(|it| cells.get(*it))
                .collect();
            let enough = if parent_hidden {
                !for_siblings || !hiding.is_empty()
            } else {
                hiding.is_empty() || (hiding.len() > 1 && !stands_for_few(&hiding, persons, least))
            };
            if enough {
                break;
            }
            let Some(next) = shown.pop() else { break };
            if let Some(mark) = hidden.get_mut(next) {
                *mark = true;
            }
        }
    }
    hidden
}

/// Whether some figures together stand for too few persons on any side.
fn stands_for_few(cells: &[&Cell], persons: Persons, least: Decimal) -> bool {
    let sum = |side: fn(&Cell) -> Option<Decimal>| -> Decimal {
        cells.iter().filter_map(|it| side(it)).sum()
    };
    let few = |it: Decimal| it.abs() < least;
    (persons.numerator && few(sum(|it| it.numerator)))
        || (persons.denominator && few(sum(|it| it.denominator)))
}

/// What is withheld for others' sake first: the smallest, but not what has no persons at all.
fn size(cells: &[Cell], position: usize) -> (bool, Option<Decimal>, Option<Decimal>, usize) {
    let cell = cells.get(position);
    let numerator = cell.and_then(|it| it.numerator);
    let none = numerator.is_none_or(Decimal::is_zero);
    (none, cell.and_then(|it| it.denominator).or(numerator), numerator, position)
}
