//! A case that is begun and handed in at once, as the row of a sheet is: both, or neither.

use jiff::Timestamp;
use model::Entropy;
use model::organisation::OrgCode;
use network::audit::Entry;
use store::{StoreError, on_db};

use super::altering::{Altering, altered};
use super::beginning::{Beginning, begun};
use super::decide::{Asked, By, Deciding};
use super::{Begun, CaseError, CaseId};
use crate::actor::Actor;
use crate::office::Office;
use crate::procedure::Procedure;

/// Begins a case and takes its first step, in one transaction.
///
/// # Errors
/// [`CaseError::Refused`] when either is not allowed; there is no case then, and no number was used up.
pub async fn hand_in(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    organisation: &OrgCode,
    asked: &Asked,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Begun, CaseError> {
    let handing_in = || StoreError::doing("hand a case in");

    let calendar = office.calendar(procedure)?;
    let id = CaseId::new(at, entropy);
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    let new = Beginning { procedure, calendar, organisation, actor, id, at };
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.step").about("case", id);
    let altering = Altering { office, id, change: &asked.change, seed, entry, at };
    let decide = |deciding: &Deciding<'_>| deciding.step(By::Actor(actor), asked).map(Some);
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(handing_in())?;
        let begun = begun!(transaction, &new)?;
        altered!(transaction, altering, procedure, entropy, decide)?;
        transaction.commit().await.map_err(handing_in())?;
        Ok(begun)
    })
}
