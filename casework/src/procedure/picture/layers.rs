//! States in layers, so that lines mostly run one way (after Sugiyama, Tagawa and Toda).

use std::collections::{BTreeMap, BTreeSet};

use super::order;

/// What stands in a column: a state, or a bend of a line that passes by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    State(usize),
    Bend { line: usize, column: usize },
}

/// The columns, from beginning to end.
pub(super) struct Layers {
    pub(super) columns: Vec<Vec<Spot>>,
    edges: Vec<(usize, usize)>,
    back: BTreeSet<usize>,
    layer: Vec<usize>,
}

impl Layers {
    pub(super) fn new(states: usize, start: usize, edges: &[(usize, usize)]) -> Self {
        let back = back_edges(states, start, edges);
        // States stand in every second column: between them every line has a bend of its own, with room for its labels.
        let layer: Vec<usize> =
            longest_paths(states, edges, &back).into_iter().map(|it| it * 2).collect();
        let deepest = layer.iter().copied().max().unwrap_or(0);
        let mut columns: Vec<Vec<Spot>> = vec![Vec::new(); deepest + 1];
        for (state, layer) in layer.iter().enumerate() {
            if let Some(column) = columns.get_mut(*layer) {
                column.push(Spot::State(state));
            }
        }
        let mut layers = Self { columns, edges: edges.to_vec(), back, layer };
        for line in 0..edges.len() {
            for spot in layers.path(line) {
                if let Spot::Bend { column, .. } = spot
                    && let Some(column) = layers.columns.get_mut(column)
                {
                    column.push(spot);
                }
            }
        }
        let links = layers.links();
        order::arrange(&mut layers.columns, &links);
        layers
    }

    /// Whether a line runs against the others.
    pub(super) fn is_back(&self, line: usize) -> bool {
        self.ends(line).is_some_and(|(from, to)| from > to)
    }

    /// The bends of a line, from the earlier column to the later.
    pub(super) fn path(&self, line: usize) -> Vec<Spot> {
        let Some((from, to)) = self.ends(line) else { return Vec::new() };
        let (low, high) = (from.min(to), from.max(to));
        (low + 1..high).map(|column| Spot::Bend { line, column }).collect()
    }

    /// The bend at which a line's labels stand: that nearest to the state it leaves.
    pub(super) fn label(&self, line: usize) -> Option<Spot> {
        let mut bends = self.path(line);
        if self.is_back(line) { bends.pop() } else { bends.into_iter().next() }
    }

    fn ends(&self, line: usize) -> Option<(usize, usize)> {
        let (from, to) = self.edges.get(line)?;
        Some((*self.layer.get(*from)?, *self.layer.get(*to)?))
    }

    /// Which spots of neighbouring columns a line joins.
    fn links(&self) -> BTreeMap<Spot, BTreeSet<Spot>> {
        let mut links: BTreeMap<Spot, BTreeSet<Spot>> = BTreeMap::new();
        for (line, (from, to)) in self.edges.iter().enumerate() {
            let is_back = self.is_back(line) || self.back.contains(&line);
            let (early, late) = if is_back { (*to, *from) } else { (*from, *to) };
            let mut chain = vec![Spot::State(early)];
            chain.extend(self.path(line));
            chain.push(Spot::State(late));
            for pair in chain.windows(2) {
                if let [one, other] = pair {
                    links.entry(one.clone()).or_default().insert(other.clone());
                    links.entry(other.clone()).or_default().insert(one.clone());
                }
            }
        }
        links
    }
}

/// Lines that close a circle, seen from the start.
fn back_edges(states: usize, start: usize, edges: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut back = BTreeSet::new();
    let mut done = vec![false; states];
    let roots = std::iter::once(start).chain(0..states);
    for root in roots {
        let mut open = vec![(root, 0)];
        let mut path = BTreeSet::from([root]);
        if done.get(root) != Some(&false) {
            continue;
        }
        while let Some((state, next)) = open.pop() {
            let found = edges.iter().enumerate().skip(next).find(|(_, it)| it.0 == state);
            let Some((at, (_, to))) = found else {
                path.remove(&state);
                if let Some(done) = done.get_mut(state) {
                    *done = true;
                }
                continue;
            };
            open.push((state, at + 1));
            if path.contains(to) {
                back.insert(at);
            } else if done.get(*to) == Some(&false) {
                path.insert(*to);
                open.push((*to, 0));
            }
        }
    }
    back
}

/// Each state one column after the last of those before it.
fn longest_paths(states: usize, edges: &[(usize, usize)], back: &BTreeSet<usize>) -> Vec<usize> {
    let mut layer = vec![0_usize; states];
    // Without circles, no path is longer than there are states.
    for _ in 0..states {
        for (at, (from, to)) in edges.iter().enumerate() {
            let before = layer.get(*from).copied().unwrap_or(0);
            if from != to
                && !back.contains(&at)
                && let Some(after) = layer.get_mut(*to)
            {
                *after = (*after).max(before + 1);
            }
        }
    }
    layer
}
