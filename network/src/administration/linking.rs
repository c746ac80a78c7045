//! Outside identities that wait to be linked: looked at by whoever looks after accounts where their provider belongs.

use jiff::Timestamp;
use store::StoreError;

use super::{AdministrationError, Administrator};
use crate::accounts::AccountError;
use crate::audit::Entry;
use crate::connection::Connection;
use crate::id::{AccountId, PersonId};
use crate::outside::{self, RequestId, Waiting};
use crate::purpose::Purpose;
use crate::roles::Permission;
use crate::rows;
use crate::scope::Scope;

impl Administrator<'_> {
    /// Identities that wait to be linked, of providers of the own part, the earliest first.
    pub async fn identities(&self, most: u32, at: Timestamp) -> Result<Vec<Waiting>, StoreError> {
        outside::waiting(self.store, &self.reading("identity.read", at), most).await
    }

    /// Links an identity that waits to the person of an account of the own part, which it opens from now on.
    pub async fn link(
        &self,
        request: RequestId,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let done = self.link_as(request, account, at).await;
        self.told(done, self.linked(account), at).await
    }

    fn linked(&self, account: AccountId) -> Entry {
        Entry::new(self.actor(), Purpose::SECURITY, "identity.link").about_owner(account)
    }

    async fn link_as(
        &self,
        request: RequestId,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        const PERSON: &str = include_str!("person_of.sql");
        const OPEN: &str = include_str!("open_accounts.sql");
        let linking = || StoreError::doing("link an outside identity");

        let mut connection = Connection::begin(self.store).await.map_err(linking())?;
        let permission = Permission::ManageAccounts;
        let scope = self.own(&mut connection, permission, account, at).await?;
        waits(&mut connection, &scope, request).await?;
        let person = connection.texts(PERSON.to_owned(), [account.to_string().into()]).await;
        let person = person.map_err(linking())?.into_iter().flatten().next();
        let person: PersonId = rows::parsed("person", &person.ok_or(AccountError::NoAccount)?)?;
        // Whoever signs in with it may open each of the person's accounts.
        let theirs = connection.texts(OPEN.to_owned(), [person.to_string().into()]).await;
        for account in theirs.map_err(linking())?.into_iter().flatten() {
            let account = rows::parsed("account", &account)?;
            match self.own(&mut connection, permission, account, at).await {
                Ok(_) => self.untaken(&mut connection, &scope, account, true, at).await?,
                Err(AdministrationError::NotYours) => return Err(AdministrationError::HoldsMore),
                Err(error) => return Err(error),
            }
        }
        outside::link_in(&mut connection, request, person, self.actor(), at).await?;
        connection.append(&self.linked(account), at).await.map_err(linking())?;
        connection.commit().await.map_err(linking())?;
        Ok(())
    }

    /// Decides that an identity that waits is nobody's here.
    pub async fn refuse(
        &self,
        request: RequestId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let done = self.refuse_as(request, at).await;
        self.told(done, self.entry("identity.refuse").about("request", request), at).await
    }

    async fn refuse_as(
        &self,
        request: RequestId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let refusing = || StoreError::doing("refuse an outside identity");
        let mut connection = Connection::begin(self.store).await.map_err(refusing())?;
        let permission = Permission::ManageAccounts;
        let scope = connection.scope(self.authority(), permission, at).await?;
        waits(&mut connection, &scope, request).await?;
        outside::refuse_in(&mut connection, request, self.actor(), at).await?;
        connection.commit().await.map_err(refusing())?;
        Ok(())
    }
}

/// Whether an identity waits, of a provider within a scope.
async fn waits(
    connection: &mut Connection,
    scope: &Scope,
    request: RequestId,
) -> Result<(), AdministrationError> {
    const WAITS: &str = include_str!("identity_within.sql");

    let found = connection.within(scope, WAITS, [request.to_string().into()]).await?;
    if found.is_empty() { Err(AdministrationError::NoRequest) } else { Ok(()) }
}
