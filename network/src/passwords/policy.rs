//! What is asked of a password, as data: `rules/passwords`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Cost, Password};
use crate::sessions::{Lifetimes, after};

/// Passwords that everybody tries first; at least 3,000 that a policy would take otherwise (ASVS 6.2.4).
static COMMON: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../rules/passwords/common.txt").lines().collect());

/// Shortest word of a context that a password may not be built around.
const SHORTEST_CONTEXT: usize = 4;

/// All policies there are, and what a hash costs under any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    pub cost: Cost,
    policies: BTreeMap<String, Policy>,
}

/// What is asked of passwords, and how long sessions last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub name: String,
    /// Where it comes from.
    pub source: String,
    pub least_characters: u32,
    pub most_characters: u32,
    /// Of small letters, capitals, digits and others; 1 asks for nothing.
    pub kinds_of_characters: u32,
    /// After how many days a new one must be taken; 0: never.
    pub valid_days: u32,
    /// How many earlier ones may not be taken again.
    pub former_forbidden: u32,
    pub lifetimes: Lifetimes,
}

/// Why policies cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("the password policies are not as they should be written")]
    Unreadable(#[from] toml::de::Error),

    #[error("there is no password policy {name}; name one of {known}")]
    NoPolicy { name: String, known: String },
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    TooShort,
    TooLong,
    TooFewKinds,
    Common,
    /// It is little more than a word that everybody who knows its owner knows.
    Guessable,
    UsedBefore,
}

impl Flaw {
    pub const ALL: [Self; 6] = [
        Self::TooShort,
        Self::TooLong,
        Self::TooFewKinds,
        Self::Common,
        Self::Guessable,
        Self::UsedBefore,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::TooFewKinds => "too-few-kinds",
            Self::Common => "common",
            Self::Guessable => "guessable",
            Self::UsedBefore => "used-before",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPolicies {
    cost: WrittenCost,
    policy: Vec<WrittenPolicy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPolicy {
    name: String,
    source: String,
    least_characters: u32,
    most_characters: u32,
    kinds_of_characters: u32,
    valid_days: u32,
    former_forbidden: u32,
    idle_minutes: u32,
    session_hours: u32,
}

impl Policies {
    /// The policies that come with the program.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::read(include_str!("../../../rules/passwords/policies.toml"))
    }

    /// Policies as they are written in TOML.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let written: WrittenPolicies = toml::from_str(text)?;
        let WrittenCost { memory_kib, passes, lanes } = written.cost;
        let policies = written.policy.into_iter().map(|it| (it.name.clone(), typed(it))).collect();
        Ok(Self { cost: Cost { memory_kib, passes, lanes }, policies })
    }

    /// The policy of a name.
    ///
    /// # Errors
    /// [`PolicyError::NoPolicy`], with the names there are.
    pub fn policy(&self, name: &str) -> Result<&Policy, PolicyError> {
        self.policies.get(name).ok_or_else(|| PolicyError::NoPolicy {
            name: name.to_owned(),
            known: self.policies.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }
}

fn typed(it: WrittenPolicy) -> Policy {
    Policy {
        name: it.name,
        source: it.source,
        least_characters: it.least_characters,
        most_characters: it.most_characters,
        kinds_of_characters: it.kinds_of_characters,
        valid_days: it.valid_days,
        former_forbidden: it.former_forbidden,
        lifetimes: Lifetimes {
            idle: SignedDuration::from_mins(i64::from(it.idle_minutes)),
            absolute: SignedDuration::from_hours(i64::from(it.session_hours)),
        },
    }
}

impl Policy {
    /// What is wrong with a password that somebody wants to take; nothing when it may be taken.
    ///
    /// `context` are words that everybody who knows its owner knows: login, name, organisation, the product's own
    /// name. Whether it was used before is found by comparing it with [`super::forbidden`].
    pub fn flaws(&self, password: &Password, context: &[&str]) -> Vec<Flaw> {
        let text = password.reveal();
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let lower = text.to_lowercase();
        let mut flaws = Vec::new();
        if length < self.least_characters {
            flaws.push(Flaw::TooShort);
        }
        if length > self.most_characters {
            flaws.push(Flaw::TooLong);
        }
        if kinds(text) < self.kinds_of_characters {
            flaws.push(Flaw::TooFewKinds);
        }
        if is_common(&lower) {
            flaws.push(Flaw::Common);
        }
        if context.iter().any(|it| is_built_around(&lower, &it.to_lowercase())) {
            flaws.push(Flaw::Guessable);
        }
        flaws
    }

    /// Whether a password that was set at an instant has to be changed by now.
    pub fn has_run_out(&self, set_at: Timestamp, at: Timestamp) -> bool {
        let valid = SignedDuration::from_hours(24 * i64::from(self.valid_days));
        self.valid_days > 0 && after(set_at, valid) <= at
    }
}

/// Among those everybody tries, or one of them with something appended that everybody appends.
fn is_common(lower: &str) -> bool {
    let end = |it: char| it.is_ascii_digit() || it.is_ascii_punctuation();
    COMMON.contains(lower) || {
        let stem = lower.trim_end_matches(end);
        stem.len() >= 8 && COMMON.contains(stem)
    }
}

/// Whether all but a few characters of a password are one word.
fn is_built_around(lower: &str, word: &str) -> bool {
    let length = word.chars().count();
    if length < SHORTEST_CONTEXT && !word.chars().any(|it| !it.is_ascii() && length >= 2) {
        return false;
    }
    let around = lower.chars().count().saturating_sub(length);
    lower.contains(word) && around <= 6
}

fn kinds(text: &str) -> u32 {
    let kinds = [
        text.chars().any(char::is_lowercase),
        text.chars().any(char::is_uppercase),
        text.chars().any(char::is_numeric),
        text.chars().any(|it| !it.is_lowercase() && !it.is_uppercase() && !it.is_numeric()),
    ];
    kinds.into_iter().map(u32::from).sum()
}
