//! Working days: which days an office is open, and when a period that is counted in them ends.
//!
//! A year whose holidays are not published yet is counted by weekdays alone, and the answer says so.

use std::collections::{BTreeMap, BTreeSet};

use declarations::{Entry, Fault, Page, short};
use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use jiff::{Span, Timestamp, ToSpan};
use model::text::Bilingual;

use self::period::Unit;
pub use self::period::{Period, PeriodError};

mod period;

/// Farthest a period may reach, so that a slip of the pen is no endless count.
const MAX_DAYS: u32 = 20_000;

/// The holidays of the years that are published, and the place on earth they hold for.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub name: String,
    pub title: Bilingual,
    /// The city's distance from UTC; a day ends at its midnight.
    offset: Offset,
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, Debug, Default)]
struct Year {
    /// Days from Monday to Friday on which nobody works.
    holidays: BTreeSet<Date>,
    /// Saturdays and Sundays that make up for them.
    working: BTreeSet<Date>,
}

/// When a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The first instant that is no longer within the period.
    pub at: Timestamp,
    /// The last day within it.
    pub day: Date,
    /// Working days were counted in a year whose holidays are not published: the end may move.
    pub is_estimated: bool,
}

impl Calendar {
    /// A calendar without any published year.
    pub fn of_weekdays(name: &str, offset: Offset) -> Self {
        Self {
            name: name.to_owned(),
            title: Bilingual::new(name, name),
            offset,
            years: BTreeMap::new(),
        }
    }

    /// Reads one file of `rules/calendars`.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let page = Page::new(file, text);
        let calendar = {
            let table = page.parse();
            read(&Entry::root(&page, &table))
        };
        let faults = page.into_faults();
        match calendar {
            Some(calendar) if faults.is_empty() => Ok(calendar),
            _ => Err(faults),
        }
    }

    /// Whether offices are open on a day.
    pub fn is_working(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.years.get(&day.year()) {
            None => !weekend,
            Some(year) if weekend => year.working.contains(&day),
            Some(year) => !year.holidays.contains(&day),
        }
    }

    /// Whether the holidays of a year are published.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// The day it is in the city at an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        self.offset.to_datetime(at).date()
    }

    /// The midnight a day begins with.
    pub fn midnight(&self, day: Date) -> Timestamp {
        // Only the first and last days of the calendar have no midnight; nobody waits for those.
        self.offset.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }

    /// When a period that begins at an instant ends: the midnight after its last day.
    ///
    /// The day on which it begins is not counted, as in the counting of legal terms.
    pub fn end(&self, from: Timestamp, period: Period) -> End {
        let begun = self.day(from);
        let (day, is_estimated) = match period.unit {
            Unit::WorkingDays => self.after_working_days(begun, period.count),
            Unit::Days => (shifted(begun, i64::from(period.count).days()), false),
            Unit::Months => (shifted(begun, i64::from(period.count).months()), false),
            Unit::Years => (shifted(begun, i64::from(period.count).years()), false),
        };
        End { at: self.midnight(shifted(day, 1.days())), day, is_estimated }
    }

    /// The instant a reminder goes out: the midnight that many days before a period's end.
    pub fn before(&self, end: Date, period: Period) -> Timestamp {
        let count = i64::from(period.count);
        let day = match period.unit {
            Unit::WorkingDays => self.before_working_days(end, period.count),
            Unit::Days => shifted(end, -count.days()),
            Unit::Months => shifted(end, -count.months()),
            Unit::Years => shifted(end, -count.years()),
        };
        self.midnight(day)
    }

    fn after_working_days(&self, from: Date, count: u32) -> (Date, bool) {
        let (mut day, mut left, mut estimated) = (from, count, false);
        for _ in 0..MAX_DAYS {
            if left == 0 {
                break;
            }
            day = shifted(day, 1.days());
            estimated |= !self.knows(day.year());
            left -= u32::from(self.is_working(day));
        }
        (day, estimated)
    }

    fn before_working_days(&self, end: Date, count: u32) -> Date {
        let (mut day, mut left) = (end, count);
        for _ in 0..MAX_DAYS {
            if left == 0 {
                break;
            }
            day = shifted(day, -1.days());
            left -= u32::from(self.is_working(day));
        }
        day
    }
}

/// A day moved by a span; the last day there is where the calendar ends.
fn shifted(day: Date, by: Span) -> Date {
    day.saturating_add(by)
}

fn read(root: &Entry<'_>) -> Option<Calendar> {
    let (name, title) = (root.need_text("name"), root.need_bilingual("title"));
    let offset = root.need_word("offset").and_then(|it| {
        let offset = model::offset(it.text);
        if offset.is_none() {
            let what = format!("`{}` is no distance from UTC", short(it.text));
            root.fault_at(&it.place, what, "write it as `+08:00`");
        }
        offset
    });
    let mut years = BTreeMap::new();
    for entry in root.entries("year") {
        let number = entry.need_year("year").and_then(|it| i16::try_from(it.number()).ok());
        let (holidays, working) =
            (days(&entry, "holidays", number), days(&entry, "working", number));
        entry.done();
        let weekend = |it: &&Date| matches!(it.weekday(), Weekday::Saturday | Weekday::Sunday);
        if let Some(day) = holidays.iter().find(weekend) {
            entry.fault(format!("{day} is a weekend"), "leave it out of `holidays`");
        }
        if let Some(day) = working.iter().find(|it| !weekend(it)) {
            entry.fault(format!("{day} is no weekend"), "leave it out of `working`");
        }
        let Some(number) = number else { continue };
        if years.insert(number, Year { holidays, working }).is_some() {
            entry.fault(format!("the year {number} is there twice"), "keep one of them");
        }
    }
    root.done();
    Some(Calendar { name: name?, title: title?, offset: offset?, years })
}

fn days(entry: &Entry<'_>, key: &'static str, year: Option<i16>) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for word in entry.words(key) {
        let day = word
            .text
            .split_once('-')
            .and_then(|(month, day)| Date::new(year?, month.parse().ok()?, day.parse().ok()?).ok());
        match day {
            Some(day) => _ = days.insert(day),
            None => {
                let what = format!("`{}` is no day of the year", short(word.text));
                entry.fault_at(&word.place, what, "write month and day, such as `10-01`");
            }
        }
    }
    days
}

#[cfg(test)]
mod tests;
