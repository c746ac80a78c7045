//! What the papers list is what the code has.

use std::collections::BTreeMap;
use std::fs;

use super::source::assert_none;
use crate::project::root;

/// Words that a file of code gives by `=> "word",` in the function of this name.
fn words(file: &str, function: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let body = text.split_once(&format!("fn {function}(")).unwrap().1;
    let body = body.split_once("\n    }\n}").map_or(body, |it| it.0);
    let body = body.split_once("\n    }\n\n").map_or(body, |it| it.0);
    let words = body.lines().filter_map(|it| it.trim().split_once("=> \"")?.1.split_once('"'));
    let words: Vec<_> = words.map(|(word, _)| word.to_owned()).collect();
    assert!(words.len() >= 8, "only {words:?} were found in {file}");
    words
}

#[test]
fn every_problem_and_rule_is_documented() {
    let paper = fs::read_to_string(root().join("docs/problems.md")).unwrap();
    let mut all = words("web/src/problem.rs", "slug");
    all.extend(words("platforms/governance/src/collection/rule.rs", "as_str"));
    all.extend(words("model/src/codes.rs", "rule"));
    let missing = all.into_iter().filter(|it| !paper.contains(&format!("`{it}`")));
    let missing: Vec<_> = missing.map(|it| format!("docs/problems.md lacks `{it}`")).collect();
    assert_none(&missing);
}

#[test]
fn the_glossary_has_one_english_word_for_each_chinese_one() {
    let paper = fs::read_to_string(root().join("GLOSSARY.md")).unwrap();
    let rows = paper.lines().filter_map(|it| it.strip_prefix("| ")?.split_once(" | "));
    let rows = rows.filter_map(|(english, rest)| Some((english, rest.split_once(" | ")?.0)));
    let mut terms: BTreeMap<&str, usize> = BTreeMap::new();
    for (english, chinese) in rows.filter(|it| it.0 != "word" && it.0 != "---") {
        for term in english.split(", ").chain(chinese.split('、')) {
            *terms.entry(term).or_default() += 1;
        }
    }
    assert!(terms.len() > 200, "only {} terms were found", terms.len());
    let twice = terms.into_iter().filter(|(_, rows)| *rows > 1);
    let twice: Vec<_> = twice.map(|(it, _)| format!("GLOSSARY.md has `{it}` twice")).collect();
    assert_none(&twice);
}

#[test]
fn every_link_between_papers_leads_somewhere() {
    let mut broken = Vec::new();
    for file in super::source::files(&[".md"]) {
        let folder = std::path::Path::new(&file.path).parent().unwrap();
        for target in file.text.split("](").skip(1).filter_map(|it| it.split_once(')')) {
            let target = target.0.split('#').next().unwrap();
            let elsewhere = target.is_empty() || target.contains("://");
            if !elsewhere && !root().join(folder).join(target).exists() {
                broken.push(format!("{}: `{target}` is nowhere", file.path));
            }
        }
    }
    assert_none(&broken);
}
