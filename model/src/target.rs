//! Targets are typed, and every type has a status for every value.
//!
//! The rule, for a value v of year y, a baseline b of year b₀ and a target t due in year d:
//!
//! - no value: no data; y ≤ b₀: not due (the plan had not begun);
//! - the target's own condition holds: met;
//! - y ≥ d: missed;
//! - otherwise v is held against the straight path from (b₀, b) to (d, t): at the path or on its
//!   better side is on track, the other side is behind. Where there is no baseline, or t = b, the
//!   path is flat at t; so a value that equals an "exceed" target is on track, not met.
//!
//! Nothing is divided by t − b, so a target that equals its baseline is as good as any other.

mod milestones;

use std::fmt;

use crate::exact::Decimal;
use crate::indicator::Baseline;
use crate::text::Bilingual;
use crate::year::Year;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Up,
    Down,
}

impl Direction {
    /// Whether `a` is at least as good as `b`.
    pub fn is_at_least(self, a: Decimal, b: Decimal) -> bool {
        match self {
            Self::Up => a >= b,
            Self::Down => a <= b,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `value` or more (93).
    AtLeast { value: Decimal, by: Year },
    /// More than `value` (>99): 99 itself does not meet it.
    Exceed { value: Decimal, by: Year },
    /// `value` or less (48.5).
    AtMost { value: Decimal, by: Year },
    /// To be kept at `value` or better every year (0 % large classes, 4,500 students).
    Hold { value: Decimal, by: Year },
    /// All of so many units (16 of 16 districts).
    AllUnits { units: u32, by: Year },
    /// Cumulative steps by year (4, 10, 16). In order of years; the last is the target.
    Milestones { steps: Vec<(Year, Decimal)> },
    /// Never less than the year before (spending only grows).
    NeverDecrease { by: Year },
    /// So many things built or set up; counted, not measured.
    Deliverable { count: u32, by: Year },
}

impl Target {
    /// The year it is due. `None` for milestones without a step.
    pub fn due(&self) -> Option<Year> {
        match self {
            Self::AtLeast { by, .. }
            | Self::Exceed { by, .. }
            | Self::AtMost { by, .. }
            | Self::Hold { by, .. }
            | Self::AllUnits { by, .. }
            | Self::NeverDecrease { by }
            | Self::Deliverable { by, .. } => Some(*by),
            Self::Milestones { steps } => steps.last().map(|(year, _)| *year),
        }
    }

    /// The number to reach, where there is one. All units is 100 (percent of the units).
    pub fn value(&self) -> Option<Decimal> {
        match self {
            Self::AtLeast { value, .. }
            | Self::Exceed { value, .. }
            | Self::AtMost { value, .. }
            | Self::Hold { value, .. } => Some(*value),
            Self::AllUnits { .. } => Some(Decimal::from_integer(100)),
            Self::Deliverable { count, .. } => Some(Decimal::from_integer(i64::from(*count))),
            Self::Milestones { steps } => steps.last().map(|(_, value)| *value),
            Self::NeverDecrease { .. } => None,
        }
    }

    /// The word used in plan folders.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::AtLeast { .. } => "at_least",
            Self::Exceed { .. } => "exceed",
            Self::AtMost { .. } => "at_most",
            Self::Hold { .. } => "hold",
            Self::AllUnits { .. } => "all_units",
            Self::Milestones { .. } => "milestones",
            Self::NeverDecrease { .. } => "never_decrease",
            Self::Deliverable { .. } => "deliverable",
        }
    }

    /// Whether a value meets it, whatever the year; milestones are met by their last step.
    pub fn is_met_by(&self, value: Decimal, direction: Direction) -> bool {
        match self {
            Self::AtLeast { value: floor, .. } => value >= *floor,
            Self::Exceed { value: bound, .. } => match direction {
                Direction::Up => value > *bound,
                Direction::Down => value < *bound,
            },
            Self::AtMost { value: ceiling, .. } => value <= *ceiling,
            Self::Hold { value: kept, .. } => direction.is_at_least(value, *kept),
            Self::AllUnits { .. } | Self::Deliverable { .. } | Self::Milestones { .. } => {
                self.value().is_some_and(|it| value >= it)
            }
            Self::NeverDecrease { .. } => false,
        }
    }

    /// Where the straight path from the baseline to the target stands in `year`.
    pub fn path(&self, baseline: Option<&Baseline>, year: Year, decimals: u8) -> Option<Decimal> {
        let (goal, due) = (self.value()?, self.due()?);
        if let Self::Milestones { steps } = self {
            return milestones::due_by(steps, year);
        }
        let Some(baseline) = baseline.filter(|it| it.year < due && it.value != goal) else {
            return Some(goal);
        };
        let elapsed = year.min(due).number().saturating_sub(baseline.year.number());
        let whole = due.number() - baseline.year.number();
        let step = (goal - baseline.value).times(i64::from(elapsed));
        let step = step.ratio(Decimal::from_integer(i64::from(whole)), 1, decimals.max(2))?;
        Some(baseline.value + step)
    }

