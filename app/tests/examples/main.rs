//! The plan folders of `examples/`, each on real files where they are at hand, and one that changes.
//!
//! The files are read where they lie, in `../shared/data`, and are no part of this project. Where
//! that folder is absent, small invented files of the same shape stand in.

#![expect(clippy::unwrap_used, reason = "the support functions of a test")]
#![expect(clippy::indexing_slicing, reason = "a row that is not there fails the test")]

mod census;
mod centre;
mod gaining;
mod schools;
