//! SCIM: accounts and groups, as a system of an organisation provisions them for it and all that stands below it.
//!
//! A user is an account: its `userName` is the login, `active` whether it is open. All else that a client says of it is
//! kept as it was said. A group gives no rights by itself.
//!
//! **Invariant:** a client sees and changes what is at home in its own part of the organisations, and is told of nothing
//! else that it is there.

use haihe_scim::{Kind, Resource, ScimError, ScimType};
use serde_json::{Value as Json, json};
use store::StoreError;

mod conditions;
mod groups;
mod listing;
mod users;

pub use self::groups::{GroupId, Groups};
pub use self::listing::{Listed, MOST_RESULTS};
pub use self::users::Users;

/// Why a client does not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum ScimFault {
    /// What it asked for cannot be.
    #[error(transparent)]
    Client(#[from] ScimError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A version of a resource, as an entity tag names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(i64);

impl Version {
    /// Whether a header `If-Match` or `If-None-Match` names this version.
    pub fn is_in(self, header: &str) -> bool {
        let this = self.to_string();
        header
            .split(',')
            .map(str::trim)
            .any(|it| it == "*" || it == this || it == this.trim_start_matches("W/"))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "W/\"{}\"", self.0)
    }
}

/// A resource as it is, and its version.
#[derive(Clone, Debug)]
pub struct Kept {
    pub resource: Resource,
    pub version: Version,
}

fn not_found(id: &str) -> ScimError {
    let shown: String = id.chars().take(60).collect();
    ScimError::new(404, format!("there is no resource {shown}"))
}

fn stale() -> ScimError {
    ScimError::new(412, "the resource has changed since that version; read it again")
}

fn taken(what: &str) -> ScimError {
    ScimError::of(ScimType::Uniqueness, format!("`{what}` is taken"))
}

/// Writes what the service knows of a resource into it.
fn dress(resource: &mut Resource, kind: &Kind, row: &Row, base: &str) {
    resource.set("id", row.id.as_str().into());
    resource.set(
        "meta",
        json!({
            "resourceType": kind.name,
            "created": row.created_at.to_string(),
            "lastModified": row.modified_at.to_string(),
            "location": format!("{base}{}/{}", kind.endpoint, row.id),
            "version": row.version.to_string(),
        }),
    );
}

/// What all kinds keep of a resource.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    document: serde_json::Map<String, Json>,
    version: Version,
    created_at: jiff::Timestamp,
    modified_at: jiff::Timestamp,
}

impl Row {
    /// `id, document, version, created_at, modified_at`, as texts.
    fn read(texts: Vec<String>) -> Result<Self, StoreError> {
        let wrong =
            |reason: &str| StoreError::Unreadable { column: "document", reason: reason.to_owned() };
        let [id, document, version, created_at, modified_at] =
            <[String; 5]>::try_from(texts).map_err(|_| wrong("it has other columns"))?;
        let number = |column, text: &str| text.parse().map_err(StoreError::unreadable(column));
        Ok(Self {
            id,
            document: serde_json::from_str(&document)
                .map_err(StoreError::unreadable("document"))?,
            version: Version(number("version", &version)?),
            created_at: crate::rows::instant("created_at", number("created_at", &created_at)?)?,
            modified_at: crate::rows::instant("modified_at", number("modified_at", &modified_at)?)?,
        })
    }
}

#[cfg(test)]
mod tests;
