//! The parsers, each fed with bytes.

mod forms;
mod letters;
mod oneroster;
mod procedures;
mod rosters;
mod scim;
mod tokens;

/// A parser, and the folder of its corpus.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub feed: fn(&[u8]),
    /// One of so many inputs is tried: of what takes long, fewer.
    pub one_of: u64,
}

const fn quick(name: &'static str, feed: fn(&[u8])) -> Target {
    Target { name, feed, one_of: 1 }
}

const fn slow(name: &'static str, one_of: u64, feed: fn(&[u8])) -> Target {
    Target { name, feed, one_of }
}

pub const ALL: [Target; 22] = [
    quick("scim_filter", scim::filter),
    quick("scim_path", scim::path),
    quick("scim_patch", scim::patch),
    quick("scim_user", scim::user),
    quick("oneroster_filter", oneroster::filter),
    quick("oneroster_users", oneroster::tables),
    quick("oneroster_manifest", oneroster::package),
    slow("roster", 40, rosters::import),
    quick("organisations", organisations),
    quick("events", events),
    slow("id_token", 2, tokens::id_token),
    slow("claims", 2, tokens::claims),
    slow("key_set", 2, tokens::key_set),
    slow("client_proof", 2, tokens::client_proof),
    slow("authorization", 2, tokens::authorization),
    slow("form_schema", 4, forms::schema),
    quick("form_values", forms::values),
    quick("form_body", forms::body),
    slow("form_sheet", 20, forms::sheet),
    slow("procedure", 10, procedures::folder),
    quick("expression", procedures::expression),
    slow("letter", 4, letters::document),
];

fn organisations(input: &[u8]) {
    let _ = network::read_list("input.csv", input);
}

fn events(input: &[u8]) {
    let _ = network::read_events("input.csv", input);
}
