//! Roles that are given to somebody by name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::Entropy;
use network::audit::Entry;
use network::{AccountId, grants};
use store::StoreError;

use super::altering::Altering;
use super::draws::Candidate;
use super::entry::StepText;
use super::standing::Standing;
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::form::Values;
use crate::office::Office;
use crate::procedure::{Holder, Role};

/// Who could be given a role, or drawn for it: whoever holds one of its grants, wherever.
pub async fn candidates(
    office: &Office,
    role: &Role,
    at: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    let mut found = BTreeMap::new();
    for grant in &role.grants {
        let Ok(code) = grant.parse() else { continue };
        let holders = grants::holders(&office.store, &code, at).await?;
        found.extend(holders.into_iter().map(|it| (it.account, it.home)));
    }
    Ok(found.into_iter().map(|(account, home)| Candidate { account, home }).collect())
}

/// Gives a role of a case to somebody.
///
/// Whoever can take a step in another role of the case, by grant, may; reviewers are drawn and not given.
///
/// # Errors
/// [`Refusal::NotAllowed`] also when he is of the case's own organisation and the role is for strangers.
pub async fn assign(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    role: &str,
    to: &Candidate,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Standing, CaseError> {
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.assign").about("case", id);
    let altering = Altering { office, id, change: &Values::new(), seed: [0; 32], entry, at };
    let after = altering
        .run(entropy, |deciding| {
            let given = may_give(deciding, actor, role)?;
            let case = deciding.case;
            let kin = matches!((case.path_of(""), &to.home), (Some(own), Some(home)) if home.starts_with(own));
            let apart = given.apart_from.iter().any(|it| case.acted.contains(&(it.clone(), to.account)));
            if (given.is_stranger && kin) || apart || case.beginner == to.account {
                return Err(Refusal::NotAllowed(role.to_owned()));
            }
            let mut after = case.clone();
            if !after.assigned.insert((role.to_owned(), to.account)) {
                return Ok(None);
            }
            let text = StepText { kind: "assign", name: role, role: "", note: &to.account.to_string() };
            let mut effects = deciding.told(after, &text, Some(actor.account));
            effects.given = Some((role.to_owned(), to.account));
            Ok(Some(effects))
        })
        .await?;
    Ok(after)
}

/// Takes a role of a case from somebody.
pub async fn unassign(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    role: &str,
    from: AccountId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Standing, CaseError> {
    let entry =
        Entry::new(actor.audited(), actor.purpose.clone(), "case.unassign").about("case", id);
    let altering = Altering { office, id, change: &Values::new(), seed: [0; 32], entry, at };
    let after = altering
        .run(entropy, |deciding| {
            may_give(deciding, actor, role)?;
            let mut after = deciding.case.clone();
            if !after.assigned.remove(&(role.to_owned(), from)) {
                return Ok(None);
            }
            let text = StepText { kind: "unassign", name: role, role: "", note: &from.to_string() };
            let mut effects = deciding.told(after, &text, Some(actor.account));
            effects.ended = Some((role.to_owned(), from));
            Ok(Some(effects))
        })
        .await?;
    Ok(after)
}

fn may_give<'a>(
    deciding: &'a super::decide::Deciding<'_>,
    actor: &Actor,
    role: &str,
) -> Result<&'a Role, Refusal> {
    let procedure = deciding.procedure;
    if !actor.sees(procedure, deciding.case) {
        return Err(Refusal::Unknown);
    }
    let not_allowed = || Refusal::NotAllowed(role.to_owned());
    let given =
        procedure.role(role).filter(|it| it.holder == Holder::Assigned).ok_or_else(not_allowed)?;
    let is_drawn = procedure.reviews.as_ref().is_some_and(|it| it.role == role);
    let holds = actor.roles(procedure, deciding.case);
    let by_grant = holds.iter().any(|it| it.holder == Holder::Granted && !it.is_stranger);
    if is_drawn || !by_grant { Err(not_allowed()) } else { Ok(given) }
}
