//! The enterprise extension of a user (RFC 7643, section 4.3).

use super::{Attribute, Schema};

/// What an organization knows of a user.
pub const ENTERPRISE_USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "EnterpriseUser",
    description: "Enterprise User",
    attributes: &[
        Attribute::text("employeeNumber", "The number the organization gave the user."),
        Attribute::text("costCenter", "The cost centre."),
        Attribute::text("organization", "The organization."),
        Attribute::text("division", "The division."),
        Attribute::text("department", "The department."),
        Attribute::complex("manager", "To whom the user reports.", MANAGER),
    ],
};

const MANAGER: &[Attribute] = &[
    Attribute::text("value", "The manager's id.").exact(),
    Attribute::reference("$ref", "The manager's address.", &["User"]),
    Attribute::text("displayName", "The manager's name.").read_only(),
];
