//! All rows of a registry, in a form that either database gives and either takes.
//!
//! **Invariant:** what is read was there at one instant, and what is taken is taken whole or not at all.

mod reading;
mod tables;
mod writing;

pub use self::reading::{ROWS_OF_A_PART, Reading};
pub use self::tables::Kind;
pub use self::writing::Writing;

/// One value of a row. The registry knows texts and whole numbers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Missing,
    Number(i64),
    Text(String),
}

/// Some rows of a table, in the order of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub table: String,
    pub columns: Vec<String>,
    /// A value for each column, in the same order.
    pub rows: Vec<Vec<Value>>,
}

#[cfg(test)]
mod tests;
