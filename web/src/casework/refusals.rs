//! Why something was not done, in words for whoever asked for it.

use casework::attachments::AttachmentError;
use casework::cases::{CaseError, Refusal};
use casework::expression::{Expression, Name};
use casework::form::FieldFault;
use casework::office::OfficeError;
use casework::procedure::Procedure;

use crate::problem::{Kind, Problem, chain};
use crate::text::Text;

/// A failure as a problem; what was refused is told on the page it was asked on, and here only when there is none.
pub(super) fn problem(error: &CaseError) -> Problem {
    match error {
        CaseError::Refused(Refusal::Unknown | Refusal::NoOrganisation(_)) => {
            Problem::new(Kind::NoCase, "")
        }
        CaseError::Refused(refusal) => Problem::new(Kind::CaseRefused, &refusal.to_string()),
        CaseError::Office(error) => problem_of_office(error),
        CaseError::Store(error) => Problem::ours(error),
    }
}

pub(super) fn problem_of_office(error: &OfficeError) -> Problem {
    match error {
        OfficeError::Unknown(name) => Problem::new(Kind::NoProcedure, name),
        OfficeError::Unsound(_) | OfficeError::NoCalendar(_) | OfficeError::Store(_) => {
            Problem::ours(error)
        }
    }
}

/// The refusal of a file, or the problem with it.
pub(super) fn refused_file(error: AttachmentError) -> Result<Refusal, Problem> {
    match error {
        AttachmentError::Case(error) => refused(error),
        AttachmentError::Scan(_) => {
            // Whoever looks after the machine must act; whoever brought the file can only come again.
            tracing::error!(error = %chain(&error), "a file could not be looked over");
            Ok(Refusal::NotLookedOver)
        }
        AttachmentError::Folder(..) | AttachmentError::Altered => Err(Problem::ours(&error)),
    }
}

/// What can be said on the page, or the problem with it: nobody is told anything of a case that is not for them.
pub(super) fn refused(error: CaseError) -> Result<Refusal, Problem> {
    match error {
        CaseError::Refused(Refusal::Unknown) => Err(Problem::new(Kind::NoCase, "")),
        CaseError::Refused(refusal) => Ok(refusal),
        CaseError::Office(_) | CaseError::Store(_) => Err(problem(&error)),
    }
}

/// A refusal in words.
pub(super) fn words(t: Text, procedure: &Procedure, refusal: &Refusal) -> String {
    let step = |name: &String| {
        let title = procedure.transition(name).map(|it| t.of(&it.title).to_owned());
        let title = title.or_else(|| procedure.role(name).map(|it| t.of(&it.title).to_owned()));
        title.unwrap_or_else(|| name.clone())
    };
    match refusal {
        Refusal::Unknown => t.get("refused-unknown"),
        Refusal::NoProcedure(name) => t.with("refused-no-procedure", "name", name),
        Refusal::Stale => t.get("refused-stale"),
        Refusal::NoStep(name) => t.with("refused-no-step", "name", name),
        Refusal::NotHere(name) => t.with("refused-not-here", "name", step(name)),
        Refusal::NotAllowed(name) => t.with("refused-not-allowed", "name", step(name)),
        Refusal::NotYoursToBegin => t.get("begin-not-here"),
        Refusal::Apart(name) => t.with("refused-apart", "name", step(name)),
        Refusal::Condition(name) => {
            let fields = decisive(t, procedure, name);
            let key = if fields.is_empty() { "refused-condition" } else { "refused-condition-of" };
            t.fill(key, &[("name", step(name)), ("fields", fields)])
        }
        Refusal::Late(name) => t.with("refused-late", "name", step(name)),
        Refusal::Fields(faults) => t.count("refused-fields", faults.len()),
        Refusal::NoNote(_) => t.get("refused-no-note"),
        Refusal::TooLong(most) => t.with("refused-too-long", "most", most),
        Refusal::NotSeen => t.get("refused-not-seen"),
        Refusal::QuotaFull => t.get("refused-quota"),
        Refusal::Open(number) => t.with("refused-open", "number", number),
        Refusal::TooFew { found, needed } => {
            let values = [("found", found.to_string()), ("needed", needed.to_string())];
            t.fill("refused-too-few", &values)
        }
        Refusal::NoOrganisation(code) => t.with("refused-no-organisation", "code", code),
        Refusal::FileKind(kind) => t.with("refused-file-kind", "kind", kind),
        Refusal::FileSize(most) => t.with("refused-file-size", "most", mebibytes(*most)),
        Refusal::TooManyFiles => t.get("refused-too-many-files"),
        Refusal::Harmful => t.get("refused-harmful"),
        Refusal::NotLookedOver => t.get("refused-not-looked-over"),
        Refusal::HandedIn => t.get("refused-handed-in"),
        Refusal::Score(most) => t.with("refused-score", "most", most),
        Refusal::NoState(name) => t.with("refused-no-state", "name", name),
    }
}

/// The fields that the condition of a step asks for, by their titles, in the order of the form.
fn decisive(t: Text, procedure: &Procedure, step: &str) -> String {
    let condition = procedure.transition(step).and_then(|it| it.when.as_ref());
    let names = condition.map(Expression::names).unwrap_or_default();
    let page = procedure.sections.iter().flat_map(|it| &it.fields);
    let titles: Vec<&str> = page
        .filter(|it| names.contains(&Name::Form((*it).clone())))
        .filter_map(|it| procedure.form.field(it))
        .map(|it| t.of(&it.title))
        .collect();
    titles.join(if t.is_chinese() { "、" } else { ", " })
}

/// A refusal in words where no form stands beside it: each field by its title.
pub(super) fn explained(t: Text, procedure: &Procedure, refusal: &Refusal) -> String {
    let Refusal::Fields(faults) = refusal else { return words(t, procedure, refusal) };
    let fault = |it: &FieldFault| {
        let title = procedure.form.field(&it.field).map(|it| t.of(&it.title));
        format!("{}{}{}", title.unwrap_or(&it.field), t.get("colon"), t.of(&it.text))
    };
    let faults: Vec<String> = faults.iter().map(fault).collect();
    faults.join(if t.is_chinese() { "；" } else { "; " })
}

/// A size for reading.
pub(super) fn mebibytes(bytes: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    if bytes >= MIB { format!("{} MB", bytes / MIB) } else { format!("{} kB", bytes.div_ceil(KIB)) }
}
