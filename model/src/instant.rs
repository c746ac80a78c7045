//! Instants as people write them.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// An instant such as `2026-01-31T08:00:00Z`, or the end of a day such as `2026-01-31` (in UTC): what was
/// published on a day counts as known by it.
///
/// `None` for anything else, and for what lies beyond the years of the calendar.
pub fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    // A date with a clock and no zone is not a day: which hour it means, nobody can say.
    if text.contains(['T', 't', ' ', ':']) {
        return None;
    }
    let day: Date = text.parse().ok()?;
    let next =
        TimeZone::UTC.to_timestamp(day.tomorrow().ok()?.to_datetime(Time::midnight())).ok()?;
    next.checked_sub(1.microsecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_end() {
        assert_eq!(instant("2026-01-31"), "2026-01-31T23:59:59.999999Z".parse().ok());
        assert_eq!(instant("2026-01-31T08:00:00+08:00"), "2026-01-31T00:00:00Z".parse().ok());
    }

    #[test]
    fn what_names_no_instant() {
        for text in ["", "yesterday", "2026-02-30", "2026-01-31T08:00", "2026", "9999-12-31"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
