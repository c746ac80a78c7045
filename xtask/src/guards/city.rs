//! A city is a folder of data: no code, page or catalogue knows one by name.

use super::source::{assert_none, files};

/// Words that would tie the product to the first city it runs; its division code is 12.
const WORDS: [&str; 6] = ["tianjin", "天津", "津门", "滨海新区", "120000", "120100"];

#[test]
fn no_city_is_in_the_code() {
    let mut broken = Vec::new();
    for file in files(&[".rs", ".html", ".ftl", ".js", ".css", ".sql"]) {
        if file.is_test() {
            continue;
        }
        for (at, line) in file.product() {
            let lower = line.to_lowercase();
            if WORDS.iter().any(|it| lower.contains(it)) {
                broken.push(format!("{}:{at}: {}", file.path, line.trim()));
            }
        }
    }
    assert_none(&broken);
}
