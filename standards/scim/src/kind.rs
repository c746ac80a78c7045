//! Kinds of resources (RFC 7643, section 6): a core schema and its extensions.

use serde_json::{Value, json};

use crate::attribute::AttributePath;
use crate::schema::{self, Attribute, Returned, Schema, Type, Uniqueness};

/// URN of the schema of resource types.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

/// A kind of resource.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    /// Where its resources are, below the address of the service.
    pub endpoint: &'static str,
    pub description: &'static str,
    pub schema: &'static Schema,
    pub extensions: &'static [&'static Schema],
}

/// Users, with the enterprise extension.
pub const USER: Kind = Kind {
    name: "User",
    endpoint: "/Users",
    description: "User Account",
    schema: &schema::USER,
    extensions: &[&schema::ENTERPRISE_USER],
};

/// Users of a service that takes no passwords.
pub const USER_WITHOUT_PASSWORD: Kind = Kind { schema: &schema::USER_WITHOUT_PASSWORD, ..USER };

/// Groups.
pub const GROUP: Kind = Kind {
    name: "Group",
    endpoint: "/Groups",
    description: "Group",
    schema: &schema::GROUP,
    extensions: &[],
};

/// What every resource has (RFC 7643, section 3.1). No schema lists it.
pub const COMMON: &[Attribute] = &[
    Attribute {
        returned: Returned::Always,
        uniqueness: Uniqueness::Server,
        ..Attribute::text("id", "The id the service gave the resource.").exact().read_only()
    },
    Attribute::text("externalId", "The id the client gave the resource.").exact(),
    Attribute {
        returned: Returned::Always,
        ..Attribute::text("schemas", "Schemas the resource is of.").exact().many()
    },
    Attribute::complex("meta", "About the resource.", META).read_only(),
];

const META: &[Attribute] = &[
    Attribute::text("resourceType", "The kind of the resource.").exact().read_only(),
    Attribute::new("created", Type::DateTime, "When it was made.").read_only(),
    Attribute::new("lastModified", Type::DateTime, "When it was last changed.").read_only(),
    Attribute::text("location", "Where it is.").exact().read_only(),
    Attribute::text("version", "Its version.").exact().read_only(),
];

/// What a path leads to in a kind of resource.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// URN of the extension the attribute belongs to; `None` for the core and what all resources have.
    pub extension: Option<&'static str>,
    pub attribute: &'static Attribute,
    pub part: Option<&'static Attribute>,
}

impl Kind {
    /// Finds an attribute as a client names it; `None` when there is none.
    pub fn find(&self, path: &AttributePath) -> Option<Target> {
        let (extension, attribute) = match &path.schema {
            Some(urn) if !urn.eq_ignore_ascii_case(self.schema.id) => {
                let schema = self.extension(urn)?;
                (Some(schema.id), schema.attribute(&path.name)?)
            }
            _ => (None, self.common_or_core(&path.name)?),
        };
        let part = match &path.part {
            Some(name) => Some(attribute.part(name)?),
            None => None,
        };
        Some(Target { extension, attribute, part })
    }

    /// An extension, by its URN in any case.
    pub fn extension(&self, urn: &str) -> Option<&'static Schema> {
        self.extensions.iter().find(|it| it.id.eq_ignore_ascii_case(urn)).copied()
    }

    pub(crate) fn common_or_core(&self, name: &str) -> Option<&'static Attribute> {
        let common = COMMON.iter().find(|it| it.name.eq_ignore_ascii_case(name));
        common.or_else(|| self.schema.attribute(name))
    }

    /// As `/ResourceTypes` serves it; `base` is the address of the service.
    pub fn json(&self, base: &str) -> Value {
        let extensions: Vec<_> =
            self.extensions.iter().map(|it| json!({"schema": it.id, "required": false})).collect();
        json!({
            "schemas": [SCHEMA],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.description,
            "schema": self.schema.id,
            "schemaExtensions": extensions,
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}/ResourceTypes/{}", self.name),
            },
        })
    }
}
