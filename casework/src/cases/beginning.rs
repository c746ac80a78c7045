//! A case is begun.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::Entropy;
use model::organisation::OrgCode;
use store::{StoreError, on_db};

use super::decide::{Asked, By, Deciding, Known};
use super::entry::{Step, StepText};
use super::limits;
use super::standing::{Standing, form_hash};
use super::stepping::{codes, paths};
use super::tasks::{Task, tasks};
use super::writing::{organisations, words};
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::calendar::Calendar;
use crate::form::Values;
use crate::office::Office;
use crate::procedure::{NumberPart, Procedure};

/// A case that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    pub id: CaseId,
    pub number: String,
}

/// Begins a case about an organisation, with an empty form, under the procedure's version of now.
pub async fn begin(
    office: &Office,
    actor: &Actor,
    procedure: &str,
    organisation: &OrgCode,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Begun, CaseError> {
    let beginning = || StoreError::doing("begin a case");

    let procedure = office.current(procedure).await?;
    let calendar = office.calendar(&procedure)?;
    let id = CaseId::new(at, entropy);
    let new = Beginning { procedure: &procedure, calendar, organisation, actor, id, at };
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(beginning())?;
        let begun = begun!(transaction, &new)?;
        transaction.commit().await.map_err(beginning())?;
        Ok(begun)
    })
}

/// A case that is to begin.
pub(crate) struct Beginning<'a> {
    pub(crate) procedure: &'a Procedure,
    pub(crate) calendar: &'a Calendar,
    pub(crate) organisation: &'a OrgCode,
    pub(crate) actor: &'a Actor,
    pub(crate) id: CaseId,
    pub(crate) at: Timestamp,
}

/// Begins a case within a transaction, with its entry in the audit log. A macro, as it is typed for either database.
macro_rules! begun {
    ($transaction:expr, $new:expr) => {
        async {
            let new: &$crate::cases::beginning::Beginning<'_> = $new;
            let beginning = || ::store::StoreError::doing("begin a case");
            let path: Option<String> = sqlx::query_scalar(include_str!("sql/read_path.sql"))
                .bind(new.organisation.as_str())
                .fetch_optional(&mut *$transaction)
                .await
                .map_err(beginning())?;
            let path = path.ok_or_else(|| {
                $crate::cases::Refusal::NoOrganisation(new.organisation.to_string())
            })?;
            let role = $crate::cases::beginning::role(new.procedure, new.actor, &path)?;
            let (series, digits) = new.series();
            let last: i64 = sqlx::query_scalar(include_str!("sql/next_number.sql"))
                .bind(&series)
                .fetch_one(&mut *$transaction)
                .await
                .map_err(beginning())?;
            let number = series.replace('#', &format!("{last:0digits$}"));
            let first = new.first(number, path, &role);
            $crate::cases::beginning::add_first!($transaction, &first).map_err(beginning())?;
            let entry = ::network::audit::Entry::new(
                new.actor.audited(),
                new.actor.purpose.clone(),
                "case.begin",
            );
            let entry = entry.at(new.organisation).about("case", new.id);
            ::network::audit::append!($transaction, entry, new.at).map_err(beginning())?;
            let begun = $crate::cases::Begun { id: new.id, number: first.case.number };
            Ok::<_, $crate::cases::CaseError>(begun)
        }
        .await
    };
}
pub(crate) use begun;

impl Beginning<'_> {
    /// The series its number is counted in, and its digits.
    pub(crate) fn series(&self) -> (String, usize) {
        series(self.procedure, self.calendar.day(self.at).year(), self.organisation)
    }

    /// All that is written of it.
    pub(crate) fn first(&self, number: String, path: String, role: &str) -> First {
        let Self { procedure, calendar, organisation, actor, id, at } = *self;
        let mut case = first(procedure, id, number, organisation, actor, at);
        case.paths.insert(String::new(), path);
        let marking = case.marking();
        case.deadlines = limits::after(procedure, calendar, &case, &marking, &case.form, at);
        let text = StepText { kind: "begin", name: "begin", role, note: "" };
        let (from, values) = (BTreeSet::new(), Values::new());
        let (moved, hash) = ((&from, &marking), form_hash(&values));
        let step = Step::new(&case, &text, Some(actor.account), at, moved, &values, &values, hash);
        First {
            step,
            words: words(procedure, &case),
            organisations: organisations(procedure, &case),
            tasks: tasks(procedure, &case),
            case,
        }
    }
}

