//! Invitations: a link that opens an account once, or lets the owner of one set a new password once.
//!
//! Nobody but its owner ever knows a password: who invites gets a link, and who follows it chooses. So an initial
//! secret is never a lasting one (ASVS 6.4.1).

use jiff::{SignedDuration, Timestamp};
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::accounts::{self, AccountError, Login};
use crate::audit::{self, Actor, Entry};
use crate::connection::Connection;
use crate::grants::{self, GrantError, GrantId, Wanted};
use crate::id::{AccountId, InvitationId, PersonId};
use crate::passwords::{self, Policy};
use crate::people::{self, PersonName};
use crate::purpose::Purpose;
use crate::roles::{Role, Roles};
use crate::rows;
use crate::secret::Token;
use crate::sessions::after;

mod list;

pub use self::list::{Listed, within};

/// How long an invitation is good.
pub const VALID_FOR: SignedDuration = SignedDuration::from_hours(72);

/// Who is invited, to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub login: Login,
    pub name: PersonName,
    /// Home of the account, and where the role holds.
    pub organisation: OrgCode,
    /// Code of the role that is granted when the invitation is accepted.
    pub role: Option<String>,
    /// Whose password is to be set anew; `None` when an account is to be opened.
    pub account: Option<AccountId>,
    /// Id of an account, or `system`.
    pub invited_by: String,
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub invited: Invited,
    pub invited_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Why nobody could be invited, or an invitation not accepted.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    #[error("this invitation was used, was withdrawn or has run out; ask for a new one")]
    NotOpen,

    #[error(transparent)]
    Account(#[from] AccountError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// `id, account, login, name, organisation, role, invited_by, invited_at, expires_at`
type Row = (String, Option<String>, String, String, String, Option<String>, String, i64, i64);

/// Invites somebody to open an account.
///
/// # Errors
/// [`AccountError::LoginTaken`] when an account has the login name.
pub async fn invite(
    store: &Store,
    invited: &Invited,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(InvitationId, Token), InvitationError> {
    let mut connection = Connection::begin(store).await.map_err(inviting())?;
    let made = invite_in(&mut connection, invited, at, entropy).await?;
    connection.commit().await.map_err(inviting())?;
    Ok(made)
}

/// The same in a transaction, with its entry in the audit log.
pub(crate) async fn invite_in(
    connection: &mut Connection,
    invited: &Invited,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(InvitationId, Token), InvitationError> {
    const TAKEN: &str = include_str!("invitations/login_taken.sql");

    let login = [invited.login.as_str().into()];
    if !connection.texts(TAKEN.to_owned(), login).await.map_err(inviting())?.is_empty() {
        return Err(AccountError::LoginTaken.into());
    }
    let (id, token) = (InvitationId::new(at, entropy), Token::new(entropy));
    record(connection, invited, id, &token, at).await.map_err(inviting())?;
    let entry = invited.entry("invitation.add").about("invitation", id);
    connection.append(&entry, at).await.map_err(inviting())?;
    Ok((id, token))
}

/// Invites the owner of an account to set a new password. The one he has is good until then; his second factor is
/// asked for as before.
///
/// # Errors
/// [`AccountError::NoAccount`] when it is closed or was never opened.
pub async fn invite_to_reset(
    store: &Store,
    account: AccountId,
    invited_by: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(InvitationId, Token), InvitationError> {
    let mut connection = Connection::begin(store).await.map_err(inviting())?;
    let made = invite_to_reset_in(&mut connection, account, invited_by, at, entropy).await?;
    connection.commit().await.map_err(inviting())?;
    Ok(made)
}

/// The same in a transaction, with its entry in the audit log.
pub(crate) async fn invite_to_reset_in(
    connection: &mut Connection,
    account: AccountId,
    invited_by: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(InvitationId, Token), InvitationError> {
    const OF_ACCOUNT: &str = include_str!("invitations/of_account.sql");

    let of_account = OF_ACCOUNT.to_owned();
    let found = connection.texts(of_account, [account.to_string().into()]).await;
    let found = found.map_err(inviting())?.into_iter().next();
    let found = found.and_then(|it| <[String; 3]>::try_from(it).ok());
    let [login, name, home] = found.ok_or(AccountError::NoAccount)?;
    let invited = Invited {
        login: rows::parsed("login", &login)?,
        name: rows::parsed("name", &name)?,
        organisation: rows::parsed("home", &home)?,
        role: None,
        account: Some(account),
        invited_by: invited_by.to_owned(),
    };
    let (id, token) = (InvitationId::new(at, entropy), Token::new(entropy));
    record(connection, &invited, id, &token, at).await.map_err(inviting())?;
    let entry = invited.entry("password.reset").about_owner(account);
    connection.append(&entry, at).await.map_err(inviting())?;
    Ok((id, token))
}

fn inviting() -> impl FnOnce(sqlx::Error) -> StoreError {
    StoreError::doing("record an invitation")
}

/// Records an invitation; earlier ones for the same login name are withdrawn by it.
async fn record(
    connection: &mut Connection,
    invited: &Invited,
    id: InvitationId,
    token: &Token,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    const REPLACE: &str = include_str!("invitations/replace.sql");
    const ADD: &str = include_str!("invitations/add.sql");

    connection.execute(REPLACE.to_owned(), [at.into(), invited.login.as_str().into()]).await?;
    let values = [
        id.to_string().into(),
        token.hash().into(),
        invited.account.map(|it| it.to_string()).into(),
        invited.login.as_str().into(),
        invited.name.as_str().into(),
        invited.organisation.as_str().into(),
        invited.role.clone().into(),
        invited.invited_by.as_str().into(),
        at.into(),
        after(at, VALID_FOR).into(),
    ];
    connection.execute(ADD.to_owned(), values).await.map(|_| ())
}

/// The open invitation of a token.
pub async fn find(
    store: &Store,
    token: &Token,
    at: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    const SQL: &str = include_str!("invitations/find.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL)
            .bind(token.hash())
            .bind(at.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read an invitation"))?;
    row.map(typed).transpose()
}

/// What accepting an invitation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub account: AccountId,
    pub invitation: Invitation,
    /// The role that was granted; `None` when the invitation names none, or whoever invited may not give it any more.
    pub grant: Option<GrantId>,
}

/// Accepts an invitation with the hash of the password its owner chose: opens the account with its role or changes its
/// password, all or nothing, once.
///
/// The role is given on behalf of whoever invited. If they may not give it any more, the account is opened without it and
/// the audit log is told of the refusal.
///
/// # Errors
/// [`InvitationError::NotOpen`], also when another accepted it meanwhile; [`AccountError::LoginTaken`] when an account
/// took the login name meanwhile.
pub async fn accept(
    store: &Store,
    roles: &Roles,
    token: &Token,
    phc: &str,
    policy: &Policy,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Accepted, InvitationError> {
    accept_as(store, roles, None, token, (phc, policy), at, entropy).await
}

/// The same, on behalf of somebody who has an account already: the new one is theirs too, whatever name it was invited by.
pub async fn accept_as(
    store: &Store,
    roles: &Roles,
    whose: Option<PersonId>,
    token: &Token,
    (phc, policy): (&str, &Policy),
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Accepted, InvitationError> {
    const ACCEPT: &str = include_str!("invitations/accept.sql");
    let accepting = || StoreError::doing("accept an invitation");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(accepting())?;
        // First, as those do who look after invitations: so no two wait for each other.
        sqlx::query(grants::sql::LOCK).execute(&mut *transaction).await.map_err(accepting())?;
        let row: Option<Row> = sqlx::query_as(ACCEPT)
            .bind(at.as_microsecond())
            .bind(token.hash())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(accepting())?;
        let invitation = typed(row.ok_or(InvitationError::NotOpen)?)?;
        let invited = &invitation.invited;
        let account = match invited.account {
            Some(account) => account,
            None => {
                let person = match whose {
                    Some(person) => person,
                    None => people::record_person!(transaction, invited.name, at, entropy)
                        .map_err(accepting())?,
                };
                let (login, home) = (&invited.login, &invited.organisation);
                accounts::open_account!(transaction, person, login, home, at, entropy)
                    .map_err(accepting())?
                    .ok_or(AccountError::LoginTaken)?
            }
        };
        passwords::set_password!(transaction, account, phc, policy, None, at)
            .map_err(accepting())?;
        let wanted = invitation.wanted(roles, account, at);
        let (by, id) = (invited.by(), GrantId::new(at, entropy));
        let given = match &wanted {
            None => None,
            Some(wanted) => match grants::give_in!(transaction, roles, by, wanted, id, at) {
                Ok(()) => Some(true),
                Err(GrantError::Refused(_)) => Some(false),
                Err(GrantError::Store(error)) => return Err(error.into()),
            },
        };
        let accepted = Entry::new(Actor::Account(account), Purpose::SECURITY, "invitation.accept");
        let accepted = accepted.at(&invited.organisation).about_owner(account);
        audit::append!(transaction, accepted, at).map_err(accepting())?;
        if let Some(given) = given {
            let entry = Entry::new(by, Purpose::SECURITY, "grant.give");
            let entry = entry.at(&invited.organisation).about("grant", id);
            let entry = if given { entry } else { entry.refused() };
            audit::append!(transaction, entry, at).map_err(accepting())?;
        }
        transaction.commit().await.map_err(accepting())?;
        let grant = given.filter(|it| *it).map(|_| id);
        Ok(Accepted { account, invitation, grant })
    })
}

impl Invited {
    /// Who invites.
    fn by(&self) -> Actor {
        self.invited_by.parse().map_or(Actor::System, Actor::Account)
    }

    fn entry(&self, action: &'static str) -> Entry {
        Entry::new(self.by(), Purpose::OPERATION, action).at(&self.organisation)
    }
}

impl Invitation {
    /// The role that an account is to be given.
    fn wanted(&self, roles: &Roles, account: AccountId, at: Timestamp) -> Option<Wanted> {
        let role = roles.get(&self.invited.role.as_deref()?.parse().ok()?)?;
        let reason = format!("按邀请授予 by invitation {}", self.id);
        usual(role, account, &self.invited.organisation, at, reason)
    }
}

/// A role as it is usually given: for its first purpose, as far down and as long as it may be.
pub fn usual(
    role: &Role,
    account: AccountId,
    organisation: &OrgCode,
    at: Timestamp,
    reason: String,
) -> Option<Wanted> {
    let days = |it: i64| after(at, SignedDuration::from_hours(it.saturating_mul(24)));
    Some(Wanted {
        account,
        role: role.code.clone(),
        organisation: organisation.clone(),
        reach: role.reaches.iter().copied().max()?,
        purpose: role.purposes.first()?.clone(),
        valid_from: at,
        valid_until: role.longest_days.map(days),
        reason,
    })
}

/// Withdraws an open invitation; whether there was one.
pub async fn withdraw(
    store: &Store,
    by: Actor,
    id: InvitationId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let withdrawing = || StoreError::doing("withdraw an invitation");

    let mut connection = Connection::begin(store).await.map_err(withdrawing())?;
    let done = withdraw_in(&mut connection, by, id, at).await.map_err(withdrawing())?;
    connection.commit().await.map_err(withdrawing())?;
    Ok(done)
}

/// The same in a transaction, with its entry in the audit log.
pub(crate) async fn withdraw_in(
    connection: &mut Connection,
    by: Actor,
    id: InvitationId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = include_str!("invitations/withdraw.sql");

    if connection.execute(SQL.to_owned(), [at.into(), id.to_string().into()]).await? == 0 {
        return Ok(false);
    }
    let entry = Entry::new(by, Purpose::OPERATION, "invitation.withdraw").about("invitation", id);
    connection.append(&entry, at).await?;
    Ok(true)
}

fn typed(row: Row) -> Result<Invitation, StoreError> {
    let (id, account, login, name, organisation, role, invited_by, invited_at, expires_at) = row;
    Ok(Invitation {
        id: rows::parsed("id", &id)?,
        invited: Invited {
            login: rows::parsed("login", &login)?,
            name: rows::parsed("name", &name)?,
            organisation: rows::parsed("organisation", &organisation)?,
            role,
            account: account.map(|it| rows::parsed("account", &it)).transpose()?,
            invited_by,
        },
        invited_at: rows::instant("invited_at", invited_at)?,
        expires_at: rows::instant("expires_at", expires_at)?,
    })
}

#[cfg(test)]
mod tests;
