//! The product speaks of no machine that it was made on.

use super::source::{assert_none, files};

#[test]
fn no_path_or_host_of_a_machine_is_in_a_file() {
    // Put together here, so that this file does not find itself.
    let places = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Use", "rs/"),
        concat!("/tm", "p/"),
        concat!("regis", "try.npm"),
        concat!("npm", "mirror"),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("py", "pi.org"),
        concat!("pythonhosted", ".org"),
        concat!("deb.", "debian.org"),
    ];
    // SCIM calls the accounts of a service so (RFC 7644, section 3.2).
    let users = concat!("/Use", "rs/");
    let is_about_scim = |path: &str| path.contains("scim") || path.ends_with("/provisioning.rs");
    let mut broken = Vec::new();
    let endings = [
        ".rs", ".toml", ".md", ".json", ".mjs", ".js", ".css", ".html", ".sql", ".ftl", ".csv",
        ".slt", ".snap", ".lock", "/run", ".txt",
    ];
    for file in files(&endings) {
        for (at, line) in file.text.lines().enumerate() {
            let allowed = |it: &str| it == users && is_about_scim(&file.path);
            if places.iter().any(|it| line.contains(it) && !allowed(it)) {
                broken.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    assert_none(&broken);
}