/// Decides whether a case could be begun and take a step at once, and writes nothing.
pub(crate) async fn rehearse(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    organisation: &OrgCode,
    asked: &Asked,
    at: Timestamp,
) -> Result<(), CaseError> {
    let calendar = office.calendar(procedure)?;
    let named = codes(procedure, &asked.change).into_iter().chain([organisation.to_string()]);
    let known = Known { paths: paths(office, named).await?, ..Known::default() };
    let path = known.paths.get(organisation.as_str()).cloned();
    let path = path.ok_or_else(|| Refusal::NoOrganisation(organisation.to_string()))?;
    role(procedure, actor, &path)?;
    // Nothing is made with it: chance is not needed for what is not kept.
    let id = CaseId::new(at, &mut Nothing);
    let mut case = first(procedure, id, String::new(), organisation, actor, at);
    case.paths.insert(String::new(), path);
    let deciding = Deciding { procedure, calendar, case: &case, known: &known, at };
    deciding.step(By::Actor(actor), asked)?;
    Ok(())
}

/// No chance at all.
struct Nothing;

impl Entropy for Nothing {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// All rows of a new case.
pub(crate) struct First {
    pub(crate) case: Standing,
    pub(crate) step: Step,
    pub(crate) words: String,
    pub(crate) organisations: BTreeMap<String, String>,
    pub(crate) tasks: Vec<Task>,
}

/// Adds a new case with its entry, organisations, tasks and limits.
macro_rules! add_first {
    ($transaction:expr, $first:expr) => {
        async {
            let first: &$crate::cases::beginning::First = $first;
            let case = &first.case;
            let id = case.id.to_string();
            let at = case.begun_at.as_microsecond();
            sqlx::query(include_str!("sql/add.sql"))
                .bind(&id)
                .bind(&case.number)
                .bind(&case.procedure)
                .bind(&case.version)
                .bind(case.organisation.as_str())
                .bind(case.beginner.to_string())
                .bind($crate::cases::entry::joined(&case.marking()))
                .bind(&first.words)
                .bind(&first.step.hash)
                .bind(at)
                .execute(&mut *$transaction)
                .await?;
            for (state, entered_at) in &case.entered {
                $crate::cases::adding::add_state!($transaction, &id, state, entered_at);
            }
            $crate::cases::adding::add_step!($transaction, &id, &first.step);
            for (field, code) in &first.organisations {
                $crate::cases::adding::add_organisation!($transaction, &id, field, code);
            }
            for it in &first.tasks {
                $crate::cases::adding::add_task!($transaction, &id, it);
            }
            for it in &case.deadlines {
                $crate::cases::adding::put_deadline!($transaction, &id, it);
            }
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(crate) use add_first;

/// The series a number is counted in, with `#` for the number, and its digits.
fn series(procedure: &Procedure, year: i16, organisation: &OrgCode) -> (String, usize) {
    let (mut series, mut width) = (String::new(), 1);
    for part in &procedure.number.parts {
        match part {
            NumberPart::Text(text) => series.push_str(text),
            NumberPart::Year => series.push_str(&year.to_string()),
            NumberPart::Organisation => series.push_str(organisation.as_str()),
            NumberPart::Sequence { digits } => {
                series.push('#');
                width = usize::from(*digits);
            }
        }
    }
    (series, width)
}

/// The role in which somebody begins a case: one that can take a step from its start.
pub(crate) fn role(procedure: &Procedure, actor: &Actor, path: &str) -> Result<String, Refusal> {
    let start = procedure.start().map(|it| it.name.as_str()).unwrap_or_default();
    let from_start =
        procedure.transitions.iter().filter(|it| it.from.iter().any(|it| it.contains(start)));
    let mut roles = from_start.flat_map(|it| &it.by).filter_map(|it| procedure.role(it));
    let found = roles.find(|it| it.over.is_none() && actor.may_begin(it, path));
    found.map(|it| it.name.clone()).ok_or(Refusal::NotYoursToBegin)
}

fn first(
    procedure: &Procedure,
    id: CaseId,
    number: String,
    organisation: &OrgCode,
    actor: &Actor,
    at: Timestamp,
) -> Standing {
    let start = procedure.start().map(|it| it.name.clone()).unwrap_or_default();
    Standing {
        id,
        number,
        procedure: procedure.name.clone(),
        version: procedure.version.clone(),
        organisation: organisation.clone(),
        beginner: actor.account,
        entered: BTreeMap::from([(start, at)]),
        form: Values::new(),
        revision: 0,
        returns: 0,
        objections: 0,
        begun_at: at,
        changed_at: at,
        ended_at: None,
        acted: BTreeSet::new(),
        assigned: BTreeSet::new(),
        reviews: BTreeMap::new(),
        deadlines: Vec::new(),
        paths: BTreeMap::new(),
        last_hash: String::new(),
        next: 0,
        quota_left: None,
    }
}
