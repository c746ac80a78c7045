//! The small city with its organisations in the registry, its procedures in use, and people who work on cases.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use casework::procedure::Files;
use model::Bilingual;
use network::audit::Actor;
use network::invitations::usual;
use network::roles::Roles;
use network::testing::{Counting, at};
use network::{AccountId, grants};
use tokio::sync::Mutex;
use web::Demonstrated;

use crate::made;
use crate::network::{Browser, PASSWORD, opened};
use crate::site::{Answer, Site, repository};

pub(super) struct Town {
    pub(super) site: Site,
    people: Mutex<People>,
}

struct People {
    entropy: Counting,
    accounts: BTreeMap<String, AccountId>,
}

/// Names of the procedures of the repository.
fn shipped() -> Vec<String> {
    let folders = fs::read_dir(repository("procedures")).unwrap().map(|it| it.unwrap().path());
    let mut names: Vec<String> = folders
        .filter(|it| it.join("procedure.toml").is_file())
        .map(|it| it.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

impl Town {
    pub(super) async fn new() -> Self {
        let site = Site::surrounded(|it| {
            // As in a demonstration, where no role asks for a second factor: everybody signs in by a password.
            it.demonstrated = vec![Demonstrated {
                login: "clerk".to_owned(),
                password: PASSWORD.to_owned(),
                title: Bilingual::new("学校填报员", "School clerk"),
            }];
        })
        .await;
        site.app.replace(made::published());
        site.record(&made::published(), at(-86_400)).await;
        for name in shipped() {
            let files = Files::read(&repository("procedures").join(&name)).unwrap();
            site.office.publish(&name, &files, at(-86_400)).await.unwrap();
        }
        let entropy = Counting::beginning_at(50_000_000);
        Self { site, people: Mutex::new(People { entropy, accounts: BTreeMap::new() }) }
    }

    /// Opens an account that holds a role at an organisation; the one there is when the login is taken.
    pub(super) async fn person(&self, login: &str, role: &str, home: &str) -> AccountId {
        let mut people = self.people.lock().await;
        let People { entropy, accounts } = &mut *people;
        if let Some(found) = accounts.get(login) {
            return *found;
        }
        let account = opened(&self.site, login, &format!("{login}先生"), home, entropy).await;
        let roles = Roles::national();
        let role = roles.get(&role.parse().unwrap()).unwrap();
        // A role that no school can give is held for the city, whatever its holder's home.
        let is_of_schools = role.levels.iter().any(|it| it == "school");
        let place = if is_of_schools || home.len() == 6 { home } else { "990000" };
        let place = place.parse().unwrap();
        let wanted = usual(role, account, &place, at(0), "test".to_owned()).unwrap();
        grants::give(&self.site.store, &roles, Actor::System, &wanted, entropy, at(0))
            .await
            .unwrap();
        accounts.insert(login.to_owned(), account);
        account
    }

    /// A browser in which somebody is signed in.
    pub(super) async fn browser(&self, login: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.site);
        let answer = browser.sign_in_as(&login.replace('_', "-"), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.text());
        browser
    }

    pub(super) async fn tick(&self) {
        let now = at(self.site.seconds.load(Ordering::Relaxed));
        let mut people = self.people.lock().await;
        casework::cases::tick(&self.site.office, now, &mut people.entropy).await.unwrap();
    }

    /// Moves the clock.
    pub(super) fn wait(&self, days: i64) {
        self.site.seconds.fetch_add(days * 86_400, Ordering::Relaxed);
    }
}

/// A text as a value of a form.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

/// The value of a hidden control of a page.
pub(super) fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let after = page.split(&mark).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

/// Begins a case; its address.
pub(super) async fn begun(
    browser: &mut Browser<'_>,
    procedure: &str,
    organisation: &str,
) -> String {
    let path = format!("/cases/new/{procedure}");
    browser.open(&path).await;
    let answer = browser.submit(&path, &format!("organisation={organisation}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").to_owned()
}

/// Opens a case and takes a step in it, signing where that is asked.
pub(super) async fn step(
    browser: &mut Browser<'_>,
    case: &str,
    name: &str,
    fields: &str,
) -> Answer {
    let page = browser.open(case).await;
    let revision = if page.status == StatusCode::OK {
        hidden(&page.text(), "revision")
    } else {
        // Whoever does not see the case may try all the same, from another page.
        browser.open("/cases").await;
        String::new()
    };
    let body = format!("revision={revision}&do=step:{name}&{fields}");
    let answer = browser.submit(case, &body).await;
    let seen = if answer.status == StatusCode::OK {
        hidden(&answer.text(), "seen")
    } else {
        String::new()
    };
    if seen.is_empty() {
        return answer;
    }
    browser.submit(case, &format!("{body}&seen={seen}")).await
}
