//! Sorting (RFC 7644, section 3.4.2.3).

use std::cmp::Ordering;

use crate::attribute::AttributePath;
use crate::error::{ScimError, ScimType};
use crate::kind::Kind;
use crate::resource::Resource;
use crate::schema::Type;
use crate::values;

/// By which attribute resources are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub by: AttributePath,
    pub descending: bool,
}

impl Order {
    /// Reads the two parameters.
    pub fn read(by: Option<&str>, order: Option<&str>) -> Result<Option<Self>, ScimError> {
        let descending = match order.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "ascending") => false,
            Some("descending") => true,
            Some(_) => {
                let detail = "`sortOrder` is ascending or descending";
                return Err(ScimError::of(ScimType::InvalidValue, detail));
            }
        };
        match by.map(str::trim).filter(|it| !it.is_empty()) {
            None => Ok(None),
            Some(by) => Ok(Some(Self { by: by.parse()?, descending })),
        }
    }
}

/// Compares two resources; those without a value come last when ascending, first when descending.
///
/// Of a list its primary value counts, or else its first.
pub fn compare(kind: &Kind, order: &Order, one: &Resource, other: &Resource) -> Ordering {
    let Some(target) = kind.find(&order.by) else { return Ordering::Equal };
    let mut target = target;
    if target.part.is_none() && target.attribute.kind == Type::Complex {
        target.part = target.attribute.part("value");
    }
    let attribute = target.part.unwrap_or(target.attribute);
    let value = |resource: &Resource| {
        let whole = resource.values(&crate::kind::Target { part: None, ..target });
        let primary = whole.iter().position(|it| values::is_primary(it)).unwrap_or(0);
        let chosen = whole.get(primary).copied()?;
        match target.part {
            Some(part) => chosen.get(part.name).cloned(),
            None => Some(chosen.clone()),
        }
    };
    let ordering = match (value(one), value(other)) {
        (Some(one), Some(other)) => {
            values::compare(attribute, &one, &other).unwrap_or(Ordering::Equal)
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    if order.descending { ordering.reverse() } else { ordering }
}
