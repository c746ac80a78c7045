//! What personal data may be read for.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The code of a purpose. `rules/roles.toml` says what each is, and by which law.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(Cow<'static, str>);

/// The text cannot be a code of a purpose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no code of a purpose: 1 to 32 lower-case letters and `_`")]
pub struct PurposeError(pub String);

impl Purpose {
    /// Running the system: accounts, keys, configuration.
    pub const OPERATION: Self = Self(Cow::Borrowed("operation"));
    /// Keeping it safe: sign-in, grants, audit.
    pub const SECURITY: Self = Self(Cow::Borrowed("security"));
    /// A person's own affairs: reading, correcting, withdrawing what is kept of oneself.
    pub const OWN: Self = Self(Cow::Borrowed("own_affairs"));
    /// All that the program itself does a thing for.
    pub const OURS: [Self; 3] = [Self::OPERATION, Self::SECURITY, Self::OWN];

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Purpose {
    type Err = PurposeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sound = (1..=32).contains(&text.len())
            && text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        if sound {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(PurposeError(text.chars().take(40).collect()))
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
