use serde_json::{Value, json};

use crate::{Resource, USER};

mod filters;
mod patches;
mod properties;
mod resources;
mod selections;

/// A user with a bit of everything.
fn zhang() -> Resource {
    user(json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "userName": "Zhang.Wei",
        "externalId": "T-0042",
        "name": {"familyName": "张", "givenName": "伟"},
        "active": true,
        "emails": [
            {"type": "work", "value": "zhang.wei@school.example", "primary": true},
            {"type": "home", "value": "zw@home.example"},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "数学",
            "employeeNumber": "42",
        },
    }))
}

fn user(value: Value) -> Resource {
    Resource::read(&USER, &value).unwrap()
}
