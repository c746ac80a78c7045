//! OneRoster 1.2: the rostering model, CSV packages, queries and JSON.
//!
//! **Invariant:** no clock, no network, and no word of whoever uses it. A package is read as a stream, and what is wrong
//! with it is a [`Finding`].
#![doc = include_str!("../README.md")]

mod cell;
pub mod collection;
pub mod error;
pub mod filter;
pub mod finding;
pub mod json;
pub mod model;
pub mod package;
pub mod query;

pub use self::collection::Collection;
pub use self::error::{Minor, OneRosterError};
pub use self::filter::{Comparison, Filter, Term};
pub use self::finding::Finding;
pub use self::json::Links;
pub use self::model::{
    AcademicSession, Class, ClassKind, Course, Demographics, Enrollment, EnrollmentRole, Entity,
    Org, OrgKind, Role, RoleKind, SessionKind, Sex, Status, User, UserRole,
};
pub use self::package::{
    File, Limits, Manifest, Mode, Package, PackageError, PackageWriter, Read, Table,
};
pub use self::query::{Fields, Query};

#[cfg(test)]
mod tests;
