//! Drawings made on the server: typed data in, SVG out. They need no script, and they print.
//!
//! **Invariant:** floats are for drawing only; every number beside a mark is the exact one.

pub(crate) mod bullet;
pub(crate) mod dot;
pub(crate) mod mark;
pub(crate) mod multiples;
pub(crate) mod scale;
pub(crate) mod series;
pub(crate) mod spark;
pub(crate) mod tiles;
