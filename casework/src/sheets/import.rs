//! Rows of a sheet become cases.

use jiff::Timestamp;
use model::Entropy;
use model::organisation::OrgCode;

use super::{Amiss, Row};
use crate::actor::Actor;
use crate::cases::{Asked, CaseError, Refusal, form_hash, hand_in, rehearse};
use crate::form::FieldFault;
use crate::office::Office;
use crate::procedure::{Procedure, Transition};

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that became cases, with their numbers; without numbers in a rehearsal.
    pub begun: Vec<(u64, String)>,
    /// What is amiss in cells of rows that became none.
    pub amiss: Vec<Amiss>,
    /// Rows that became none for another reason.
    pub refused: Vec<(u64, Refusal)>,
}

/// Makes a case of each row, begun and handed in with `transition` in one transaction; a rehearsal only says whether it
/// could.
///
/// A row that is refused leaves no case behind, and the others are not kept from becoming some. Whoever is stopped
/// half-way hands the same sheet in again, where the procedure lets no two cases be about the same subject.
#[expect(clippy::too_many_arguments, reason = "a sheet, who hands it in, and into what")]
pub async fn import(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    transition: &Transition,
    rows: &[Row],
    is_rehearsal: bool,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Imported, CaseError> {
    let mut imported = Imported::default();
    for row in rows {
        let asked = Asked {
            step: transition.name.clone(),
            change: row.change.clone(),
            // Whoever hands a sheet in wrote its rows, and all that he signs is in them.
            seen: Some(form_hash(&row.change)),
            ..Asked::default()
        };
        let organisation: Result<OrgCode, _> = row.organisation.parse();
        let answer = match organisation {
            Err(_) => Err(Refusal::NoOrganisation(row.organisation.clone()).into()),
            Ok(it) if is_rehearsal => {
                rehearse(office, actor, procedure, &it, &asked, at).await.map(|()| String::new())
            }
            Ok(it) => hand_in(office, actor, procedure, &it, &asked, at, entropy)
                .await
                .map(|it| it.number),
        };
        match answer {
            Ok(number) => imported.begun.push((row.row, number)),
            Err(CaseError::Refused(Refusal::Fields(faults))) => {
                imported.amiss.extend(faults.iter().map(|it| amiss(procedure, row, it)));
            }
            Err(CaseError::Refused(refusal)) => imported.refused.push((row.row, refusal)),
            Err(error) => return Err(error),
        }
    }
    Ok(imported)
}

/// What is wrong with a field of a row.
fn amiss(procedure: &Procedure, row: &Row, fault: &FieldFault) -> Amiss {
    let Some(field) = procedure.form.field(&fault.field) else {
        return Amiss::in_row(row.row, fault);
    };
    let cell = row.change.get(&fault.field).map(|it| field.shown(it).zh).unwrap_or_default();
    Amiss::in_field(row.row, field, fault, &cell)
}
