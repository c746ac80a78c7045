//! Who may know whom, and who alone may name the heavy crates.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::source::assert_none;
use crate::project::root;

/// Every crate of the workspace, and which others it may know.
const LAYERS: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("declarations", &["model"]),
    ("standards/oneroster", &[]),
    ("standards/scim", &[]),
    ("store", &["model"]),
    ("documents", &["model"]),
    ("network", &["model", "store", "haihe-oneroster", "haihe-scim"]),
    ("casework", &["model", "declarations", "store", "documents", "network"]),
    ("lake/planner", &[]),
    ("lake", &["model", "planner"]),
    // Its tests try its readers by the means of `fuzz`, which knows nothing of them.
    ("platforms/governance", &["model", "declarations", "store", "network", "lake", "fuzz"]),
    (
        "web",
        &[
            "model",
            "store",
            "documents",
            "network",
            "casework",
            "governance",
            "haihe-oneroster",
            "haihe-scim",
        ],
    ),
    ("demonstration", &["model", "store", "network", "casework", "governance"]),
    (
        "app",
        &[
            "model",
            "store",
            "documents",
            "network",
            "casework",
            "lake",
            "governance",
            "web",
            "demonstration",
        ],
    ),
    ("cluster", &["lake"]),
    ("bench", &["store", "network"]),
    (
        "fuzz",
        &[
            "model",
            "declarations",
            "store",
            "documents",
            "network",
            "casework",
            "haihe-oneroster",
            "haihe-scim",
        ],
    ),
    ("xtask", &[]),
];

/// Crates that only some of ours may name.
const KEPT_BEHIND: [(&str, &[&str]); 17] = [
    ("datafusion", &["lake", "lake/planner", "cluster"]),
    ("deltalake", &["lake"]),
    ("deltalake-core", &["lake"]),
    ("ballista", &["cluster"]),
    ("arrow", &["lake"]),
    ("parquet", &["lake"]),
    ("object_store", &["lake", "cluster"]),
    ("p256", &["documents"]),
    ("x509-cert", &["documents"]),
    ("axum", &["web"]),
    ("askama", &["web"]),
    ("askama_web", &["web"]),
    ("tower-http", &["web"]),
    ("clap", &["app", "cluster", "bench", "xtask"]),
    ("anyhow", &["app", "cluster", "demonstration", "bench", "xtask"]),
    ("reqwest", &["app"]),
    ("sqlx", &["store", "network", "casework", "platforms/governance"]),
];

#[test]
fn every_crate_of_the_workspace_has_its_layer() {
    let manifest = manifest("");
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let mut found = BTreeSet::new();
    for member in members.iter().filter_map(toml::Value::as_str) {
        match member.strip_suffix("/*") {
            None => _ = found.insert(member.to_owned()),
            Some(group) => {
                for entry in fs::read_dir(root().join(group)).unwrap() {
                    let name = entry.unwrap().file_name().into_string().unwrap();
                    found.insert(format!("{group}/{name}"));
                }
            }
        }
    }
    let layers: BTreeSet<String> = LAYERS.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, layers);
}

#[test]
fn every_crate_knows_only_the_layers_below() {
    let names: BTreeMap<String, &str> =
        LAYERS.iter().map(|(path, _)| (package(path), *path)).collect();
    let mut broken = Vec::new();
    for (path, may_know) in LAYERS {
        for dependency in dependencies(path) {
            let ours = names.contains_key(dependency.as_str());
            if ours && !may_know.contains(&dependency.as_str()) {
                broken.push(format!("{path} must not know {dependency}"));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn no_platform_names_another() {
    let platforms: Vec<&str> =
        LAYERS.iter().filter_map(|(path, _)| path.strip_prefix("platforms/")).collect();
    assert!(!platforms.is_empty());
    let mut broken = Vec::new();
    for platform in &platforms {
        for dependency in dependencies(&format!("platforms/{platform}")) {
            if platforms.contains(&dependency.as_str()) {
                broken.push(format!("platforms/{platform} must not know {dependency}"));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn heavy_crates_are_kept_behind_their_keeper() {
    let mut broken = Vec::new();
    for (path, _) in LAYERS {
        for dependency in dependencies(path) {
            // `datafusion-common` is kept with `datafusion`.
            let family =
                |kept: &str| dependency == kept || dependency.starts_with(&format!("{kept}-"));
            for (kept, keepers) in KEPT_BEHIND {
                if family(kept) && !keepers.contains(&path) {
                    let keepers = keepers.join(", ");
                    broken
                        .push(format!("{path} must not name {dependency}: that is for {keepers}"));
                }
            }
        }
    }
    assert_none(&broken);
}

/// Name of a crate: that of its folder, and with ours in front where strangers may use it.
fn package(path: &str) -> String {
    match path.strip_prefix("standards/") {
        Some(name) => format!("haihe-{name}"),
        None => path.rsplit('/').next().unwrap().to_owned(),
    }
}

/// Names of all dependencies of a crate, those of its tests and build script included.
fn dependencies(path: &str) -> BTreeSet<String> {
    let manifest = manifest(path);
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = tables.iter().filter_map(|it| manifest.get(*it)?.as_table());
    tables.flat_map(|it| it.keys().cloned()).collect()
}

fn manifest(path: &str) -> toml::Table {
    let file = root().join(path).join("Cargo.toml");
    fs::read_to_string(file).unwrap().parse().unwrap()
}
