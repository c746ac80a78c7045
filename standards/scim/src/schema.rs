//! Schemas (RFC 7643, section 7): what attributes there are, of which type, and who may change them.

use serde_json::{Value, json};

mod enterprise;
mod group;
mod user;

pub use self::enterprise::ENTERPRISE_USER;
pub use self::group::GROUP;
pub use self::user::{USER, USER_WITHOUT_PASSWORD};

/// URN of the schema of schemas.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// A schema: a name for a set of attributes.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    pub id: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    pub attributes: &'static [Attribute],
}

/// What an attribute's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    String,
    Boolean,
    Decimal,
    Integer,
    DateTime,
    Binary,
    Reference,
    Complex,
}

/// Who may change an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    ReadOnly,
    ReadWrite,
    Immutable,
    WriteOnly,
}

/// When an attribute is part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    Always,
    Never,
    Default,
    Request,
}

/// Among which resources a value may be there only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    None,
    Server,
    Global,
}

/// An attribute, or a part of one.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub description: &'static str,
    pub kind: Type,
    /// Whether it has a list of values.
    pub many: bool,
    pub required: bool,
    /// Whether capital and small letters differ.
    pub exact: bool,
    pub mutability: Mutability,
    pub returned: Returned,
    pub uniqueness: Uniqueness,
    /// Values that are suggested; others may be used.
    pub suggested: &'static [&'static str],
    /// What a reference leads to.
    pub refers_to: &'static [&'static str],
    /// Of a complex attribute.
    pub parts: &'static [Attribute],
}

impl Attribute {
    pub const fn new(name: &'static str, kind: Type, description: &'static str) -> Self {
        Self {
            name,
            description,
            kind,
            many: false,
            required: false,
            exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            suggested: &[],
            refers_to: &[],
            parts: &[],
        }
    }

    pub const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::String, description)
    }

    pub const fn complex(
        name: &'static str,
        description: &'static str,
        parts: &'static [Self],
    ) -> Self {
        Self { parts, ..Self::new(name, Type::Complex, description) }
    }

    pub const fn reference(
        name: &'static str,
        description: &'static str,
        refers_to: &'static [&'static str],
    ) -> Self {
        Self { refers_to, exact: true, ..Self::new(name, Type::Reference, description) }
    }

    pub const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub const fn exact(self) -> Self {
        Self { exact: true, ..self }
    }

    pub const fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    pub const fn immutable(self) -> Self {
        Self { mutability: Mutability::Immutable, ..self }
    }

    pub const fn suggesting(self, suggested: &'static [&'static str]) -> Self {
        Self { suggested, ..self }
    }

    /// A part, by its name in any case.
    pub fn part(&self, name: &str) -> Option<&'static Self> {
        self.parts.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    fn json(&self) -> Value {
        let mut members = json!({
            "name": self.name,
            "type": self.kind.as_str(),
            "multiValued": self.many,
            "description": self.description,
            "required": self.required,
            "mutability": self.mutability.as_str(),
            "returned": self.returned.as_str(),
        });
        let Some(object) = members.as_object_mut() else { return members };
        let mut add = |name: &str, value: Value| object.insert(name.to_owned(), value);
        if self.kind == Type::Complex {
            add("subAttributes", self.parts.iter().map(Self::json).collect());
        } else {
            add("caseExact", self.exact.into());
            add("uniqueness", self.uniqueness.as_str().into());
        }
        if !self.suggested.is_empty() {
            add("canonicalValues", self.suggested.into());
        }
        if self.kind == Type::Reference {
            add("referenceTypes", self.refers_to.into());
        }
        members
    }
}

impl Schema {
    /// An attribute, by its name in any case.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// As it is served; `location` is its address.
    pub fn json(&self, location: &str) -> Value {
        json!({
            "schemas": [SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::json).collect::<Value>(),
            "meta": {"resourceType": "Schema", "location": location},
        })
    }
}

impl Type {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

impl Mutability {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

impl Returned {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

impl Uniqueness {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}
