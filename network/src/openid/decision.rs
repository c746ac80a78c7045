//! What happens next with a request: sign in, ask, refuse, or hand out a code.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::data::listed;
use super::people::SignedIn;
use super::refusal::{Code, Denial, Refusal};
use super::relation::{self, Relation};
use super::{CODE_LIFETIME, OpenidError, Provider, Request, pseudonyms};
use crate::applications::ApplicationsError;
use crate::secret::Token;

/// What happens next.
#[derive(Clone, Debug)]
pub enum Decision {
    /// The person has to prove who it is.
    SignIn(Reason),
    /// The person is asked whether the application may see what it asks for.
    Consent,
    Refused(Refusal),
    /// Nothing stands in the way of [`issue`].
    Ready,
}

/// Why the person has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NotSignedIn,
    /// The application wants it done anew, or not so long ago.
    Again,
    /// The application wants it done with two factors.
    Better,
}

/// Decides on a request of whoever is signed in.
pub async fn decide(
    store: &Store,
    provider: &Provider,
    request: &Request,
    signed_in: Option<&SignedIn>,
    now: Timestamp,
) -> Result<Decision, OpenidError> {
    let refused = |code, description| {
        Decision::Refused(request.denied(provider, Denial::new(code, description)))
    };
    // Whoever is signed in stays so: an application cannot put someone else in the place.
    let is_other = |it: &SignedIn| {
        let subject =
            pseudonyms::subject(provider, &request.application.registration.subject, it.account);
        request.hinted_subject.as_ref().is_some_and(|hinted| *hinted != subject)
    };
    if signed_in.is_some_and(is_other) {
        return Ok(refused(Code::LoginRequired, "another person is signed in"));
    }
    let needs = needs_sign_in(request, signed_in);
    let (Some(signed_in), None) = (signed_in, needs) else {
        if request.prompt.none {
            return Ok(refused(Code::LoginRequired, "the person has to sign in"));
        }
        let reason = needs.unwrap_or(Reason::NotSignedIn);
        let anew = signed_in.is_some_and(|it| it.authenticated_at >= request.begun_at);
        if reason == Reason::Better && anew {
            // It was done for this request, and did not help.
            return Ok(refused(
                Code::UnmetAuthenticationRequirements,
                "the person cannot prove itself as well as is asked",
            ));
        }
        return Ok(Decision::SignIn(reason));
    };
    let relation = related(store, request, signed_in, now).await?;
    if !relation.may_use(&request.application) {
        return Ok(refused(Code::AccessDenied, "this person may not use the application"));
    }
    if request.application.registration.consent_asked {
        let given = relation.consent;
        let covered = given.as_ref().is_some_and(|it| it.covers(request));
        // A consent given for this very request answers `prompt=consent`.
        let asked = request.prompt.consent
            && given.as_ref().is_none_or(|it| it.given_at < request.begun_at);
        if !covered || asked {
            return Ok(if request.prompt.none {
                refused(Code::ConsentRequired, "the person has to consent")
            } else {
                Decision::Consent
            });
        }
    }
    Ok(Decision::Ready)
}

fn needs_sign_in(request: &Request, signed_in: Option<&SignedIn>) -> Option<Reason> {
    let Some(signed_in) = signed_in else {
        return Some(Reason::NotSignedIn);
    };
    let authenticated_at = signed_in.authenticated_at;
    let anew = authenticated_at >= request.begun_at;
    // Measured when the request came: whoever reads the next page slowly need not sign in for ever.
    let age = request.begun_at.duration_since(authenticated_at);
    let too_long_ago = request.max_age.is_some_and(|it| age > it);
    if !anew && (request.prompt.login || too_long_ago) {
        return Some(Reason::Again);
    }
    let asked = &request.essential_acr;
    if !asked.is_empty() && !asked.contains(signed_in.level.as_str()) {
        return Some(Reason::Better);
    }
    None
}

/// What whoever is signed in has to do with the application.
async fn related(
    store: &Store,
    request: &Request,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<Relation, OpenidError> {
    match &request.relation {
        // Read together with the application.
        Some(known) if known.account == signed_in.account => Ok(known.clone()),
        Some(_) | None => {
            let code = &request.application.code;
            let found = relation::find(store, code, signed_in.account, now).await?;
            let unknown = || ApplicationsError::Unknown(code.clone());
            Ok(found.ok_or_else(unknown)?.1)
        }
    }
}

/// Hands out a code; the address brings it to the application.
pub async fn issue(
    store: &Store,
    provider: &Provider,
    request: &Request,
    signed_in: &SignedIn,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<String, OpenidError> {
    const ISSUE: &str = include_str!("decision/issue_code.sql");

    let code = Token::new(entropy);
    let expires_at = super::later(now, CODE_LIFETIME)?;
    on_db!(store, pool => {
        sqlx::query(ISSUE)
            .bind(code.hash())
            .bind(request.application.code.as_str())
            .bind(signed_in.account.to_string())
            .bind(signed_in.session.to_string())
            .bind(request.redirect())
            .bind(listed(&request.scopes))
            .bind(listed(&request.data))
            .bind(listed(&request.id_token_data))
            .bind(request.nonce.as_deref())
            .bind(request.challenge.as_deref())
            .bind(signed_in.authenticated_at.as_microsecond())
            .bind(signed_in.level.as_str())
            .bind(signed_in.methods.to_string())
            .bind(now.as_microsecond())
            .bind(expires_at.as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("hand out a code"))?;
    Ok(request.granted(provider, &code))
}

/// The person does not agree; the address tells the application.
pub fn decline(provider: &Provider, request: &Request) -> Refusal {
    request.denied(provider, Denial::new(Code::AccessDenied, "the person does not agree"))
}
