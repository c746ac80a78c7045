//! Filters (RFC 7644, section 3.4.2.2): text to a small tree and back, and what they match.

use std::fmt;

use serde_json::{Number, Value};

use crate::attribute::AttributePath;
use crate::error::{ScimError, ScimType};
use crate::kind::Kind;
use crate::resource::Resource;
use crate::scan::Scan;

mod matching;
mod parse;
mod print;

use self::matching::Whole;
pub(crate) use self::matching::{One, holds};

/// What a resource, or one value of an attribute, must be like.
///
/// Parsing and [`Self::all`] and [`Self::any`] keep lists flat, so that equal filters are equal trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// One of two or more holds.
    Or(Vec<Self>),
    /// All of two or more hold.
    And(Vec<Self>),
    Not(Box<Self>),
    /// There is a value, and it is not empty.
    Present(AttributePath),
    Compare {
        path: AttributePath,
        by: Comparison,
        with: Literal,
    },
    /// One value of a complex attribute is like that: `emails[type eq "work"]`.
    Has {
        path: AttributePath,
        like: Box<Self>,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
}

/// How much of a filter is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the text.
    pub length: usize,
    /// Brackets within brackets.
    pub depth: usize,
    /// Comparisons.
    pub terms: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { length: 4096, depth: 16, terms: 64 }
    }
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// `invalidFilter`, saying what was expected and where; also when the filter is beyond the limits.
    pub fn parse(text: &str, limits: Limits) -> Result<Self, ScimError> {
        parse::whole(text, limits)
    }

    /// Reads the filter in a path's brackets, and leaves what follows it.
    pub(crate) fn parse_within(scan: &mut Scan<'_>, limits: Limits) -> Result<Self, ScimError> {
        parse::within(scan, limits)
    }

    /// The filter that holds where all of these hold; `None` of none.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut flat = Vec::new();
        for filter in filters {
            if let Self::And(inner) = filter { flat.extend(inner) } else { flat.push(filter) }
        }
        if flat.len() > 1 { Some(Self::And(flat)) } else { flat.pop() }
    }

    /// The filter that holds where one of these holds; `None` of none.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut flat = Vec::new();
        for filter in filters {
            if let Self::Or(inner) = filter { flat.extend(inner) } else { flat.push(filter) }
        }
        if flat.len() > 1 { Some(Self::Or(flat)) } else { flat.pop() }
    }

    /// Whether a resource is like that.
    pub fn matches(&self, kind: &Kind, resource: &Resource) -> bool {
        holds(self, Whole { kind, resource })
    }

    /// Refuses a filter that names attributes which are not there, or compares what cannot be compared.
    pub fn check(&self, kind: &Kind) -> Result<(), ScimError> {
        matching::check(self, kind)
    }
}

impl Comparison {
    pub const ALL: [Self; 9] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::GreaterOrEqual,
        Self::Greater,
        Self::LessOrEqual,
        Self::Less,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "ge",
            Self::Less => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

impl Literal {
    /// As JSON.
    pub fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(it) => Value::Bool(*it),
            Self::Number(it) => Value::Number(it.clone()),
            Self::Text(it) => Value::String(it.clone()),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::filter(self, f)
    }
}

fn refused(detail: impl Into<String>) -> ScimError {
    ScimError::of(ScimType::InvalidFilter, detail)
}
