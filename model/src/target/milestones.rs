//! Cumulative steps by year, such as 4, 10 and 16 districts.

use super::Status;
use crate::exact::Decimal;
use crate::year::Year;

/// What should have been reached by `year`; `None` before the first step.
pub(super) fn due_by(steps: &[(Year, Decimal)], year: Year) -> Option<Decimal> {
    steps.iter().rev().find(|(due, _)| *due <= year).map(|(_, value)| *value)
}

/// Met when the last step is reached, whenever that is.
pub(super) fn status(steps: &[(Year, Decimal)], value: Decimal, year: Year) -> Status {
    let Some((last_due, last)) = steps.last() else {
        return Status::NotDue;
    };
    if value >= *last {
        return Status::Met;
    }
    match due_by(steps, year) {
        None => Status::NotDue,
        Some(_) if year >= *last_due => Status::Missed,
        Some(due) if value >= due => Status::OnTrack,
        Some(_) => Status::Behind,
    }
}
