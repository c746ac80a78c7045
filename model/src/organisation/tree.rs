//! One hierarchy as it stood on one day.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Known, OrgCode, Organisation};

/// A hierarchy of organisations. Nodes stand by code; a parent's position may be before or after its child's.
///
/// There are no circles, so that every organisation has one path to one root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// One organisation in a tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub organisation: Arc<Organisation>,
    /// Position of the parent.
    pub parent: Option<usize>,
    /// Positions of the children, by code.
    pub children: Vec<usize>,
    /// Not an organisation of this cut: it stands here only so that its facts count where the cut puts them.
    ///
    /// It is left out wherever organisations are listed, and taken in wherever they are added up.
    pub is_carried: bool,
}

impl Tree {
    /// Builds the tree of `organisations` under `parents` (child → parent).
    ///
    /// A parent that is not among the organisations, or that would close a circle, is left out:
    /// its child becomes a root.
    pub fn new(organisations: Known, parents: &BTreeMap<OrgCode, OrgCode>) -> Self {
        let mut tree = Self::bare(organisations);
        for (child, parent) in parents {
            let (Some(child), Some(parent)) = (tree.position(child), tree.position(parent)) else {
                continue;
            };
            tree.put(child, parent);
        }
        tree.fill_children();
        tree
    }

    /// All organisations, none below another.
    pub(super) fn bare(organisations: Known) -> Self {
        let node = |organisation| Node {
            organisation,
            parent: None,
            children: Vec::new(),
            is_carried: false,
        };
        Self { nodes: organisations.into_values().map(node).collect() }
    }

    /// Puts a root below a parent, unless that would close a circle.
    pub(super) fn put(&mut self, child: usize, parent: usize) {
        let free = self.nodes.get(child).is_some_and(|it| it.parent.is_none());
        if !free || self.upward(parent).any(|it| it == child) {
            return;
        }
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = Some(parent);
        }
    }

    pub(super) fn carry(&mut self, position: usize) {
        if let Some(node) = self.nodes.get_mut(position) {
            node.is_carried = true;
        }
    }

    /// Notes every node at its parent; to be called once, when all parents are set.
    pub(super) fn fill_children(&mut self) {
        for child in 0..self.nodes.len() {
            let parent = self.nodes.get(child).and_then(|it| it.parent);
            if let Some(node) = parent.and_then(|it| self.nodes.get_mut(it)) {
                node.children.push(child);
            }
        }
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn position(&self, code: &OrgCode) -> Option<usize> {
        self.nodes.binary_search_by(|it| it.organisation.code.cmp(code)).ok()
    }

    /// As [`Self::position`], looked for at `guess` first: the trees of two years differ in few places.
    pub fn position_near(&self, code: &OrgCode, guess: usize) -> Option<usize> {
        let guessed = self.node(guess).is_some_and(|it| it.organisation.code == *code);
        if guessed { Some(guess) } else { self.position(code) }
    }

    pub fn node(&self, position: usize) -> Option<&Node> {
        self.nodes.get(position)
    }

    pub fn get(&self, code: &OrgCode) -> Option<&Organisation> {
        self.position(code).and_then(|it| self.node(it)).map(|it| &*it.organisation)
    }

    /// All nodes by code, the carried ones too.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Organisations without a parent.
    pub fn roots(&self) -> impl Iterator<Item = &Organisation> {
        self.listed().filter(|it| it.parent.is_none()).map(|it| &*it.organisation)
    }

    /// Organisations of a level, by code.
    pub fn at_level<'a>(&'a self, level: &'a str) -> impl Iterator<Item = &'a Organisation> {
        self.listed().map(|it| &*it.organisation).filter(move |it| it.level == level)
    }

    pub fn parent(&self, code: &OrgCode) -> Option<&Organisation> {
        let parent = self.node(self.position(code)?)?.parent?;
        self.node(parent).map(|it| &*it.organisation)
    }

    /// Organisations right below one, by code.
    pub fn children(&self, code: &OrgCode) -> impl Iterator<Item = &Organisation> {
        let node = self.position(code).and_then(|it| self.node(it));
        node.into_iter()
            .flat_map(|it| it.children.iter())
            .filter_map(|it| self.node(*it))
            .filter(|it| !it.is_carried)
            .map(|it| &*it.organisation)
    }

    /// Positions from this one up to its root, itself first.
    pub fn upward(&self, position: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(position), |it| self.node(*it).and_then(|node| node.parent))
    }

    /// The organisation and all above it, itself first.
    pub fn path(&self, code: &OrgCode) -> impl Iterator<Item = &Organisation> {
        self.position(code)
            .into_iter()
            .flat_map(|it| self.upward(it))
            .filter_map(|it| self.node(it))
            .map(|it| &*it.organisation)
    }

    /// Whether `code` is `above` or stands below it.
    pub fn is_within(&self, code: &OrgCode, above: &OrgCode) -> bool {
        self.path(code).any(|it| it.code == *above)
    }

    /// The organisation of `level` that `code` is or stands below.
    ///
    /// A carried organisation answers with the one it is counted under.
    pub fn ancestor_at(&self, code: &OrgCode, level: &str) -> Option<&Organisation> {
        let position = self.position(code)?;
        self.upward(position)
            .filter_map(|it| self.node(it))
            .filter(|it| !it.is_carried)
            .map(|it| &*it.organisation)
            .find(|it| it.level == level)
    }

    fn listed(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|it| !it.is_carried)
    }
}
