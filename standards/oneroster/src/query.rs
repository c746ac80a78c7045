//! Parameters of a request for a list.

use serde_json::{Map, Value};

use crate::error::{Minor, OneRosterError};
use crate::filter::Filter;

/// What a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub limit: u32,
    pub offset: u32,
    /// The field to sort by.
    pub sort: Option<String>,
    pub descending: bool,
    pub filter: Option<Filter>,
    pub fields: Fields,
}

/// Which fields an answer has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Option<Vec<String>>);

impl Query {
    /// How many are given when a client does not say.
    pub const DEFAULT_LIMIT: u32 = 100;
    /// Most that are given at once.
    pub const MOST: u32 = 10_000;

    /// Reads parameters of an address; `value` gives the text of a parameter.
    ///
    /// More than [`Self::MOST`] is [`Self::MOST`]: the answer's links lead to the rest.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Result<Self, OneRosterError> {
        let limit = number("limit", value("limit"))?.unwrap_or(Self::DEFAULT_LIMIT);
        if limit == 0 {
            return Err(OneRosterError::new(Minor::InvalidData, "`limit` is at least 1"));
        }
        let descending = match value("orderBy") {
            None | Some("" | "asc") => false,
            Some("desc") => true,
            Some(_) => {
                let error = OneRosterError::new(Minor::InvalidSort, "`orderBy` is asc or desc");
                return Err(error);
            }
        };
        let given = |name: &str| value(name).map(str::trim).filter(|it| !it.is_empty());
        Ok(Self {
            limit: limit.min(Self::MOST),
            offset: number("offset", value("offset"))?.unwrap_or(0),
            sort: given("sort").map(str::to_owned),
            descending,
            filter: given("filter").map(Filter::parse).transpose()?,
            fields: Fields::read(value("fields")),
        })
    }

    /// Parameters of the pages around this one, of so many objects in all: relation, limit and offset.
    pub fn pages(&self, total: u64) -> Vec<(&'static str, u32, u64)> {
        let (limit, offset) = (u64::from(self.limit), u64::from(self.offset));
        let last = total.saturating_sub(1) / limit * limit;
        let mut pages = Vec::new();
        if offset + limit < total {
            pages.push(("next", self.limit, offset + limit));
        }
        pages.push(("last", self.limit, last));
        pages.push(("first", self.limit, 0));
        if offset > 0 {
            pages.push(("prev", self.limit, offset.saturating_sub(limit)));
        }
        pages
    }
}

impl Fields {
    /// Reads names that follow each other after commas; none means all.
    pub fn read(text: Option<&str>) -> Self {
        let names = text.unwrap_or_default().split(',').map(str::trim).filter(|it| !it.is_empty());
        let names: Vec<String> = names.map(str::to_owned).collect();
        Self((!names.is_empty()).then_some(names))
    }

    /// Refuses names that no object of the collection has.
    pub fn check(&self, known: impl Fn(&str) -> bool) -> Result<(), OneRosterError> {
        match self.0.iter().flatten().find(|it| !known(it)) {
            None => Ok(()),
            Some(name) => {
                let shown: String = name.chars().take(60).collect();
                let description = format!("there is no field `{shown}`");
                Err(OneRosterError::new(Minor::InvalidSelectionField, description))
            }
        }
    }

    /// The object with the fields that were asked for.
    pub fn of(&self, object: Value) -> Value {
        match (&self.0, object) {
            (Some(names), Value::Object(members)) => {
                let named = members.into_iter().filter(|(name, _)| names.contains(name));
                Value::Object(named.collect::<Map<_, _>>())
            }
            (_, object) => object,
        }
    }
}

fn number(name: &str, text: Option<&str>) -> Result<Option<u32>, OneRosterError> {
    let Some(text) = text.map(str::trim).filter(|it| !it.is_empty()) else { return Ok(None) };
    let wrong = |_| {
        OneRosterError::new(
            Minor::InvalidData,
            format!("`{name}` is a whole number and not negative"),
        )
    };
    text.parse().map(Some).map_err(wrong)
}
