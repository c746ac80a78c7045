//! What is wrong in one place of a package.

use std::fmt;

/// Something found in a file, worded for the person who must mend it.
///
/// Of files about persons `found` never repeats a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    /// As a spreadsheet counts: the header is row 1. `None` when the file as a whole is meant.
    pub row: Option<u64>,
    pub column: Option<&'static str>,
    /// A short stable word for the rule.
    pub rule: &'static str,
    pub found: String,
    pub expected: String,
    pub hint: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(column) = self.column {
            write!(f, " {column}")?;
        }
        write!(f, ": found {}, expected {}; {}", self.found, self.expected, self.hint)
    }
}
