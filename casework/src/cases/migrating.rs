//! A case is brought to a newer version of its procedure, explicitly and with a reason.

use jiff::Timestamp;
use model::Entropy;
use network::audit::{self, Entry};
use store::{StoreError, on_db};

use super::decide::{Deciding, Known};
use super::entry::StepText;
use super::standing::Standing;
use super::stepping::procedure_of;
use super::writing::{Change, put};
use super::{CaseError, CaseId, Refusal, limits, rows};
use crate::actor::Actor;
use crate::office::Office;

/// Brings a case to the version with which cases begin now, where it stands.
///
/// Its states and what is filled in must have a place there; what has none is refused and nothing is lost.
pub async fn migrate(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    revision: i64,
    reason: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Standing, CaseError> {
    let migrating = || StoreError::doing("bring a case to a newer version");

    let old = procedure_of(office, id).await?.ok_or(Refusal::Unknown)?;
    let new = office.current(&old.name).await?;
    let calendar = office.calendar(&new)?;
    if reason.trim().is_empty() {
        return Err(Refusal::NoNote("migrate".to_owned()).into());
    }
    let text = id.to_string();
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(migrating())?;
        let raw = rows::lock!(transaction, &text).map_err(migrating())?.ok_or(Refusal::Unknown)?;
        let case = raw.typed(id)?;
        if !actor.sees(&old, &case) {
            return Err(Refusal::Unknown.into());
        }
        let by_grant = actor.roles(&old, &case).iter().any(|it| it.holder == crate::procedure::Holder::Granted);
        if !by_grant {
            return Err(Refusal::NotAllowed("migrate".to_owned()).into());
        }
        if case.revision != revision {
            return Err(Refusal::Stale.into());
        }
        let marking = case.marking();
        if let Some(state) = marking.iter().find(|it| new.state(it).is_none()) {
            return Err(Refusal::NoState(state.clone()).into());
        }
        let faults = new.form.check(&case.form);
        if !faults.is_empty() {
            return Err(Refusal::Fields(faults).into());
        }
        let known = Known::default();
        let deciding = Deciding { procedure: &new, calendar, case: &case, known: &known, at };
        let mut after = case.clone();
        after.version.clone_from(&new.version);
        after.deadlines = limits::after(&new, calendar, &case, &marking, &case.form, at);
        let note = format!("{} → {}: {}", old.version, new.version, reason.trim());
        let told = StepText { kind: "migrate", name: "migrate", role: "", note: &note };
        let effects = deciding.told(after, &told, Some(actor.account));
        let change = Change::new(&new, effects, at, entropy);
        if let Some(refusal) = put!(transaction, &change).map_err(migrating())? {
            return Err(refusal.into());
        }
        let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.migrate")
            .at(&case.organisation)
            .about("case", id);
        audit::append!(transaction, entry, at).map_err(migrating())?;
        transaction.commit().await.map_err(migrating())?;
        Ok(change.after)
    })
}
