//! The files of the project, as the guards read them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::root;

/// A text file, with its path from the top of the checkout.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// The lines that are part of the product: those of a Rust file before its test module.
    pub(super) fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        let in_tests = |line: &str| line.trim_start().starts_with("#[cfg(test)]");
        self.text.lines().enumerate().take_while(move |(_, it)| !in_tests(it)).map(|(at, line)| {
            // Lines are counted from 1 in messages.
            (at + 1, line)
        })
    }

    /// Whether the whole file is tests: `tests.rs`, `testing.rs`, or below `tests/`.
    pub(super) fn is_test(&self) -> bool {
        let path = &self.path;
        path.ends_with("/tests.rs")
            || path.ends_with("/testing.rs")
            || path.contains("/tests/")
            || path.contains("/guards/")
    }
}

/// All files with one of these endings, anywhere in the project. Never empty.
pub(super) fn files(endings: &[&str]) -> Vec<File> {
    let found = all().into_iter().filter(|it| endings.iter().any(|end| it.ends_with(end)));
    let files: Vec<_> = found
        .map(|path| {
            let text = fs::read_to_string(root().join(&path)).unwrap();
            File { path, text }
        })
        .collect();
    assert!(!files.is_empty(), "no file ends in {endings:?}");
    files
}

/// Paths of all files of the project, from its top, in order; without what is built or fetched.
pub(super) fn all() -> Vec<String> {
    let mut paths = Vec::new();
    collect(&root(), Path::new(""), &mut paths);
    paths.sort();
    paths
}

fn collect(folder: &Path, relative: &Path, paths: &mut Vec<String>) {
    // The same as .gitignore; a clone and an unpacked archive must give the same answer.
    let made = ["target", ".git", "node_modules", "data", "haihe-data", "bench-data"];
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let relative = relative.join(name);
        if path.is_dir() {
            if !made.contains(&name) {
                collect(&path, &relative, paths);
            }
        } else {
            paths.push(relative.to_str().unwrap().replace('\\', "/"));
        }
    }
}

/// Fails with one line for each thing found.
#[track_caller]
pub(super) fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
