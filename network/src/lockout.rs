//! Guessing is slowed down, and nobody can be locked out by it.
//!
//! Failures are counted by what a guesser cannot do without: the network he comes from. Nothing is ever locked; each
//! failure beyond a few makes the next try wait longer. A device from which an account's owner has signed in is
//! counted by itself and by nothing else.
//!
//! **Invariant:** whatever happens on other devices, an owner's known device does not wait for it.

use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, count, on_db};

use crate::accounts::Login;
use crate::batch::{Batch, TakeBatch};
use crate::id::AccountId;
use crate::rows;
use crate::secret::{CentreKey, Token};
use crate::sessions::after;

/// How many failures are free, and how the waits grow after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub free: u32,
    /// The wait after the first failure that is not free; each one more doubles it.
    pub first: SignedDuration,
    pub longest: SignedDuration,
}

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// An account's known device.
    Device,
    /// An account, tried from one network.
    AccountNetwork,
    /// A network, whatever accounts are tried from it.
    Network,
}

/// After how long without a failure they are forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::AccountNetwork => "account_network",
            Self::Network => "network",
        }
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::Device | Self::AccountNetwork => Allowance {
                free: 5,
                first: SignedDuration::from_secs(1),
                longest: SignedDuration::from_mins(15),
            },
            // A whole school may stand behind one address.
            Self::Network => Allowance {
                free: 100,
                first: SignedDuration::from_secs(1),
                longest: SignedDuration::from_secs(60),
            },
        }
    }
}

impl Allowance {
    /// How long to wait after this many failures.
    pub fn wait(&self, failures: u32) -> SignedDuration {
        let Some(beyond) = failures.checked_sub(self.free) else { return SignedDuration::ZERO };
        let doubled = 1_i32.checked_shl(beyond.min(30)).and_then(|it| self.first.checked_mul(it));
        doubled.unwrap_or(self.longest).min(self.longest)
    }
}

/// Who tries to sign in, from where.
#[derive(Clone, Debug)]
pub struct Trier<'a> {
    pub login: &'a Login,
    /// The account of that login name, if there is one.
    pub account: Option<AccountId>,
    /// What the browser brought as its device's token.
    pub device: Option<&'a Token>,
    /// The network's prefix.
    pub network: &'a str,
}

/// A try that was let through. It counts as failed until it is said to have succeeded, so that a thousand at once
/// are counted before the first is answered.
#[derive(Clone, Debug)]
#[must_use]
pub struct Try {
    counters: Vec<(Kind, String)>,
    /// Whether the next try has to wait, if this one fails.
    pub(crate) leads_to_wait: bool,
}

/// A try that has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub until: Timestamp,
}

/// Lets a try through and counts it, or has it wait and counts nothing.
///
/// Whether an account exists makes no difference: it is the login name that is counted.
pub async fn admit(
    store: &Store,
    key: &CentreKey,
    trier: &Trier<'_>,
    at: Timestamp,
) -> Result<Result<Try, Wait>, StoreError> {
    let is_known = match (trier.account, trier.device) {
        (Some(account), Some(device)) => is_known(store, account, device).await?,
        _ => false,
    };
    admit_on(store, key, trier, is_known, at).await
}

/// The same of whom it is known whether the device is one of the account's.
pub(crate) async fn admit_on(
    store: &Store,
    key: &CentreKey,
    trier: &Trier<'_>,
    is_known: bool,
    at: Timestamp,
) -> Result<Result<Try, Wait>, StoreError> {
    count_up(store, counters(key, trier, is_known), at).await
}

/// Lets somebody guess at something that everyone may ask for who knows its name, such as the number of a letter.
///
/// Only his network is counted: whoever asks has no account.
pub async fn admit_guess(
    store: &Store,
    key: &CentreKey,
    what: &str,
    network: &str,
    at: Timestamp,
) -> Result<Result<Try, Wait>, StoreError> {
    let counter = key.hash("guesses", &format!("{what} {network}"));
    count_up(store, vec![(Kind::Network, counter)], at).await
}

