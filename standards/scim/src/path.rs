//! Paths of patch operations (RFC 7644, section 3.5.2): an attribute, perhaps only some of its values, perhaps a part.

use std::fmt;
use std::str::FromStr;

use crate::attribute::AttributePath;
use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, Limits};
use crate::scan::{Scan, is_part_of_name};

/// What a patch operation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// With a part only where no `values` are chosen.
    pub attribute: AttributePath,
    /// Which values of a list are meant, and which part of them.
    pub values: Option<Chosen>,
}

/// Some values of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub like: Filter,
    pub part: Option<String>,
}

impl FromStr for Path {
    type Err = ScimError;

    fn from_str(text: &str) -> Result<Self, ScimError> {
        let refused = || {
            let shown: String = text.chars().take(60).collect();
            ScimError::of(ScimType::InvalidPath, format!("`{shown}` is no path"))
        };
        let limits = Limits::default();
        if text.len() > limits.length {
            return Err(refused());
        }
        let mut scan = Scan::new(text.trim());
        let attribute: AttributePath = scan.take_while(is_part_of_name).parse()?;
        if !scan.take('[') {
            return if scan.rest.is_empty() {
                Ok(Self { attribute, values: None })
            } else {
                Err(refused())
            };
        }
        let like = Filter::parse_within(&mut scan, limits)?;
        scan.skip_spaces();
        if !scan.take(']') || attribute.part.is_some() {
            return Err(refused());
        }
        let part = if scan.take('.') {
            let part = scan.take_while(|it| is_part_of_name(it) && !matches!(it, '.' | ':'));
            if part.is_empty() {
                return Err(refused());
            }
            Some(part.to_owned())
        } else {
            None
        };
        if !scan.rest.is_empty() {
            return Err(refused());
        }
        Ok(Self { attribute, values: Some(Chosen { like, part }) })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        let Some(chosen) = &self.values else { return Ok(()) };
        write!(f, "[{}]", chosen.like)?;
        match &chosen.part {
            Some(part) => write!(f, ".{part}"),
            None => Ok(()),
        }
    }
}
