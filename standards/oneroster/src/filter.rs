//! Filters: comparisons joined by `AND` and `OR`, of which `AND` binds stronger.

use std::fmt;

use crate::error::{Minor, OneRosterError};

/// Longest filter, in bytes.
const LONGEST: usize = 4096;
/// Most comparisons of one filter.
const MOST_TERMS: usize = 32;

/// What an object must be like: one of the lists holds, and of a list all terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub any: Vec<Vec<Term>>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As JSON names it, such as `school.sourcedId`.
    pub field: String,
    pub by: Comparison,
    pub with: String,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
}

impl Comparison {
    /// Longer marks first: `>=` begins with `>`.
    pub const ALL: [Self; 7] = [
        Self::NotEqual,
        Self::GreaterOrEqual,
        Self::LessOrEqual,
        Self::Equal,
        Self::Greater,
        Self::Less,
        Self::Contains,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Contains => "~",
        }
    }
}

impl Filter {
    /// Reads a filter such as `familyName='张' AND status='active'`. A quotation mark in a value is written twice.
    ///
    /// # Errors
    /// `invalid_filter_field`, saying what was expected and where.
    pub fn parse(text: &str) -> Result<Self, OneRosterError> {
        if text.len() > LONGEST {
            return Err(refused(format!("the filter is longer than {LONGEST} bytes")));
        }
        let mut any = Vec::new();
        let mut all = Vec::new();
        let mut count = 0;
        let mut rest = text.trim();
        loop {
            count += 1;
            if count > MOST_TERMS {
                return Err(refused(format!(
                    "the filter makes more than {MOST_TERMS} comparisons"
                )));
            }
            let (term, after) = term(rest)?;
            all.push(term);
            rest = after.trim_start();
            if rest.is_empty() {
                any.push(all);
                return Ok(Self { any });
            }
            if let Some(after) = word(rest, "AND") {
                rest = after;
            } else if let Some(after) = word(rest, "OR") {
                any.push(std::mem::take(&mut all));
                rest = after;
            } else {
                return Err(expected("AND, OR or the end", rest));
            }
        }
    }
}

fn term(text: &str) -> Result<(Term, &str), OneRosterError> {
    let belongs = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_');
    let end = text.find(|it| !belongs(it)).unwrap_or(text.len());
    let (field, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if !field.starts_with(|it: char| it.is_ascii_alphabetic()) {
        return Err(expected("the name of a field", text));
    }
    let rest = rest.trim_start();
    let found =
        Comparison::ALL.into_iter().find_map(|it| Some((it, rest.strip_prefix(it.as_str())?)));
    let Some((by, rest)) = found else { return Err(expected("= != > >= < <= or ~", rest)) };
    let rest = rest.trim_start();
    let Some(mut rest) = rest.strip_prefix('\'') else {
        return Err(expected("a value between quotation marks, such as 'active'", rest));
    };
    let mut with = String::new();
    loop {
        let Some((head, tail)) = rest.split_once('\'') else {
            return Err(expected("a closing quotation mark", rest));
        };
        with.push_str(head);
        match tail.strip_prefix('\'') {
            Some(more) => {
                with.push('\'');
                rest = more;
            }
            None => return Ok((Term { field: field.to_owned(), by, with }, tail)),
        }
    }
}

fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    let ends = rest.starts_with(char::is_whitespace);
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start())
}

fn expected(expected: &str, rest: &str) -> OneRosterError {
    let rest: String = rest.chars().take(30).collect();
    let found = if rest.is_empty() { "the end".to_owned() } else { format!("`{rest}`") };
    refused(format!("expected {expected}, found {found}"))
}

fn refused(description: String) -> OneRosterError {
    OneRosterError::new(Minor::InvalidFilterField, description)
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, all) in self.any.iter().enumerate() {
            if at > 0 {
                f.write_str(" OR ")?;
            }
            for (at, term) in all.iter().enumerate() {
                if at > 0 {
                    f.write_str(" AND ")?;
                }
                write!(f, "{}{}'{}'", term.field, term.by.as_str(), term.with.replace('\'', "''"))?;
            }
        }
        Ok(())
    }
}
