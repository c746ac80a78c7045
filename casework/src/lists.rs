//! Whose turn it is, which cases there are, and what is overdue: for one account, and never more than it may see.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use model::dataset::Disclosure;
use model::organisation::OrgCode;
use network::scope::{self, PathRange};
use store::{StoreError, on_db};

use crate::actor::Actor;
use crate::cases::{CaseError, CaseId, Standing, parted, read, rows};
use crate::form::Values;
use crate::office::Office;
use crate::procedure::Procedure;

/// Most cases of an inbox, and of a page of a list.
const MAX: i64 = 200;

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: CaseId,
    pub number: String,
    pub procedure: String,
    pub version: String,
    pub organisation: OrgCode,
    pub states: BTreeSet<String>,
    pub begun_at: Timestamp,
    pub changed_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// The earliest of its running time limits.
    pub due_at: Option<Timestamp>,
    pub is_overdue: bool,
    /// The role of the procedure in which it is the account's turn; empty where it is not.
    pub role: String,
}

/// Which cases are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub procedure: String,
    pub state: String,
    /// Code of the organisation a case is about, or of one above it.
    pub organisation: String,
    /// A number, or words of the fields that are searched.
    pub words: String,
    pub only_open: bool,
    pub only_overdue: bool,
    /// The last case of the page before.
    pub after: Option<CaseId>,
}

/// Overdue cases of a procedure at an organisation that stand in the same states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    pub procedure: String,
    pub organisation: OrgCode,
    pub states: BTreeSet<String>,
    pub count: u32,
    /// Since when the oldest of them is.
    pub since: Timestamp,
}

/// A case while it is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub id: CaseId,
    pub number: String,
    pub procedure: String,
    pub version: String,
    pub organisation: OrgCode,
    pub state: String,
    pub since: Timestamp,
    /// The last day on which one may object.
    pub until: Option<Date>,
    /// Public fields only.
    pub form: Values,
}

store::row! {
    /// A row of the view `case_lines`, with the role of a task.
    struct LineRow {
        id: String,
        number: String,
        procedure: String,
        version: String,
        organisation: String,
        marking: String,
        begun_at: i64,
        changed_at: i64,
        ended_at: Option<i64>,
        due_at: Option<i64>,
        overdue_at: Option<i64>,
        role: String,
    }
}

/// The cases in which it is the account's turn, those due first.
pub async fn inbox(office: &Office, actor: &Actor) -> Result<Vec<Line>, CaseError> {
    let mut lines = turns(office, actor, "").await?;
    lines.sort_by_key(|it| (it.due_at.unwrap_or(Timestamp::MAX), it.id, it.role.clone()));
    Ok(lines)
}

