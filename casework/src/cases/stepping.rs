//! Steps: asked for, decided, written; and what could be asked for now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use model::Entropy;
use model::dataset::Disclosure;
use network::audit::{self, Entry};
use store::{StoreError, on_db};

use super::altering::Altering;
use super::decide::{Asked, By, Deciding, Known};
use super::standing::{Standing, form_hash};
use super::tasks::{Task, tasks};
use super::{CaseError, CaseId, Refusal, rows};
use crate::actor::Actor;
use crate::expression::{Expression, Name, Value};
use crate::form::{FieldKind, Values};
use crate::office::Office;
use crate::procedure::{Holder, Procedure, Transition};

/// A case as somebody sees it, and what he could do.
#[derive(Debug)]
pub struct Open {
    /// Without the fields that are hidden from him.
    pub case: Standing,
    pub procedure: Arc<Procedure>,
    /// Roles in which he may act.
    pub roles: Vec<String>,
    /// Steps he may take, conditions aside.
    pub steps: Vec<String>,
    /// Of these, those that wait for something else than what may be filled in.
    pub waiting: Vec<String>,
    /// Roles that he may give to somebody by name.
    pub gives: Vec<String>,
    /// It is his turn, as his inbox says.
    pub is_turn: bool,
    /// He sees history, files and letters too.
    pub is_party: bool,
}

