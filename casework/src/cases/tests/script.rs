//! Tests of procedures as data: who does what when, and what is expected then.

use std::collections::BTreeMap;

use network::testing::Counting;
use toml::{Table, Value as Toml};

use crate::actor::Actor;
use crate::attachments::{Vault, attach};
use crate::cases::{
    Asked, Candidate, CaseError, CaseId, Chain, Refusal, Standing, assign, begin, get, read,
    review, tick, verify,
};
use crate::expression::Value;
use crate::form::{FieldKind, Values};
use crate::lists::{Filter, inbox, list, published};
use crate::office::Office;
use crate::outbox;
use crate::procedure::Procedure;
use crate::testing::{actor, files, office, time};

/// One file of `procedures/NAME/tests`.
pub(super) struct Script {
    actors: Vec<(String, String, String)>,
    steps: Vec<Table>,
}

/// What a script is run in.
struct Stage {
    office: Office,
    procedure: std::sync::Arc<Procedure>,
    vault: Vault,
    _folder: tempfile::TempDir,
    entropy: Counting,
    actors: BTreeMap<String, Actor>,
    cases: BTreeMap<String, CaseId>,
    facts: usize,
    letters: usize,
    /// Files attached to a field, to be filled in with the next step.
    attached: BTreeMap<(CaseId, String), Vec<Value>>,
}

impl Script {
    pub(super) fn read(text: &str) -> Self {
        let table: Table = text.parse().unwrap();
        assert!(!table["about"].as_str().unwrap().is_empty());
        let word = |it: &Toml, key: &str| it[key].as_str().unwrap().to_owned();
        let actors = table["actors"].as_table().unwrap();
        Self {
            actors: actors
                .iter()
                .map(|(name, it)| (name.clone(), word(it, "grant"), word(it, "at")))
                .collect(),
            steps: table["step"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it.as_table().unwrap().clone())
                .collect(),
        }
    }

    pub(super) async fn run(&self, procedure: &str) -> Result<(), String> {
        let office = office().await;
        let procedure =
            office.publish(procedure, &files(procedure), time("2020-01-01T00:00")).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault { folder: folder.path().to_owned(), most: 1 << 20, scanner: None };
        let mut entropy = Counting::default();
        let actors = self
            .actors
            .iter()
            .map(|(name, grant, at)| (name.clone(), actor(grant, at, &mut entropy)))
            .collect();
        let mut stage = Stage {
            office,
            procedure,
            vault,
            _folder: folder,
            entropy,
            actors,
            cases: BTreeMap::new(),
            facts: 0,
            letters: 0,
            attached: BTreeMap::new(),
        };
        for (at, step) in self.steps.iter().enumerate() {
            stage.step(step).await.map_err(|it| format!("step {}: {it}", at + 1))?;
        }
        for id in stage.cases.values() {
            assert_eq!(verify(&stage.office, *id).await.unwrap(), Chain::Sound);
        }
        Ok(())
    }
}

fn text<'a>(step: &'a Table, key: &str) -> Option<&'a str> {
    step.get(key).map(|it| it.as_str().unwrap())
}

impl Stage {
    async fn step(&mut self, step: &Table) -> Result<(), String> {
        let known = [
            "about", "at", "by", "begin", "called", "on", "do", "fill", "note", "unseen", "pool",
            "review", "assign", "attach", "tick", "refused", "states", "due", "letters", "facts",
            "inbox", "see", "not_see", "public",
        ];
        if let Some(key) = step.keys().find(|it| !known.contains(&it.as_str())) {
            return Err(format!("`{key}` means nothing"));
        }
        if step.contains_key("tick") {
            self.tick(step).await?;
            return self.expect(step).await;
        }
        let answer = self.act(step).await;
        let refused = match &answer {
            Err(CaseError::Refused(refusal)) => Some(refusal),
            Err(error) => return Err(error.to_string()),
            Ok(()) => None,
        };
        let word =
            refused.map(|it| format!("{it:?}").split(['(', ' ', '{']).next().unwrap().to_owned());
        if word.as_deref() != text(step, "refused") {
            return Err(format!("refused {refused:?}, expected {:?}", text(step, "refused")));
        }
        self.expect(step).await
    }

    fn case(&self, step: &Table) -> Option<CaseId> {
        let name = text(step, "on").or_else(|| text(step, "called"));
        let name = name.unwrap_or_else(|| self.first());
        self.cases.get(name).copied()
    }

    /// The case that is meant when none is named.
    fn first(&self) -> &str {
        if self.cases.contains_key("it") {
            "it"
        } else {
            self.cases.keys().next().map_or("it", String::as_str)
        }
    }

