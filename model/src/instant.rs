//! Instants and distances from UTC as people write them.

use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

/// An instant such as `2026-01-31T08:00:00Z`, or the end of a day such as `2026-01-31`: what was published on a day
/// counts as known by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    At(Timestamp),
    /// Which instant that is, the clocks of a place say.
    EndOf(Date),
}

/// The text names no instant and no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a day such as 2026-01-31, or an instant such as 2026-01-31T08:00:00Z")]
pub struct NoMoment;

impl Moment {
    /// The instant, where clocks are this far from UTC; `None` where the calendar ends.
    pub fn instant(self, offset: Offset) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::EndOf(day) => {
                let next = day.tomorrow().ok()?.to_datetime(Time::midnight());
                offset.to_timestamp(next).ok()?.checked_sub(1.microsecond()).ok()
            }
        }
    }
}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        // A date with a clock and no zone is not a day: which hour it means, nobody can say.
        if text.contains(['T', 't', ' ', ':']) {
            return Err(NoMoment);
        }
        text.parse().map(Self::EndOf).map_err(|_| NoMoment)
    }
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

    fn instant(text: &str, hours: i8) -> Option<Timestamp> {
        text.parse::<Moment>().ok()?.instant(Offset::constant(hours))
    }

    #[test]
    fn a_day_means_its_end_by_the_clocks_of_the_place() {
        let end = |text: &str| text.parse().ok();
        assert_eq!(instant("2026-01-31", 0), end("2026-01-31T23:59:59.999999Z"));
        assert_eq!(instant("2026-01-31", 8), end("2026-01-31T15:59:59.999999Z"));
        for hours in [0, 8] {
            assert_eq!(instant("2026-01-31T08:00:00+08:00", hours), end("2026-01-31T00:00:00Z"));
        }
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
            assert_eq!(instant(text, 0), None, "{text}");
        }
    }
}
