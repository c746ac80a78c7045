//! Roles as they are written down.

use std::collections::{BTreeMap, BTreeSet};

use model::finding::Severity;
use model::{Bilingual, Finding};
use serde::Deserialize;
use toml::Spanned;

use super::{
    FieldMask, Permission, PersonalField, PurposeEntry, Reach, Role, RoleCode, Roles, check,
};
use crate::purpose::Purpose;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    purpose: Vec<PurposeTable>,
    #[serde(default)]
    role: Vec<RoleTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeTable {
    code: Spanned<String>,
    title: Words,
    basis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleTable {
    code: Spanned<String>,
    title: Words,
    about: Words,
    permissions: Vec<Spanned<String>>,
    fields: Vec<Spanned<String>>,
    levels: Vec<String>,
    reaches: Vec<Spanned<String>>,
    purposes: Vec<Spanned<String>>,
    #[serde(default)]
    may_grant: Vec<Spanned<String>>,
    #[serde(default)]
    appoints: Vec<Spanned<String>>,
    #[serde(default)]
    excludes: Vec<Spanned<String>>,
    longest_days: Option<Spanned<i64>>,
    #[serde(default)]
    second_factor: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: String,
    en: String,
}

impl From<Words> for Bilingual {
    fn from(words: Words) -> Self {
        Self::new(words.zh, words.en)
    }
}

/// What a check says of one place of the files, which are counted through as if they were one text.
pub(super) struct Findings<'a> {
    /// Names and texts.
    files: &'a [(&'a str, &'a str)],
    /// Where the file begins that is being read.
    base: usize,
    found: Vec<Finding>,
}

impl Findings<'_> {
    /// Adds what is said of a place of the file that is being read.
    pub(super) fn add(
        &mut self,
        at: usize,
        rule: &'static str,
        found: impl Into<String>,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let (mut name, mut text, mut at) = ("", "", at.saturating_add(self.base));
        for (next, content) in self.files {
            (name, text) = (*next, *content);
            match at.checked_sub(content.len()) {
                Some(rest) => at = rest,
                None => break,
            }
        }
        let before = text.as_bytes().iter().take(at);
        let line = before.filter(|it| **it == b'\n').count() + 1;
        self.found.push(Finding {
            file: name.to_owned(),
            row: u64::try_from(line).ok(),
            column: None,
            rule,
            found: found.into(),
            expected: expected.into(),
            hint: hint.into(),
            severity: Severity::Error,
        });
    }
}

/// Reads roles; with a finding, none of them should be used.
pub fn read(name: &str, text: &str) -> (Roles, Vec<Finding>) {
    read_over(&[(name, text)])
}

/// Reads roles of several files, names and texts: what a later one says of a role or a purpose takes the place of what an
/// earlier one said. With a finding, none of them should be used.
pub fn read_over(files: &[(&str, &str)]) -> (Roles, Vec<Finding>) {
    let mut findings = Findings { files, base: 0, found: Vec::new() };
    let mut roles = Roles::default();
    let mut places = BTreeMap::new();
    for (_, text) in files {
        take(text, &mut roles, &mut places, &mut findings);
        findings.base = findings.base.saturating_add(text.len());
    }
    findings.base = 0;
    // A file that cannot be read at all would leave much missing that is there.
    if findings.found.iter().all(|it| it.rule != "form") {
        fill_all(&mut roles);
        check::check(&roles, &places, &mut findings);
    }
    (roles, findings.found)
}

