//! An application acts for itself, with the services that it was registered for (RFC 6749, section 4.4).

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::family::{NewFamily, NewToken};
use super::{Granted, Tokens};
use crate::applications::Application;
use crate::audit::{self, Entry};
use crate::batch::Batch;
use crate::id::Id;
use crate::openid::data::listed;
use crate::openid::refusal::{Code, Denial};
use crate::openid::request::Parameters;
use crate::openid::{OpenidError, TOKEN_LIFETIME, later};
use crate::purpose::Purpose;
use crate::secret::Token;

pub(super) async fn grant(
    store: &Store,
    application: &Application,
    given: &Parameters,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Granted, OpenidError> {
    let granting = || StoreError::doing("give an application a token of its own");

    let services = &application.registration.services;
    if services.is_empty() {
        return Ok(Err(Denial::new(
            Code::UnauthorizedClient,
            "this application is not registered for services",
        )));
    }
    let asked: BTreeSet<&str> = given.words("scope").collect();
    let known = |it: &&str| services.contains(*it);
    if !asked.iter().all(known) {
        return Ok(Err(Denial::new(
            Code::InvalidScope,
            "scope asks for a service that the application is not registered for",
        )));
    }
    let scopes = if asked.is_empty() { listed(services) } else { listed(&asked) };
    let (family, token) = (Id::new(now, entropy), Token::new(entropy));
    let until = later(now, TOKEN_LIFETIME)?;
    let (id, code) = (family.to_string(), &application.code);
    let begun =
        NewFamily { id: family, application: code, owner: None, scopes: &scopes, data: "", until };
    let issued = NewToken { token: &token, family: &id, scopes: &scopes, until };
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(granting())?;
        let batch = issued.added_to(begun.added_to(Batch::default(), now), now);
        let entry = Entry::new(application.actor(), Purpose::OPERATION, "token.issue")
            .about("application", code);
        audit::append!(transaction, entry, now, after batch).map_err(granting())?;
        transaction.commit().await.map_err(granting())?;
    });
    Ok(Ok(Tokens {
        access_token: token.reveal().to_owned(),
        refresh_token: None,
        id_token: None,
        scope: scopes,
    }))
}
