//! Instants and distances from UTC as people write them.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};
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

/// A distance from UTC such as `+08:00`; `None` for anything else, and for what no clock on earth shows.
pub fn offset(text: &str) -> Option<Offset> {
    const FARTHEST: i32 = 14 * 60;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let number = |it: &str| -> Option<i32> {
        let plain = it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
        plain.then(|| it.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|it| *it < 60)?);
    let all = hours * 60 + minutes;
    let offset = Offset::from_seconds(sign * all * 60);
    offset.ok().filter(|_| all <= FARTHEST)
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
    fn a_distance_from_utc_has_a_sign_hours_and_minutes() {
        let seconds = |text| offset(text).map(Offset::seconds);
        assert_eq!(seconds("+08:00"), Some(8 * 3600));
        assert_eq!(seconds("-03:30"), Some(-3 * 3600 - 1800));
        assert_eq!(seconds("+00:00"), Some(0));
        assert_eq!(seconds("+14:00"), Some(14 * 3600));
        for text in
            ["", "8", "08:00", "+8:00", "+08:60", "+0800", "++1:00", "+14:01", "+99:00", "UTC"]
        {
            assert_eq!(offset(text), None, "{text}");
        }
    }

    #[test]
    fn what_names_no_instant() {
        for text in ["", "yesterday", "2026-02-30", "2026-01-31T08:00", "2026", "9999-12-31"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
