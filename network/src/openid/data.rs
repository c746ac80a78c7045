//! What an application may see of a person: claims, and the scopes that ask for several at once.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Defines words that stand for themselves in tokens, in the register and on the command line.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident, $what:literal { $($word:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($word),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$word),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[doc = concat!("No ", $what, ".")]
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("{0} is no {what}", what = $what)]
        pub struct $error(pub String);

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                let found = Self::ALL.iter().find(|it| it.as_str() == text);
                found.copied().ok_or_else(|| $error(text.to_owned()))
            }
        }
    };
}

words! {
    /// One thing that is known of a person.
    Claim, NoClaim, "claim that an application can be given" {
        Name = "name",
        FamilyName = "family_name",
        GivenName = "given_name",
        PreferredUsername = "preferred_username",
        Locale = "locale",
        UpdatedAt = "updated_at",
        Email = "email",
        EmailVerified = "email_verified",
        PhoneNumber = "phone_number",
        PhoneNumberVerified = "phone_number_verified",
        Address = "address",
        Organisation = "organisation",
        Roles = "roles",
    }
}

words! {
    /// What an application asks for.
    Scope, NoScope, "scope" {
        Openid = "openid",
        Profile = "profile",
        Email = "email",
        Phone = "phone",
        Address = "address",
        Organisation = "organisation",
        Roles = "roles",
        OfflineAccess = "offline_access",
    }
}

impl Scope {
    /// What it asks for (OpenID Connect Core 5.4, and our own two).
    pub const fn claims(self) -> &'static [Claim] {
        match self {
            Self::Openid | Self::OfflineAccess => &[],
            Self::Profile => &[
                Claim::Name,
                Claim::FamilyName,
                Claim::GivenName,
                Claim::PreferredUsername,
                Claim::Locale,
                Claim::UpdatedAt,
            ],
            Self::Email => &[Claim::Email, Claim::EmailVerified],
            Self::Phone => &[Claim::PhoneNumber, Claim::PhoneNumberVerified],
            Self::Address => &[Claim::Address],
            Self::Organisation => &[Claim::Organisation],
            Self::Roles => &[Claim::Roles],
        }
    }
}

/// Words of a list separated by spaces; those that are none are left out, as OAuth asks for scopes.
pub(crate) fn known<T: FromStr + Ord>(list: &str) -> BTreeSet<T> {
    list.split(' ').filter_map(|it| it.parse().ok()).collect()
}

/// A list as it is kept and sent.
pub(crate) fn listed<'a, T: fmt::Display + 'a>(words: impl IntoIterator<Item = &'a T>) -> String {
    let words: Vec<String> = words.into_iter().map(T::to_string).collect();
    words.join(" ")
}
