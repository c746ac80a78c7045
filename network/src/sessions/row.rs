//! The registry's rows of sessions.

use store::StoreError;

use super::{Level, Origin, Session};
use crate::rows;

store::row! {
    /// As the database gives it.
    #[derive(Debug)]
    pub(super) struct SessionRow {
        id: String,
        account: String,
        methods: String,
        level: i64,
        network: String,
        agent: String,
        opened_at: i64,
        authenticated_at: i64,
        seen_at: i64,
        idle_until: i64,
        expires_at: i64,
    }
}

impl SessionRow {
    /// # Errors
    /// A row that this program did not write.
    pub(super) fn typed(self) -> Result<Session, StoreError> {
        let level = Level::of_number(self.level).ok_or(self.level);
        Ok(Session {
            id: rows::parsed("id", &self.id)?,
            account: rows::parsed("account", &self.account)?,
            methods: rows::parsed("methods", &self.methods)?,
            level: level.map_err(StoreError::unreadable("level"))?,
            origin: Origin { network: self.network, agent: self.agent },
            opened_at: rows::instant("opened_at", self.opened_at)?,
            authenticated_at: rows::instant("authenticated_at", self.authenticated_at)?,
            seen_at: rows::instant("seen_at", self.seen_at)?,
            idle_until: rows::instant("idle_until", self.idle_until)?,
            expires_at: rows::instant("expires_at", self.expires_at)?,
        })
    }
}
