//! A case is begun.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::Entropy;
use model::organisation::OrgCode;
use network::audit::{self, Entry};
use store::{StoreError, on_db};

use super::decide::{Asked, By, Deciding, Known};
use super::entry::{Step, StepText};
use super::limits;
use super::standing::{Standing, form_hash};
use super::stepping::{codes, paths};
use super::tasks::tasks;
use super::writing::{organisations, words};
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
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
    const PATH: &str = include_str!("sql/read_path.sql");
    const NUMBER: &str = include_str!("sql/next_number.sql");
    const ADD: &str = include_str!("sql/add.sql");
    const STATE: &str = include_str!("sql/add_state.sql");
    let beginning = || StoreError::doing("begin a case");

    let procedure = office.current(procedure).await?;
    let calendar = office.calendar(&procedure)?;
    let id = CaseId::new(at, entropy);
    let (series, digits) = series(&procedure, calendar.day(at).year(), organisation);
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(beginning())?;
        let path: Option<String> = sqlx::query_scalar(PATH)
            .bind(organisation.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(beginning())?;
        let path = path.ok_or_else(|| Refusal::NoOrganisation(organisation.to_string()))?;
        let role = role(&procedure, actor, &path)?;
        let last: i64 = sqlx::query_scalar(NUMBER)
            .bind(&series)
            .fetch_one(&mut *transaction)
            .await
            .map_err(beginning())?;
        let number = series.replace('#', &format!("{last:0digits$}"));
        let mut case = first(&procedure, id, number, organisation, actor, at);
        case.paths.insert(String::new(), path);
        let marking = case.marking();
        case.deadlines = limits::after(&procedure, calendar, &case, &marking, &case.form, at);
        let text = StepText { kind: "begin", name: "begin", role: &role, note: "" };
        let from = BTreeSet::new();
        let values = Values::new();
        let hash = form_hash(&values);
        let step = Step::new(&case, &text, Some(actor.account), at, (&from, &marking), &values, &values, hash);
        let text = id.to_string();
        sqlx::query(ADD)
            .bind(&text)
            .bind(&case.number)
            .bind(&procedure.name)
            .bind(&procedure.version)
            .bind(organisation.as_str())
            .bind(actor.account.to_string())
            .bind(super::entry::joined(&marking))
            .bind(words(&procedure, &case))
            .bind(&step.hash)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(beginning())?;
        for state in &marking {
            sqlx::query(STATE)
                .bind(&text)
                .bind(state)
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(beginning())?;
        }
        let rest = First { step: &step, case: &case, procedure: &procedure };
        add_rest!(transaction, &text, rest).map_err(beginning())?;
        let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.begin")
            .at(organisation)
            .about("case", id);
        audit::append!(transaction, entry, at).map_err(beginning())?;
        transaction.commit().await.map_err(beginning())?;
        Ok(Begun { id, number: case.number })
    })
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

/// What is written of a new case beside its own row.
struct First<'a> {
    step: &'a Step,
    case: &'a Standing,
    procedure: &'a Procedure,
}

/// Adds the entry, organisations, tasks and limits of a new case.
macro_rules! add_rest {
    ($transaction:expr, $id:expr, $first:expr) => {
        async {
            let id: &str = $id;
            let first: &First<'_> = &$first;
            super::writing::add_step!($transaction, id, first.step);
            for (field, code) in organisations(first.procedure, first.case) {
                sqlx::query(include_str!("sql/add_organisation.sql"))
                    .bind(id)
                    .bind(field)
                    .bind(code)
                    .execute(&mut *$transaction)
                    .await?;
            }
            for it in tasks(first.procedure, first.case) {
                super::writing::add_task!($transaction, id, it);
            }
            for it in &first.case.deadlines {
                super::writing::put_deadline!($transaction, id, it);
            }
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
use add_rest;

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
fn role(procedure: &Procedure, actor: &Actor, path: &str) -> Result<String, Refusal> {
    let start = procedure.start().map(|it| it.name.as_str()).unwrap_or_default();
    let from_start =
        procedure.transitions.iter().filter(|it| it.from.iter().any(|it| it.contains(start)));
    let mut roles = from_start.flat_map(|it| &it.by).filter_map(|it| procedure.role(it));
    let found = roles.find(|it| it.over.is_none() && actor.may_begin(it, path));
    found.map(|it| it.name.clone()).ok_or_else(|| Refusal::NotAllowed("begin".to_owned()))
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
