//! Roles: what whoever holds one may do and see, and whom they may give what. All of it is data.
//!
//! `rules/roles.toml` is read and checked before anything of it is used: what is wrong there is a finding with its line.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use model::Bilingual;

use crate::purpose::Purpose;

mod check;
mod file;
mod permission;

pub use self::file::{read, read_over};
pub use self::permission::{FieldMask, Permission, PersonalField, Power};

/// The roles of the national default, as the program brings them along.
pub const NATIONAL: &str = include_str!("../../rules/roles.toml");

/// The code of a role. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleCode(Arc<str>);

/// The text cannot be a code of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no code of a role: 1 to 40 lower-case letters and `_`")]
pub struct RoleCodeError(pub String);

impl RoleCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleCode {
    type Err = RoleCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sound = (1..=40).contains(&text.len())
            && text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        if sound {
            Ok(Self(Arc::from(text)))
        } else {
            Err(RoleCodeError(text.chars().take(40).collect()))
        }
    }
}

impl fmt::Display for RoleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RoleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// Whether a role at an organisation is for it alone, or for all below it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    Alone,
    Subtree,
}

impl Reach {
    pub const ALL: [Self; 2] = [Self::Alone, Self::Subtree];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alone => "self",
            Self::Subtree => "subtree",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub code: RoleCode,
    pub title: Bilingual,
    pub about: Bilingual,
    pub permissions: Vec<Permission>,
    /// What may be seen of the persons that `permissions` let one read.
    pub fields: FieldMask,
    /// Levels of the organisations that it can be given at.
    pub levels: Vec<String>,
    pub reaches: Vec<Reach>,
    pub purposes: Vec<Purpose>,
    /// Roles that may be given by whoever holds this one; none can do more.
    pub may_grant: Vec<RoleCode>,
    /// Roles that may be given by whoever holds this one, and that they can never hold.
    pub appoints: Vec<RoleCode>,
    /// Roles that nobody may hold beside this one. Holds both ways.
    pub excludes: Vec<RoleCode>,
    /// How long it is given for at most.
    pub longest_days: Option<i64>,
    /// Whoever holds it signs in with a second factor.
    pub second_factor: bool,
}

impl Role {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether its holder may give another role, by either way.
    pub fn gives(&self, role: &RoleCode) -> bool {
        self.may_grant.contains(role) || self.appoints.contains(role)
    }
}

/// A purpose, for those who choose one and those who ask why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurposeEntry {
    pub purpose: Purpose,
    pub title: Bilingual,
    /// The law that allows it.
    pub basis: String,
}

/// All roles and purposes, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    roles: BTreeMap<RoleCode, Role>,
    purposes: BTreeMap<Purpose, PurposeEntry>,
    /// As the file lists them.
    order: Vec<RoleCode>,
}

impl Roles {
    /// The national default.
    pub fn national() -> Self {
        // Held sound by a test.
        read("rules/roles.toml", NATIONAL).0
    }

    pub fn get(&self, code: &RoleCode) -> Option<&Role> {
        self.roles.get(code)
    }

    /// All roles, as the file lists them.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.order.iter().filter_map(|it| self.roles.get(it))
    }

    pub fn purpose(&self, purpose: &Purpose) -> Option<&PurposeEntry> {
        self.purposes.get(purpose)
    }

    pub fn purposes(&self) -> impl Iterator<Item = &PurposeEntry> {
        self.purposes.values()
    }

    /// Whether nobody may hold both.
    pub fn exclude_each_other(&self, one: &RoleCode, other: &RoleCode) -> bool {
        let excludes =
            |a: &RoleCode, b: &RoleCode| self.get(a).is_some_and(|it| it.excludes.contains(b));
        one != other && (excludes(one, other) || excludes(other, one))
    }
}

#[cfg(test)]
mod tests;
