//! Codes that a nation issues, and what can be wrong with one.
//!
//! A check is pure and answers with every fault apart: a wrong check digit, an unknown region and
//! an impossible birth date are three findings, worded for the person who must mend them.

use std::fmt;

mod credit;
mod division;
mod identity;
mod school;
mod student;

pub use self::credit::{credit_check_character, credit_faults};
pub use self::division::{division_faults, is_province};
pub use self::identity::{
    Sex, identity_birth_date, identity_check_character, identity_faults, identity_sex,
};
pub use self::school::{SCHOOL_KINDS, SchoolKind, school_faults, school_kind};
pub use self::student::student_faults;

/// One thing that is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Not the length of such a code.
    Length { expected: u8 },
    /// A character that such a code cannot hold.
    Characters,
    /// The first letter of a student number is not `G`, `J` or `L`.
    Prefix,
    /// The check character does not fit the others; this one would.
    Checksum { expected: char },
    /// The first six digits have not the shape of a division code (GB/T 2260).
    Region,
    /// The eight digits of the birth date are no day of any calendar.
    BirthDate,
    /// The first two digits of a school code name no kind of school.
    Kind,
    /// The two digits of the province name no province.
    Province,
}

impl Fault {
    /// A short stable word for the rule, for the findings file.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::Characters => "characters",
            Self::Prefix => "prefix",
            Self::Checksum { .. } => "checksum",
            Self::Region => "region",
            Self::BirthDate => "birth-date",
            Self::Kind => "kind",
            Self::Province => "province",
        }
    }
}

impl fmt::Display for Fault {
    /// What was expected in place of what was found; never shows the code itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected } => write!(f, "{expected} 个字符 / {expected} characters"),
            Self::Characters => {
                f.write_str("只含此类代码的字符 / only the characters such a code is made of")
            }
            Self::Prefix => f.write_str("以 G、J 或 L 开头 / G, J or L in front"),
            Self::Checksum { expected } => {
                write!(f, "校验码 {expected} / check character {expected}")
            }
            Self::Region => {
                f.write_str("符合 GB/T 2260 的地区码 / a region of the shape of GB/T 2260")
            }
            Self::BirthDate => f.write_str("存在的出生日期 / a birth date that exists"),
            Self::Kind => f.write_str(
                "前两位为已知的学校类别 / a known kind of school in the first two digits",
            ),
            Self::Province => f.write_str(
                "第三、四位为已知的省级代码 / a known province in the third and fourth digit",
            ),
        }
    }
}

/// All faults of one code, at most three: no code has more parts that can be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults([Option<Fault>; 3]);

impl Faults {
    /// Nothing is wrong.
    pub const NONE: Self = Self([None; 3]);

    const fn one(fault: Fault) -> Self {
        Self([Some(fault), None, None])
    }

    pub const fn is_sound(&self) -> bool {
        matches!(self.0, [None, None, None])
    }

    pub fn iter(&self) -> impl Iterator<Item = Fault> {
        self.0.into_iter().flatten()
    }

    /// Whether this rule was broken, by its [`Fault::rule`].
    pub fn breaks(&self, rule: &str) -> bool {
        self.iter().any(|it| it.rule() == rule)
    }
}

/// The value of a decimal digit.
const fn digit(byte: u8) -> Option<u32> {
    match byte {
        #[expect(clippy::as_conversions, reason = "widening, in a const fn")]
        b'0'..=b'9' => Some((byte - b'0') as u32),
        _ => None,
    }
}

#[cfg(test)]
fn shown(faults: Faults) -> String {
    let rules: Vec<_> = faults.iter().map(Fault::rule).collect();
    if rules.is_empty() { "sound".to_owned() } else { rules.join(" ") }
}
