//! What a check found: bad input is data, not failure.

use std::fmt;

/// Whether a finding keeps its row out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row was not accepted.
    Error,
    /// The row was accepted and should be looked at.
    Warning,
}

impl Severity {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing found in one place of a file, worded for the person who must mend it.
///
/// `found` of a personal column never holds the value, only what is wrong with its shape.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    /// Row as a spreadsheet counts: the header is row 1. `None` when the file as a whole is meant.
    pub row: Option<u64>,
    pub column: Option<String>,
    /// A short stable word for the rule, such as `range` or `duplicate`.
    pub rule: &'static str,
    pub found: String,
    pub expected: String,
    pub hint: String,
    pub severity: Severity,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " {column}")?;
        }
        write!(
            f,
            ": {}: found {}, expected {}; {}",
            self.severity, self.found, self.expected, self.hint
        )
    }
}
