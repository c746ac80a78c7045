//! The procedures' own tests, walked through their pages to the end: the same steps, refusals, states, letters and
//! inboxes, by people who sign in, at the times that the scripts name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use axum::http::StatusCode;
use casework::procedure::Procedure;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use toml::{Table, Value as Toml};

use super::town::{Town, begun, encoded, hidden, shipped, step};
use crate::network::Browser;
use crate::site::{Answer, repository};

/// Organisations of the scripts, and who they are in the city of these tests.
const PLACES: [(&str, &str); 10] = [
    ("\"12\"", "\"990000\""),
    ("\"120101\"", "\"990101\""),
    ("\"120102\"", "\"990102\""),
    ("\"120103\"", "\"990103\""),
    ("\"120104\"", "\"990104\""),
    ("\"120105\"", "\"990105\""),
    ("2112000101", "9901010001"),
    ("2112000102", "9901010003"),
    ("2112000201", "9901020001"),
    ("4112000001", "9901030001"),
];

struct Walk {
    town: Town,
    procedure: std::sync::Arc<Procedure>,
    /// Role and home by name.
    actors: BTreeMap<String, (String, String)>,
    /// Addresses of cases by what they are called, and who began them.
    cases: BTreeMap<String, String>,
    beginners: BTreeMap<String, String>,
    first: String,
    /// Files attached to a field of a case.
    attached: BTreeMap<(String, String), Vec<String>>,
}

fn text<'a>(step: &'a Table, key: &str) -> Option<&'a str> {
    step.get(key).map(|it| it.as_str().unwrap())
}

fn texts<'a>(step: &'a Table, key: &str) -> impl Iterator<Item = &'a str> {
    step.get(key).and_then(Toml::as_array).into_iter().flatten().map(|it| it.as_str().unwrap())
}

/// When a step is taken, by the city's clock.
fn time(step: &Table) -> Timestamp {
    let civil: DateTime = text(step, "at").unwrap().parse().unwrap();
    Offset::constant(8).to_timestamp(civil).unwrap()
}

/// Walks a script from its beginning to its end.
async fn walk(procedure: &str, script: &str) {
    let script = PLACES.iter().fold(script.to_owned(), |it, (from, to)| it.replace(from, to));
    let table: Table = script.parse().unwrap();
    let word = |it: &Toml, key: &str| it[key].as_str().unwrap().to_owned();
    let actors = table["actors"].as_table().unwrap();
    let steps: Vec<&Table> =
        table["step"].as_array().unwrap().iter().map(|it| it.as_table().unwrap()).collect();
    let town = Town::since(time(steps[0])).await;
    let declared = town.site.office.current(procedure).await.unwrap();
    let mut walk = Walk {
        town,
        procedure: declared,
        actors: actors
            .iter()
            .map(|(name, it)| (name.clone(), (word(it, "grant"), word(it, "at"))))
            .collect(),
        cases: BTreeMap::new(),
        beginners: BTreeMap::new(),
        first: String::new(),
        attached: BTreeMap::new(),
    };
    for (number, step) in steps.into_iter().enumerate() {
        walk.step(step, &format!("{procedure}, step {}", number + 1)).await;
    }
}

