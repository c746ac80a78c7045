//! Who may ask what: every address of the site, decided here before it can be served.

use std::collections::BTreeSet;

use super::source::{assert_none, files};

/// Who may call an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Anyone; it shows the public view of a release and changes nothing.
    Public,
    /// Anyone: it is how one comes in or goes out. What it changes is the own sign-in.
    Door,
    /// Anyone; what is brought is looked at and not kept, and whoever guesses has to wait.
    Counter,
    /// Whoever is signed in, for themselves only; of cases what the engine lets them see and do.
    SignedIn,
    /// Another application of the city, which proves itself or shows what it was given; or a browser that it sends.
    Application,
    /// Another system with a token that opens the interface, within the scope of the token.
    System,
    /// Anyone; there is nothing there, and that is said as the standard wants it.
    Nothing,
    /// Whoever holds a permission, in the own part: the one for looking, and the one for changing.
    Held(&'static str, &'static str),
}

/// The authorisation table. Pages stand below `/en` too.
///
/// `web/tests/it/matrix.rs` reads it and asks every address of it as every role.
const TABLE: [(&str, Access); 106] = [
    ("/", Access::Public),
    ("/.well-known/openid-configuration", Access::Application),
    ("/about", Access::Public),
    ("/account", Access::SignedIn),
    ("/account/access", Access::SignedIn),
    ("/account/applications", Access::SignedIn),
    ("/account/applications/withdrawal", Access::SignedIn),
    ("/account/authenticator", Access::SignedIn),
    ("/account/authenticator/removal", Access::SignedIn),
    ("/account/confirm", Access::SignedIn),
    ("/account/passkeys", Access::SignedIn),
    ("/account/passkeys/question", Access::SignedIn),
    ("/account/passkeys/removal", Access::SignedIn),
    ("/account/password", Access::SignedIn),
    ("/account/recovery-codes", Access::SignedIn),
    ("/account/requests", Access::SignedIn),
    ("/account/sessions", Access::SignedIn),
    ("/accounts", Access::Held("accounts.read", "accounts.manage")),
    ("/accounts/{id}", Access::Held("accounts.read", "accounts.read")),
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
    ("/api/v1/records/{dataset}", Access::System),
    ("/api/v1/releases", Access::Public),
    ("/api/v1/scoreboard", Access::Public),
    ("/api/v1/scoreboard.csv", Access::Public),
    ("/applications", Access::Held("applications.read", "applications.register")),
    ("/applications/{code}", Access::Held("applications.read", "applications.register")),
    ("/assets/{version}/{name}", Access::Public),
    ("/audit", Access::Held("audit.read", "")),
    ("/audit.csv", Access::Held("audit.read", "")),
    ("/cases", Access::SignedIn),
    ("/cases/list", Access::SignedIn),
    ("/cases/new", Access::SignedIn),
    ("/cases/new/{procedure}", Access::SignedIn),
    ("/cases/new/{procedure}/sheet", Access::SignedIn),
    ("/cases/overdue", Access::SignedIn),
    ("/cases/{id}", Access::SignedIn),
    ("/cases/{id}/comments", Access::SignedIn),
    ("/cases/{id}/draft", Access::SignedIn),
    ("/cases/{id}/files/{file}", Access::SignedIn),
    ("/cases/{id}/letters/{number}", Access::SignedIn),
    ("/cases/{id}/review", Access::SignedIn),
    ("/cases/{id}/roles", Access::SignedIn),
    ("/en/", Access::Public),
    ("/grants", Access::Held("grants.read", "grants.give")),
    ("/grants/revocation", Access::Held("", "grants.give")),
    ("/holds", Access::Held("holds.set", "holds.set")),
    ("/holds/lifting", Access::Held("", "holds.set")),
    ("/identities", Access::Held("accounts.manage", "accounts.manage")),
    ("/ims/oneroster/rostering/v1p2/schools/{school}/classes/{class}/{inner}", Access::System),
    ("/ims/oneroster/rostering/v1p2/{collection}", Access::System),
    ("/ims/oneroster/rostering/v1p2/{collection}/{id}", Access::System),
    ("/ims/oneroster/rostering/v1p2/{collection}/{id}/{inner}", Access::System),
    ("/ims/oneroster/{*rest}", Access::Nothing),
    ("/indicators/{code}", Access::Public),
    ("/indicators/{code}/why", Access::Public),
    ("/invitations", Access::Held("accounts.read", "accounts.manage")),
    ("/invitations/{token}", Access::Door),
    ("/openid/authorize", Access::Application),
    ("/openid/consent", Access::SignedIn),
    ("/openid/continue", Access::Door),
    ("/openid/introspect", Access::Application),
    ("/openid/jwks", Access::Application),
    ("/openid/logout", Access::Application),
    ("/openid/revoke", Access::Application),
    ("/openid/sign-out", Access::Door),
    ("/openid/token", Access::Application),
    ("/openid/userinfo", Access::Application),
    ("/organisations", Access::Public),
    ("/organisations/{code}", Access::Public),
    ("/plan", Access::Public),
    ("/plan/clauses/{id}", Access::Public),
    ("/plan/projects/{id}", Access::Public),
    ("/plan/tasks/{id}", Access::Public),
    ("/published", Access::Public),
    ("/releases", Access::Public),
    ("/requests", Access::Held("requests.decide", "requests.decide")),
    ("/scim/v2/.search", Access::System),
    ("/scim/v2/ResourceTypes", Access::Public),
    ("/scim/v2/ResourceTypes/{name}", Access::Public),
    ("/scim/v2/Schemas", Access::Public),
    ("/scim/v2/Schemas/{urn}", Access::Public),
    ("/scim/v2/ServiceProviderConfig", Access::Public),
    ("/scim/v2/{kind}", Access::System),
    ("/scim/v2/{kind}/{id}", Access::System),
    ("/scim/v2/{kind}/{id}/{*rest}", Access::Nothing),
    ("/sign-in", Access::Door),
    ("/sign-in/code", Access::Door),
    ("/sign-in/outside", Access::Door),
    ("/sign-in/outside/back", Access::Door),
    ("/sign-in/outside/choice", Access::Door),
    ("/sign-in/passkey", Access::Door),
    ("/sign-in/passkey/question", Access::Door),
    ("/sign-out", Access::Door),
    ("/start", Access::SignedIn),
    ("/verify", Access::Counter),
    ("/verify/{number}", Access::Counter),
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

/// The handlers of a route's call, as `sign_in::show`, by their method.
fn handlers(call: &str) -> Vec<(&str, &str)> {
    ["get(", "post(", "put(", "patch(", "delete("]
        .into_iter()
        .flat_map(|method| {
            let name = method.trim_end_matches('(');
            call.split(method).skip(1).map(move |it| (name, it.split(')').next().unwrap().trim()))
        })
        .collect()
}

/// A handler's function, from what it is given to the end of its file.
fn function_of(handler: &str) -> String {
    let (module, function) = handler.rsplit_once("::").unwrap_or(("", handler));
    let module = module.rsplit("::").next().unwrap();
    let start = format!("async fn {function}(");
    let is_there =
        |path: &str| path.starts_with("web/src/") && path.ends_with(&format!("/{module}.rs"));
    let found =
        files(&[".rs"]).into_iter().find(|it| is_there(&it.path) && it.text.contains(&start));
    let text = found.unwrap_or_else(|| panic!("`{handler}` is nowhere")).text;
    text.split_once(&start).unwrap().1.to_owned()
}

/// Head of a handler's function, from its name to its body.
fn head_of(handler: &str) -> String {
    function_of(handler).split_once(") ->").unwrap().0.to_owned()
}

/// Body of a handler's function, as far as its first empty line.
fn body_of(handler: &str) -> String {
    function_of(handler).split("\n\n").next().unwrap().to_owned()
}

#[test]
fn every_form_is_taken_from_pages_of_this_site_only() {
    let mut broken = Vec::new();
    let mut forms = 0;
    for (path, call) in routes() {
        // Applications and systems show a secret or a token; no browser sends one of its own accord.
        let is_for_programs = [Access::Application, Access::System]
            .iter()
            .any(|it| TABLE.contains(&(path.as_str(), *it)));
        if is_for_programs {
            continue;
        }
        for (_, handler) in handlers(&call).into_iter().filter(|it| it.0 == "post") {
            forms += 1;
            if !head_of(handler).contains("Guarded") {
                broken.push(format!("{path}: `{handler}` takes a form that is not guarded"));
            }
        }
    }
    assert!(forms >= 10, "only {forms} forms were found");
    assert_none(&broken);
}

/// Holds that every handler of some addresses is given one of these words.
fn each_is_given(access: Access, words: &[&str]) {
    let mut broken = Vec::new();
    let mut asked = 0;
    for (path, call) in routes() {
        if !TABLE.contains(&(path.as_str(), access)) {
            continue;
        }
        for (_, handler) in handlers(&call) {
            asked += 1;
            let head = head_of(handler);
            if !words.iter().any(|it| head.contains(it)) {
                broken.push(format!("{path}: `{handler}` is given none of {words:?}"));
            }
        }
    }
    assert!(asked >= 10, "only {asked} handlers were found");
    assert_none(&broken);
}

#[test]
fn what_is_for_those_who_are_signed_in_asks_who_they_are() {
    each_is_given(Access::SignedIn, &[": Visitor"]);
}

#[test]
fn what_is_for_other_systems_asks_for_their_token() {
    each_is_given(Access::System, &["Provisioner(", "Reader(", "Bringer("]);
}

#[test]
fn what_is_for_those_who_hold_a_permission_asks_for_it() {
    let mut broken = Vec::new();
    let mut asked = 0;
    for (path, call) in routes() {
        let access = TABLE.iter().find(|it| it.0 == path).map(|it| it.1);
        let Some(Access::Held(looking, changing)) = access else { continue };
        for (method, handler) in handlers(&call) {
            asked += 1;
            let permission = if method == "get" { looking } else { changing };
            let (head, body) = (head_of(handler), body_of(handler));
            if permission.is_empty() || !head.contains(": Visitor") || !body.contains("needing(") {
                broken.push(format!("{path}: `{handler}` does not ask for a permission"));
            }
        }
    }
    assert!(asked >= 10, "only {asked} handlers were found");
    assert_none(&broken);
}
