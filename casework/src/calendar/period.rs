//! A length of time as procedures write it: `5 working days`, `18 months`.

use std::fmt;
use std::str::FromStr;

/// Longest period of each unit, so that a slip of the pen is an error.
const MAX: u32 = 1_000;

/// A number of working days, days, months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    pub(super) count: u32,
    pub(super) unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    WorkingDays,
    Days,
    Months,
    Years,
}

/// The text is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period")]
pub struct PeriodError(String);

impl Period {
    /// A number and its unit, `working days`, `days`, `months` or `years`, for a page to word.
    pub const fn parts(self) -> (u32, &'static str) {
        let unit = match self.unit {
            Unit::WorkingDays => "working days",
            Unit::Days => "days",
            Unit::Months => "months",
            Unit::Years => "years",
        };
        (self.count, unit)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || PeriodError(text.chars().take(40).collect());
        let (count, unit) = text.split_once(' ').ok_or_else(fault)?;
        let count: u32 = count.parse().map_err(|_| fault())?;
        let unit = match unit {
            "working day" | "working days" => Unit::WorkingDays,
            "day" | "days" => Unit::Days,
            "month" | "months" => Unit::Months,
            "year" | "years" => Unit::Years,
            _ => return Err(fault()),
        };
        if count == 0 || count > MAX { Err(fault()) } else { Ok(Self { count, unit }) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = self.parts();
        let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
        write!(f, "{count} {unit}")
    }
}
