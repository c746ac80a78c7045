//! Reviewers hand in what they think, each by himself.

use jiff::Timestamp;
use model::Entropy;
use network::audit::Entry;

use super::altering::Altering;
use super::entry::StepText;
use super::standing::Standing;
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::form::Values;
use crate::office::Office;

/// Longest opinion.
const MAX_OPINION: usize = 10_000;

/// Hands in a review: once, and never for one's own organisation.
pub async fn review(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    score: u32,
    opinion: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Standing, CaseError> {
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.review").about("case", id);
    let altering = Altering { office, id, change: &Values::new(), seed: [0; 32], entry, at };
    let after = altering
        .run(entropy, |deciding| {
            let (procedure, case) = (deciding.procedure, deciding.case);
            if !actor.sees(procedure, case) {
                return Err(Refusal::Unknown);
            }
            let not_allowed = || Refusal::NotAllowed("review".to_owned());
            let reviews = procedure.reviews.as_ref().ok_or_else(not_allowed)?;
            let role = procedure.role(&reviews.role).ok_or_else(not_allowed)?;
            if !actor.plays(procedure, role, case) || !case.entered.contains_key(&reviews.state) {
                return Err(not_allowed());
            }
            if let Some(other) = actor.apart(procedure, role, case) {
                return Err(Refusal::Apart(other.name.clone()));
            }
            if score > reviews.most {
                return Err(Refusal::Score(reviews.most));
            }
            if opinion.chars().count() > MAX_OPINION {
                return Err(Refusal::TooLong(MAX_OPINION));
            }
            let mut after = case.clone();
            if after.reviews.insert(actor.account, score).is_some() {
                return Err(Refusal::HandedIn);
            }
            after.acted.insert((role.name.clone(), actor.account));
            let text =
                StepText { kind: "review", name: &reviews.state, role: &role.name, note: "" };
            let mut effects = deciding.told(after, &text, Some(actor.account));
            effects.review = Some((actor.account, score, opinion.to_owned()));
            Ok(Some(effects))
        })
        .await?;
    Ok(after)
}
