//! Public pages and the read-only API: ask the governance platform, show the answer.
//!
//! **Invariant:** no SQL, no clock and no arithmetic on figures in this crate. Every figure comes
//! from one release through its public view.

mod assets;
mod charts;
mod frame;
mod numbers;
mod pages;
mod problem;
mod text;
mod visit;
