//! Rows of a sheet become cases.

use jiff::Timestamp;
use model::Entropy;
use model::finding::{Finding, Severity};
use model::organisation::OrgCode;

use super::Row;
use crate::actor::Actor;
use crate::cases::{Asked, CaseError, Refusal, begin, form_hash, rehearse, step};
use crate::form::FieldFault;
use crate::office::Office;
use crate::procedure::{Procedure, Transition};

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that became cases, with their numbers; without numbers in a rehearsal.
    pub begun: Vec<(u64, String)>,
    pub findings: Vec<Finding>,
}

/// Begins a case for each row and takes `transition` with what the row holds; a rehearsal only says whether it could.
///
/// A row that is refused leaves no case behind, and the others are not kept from becoming some.
#[expect(clippy::too_many_arguments, reason = "a sheet, who hands it in, and into what")]
pub async fn import(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    transition: &Transition,
    file: &str,
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
            Ok(organisation) => {
                // Decided before anything is begun, so that a refused row leaves nothing.
                match rehearse(office, actor, procedure, &organisation, &asked, at).await {
                    Err(error) => Err(error),
                    Ok(()) if is_rehearsal => Ok(String::new()),
                    Ok(()) => {
                        let begun =
                            begin(office, actor, &procedure.name, &organisation, at, entropy)
                                .await?;
                        step(office, actor, begun.id, &asked, at, entropy)
                            .await
                            .map(|_| begun.number)
                    }
                }
            }
        };
        match answer {
            Ok(number) => imported.begun.push((row.row, number)),
            Err(CaseError::Refused(refusal)) => {
                imported.findings.extend(findings(procedure, file, row.row, &refusal));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(imported)
}

fn findings(procedure: &Procedure, file: &str, row: u64, refusal: &Refusal) -> Vec<Finding> {
    let finding =
        |column: Option<String>, rule: &'static str, expected: String, hint: String| Finding {
            file: file.to_owned(),
            row: Some(row),
            column,
            rule,
            found: "another".to_owned(),
            expected,
            hint,
            severity: Severity::Error,
        };
    let Refusal::Fields(faults) = refusal else {
        let expected = "a case that can begin".to_owned();
        return vec![finding(None, "refused", expected, refusal.to_string())];
    };
    let of = |FieldFault { field, rule, text }: &FieldFault| {
        let title = procedure.form.field(field).map(|it| it.title.zh.clone());
        finding(title, rule, text.zh.clone(), text.en.clone())
    };
    faults.iter().map(of).collect()
}
