//! Draws of reviewers that anyone can make again.
//!
//! Everybody who may be drawn gets a ticket: the SHA-256, in hexadecimal, of the text `SEED/NUMBER/ACCOUNT`. The
//! lowest tickets are drawn. Seed and tickets are kept with the case; `sha256sum` is enough to check them.

use std::collections::BTreeSet;

use network::AccountId;

use super::Refusal;
use crate::hash::{hex, of_bytes};

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
    /// Every ticket, the lowest first.
    pub tickets: Vec<(String, AccountId)>,
    /// How many of them were drawn.
    pub count: u32,
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
    seed: &[u8; 32],
    number: &str,
    accounts: &BTreeSet<AccountId>,
    count: u32,
) -> Result<Draw, Refusal> {
    let needed = usize::try_from(count).unwrap_or(usize::MAX);
    if accounts.len() < needed {
        return Err(Refusal::TooFew { found: accounts.len(), needed });
    }
    let seed = hex(seed);
    let mut tickets: Vec<(String, AccountId)> =
        accounts.iter().map(|it| (ticket(&seed, number, *it), *it)).collect();
    tickets.sort();
    Ok(Draw { role: role.to_owned(), seed, tickets, count })
}

/// The ticket of an account.
pub fn ticket(seed: &str, number: &str, account: AccountId) -> String {
    of_bytes(format!("{seed}/{number}/{account}").as_bytes())
}
