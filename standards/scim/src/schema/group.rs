//! The core schema of a group (RFC 7643, section 4.2).

use super::{Attribute, Schema};

/// A group.
pub const GROUP: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "Group",
    attributes: &[
        Attribute::text("displayName", "The group's name.").required(),
        Attribute::complex("members", "Who belongs to the group.", MEMBER).many(),
    ],
};

const MEMBER: &[Attribute] = &[
    Attribute::text("value", "The member's id.").exact().immutable(),
    Attribute::reference("$ref", "The member's address.", &["User", "Group"]).immutable(),
    Attribute::text("type", "What the member is.").immutable().suggesting(&["User", "Group"]),
];