    fn actor(&self, step: &Table) -> Actor {
        let name = text(step, "by").expect("somebody acts");
        self.actors.get(name).unwrap_or_else(|| panic!("no actor {name}")).clone()
    }

    async fn act(&mut self, step: &Table) -> Result<(), CaseError> {
        let at = time(text(step, "at").unwrap());
        if let Some(organisation) = text(step, "begin") {
            let actor = self.actor(step);
            let organisation = organisation.parse().unwrap();
            let name = &self.procedure.name;
            let begun =
                begin(&self.office, &actor, name, &organisation, at, &mut self.entropy).await?;
            self.cases.insert(text(step, "called").unwrap_or("it").to_owned(), begun.id);
            return Ok(());
        }
        let id = self.case(step).expect("a case was begun");
        if let Some(field) = text(step, "attach") {
            let actor = self.actor(step);
            let bytes = b"%PDF-1.7\n1 0 obj\nendobj\n";
            let file = attach(
                &self.office,
                &self.vault,
                &actor,
                id,
                "a.pdf",
                bytes,
                at,
                &mut self.entropy,
            )
            .await
            .unwrap();
            self.attached
                .entry((id, field.to_owned()))
                .or_default()
                .push(Value::text(file.id.to_string()));
        }
        if let Some(to) = step.get("assign") {
            let actor = self.actor(step);
            let (role, to) = (to["role"].as_str().unwrap(), to["to"].as_str().unwrap());
            let candidate = candidate(&self.actors[to]);
            assign(&self.office, &actor, id, role, &candidate, at, &mut self.entropy).await?;
        }
        if let Some(score) = step.get("review") {
            let actor = self.actor(step);
            let score = score.as_integer().unwrap().try_into().unwrap();
            review(&self.office, &actor, id, score, "", at, &mut self.entropy).await?;
        }
        if let Some(name) = text(step, "do") {
            let actor = self.actor(step);
            let (case, _) = read(&self.office, id).await?.ok_or(Refusal::Unknown)?;
            let asked = self.asked(step, name, &case);
            crate::cases::step(&self.office, &actor, id, &asked, at, &mut self.entropy).await?;
        }
        Ok(())
    }

    async fn tick(&mut self, step: &Table) -> Result<(), String> {
        let at = time(text(step, "at").unwrap());
        let ticked = tick(&self.office, at, &mut self.entropy).await.unwrap();
        let expected = &step["tick"];
        let count = |key: &str| expected.get(key).map_or(0, |it| it.as_integer().unwrap());
        let found = [ticked.reminded, ticked.overdue, ticked.taken].map(i64::from);
        let expected = ["reminded", "overdue", "taken"].map(count);
        if found == expected {
            return Ok(());
        }
        Err(format!("reminded, overdue, taken {found:?}, expected {expected:?}"))
    }

    /// Which fields somebody sees.
    async fn seen(&self, step: &Table, id: CaseId) -> Result<(), String> {
        let at = time(text(step, "at").unwrap());
        let open =
            get(&self.office, &self.actor(step), id, at).await.map_err(|it| it.to_string())?;
        for (key, expected) in [("see", true), ("not_see", false)] {
            for field in step.get(key).and_then(Toml::as_array).into_iter().flatten() {
                let field = field.as_str().unwrap();
                if open.case.form.contains_key(field) != expected {
                    return Err(format!("{field} is {}seen", if expected { "not " } else { "" }));
                }
            }
        }
        Ok(())
    }

    fn asked(&self, step: &Table, name: &str, case: &Standing) -> Asked {
        let mut change = Values::new();
        for (field, value) in step.get("fill").and_then(Toml::as_table).into_iter().flatten() {
            let field = self.procedure.form.field(field).unwrap();
            let value = match (&field.kind, value) {
                // No number of TOML holds it exactly.
                (FieldKind::Decimal(_), Toml::String(text)) => {
                    field.read(&[text.as_str()]).unwrap()
                }
                _ => of_toml(value),
            };
            change.insert(field.name.clone(), value);
        }
        let may = self.procedure.transition(name);
        for field in self.procedure.form.fields.values().filter(|it| it.kind == FieldKind::Files) {
            let files = self.attached.get(&(case.id, field.name.clone()));
            if let Some(files) = files.filter(|_| may.is_some_and(|it| it.may_edit(&field.name))) {
                change.insert(field.name.clone(), Value::List(files.clone()));
            }
        }
        let mut seen = case.form.clone();
        seen.extend(change.clone());
        let pool = step.get("pool").and_then(Toml::as_array).cloned().unwrap_or_default();
        Asked {
            step: name.to_owned(),
            revision: case.revision,
            change,
            note: text(step, "note").unwrap_or_default().to_owned(),
            seen: (!step.contains_key("unseen")).then(|| crate::cases::form_hash(&seen)),
            pool: pool.iter().map(|it| candidate(&self.actors[it.as_str().unwrap()])).collect(),
        }
    }