/// Takes a step.
///
/// # Errors
/// [`CaseError::Refused`] when it is not allowed, not now, or not with this form; nothing was changed then.
pub async fn step(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    asked: &Asked,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Standing, CaseError> {
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.step").about("case", id);
    let change = Altering { office, id, change: &asked.change, seed, entry, at };
    let after = change
        .run(entropy, |deciding| {
            let case = deciding.case;
            if !actor.sees(deciding.procedure, case) {
                return Err(Refusal::Unknown);
            }
            if case.revision != asked.revision {
                return Err(Refusal::Stale);
            }
            deciding.step(By::Actor(actor), asked).map(Some)
        })
        .await?;
    Ok(after)
}

/// A case, for somebody who may see it. That he did is noted when the case holds personal data.
pub async fn get(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<Open, CaseError> {
    let open = opened(office, actor, id, at).await?;
    let is_personal =
        open.procedure.form.fields.values().any(|it| {
            it.disclosure == Disclosure::Personal && open.case.form.contains_key(&it.name)
        });
    if is_personal {
        note_reading(office, actor, &open.case, at).await?;
    }
    Ok(open)
}

/// Notes that somebody read what a case holds.
pub(crate) async fn note_reading(
    office: &Office,
    actor: &Actor,
    case: &Standing,
    at: Timestamp,
) -> Result<(), StoreError> {
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.read")
        .at(&case.organisation)
        .about("case", case.id);
    audit::record(&office.store, &entry, at).await.map(|_| ())
}

/// A case for a party of it. That he reads is noted when anything of it that he sees can be personal.
pub(crate) async fn read_as_party(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<(Standing, Arc<Procedure>), CaseError> {
    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    if can_be_personal(actor, &procedure, &case) {
        note_reading(office, actor, &case, at).await?;
    }
    Ok((case, procedure))
}

/// Whether somebody sees a personal field of a case, now or in its past.
pub(crate) fn can_be_personal(actor: &Actor, procedure: &Procedure, case: &Standing) -> bool {
    let hidden = actor.hidden(procedure, case);
    let mut fields = procedure.form.fields.values();
    fields.any(|it| it.disclosure == Disclosure::Personal && !hidden.contains(&it.name))
}

/// A case as somebody sees it; nothing is noted.
pub(crate) async fn opened(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<Open, CaseError> {
    let (mut case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.sees(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    let calendar = office.calendar(&procedure)?;
    let known = Known::default();
    let deciding = Deciding { procedure: &procedure, calendar, case: &case, known: &known, at };
    let open = deciding.open_to(actor);
    let value = |name: &Name| case.value(name, &case.form, &procedure, calendar, at);
    let waits = |it: &&&Transition| {
        let mut conditions = it.when.iter().filter(|it| is_of_the_case(it));
        conditions.any(|it| !it.holds(&value))
    };
    let waiting = open.iter().filter(waits).map(|it| it.name.clone()).collect();
    let steps = open.into_iter().map(|it| it.name.clone()).collect();
    let roles = actor.roles(&procedure, &case);
    let decides = roles.iter().any(|it| it.holder == Holder::Granted && !it.is_stranger);
    let drawn = procedure.reviews.as_ref().map(|it| it.role.clone());
    let given = procedure
        .roles
        .iter()
        .filter(|it| decides && it.holder == Holder::Assigned && drawn.as_ref() != Some(&it.name));
    let gives = given.map(|it| it.name.clone()).collect();
    let is_his = |it: &Task| {
        let is_named = it.account.is_empty() || it.account == actor.account.to_string();
        is_named && roles.iter().any(|role| role.name == it.role)
    };
    let is_turn = tasks(&procedure, &case).iter().any(is_his);
    let names = roles.iter().map(|it| it.name.clone()).collect();
    let is_party = actor.is_party(&procedure, &case);
    let hidden = actor.hidden(&procedure, &case);
    case.form.retain(|field, _| !hidden.contains(field));
    if !decides {
        // Each reviewer scores by himself, and whoever is judged sees no scores.
        case.reviews.retain(|it, _| *it == actor.account);
    }
    Ok(Open { case, procedure, roles: names, steps, waiting, gives, is_turn, is_party })
}

/// Whether a condition asks the case alone, so that nothing filled in can change it.
fn is_of_the_case(condition: &Expression) -> bool {
    condition.names().iter().all(|it| matches!(it, Name::Case(_)))
}

/// What somebody is about to sign.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What the form would hold, without the fields that are hidden from him.
    pub form: Values,
    /// Hash of the whole, for [`Asked::seen`].
    pub seen: String,
}

/// What the form would hold after a step; nothing is changed, and what would be refused is refused.
pub async fn preview(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    asked: &Asked,
    at: Timestamp,
) -> Result<Preview, CaseError> {
    const FILES: &str = include_str!("sql/read_files.sql");

    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.sees(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    if case.revision != asked.revision {
        return Err(Refusal::Stale.into());
    }
    let paths = paths(office, codes(&procedure, &asked.change)).await?;
    let files: Vec<String> = on_db!(office.store, pool => {
        sqlx::query_scalar(FILES).bind(id.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read the files of a case"))?;
    let known = Known { paths, files: files.into_iter().collect(), ..Known::default() };
    let calendar = office.calendar(&procedure)?;
    let deciding = Deciding { procedure: &procedure, calendar, case: &case, known: &known, at };
    let mut form = deciding.filled(By::Actor(actor), asked)?.form;
    let seen = form_hash(&form);
    let hidden = actor.hidden(&procedure, &case);
    form.retain(|field, _| !hidden.contains(field));
    Ok(Preview { form, seen })
}

/// Where organisations stand; those that are not known are left out.
pub(crate) async fn paths(
    office: &Office,
    codes: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, String>, StoreError> {
    const PATH: &str = include_str!("sql/read_path.sql");

    let mut paths = BTreeMap::new();
    for code in codes {
        let path: Option<String> = on_db!(office.store, pool => {
            sqlx::query_scalar(PATH).bind(&code).fetch_optional(pool).await
        })
        .map_err(StoreError::doing("read organisations"))?;
        paths.extend(path.map(|it| (code, it)));
    }
    Ok(paths)
}

/// The steps somebody could take with a form, each with whether its condition holds.
pub fn open_steps(
    office: &Office,
    procedure: &Procedure,
    actor: &Actor,
    case: &Standing,
    form: &Values,
    at: Timestamp,
) -> Result<BTreeMap<String, bool>, CaseError> {
    let calendar = office.calendar(procedure)?;
    let known = Known::default();
    let deciding = Deciding { procedure, calendar, case, known: &known, at };
    let holds = |it: &Transition| {
        let value = |name: &Name| case.value(name, form, procedure, calendar, at);
        it.when.as_ref().is_none_or(|it| it.holds(&value))
    };
    let open = deciding.open_to(actor);
    Ok(open.into_iter().map(|it| (it.name.clone(), holds(it))).collect())
}

/// A case and its procedure.
pub(crate) async fn read(
    office: &Office,
    id: CaseId,
) -> Result<Option<(Standing, Arc<Procedure>)>, CaseError> {
    const READ: &str = include_str!("sql/read.sql");
    let reading = || StoreError::doing("read a case");

    let Some(procedure) = procedure_of(office, id).await? else { return Ok(None) };
    let text = id.to_string();
    let case = on_db!(office.store, pool => {
        let mut connection = pool.begin_with(office.store.begin_reading()).await.map_err(reading())?;
        let row = sqlx::query_as(READ).bind(&text).fetch_optional(&mut *connection).await.map_err(reading())?;
        let Some(row) = row else { return Ok(None) };
        let raw = rows::rest_of!(connection, &text, row).map_err(reading())?;
        let mut case = raw.typed(id)?;
        case.quota_left = rows::quota!(connection, &procedure, &case.form).map_err(reading())?;
        case
    });
    Ok(Some((case, procedure)))
}

/// The version of the procedure a case stands under; it says nothing of the case.
pub async fn procedure_of(
    office: &Office,
    id: CaseId,
) -> Result<Option<Arc<Procedure>>, CaseError> {
    const VERSION: &str = include_str!("sql/read_version.sql");

    let version: Option<String> = on_db!(office.store, pool => {
        sqlx::query_scalar(VERSION).bind(id.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a case"))?;
    match version {
        Some(version) => Ok(Some(office.version(&version).await?)),
        None => Ok(None),
    }
}

/// Codes of organisations that a change names.
pub(crate) fn codes(procedure: &Procedure, change: &Values) -> BTreeSet<String> {
    let organisations = change.iter().filter(|(name, _)| {
        procedure.form.field(name).is_some_and(|it| it.kind == FieldKind::Organisation)
    });
    let codes = organisations.filter_map(|(_, value)| {
        if let Value::Text(code) = value { Some(code.clone()) } else { None }
    });
    codes.collect()
}
