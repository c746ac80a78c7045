//! Datasets: one declaration is at once form, validation, catalogue entry and disclosure register.

use std::fmt;
use std::str::FromStr;

use crate::exact::Decimal;
use crate::finding::Severity;
use crate::text::{Bilingual, Place};
use crate::year::MonthDay;

/// A kind of record: its columns, key, period, and what is checked on every row.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Lower-case letters, digits and `_`; the folder of its table in the lake.
    pub name: String,
    pub title: Bilingual,
    /// The platform that collects it, such as `management`.
    pub platform: String,
    pub period: Period,
    /// The day of the year on which its records are true; organisations are read as of that day.
    pub reference: MonthDay,
    pub columns: Vec<Column>,
    /// Names of the columns that tell one row of a year from another (the year itself is implied).
    pub key: Vec<String>,
    /// Columns that states are kept apart by, for breakdowns such as sex or grade.
    pub dimensions: Vec<String>,
    /// Who should report; coverage counts the reporting of the expected.
    pub expected: Option<Expected>,
    pub checks: Vec<RowCheck>,
    pub sums: Vec<SumCheck>,
    pub derived: Option<Derived>,
    pub place: Place,
}

impl Dataset {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// The column that names the organisation of a row.
    pub fn organisation_column(&self) -> Option<&Column> {
        self.columns.iter().find(|it| matches!(it.kind, ColumnKind::Organisation))
    }

    /// The column that gives the year of a row.
    pub fn year_column(&self) -> Option<&Column> {
        self.columns.iter().find(|it| matches!(it.kind, ColumnKind::Year))
    }
}

/// What a row's year means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// 1 September of the year to 31 August of the next.
    SchoolYear,
    /// 1 January to 31 December.
    CalendarYear,
}

/// One column of a dataset.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name in files and in predicates.
    pub name: String,
    pub title: Bilingual,
    pub kind: ColumnKind,
    pub unit: Option<String>,
    /// An empty cell is an error; otherwise it is a missing value.
    pub required: bool,
    pub disclosure: Disclosure,
    /// Least and greatest value, both allowed.
    pub range: Option<(Decimal, Decimal)>,
    /// Outside the range is a warning, not an error.
    pub range_warns: bool,
    pub place: Place,
}

/// What a cell may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Code of the organisation the row is about; must be known in the row's year. Exactly one.
    Organisation,
    /// Code of another organisation, checked the same way.
    OtherOrganisation,
    /// The row's year. Exactly one.
    Year,
    /// A whole number.
    Integer,
    /// A number with at most this many digits after the point.
    Decimal {
        scale: u8,
    },
    /// One of a list.
    Code {
        items: Vec<CodeItem>,
    },
    /// Yes or no.
    Flag,
    Date,
    /// Free text; never read by a measure.
    Text,
    /// An identifier of a person; stored as a keyed hash, never in clear.
    Person(PersonId),
    /// 18-character unified social credit code (GB 32100).
    CreditCode,
}

/// Which identifier of a person, and so which check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonId {
    /// Citizen identity number, GB 11643.
    Identity,
    /// National student number 全国学籍号: `G`, `J` or `L` and 18 digits.
    Student,
    /// Any number the school keeps; only emptiness is checked.
    Local,
}

/// One item of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeItem {
    pub code: String,
    pub title: Bilingual,
    /// Other spellings taken for the same item on import.
    pub also: Vec<String>,
}

/// Who may see a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disclosure {
    /// May be published row by row.
    Public,
    /// May leave the centre only in sums.
    Aggregate,
    /// Speaks of one person: masked, audited, never published.
    Personal,
}

impl Disclosure {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Aggregate => "aggregate",
            Self::Personal => "personal",
        }
    }
}

impl FromStr for Disclosure {
    type Err = DisclosureError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "public" => Ok(Self::Public),
            "aggregate" => Ok(Self::Aggregate),
            "personal" => Ok(Self::Personal),
            other => Err(DisclosureError(other.to_owned())),
        }
    }
}

impl fmt::Display for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no disclosure class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of public, aggregate, personal")]
pub struct DisclosureError(pub String);

/// Which organisations should report a dataset in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Level of the organisations, such as `school` or `district`.
    pub level: String,
    /// Kinds, all when empty.
    pub kinds: Vec<String>,
    /// Stages, any of them; all when empty.
    pub stages: Vec<String>,
}

/// A condition every row must meet, as an SQL expression over its columns.
#[derive(Clone, Debug)]
pub struct RowCheck {
    /// True, or unknown for want of a value, when the row is sound.
    pub must: String,
    /// Column the finding is shown on.
    pub column: String,
    pub expected: Bilingual,
    pub hint: Bilingual,
    pub severity: Severity,
    pub place: Place,
}

/// A sum over rows that must equal a column of each of them.
///
/// For example: the pupils of a grade's classes add up to the grade's pupils that every one of
/// those rows states. Held over all rows of the group, those imported earlier included.
#[derive(Clone, Debug)]
pub struct SumCheck {
    /// Columns that make the group, besides the year.
    pub group: Vec<String>,
    /// Integer column that is added up.
    pub sum: String,
    /// Integer column that states the sum.
    pub equals: String,
    pub hint: Bilingual,
    pub severity: Severity,
    pub place: Place,
}

/// Columns computed on import from a row's other columns by a named national rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The rule, such as `fitness-2014`.
    pub rule: String,
    /// Columns it fills; declared like all others, and refused in a file.
    pub columns: Vec<String>,
}
