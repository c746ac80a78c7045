//! Organisations.

use crate::cell::words;
use crate::model::entity;

words! {
    /// What an organisation is.
    OrgKind {
        "department" => Department,
        "school" => School,
        "district" => District,
        "local" => Local,
        "state" => State,
        "national" => National,
    }
}

entity! {
    /// A school, or what schools belong to.
    Org in Orgs {
        name: String => "name",
        kind: OrgKind => "type",
        /// A number others know it by.
        identifier: Option<String> => "identifier",
        parent: Option<String> => "parentSourcedId",
    }
}
