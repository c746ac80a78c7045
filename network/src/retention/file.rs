//! Retention periods as they are written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use model::finding::Severity;
use model::{Bilingual, Finding};
use serde::Deserialize;
use toml::Spanned;

/// The periods of the national default, as the program brings them along.
pub const NATIONAL: &str = include_str!("../../../rules/retention.toml");

/// Longest period: a century.
const LONGEST_DAYS: i64 = 36_500;

/// What the program keeps, by how long it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataClass {
    Sessions,
    KnownDevices,
    SignInFailures,
    Invitations,
    ClosedAccounts,
    Requests,
    Grants,
    Audit,
}

impl DataClass {
    pub const ALL: [Self; 8] = [
        Self::Sessions,
        Self::KnownDevices,
        Self::SignInFailures,
        Self::Invitations,
        Self::ClosedAccounts,
        Self::Requests,
        Self::Grants,
        Self::Audit,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::KnownDevices => "known_devices",
            Self::SignInFailures => "sign_in_failures",
            Self::Invitations => "invitations",
            Self::ClosedAccounts => "closed_accounts",
            Self::Requests => "requests",
            Self::Grants => "grants",
            Self::Audit => "audit",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether nothing of it can be taken away: the log would not verify any more, and what was granted must be answered for.
    const fn is_kept(self) -> bool {
        matches!(self, Self::Grants | Self::Audit)
    }
}

impl fmt::Display for DataClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long a class is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub class: DataClass,
    pub title: Bilingual,
    /// The law, or another source.
    pub law: String,
    /// What the days are counted from.
    pub from: Bilingual,
    /// `None`: for ever.
    pub days: Option<i64>,
}

/// All periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    rules: BTreeMap<DataClass, Rule>,
    pub answer_within_days: i64,
}

impl Rules {
    /// The national default.
    pub fn national() -> Self {
        // Held sound by a test.
        read("rules/retention.toml", NATIONAL).0
    }

    pub fn get(&self, class: DataClass) -> Option<&Rule> {
        self.rules.get(&class)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    answer_within_days: Option<Spanned<i64>>,
    #[serde(default)]
    class: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    code: Spanned<String>,
    title: Words,
    law: String,
    from: Words,
    days: Spanned<i64>,
    action: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: String,
    en: String,
}

/// Reads retention periods; with a finding, none of them should be used.
pub fn read(name: &str, text: &str) -> (Rules, Vec<Finding>) {
    read_over(&[(name, text)])
}

/// Reads retention periods of several files, names and texts: what a later one says of a class takes the place of what an
/// earlier one said. With a finding, none of them should be used.
pub fn read_over(files: &[(&str, &str)]) -> (Rules, Vec<Finding>) {
    let (mut rules, mut findings) = (Rules::default(), Vec::new());
    for (name, text) in files {
        take(name, text, &mut rules, &mut findings);
    }
    // Of several files, the first says all.
    let name = files.first().map_or("", |(name, _)| name);
    if rules.answer_within_days == 0 && findings_lack(&findings) {
        findings.push(missing(name, "answer_within_days"));
    }
    for class in DataClass::ALL {
        if rules.get(class).is_none() && findings_lack(&findings) {
            findings.push(missing(name, class.as_str()));
        }
    }
    (rules, findings)
}

/// Takes up what one file says.
fn take(name: &str, text: &str, rules: &mut Rules, findings: &mut Vec<Finding>) {
    let mut add = |at: usize, rule, found: &str, expected: &str, hint: &str| {
        let lines = text.as_bytes().iter().take(at).filter(|it| **it == b'\n').count() + 1;
        findings.push(Finding {
            file: name.to_owned(),
            row: u64::try_from(lines).ok(),
            column: None,
            rule,
            found: found.to_owned(),
            expected: expected.to_owned(),
            hint: hint.to_owned(),
            severity: Severity::Error,
        });
    };
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let at = error.span().map_or(0, |it| it.start);
            let message = error.message().replace('\n', "; ");
            add(at, "form", &message, "a file like rules/retention.toml", "correct the line");
            return;
        }
    };
    if let Some(days) = file.answer_within_days {
        rules.answer_within_days = *days.get_ref();
        if !(1..=90).contains(days.get_ref()) {
            let (at, found) = (days.span().start, days.get_ref().to_string());
            add(at, "range", &found, "1 to 90 days", "a person must be answered in time");
        }
    }
    let mut said = BTreeSet::new();
    for it in file.class {
        let at = it.code.span().start;
        let Some(class) = DataClass::parse(it.code.get_ref()) else {
            let expected = DataClass::ALL.map(DataClass::as_str).join(", ");
            add(at, "unknown", it.code.get_ref(), &expected, "correct the code");
            continue;
        };
        let days = match it.action.get_ref().as_str() {
            "keep" => None,
            "delete" if class.is_kept() => {
                let hint = "what it holds is needed to answer for what was done";
                add(it.action.span().start, "kept", "delete", "keep", hint);
                continue;
            }
            "delete" => Some(*it.days.get_ref()),
            other => {
                let hint = "correct the word";
                add(it.action.span().start, "unknown", other, "delete or keep", hint);
                continue;
            }
        };
        if days.is_some_and(|it| !(1..=LONGEST_DAYS).contains(&it)) {
            let found = it.days.get_ref().to_string();
            let hint = "write the days that the law names";
            add(it.days.span().start, "range", &found, "1 to 36500 days", hint);
        }
        let rule = Rule {
            class,
            title: Bilingual::new(it.title.zh, it.title.en),
            law: it.law,
            from: Bilingual::new(it.from.zh, it.from.en),
            days,
        };
        rules.rules.insert(class, rule);
        if !said.insert(class) {
            add(at, "duplicate", class.as_str(), "each class once", "delete one of them");
        }
    }
}

/// A class that was refused is not said to be missing too.
fn findings_lack(findings: &[Finding]) -> bool {
    findings.iter().all(|it| it.rule == "missing")
}

fn missing(name: &str, what: &str) -> Finding {
    Finding {
        file: name.to_owned(),
        row: None,
        column: None,
        rule: "missing",
        found: format!("nothing about {what}"),
        expected: "a period for every class".to_owned(),
        hint: "add it, with its law".to_owned(),
        severity: Severity::Error,
    }
}
