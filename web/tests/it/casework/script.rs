//! A procedure's own test, walked through its pages: the same steps, refusals and states.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;

use axum::http::StatusCode;
use toml::{Table, Value as Toml};

use super::town::{Town, begun, encoded, hidden, step};
use crate::network::Browser;
use crate::site::repository;

/// Organisations of the scripts, and who they are in the city of these tests.
const PLACES: [(&str, &str); 9] = [
    ("\"12\"", "\"990000\""),
    ("\"120101\"", "\"990101\""),
    ("\"120102\"", "\"990102\""),
    ("\"120103\"", "\"990103\""),
    ("\"120104\"", "\"990104\""),
    ("2112000101", "9901010001"),
    ("2112000102", "9901010003"),
    ("2112000201", "9901020001"),
    ("4112000001", "9901030001"),
];

struct Walk {
    town: Town,
    actors: BTreeMap<String, (String, String)>,
    /// Addresses of cases by what they are called.
    cases: BTreeMap<String, String>,
    first: String,
    procedure: String,
    /// Files attached to a field of a case.
    attached: BTreeMap<(String, String), Vec<String>>,
    /// Title of a state by its name.
    states: BTreeMap<String, String>,
    taken: Cell<usize>,
}

fn text<'a>(step: &'a Table, key: &str) -> Option<&'a str> {
    step.get(key).map(|it| it.as_str().unwrap())
}

/// Runs a script until time has to pass or chance decides; how many steps were taken.
async fn walk(procedure: &str, script: &str) -> usize {
    let script = PLACES.iter().fold(script.to_owned(), |it, (from, to)| it.replace(from, to));
    let table: Table = script.parse().unwrap();
    let word = |it: &Toml, key: &str| it[key].as_str().unwrap().to_owned();
    let actors = table["actors"].as_table().unwrap();
    let town = Town::new().await;
    let declared = town.site.office.current(procedure).await.unwrap();
    let mut walk = Walk {
        town,
        actors: actors
            .iter()
            .map(|(name, it)| (name.clone(), (word(it, "grant"), word(it, "at"))))
            .collect(),
        cases: BTreeMap::new(),
        first: String::new(),
        procedure: procedure.to_owned(),
        attached: BTreeMap::new(),
        states: declared.states.iter().map(|it| (it.name.clone(), it.title.zh.clone())).collect(),
        taken: Cell::new(0),
    };
    for (number, step) in table["step"].as_array().unwrap().iter().enumerate() {
        let step = step.as_table().unwrap();
        let is_elsewhere = text(step, "begin") == Some("120105");
        if step.contains_key("tick") || step.contains_key("pool") || is_elsewhere {
            break;
        }
        // What the time of the script decides is for the engine's own tests.
        if text(step, "refused") == Some("Late") {
            break;
        }
        walk.step(step, &format!("{procedure}, step {}", number + 1)).await;
    }
    walk.taken.get()
}

