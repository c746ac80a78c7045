//! From records in a lake to published figures, with the plan of Tianjin.

mod cases;
pub(crate) mod centre;
mod events;
mod facts;
mod publishing;
mod statuses;
