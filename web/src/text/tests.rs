//! The catalogues of both languages say the same things, and every word on a page is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use model::figure::Observation;
use model::organisation::EventKind;
use network::applications::Authentication;
use network::openid::{Claim, refusal::Stop};
use network::passwords::Flaw;

use super::*;
use crate::problem::Kind;

/// Keys of a language with the names of what is put into them.
fn messages(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for source in sources {
        let parsed = FluentResource::try_new((*source).to_owned());
        let errors = parsed.as_ref().err().map(|(_, errors)| format!("{errors:?}"));
        assert_eq!(errors, None, "{source}");
        let mut key = String::new();
        for line in source.lines().filter(|it| !it.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                key = name.to_owned();
                let fresh = found.insert(key.clone(), BTreeSet::new()).is_none();
                assert!(fresh, "{key} is there twice");
            }
            let names = line.split('$').skip(1).map(|it| {
                it.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>()
            });
            found.entry(key.clone()).or_default().extend(names);
        }
    }
    found.remove("");
    found
}

/// All texts of templates and sources.
fn written(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written(&path, found);
        } else if !path.ends_with("tests.rs") {
            found.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

fn all_written() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = String::new();
    written(&root.join("templates"), &mut found);
    written(&root.join("src"), &mut found);
    found
}

/// Keys that are put together from a code.
fn composed() -> Vec<String> {
    let words = |family: &str, codes: &[&str]| -> Vec<String> {
        codes.iter().map(|it| format!("{family}-{it}")).collect()
    };
    let observations = [
        Observation::Reported,
        Observation::Partial,
        Observation::Missing,
        Observation::NotApplicable,
        Observation::Suppressed,
    ];
    let kinds = [
        "share",
        "ratio",
        "rate",
        "mean",
        "count",
        "cohort",
        "dispersion",
        "units",
        "pass_count",
        "composite",
    ];
    let targets = [
        "at_least",
        "exceed",
        "at_most",
        "hold",
        "all_units",
        "milestones",
        "never_decrease",
        "deliverable",
    ];
    let mut keys = words("status", &Status::ALL.map(Status::as_str));
    keys.extend(words("tally", &Status::ALL.map(Status::as_str)));
    keys.extend(words("about-status", &Status::ALL.map(Status::as_str)));
    keys.extend(words("observation", &observations.map(Observation::as_str)));
    keys.extend(words("event", &EventKind::ALL.map(EventKind::as_str)));
    keys.extend(words("kind", &kinds));
    keys.extend(words("target", &targets));
    keys.extend(words("password", &Flaw::ALL.map(Flaw::as_str)));
    let qualifying = [Claim::EmailVerified, Claim::PhoneNumberVerified, Claim::UpdatedAt];
    let claims = Claim::ALL.iter().filter(|it| !qualifying.contains(it)).map(|it| it.as_str());
    keys.extend(words("claim", &claims.collect::<Vec<_>>()));
    keys.extend(words("actor", &["system", "application", "nobody"]));
    keys.extend(words("limit", &["working-days", "days", "months", "years"]));
    for stop in Stop::ALL.map(Stop::as_str) {
        keys.extend([format!("openid-stop-{stop}"), format!("openid-stop-{stop}-detail")]);
    }
    let ways = Authentication::ALL.map(|it| it.as_str().replace('_', "-"));
    keys.extend(ways.iter().map(|it| format!("application-{it}")));
    keys.extend(words("application", &["expires-at", "owner-account"]));
    let flaws = [
        "address",
        "expiry",
        "filled",
        "keys",
        "manager",
        "part",
        "proof",
        "public-service",
        "service",
        "several",
        "word",
    ];
    keys.extend(words("application-flaw", &flaws));
    for end in ["too-late", "failed", "not-linked", "wait"] {
        keys.push(format!("outside-{end}-detail"));
    }
    for kind in Kind::ALL {
        keys.push(format!("problem-{}", kind.slug()));
        keys.push(format!("problem-{}-detail", kind.slug()));
    }
    keys
}

/// Keys of what is noted in the audit log, such as `action-account-open` of `account.open`.
fn actions(text: &str) -> BTreeSet<String> {
    let is_action = |it: &&str| {
        it.contains('.') && it.chars().all(|it| it.is_ascii_lowercase() || "._-".contains(it))
    };
    let actions = text.split('"').filter(is_action);
    actions.map(|it| format!("action-{}", it.replace(['.', '_'], "-"))).collect()
}

