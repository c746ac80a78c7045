//! The shape of a status: it tells the same as its word, without colour.

use askama::Template;
use model::target::Status;

/// A status drawn as a disc: full, half, a quarter, empty; a dot when not due, a dash without data.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "charts/mark.svg", escape = "html")]
pub(crate) struct Mark {
    status: Status,
}

impl Mark {
    pub(crate) const fn new(status: Status) -> Self {
        Self { status }
    }

    /// What is filled of a disc of radius 6 around (8, 8).
    const fn fill(self) -> &'static str {
        match self.status {
            Status::Met => "M8 2a6 6 0 1 1 0 12 6 6 0 1 1 0-12z",
            Status::OnTrack => "M8 2a6 6 0 0 0 0 12z",
            Status::Behind => "M8 8V2a6 6 0 0 1 6 6z",
            Status::Missed => "",
            Status::NotDue => "M8 6a2 2 0 1 1 0 4 2 2 0 1 1 0-4z",
            Status::NoData => "M3 7h10v2H3z",
        }
    }

    const fn has_ring(self) -> bool {
        matches!(self.status, Status::Met | Status::OnTrack | Status::Behind | Status::Missed)
    }
}
