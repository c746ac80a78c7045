//! Naming an attribute: `name.familyName`, with the URN of its schema in front where need be.

use std::fmt;
use std::str::FromStr;

use crate::error::{ScimError, ScimType};
use crate::scan::is_part_of_name;

/// An attribute or one of its parts, as a client names it. Compare it without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributePath {
    pub schema: Option<String>,
    pub name: String,
    pub part: Option<String>,
}

impl AttributePath {
    /// Names that follow each other after commas.
    pub fn list(text: &str) -> Result<Vec<Self>, ScimError> {
        text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::parse).collect()
    }
}

impl FromStr for AttributePath {
    type Err = ScimError;

    fn from_str(text: &str) -> Result<Self, ScimError> {
        let refused = || {
            let shown: String = text.chars().take(60).collect();
            ScimError::of(ScimType::InvalidPath, format!("`{shown}` names no attribute"))
        };
        if text.len() > 300 || !text.chars().all(is_part_of_name) {
            return Err(refused());
        }
        // A URN holds dots of its own, so the attribute is what follows its last colon.
        let (schema, rest) = match text.rsplit_once(':') {
            Some((schema, rest)) => (Some(schema), rest),
            None => (None, text),
        };
        let (name, part) = match rest.split_once('.') {
            Some((name, part)) => (name, Some(part)),
            None => (rest, None),
        };
        let sound = |it: &str| {
            let tail = it.strip_prefix('$').unwrap_or(it);
            tail.starts_with(|mark: char| mark.is_ascii_alphabetic()) && !tail.contains(['.', '$'])
        };
        if !sound(name) || !part.is_none_or(sound) || schema.is_some_and(str::is_empty) {
            return Err(refused());
        }
        Ok(Self {
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
            part: part.map(str::to_owned),
        })
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        match &self.part {
            Some(part) => write!(f, ".{part}"),
            None => Ok(()),
        }
    }
}
