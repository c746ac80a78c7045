//! Ids: each kind is a type of its own, over a UUID of version 7 that sorts by when it was made.

use jiff::Timestamp;
use model::Entropy;
use uuid::{Builder, Uuid};

/// A text that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a UUID, such as 0197d5a0-0000-7000-8000-000000000000")]
pub struct NotAnId;

/// Makes a type of ids.
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::id::Id);

        impl $name {
            /// A new id, made at an instant.
            pub fn new(at: ::jiff::Timestamp, entropy: &mut dyn ::model::Entropy) -> Self {
                Self($crate::id::Id::new(at, entropy))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::id::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

/// What all ids are made of. To be used through [`crate::id!`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Uuid);

impl Id {
    /// A UUID of version 7: milliseconds since 1970, then chance (RFC 9562, section 5.7).
    pub fn new(at: Timestamp, entropy: &mut dyn Entropy) -> Self {
        let mut chance = [0; 10];
        entropy.fill(&mut chance);
        // Nothing is made before 1970.
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or_default();
        Self(Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid())
    }
}

impl std::str::FromStr for Id {
    type Err = NotAnId;

    /// Reads the one way an id is written: lower case, with hyphens.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
        if id.to_string() == text { Ok(Self(id)) } else { Err(NotAnId) }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

id! {
    /// A person, whatever accounts it has.
    PersonId
}

id! {
    /// An account.
    AccountId
}

id! {
    /// A session of an account. It stays the same when the session's token is changed.
    SessionId
}

id! {
    /// An invitation.
    InvitationId
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Counting, at};

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = AccountId::new(at(0), &mut Counting::default());
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.len(), 36);
        assert_eq!(text.chars().nth(14), Some('7'));
    }

    #[test]
    fn ids_sort_by_when_they_were_made() {
        let mut entropy = Counting::default();
        let ids: Vec<String> =
            (0..50).map(|it| AccountId::new(at(it), &mut entropy).to_string()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn an_id_is_written_in_one_way_only() {
        let id = AccountId::new(at(0), &mut Counting::default()).to_string();
        let others = [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), String::new()];
        for other in others {
            assert_eq!(other.parse::<AccountId>(), Err(NotAnId), "{other}");
        }
    }
}
