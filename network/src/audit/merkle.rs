//! Merkle trees (RFC 6962, section 2.1) over the hashes of entries.

use super::canonical::{Hash, hash, node};

/// A tree that grows leaf by leaf and holds only what its root is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// Roots of full subtrees, the largest first: one for each bit of the number of leaves.
    full: Vec<Hash>,
    leaves: u64,
}

impl Tree {
    pub(super) fn push(&mut self, leaf: Hash) {
        let mut subtree = leaf;
        let mut carried = self.leaves;
        while carried & 1 == 1
            && let Some(left) = self.full.pop()
        {
            subtree = node(&left, &subtree);
            carried >>= 1;
        }
        self.full.push(subtree);
        self.leaves += 1;
    }

    pub(super) fn root(&self) -> Hash {
        let mut from_right = self.full.iter().rev();
        let Some(last) = from_right.next() else { return hash(&[]) };
        from_right.fold(*last, |right, left| node(left, &right))
    }
}

/// The root of these leaves.
fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    leaves.iter().for_each(|it| tree.push(*it));
    tree.root()
}

/// What a leaf is to be joined with, in turn, to come to the root (RFC 6962, section 2.1.1).
pub(super) fn path(leaves: &[Hash], position: usize) -> Vec<Hash> {
    if leaves.len() < 2 || position >= leaves.len() {
        return Vec::new();
    }
    // The largest power of two that is smaller than their number.
    let half = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(half);
    let (mut joined, beside) = if position < half {
        (path(left, position), root(right))
    } else {
        (path(right, position - half), root(left))
    };
    joined.push(beside);
    joined
}

/// The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2); `None` when the path cannot be of that leaf.
pub(super) fn climbed(leaf: Hash, position: u64, leaves: u64, path: &[Hash]) -> Option<Hash> {
    if position >= leaves {
        return None;
    }
    let (mut here, mut last, mut hash) = (position, leaves - 1, leaf);
    for beside in path {
        if last == 0 {
            return None;
        }
        if here & 1 == 1 || here == last {
            hash = node(beside, &hash);
            while here & 1 == 0 && here != 0 {
                here >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        here >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::canonical::{hex, leaf, unhex};

    fn leaves(number: usize) -> Vec<Hash> {
        (0..number).map(|it| leaf(&it.to_be_bytes())).collect()
    }

    /// The roots that the reference implementation of RFC 6962 gives for its own eight leaves.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let data = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        assert_eq!(hex(&tree.root()), roots[0]);
        for (data, root) in data.iter().zip(&roots[1..]) {
            tree.push(leaf(&unhex(data).unwrap()));
            assert_eq!(hex(&tree.root()), *root);
        }
    }

    #[test]
    fn every_leaf_of_a_small_tree_leads_to_the_root() {
        for number in 1..70 {
            let leaves = leaves(number);
            for (position, leaf) in leaves.iter().enumerate() {
                let path = path(&leaves, position);
                let climbed =
                    climbed(*leaf, position.try_into().unwrap(), number.try_into().unwrap(), &path);
                assert_eq!(climbed, Some(root(&leaves)), "{position} of {number}");
            }
        }
    }

    proptest! {
        /// A proof is of one leaf in one place of one tree.
        #[test]
        fn no_other_leaf_place_or_path_leads_there(
            number in 1..200_usize, position in any::<prop::sample::Index>(),
            other in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>(),
        ) {
            let leaves = leaves(number);
            let (position, other) = (position.index(number), other.index(number));
            let (place, size) = (u64::try_from(position).unwrap(), u64::try_from(number).unwrap());
            let root = root(&leaves);
            let mut path = path(&leaves, position);
            prop_assert_eq!(climbed(leaves[position], place, size, &path), Some(root));
            if other != position {
                prop_assert_ne!(climbed(leaves[other], place, size, &path), Some(root));
                let elsewhere = climbed(leaves[position], other.try_into().unwrap(), size, &path);
                prop_assert_ne!(elsewhere, Some(root));
            }
            prop_assert_eq!(climbed(leaves[position], size, size, &path), None);
            if !path.is_empty() {
                let step = flip.index(path.len());
                path[step][0] ^= 1;
                prop_assert_ne!(climbed(leaves[position], place, size, &path), Some(root));
                path.pop();
                prop_assert_ne!(climbed(leaves[position], place, size, &path), Some(root));
            }
        }
    }
}
