//! The one integration-test binary: a small city made by hand, asked as a browser and a program would.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot set itself up should stop at once"
)]

mod administration;
mod api;
mod before;
mod casework;
mod delegation;
mod headers;
mod made;
mod matrix;
mod network;
mod openid;
mod pages;
mod problems;
mod shape;
mod site;
mod systems;
mod verification;
mod why;
