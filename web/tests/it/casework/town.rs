//! The small city with its organisations in the registry, its procedures in use, and people who work on cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use casework::cases::Ticked;
use casework::letters::{self, Press, Templates};
use casework::procedure::Files;
use documents::Keys;
use documents::letter::Fonts;
use jiff::{SignedDuration, Timestamp};
use model::Bilingual;
use model::organisation::{ADMINISTRATIVE, Membership, Organisation};
use network::Changes;
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
pub(super) fn shipped() -> Vec<String> {
    let folders = fs::read_dir(repository("procedures")).unwrap().map(|it| it.unwrap().path());
    let mut names: Vec<String> = folders
        .filter(|it| it.join("procedure.toml").is_file())
        .map(|it| it.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// A district that the release in force does not know yet.
fn newest_district() -> Changes {
    let code = || "990105".parse().unwrap();
    let valid_from = "2000-01-01".parse().unwrap();
    let organisation = Organisation {
        code: code(),
        name: Bilingual::new("新城区", "New Town"),
        level: "district".to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from,
        valid_to: None,
    };
    let membership = Membership {
        hierarchy: ADMINISTRATIVE.to_owned(),
        child: code(),
        parent: "990000".parse().unwrap(),
        valid_from,
        valid_to: None,
    };
    Changes::of([organisation], [membership], [])
}

impl Town {
    pub(super) async fn new() -> Self {
        Self::since(at(0)).await
    }

    /// A town whose clock stands at an instant.
    pub(super) async fn since(begin: Timestamp) -> Self {
        let site = Site::surrounded(|it| {
            // As in a demonstration, where no role asks for a second factor: everybody signs in by a password.
            it.demonstrated = vec![Demonstrated {
                login: "clerk".to_owned(),
                password: PASSWORD.to_owned(),
                title: Bilingual::new("学校填报员", "School clerk"),
            }];
        })
        .await;
        site.seconds.store(begin.as_second() - at(0).as_second(), Ordering::Relaxed);
        site.app.replace(made::published());
        site.record(&made::published(), begin - SignedDuration::from_hours(2)).await;
        let newest = newest_district();
        network::record(
            &site.store,
            &newest,
            begin - SignedDuration::from_hours(1),
            jiff::tz::Offset::UTC,
        )
        .await
        .unwrap();
        for name in shipped() {
            let files = Files::read(&repository("procedures").join(&name)).unwrap();
            site.office.publish(&name, &files, begin).await.unwrap();
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
        self.give_as(account, role, home, entropy).await;
        accounts.insert(login.to_owned(), account);
        account
    }

    /// Gives an account one role more.
    pub(super) async fn give(&self, account: AccountId, role: &str, home: &str) {
        let mut people = self.people.lock().await;
        self.give_as(account, role, home, &mut people.entropy).await;
    }

    async fn give_as(&self, account: AccountId, role: &str, home: &str, entropy: &mut Counting) {
        let now = self.now();
        let roles = Roles::national();
        let role = roles.get(&role.parse().unwrap()).unwrap();
        // A role that no school can give is held for the city, whatever its holder's home.
        let is_of_schools = role.levels.iter().any(|it| it == "school");
        let place = if is_of_schools || home.len() == 6 { home } else { "990000" };
        let place = place.parse().unwrap();
        let wanted = usual(role, account, &place, now, "test".to_owned()).unwrap();
        grants::give(&self.site.store, &roles, Actor::System, &wanted, entropy, now).await.unwrap();
    }

    /// A browser in which somebody is signed in.
    pub(super) async fn browser(&self, login: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.site);
        let answer = browser.sign_in_as(&login.replace('_', "-"), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.text());
        browser
    }

    fn now(&self) -> Timestamp {
        at(self.site.seconds.load(Ordering::Relaxed))
    }

    pub(super) async fn tick(&self) -> Ticked {
        let mut people = self.people.lock().await;
        casework::cases::tick(&self.site.office, self.now(), &mut people.entropy).await.unwrap()
    }

    /// Sets the clock.
    pub(super) fn is(&self, now: Timestamp) {
        self.site.seconds.store(now.as_second() - at(0).as_second(), Ordering::Relaxed);
    }

    /// Moves the clock.
    pub(super) fn wait(&self, days: i64) {
        self.site.seconds.fetch_add(days * 86_400, Ordering::Relaxed);
    }
}

/// Issues the letters that wait, as a round of the office does.
pub(crate) async fn issue(site: &Site) {
    let now = at(site.seconds.load(Ordering::Relaxed));
    let mut chance = Counting::beginning_at(90_000_000);
    let press = Press {
        templates: Templates::read(Path::new("nowhere")).unwrap(),
        fonts: Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()]).unwrap(),
        keys: Keys::begin("江城市教育数据中心", now, &mut chance).unwrap(),
        folder: site.folder.path().join("letters"),
        origin: "http://localhost:8080".to_owned(),
        is_generated: true,
    };
    let done = letters::issue_waiting(&site.office, &Arc::new(press), now, &mut chance).await;
    let done = done.unwrap();
    assert!(done.failed.is_empty(), "{done:?}");
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
