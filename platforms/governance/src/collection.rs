//! Collection: files of records in, checked rows to the lake, findings back.
//!
//! **Invariant:** whatever a file holds, the answer is rows and findings. Only the disk, the lake
//! and the registry can fail. No value that speaks of a person leaves this module but as a
//! pseudonym.

mod cells;
mod check;
mod derived;
mod findings;
mod header;
mod import;
mod left_behind;
mod mapping;
mod organisation_list;
mod organisations;
mod pseudonym;
mod receiver;
mod registry_list;
mod rows;
mod rule;
mod source;
mod staging;
mod template;

#[cfg(test)]
mod samples;

pub use self::check::{Checked, Checks, ChecksError};
pub use self::derived::{Derivation, DerivationError, RuleTables};
pub use self::findings::{Findings, FindingsError, RuleCount};
pub use self::import::{Import, ImportError, Outcome, Step, import};
pub use self::left_behind::left_behind;
pub use self::mapping::Mapping;
pub use self::organisation_list::organisation_list;
pub use self::organisations::{Organisations, YearCut};
pub use self::pseudonym::{PseudonymError, Pseudonyms};
pub use self::receiver::{Delivery, Receiver};
pub use self::registry_list::registry_list;
pub use self::rule::Rule;
pub use self::source::Limits;
pub use self::staging::Staging;
pub use self::template::{TemplateError, template};
