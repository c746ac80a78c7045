//! SCIM 2.0: schemas, filters, paths, patches and selection.
//!
//! **Invariant:** no input or output, no clock, and no word of whoever uses it. What a client sends is data: the worst
//! it gets is a [`ScimError`].
#![doc = include_str!("../README.md")]

mod attribute;
pub mod error;
pub mod filter;
pub mod kind;
pub mod order;
pub mod patch;
pub mod path;
pub mod resource;
mod scan;
pub mod schema;
pub mod search;
pub mod selection;
pub mod service;
mod values;

pub use self::attribute::AttributePath;
pub use self::error::{ScimError, ScimType};
pub use self::filter::{Comparison, Filter, Limits, Literal};
pub use self::kind::{GROUP, Kind, Target, USER, USER_WITHOUT_PASSWORD};
pub use self::order::{Order, compare};
pub use self::patch::Patch;
pub use self::path::Path;
pub use self::resource::Resource;
pub use self::search::{Search, list_response};
pub use self::selection::Selection;
pub use self::service::Service;

#[cfg(test)]
mod tests;
