//! A whole site over a lake and a registry of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use casework::Office;
use casework::attachments::Vault;
use casework::calendar::Calendar;
use governance::Lake;
use governance::figures::Published;
use governance::release::{self, Release};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::Bilingual;
use model::plan::Plan;
use network::passwords::{Cost, Policies};
use network::roles::Roles;
use network::secret::CentreKey;
use network::testing::Counting;
use store::Store;
use tempfile::TempDir;
use tower::ServiceExt;
use web::{App, Surroundings};

use crate::made;

pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) office: Arc<Office>,
    /// Seconds since the tests' instant.
    pub(crate) seconds: Arc<AtomicI64>,
    router: Router,
}

/// A clock that stands until it is moved, chance that counts, and hashing that costs little.
fn surroundings(
    origin: &str,
    office: &Arc<Office>,
    seconds: &Arc<AtomicI64>,
    folder: &Path,
) -> Surroundings {
    let seconds = Arc::clone(seconds);
    let policies = Policies::shipped().unwrap();
    let chance = Arc::new(AtomicU64::new(0));
    Surroundings {
        clock: Arc::new(move || network::testing::at(seconds.load(Ordering::Relaxed))),
        entropy: Arc::new(move || {
            Box::new(Counting::beginning_at(chance.fetch_add(1_000, Ordering::Relaxed)))
        }),
        key: CentreKey::new([7; 32]),
        policy: policies.policy("asvs").unwrap().clone(),
        roles: Roles::national(),
        cost: Cost { memory_kib: 64, passes: 1, lanes: 1 },
        origin: origin.to_owned(),
        behind_proxy: false,
        ask: Arc::new(|_| Box::pin(async { Err("nobody is elsewhere".into()) })),
        demonstrated: Vec::new(),
        office: Arc::clone(office),
        vault: vault(folder),
        letters: folder.join("letters"),
        offset: Some(Offset::constant(8)),
    }
}

fn vault(folder: &Path) -> Vault {
    Vault { folder: folder.join("attachments"), most: 100_000, scanner: None }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn china() -> Calendar {
    let text = std::fs::read_to_string(repository("rules/calendars/china.toml")).unwrap();
    Calendar::read("china.toml", &text).unwrap()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// What stands between `<main …>` and `</main>`: the page without what is around every page.
    pub(crate) fn main(&self) -> String {
        let text = self.text();
        let from = text.find("<main").unwrap();
        let to = text.find("</main>").unwrap();
        text[from..to].to_owned()
    }
}

impl Site {
    /// Before the first release.
    pub(crate) async fn empty() -> Self {
        Self::surrounded(|_| {}).await
    }

    /// Before the first release, under another password policy.
    pub(crate) async fn under(policy: &str) -> Self {
        let policies = Policies::shipped().unwrap();
        let policy = policies.policy(policy).unwrap().clone();
        Self::surrounded(|it| it.policy = policy).await
    }

    /// Before the first release, with other surroundings.
    pub(crate) async fn surrounded(change: impl FnOnce(&mut Surroundings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let store = store::testing::open().await;
        let label = Bilingual::new("演示数据：由程序生成", "Demonstration data: generated");
        let office = Arc::new(Office::new(store.clone(), [china()]));
        let seconds = Arc::new(AtomicI64::new(0));
        let mut around = surroundings("http://localhost:8080", &office, &seconds, folder.path());
        change(&mut around);
        let app = App::new(store.clone(), lake, Some(label), around);
        Self { router: web::router(app.clone()), app, folder, store, office, seconds }
    }

    /// Records the organisations of a release in the registry.
    pub(crate) async fn record(&self, published: &Published, at: Timestamp) {
        let list = network::export(published.history(), Timestamp::MAX).unwrap();
        let (list, findings) = network::read_list("made", list.as_slice());
        assert!(findings.is_empty(), "{findings:?}");
        network::record(&self.store, &list.changes(), at, Offset::UTC).await.unwrap();
    }

    /// Publishes what the lake and the registry hold, as `haihe compute` does.
    pub(crate) async fn publish(&self, plan: &Plan, at: Timestamp) -> Release {
        let lake = Lake::open(self.folder.path()).unwrap();
        release::publish(&self.store, &lake, plan, at).await.unwrap().release
    }

    /// With the city made by hand.
    pub(crate) async fn made() -> Self {
        Self::with(made::published()).await
    }

    pub(crate) async fn with(published: Published) -> Self {
        let site = Self::empty().await;
        site.app.replace(published);
        site
    }

    /// Where files of cases are kept.
    pub(crate) fn vault(&self) -> Vault {
        vault(self.folder.path())
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Moves the clock, which stands still otherwise.
    pub(crate) fn later(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, "").await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.as_ref().to_vec())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}