/// Takes up what one file says; `places`: where each role begins.
fn take(
    text: &str,
    roles: &mut Roles,
    places: &mut BTreeMap<RoleCode, usize>,
    findings: &mut Findings<'_>,
) {
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let at = error.span().map_or(0, |it| it.start);
            let message = error.message().replace('\n', "; ");
            findings.add(at, "form", message, "a file like rules/roles.toml", "correct the line");
            return;
        }
    };
    let (mut purposes, mut said) = (BTreeSet::new(), BTreeSet::new());
    for it in file.purpose {
        let at = it.code.span().start;
        let Ok(purpose) = it.code.get_ref().parse::<Purpose>() else {
            let expected = "1 to 32 lower-case letters and _";
            findings.add(at, "code", it.code.into_inner(), expected, "give it another code");
            continue;
        };
        let entry =
            PurposeEntry { purpose: purpose.clone(), title: it.title.into(), basis: it.basis };
        roles.purposes.insert(purpose.clone(), entry);
        if !purposes.insert(purpose) {
            let expected = "each purpose once";
            findings.add(at, "duplicate", it.code.into_inner(), expected, "delete one of them");
        }
    }
    for it in file.role {
        let at = it.code.span().start;
        let Some(role) = role(it, findings) else { continue };
        let code = role.code.clone();
        if !said.insert(code.clone()) {
            let expected = "each role once";
            findings.add(at, "duplicate", code.as_str(), expected, "delete one of them");
            continue;
        }
        if roles.roles.insert(code.clone(), role).is_none() {
            roles.order.push(code.clone());
        }
        places.insert(code, at.saturating_add(findings.base));
    }
}

/// Puts every other role in the place of `*`.
fn fill_all(roles: &mut Roles) {
    let codes: Vec<RoleCode> = roles.order.clone();
    for role in roles.roles.values_mut() {
        if role.excludes.iter().any(|it| it.as_str() == EVERY) {
            role.excludes = codes.iter().filter(|it| **it != role.code).cloned().collect();
        }
    }
}

/// Stands for `*` while a file is read; too long for a code.
const EVERY: &str = "*";

fn role(table: RoleTable, findings: &mut Findings<'_>) -> Option<Role> {
    let at = table.code.span().start;
    let Ok(code) = table.code.get_ref().parse::<RoleCode>() else {
        let expected = "1 to 40 lower-case letters and _";
        findings.add(at, "code", table.code.into_inner(), expected, "give it another code");
        return None;
    };
    let permissions = codes(table.permissions, "permission", Permission::parse, findings);
    let fields = codes(table.fields, "class of personal data", PersonalField::parse, findings);
    let reaches = codes(table.reaches, "reach", Reach::parse, findings);
    let purposes = codes(table.purposes, "purpose", |it| it.parse().ok(), findings);
    let mut named = |list| codes(list, "role", |it| it.parse::<RoleCode>().ok(), findings);
    let (may_grant, appoints) = (named(table.may_grant), named(table.appoints));
    let every = table.excludes.iter().any(|it| it.get_ref() == EVERY);
    let excludes = if every { vec![RoleCode::every()] } else { named(table.excludes) };
    if let Some(days) =
        table.longest_days.as_ref().filter(|it| !(1..=36_500).contains(it.get_ref()))
    {
        let hint = "leave it out when there is no limit";
        let found = days.get_ref().to_string();
        findings.add(days.span().start, "range", found, "1 to 36500 days", hint);
    }
    Some(Role {
        code,
        title: table.title.into(),
        about: table.about.into(),
        permissions,
        fields: FieldMask::from_iter(fields),
        levels: table.levels,
        reaches,
        purposes,
        may_grant,
        appoints,
        excludes,
        longest_days: table.longest_days.map(Spanned::into_inner),
        second_factor: table.second_factor,
    })
}

impl RoleCode {
    fn every() -> Self {
        Self(std::sync::Arc::from(EVERY))
    }
}

/// What the words of a list mean; a word that means nothing is a finding.
fn codes<T>(
    words: Vec<Spanned<String>>,
    kind: &str,
    parse: impl Fn(&str) -> Option<T>,
    findings: &mut Findings<'_>,
) -> Vec<T> {
    let mut read = Vec::with_capacity(words.len());
    for word in words {
        match parse(word.get_ref()) {
            Some(it) => read.push(it),
            None => findings.add(
                word.span().start,
                "unknown",
                word.get_ref().as_str(),
                format!("a {kind}"),
                "correct the word, or take it out",
            ),
        }
    }
    read
}