/// What is answered to something that a script expects to be refused, or not.
fn expected(refused: Option<&str>) -> StatusCode {
    match refused {
        None => StatusCode::SEE_OTHER,
        Some("Unknown") => StatusCode::NOT_FOUND,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Whoever may begin a case nowhere sees no form and is forbidden; elsewhere the form is shown again.
async fn refused_to_begin(
    browser: &mut Browser<'_>,
    procedure: &str,
    organisation: &str,
    place: &str,
) {
    let path = format!("/cases/new/{procedure}");
    let page = browser.open(&path).await;
    let expected = if page.status == StatusCode::OK {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        browser.open("/account").await;
        StatusCode::FORBIDDEN
    };
    let answer = browser.submit(&path, &format!("organisation={organisation}")).await;
    assert_eq!(answer.status, expected, "{place}: {}", answer.text());
}

impl Walk {
    /// A browser of an actor, who gets the account when it is first needed.
    async fn browser(&self, name: &str) -> Browser<'_> {
        self.hire(name).await;
        self.town.browser(name).await
    }

    async fn hire(&self, name: &str) -> String {
        let (role, home) = &self.actors[name];
        self.town.person(&name.replace('_', "-"), role, home).await.to_string()
    }

    async fn step(&mut self, step: &Table, place: &str) {
        self.town.is(time(step));
        if let Some(expected) = step.get("tick") {
            let ticked = self.town.tick().await;
            let count = |key: &str| expected.get(key).map_or(0, |it| it.as_integer().unwrap());
            let found = [ticked.reminded, ticked.overdue, ticked.taken].map(i64::from);
            assert_eq!(found, ["reminded", "overdue", "taken"].map(count), "{place}");
            // What the clock did is seen by whoever began the case.
            if let Some(by) = self.beginners.get(&self.called(step)) {
                self.look(by, step, place).await;
            }
            return;
        }
        let by = text(step, "by").unwrap();
        if let Some(organisation) = text(step, "begin") {
            let mut browser = self.browser(by).await;
            if step.contains_key("refused") {
                refused_to_begin(&mut browser, &self.procedure.name, organisation, place).await;
                return;
            }
            let case = begun(&mut browser, &self.procedure.name, organisation).await;
            drop(browser);
            let called = text(step, "called").unwrap_or("it").to_owned();
            if self.first.is_empty() {
                self.first = called.clone();
            }
            self.beginners.insert(called.clone(), by.to_owned());
            self.cases.insert(called, case);
            self.look(by, step, place).await;
            return;
        }
        let called = self.called(step);
        let case = self.cases[&called].clone();
        if let Some(field) = text(step, "attach") {
            let mut browser = self.browser(by).await;
            let id = attach(&mut browser, &case, field).await;
            drop(browser);
            self.attached.entry((called.clone(), field.to_owned())).or_default().push(id);
        }
        for name in texts(step, "pool") {
            self.hire(name).await;
        }
        if let Some(answer) = self.act(by, &case, &called, step).await {
            let refused = text(step, "refused");
            assert_eq!(answer.status, expected(refused), "{place}: {}", answer.text());
        }
        self.look(by, step, place).await;
    }

    /// What a step of the case is called by.
    fn called(&self, step: &Table) -> String {
        let named = text(step, "on").or_else(|| text(step, "called"));
        named.unwrap_or(&self.first).to_owned()
    }

    /// Does what a step says; the last answer.
    async fn act(&self, by: &str, case: &str, called: &str, step: &Table) -> Option<Answer> {
        let mut browser = self.browser(by).await;
        let mut answer = None;
        if let Some(it) = step.get("assign") {
            let account = self.hire(it["to"].as_str().unwrap()).await;
            // A page with a form for whoever it is: that of the case may be none, or not be shown to them.
            browser.open("/account").await;
            let fields = format!("role={}&to={account}", it["role"].as_str().unwrap());
            answer = Some(browser.submit(&format!("{case}/roles"), &fields).await);
        }
        if let Some(score) = step.get("review") {
            browser.open("/account").await;
            let fields = format!("score={score}&opinion=");
            answer = Some(browser.submit(&format!("{case}/review"), &fields).await);
        }
        if let Some(name) = text(step, "do") {
            // A field that the page does not ask for cannot be filled in on it.
            if text(step, "refused") == Some("Fields") && !asked(&mut browser, case, step).await {
                return None;
            }
            answer = Some(self.take(&mut browser, case, called, name, step).await);
        }
        answer
    }

    async fn take(
        &self,
        browser: &mut Browser<'_>,
        case: &str,
        called: &str,
        name: &str,
        table: &Table,
    ) -> Answer {
        let mut fields = format!("note={}", encoded(text(table, "note").unwrap_or_default()));
        for (field, value) in table.get("fill").and_then(Toml::as_table).into_iter().flatten() {
            for value in values(value) {
                fields.push_str(&format!("&f.{field}={}", encoded(&value)));
            }
        }
        for ((_, field), ids) in self.attached.iter().filter(|((of, _), _)| of == called) {
            for id in ids {
                fields.push_str(&format!("&f.{field}={id}"));
            }
        }
        if table.contains_key("unseen") {
            fields.push_str("&seen=0123");
        }
        step(browser, case, name, &fields).await
    }

    /// Holds the page of a case, inboxes and notices against what the script expects.
    async fn look(&self, by: &str, step: &Table, place: &str) {
        let Some(case) = self.cases.get(&self.called(step)) else { return };
        let page = self.browser(by).await.open(case).await;
        // Who is no party, or is none any more, is told nothing.
        if page.status == StatusCode::OK {
            self.shows(&page.main(), step, place);
        } else {
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{place}");
        }
        for (name, count) in step.get("inbox").and_then(Toml::as_table).into_iter().flatten() {
            let inbox = self.browser(name).await.open("/cases").await.main();
            let lines = self.cases.values().filter(|it| inbox.contains(it.as_str())).count();
            let lines = i64::try_from(lines).unwrap();
            assert_eq!(lines, count.as_integer().unwrap(), "{place}: {name}");
        }
        for field in texts(step, "public") {
            let title = &self.procedure.form.field(field).unwrap().title.zh;
            let notices = self.town.site.get("/published").await.main();
            assert!(notices.contains(title.as_str()), "{place}: {title} is not public");
            assert!(notices.contains("可以提出的角色："), "{place}: who may object? {notices}");
        }
    }

    /// States, time limits, letters and fields on the page of a case.
    fn shows(&self, page: &str, step: &Table, place: &str) {
        for state in texts(step, "states") {
            let title = &self.procedure.state(state).unwrap().title.zh;
            let shown = format!("<strong class=\"state\">{title}</strong>");
            assert!(page.contains(&shown), "{place}: no {title}: {page}");
        }
        // What stands out takes the case on: nobody is led to say no or to take back.
        for step in page.split("<button class=\"button\" name=\"do\" value=\"step:").skip(1) {
            let name = step.split('"').next().unwrap();
            assert!(self.procedure.transition(name).unwrap().takes_on(), "{place}: {name}");
        }
        for (name, day) in step.get("due").and_then(Toml::as_table).into_iter().flatten() {
            let deadline = self.procedure.deadlines.iter().find(|it| it.name == *name).unwrap();
            let day = day.as_str().unwrap();
            let line = format!("{}<br><strong class=\"num\">{day}</strong>", deadline.title.zh);
            assert!(page.contains(&line), "{place}: no {line}: {page}");
        }
        for letter in texts(step, "letters") {
            let title = &self.procedure.letter(letter).unwrap().title.zh;
            assert!(page.contains(&format!("<li>{title}<br>")), "{place}: no {title}: {page}");
        }
        for (key, is_seen) in [("see", true), ("not_see", false)] {
            for field in texts(step, key) {
                let title = &self.procedure.form.field(field).unwrap().title.zh;
                let shown = page.contains(&format!("<dt>{title}</dt>"));
                let asked = page.contains(&format!("name=\"f.{field}\""));
                assert_eq!(shown || asked, is_seen, "{place}: {title}: {page}");
            }
        }
    }
}

/// Whether the page of a case asks for all fields that a step fills in.
async fn asked(browser: &mut Browser<'_>, case: &str, step: &Table) -> bool {
    let page = browser.open(case).await.text();
    let mut fields = step.get("fill").and_then(Toml::as_table).into_iter().flat_map(Table::keys);
    fields.all(|it| page.contains(&format!("name=\"f.{it}\"")))
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

/// Walks all tests of a procedure.
async fn walked(procedure: &str) {
    let folder = repository("procedures").join(procedure).join("tests");
    for entry in fs::read_dir(folder).unwrap() {
        let script = fs::read_to_string(entry.unwrap().path()).unwrap();
        walk(procedure, &script).await;
    }
}

/// A test for each procedure, so that a failure names the one it is in.
macro_rules! walks {
    ($($test:ident: $procedure:literal,)+) => {
        const WALKED: [&str; 9] = [$($procedure),+];

        $(#[tokio::test]
        async fn $test() {
            walked($procedure).await;
        })+
    };
}

walks! {
    data_correction_goes_through_its_pages_as_its_tests_say: "data-correction",
    drop_out_goes_through_its_pages_as_its_tests_say: "drop-out",
    hazard_rectification_goes_through_its_pages_as_its_tests_say: "hazard-rectification",
    one_person_one_file_goes_through_its_pages_as_its_tests_say: "one-person-one-file",
    preschool_recognition_goes_through_its_pages_as_its_tests_say: "preschool-recognition",
    pupil_transfer_goes_through_its_pages_as_its_tests_say: "pupil-transfer",
    research_incubation_goes_through_its_pages_as_its_tests_say: "research-incubation",
    selection_goes_through_its_pages_as_its_tests_say: "selection",
    supervision_goes_through_its_pages_as_its_tests_say: "supervision",
}

#[test]
fn every_procedure_has_its_walk() {
    let walked: BTreeSet<String> = WALKED.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(walked, shipped().into_iter().collect());
}
