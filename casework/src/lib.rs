//! Runs procedures: any case, any form, any deadline.
//!
//! A procedure is a folder of data; no line here knows one by name. In the order in which one meets them:
//!
//! - [`procedure::load`] reads a folder, [`procedure::check`] proves it, [`procedure::picture`] draws it.
//! - [`Office`] holds the registry, calendars and procedures; [`Office::publish`] lets cases begin.
//! - An [`Actor`] is an account with its grants. It may [`cases::begin`] a case, [`cases::save_draft`], take a
//!   [`cases::step`], [`cases::assign`] a role, hand in a [`cases::review`], [`cases::comment`], and attach files.
//! - [`cases::tick`] does what time does; [`cases::migrate`] brings a case to a newer version.
//! - [`lists`] answers whose turn it is and what is overdue; [`outbox`] hands out facts; [`letters`] issues letters and
//!   knows them again; [`sheets`] takes and gives spreadsheets.
//!
//! **Invariant:** knows no HTTP and no lake; time and randomness are arguments.

mod actor;
pub mod attachments;
pub mod calendar;
pub mod cases;
pub mod expression;
pub mod form;
mod hash;
pub mod letters;
pub mod lists;
pub mod office;
pub mod outbox;
pub mod procedure;
pub mod sheets;
#[cfg(test)]
mod testing;
mod vault;

pub use self::actor::Actor;
pub use self::office::Office;
