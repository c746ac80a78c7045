//! Cases of a demonstration city: taken through their procedures by the demonstrated accounts, as anybody's would be.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use casework::attachments::{Vault, attach};
use casework::cases::{self, Asked, CaseId};
use casework::expression::Value;
use casework::form::{FieldKind, Form, Values};
use casework::{Actor, Office};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use model::{Entropy, OrgCode};
use network::accounts::{self, Login};
use network::grants;
use network::roles::{Permission, Roles};
use serde::Deserialize;
use store::Store;

use super::chance::Chance;

/// How long before now the first of them begins; the accounts must be open by then.
pub const BEGINNING: SignedDuration = SignedDuration::from_hours(45 * 24);

const EVENTS: &str = include_str!("cases.toml");

const SURNAMES: [&str; 12] =
    ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
const GIVEN: [&str; 12] = [
    "小河", "小海", "小宁", "一帆", "知远", "安然", "思源", "明轩", "雨桐", "子涵", "可欣", "佳禾",
];

#[derive(Debug, Deserialize)]
struct Events {
    event: Vec<Event>,
}

/// One thing that somebody did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    case: String,
    days: i64,
    by: String,
    begin: Option<Begin>,
    attach: Option<File>,
    take: Option<String>,
    #[serde(default)]
    fill: toml::Table,
    #[serde(default)]
    note: String,
    comment: Option<String>,
    assign: Option<Assign>,
}

#[derive(Debug, Deserialize)]
struct Begin {
    procedure: String,
    at: String,
}

#[derive(Debug, Deserialize)]
struct File {
    field: String,
    name: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Assign {
    role: String,
    to: String,
}

/// Where the demonstrated accounts work.
#[derive(Clone, Debug)]
pub struct Workplaces {
    pub school: OrgCode,
    pub other_school: OrgCode,
    pub district: OrgCode,
}

/// Randomness that follows from the city's number.
struct Drawn(Chance);

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            for (byte, drawn) in part.iter_mut().zip(self.0.next().to_be_bytes()) {
                *byte = drawn;
            }
        }
    }
}

/// A city whose cases are being made.
struct Stage<'a> {
    store: &'a Store,
    office: &'a Office,
    vault: &'a Vault,
    places: &'a Workplaces,
    chance: Chance,
    entropy: Drawn,
    now: Timestamp,
    clocks: Offset,
    open: BTreeMap<String, CaseId>,
}

/// Makes the cases, each event at its own time, and lets time do what is due by now.
pub async fn make(
    store: &Store,
    office: &Office,
    vault: &Vault,
    places: &Workplaces,
    number: u64,
    (now, clocks): (Timestamp, Offset),
) -> Result<usize> {
    let Events { event } = toml::from_str(EVENTS)?;
    let mut stage = Stage {
        store,
        office,
        vault,
        places,
        chance: Chance::new(number, &[60]),
        entropy: Drawn(Chance::new(number, &[61])),
        now,
        clocks,
        open: BTreeMap::new(),
    };
    let mut last = now - BEGINNING;
    for (minute, event) in (0..).zip(&event) {
        let at =
            now - SignedDuration::from_hours(event.days * 24) + SignedDuration::from_mins(minute);
        // The audit log is told in the order of time.
        if at < last || at > now {
            bail!("the events of case {} are not in the order of time", event.case);
        }
        last = at;
        cases::tick(office, at, &mut stage.entropy).await?;
        let told = || format!("case {}, {} days ago", event.case, event.days);
        stage.play(event, at).await.with_context(told)?;
    }
    cases::tick(office, now, &mut stage.entropy).await?;
    Ok(stage.open.len())
}