#[test]
fn both_languages_have_the_same_messages() {
    let (chinese, english) = (messages(&ZH), messages(&EN));
    let keys = |it: &BTreeMap<String, BTreeSet<String>>| it.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&chinese), keys(&english));
    for (key, names) in &chinese {
        let other = &english[key];
        // A count may be left unsaid in one language, never put in without being given.
        assert!(names.is_subset(other) || other.is_subset(names), "{key}: {names:?} {other:?}");
    }
}

#[test]
fn every_word_that_is_asked_for_is_there() {
    let known = messages(&ZH);
    let text = all_written();
    for way in ["get(", "with(", "fill(", "count("] {
        for call in text.split(way).skip(1) {
            let Some(call) = call.trim_start().strip_prefix('"') else { continue };
            let key = call.split('"').next().unwrap();
            let is_key =
                key.chars().all(|it| it.is_ascii_lowercase() || "-_0123456789".contains(it));
            let is_asked = is_key && key.contains('-');
            assert!(!is_asked || known.contains_key(key), "`{key}` is in no catalogue");
        }
    }
    for key in composed() {
        assert!(known.contains_key(&key), "`{key}` is in no catalogue");
    }
}

#[test]
fn every_word_of_the_catalogues_is_used() {
    let text = all_written();
    let composed = composed();
    let actions = actions(&text);
    for key in messages(&ZH).into_keys() {
        let used = text.contains(&format!("\"{key}\""))
            || composed.contains(&key)
            || actions.contains(&key);
        assert!(used, "`{key}` is used nowhere");
    }
}

#[test]
fn words_are_put_into_messages() {
    let (chinese, english) = (Text::new(Lang::Zh), Text::new(Lang::En));
    assert_eq!(chinese.with("definition-version", "version", 2), "第 2 版定义");
    assert_eq!(english.count("plan-numbers", 1), "one number");
    assert_eq!(english.count("plan-numbers", 3), "3 numbers");
    assert_eq!(chinese.get("no-such-key"), "no-such-key");
    assert_eq!(english.href("/"), "/en");
    assert_eq!(english.href("/plan"), "/en/plan");
    assert_eq!(chinese.href("/plan"), "/plan");
}

#[test]
fn baseline_figure_and_target_of_an_indicator_look_alike() {
    let year = |it| model::Year::new(it).unwrap();
    let number = |it: &str| it.parse::<Decimal>().unwrap();
    let printed = "350万".to_owned();
    let baseline = Baseline { year: year(2020), value: number("3500000"), printed };
    let target = |printed: &str| PlanTarget {
        target: Target::AtLeast { value: number("5000000"), by: year(2025) },
        printed: printed.to_owned(),
        label: Bilingual::default(),
        clauses: Vec::new(),
        definition: None,
    };
    for t in [Text::new(Lang::Zh), Text::new(Lang::En)] {
        assert_eq!(t.baseline(&baseline), "3\u{202f}500\u{202f}000");
        assert_eq!(t.figure(Some(number("5130000"))), "5\u{202f}130\u{202f}000");
        assert_eq!(t.target(&target("500万")), "5\u{202f}000\u{202f}000");
        assert_eq!(t.target(&target(">5000000")), ">5\u{202f}000\u{202f}000");
    }
    assert_eq!(Text::new(Lang::Zh).target(&target("500万以上")), "5\u{202f}000\u{202f}000以上");
    assert_eq!(Text::new(Lang::En).target(&target("500万以上")), "≥ 5\u{202f}000\u{202f}000");
}

#[test]
fn a_path_tells_its_language() {
    assert_eq!(Lang::of_path("/en"), (Lang::En, "/"));
    assert_eq!(Lang::of_path("/en/plan"), (Lang::En, "/plan"));
    assert_eq!(Lang::of_path("/english"), (Lang::Zh, "/english"));
    assert_eq!(Lang::of_path("/"), (Lang::Zh, "/"));
}

#[test]
fn links_lead_on_as_of_the_same_instant() {
    let t = Text::new(Lang::En).at("2026-01-05T12:00:00Z".parse().ok());
    assert_eq!(t.href("/?year=2025"), "/en?year=2025&as_of=2026-01-05T12:00:00Z");
    assert_eq!(t.href("/indicators/A"), "/en/indicators/A?as_of=2026-01-05T12:00:00Z");
    assert_eq!(t.href("/plan"), "/en/plan");
    assert_eq!(t.href("/"), "/en");
}
