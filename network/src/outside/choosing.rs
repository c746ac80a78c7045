//! Which of several accounts somebody opens whom another house has vouched for.
//!
//! **Invariant:** the browser that came back from the house keeps one secret, which is good for one choice among the
//! accounts that the identity opens at that moment.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::OutsideError;
use crate::accounts::{self, Account};
use crate::batch::{Batch, TakeBatch};
use crate::id::AccountId;
use crate::people::OutsideIdentity;
use crate::secret::Token;
use crate::sessions::after;

/// How long somebody may take to choose.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// `issuer, subject, next`
type Row = (String, String, String);

/// Accounts to choose from.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Whoever came back is the owner of them all.
    pub accounts: Vec<Account>,
    /// Where to go on to.
    pub next: String,
}

/// The accounts that an identity opens, the oldest first: those of its person that are not closed, while people may sign in
/// with its provider.
pub async fn accounts(
    store: &Store,
    identity: &OutsideIdentity,
) -> Result<Vec<Account>, OutsideError> {
    const ACCOUNTS: &str = include_str!("accounts_of.sql");

    let rows: Vec<accounts::Row> = on_db!(store, pool => {
        sqlx::query_as(ACCOUNTS)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("look for whoever signed in elsewhere"))?;
    Ok(rows.into_iter().map(accounts::typed).collect::<Result<_, _>>()?)
}

/// Offers the accounts of an identity to the browser that came back with it. The token is for that browser alone.
pub async fn offer(
    store: &Store,
    identity: &OutsideIdentity,
    owner: &Account,
    next: &str,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Token, OutsideError> {
    const SWEEP: &str = include_str!("sweep_choices.sql");
    const OFFER: &str = include_str!("offer_choice.sql");
    let offering = || StoreError::doing("offer several accounts");

    let proof = Token::new(entropy);
    let offered = [
        proof.hash().into(),
        identity.issuer.as_str().into(),
        identity.subject.as_str().into(),
        owner.person.to_string().into(),
        next.into(),
        now.into(),
        after(now, LIFETIME).into(),
    ];
    let batch = Batch::default().and(SWEEP, [now.into()]).and(OFFER, offered);
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(offering())?;
        transaction.run(batch).await.map_err(offering())?;
        transaction.commit().await.map_err(offering())?;
    });
    Ok(proof)
}

/// What a browser may choose from; `None` when there is nothing, or not any more.
pub async fn offered(
    store: &Store,
    proof: &Token,
    now: Timestamp,
) -> Result<Option<Offer>, OutsideError> {
    const FIND: &str = include_str!("find_choice.sql");

    read(store, FIND, proof, now).await
}

/// The account that a browser chooses, with where to go on to. After that there is nothing to choose any more, also when
/// it was none of those that were offered.
pub async fn choose(
    store: &Store,
    proof: &Token,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<(AccountId, String)>, OutsideError> {
    const TAKE: &str = include_str!("take_choice.sql");

    let Some(offer) = read(store, TAKE, proof, now).await? else { return Ok(None) };
    let is_offered = offer.accounts.iter().any(|it| it.id == account);
    Ok(is_offered.then_some((account, offer.next)))
}

async fn read(
    store: &Store,
    sql: &'static str,
    proof: &Token,
    now: Timestamp,
) -> Result<Option<Offer>, OutsideError> {
    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(sql)
            .bind(proof.hash())
            .bind(now.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read which accounts are offered"))?;
    let Some((issuer, subject, next)) = row else { return Ok(None) };
    let accounts = accounts(store, &OutsideIdentity { issuer, subject }).await?;
    // Looked at anew: a link may have ended, or an account been closed, since they were offered.
    Ok((!accounts.is_empty()).then_some(Offer { accounts, next }))
}
