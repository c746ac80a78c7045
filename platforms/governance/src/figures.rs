//! Figures: indicators evaluated over states, for every organisation, on any hierarchy and cut.
//!
//! **Invariant:** pure. A figure depends on the states, the organisations and the definitions of
//! one release and on nothing else, so the same release gives the same figures to the last digit.
//!
//! The value of a city is the sum of its parts' numerators over the sum of their denominators,
//! never a mean of their shares (standards §12).

mod cells;
mod coverage;
pub mod csv;
mod disclosure;
mod dispersion;
mod evaluate;
mod frame;
pub mod json;
mod passes;
mod printed;
mod published;
mod quotient;
mod ranking;
mod scoreboard;
mod shared;
mod standing;
mod terms;
mod totals;
mod years;

pub use self::disclosure::LEAST_PERSONS;
pub use self::frame::Frame;
pub(crate) use self::passes::passes;
pub use self::printed::in_digits;
pub use self::published::{Published, View};
pub use self::ranking::{Rank, Ranking};
pub use self::scoreboard::{GroupStandings, Scoreboard};
pub use self::standing::{Alternative, Change, Standing, Trend};
pub use self::terms::{Contribution, Side, TermSum};
pub(crate) use self::totals::Totals;

#[cfg(test)]
mod tests;
