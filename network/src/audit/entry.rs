//! Entries: what is to be written, and what was.

use std::fmt;

use aws_lc_rs::hmac;
use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::StoreError;

use super::Actor;
use super::canonical::{hash, hex, leaf, netstrings};
use crate::batch::Value;
use crate::id::{AccountId, PersonId};
use crate::purpose::Purpose;

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
    /// Those whose accounts these are.
    Owners(Vec<String>),
}

/// Whom an entry concerns. For [`super::append!`], which finds their salts.
#[derive(Clone)]
pub enum Whom<'a> {
    Nobody,
    /// A person, and the salt it gets unless it has one.
    Person {
        person: String,
        salt: String,
    },
    /// Ids of accounts, whose owners have had a salt since they were opened.
    Owners(&'a [String]),
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Thing(id) => f.debug_tuple("Thing").field(id).finish(),
            Self::Person(..) => f.write_str("Person"),
            Self::Owners(accounts) => f.debug_tuple("Owners").field(&accounts.len()).finish(),
        }
    }
}

impl fmt::Debug for Whom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whom(…)")
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
        self.object_kind = PERSON;
        self.object = Object::Person(person, salt);
        self
    }

    /// Names the person whose account it was done to.
    #[must_use]
    pub fn about_owner(mut self, account: AccountId) -> Self {
        self.object_kind = PERSON;
        self.object = Object::Owners(vec![account.to_string()]);
        self
    }

    /// Names all persons whose rows it was done to, by their accounts.
    #[must_use]
    pub fn about_owners(mut self, accounts: impl IntoIterator<Item = String>) -> Self {
        let mut accounts: Vec<String> = accounts.into_iter().collect();
        accounts.sort_unstable();
        accounts.dedup();
        self.object_kind = PERSONS;
        self.object = Object::Owners(accounts);
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

    /// Whom it concerns. For [`super::append!`].
    pub fn whom(&self) -> Whom<'_> {
        match &self.object {
            Object::Person(person, salt) => {
                Whom::Person { person: person.to_string(), salt: hex(salt) }
            }
            Object::Owners(accounts) => Whom::Owners(accounts),
            Object::Nothing | Object::Thing(_) => Whom::Nobody,
        }
    }

    /// Those of whom the registry keeps beside the entry that it concerns them. For [`super::append!`].
    pub fn beside<'a>(&self, concerned: &'a [String]) -> &'a [String] {
        if self.object_kind == PERSONS { concerned } else { &[] }
    }

    /// The entry at its place in the log; `concerned`: what stands for each person. For [`super::append!`].
    pub fn written(
        &self,
        sequence: i64,
        at: Timestamp,
        previous_hash: String,
        concerned: &[String],
    ) -> Written {
        let object = match &self.object {
            Object::Thing(id) => Some(id.clone()),
            Object::Owners(_) if self.object_kind == PERSONS => all_of(concerned),
            Object::Person(..) | Object::Owners(_) => concerned.first().cloned(),
            Object::Nothing => None,
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

/// Kind of an object that is one person.
const PERSON: &str = "person";
/// Kind of an object that is several persons, who stand beside the entry.
const PERSONS: &str = "persons";

/// What stands for a person in an entry.
pub fn reference(person: &str, salt: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
    hex(hmac::sign(&key, person.as_bytes()).as_ref())
}

/// What stands for several persons in an entry; `None` for nobody.
fn all_of(concerned: &[String]) -> Option<String> {
    let mut sorted: Vec<&str> = concerned.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    let texts = std::iter::once("haihe-audit-persons-1").chain(sorted).map(Some);
    (!concerned.is_empty()).then(|| hex(&hash(&[&netstrings(texts)])))
}

store::row! {
    /// An entry as it stands in the log.
    #[derive(Clone, Debug, PartialEq, Eq)]
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
}

impl Written {
    /// What is bound to add it. For [`super::append!`].
    pub fn values(self) -> [Value; 13] {
        [
            self.sequence.into(),
            self.happened_at.into(),
            self.actor_kind.into(),
            self.actor.into(),
            self.purpose.into(),
            self.action.into(),
            self.outcome.into(),
            self.organisation.into(),
            self.object_kind.into(),
            self.object.into(),
            self.row_count.into(),
            self.previous_hash.into(),
            self.hash.into(),
        ]
    }

    /// # Errors
    /// An instant that this program did not write.
    pub fn at(&self) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.happened_at).map_err(StoreError::unreadable("happened_at"))
    }

    /// The hash that the entry's text gives: a leaf of the day's Merkle tree.
    pub fn computed_hash(&self) -> String {
        hex(&leaf(&self.canonical()))
    }

    /// Whether those who stand beside the entry are those it was written of.
    pub(super) fn is_of(&self, concerned: &[String]) -> bool {
        if self.object_kind == PERSONS {
            self.object == all_of(concerned)
        } else {
            concerned.is_empty()
        }
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
