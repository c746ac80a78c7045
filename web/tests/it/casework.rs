//! Cases over HTTP, as browsers without JavaScript work on them.

mod bulk;
mod faults;
pub(crate) mod hidden;
mod letters;
mod pages;
mod script;
mod sheets;
mod town;
mod workbook;
