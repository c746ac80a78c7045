//! A plan as data: indicators with targets, tasks, projects, and the clauses they were read from.

use std::collections::BTreeMap;

use jiff::tz::Offset;

use crate::codes::{Faults, division_faults, school_faults};
use crate::dataset::Dataset;
use crate::exact::Decimal;
use crate::indicator::Indicator;
use crate::measure::Measure;
use crate::text::{Bilingual, Place};
use crate::year::Year;

/// A whole plan folder, read and checked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Lower-case letters, digits and `-`.
    pub code: String,
    pub name: Bilingual,
    /// The place it is for.
    pub city: Bilingual,
    /// How far the clocks of that place are from UTC, where the plan tells it.
    pub offset: Option<Offset>,
    pub first_year: Year,
    pub last_year: Year,
    pub baseline_year: Year,
    /// From the whole to the smallest: `city`, `district`, `school`.
    pub levels: Vec<Level>,
    /// Levels of other hierarchies, beside those above, such as school zones.
    pub side_levels: Vec<Level>,
    pub groups: Vec<Group>,
    pub indicators: Vec<Indicator>,
    pub tasks: Vec<Task>,
    pub projects: Vec<Project>,
    /// Parts of the document, in its order.
    pub sections: Vec<Section>,
    pub clauses: BTreeMap<String, Clause>,
    pub contradictions: Vec<Contradiction>,
    pub map: Vec<Tile>,
    pub datasets: BTreeMap<String, Dataset>,
    pub measures: Vec<Measure>,
    /// Titles of the codes organisations carry: (`kind`, `founder`, `stage`, `area_class`, `hierarchy`) → code → title.
    pub vocabulary: BTreeMap<String, BTreeMap<String, Bilingual>>,
    /// Tables of national rules: folder such as `fitness-2014` → file → text.
    pub rules: BTreeMap<String, BTreeMap<String, String>>,
    /// Hash of all files of the folder, in hexadecimal: the version of all definitions together.
    pub version: String,
}

impl Plan {
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|it| it.code == code)
    }

    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|it| it.name == name)
    }

    /// The measures of one dataset, in the order of the plan.
    pub fn measures_of<'a>(&'a self, dataset: &'a str) -> impl Iterator<Item = &'a Measure> {
        self.measures.iter().filter(move |it| it.dataset == dataset)
    }

    pub fn level(&self, code: &str) -> Option<&Level> {
        self.levels.iter().chain(&self.side_levels).find(|it| it.code == code)
    }

    /// How far below the whole a level is: 0 for the city; `None` for a level of another hierarchy.
    pub fn depth(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|it| it.code == level)
    }

    /// Title of a code of an organisation's attribute; the code itself when it has none.
    pub fn title<'a>(&'a self, attribute: &str, code: &'a str) -> Option<&'a Bilingual> {
        self.vocabulary.get(attribute).and_then(|it| it.get(code))
    }

    /// How far the city's clocks are from UTC; not at all where the plan does not tell it.
    pub fn clocks(&self) -> Offset {
        self.offset.unwrap_or(Offset::UTC)
    }

    /// All years of the plan, the baseline's included.
    pub fn years(&self) -> impl Iterator<Item = Year> {
        self.baseline_year.min(self.first_year).through(self.last_year)
    }
}

/// A level of organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub code: String,
    pub name: Bilingual,
    /// How its organisations are numbered, where a nation does it.
    pub numbering: Option<Numbering>,
}

/// Who gives organisations their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Ten digits, 学校(机构)标识码.
    School,
    /// Six digits, GB/T 2260.
    Division,
}

impl Numbering {
    /// The numbering of a word in plan folders.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "school" => Some(Self::School),
            "division" => Some(Self::Division),
            _ => None,
        }
    }

    /// What is wrong with a code that should be of this numbering.
    pub fn faults(self, code: &str) -> Faults {
        match self {
            Self::School => school_faults(code),
            Self::Division => division_faults(code),
        }
    }
}

/// A group of indicators, as in the plan's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub code: String,
    pub name: Bilingual,
}

/// One task of a plan.
#[derive(Clone, Debug)]
pub struct Task {
    /// Section number, such as `3.2`.
    pub id: String,
    pub name: Bilingual,
    pub subtasks: Vec<Subtask>,
    /// Numbers the task states as a whole, in none of its parts.
    pub quantities: Vec<Quantity>,
}

