//! One hierarchy as it stood on one day.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{OrgCode, Organisation};

/// A hierarchy of organisations. Nodes stand by code; a parent's position may be before or after its child's.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    positions: BTreeMap<OrgCode, usize>,
}

/// One organisation in a tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub organisation: Arc<Organisation>,
    /// Position of the parent.
    pub parent: Option<usize>,
    /// Positions of the children, by code.
    pub children: Vec<usize>,
}

impl Tree {
    /// Builds the tree of `organisations` under `parents` (child → parent).
    ///
    /// A parent that is not among the organisations, or that would close a circle, is left out:
    /// its child becomes a root.
    pub fn new(
        organisations: BTreeMap<OrgCode, Arc<Organisation>>,
        parents: &BTreeMap<OrgCode, OrgCode>,
    ) -> Self {
        let positions: BTreeMap<OrgCode, usize> =
            organisations.keys().enumerate().map(|(position, code)| (code.clone(), position)).collect();
        let mut nodes: Vec<Node> = organisations
            .into_values()
            .map(|organisation| Node { organisation, parent: None, children: Vec::new() })
            .collect();
        for (child, parent) in parents {
            let (Some(&child), Some(&parent)) = (positions.get(child), positions.get(parent)) else {
                continue;
            };
            let mut above = Some(parent);
            let mut circle = false;
            while let Some(position) = above {
                circle |= position == child;
                above = if circle { None } else { nodes.get(position).and_then(|it| it.parent) };
            }
            if circle {
                continue;
            }
            if let Some(node) = nodes.get_mut(child) {
                node.parent = Some(parent);
            }
            if let Some(node) = nodes.get_mut(parent) {
                node.children.push(child);
            }
        }
        Self { nodes, positions }
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn position(&self, code: &OrgCode) -> Option<usize> {
        self.positions.get(code).copied()
    }

    pub fn node(&self, position: usize) -> Option<&Node> {
        self.nodes.get(position)
    }

    pub fn get(&self, code: &OrgCode) -> Option<&Organisation> {
        self.position(code).and_then(|it| self.node(it)).map(|it| &*it.organisation)
    }

    /// All organisations by code.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Organisations without a parent.
    pub fn roots(&self) -> impl Iterator<Item = &Organisation> {
        self.nodes.iter().filter(|it| it.parent.is_none()).map(|it| &*it.organisation)
    }

    /// Organisations of a level, by code.
    pub fn at_level<'a>(&'a self, level: &'a str) -> impl Iterator<Item = &'a Organisation> {
        self.nodes.iter().map(|it| &*it.organisation).filter(move |it| it.level == level)
    }

    pub fn parent(&self, code: &OrgCode) -> Option<&Organisation> {
        let parent = self.node(self.position(code)?)?.parent?;
        self.node(parent).map(|it| &*it.organisation)
    }

    pub fn children(&self, code: &OrgCode) -> impl Iterator<Item = &Organisation> {
        let node = self.position(code).and_then(|it| self.node(it));
        node.into_iter()
            .flat_map(|it| it.children.iter())
            .filter_map(|it| self.node(*it))
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
    pub fn ancestor_at(&self, code: &OrgCode, level: &str) -> Option<&Organisation> {
        self.path(code).find(|it| it.level == level)
    }
}
