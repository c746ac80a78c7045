//! `model` is words and arithmetic: nothing in it reads, writes, waits, draws lots or tells the time.

use super::source::{assert_none, files};

const ABSENT: [&str; 16] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "SystemTime",
    "Instant::",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
    "rand::",
    "serde",
    "async fn",
    "println!",
];

#[test]
fn model_does_no_input_or_output_and_has_no_clock() {
    let mut broken = Vec::new();
    for file in files(&[".rs"]) {
        if !file.path.starts_with("model/src/") || file.is_test() {
            continue;
        }
        for (at, line) in file.product().filter(|(_, it)| !it.trim_start().starts_with("//")) {
            if let Some(word) = ABSENT.iter().find(|it| line.contains(**it)) {
                broken.push(format!("{}:{at}: `{word}` does not belong in model", file.path));
            }
        }
    }
    assert_none(&broken);
}
