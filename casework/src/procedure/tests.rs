//! Procedures of a few lines: what is proved of them, and what is told of those that are not sound.

use super::check::{Surroundings, check};
use super::*;
use crate::testing::{files, root, shipped, surroundings};

mod broken;
mod net;
mod paper;

const FORM: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "x-version": "1", "type": "object",
  "additionalProperties": false,
  "properties": {
    "kind": { "type": "string", "enum": ["a", "b", "c"], "x-disclosure": "public",
      "x-title": { "zh": "类", "en": "Kind" },
      "x-labels": { "a": { "zh": "甲", "en": "A" }, "b": { "zh": "乙", "en": "B" }, "c": { "zh": "丙", "en": "C" } } },
    "count": { "type": "integer", "minimum": 0, "maximum": 10, "x-disclosure": "public",
      "x-title": { "zh": "数", "en": "Count" } },
    "other": { "type": "integer", "minimum": 0, "maximum": 10, "x-disclosure": "public",
      "x-title": { "zh": "另数", "en": "Other" } },
    "share": { "type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 100, "x-disclosure": "public",
      "x-title": { "zh": "比", "en": "Share" } },
    "done_on": { "type": "string", "format": "date", "x-disclosure": "public", "x-title": { "zh": "日", "en": "Day" } }
  }
}"#;

const HEAD: &str = r#"
name = "small"
title = { zh = "小", en = "Small" }
purpose = { zh = "试", en = "A trial" }
calendar = "china"
number = "X-{sequence:3}"

[[section]]
title = { zh = "表", en = "Form" }
fields = ["kind", "count", "other", "share", "done_on"]

[[role]]
name = "clerk"
title = { zh = "填报员", en = "Clerk" }
grants = ["school_clerk"]
holder = "beginner"

[[role]]
name = "officer"
title = { zh = "审核人", en = "Officer" }
grants = ["district_officer"]
apart_from = ["clerk"]

[[state]]
name = "draft"
title = { zh = "草稿", en = "Draft" }
kind = "start"
"#;

/// A procedure of the head above and a rest; states are written as words, the first being no end.
fn small(states: &str, rest: &str) -> Result<Procedure, Vec<declarations::Fault>> {
    let mut text = HEAD.to_owned();
    for state in states.split_whitespace() {
        let (name, end) =
            state.strip_suffix('*').map_or((state, ""), |it| (it, "kind = \"end\"\n"));
        text.push_str(&format!(
            "[[state]]\nname = \"{name}\"\ntitle = {{ zh = \"{name}\", en = \"{name}\" }}\n{end}"
        ));
    }
    text.push_str(rest);
    let files = [("procedure.toml", text.as_str()), ("form.schema.json", FORM)];
    of_files("small", &Files::of(files.map(|(path, text)| (path.to_owned(), text.to_owned()))))
}

/// Transitions a line each: `name from>to by [when] [; more]`.
fn steps(lines: &str) -> String {
    let mut text = String::new();
    for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (line, more) = line.split_once(';').unwrap_or((line, ""));
        let (line, when) =
            line.split_once('[').map_or((line, None), |(it, when)| (it, when.rsplit_once(']')));
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, way, by] = words.as_slice() else { panic!("{line}") };
        let (from, to) = way.split_once('>').unwrap();
        let list =
            |it: &str| it.split('+').map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ");
        text.push_str(&format!(
            "[[transition]]\nname = \"{name}\"\ntitle = {{ zh = \"{name}\", en = \"{name}\" }}\nfrom = [{}]\nto = [{}]\nby = [\"{by}\"]\n",
            list(from),
            list(to)
        ));
        if let Some((when, _)) = when {
            text.push_str(&format!("when = \"{when}\"\n"));
        }
        text.push_str(more.trim());
        text.push('\n');
    }
    text
}

/// What the net's check says, without the places.
fn told(states: &str, lines: &str) -> String {
    let procedure = match small(states, &steps(lines)) {
        Ok(procedure) => procedure,
        Err(faults) => return faults.iter().map(|it| format!("{it}\n")).collect(),
    };
    let around = Surroundings {
        roles: ["school_clerk", "district_officer"].map(str::to_owned).into(),
        calendars: ["china".to_owned()].into(),
        ..Surroundings::default()
    };
    let faults = check(&procedure, &around);
    let faults = faults
        .iter()
        .filter(|it| !it.what.starts_with("no step fills") && !it.what.ends_with("takes no part"));
    faults.map(|it| format!("{}\n", it.what)).collect()
}

#[test]
fn a_shipped_procedure_is_drawn_in_both_languages() {
    let procedure = of_files("hazard-rectification", &files("hazard-rectification")).unwrap();
    insta::assert_snapshot!("drawn_zh", picture(&procedure, Language::Chinese));
    let english = picture(&procedure, Language::English);
    assert!(english.contains("Hazard") || english.contains("Incidents"));
    assert!(!english.contains("整改"), "Chinese in the English picture");
}

#[test]
fn every_picture_is_sound_xml_that_names_every_state() {
    for name in shipped() {
        let procedure = of_files(&name, &files(&name)).unwrap();
        let svg = picture(&procedure, Language::Chinese);
        for state in &procedure.states {
            assert!(svg.contains(&format!(">{}</text>", state.title.zh)), "{name}: {}", state.name);
        }
        assert!(
            !svg.contains("NaN") && svg.matches('<').count() == svg.matches('>').count(),
            "{name}"
        );
    }
    assert!(root().join("procedures").is_dir());
    let _ = surroundings;
}