/// One part of a task.
#[derive(Clone, Debug)]
pub struct Subtask {
    pub id: String,
    pub name: Bilingual,
    pub clauses: Vec<String>,
    /// Ids of its projects.
    pub projects: Vec<String>,
    pub quantities: Vec<Quantity>,
    pub place: Place,
}

/// A project box of a plan.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: String,
    pub number: u16,
    pub name: Bilingual,
    pub subtask: String,
    pub clauses: Vec<String>,
    pub quantities: Vec<Quantity>,
    pub milestones: Vec<Milestone>,
    pub place: Place,
}

/// A number the plan states: how many of what, by when.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub id: String,
    pub what: Bilingual,
    pub comparison: Comparison,
    /// `None` where the plan only says that it starts, or that it must not fall or must grow.
    pub value: Option<Decimal>,
    /// Upper end of a range.
    pub value_max: Option<Decimal>,
    pub unit: Bilingual,
    pub year: Year,
    /// Whether the year is printed with it; otherwise it is the end of the plan.
    pub year_stated: bool,
    pub clause: String,
    /// The indicator that measures it, if one does.
    pub indicator: Option<String>,
    /// Such as "every year" or "per pupil"; empty where there is nothing to add.
    pub note: Bilingual,
    pub place: Place,
}

/// How a stated number is to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    AtLeast,
    MoreThan,
    AtMost,
    About,
    Between,
    /// A dated act, without a number.
    Event,
}

impl Comparison {
    /// The sign printed before the number.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::AtLeast => "≥",
            Self::MoreThan => ">",
            Self::AtMost => "≤",
            Self::About => "≈",
            Self::Between => "–",
            Self::Event => "",
        }
    }

    /// The word used in plan folders.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::AtLeast => "at_least",
            Self::MoreThan => "more_than",
            Self::AtMost => "at_most",
            Self::About => "about",
            Self::Between => "between",
            Self::Event => "event",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Equal,
            Self::AtLeast,
            Self::MoreThan,
            Self::AtMost,
            Self::About,
            Self::Between,
            Self::Event,
        ];
        all.into_iter().find(|it| it.as_str() == text)
    }
}

/// Something to be done, without a number.
#[derive(Clone, Debug)]
pub struct Milestone {
    pub id: String,
    pub what: Bilingual,
    pub clause: String,
    pub year: Year,
    pub year_stated: bool,
    pub place: Place,
}

/// A part of the plan's document whose sentences are counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Such as `3.1.1`; its clauses are `3.1.1-01` and so on.
    pub id: String,
    /// Words of its heading, by which it is found in a copy of the document.
    pub heading: String,
    pub sentences: u16,
}

impl Section {
    /// Ids of its clauses, in order.
    pub fn clauses(&self) -> impl Iterator<Item = String> {
        (1..=self.sentences).map(|it| format!("{}-{it:02}", self.id))
    }
}

/// A sentence of the plan's document. The text is there only when the city attached its own copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    pub id: String,
    /// Section or box it stands in.
    pub section: String,
    pub text: Option<String>,
}

/// Two places of a plan that do not agree, and what is done about it.
#[derive(Clone, Debug)]
pub struct Contradiction {
    pub id: String,
    pub what: Bilingual,
    pub clauses: Vec<String>,
    pub handling: Bilingual,
    /// Indicators it concerns.
    pub indicators: Vec<String>,
}

/// Where an organisation stands on the plan's schematic map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub organisation: String,
    pub row: u8,
    pub column: u8,
    pub label: Bilingual,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn a_code_is_held_against_the_numbering_of_its_level() {
        let rules = |numbering: &str, code: &str| {
            let faults = Numbering::parse(numbering).unwrap().faults(code);
            faults.iter().map(codes::Fault::rule).collect::<Vec<_>>()
        };
        assert!(rules("school", "2112000001").is_empty());
        assert_eq!(rules("school", "211200001"), ["length"]);
        assert_eq!(rules("school", "9999000001"), ["kind", "province"]);
        assert!(rules("division", "120225").is_empty());
        assert_eq!(rules("division", "990101"), ["region"]);
        assert_eq!(Numbering::parse("city"), None);
    }
}
