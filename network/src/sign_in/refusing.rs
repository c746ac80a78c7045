//! What was tried and not taken: the audit log is told, and the visitor no more than that it was wrong.

use jiff::Timestamp;

use super::{Admitted, Code, Desk, SignInError};
use crate::audit::{self, Actor, Entry};
use crate::id::AccountId;
use crate::lockout::Try;
use crate::purpose::Purpose;

impl Desk<'_> {
    /// A password that is not the right one, and what the audit log is told of it.
    pub(super) async fn refuse_password(&self, admitted: &Admitted, at: Timestamp) -> SignInError {
        let entry = match admitted.account {
            Some(account) => failure("password.show").about_owner(account),
            None => failure("login.show"),
        };
        self.refuse(entry, admitted.account, &admitted.admitted, at).await
    }

    /// Tells the audit log that somebody was refused, and that from now on tries have to wait if they have.
    async fn refuse(
        &self,
        entry: Entry,
        account: Option<AccountId>,
        admitted: &Try,
        at: Timestamp,
    ) -> SignInError {
        let told = audit::record(self.store, &entry.refused(), at).await;
        if let Err(error) = told {
            return error.into();
        }
        if !admitted.leads_to_wait {
            return SignInError::Wrong;
        }
        let wait = failure("lockout.begin");
        let wait = account.map_or(wait.clone(), |it| wait.about_owner(it));
        match audit::record(self.store, &wait, at).await {
            Ok(()) => SignInError::Wrong,
            Err(error) => error.into(),
        }
    }

    /// Takes a code; of a wrong one the audit log is told.
    pub(super) async fn take_or_refuse(
        &self,
        account: AccountId,
        code: &Code,
        admitted: &Try,
        at: Timestamp,
    ) -> Result<(), SignInError> {
        match self.take(account, code, at).await {
            Err(SignInError::Wrong) => {
                let entry = failure("code.show").about_owner(account);
                Err(self.refuse(entry, Some(account), admitted, at).await)
            }
            other => other,
        }
    }
}

/// What the audit log is told of a sign-in that was not one.
fn failure(action: &'static str) -> Entry {
    Entry::new(Actor::Nobody, Purpose::SECURITY, action)
}
