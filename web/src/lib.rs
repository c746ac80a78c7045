//! Pages and the API: ask the platform below, show the answer.
//!
//! **Invariant:** no SQL, no clock and no arithmetic on figures in this crate. Every figure comes
//! from one release through its public view.

mod answer;
mod api;
mod app;
mod assets;
mod casework;
mod charts;
mod extract;
mod frame;
mod instant;
mod intake;
mod letters;
mod network;
mod numbers;
mod pages;
mod problem;
mod routes;
mod serve;
mod text;
mod turns;
mod visit;

pub use self::app::{App, Asking, Demonstrated, Surroundings, Unanswered};
pub use self::routes::router;
pub use self::serve::serve;
