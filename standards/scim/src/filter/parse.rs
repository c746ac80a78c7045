//! Reading a filter by descent: `or` binds weakest, then `and`, then `not`.

use serde_json::Value;

use super::{Comparison, Filter, Limits, Literal, refused};
use crate::attribute::AttributePath;
use crate::error::ScimError;
use crate::scan::{Scan, is_part_of_name};

/// A filter being read.
struct Reading<'a, 'b> {
    scan: &'b mut Scan<'a>,
    limits: Limits,
    terms: usize,
    /// Inside the brackets of a value path there are no others.
    within: bool,
}

pub(super) fn whole(text: &str, limits: Limits) -> Result<Filter, ScimError> {
    if text.len() > limits.length {
        return Err(refused(format!("the filter is longer than {} bytes", limits.length)));
    }
    let mut scan = Scan::new(text);
    let mut reading = Reading { scan: &mut scan, limits, terms: 0, within: false };
    let filter = reading.either(0)?;
    reading.scan.skip_spaces();
    if reading.scan.rest.is_empty() { Ok(filter) } else { Err(reading.unexpected("the end")) }
}

pub(super) fn within(scan: &mut Scan<'_>, limits: Limits) -> Result<Filter, ScimError> {
    Reading { scan, limits, terms: 0, within: true }.either(0)
}

impl Reading<'_, '_> {
    fn either(&mut self, depth: usize) -> Result<Filter, ScimError> {
        let mut filters = vec![self.both(depth)?];
        while self.word("or") {
            filters.push(self.both(depth)?);
        }
        Filter::any(filters).ok_or_else(|| self.unexpected("a filter"))
    }

    fn both(&mut self, depth: usize) -> Result<Filter, ScimError> {
        let mut filters = vec![self.one(depth)?];
        while self.word("and") {
            filters.push(self.one(depth)?);
        }
        Filter::all(filters).ok_or_else(|| self.unexpected("a filter"))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, ScimError> {
        if depth > self.limits.depth {
            return Err(refused(format!(
                "the filter is nested more than {} deep",
                self.limits.depth
            )));
        }
        self.scan.skip_spaces();
        let before = *self.scan;
        if self.scan.take_word("not") {
            self.scan.skip_spaces();
            if self.scan.take('(') {
                return Ok(Filter::Not(Box::new(self.closed(depth, ')')?)));
            }
            // An attribute may be called `not`.
            *self.scan = before;
        }
        if self.scan.take('(') {
            return self.closed(depth, ')');
        }
        self.term(depth)
    }

    fn closed(&mut self, depth: usize, end: char) -> Result<Filter, ScimError> {
        let filter = self.either(depth + 1)?;
        self.scan.skip_spaces();
        if self.scan.take(end) { Ok(filter) } else { Err(self.unexpected(&format!("`{end}`"))) }
    }

    fn term(&mut self, depth: usize) -> Result<Filter, ScimError> {
        self.terms += 1;
        if self.terms > self.limits.terms {
            return Err(refused(format!(
                "the filter makes more than {} comparisons",
                self.limits.terms
            )));
        }
        let before = *self.scan;
        let name = self.scan.take_while(is_part_of_name);
        let Ok(path) = name.parse::<AttributePath>() else {
            *self.scan = before;
            return Err(self.unexpected("the name of an attribute"));
        };
        if !self.within && self.scan.take('[') {
            self.within = true;
            let like = self.closed(depth, ']')?;
            self.within = false;
            return Ok(Filter::Has { path, like: Box::new(like) });
        }
        if self.word("pr") {
            return Ok(Filter::Present(path));
        }
        let Some(by) = Comparison::ALL.into_iter().find(|it| self.word(it.as_str())) else {
            return Err(self.unexpected("pr, eq, ne, co, sw, ew, gt, ge, lt or le"));
        };
        let with = self.literal()?;
        Ok(Filter::Compare { path, by, with })
    }

    fn literal(&mut self) -> Result<Literal, ScimError> {
        self.scan.skip_spaces();
        let before = *self.scan;
        let text = if before.rest.starts_with('"') {
            self.scan.take_string()
        } else {
            let belongs = |it: char| is_part_of_name(it) || it == '+';
            Some(self.scan.take_while(belongs))
        };
        let value = text.and_then(|it| serde_json::from_str(it).ok());
        match value {
            Some(Value::Null) => Ok(Literal::Null),
            Some(Value::Bool(it)) => Ok(Literal::Boolean(it)),
            Some(Value::Number(it)) => Ok(Literal::Number(it)),
            Some(Value::String(it)) => Ok(Literal::Text(it)),
            // Some clients write True and False.
            None if text.is_some_and(|it| it.eq_ignore_ascii_case("true")) => {
                Ok(Literal::Boolean(true))
            }
            None if text.is_some_and(|it| it.eq_ignore_ascii_case("false")) => {
                Ok(Literal::Boolean(false))
            }
            Some(Value::Array(_) | Value::Object(_)) | None => {
                *self.scan = before;
                Err(self.unexpected("a text in quotation marks, a number, true, false or null"))
            }
        }
    }

    fn word(&mut self, word: &str) -> bool {
        self.scan.skip_spaces();
        self.scan.take_word(word)
    }

    fn unexpected(&self, expected: &str) -> ScimError {
        let rest: String = self.scan.rest.chars().take(30).collect();
        let found = if rest.is_empty() { "the end".to_owned() } else { format!("`{rest}`") };
        refused(format!("expected {expected}, found {found}"))
    }
}
