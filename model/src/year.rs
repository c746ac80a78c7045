//! Years: the period of every fact and figure.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A year of record: a school year by the calendar year it begins in, or a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(u16);

/// The text is no year that records can be about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a year between 1900 and 2200")]
pub struct YearError(pub String);

impl Year {
    /// `None` outside 1900–2200: such a year is a slip of the pen, not a period of record.
    pub const fn new(year: u16) -> Option<Self> {
        if year >= 1900 && year <= 2200 { Some(Self(year)) } else { None }
    }

    /// The number as it is written.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The year `years` before this one; `None` before 1900.
    pub fn before(self, years: u16) -> Option<Self> {
        self.0.checked_sub(years).and_then(Self::new)
    }

    /// The year after this one; `None` after 2200.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).and_then(Self::new)
    }

    /// All years from this one to `last`, both included.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }

    /// The date in this year on which its records are taken.
    pub fn on(self, day: MonthDay) -> Date {
        let year = i16::try_from(self.0).unwrap_or(1900);
        Date::new(year, day.month, day.day).unwrap_or(Date::constant(1900, 1, 1))
    }
}

impl FromStr for Year {
    type Err = YearError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().ok().and_then(Self::new).ok_or_else(|| YearError(text.to_owned()))
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A day that comes every year, such as 1 September. 29 February is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// 1 September, when the school year begins and school statistics are taken.
    pub const SCHOOL_YEAR: Self = Self { month: 9, day: 1 };
    /// 31 December, when calendar-year statistics close.
    pub const YEAR_END: Self = Self { month: 12, day: 31 };

    /// `None` when some year has no such day.
    pub fn new(month: i8, day: i8) -> Option<Self> {
        Date::new(2023, month, day).ok().map(|_| Self { month, day })
    }
}

impl FromStr for MonthDay {
    type Err = MonthDayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('-');
        let parsed = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        parsed
            .and_then(|(month, day)| Self::new(month, day))
            .ok_or_else(|| MonthDayError(text.to_owned()))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// The text is no day that comes every year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day of the year, written like 09-01")]
pub struct MonthDayError(pub String);
