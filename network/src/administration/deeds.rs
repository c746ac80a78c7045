//! What is done to accounts of the own part.

use jiff::Timestamp;
use model::Entropy;
use store::StoreError;

use super::{AdministrationError, Administrator};
use crate::accounts;
use crate::audit::Entry;
use crate::connection::Connection;
use crate::id::AccountId;
use crate::invitations;
use crate::roles::Permission;
use crate::secret::Token;
use crate::sessions::{self, Ending};
use crate::sign_in;

impl Administrator<'_> {
    /// Closes an account of the own part.
    pub async fn close(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let entry = self.entry("account.close").about_owner(account);
        let done = self.close_as(account, &entry, at).await;
        self.told(done, entry, at).await
    }

    async fn close_as(
        &self,
        account: AccountId,
        entry: &Entry,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let closing = || StoreError::doing("close an account");
        let mut connection = Connection::begin(self.store).await.map_err(closing())?;
        self.own(&mut connection, Permission::ManageAccounts, account, at).await?;
        accounts::close_in(&mut connection, account, at).await?;
        connection.append(entry, at).await.map_err(closing())?;
        connection.commit().await.map_err(closing())?;
        Ok(())
    }

    /// Opens a closed account of the own part again.
    pub async fn reopen(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let entry = self.entry("account.reopen").about_owner(account);
        let done = self.reopen_as(account, &entry, at).await;
        self.told(done, entry, at).await
    }

    async fn reopen_as(
        &self,
        account: AccountId,
        entry: &Entry,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let opening = || StoreError::doing("open an account again");
        let mut connection = Connection::begin(self.store).await.map_err(opening())?;
        self.own(&mut connection, Permission::ManageAccounts, account, at).await?;
        accounts::reopen_in(&mut connection, account).await?;
        connection.append(entry, at).await.map_err(opening())?;
        connection.commit().await.map_err(opening())?;
        Ok(())
    }

    /// Ends all sessions of an account of the own part.
    pub async fn end_sessions(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let done = self.end_sessions_as(account, at).await;
        self.told(done, self.entry("session.end").about_owner(account), at).await
    }

    async fn end_sessions_as(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let ending = || StoreError::doing("end the sessions of an account");
        let mut connection = Connection::begin(self.store).await.map_err(ending())?;
        self.own(&mut connection, Permission::EndSessions, account, at).await?;
        let because = Ending::EndedByAdministrator(self.account);
        let ended = sessions::end_all_in(&mut connection, account, because, at).await;
        let ended = ended.map_err(ending())?;
        if ended > 0 {
            let entry = because.entry(account).rows(ended);
            connection.append(&entry, at).await.map_err(ending())?;
        }
        connection.commit().await.map_err(ending())?;
        Ok(())
    }

    /// Lets the owner of an account of the own part set a new password, and takes lost second factors away if that is
    /// asked for.
    pub async fn reset(
        &self,
        account: AccountId,
        with_factors: bool,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let done = self.reset_as(account, with_factors, at, entropy).await;
        self.told(done, self.entry("password.reset").about_owner(account), at).await
    }

    async fn reset_as(
        &self,
        account: AccountId,
        with_factors: bool,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let resetting = || StoreError::doing("reset a password");
        let mut connection = Connection::begin(self.store).await.map_err(resetting())?;
        let permission = Permission::ManageAccounts;
        let scope = self.own(&mut connection, permission, account, at).await?;
        self.untaken(&mut connection, &scope, account, !with_factors, at).await?;
        if with_factors {
            sign_in::reset_factors_in(&mut connection, self.actor(), account, at)
                .await
                .map_err(resetting())?;
        }
        let by = self.account.to_string();
        let (_, token) =
            invitations::invite_to_reset_in(&mut connection, account, &by, at, entropy).await?;
        connection.commit().await.map_err(resetting())?;
        Ok(token)
    }
}
