//! Who acts.

use std::fmt;

use crate::applications::ApplicationCode;
use crate::id::{AccountId, Id};

/// Most bytes of what an application is called.
const LONGEST_NAME: usize = 40;

/// What an entry calls an application that acts: its code in the register, or the id of its token. Short, so that it is
/// copied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApplicationName {
    text: [u8; LONGEST_NAME],
    length: usize,
}

impl ApplicationName {
    fn of(name: &str) -> Self {
        let mut text = [0; LONGEST_NAME];
        for (to, from) in text.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        Self { text, length: name.len().min(LONGEST_NAME) }
    }

    pub fn as_str(&self) -> &str {
        // Codes and ids are ASCII.
        let text = self.text.get(..self.length).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }
}

impl From<&ApplicationCode> for ApplicationName {
    fn from(code: &ApplicationCode) -> Self {
        Self::of(code.as_str())
    }
}

impl From<Id> for ApplicationName {
    fn from(id: Id) -> Self {
        Self::of(&id.to_string())
    }
}

impl fmt::Debug for ApplicationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The program itself, or whoever runs its commands.
    System,
    Account(AccountId),
    /// Another application of the city, on its own behalf.
    Application(ApplicationName),
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

    /// The id of an account, or what an application is called.
    pub fn id(self) -> Option<String> {
        match self {
            Self::Account(id) => Some(id.to_string()),
            Self::Application(name) => Some(name.as_str().to_owned()),
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
