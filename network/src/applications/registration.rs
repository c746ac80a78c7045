//! What is said of an application when it is registered, and what can be wrong with that.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jsonwebtoken::jwk::JwkSet;
use model::{Bilingual, OrgCode};

use super::addresses::{is_of_a_server, is_of_an_application};
use crate::id::AccountId;
use crate::openid::{Algorithm, Claim};

/// Most addresses of one kind.
const MOST_ADDRESSES: usize = 10;

/// What an owner says of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub name: Bilingual,
    pub purpose: Bilingual,
    /// Who answers for it.
    pub owner: OrgCode,
    pub owner_account: Option<AccountId>,
    /// Where its tile on the start page leads; without one it has no tile.
    pub home: Option<String>,
    /// What it may see of a person who uses it.
    pub data: BTreeSet<Claim>,
    /// Scopes of our own interfaces that it may use for itself.
    pub services: BTreeSet<String>,
    /// Roles that may use it; empty: all.
    pub roles: BTreeSet<String>,
    /// Organisations whose people may use it, with all below them.
    pub organisations: BTreeSet<OrgCode>,
    /// Where a browser may be sent with a code.
    pub redirects: Vec<String>,
    /// Where a browser may be sent after signing out.
    pub logout_redirects: Vec<String>,
    /// Where notices of ended sessions go (back-channel logout).
    pub notices: Option<String>,
    pub authentication: Authentication,
    /// Public keys as a JSON Web Key Set, for one that signs for itself.
    pub keys: Option<String>,
    pub algorithm: Algorithm,
    /// Whether it must prove that the code comes back from where it was asked for (PKCE).
    pub proof_required: bool,
    pub subject: Subject,
    /// Whether people are asked before it sees their data; a city may have decided that for its own applications.
    pub consent_asked: bool,
    /// Whether it may keep its access while nobody is there.
    pub offline: bool,
}

/// How an application proves that it is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authentication {
    SecretInHeader,
    SecretInBody,
    SignedAssertion,
    /// It runs where it cannot keep a secret.
    None,
}

impl Authentication {
    pub const ALL: [Self; 4] =
        [Self::SecretInHeader, Self::SecretInBody, Self::SignedAssertion, Self::None];

    /// As OpenID Connect names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecretInHeader => "client_secret_basic",
            Self::SecretInBody => "client_secret_post",
            Self::SignedAssertion => "private_key_jwt",
            Self::None => "none",
        }
    }

    pub const fn has_secret(self) -> bool {
        matches!(self, Self::SecretInHeader | Self::SecretInBody)
    }
}

/// No way of proving oneself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is no way for an application to prove itself; choose client_secret_basic, client_secret_post, \
     private_key_jwt or none"
)]
pub struct NoAuthentication(String);

impl FromStr for Authentication {
    type Err = NoAuthentication;

    fn from_str(text: &str) -> Result<Self, NoAuthentication> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or_else(|| NoAuthentication(text.to_owned()))
    }
}

/// What an application knows a person by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A pseudonym that only applications of the same sector share.
    Pairwise { sector: String },
    /// The account's id, the same for all.
    Public,
}

/// Something that is wrong with a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The field, as forms and the command line name it.
    pub field: &'static str,
    pub rule: &'static str,
    pub found: String,
}

impl Flaw {
    pub(super) fn new(field: &'static str, rule: &'static str, found: &str) -> Self {
        Self { field, rule, found: found.chars().take(200).collect() }
    }
}

/// What each rule asks for.
pub const RULES: [(&str, &str); 11] = [
    ("filled", "must be filled in"),
    ("address", "must be https, or http on this machine, without fragment, asterisk and user"),
    ("several", "must be at most ten, and none twice"),
    ("keys", "must be a set of public keys (JWKS) when it signs for itself, and empty otherwise"),
    ("proof", "must be on for an application that keeps no secret"),
    ("service", "must be a scope without spaces and quotation marks"),
    ("public-service", "must be empty for an application that keeps no secret"),
    ("expiry", "must be in the future and at most a year from now"),
    ("word", "must be one word"),
    ("part", "must be of your part of the organisations"),
    ("manager", "is set by whoever looks after the register; leave it as it was"),
];

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = RULES.iter().find(|(rule, _)| *rule == self.rule).map_or("", |(_, text)| *text);
        write!(f, "{} {rule}", self.field)
    }
}

impl Registration {
    /// Everything that is wrong with it.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut hold = |holds: bool, field, rule, found: &str| {
            if !holds {
                flaws.push(Flaw::new(field, rule, found));
            }
        };
        let texts = [
            ("name_zh", &self.name.zh),
            ("name_en", &self.name.en),
            ("purpose_zh", &self.purpose.zh),
            ("purpose_en", &self.purpose.en),
        ];
        for (field, text) in texts {
            hold(!text.trim().is_empty() && text.len() < 1000, field, "filled", text);
        }
        let lists = [("redirects", &self.redirects), ("logout_redirects", &self.logout_redirects)];
        for (field, addresses) in lists {
            let different: BTreeSet<&String> = addresses.iter().collect();
            let few = addresses.len() <= MOST_ADDRESSES && different.len() == addresses.len();
            hold(few, field, "several", "");
            for address in addresses {
                hold(is_of_an_application(address), field, "address", address);
            }
        }
        for (field, address) in [("home", &self.home), ("notices", &self.notices)] {
            if let Some(address) = address {
                hold(is_of_a_server(address), field, "address", address);
            }
        }
        // One that only acts for itself sends no browser anywhere.
        hold(!self.redirects.is_empty() || !self.services.is_empty(), "redirects", "filled", "");
        let keeps_secret = self.authentication != Authentication::None;
        hold(self.proof_required || keeps_secret, "proof_required", "proof", "");
        hold(self.services.is_empty() || keeps_secret, "services", "public-service", "");
        for service in &self.services {
            // RFC 6749, section 3.3.
            let token = |it: u8| it.is_ascii_graphic() && it != b'"' && it != b'\\';
            let sound = !service.is_empty() && service.bytes().all(token);
            hold(sound, "services", "service", service);
        }
        for role in &self.roles {
            hold(!role.is_empty() && !role.contains(' '), "roles", "word", role);
        }
        if let Subject::Pairwise { sector } = &self.subject {
            hold(!sector.is_empty() && !sector.contains(' '), "sector", "word", sector);
        }
        let signs = self.authentication == Authentication::SignedAssertion;
        let keys = self.keys.as_deref().map(has_keys);
        hold(keys == signs.then_some(true), "keys", "keys", "");
        flaws
    }
}

fn has_keys(text: &str) -> bool {
    let keys: Result<JwkSet, _> = serde_json::from_str(text);
    keys.is_ok_and(|it| !it.keys.is_empty())
}
