//! Inviting to the own part, and what becomes of invitations.

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::StoreError;

use super::{AdministrationError, Administrator, Guest};
use crate::accounts::AccountError;
use crate::connection::Connection;
use crate::id::{AccountId, InvitationId};
use crate::invitations::{self, Invited, Listed};
use crate::roles::Permission;
use crate::rows;
use crate::scope::Scope;
use crate::secret::Token;

/// An open invitation of the own part.
struct Open {
    account: Option<AccountId>,
    guest: Guest,
}

impl Administrator<'_> {
    /// Invites somebody to open an account in the own part, with a role that is one's own to give.
    ///
    /// # Errors
    /// [`AccountError::LoginTaken`], also when somebody elsewhere is invited by that login name.
    pub async fn invite(
        &self,
        guest: &Guest,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let done = self.invite_as(guest, at, entropy).await;
        self.told(done, self.entry("invitation.add").at(&guest.home), at).await
    }

    async fn invite_as(
        &self,
        guest: &Guest,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let mut connection = Connection::begin(self.store).await.map_err(inviting())?;
        self.may_invite(&mut connection, guest, at).await?;
        let (_, token) =
            invitations::invite_in(&mut connection, &self.invited(guest), at, entropy).await?;
        connection.commit().await.map_err(inviting())?;
        Ok(token)
    }

    fn invited(&self, guest: &Guest) -> Invited {
        Invited {
            login: guest.login.clone(),
            name: guest.name.clone(),
            organisation: guest.home.clone(),
            role: guest.role.as_ref().map(ToString::to_string),
            account: None,
            invited_by: self.account.to_string(),
        }
    }

    /// What stands against inviting somebody.
    async fn may_invite(
        &self,
        connection: &mut Connection,
        guest: &Guest,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        const PLACE: &str = include_str!("place_within.sql");
        const ELSEWHERE: &str = include_str!("invited_elsewhere.sql");

        let held = connection.held(self.account, at).await?;
        let scope = held.scope(self.roles, Permission::ManageAccounts);
        let place = connection.within(&scope, PLACE, [guest.home.as_str().into()]).await?;
        if place.is_empty() {
            return Err(AdministrationError::NotYourOrganisation);
        }
        if let Some(role) = &guest.role
            && held.giveable(self.roles).all(|it| it.code != *role)
        {
            return Err(AdministrationError::NotYoursToGive);
        }
        let values = [guest.login.as_str().into(), at.into()];
        if connection.within(&scope, ELSEWHERE, values).await?.is_empty() {
            Ok(())
        } else {
            Err(AccountError::LoginTaken.into())
        }
    }

    /// Invitations to the own part that nobody has followed yet, the latest first; `before` to read on.
    pub async fn invitations(
        &self,
        before: Option<InvitationId>,
        most: u32,
        at: Timestamp,
    ) -> Result<Vec<Listed>, StoreError> {
        invitations::within(self.store, &self.reading("invitation.read", at), before, most).await
    }

    /// Withdraws an invitation to the own part.
    pub async fn withdraw_invitation(
        &self,
        id: InvitationId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let done = self.withdraw_invitation_as(id, at).await;
        self.told(done, self.entry("invitation.withdraw").about("invitation", id), at).await
    }

    async fn withdraw_invitation_as(
        &self,
        id: InvitationId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let withdrawing = || StoreError::doing("withdraw an invitation");
        let mut connection = Connection::begin(self.store).await.map_err(withdrawing())?;
        let permission = Permission::ManageAccounts;
        let scope = connection.scope(self.authority(), permission, at).await?;
        open(&mut connection, &scope, id).await?;
        invitations::withdraw_in(&mut connection, self.actor(), id, at)
            .await
            .map_err(withdrawing())?;
        connection.commit().await.map_err(withdrawing())?;
        Ok(())
    }

    /// A new link in the place of an invitation to the own part, which is withdrawn by it. From now on it is this
    /// administrator who invites.
    pub async fn renew_invitation(
        &self,
        id: InvitationId,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let done = self.renew_invitation_as(id, at, entropy).await;
        self.told(done, self.entry("invitation.renew").about("invitation", id), at).await
    }

    async fn renew_invitation_as(
        &self,
        id: InvitationId,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let mut connection = Connection::begin(self.store).await.map_err(inviting())?;
        let permission = Permission::ManageAccounts;
        let scope = connection.scope(self.authority(), permission, at).await?;
        let Open { account, guest } = open(&mut connection, &scope, id).await?;
        let (_, token) = match account {
            None => {
                self.may_invite(&mut connection, &guest, at).await?;
                let invited = self.invited(&guest);
                invitations::invite_in(&mut connection, &invited, at, entropy).await?
            }
            Some(account) => {
                let scope = self.own(&mut connection, permission, account, at).await?;
                self.untaken(&mut connection, &scope, account, true, at).await?;
                let by = self.account.to_string();
                invitations::invite_to_reset_in(&mut connection, account, &by, at, entropy).await?
            }
        };
        connection.commit().await.map_err(inviting())?;
        Ok(token)
    }
}

fn inviting() -> impl FnOnce(sqlx::Error) -> StoreError {
    StoreError::doing("record an invitation")
}

/// An open invitation within a scope.
async fn open(
    connection: &mut Connection,
    scope: &Scope,
    id: InvitationId,
) -> Result<Open, AdministrationError> {
    const WITHIN: &str = include_str!("invitation_within.sql");

    let found = connection.within(scope, WITHIN, [id.to_string().into()]).await?;
    let found = found.into_iter().next().and_then(|it| <[String; 5]>::try_from(it).ok());
    let [account, login, name, home, role] = found.ok_or(AdministrationError::NoInvitation)?;
    let filled = |it: &str| (!it.is_empty()).then(|| it.to_owned());
    let home: OrgCode = rows::parsed("organisation", &home)?;
    let account = filled(&account).map(|it| rows::parsed("account", &it)).transpose()?;
    let role = filled(&role).map(|it| rows::parsed("role", &it)).transpose()?;
    let guest = Guest {
        login: rows::parsed("login", &login)?,
        name: rows::parsed("name", &name)?,
        home,
        role,
    };
    Ok(Open { account, guest })
}