impl Walk {
    async fn step(&mut self, step: &Table, place: &str) {
        let Some(by) = text(step, "by") else { return };
        let (role, home) = self.actors[by].clone();
        let login = by.replace('_', "-");
        self.town.person(&login, &role, &home).await;
        if let Some(to) = step.get("assign") {
            let to = to["to"].as_str().unwrap();
            let (role, home) = self.actors[to].clone();
            self.town.person(&to.replace('_', "-"), &role, &home).await;
        }
        let town = &self.town;
        let mut browser = town.browser(by).await;
        if let Some(organisation) = text(step, "begin") {
            let case = begun(&mut browser, &self.procedure, organisation).await;
            let called = text(step, "called").unwrap_or("it").to_owned();
            if self.first.is_empty() {
                self.first = called.clone();
            }
            self.cases.insert(called, case);
            return;
        }
        let called = text(step, "on").unwrap_or(&self.first).to_owned();
        let case = self.cases[&called].clone();
        if let Some(field) = text(step, "attach") {
            let id = attach(&mut browser, &case, field).await;
            self.attached.entry((called.clone(), field.to_owned())).or_default().push(id);
        }
        if let Some(it) = step.get("assign") {
            let account = self.town.person(it["to"].as_str().unwrap(), "", "").await;
            // A page with a form for whoever it is: that of the case may be none, or not be shown to them.
            browser.open("/account").await;
            let fields = format!("role={}&to={account}", it["role"].as_str().unwrap());
            let answer = browser.submit(&format!("{case}/roles"), &fields).await;
            let expected = match text(step, "refused").filter(|_| !step.contains_key("do")) {
                None => StatusCode::SEE_OTHER,
                Some("Unknown") => StatusCode::NOT_FOUND,
                Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            assert_eq!(answer.status, expected, "{place}: {}", answer.text());
        }
        if let Some(name) = text(step, "do") {
            self.take(&mut browser, &case, &called, name, step, place).await;
        }
        self.look(&mut browser, &case, step, place).await;
    }

    async fn take(
        &self,
        browser: &mut Browser<'_>,
        case: &str,
        called: &str,
        name: &str,
        table: &Table,
        place: &str,
    ) {
        let mut fields = format!("note={}", encoded(text(table, "note").unwrap_or_default()));
        for (field, value) in table.get("fill").and_then(Toml::as_table).into_iter().flatten() {
            for value in values(value) {
                fields.push_str(&format!("&f.{field}={}", encoded(&value)));
            }
        }
        for ((of, field), ids) in self.attached.iter().filter(|((of, _), _)| of == called) {
            assert_eq!(of, called);
            for id in ids {
                fields.push_str(&format!("&f.{field}={id}"));
            }
        }
        if table.contains_key("unseen") {
            fields.push_str("&seen=0123");
        }
        let answer = step(browser, case, name, &fields).await;
        let expected = match text(table, "refused") {
            None => StatusCode::SEE_OTHER,
            Some("Unknown") => StatusCode::NOT_FOUND,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        assert_eq!(answer.status, expected, "{place}: {}", answer.text());
    }

    /// Holds states and inboxes against what the script expects.
    async fn look(&self, browser: &mut Browser<'_>, case: &str, step: &Table, place: &str) {
        if text(step, "do").is_some() && text(step, "refused").is_none() {
            self.taken.set(self.taken.get() + 1);
        }
        let page = browser.open(case).await;
        for state in step.get("states").and_then(Toml::as_array).into_iter().flatten() {
            let title = &self.states[state.as_str().unwrap()];
            let shown = format!("<strong class=\"state\">{title}</strong>");
            // Who is no party any more is told nothing.
            if page.status == StatusCode::OK {
                assert!(page.text().contains(&shown), "{place}: no {title}: {}", page.main());
            }
        }
        for (name, count) in step.get("inbox").and_then(Toml::as_table).into_iter().flatten() {
            let (role, home) = self.actors[name].clone();
            self.town.person(&name.replace('_', "-"), &role, &home).await;
            let mut browser = self.town.browser(name).await;
            let inbox = browser.open("/cases").await.main();
            let lines = self.cases.values().filter(|it| inbox.contains(it.as_str())).count();
            assert_eq!(
                i64::try_from(lines).unwrap(),
                count.as_integer().unwrap(),
                "{place}: {name}"
            );
        }
        for field in step.get("public").and_then(Toml::as_array).into_iter().flatten() {
            let procedure = self.town.site.office.current(&self.procedure).await.unwrap();
            let title = &procedure.form.field(field.as_str().unwrap()).unwrap().title.zh;
            let notices = self.town.site.get("/published").await.main();
            assert!(notices.contains(title.as_str()), "{place}: {title} is not public");
        }
    }
}

async fn attach(browser: &mut Browser<'_>, case: &str, field: &str) -> String {
    let page = browser.open(case).await.text();
    let revision = hidden(&page, "revision");
    let control = format!("file.{field}");
    let fields = [("do", "files"), ("revision", revision.as_str())];
    let file = (control.as_str(), "a.pdf", "%PDF-1.7\n1 0 obj\nendobj\n");
    let answer = browser.upload(case, &fields, file).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = browser.open(case).await.text();
    let files = format!("{case}/files/");
    let after = page.rsplit(files.as_str()).next().unwrap();
    after.split('"').next().unwrap().to_owned()
}

fn values(value: &Toml) -> Vec<String> {
    match value {
        Toml::String(text) => vec![text.clone()],
        Toml::Integer(number) => vec![number.to_string()],
        Toml::Boolean(flag) => vec![flag.to_string()],
        Toml::Array(items) => items.iter().flat_map(values).collect(),
        Toml::Float(_) | Toml::Datetime(_) | Toml::Table(_) => vec![value.to_string()],
    }
}

#[tokio::test]
async fn a_pupil_is_handed_over_between_two_districts_by_five_accounts() {
    let path = repository("procedures/pupil-transfer/tests/handed_over.toml");
    let steps = walk("pupil-transfer", &fs::read_to_string(path).unwrap()).await;
    assert_eq!(
        steps, 8,
        "submitted, released, twice confirmed, handed over twice, sent back, received"
    );
}
