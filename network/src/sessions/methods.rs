//! By what somebody proved who he is: values of RFC 8176, and the level they amount to.

use std::fmt;
use std::str::FromStr;

/// One way of proving who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Password,
    /// A code that is good once: of an authenticator or one of the recovery codes.
    OneTimeCode,
    /// A passkey, unlocked by its owner's own PIN, finger or face: two factors in one.
    Passkey,
    /// Another provider of identities vouched.
    Federated,
}

impl Method {
    const ALL: [Self; 4] = [Self::Password, Self::OneTimeCode, Self::Passkey, Self::Federated];

    /// As RFC 8176 writes it, in `amr`; RFC 8176 has no value for another provider.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::OneTimeCode => "otp",
            Self::Passkey => "pop",
            Self::Federated => "fed",
        }
    }
}

/// How sure it is who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    OneFactor,
    TwoFactors,
}

impl Level {
    /// As written in `acr`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneFactor => "1",
            Self::TwoFactors => "2",
        }
    }

    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::OneFactor => 1,
            Self::TwoFactors => 2,
        }
    }

    pub(crate) const fn of_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::OneFactor),
            2 => Some(Self::TwoFactors),
            _ => None,
        }
    }
}

/// All ways in which somebody proved who he is, for one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

impl Methods {
    pub fn of(methods: impl IntoIterator<Item = Method>) -> Self {
        let mut methods: Vec<_> = methods.into_iter().collect();
        methods.sort();
        methods.dedup();
        Self(methods)
    }

    pub fn contains(&self, method: Method) -> bool {
        self.0.contains(&method)
    }

    /// These and one more.
    #[must_use]
    pub fn and(&self, method: Method) -> Self {
        Self::of(self.0.iter().copied().chain([method]))
    }

    pub fn iter(&self) -> impl Iterator<Item = Method> + '_ {
        self.0.iter().copied()
    }

    pub fn level(&self) -> Level {
        let has = |it| self.0.contains(&it);
        let first = has(Method::Password) || has(Method::Federated);
        let two = has(Method::Passkey) || (first && has(Method::OneTimeCode));
        if two { Level::TwoFactors } else { Level::OneFactor }
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|it| it.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

/// A text that names no methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("methods are words of RFC 8176, joined by spaces")]
pub struct NotMethods;

impl FromStr for Methods {
    type Err = NotMethods;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let one = |word: &str| Method::ALL.into_iter().find(|it| it.as_str() == word);
        let methods: Option<Vec<_>> =
            text.split(' ').filter(|it| !it.is_empty()).map(one).collect();
        methods.map(Self::of).ok_or(NotMethods)
    }
}
