//! 教育治理: collection, indicators, targets, releases, and the evidence behind every figure.
//!
//! **Invariant:** knows no other platform and no HTTP. It reads facts only through the lake.

pub mod collection;
pub mod explain;
pub mod figures;
pub mod plan;
pub mod release;

pub use lake::Lake;
