//! What an import changed, or would change.

use std::collections::BTreeMap;

use haihe_oneroster::File;

/// Of each file that was there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub files: BTreeMap<File, FileDifference>,
}

/// Of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileDifference {
    pub rows: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Taken out of use: said to be, or no more among all there is.
    pub removed: u64,
    pub refused: u64,
}

impl Difference {
    /// All files together.
    pub fn total(&self) -> FileDifference {
        self.files.values().fold(FileDifference::default(), |sum, it| FileDifference {
            rows: sum.rows + it.rows,
            added: sum.added + it.added,
            changed: sum.changed + it.changed,
            unchanged: sum.unchanged + it.unchanged,
            removed: sum.removed + it.removed,
            refused: sum.refused + it.refused,
        })
    }

    /// Whether anything was, or would be, changed.
    pub fn is_empty(&self) -> bool {
        let total = self.total();
        total.added + total.changed + total.removed == 0
    }
}
