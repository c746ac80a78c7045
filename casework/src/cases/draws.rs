//! Draws of reviewers that anyone can make again.
//!
//! The step that leads to where reviewers are drawn chooses a seed and tells its hash, the commitment: the SHA-256 of the
//! seed as it is written. Nobody can choose another seed afterwards, when it is known who may be drawn.
//!
//! Everybody who may be drawn gets a ticket: the SHA-256, in hexadecimal, of the text `SEED/NUMBER/ACCOUNT`. The
//! lowest tickets are drawn. Seed and tickets are told with the draw; `sha256sum` is enough to check all of it
//! (`docs/draws.md`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use network::AccountId;

use super::Refusal;
use crate::hash::{of_bytes, of_parts};

/// Somebody who may be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    /// Where the organisation stands that he belongs to.
    pub home: Option<String>,
}

/// A draw, with all that is needed to make it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    pub role: String,
    /// 64 letters of hexadecimal.
    pub seed: String,
    /// Hash of the seed, as it was told before; `None` for draws of before that was done.
    pub commitment: Option<String>,
    /// Every ticket, the lowest first.
    pub tickets: Vec<(String, AccountId)>,
    /// How many of them were drawn.
    pub count: u32,
}

/// A draw that was announced and is not made yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Hash of the seed that it will be made with.
    pub commitment: String,
    pub at: Timestamp,
}

/// A seed, and the hash that was told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) text: String,
    pub(crate) commitment: Option<String>,
}

impl Seed {
    /// A seed that is to be committed to.
    pub(crate) fn new(chance: &[u8; 32]) -> Self {
        let text = of_parts([b"seed".as_slice(), chance]);
        let commitment = Some(commitment(&text));
        Self { text, commitment }
    }
}

/// What is told of a seed before it is used.
pub fn commitment(seed: &str) -> String {
    of_bytes(seed.as_bytes())
}

impl Draw {
    /// Who was drawn.
    pub fn chosen(&self) -> impl Iterator<Item = AccountId> + '_ {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        self.tickets.iter().take(count).map(|(_, account)| *account)
    }
}

/// Draws `count` of the accounts.
pub(crate) fn draw(
    role: &str,
    seed: &Seed,
    number: &str,
    accounts: &BTreeSet<AccountId>,
    count: u32,
) -> Result<Draw, Refusal> {
    let needed = usize::try_from(count).unwrap_or(usize::MAX);
    if accounts.len() < needed {
        return Err(Refusal::TooFew { found: accounts.len(), needed });
    }
    let mut tickets: Vec<(String, AccountId)> =
        accounts.iter().map(|it| (ticket(&seed.text, number, *it), *it)).collect();
    tickets.sort();
    let Seed { text, commitment } = seed.clone();
    Ok(Draw { role: role.to_owned(), seed: text, commitment, tickets, count })
}

/// The ticket of an account.
pub fn ticket(seed: &str, number: &str, account: AccountId) -> String {
    of_bytes(format!("{seed}/{number}/{account}").as_bytes())
}
