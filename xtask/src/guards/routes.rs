//! Who may ask what: every address of the site, decided here before it can be served.

use std::collections::BTreeSet;

use super::source::{assert_none, files};

/// Who may call an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Anyone; it shows the public view of a release and changes nothing.
    Public,
}

/// The authorisation table. Pages stand below `/en` too.
const TABLE: [(&str, Access); 27] = [
    ("/", Access::Public),
    ("/about", Access::Public),
    ("/api/openapi.json", Access::Public),
    ("/api/v1/explain", Access::Public),
    ("/api/v1/figures", Access::Public),
    ("/api/v1/figures.csv", Access::Public),
    ("/api/v1/indicators", Access::Public),
    ("/api/v1/indicators/{code}", Access::Public),
    ("/api/v1/organisations", Access::Public),
    ("/api/v1/organisations/{code}", Access::Public),
    ("/api/v1/plan", Access::Public),
    ("/api/v1/plan.csv", Access::Public),
    ("/api/v1/releases", Access::Public),
    ("/api/v1/scoreboard", Access::Public),
    ("/api/v1/scoreboard.csv", Access::Public),
    ("/assets/{version}/{name}", Access::Public),
    ("/en/", Access::Public),
    ("/indicators/{code}", Access::Public),
    ("/indicators/{code}/why", Access::Public),
    ("/organisations", Access::Public),
    ("/organisations/{code}", Access::Public),
    ("/plan", Access::Public),
    ("/plan/clauses/{id}", Access::Public),
    ("/plan/projects/{id}", Access::Public),
    ("/plan/tasks/{id}", Access::Public),
    ("/releases", Access::Public),
    ("/wall", Access::Public),
];

/// Path and rest of every `.route("…", …)` of `web`.
fn routes() -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for file in files(&[".rs"]).into_iter().filter(|it| it.path.starts_with("web/src/")) {
        let text: Vec<_> = file.product().map(|(_, line)| line).collect();
        for call in text.join(" ").split(".route(").skip(1) {
            let mut parts = call.split('"');
            let path = parts.nth(1).unwrap().to_owned();
            let handler = parts.next().unwrap().trim_start_matches([',', ' ']).to_owned();
            routes.push((path, handler));
        }
    }
    routes
}

#[test]
fn every_route_is_in_the_authorisation_table() {
    let served: BTreeSet<String> = routes().into_iter().map(|(path, _)| path).collect();
    let decided: BTreeSet<String> = TABLE.iter().map(|(path, _)| (*path).to_owned()).collect();
    let open = served.difference(&decided).map(|it| format!("nobody decided who may call {it}"));
    let gone = decided.difference(&served).map(|it| format!("{it} is served no more"));
    assert_none(&open.chain(gone).collect::<Vec<_>>());
}

#[test]
fn public_routes_only_read() {
    let public = |path: &str| TABLE.contains(&(path, Access::Public));
    let writing = routes().into_iter().filter(|(path, it)| public(path) && !it.starts_with("get("));
    assert_none(&writing.map(|(path, it)| format!("{path}: {it}")).collect::<Vec<_>>());
}
