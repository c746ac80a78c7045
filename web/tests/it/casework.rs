//! Cases over HTTP, as browsers without JavaScript work on them.

mod faults;
mod pages;
mod script;
mod town;
