//! Files stay small, say what they are, and leave nothing for later.

use super::source::{assert_none, files};

/// Most lines of a file of code.
const MOST_LINES: usize = 500;
/// A file longer than this should be split by noun; so few may be, and none above [`MOST_LINES`].
const GOOD_LINES: usize = 400;
const MOST_LONG_FILES: usize = 6;

#[test]
fn no_file_is_long() {
    let mut broken = Vec::new();
    let mut long = Vec::new();
    for file in files(&[".rs", ".mjs", ".js", ".css"]) {
        let lines = file.text.lines().count();
        if lines > MOST_LINES {
            broken.push(format!("{}: {lines} lines, more than {MOST_LINES}", file.path));
        } else if lines > GOOD_LINES {
            long.push(format!("{}: {lines} lines, more than {GOOD_LINES}", file.path));
        }
    }
    if long.len() > MOST_LONG_FILES {
        broken.append(&mut long);
    }
    assert_none(&broken);
}

#[test]
fn every_crate_says_what_it_is_and_what_never_happens_in_it() {
    let mut broken = Vec::new();
    for file in files(&["src/lib.rs", "src/main.rs"]) {
        if !file.text.starts_with("//! ") {
            broken.push(format!("{}: does not begin by saying what it is", file.path));
        }
        if !file.text.contains("//! **Invariant:**") {
            broken.push(format!("{}: its head states no `**Invariant:**`", file.path));
        }
    }
    assert_none(&broken);
}

#[test]
fn modules_are_files_named_as_they_are() {
    let named = |path: &str| path.ends_with("/mod.rs") || path.ends_with("/utils.rs");
    let files = files(&[".rs"]);
    let broken: Vec<_> = files.into_iter().map(|it| it.path).filter(|it| named(it)).collect();
    assert_none(&broken);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ign", "ore")];
    let mut broken = Vec::new();
    for file in files(&[".rs", ".html", ".css", ".js", ".mjs", ".sql", ".toml", ".md", ".ftl"]) {
        for (at, line) in file.text.lines().enumerate() {
            if words.iter().any(|it| line.contains(it)) {
                broken.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    assert_none(&broken);
}
