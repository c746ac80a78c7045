//! The product as a person meets it: a demonstration city, served, and a browser on its pages.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::city::{City, free_port};
use crate::project::{command, root, run};
use crate::tools;

/// Walks through the product with a browser.
pub(super) fn walk() -> anyhow::Result<()> {
    // One after another: one of them changes the city.
    let mut words =
        vec!["--test".into(), "--test-concurrency=1".into(), "--test-reporter=spec".into()];
    words.extend(test_files(&root().join("e2e"))?);
    on_a_served_city(&words)
}

/// Takes the pictures of the README.
pub(crate) fn pictures() -> anyhow::Result<()> {
    on_a_served_city(&[PathBuf::from("pictures.mjs")])
}

/// Runs node in `e2e` on a demonstration city that is served meanwhile.
fn on_a_served_city(words: &[PathBuf]) -> anyhow::Result<()> {
    let chromium = || tools::find("chromium").is_some();
    tools::from_debian(&["chromium"], chromium)?;
    need_chinese_font()?;
    let tests = root().join("e2e");
    tools::from_npm(&tests)?;

    let city = City::make()?;
    let server = city.serve(free_port()?, &[])?;
    run(command("node")
        .current_dir(&tests)
        .args(words)
        .env("HAIHE", &city.haihe)
        .env("HAIHE_DATA", city.data())
        .env("HAIHE_URL", format!("http://127.0.0.1:{}", server.port))
        .env("CHROMIUM", tools::find("chromium").unwrap_or_default()))
}

fn test_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.join("tests"))? {
        files.push(entry?.path());
    }
    files.retain(|it| it.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    ensure!(!files.is_empty(), "there is no browser test");
    Ok(files)
}

/// What pages are looked at with, and letters set in.
pub(super) fn need_chinese_font() -> anyhow::Result<()> {
    tools::from_debian(&["fonts-noto-cjk"], has_chinese_font)
}

fn has_chinese_font() -> bool {
    ["/usr/share/fonts", "/usr/local/share/fonts"].iter().any(|it| has_font(Path::new(it)))
}

fn has_font(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|it| {
        let name = it.file_name().to_string_lossy().into_owned();
        name.contains("CJK") || (it.path().is_dir() && has_font(&it.path()))
    })
}
