//! Steps: asked for, decided, written; and what could be asked for now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use model::Entropy;
use network::audit::{self, Entry};
use store::{StoreError, on_db};

use super::decide::{Asked, By, Deciding, Effects, Known};
use super::draws::Seed;
use super::standing::Standing;
use super::writing::{Change, put};
use super::{CaseError, CaseId, Refusal, rows};
use crate::actor::Actor;
use crate::expression::Value;
use crate::form::{FieldKind, Values};
use crate::office::Office;
use crate::procedure::Procedure;

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
    let (mut case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.sees(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    let calendar = office.calendar(&procedure)?;
    let known = Known::default();
    let deciding = Deciding { procedure: &procedure, calendar, case: &case, known: &known, at };
    let steps = deciding.open_to(actor).into_iter().map(|it| it.name.clone()).collect();
    let roles = actor.roles(&procedure, &case);
    let names = roles.iter().map(|it| it.name.clone()).collect();
    let hidden = actor.hidden(&procedure, &case);
    case.form.retain(|field, _| !hidden.contains(field));
    let is_personal = procedure.form.fields.values().any(|it| {
        it.disclosure == model::dataset::Disclosure::Personal && case.form.contains_key(&it.name)
    });
    if is_personal {
        let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.read")
            .at(&case.organisation)
            .about("case", id);
        audit::record(&office.store, &entry, at).await?;
    }
    Ok(Open { case, procedure, roles: names, steps })
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
    let holds = |it: &crate::procedure::Transition| {
        let value =
            |name: &crate::expression::Name| case.value(name, form, procedure, calendar, at);
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

/// The version of the procedure a case stands under.
pub(crate) async fn procedure_of(
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

/// A change of one case: locked, decided, written, and told to the audit log, in one transaction.
pub(crate) struct Altering<'a> {
    pub(crate) office: &'a Office,
    pub(crate) id: CaseId,
    /// Fields that are to change, for the organisations they name.
    pub(crate) change: &'a Values,
    pub(crate) seed: [u8; 32],
    pub(crate) entry: Entry,
    pub(crate) at: Timestamp,
}

impl Altering<'_> {
    /// Decides with `decide` and writes what it gives; `None` changes nothing.
    pub(crate) async fn run(
        self,
        entropy: &mut dyn Entropy,
        decide: impl FnOnce(&Deciding<'_>) -> Result<Option<Effects>, Refusal>,
    ) -> Result<Standing, CaseError> {
        const FILES: &str = include_str!("sql/read_files.sql");
        const PATH: &str = include_str!("sql/read_path.sql");
        const SEED: &str = include_str!("sql/read_seed.sql");
        let changing = || StoreError::doing("change a case");

        let office = self.office;
        let procedure = procedure_of(office, self.id).await?.ok_or(Refusal::Unknown)?;
        let calendar = office.calendar(&procedure)?;
        let id = self.id.to_string();
        let codes = codes(&procedure, self.change);
        on_db!(office.store, pool => {
            let mut transaction = pool.begin_with(office.store.begin()).await.map_err(changing())?;
            let raw = rows::lock!(transaction, &id).map_err(changing())?.ok_or(Refusal::Unknown)?;
            let mut case = raw.typed(self.id)?;
            if case.version != procedure.version {
                return Err(Refusal::Stale.into());
            }
            case.quota_left =
                rows::quota!(transaction, &procedure, &case.form).map_err(changing())?;
            let seed: Option<(String, String, i64)> =
                sqlx::query_as(SEED).bind(&id).fetch_optional(&mut *transaction).await.map_err(changing())?;
            let seed = seed.map(|(text, commitment, _)| Seed { text, commitment: Some(commitment) });
            let mut known = Known { seed, chance: self.seed, ..Known::default() };
            let files: Vec<String> =
                sqlx::query_scalar(FILES).bind(&id).fetch_all(&mut *transaction).await.map_err(changing())?;
            known.files.extend(files);
            for code in codes {
                let path: Option<String> = sqlx::query_scalar(PATH)
                    .bind(&code)
                    .fetch_optional(&mut *transaction)
                    .await
                    .map_err(changing())?;
                known.paths.extend(path.map(|it| (code, it)));
            }
            let deciding =
                Deciding { procedure: &procedure, calendar, case: &case, known: &known, at: self.at };
            let Some(effects) = decide(&deciding)? else { return Ok(case) };
            let change = Change::new(&procedure, effects, self.at, entropy);
            if let Some(refusal) = put!(transaction, &change).map_err(changing())? {
                return Err(refusal.into());
            }
            let entry = self.entry.at(&case.organisation);
            audit::append!(transaction, entry, self.at).map_err(changing())?;
            transaction.commit().await.map_err(changing())?;
            Ok(change.after)
        })
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