    async fn expect(&mut self, step: &Table) -> Result<(), String> {
        let Some(id) = self.case(step) else { return Ok(()) };
        let (case, _) = read(&self.office, id).await.unwrap().unwrap();
        let texts = |value: &Toml| -> Vec<String> {
            value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        let same = |what: &str, found: String, expected: String| {
            if found == expected {
                Ok(())
            } else {
                Err(format!("{what} {found}, expected {expected}"))
            }
        };
        if step.contains_key("see") || step.contains_key("not_see") {
            self.seen(step, id).await?;
        }
        if let Some(expected) = step.get("states") {
            let mut expected = texts(expected);
            expected.sort();
            let found: Vec<String> = case.entered.keys().cloned().collect();
            same("states", format!("{found:?}"), format!("{expected:?}"))?;
        }
        for (name, day) in step.get("due").and_then(Toml::as_table).into_iter().flatten() {
            let running =
                case.deadlines.iter().find(|it| it.name == *name && it.closed_at.is_none());
            let found = running.map(|it| it.due_on.to_string()).unwrap_or_default();
            same(name, found, day.as_str().unwrap().to_owned())?;
        }
        for (name, count) in step.get("inbox").and_then(Toml::as_table).into_iter().flatten() {
            let lines = inbox(&self.office, &self.actors[name]).await.unwrap();
            let mut cases: Vec<CaseId> = lines.iter().map(|it| it.id).collect();
            cases.dedup();
            same(&format!("inbox of {name}"), cases.len().to_string(), count.to_string())?;
            // A list and a case say of whose turn it is what the inbox says.
            let is_turn = cases.contains(&id);
            let actor = &self.actors[name];
            if let Ok(open) = get(&self.office, actor, id, case.changed_at).await {
                same(&format!("turn of {name}"), open.is_turn.to_string(), is_turn.to_string())?;
            }
            for line in list(&self.office, actor, &Filter::default()).await.unwrap() {
                let (found, is_turn) = (!line.role.is_empty(), cases.contains(&line.id));
                same(&format!("listed turn of {name}"), found.to_string(), is_turn.to_string())?;
            }
        }
        if let Some(expected) = step.get("public") {
            let found = published(&self.office).await.unwrap();
            let fields: Vec<&String> = found.iter().flat_map(|it| it.form.keys()).collect();
            for field in texts(expected) {
                if !fields.contains(&&field) {
                    return Err(format!("{field} is not public: {fields:?}"));
                }
            }
        }
        self.handed_out(step).await
    }

    /// Letters and facts since the step before: those expected, and where one names any, no others.
    async fn handed_out(&mut self, step: &Table) -> Result<(), String> {
        let letters = outbox::letters(&self.office, 1_000).await.unwrap();
        let facts = outbox::facts(&self.office, 1_000).await.unwrap();
        let names: Vec<String> = letters[self.letters..].iter().map(|it| it.name.clone()).collect();
        let rows: Vec<(String, Values)> =
            facts[self.facts..].iter().map(|it| (it.dataset.clone(), it.row.clone())).collect();
        self.letters = letters.len();
        self.facts = facts.len();
        if let Some(expected) = step.get("letters") {
            let expected: Vec<&str> =
                expected.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
            if names != expected {
                return Err(format!("letters {names:?}, expected {expected:?}"));
            }
        }
        if let Some(expected) = step.get("facts") {
            let expected: Vec<(String, Values)> = expected
                .as_array()
                .unwrap()
                .iter()
                .map(|it| {
                    let row = it["row"].as_table().unwrap();
                    let row =
                        row.iter().map(|(name, value)| (name.clone(), of_toml(value))).collect();
                    (it["dataset"].as_str().unwrap().to_owned(), row)
                })
                .collect();
            if rows != expected {
                return Err(format!("facts {rows:?}, expected {expected:?}"));
            }
        }
        Ok(())
    }
}

fn candidate(actor: &Actor) -> Candidate {
    Candidate { account: actor.account, home: actor.home.clone() }
}

fn of_toml(value: &Toml) -> Value {
    match value {
        Toml::String(text) => Value::text(text),
        Toml::Integer(number) => Value::Integer(*number),
        Toml::Boolean(flag) => Value::Flag(*flag),
        Toml::Array(items) => Value::List(items.iter().map(of_toml).collect()),
        Toml::Float(_) | Toml::Datetime(_) | Toml::Table(_) => {
            panic!("{value} is no value of a form")
        }
    }
}
