//! Entries: what is to be written, and what was.

use std::fmt;

use aws_lc_rs::hmac;
use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::StoreError;

use super::canonical::{hex, leaf, netstrings};
use crate::id::{AccountId, Id, PersonId};
use crate::purpose::Purpose;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The program itself, or whoever runs its commands.
    System,
    Account(AccountId),
    /// Another application of the city, on its own behalf.
    Application(Id),
    /// Someone who did not sign in.
    Nobody,
}

impl Actor {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Account(_) => "account",
            Self::Application(_) => "application",
            Self::Nobody => "nobody",
        }
    }

    /// The id of an account or an application.
    pub fn id(self) -> Option<String> {
        match self {
            Self::Account(id) => Some(id.to_string()),
            Self::Application(id) => Some(id.to_string()),
            Self::System | Self::Nobody => None,
        }
    }

    /// The account that acted.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::System | Self::Application(_) | Self::Nobody => None,
        }
    }
}

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Done,
    /// It was asked for and not allowed.
    Refused,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// What is to be written. Words are fixed texts of the program, so that nothing of a person gets in.
#[derive(Clone, Debug)]
pub struct Entry {
    actor: Actor,
    purpose: Purpose,
    action: &'static str,
    outcome: Outcome,
    organisation: Option<OrgCode>,
    object_kind: &'static str,
    object: Object,
    rows: Option<u64>,
}

/// What an entry is about.
#[derive(Clone)]
enum Object {
    Nothing,
    /// Something with an id, which is no person.
    Thing(String),
    /// The person, and the salt it gets unless it has one.
    Person(PersonId, [u8; 32]),
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Thing(id) => f.debug_tuple("Thing").field(id).finish(),
            Self::Person(..) => f.write_str("Person"),
        }
    }
}

impl Entry {
    /// `action` is a noun and a verb, such as `grant.give`.
    pub const fn new(actor: Actor, purpose: Purpose, action: &'static str) -> Self {
        Self {
            actor,
            purpose,
            action,
            outcome: Outcome::Done,
            organisation: None,
            object_kind: "",
            object: Object::Nothing,
            rows: None,
        }
    }

    /// At which organisation it was done.
    #[must_use]
    pub fn at(mut self, organisation: &OrgCode) -> Self {
        self.organisation = Some(organisation.clone());
        self
    }

    /// Names the thing it was done to: its kind, and its id. Never a person, a name or a text that someone wrote.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: impl fmt::Display) -> Self {
        self.object_kind = kind;
        self.object = Object::Thing(id.to_string());
        self
    }

    /// Names the person it was done to, so that only the person's salt tells who.
    #[must_use]
    pub fn about_person(mut self, person: PersonId, entropy: &mut dyn Entropy) -> Self {
        let mut salt = [0; 32];
        entropy.fill(&mut salt);
        self.object_kind = "person";
        self.object = Object::Person(person, salt);
        self
    }

    /// How many rows were read or written.
    #[must_use]
    pub const fn rows(mut self, rows: u64) -> Self {
        self.rows = Some(rows);
        self
    }

    /// It was not allowed.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    /// The person it is about, and the salt it gets unless it has one. For [`super::append!`].
    pub fn person(&self) -> Option<(String, String)> {
        match &self.object {
            Object::Person(person, salt) => Some((person.to_string(), hex(salt))),
            Object::Nothing | Object::Thing(_) => None,
        }
    }

    /// The entry at its place in the log. For [`super::append!`].
    pub fn written(
        &self,
        sequence: i64,
        at: Timestamp,
        previous_hash: String,
        salt: Option<&str>,
    ) -> Written {
        let object = match (&self.object, salt) {
            (Object::Thing(id), _) => Some(id.clone()),
            (Object::Person(person, _), Some(salt)) => Some(reference(*person, salt)),
            (Object::Person(..), None) | (Object::Nothing, _) => None,
        };
        let mut written = Written {
            sequence,
            happened_at: at.as_microsecond(),
            actor_kind: self.actor.kind().to_owned(),
            actor: self.actor.id(),
            purpose: self.purpose.as_str().to_owned(),
            action: self.action.to_owned(),
            outcome: self.outcome.as_str().to_owned(),
            organisation: self.organisation.as_ref().map(ToString::to_string),
            object_kind: self.object_kind.to_owned(),
            object,
            row_count: self.rows.map(|it| i64::try_from(it).unwrap_or(i64::MAX)),
            previous_hash,
            hash: String::new(),
        };
        written.hash = written.computed_hash();
        written
    }
}

/// What stands for a person in an entry.
pub(super) fn reference(person: PersonId, salt: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
    hex(hmac::sign(&key, person.to_string().as_bytes()).as_ref())
}

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Written {
    /// From 0, without gaps.
    pub sequence: i64,
    /// Microseconds since 1970.
    pub happened_at: i64,
    pub actor_kind: String,
    pub actor: Option<String>,
    pub purpose: String,
    pub action: String,
    pub outcome: String,
    pub organisation: Option<String>,
    pub object_kind: String,
    pub object: Option<String>,
    pub row_count: Option<i64>,
    pub previous_hash: String,
    pub hash: String,
}

impl Written {
    /// # Errors
    /// An instant that this program did not write.
    pub fn at(&self) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.happened_at).map_err(StoreError::unreadable("happened_at"))
    }

    /// The hash that the entry's text gives: a leaf of the day's Merkle tree.
    pub fn computed_hash(&self) -> String {
        hex(&leaf(&self.canonical()))
    }

    /// The bytes that are hashed.
    fn canonical(&self) -> Vec<u8> {
        let (sequence, at) = (self.sequence.to_string(), self.happened_at.to_string());
        let rows = self.row_count.map(|it| it.to_string());
        netstrings([
            Some("haihe-audit-1"),
            Some(sequence.as_str()),
            Some(at.as_str()),
            Some(&self.actor_kind),
            self.actor.as_deref(),
            Some(&self.purpose),
            Some(&self.action),
            Some(&self.outcome),
            self.organisation.as_deref(),
            Some(&self.object_kind),
            self.object.as_deref(),
            rows.as_deref(),
            Some(&self.previous_hash),
        ])
    }
}