/// Cases in which it is the account's turn, of those that are `among`, as `;one;other;`; of all when it is empty.
async fn turns(office: &Office, actor: &Actor, among: &str) -> Result<Vec<Line>, CaseError> {
    const ACCOUNT: &str = include_str!("lists/tasks_of_account.sql");
    const GRANT: &str = include_str!("lists/tasks_of_grant.sql");
    const ACTED: &str = include_str!("lists/acted.sql");
    let reading = || StoreError::doing("read an inbox");

    let account = actor.account.to_string();
    let (mut found, acted) = on_db!(office.store, pool => {
        let mut found: Vec<LineRow> = sqlx::query_as(ACCOUNT)
            .bind(&account)
            .bind(MAX)
            .bind(among)
            .fetch_all(pool)
            .await
            .map_err(reading())?;
        for (grant, range) in actor.held() {
            let rows: Vec<LineRow> = sqlx::query_as(GRANT)
                .bind(grant)
                .bind(MAX)
                .bind(range.from())
                .bind(range.until())
                .bind(depth(range))
                .bind(among)
                .fetch_all(pool)
                .await
                .map_err(reading())?;
            found.extend(rows);
        }
        let acted: Vec<(String, String)> =
            sqlx::query_as(ACTED).bind(&account).fetch_all(pool).await.map_err(reading())?;
        (found, acted)
    });
    let mut roles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (case, role) in acted {
        roles.entry(case).or_default().insert(role);
    }
    found.sort_by(|one, other| (&one.id, &one.role).cmp(&(&other.id, &other.role)));
    found.dedup_by(|one, other| one.id == other.id && one.role == other.role);
    let mut lines = Vec::new();
    for row in found {
        let line = row.typed()?;
        let procedure = office.version(&line.version).await?;
        let empty = BTreeSet::new();
        let acted = roles.get(&line.id.to_string()).unwrap_or(&empty);
        let apart = procedure.roles.iter().any(|other| {
            let own = procedure.role(&line.role);
            acted.contains(&other.name)
                && (other.apart_from.contains(&line.role)
                    || own.is_some_and(|it| it.apart_from.contains(&other.name)))
        });
        if !apart {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// The cases the account may see, the latest first, a page at a time.
pub async fn list(office: &Office, actor: &Actor, filter: &Filter) -> Result<Vec<Line>, CaseError> {
    const LIST: &str = include_str!("lists/list.sql");

    let procedures = procedures(office, actor).await?;
    let after = filter.after.map(|it| it.to_string()).unwrap_or_default();
    let scope = &actor.scope;
    let sql = scope.sql(LIST)?;
    let rows: Vec<LineRow> = on_db!(office.store, pool => {
        let query = sqlx::query_as(sql)
            .bind(actor.account.to_string())
            .bind(&procedures)
            .bind(&filter.procedure)
            .bind(&filter.state)
            .bind(escaped(&filter.words))
            .bind(i64::from(filter.only_open))
            .bind(i64::from(filter.only_overdue))
            .bind(&after)
            .bind(MAX)
            .bind(&filter.organisation);
        scope::within!(scope, query).fetch_all(pool).await
    })
    .map_err(StoreError::doing("list cases"))?;
    let mut lines: Vec<Line> = rows.into_iter().map(LineRow::typed).collect::<Result<_, _>>()?;
    if !lines.is_empty() {
        let among: String = lines.iter().map(|it| format!(";{}", it.id)).collect();
        let turns = turns(office, actor, &format!("{among};")).await?;
        let roles: BTreeMap<CaseId, String> =
            turns.into_iter().map(|it| (it.id, it.role)).collect();
        for line in &mut lines {
            line.role = roles.get(&line.id).cloned().unwrap_or_default();
        }
    }
    Ok(lines)
}

/// What is overdue, by procedure, organisation and states.
pub async fn overdue(office: &Office, actor: &Actor) -> Result<Vec<Overdue>, CaseError> {
    const OVERDUE: &str = include_str!("lists/overdue.sql");

    let procedures = procedures(office, actor).await?;
    let scope = &actor.scope;
    let sql = scope.sql(OVERDUE)?;
    let rows: Vec<(String, String, String, i64, i64)> = on_db!(office.store, pool => {
        let query = sqlx::query_as(sql).bind(actor.account.to_string()).bind(&procedures);
        scope::within!(scope, query).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read what is overdue"))?;
    let overdue = |row: (String, String, String, i64, i64)| {
        let (procedure, organisation, marking, count, since) = row;
        Ok(Overdue {
            procedure,
            organisation: rows::parsed("organisation", &organisation)?,
            states: parted(&marking),
            count: store::count("count", count)?,
            since: rows::instant("due_at", since)?,
        })
    };
    Ok(rows.into_iter().map(overdue).collect::<Result<_, StoreError>>()?)
}

/// What stands where it is public (公示): for everyone, and only the fields that are.
pub async fn published(office: &Office) -> Result<Vec<Published>, CaseError> {
    const PUBLISHED: &str = include_str!("lists/published.sql");

    let mut published = Vec::new();
    for current in office.procedures().await? {
        for state in current.states.iter().filter(|it| it.is_public) {
            let ids: Vec<String> = on_db!(office.store, pool => {
                sqlx::query_scalar(PUBLISHED)
                    .bind(&current.name)
                    .bind(&state.name)
                    .bind(MAX)
                    .fetch_all(pool)
                    .await
            })
            .map_err(StoreError::doing("read what is public"))?;
            for id in ids {
                let Some((case, procedure)) = read(office, rows::parsed("id", &id)?).await? else {
                    continue;
                };
                // A case of an earlier version is public only where that version says so.
                if procedure.state(&state.name).is_some_and(|it| it.is_public) {
                    published.push(Published::of(&procedure, &state.name, case));
                }
            }
        }
    }
    Ok(published)
}

impl Published {
    fn of(procedure: &Procedure, state: &str, case: Standing) -> Self {
        let is_public = |field: &String| {
            procedure.form.field(field).is_some_and(|it| it.disclosure == Disclosure::Public)
        };
        let running = case.deadlines.iter().filter(|it| {
            let here = procedure.deadlines.iter().find(|of| of.name == it.name);
            it.closed_at.is_none() && here.is_some_and(|of| of.states.contains(state))
        });
        Self {
            until: running.map(|it| it.due_on).min(),
            since: case.entered.get(state).copied().unwrap_or(case.changed_at),
            id: case.id,
            number: case.number,
            procedure: case.procedure,
            version: case.version,
            organisation: case.organisation,
            state: state.to_owned(),
            form: case.form.into_iter().filter(|(field, _)| is_public(field)).collect(),
        }
    }
}

/// Names of the procedures in which a grant of the account has a part, as `;one;other;`.
async fn procedures(office: &Office, actor: &Actor) -> Result<String, CaseError> {
    let mut names = String::from(";");
    for procedure in office.procedures().await? {
        let holds = |grant: &String| actor.held().iter().any(|(it, _)| it == grant);
        if procedure.roles.iter().any(|it| it.grants.iter().any(holds)) {
            names.push_str(&procedure.name);
            names.push(';');
        }
    }
    Ok(names)
}

/// How deep in the hierarchy a range begins: 1 for the city.
pub(crate) fn depth(range: &PathRange) -> i64 {
    let depth = range.from().split('/').filter(|it| !it.is_empty()).count();
    i64::try_from(depth).unwrap_or(i64::MAX)
}

/// Words as a part of a pattern, whose signs stand for themselves.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for letter in words.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(letter);
    }
    escaped
}

impl LineRow {
    fn typed(self) -> Result<Line, StoreError> {
        Ok(Line {
            id: rows::parsed("id", &self.id)?,
            number: self.number,
            procedure: self.procedure,
            version: self.version,
            organisation: rows::parsed("organisation", &self.organisation)?,
            states: parted(&self.marking),
            begun_at: rows::instant("begun_at", self.begun_at)?,
            changed_at: rows::instant("changed_at", self.changed_at)?,
            ended_at: self.ended_at.map(|it| rows::instant("ended_at", it)).transpose()?,
            due_at: self.due_at.map(|it| rows::instant("due_at", it)).transpose()?,
            is_overdue: self.overdue_at.is_some(),
            role: self.role,
        })
    }
}