impl Stage<'_> {
    async fn play(&mut self, event: &Event, at: Timestamp) -> Result<()> {
        let (office, actor) = (self.office, self.actor(&event.by).await?);
        if let Some(it) = &event.begin {
            let organisation = self.filled(&it.at).parse()?;
            let entropy = &mut self.entropy;
            let begun =
                cases::begin(office, &actor, &it.procedure, &organisation, at, entropy).await?;
            self.open.insert(event.case.clone(), begun.id);
        }
        let id = *self.open.get(&event.case).context("the case was not begun")?;
        let mut change = self.values(&event.fill)?;
        if let Some(it) = &event.attach {
            let (bytes, entropy) = (it.text.as_bytes(), &mut self.entropy);
            let file = attach(office, self.vault, &actor, id, &it.name, bytes, at, entropy).await?;
            let files = Value::List(vec![Value::text(file.id.to_string())]);
            change.insert(it.field.clone(), files);
        }
        if let Some(it) = &event.assign {
            let procedure = cases::procedure_of(office, id).await?.context("no procedure")?;
            let role = procedure.role(&it.role).context("no such role")?;
            let account = self.account(&it.to).await?.id;
            let able = cases::candidates(office, role, at).await?;
            let to = able.into_iter().find(|it| it.account == account).context("not able")?;
            cases::assign(office, &actor, id, &it.role, &to, at, &mut self.entropy).await?;
        }
        if let Some(text) = &event.comment {
            cases::comment(office, &actor, id, text, at, &mut self.entropy).await?;
        }
        if let Some(step) = &event.take {
            let open = cases::get(office, &actor, id, at).await?;
            decimals(&open.procedure.form, &mut change)?;
            let mut asked = Asked {
                step: step.clone(),
                revision: open.case.revision,
                change,
                note: event.note.clone(),
                ..Asked::default()
            };
            if open.procedure.transition(step).is_some_and(|it| it.is_signed) {
                asked.seen = Some(cases::preview(office, &actor, id, &asked, at).await?.seen);
            }
            cases::step(office, &actor, id, &asked, at, &mut self.entropy).await?;
        }
        Ok(())
    }

    async fn account(&self, login: &str) -> Result<accounts::Account> {
        let login: Login = login.parse()?;
        accounts::of_login(self.store, &login).await?.context("a demonstrated account is not open")
    }

    async fn actor(&self, login: &str) -> Result<Actor> {
        let account = self.account(login).await?;
        let held = grants::held(self.store, account.id, self.now).await?;
        let home = network::path_of(self.store, &account.home).await?;
        let purpose = held.grants().first().context("it holds nothing")?.purpose.clone();
        let scope = held.scope(&Roles::national(), Permission::ReadCases);
        Ok(Actor::new(account.id, home, &held, purpose, scope))
    }

    fn values(&mut self, table: &toml::Table) -> Result<Values> {
        let mut values = Values::new();
        for (field, value) in table {
            values.insert(field.clone(), self.value(value)?);
        }
        Ok(values)
    }

    fn value(&mut self, value: &toml::Value) -> Result<Value> {
        Ok(match value {
            toml::Value::String(text) => Value::Text(self.filled(text)),
            toml::Value::Integer(number) => Value::Integer(*number),
            toml::Value::Boolean(flag) => Value::Flag(*flag),
            toml::Value::Array(items) => {
                Value::List(items.iter().map(|it| self.value(it)).collect::<Result<_>>()?)
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => {
                bail!("{value} is no value of a form")
            }
        })
    }

    /// A text with its blank filled.
    fn filled(&mut self, text: &str) -> String {
        if let Some(days) = text.strip_prefix("{day:").and_then(|it| it.strip_suffix('}')) {
            let days: i64 = days.parse().unwrap_or_default();
            return day(self.now, self.clocks, days).to_string();
        }
        match text {
            "{school}" => self.places.school.to_string(),
            "{other_school}" => self.places.other_school.to_string(),
            "{district}" => self.places.district.to_string(),
            "{pupil}" => {
                let surname = SURNAMES[self.chance.place(SURNAMES.len())];
                format!("{surname}{}", GIVEN[self.chance.place(GIVEN.len())])
            }
            "{pupil_number}" => format!("G{}", self.digits()),
            "{child_number}" => self.digits(),
            _ => text.to_owned(),
        }
    }

    /// Eighteen digits that belong to nobody: no division has the code they begin with.
    fn digits(&mut self) -> String {
        format!("990000{:012}", self.chance.next() % 1_000_000_000_000)
    }
}

/// The city's day so many days from now.
fn day(now: Timestamp, clocks: Offset, days: i64) -> Date {
    clocks.to_datetime(now).date().saturating_add(days.days())
}

/// Texts in the fields of decimal numbers, which no number of TOML holds exactly, as the form reads them.
fn decimals(form: &Form, change: &mut Values) -> Result<()> {
    let fields = form.fields.values().filter(|it| matches!(it.kind, FieldKind::Decimal(_)));
    for field in fields {
        let Some(Value::Text(text)) = change.get(&field.name) else { continue };
        let read = field.read(&[text.as_str()]);
        let value = read.map_err(|it| anyhow!("{}: {}", field.name, it.text.en))?;
        change.insert(field.name.clone(), value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Half an hour before the midnight of UTC it is the morning after in a city eight hours ahead.
    #[test]
    fn days_are_those_of_the_citys_own_clocks() {
        let late: Timestamp = "2026-11-26T23:30:00Z".parse().unwrap();
        assert_eq!(day(late, Offset::UTC, 5).to_string(), "2026-12-01");
        assert_eq!(day(late, Offset::constant(8), 5).to_string(), "2026-12-02");
    }

    #[test]
    fn the_events_are_told_in_the_order_of_time_and_each_case_begins_first() {
        let Events { event } = toml::from_str(EVENTS).unwrap();
        let mut begun = BTreeSet::new();
        let mut last = i64::MAX;
        for it in &event {
            assert!(it.days <= last && it.days > 0, "{} after {last} days", it.case);
            last = it.days;
            assert_eq!(it.begin.is_some(), begun.insert(it.case.clone()), "{}", it.case);
        }
        assert!(SignedDuration::from_hours(event[0].days * 24) < BEGINNING);
        assert!(begun.len() >= 10, "{begun:?}");
    }
}
