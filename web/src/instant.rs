//! Instants as people read them: in the city's own time. Programs are told them exactly.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::Moment;

/// The city's own time, by the distance from UTC that its plan tells; UTC itself where it tells none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CityTime(Option<Offset>);

/// An instant, for reading and for programs.
#[derive(Clone, Debug)]
pub(crate) struct Instant {
    /// RFC 3339.
    pub(crate) at: String,
    /// To the minute: `2026-01-05 12:00`.
    pub(crate) shown: String,
}

impl CityTime {
    pub(crate) const fn new(offset: Option<Offset>) -> Self {
        Self(offset)
    }

    pub(crate) fn instant(self, at: Timestamp) -> Instant {
        Instant { at: at.to_string(), shown: self.shown(at, "%Y-%m-%d %H:%M") }
    }

    /// The instant that somebody named; `None` where the calendar ends.
    pub(crate) fn named(self, moment: Moment) -> Option<Timestamp> {
        moment.instant(self.offset())
    }

    /// The day of an instant.
    pub(crate) fn day(self, at: Timestamp) -> Date {
        self.offset().to_datetime(at).date()
    }

    /// For waits that are shorter than a minute.
    pub(crate) fn to_the_second(self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%d %H:%M:%S")
    }

    /// The midnight a day begins with; `None` where the calendar ends.
    pub(crate) fn midnight(self, day: Date) -> Option<Timestamp> {
        self.offset().to_timestamp(day.at(0, 0, 0, 0)).ok()
    }

    /// The midnight a day ends with.
    pub(crate) fn midnight_after(self, day: Date) -> Option<Timestamp> {
        self.midnight(day.tomorrow().ok()?)
    }

    fn shown(self, at: Timestamp, pattern: &str) -> String {
        let civil = self.offset().to_datetime(at).strftime(pattern).to_string();
        // Of the own city's clocks nobody has to be told which ones are meant.
        if self.0.is_some() { civil } else { format!("{civil} UTC") }
    }

    pub(crate) fn offset(self) -> Offset {
        self.0.unwrap_or(Offset::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_is_read_by_the_citys_clocks_and_stays_exact_for_programs() {
        let late = at("2026-09-21T17:13:59.5Z");
        let here = CityTime::new(Some(Offset::constant(8)));
        let instant = here.instant(late);
        assert_eq!(
            (instant.shown.as_str(), instant.at.as_str()),
            ("2026-09-22 01:13", "2026-09-21T17:13:59.5Z")
        );
        assert_eq!(here.to_the_second(late), "2026-09-22 01:13:59");
    }

    #[test]
    fn where_the_plan_tells_no_distance_the_time_says_that_it_is_utc() {
        let nowhere = CityTime::new(None);
        assert_eq!(nowhere.instant(at("2026-09-21T17:13:59Z")).shown, "2026-09-21 17:13 UTC");
    }

    #[test]
    fn a_day_begins_and_ends_with_the_citys_midnights() {
        let here = CityTime::new(Some(Offset::constant(8)));
        let day = "2026-09-30".parse().unwrap();
        assert_eq!(here.midnight(day), Some(at("2026-09-29T16:00:00Z")));
        assert_eq!(here.midnight_after(day), Some(at("2026-09-30T16:00:00Z")));
        assert_eq!(here.midnight_after(Date::MAX), None);
        let named = here.named(Moment::EndOf(day)).unwrap();
        assert_eq!(named, at("2026-09-30T15:59:59.999999Z"));
        assert_eq!(
            (here.day(named), here.day(at("2026-09-30T16:00:00Z"))),
            (day, day.tomorrow().unwrap())
        );
    }
}