/// Counts a try by each of its counters, unless one of them has it wait.
async fn count_up(
    store: &Store,
    counters: Vec<(Kind, String)>,
    at: Timestamp,
) -> Result<Result<Try, Wait>, StoreError> {
    const LOCK: &str = include_str!("lockout/lock.sql");
    const COUNT: &str = include_str!("lockout/count.sql");
    let counting = || StoreError::doing("count a try");

    let (mut until, mut leads_to_wait, mut batch) = (at, false, Batch::default());
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(counting())?;
        for (kind, key) in &counters {
            // Locks the counter, so that tries at the same time are counted one after another.
            let (failures, last_at): (i64, i64) = sqlx::query_as(LOCK)
                .bind(kind.as_str())
                .bind(key)
                .bind(at.as_microsecond())
                .fetch_one(&mut *transaction)
                .await
                .map_err(counting())?;
            let last_at = rows::instant("last_at", last_at)?;
            let forgotten = after(last_at, FORGOTTEN_AFTER) <= at;
            let failures = if forgotten { 0 } else { count("failures", failures)? };
            // Of tries at the same time the earlier one may be counted later: without a wait that means nothing.
            let wait = kind.allowance().wait(failures);
            if wait > SignedDuration::ZERO {
                until = until.max(after(last_at, wait));
            }
            let failed = failures.saturating_add(1);
            leads_to_wait |= kind.allowance().wait(failed) > SignedDuration::ZERO;
            let counted = [i64::from(failed).into(), at.into(), kind.as_str().into(), key.as_str().into()];
            batch = batch.and(COUNT, counted);
        }
        if until > at {
            return Ok(Err(Wait { until }));
        }
        transaction.run(batch).await.map_err(counting())?;
        transaction.commit().await.map_err(counting())?;
    });
    Ok(Ok(Try { counters, leads_to_wait }))
}

/// Takes back what a try counted: it succeeded.
///
/// The network keeps its other failures, or whoever owns one account could guess at all others from there.
pub async fn succeeded(store: &Store, admitted: &Try) -> Result<(), StoreError> {
    let forgiving = || StoreError::doing("count a sign-in");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(forgiving())?;
        let batch = and_forgiven(Batch::default(), admitted);
        transaction.run(batch).await.map_err(forgiving())?;
        transaction.commit().await.map_err(forgiving())
    })
}

/// With what takes back what a try counted.
pub(crate) fn and_forgiven(batch: Batch, admitted: &Try) -> Batch {
    const FORGIVE: &str = include_str!("lockout/forgive.sql");
    const FORGIVE_ONE: &str = include_str!("lockout/forgive_one.sql");

    admitted.counters.iter().fold(batch, |batch, (kind, key)| {
        let sql = if *kind == Kind::Network { FORGIVE_ONE } else { FORGIVE };
        batch.and(sql, [kind.as_str().into(), key.as_str().into()])
    })
}

/// With what notes that an account's owner has signed in from a device: from now on it is known.
pub(crate) fn and_known(batch: Batch, account: AccountId, device: &Token, at: Timestamp) -> Batch {
    const KNOW: &str = include_str!("lockout/know.sql");

    batch.and(KNOW, [account.to_string().into(), device.hash().into(), at.into()])
}

/// Forgets what nobody has failed at, and devices nobody has used, since an instant.
pub async fn forget(store: &Store, before: Timestamp) -> Result<(), StoreError> {
    const FAILURES: &str = include_str!("lockout/forget_failures.sql");
    const DEVICES: &str = include_str!("lockout/forget_devices.sql");
    let forgetting = || StoreError::doing("forget failed sign-ins");

    on_db!(store, pool => {
        for sql in [FAILURES, DEVICES] {
            sqlx::query(sql)
                .bind(before.as_microsecond())
                .execute(pool)
                .await
                .map_err(forgetting())?;
        }
        Ok(())
    })
}

/// The counters of a try: the device's own when the account knows it, else those of the network.
fn counters(key: &CentreKey, trier: &Trier<'_>, is_known: bool) -> Vec<(Kind, String)> {
    let hashed = |kind: Kind, text: &str| (kind, key.hash("sign-in failures", text));
    let login = trier.login.as_str();
    if let (Some(device), true) = (trier.device, is_known) {
        return vec![hashed(Kind::Device, &format!("{login} {}", device.hash()))];
    }
    let network = trier.network;
    vec![
        hashed(Kind::AccountNetwork, &format!("{login} {network}")),
        hashed(Kind::Network, network),
    ]
}

async fn is_known(store: &Store, account: AccountId, device: &Token) -> Result<bool, StoreError> {
    const SQL: &str = include_str!("lockout/is_known.sql");

    let known: Option<i64> = on_db!(store, pool => {
        sqlx::query_scalar(SQL)
            .bind(account.to_string())
            .bind(device.hash())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("look for a known device"))?;
    Ok(known.is_some())
}

#[cfg(test)]
mod tests;