    /// Holds a series against the target in one of its years.
    pub fn judge(
        &self,
        series: &[(Year, Decimal)],
        year: Year,
        baseline: Option<&Baseline>,
        direction: Direction,
    ) -> Judgement {
        let value = series.iter().find(|(it, _)| *it == year).map(|(_, value)| *value);
        let Some(value) = value else {
            return Judgement { status: Status::NoData, distance: None };
        };
        let distance = self.distance(value, direction, series, year);
        let judged = |status| Judgement { status, distance };
        if baseline.is_some_and(|it| year <= it.year) {
            return judged(Status::NotDue);
        }
        match self {
            Self::Milestones { steps } => judged(milestones::status(steps, value, year)),
            Self::NeverDecrease { by } => judged(never_decreased(series, year, *by)),
            Self::AtLeast { by, .. }
            | Self::Exceed { by, .. }
            | Self::AtMost { by, .. }
            | Self::Hold { by, .. }
            | Self::AllUnits { by, .. }
            | Self::Deliverable { by, .. } => {
                if self.is_met_by(value, direction) {
                    return judged(Status::Met);
                }
                if year >= *by {
                    return judged(Status::Missed);
                }
                let better = match self {
                    Self::AtMost { .. } => Direction::Down,
                    Self::Exceed { .. } | Self::Hold { .. } => direction,
                    Self::AtLeast { .. }
                    | Self::AllUnits { .. }
                    | Self::Milestones { .. }
                    | Self::NeverDecrease { .. }
                    | Self::Deliverable { .. } => Direction::Up,
                };
                let decimals = value.scale().saturating_add(2);
                let on_path = self
                    .path(baseline, year, decimals)
                    .is_some_and(|it| better.is_at_least(value, it));
                judged(if on_path { Status::OnTrack } else { Status::Behind })
            }
        }
    }

    /// How far the value is from the target, in the indicator's own unit; zero when it is there.
    ///
    /// An "exceed" target that is only equalled has a distance of zero and is not met.
    fn distance(
        &self,
        value: Decimal,
        direction: Direction,
        series: &[(Year, Decimal)],
        year: Year,
    ) -> Option<Decimal> {
        let (goal, better) = match self {
            Self::NeverDecrease { .. } => {
                let before = year.before(1)?;
                (series.iter().find(|(it, _)| *it == before)?.1, Direction::Up)
            }
            Self::AtMost { value, .. } => (*value, Direction::Down),
            Self::Exceed { value, .. } | Self::Hold { value, .. } => (*value, direction),
            Self::AtLeast { .. }
            | Self::AllUnits { .. }
            | Self::Milestones { .. }
            | Self::Deliverable { .. } => (self.value()?, Direction::Up),
        };
        let short = match better {
            Direction::Up => goal - value,
            Direction::Down => value - goal,
        };
        Some(if short.is_negative() { Decimal::new(0, short.scale()) } else { short })
    }
}

/// Met while no year fell below the one before; the first fall is a miss for good.
fn never_decreased(series: &[(Year, Decimal)], year: Year, by: Year) -> Status {
    let mut seen: Vec<(Year, Decimal)> =
        series.iter().filter(|(it, _)| *it <= year).copied().collect();
    seen.sort_by_key(|(it, _)| *it);
    let fell = seen.iter().zip(seen.iter().skip(1)).any(|((_, before), (_, after))| after < before);
    match (fell, year >= by) {
        (true, _) => Status::Missed,
        (false, true) => Status::Met,
        (false, false) => Status::OnTrack,
    }
}

/// A status and how far there is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub status: Status,
    /// In the indicator's own unit; zero when the target is reached; `None` without a value or number.
    pub distance: Option<Decimal>,
}

/// Where an indicator stands against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Met,
    OnTrack,
    Behind,
    Missed,
    NotDue,
    NoData,
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::Met, Self::OnTrack, Self::Behind, Self::Missed, Self::NotDue, Self::NoData];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::Missed => "missed",
            Self::NotDue => "not_due",
            Self::NoData => "no_data",
        }
    }

    /// The mark that stands beside the word.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Met => "●",
            Self::OnTrack => "◐",
            Self::Behind => "◔",
            Self::Missed => "○",
            Self::NotDue => "·",
            Self::NoData => "–",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A target as a plan states it, with the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTarget {
    pub target: Target,
    /// As printed, such as `>80`.
    pub printed: String,
    /// Where: the table, a box, the text.
    pub label: Bilingual,
    pub clauses: Vec<String>,
    /// Version of the definition it goes with, when not the published one.
    pub definition: Option<u16>,
}

#[cfg(test)]
mod tests;
