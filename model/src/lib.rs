//! The words of the plan as types, and the arithmetic that belongs to them.
//!
//! **Invariant:** no input or output, no clock, no randomness, no serialisation. Time is an argument.

pub mod block;
pub mod codes;
pub mod dataset;
pub mod entropy;
pub mod exact;
pub mod figure;
pub mod finding;
pub mod fitness;
pub mod indicator;
pub mod instant;
pub mod measure;
mod numbers;
pub mod organisation;
pub mod plan;
pub mod state;
pub mod target;
pub mod text;
pub mod year;

pub use self::entropy::Entropy;
pub use self::exact::Decimal;
pub use self::finding::{Finding, Severity};
pub use self::instant::{Moment, offset};
pub use self::numbers::Numbers;
pub use self::organisation::OrgCode;
pub use self::text::{Bilingual, Place};
pub use self::year::Year;
