//! What the server knows: the release in force, earlier ones on request, and where their rows are.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use casework::Office;
use casework::attachments::Vault;
use documents::Keys;
use governance::Lake;
use governance::figures::Published;
use governance::release::{self, Release, ReleaseError};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::plan::Plan;
use model::{Bilingual, Entropy};
use network::openid::{OpenidError, Provider};
use network::outside::Ask;
use network::passwords::Policy;
use network::secret::CentreKey;
use network::sign_in::Desk;
use store::Store;
use tokio::sync::{Mutex, OnceCell};

use crate::answer::Kept;
use crate::instant::{CityTime, Instant};
use crate::intake::Intake;
use crate::network::openid::Limits;
use crate::problem::{Kind, Problem};
use crate::turns::Turns;

/// Earlier releases that stay in memory after someone asked for them.
const ARCHIVED: usize = 3;

/// Gives a plan as it was when it had a version; `None` when no copy of it can be read.
type Plans = Box<dyn Fn(&str) -> Option<Plan> + Send + Sync>;

/// How often the provider's keys are looked at: another server may have made new ones.
const KEYS_RENEWED_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How often in a minute applications of one network may fail to prove themselves.
const FAILURES: u32 = 30;
/// How often in a minute people of one network may go to sign in elsewhere: a school may have one address for all.
const LEAVING: u32 = 120;

/// What a server elsewhere answers, or why it did not.
pub type Asking = Pin<Box<dyn Future<Output = Result<Vec<u8>, Unanswered>> + Send>>;
/// Why a server elsewhere did not answer.
pub type Unanswered = Box<dyn std::error::Error + Send + Sync>;
/// Gives the keys that letters are signed with, as they are now; `None` when there are none, or they cannot be read.
type Seals = Box<dyn Fn() -> Option<Keys> + Send + Sync>;

/// What the site is given from outside: time, chance, its secrets, and how it is reached.
pub struct Surroundings {
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// A source of randomness for one request.
    pub entropy: Arc<dyn Fn() -> Box<dyn Entropy> + Send + Sync>,
    pub key: CentreKey,
    /// What is asked of passwords, and how long sessions last.
    pub policy: Policy,
    /// What each role may do.
    pub roles: network::roles::Roles,
    /// What hashing a password costs.
    pub cost: network::passwords::Cost,
    /// Scheme, name and port that browsers know the site by, such as `https://haihe.example`.
    pub origin: String,
    /// Whether the last address of `X-Forwarded-For` is the caller's, as a proxy of ours wrote it.
    pub behind_proxy: bool,
    /// Asks a server elsewhere.
    pub ask: Arc<dyn Fn(Ask) -> Asking + Send + Sync>,
    /// Accounts that a newcomer may sign in with; none but in a demonstration city.
    pub demonstrated: Vec<Demonstrated>,
    /// Where cases are begun and worked on.
    pub office: Arc<Office>,
    /// Where files of cases are kept.
    pub vault: Vault,
    /// Where the documents of letters are kept.
    pub letters: PathBuf,
    /// The city's distance from UTC, as its plan tells it; instants are shown in UTC without it.
    pub offset: Option<Offset>,
}

/// An account of a demonstration city, whose password everybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonstrated {
    pub login: String,
    pub password: String,
    /// What its owner is.
    pub title: Bilingual,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// The site's state. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    lake: Lake,
    generated: Option<Arc<Bilingual>>,
    current: RwLock<Option<Arc<Published>>>,
    archive: Mutex<VecDeque<Arc<Published>>>,
    plans: OnceLock<Plans>,
    seals: OnceLock<Seals>,
    intake: OnceLock<Intake>,
    kept: Kept,
    surroundings: Surroundings,
    hashing: Turns,
    making: Turns,
    /// Made when it is first asked for.
    provider: OnceCell<Provider>,
    /// When the provider's keys were last looked at.
    keys_renewed_at: RwLock<Timestamp>,
    limits: Limits,
    /// Sign-ins that lead elsewhere.
    leaving: Limits,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let release = self.current().map(|it| it.release().id.clone());
        f.debug_struct("App").field("release", &release).finish_non_exhaustive()
    }
}

impl App {
    /// A site without a release: it shows what to do until [`Self::replace`] brings the first one.
    ///
    /// `generated` is the line every page carries when the data are generated.
    pub fn new(
        store: Store,
        lake: Lake,
        generated: Option<Bilingual>,
        surroundings: Surroundings,
    ) -> Self {
        let inner = Inner {
            store,
            lake,
            generated: generated.map(Arc::new),
            current: RwLock::default(),
            archive: Mutex::default(),
            plans: OnceLock::new(),
            seals: OnceLock::new(),
            intake: OnceLock::new(),
            kept: Kept::default(),
            surroundings,
            hashing: Turns::of_each_processor(1),
            making: Turns::of_each_processor(2),
            provider: OnceCell::new(),
            keys_renewed_at: RwLock::new(Timestamp::UNIX_EPOCH),
            limits: Limits::of(FAILURES),
            leaving: Limits::of(LEAVING),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Earlier releases are shown under the plan of their time, which `plans` gives by its version.
    ///
    /// Without it only releases under the plan in force are shown. What was given first stays.
    #[must_use]
    pub fn with_plans(self, plans: impl Fn(&str) -> Option<Plan> + Send + Sync + 'static) -> Self {
        self.inner.plans.get_or_init(|| Box::new(plans));
        self
    }

    /// Letters that somebody brings are held against the keys that `seals` gives. What was given first stays.
    #[must_use]
    pub fn with_seals(self, seals: impl Fn() -> Option<Keys> + Send + Sync + 'static) -> Self {
        self.inner.seals.get_or_init(|| Box::new(seals));
        self
    }

    /// Other systems may bring records, to the data centre in the folder `data`: they are held against the plan whose version
    /// `in_force` gives, which `plans` of [`Self::with_plans`] reads. What was given first stays.
    #[must_use]
    pub fn with_records(
        self,
        data: PathBuf,
        in_force: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.inner.intake.get_or_init(|| Intake::new(data, Box::new(in_force)));
        self
    }

    /// Puts a release in force. Requests under way finish with the one they began with.
    pub fn replace(&self, published: Published) {
        let mut current = self.inner.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(published));
        self.inner.kept.clear();
    }

    /// Name of the release in force; `None` before the first.
    pub fn release(&self) -> Option<String> {
        self.current().map(|it| it.release().id.clone())
    }

    /// What answers are made from: the release, and how much of the plan's text is attached to it.
    pub(crate) fn edition(&self) -> String {
        let Some(published) = self.current() else {
            return String::new();
        };
        let attached = published.plan().clauses.values().filter(|it| it.text.is_some()).count();
        format!("{}-{attached}", published.release().id)
    }

    /// The release in force.
    pub fn current(&self) -> Option<Arc<Published>> {
        self.inner.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn generated(&self) -> Option<Arc<Bilingual>> {
        self.inner.generated.clone()
    }

    pub(crate) fn lake(&self) -> &Lake {
        &self.inner.lake
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The keys that letters are signed with.
    pub(crate) fn seals(&self) -> Option<Keys> {
        self.inner.seals.get().and_then(|it| it())
    }

    /// Where records are taken in, if they are.
    pub(crate) fn intake(&self) -> Option<&Intake> {
        self.inner.intake.get()
    }

    pub(crate) fn surroundings(&self) -> &Surroundings {
        &self.inner.surroundings
    }

    pub(crate) fn office(&self) -> &Office {
        &self.inner.surroundings.office
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.inner.surroundings.clock)()
    }

    /// The time that people in the city go by.
    pub(crate) fn city_time(&self) -> CityTime {
        CityTime::new(self.inner.surroundings.offset)
    }

    /// The city's day.
    pub(crate) fn today(&self) -> Date {
        self.city_time().day(self.now())
    }

    /// An instant as pages show it.
    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        self.city_time().instant(at)
    }

    pub(crate) fn entropy(&self) -> Box<dyn Entropy> {
        (self.inner.surroundings.entropy)()
    }

    pub(crate) fn key(&self) -> &CentreKey {
        &self.inner.surroundings.key
    }

    /// Where people sign in.
    pub(crate) fn desk(&self) -> Desk<'_> {
        let Surroundings { key, policy, cost, .. } = &self.inner.surroundings;
        Desk { store: &self.inner.store, key, cost: *cost, lifetimes: policy.lifetimes }
    }

    /// The OpenID provider at this site's address.
    pub(crate) async fn provider(&self) -> Result<&Provider, Problem> {
        self.open_provider().await.map_err(|it| Problem::ours(&it))
    }

    pub(crate) async fn open_provider(&self) -> Result<&Provider, OpenidError> {
        let Surroundings { key, origin, .. } = &self.inner.surroundings;
        let (store, now) = (&self.inner.store, self.now());
        let open = async || {
            let mut entropy = self.entropy();
            let opened = Provider::open(store, origin, key.clone(), &mut *entropy, now).await;
            opened.map(|it| it.in_days_of(self.city_time().offset()))
        };
        let provider = self.inner.provider.get_or_try_init(open).await?;
        if self.is_time_for_keys(now) {
            let mut entropy = self.entropy();
            provider.renew_keys(store, &mut *entropy, now).await?;
        }
        Ok(provider)
    }

    /// Whether the keys were looked at long ago; the next one is told that they were now.
    fn is_time_for_keys(&self, now: Timestamp) -> bool {
        let mut at = self.inner.keys_renewed_at.write().unwrap_or_else(PoisonError::into_inner);
        let is_time = now.duration_since(*at) >= KEYS_RENEWED_EVERY;
        if is_time {
            *at = now;
        }
        is_time
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn leaving(&self) -> &Limits {
        &self.inner.leaving
    }

    /// Does work that takes a processor for tens of milliseconds where it holds nobody up.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.inner.hashing.take(work).await
    }

    /// Makes an answer, whose figures may have to be evaluated first, where it holds nobody up.
    pub(crate) async fn making<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.inner.making.take(work).await
    }

    pub(crate) fn kept(&self) -> &Kept {
        &self.inner.kept
    }

    /// All releases, the earliest first.
    pub(crate) async fn releases(&self) -> Result<Vec<Release>, Problem> {
        release::list(&self.inner.store).await.map_err(|it| Problem::ours(&it))
    }

    /// The release that was in force at an instant.
    pub(crate) async fn as_of(&self, at: Timestamp) -> Result<Arc<Published>, Problem> {
        let current = self.current().ok_or_else(Problem::nothing_published)?;
        let found = release::as_of(&self.inner.store, at).await.map_err(|it| Problem::ours(&it))?;
        let release = found.ok_or_else(|| Problem::new(Kind::NotAnInstant, &at.to_string()))?;
        if release.id == current.release().id {
            return Ok(current);
        }
        // One reader at a time: a release is read from the lake once, however many ask for it.
        let mut archive = self.inner.archive.lock().await;
        if let Some(found) = archive.iter().find(|it| it.release().id == release.id) {
            return Ok(Arc::clone(found));
        }
        let plan = Arc::new(self.plan_of(&release, &current).await?);
        let (store, lake) = (&self.inner.store, &self.inner.lake);
        let quiet = Arc::new(|_| {});
        let loaded =
            Published::load_beside(store, lake, plan, release, quiet, Some(&current)).await;
        let loaded = Arc::new(loaded.map_err(|it| refused(&it))?);
        if archive.len() >= ARCHIVED {
            archive.pop_front();
        }
        archive.push_back(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// The plan that a release was published with.
    async fn plan_of(&self, release: &Release, current: &Published) -> Result<Plan, Problem> {
        if release.plan_version == current.plan().version {
            return Ok(current.plan().clone());
        }
        self.plan_version(&release.plan_version).await
    }

    /// The plan as it was when it had a version.
    pub(crate) async fn plan_version(&self, version: &str) -> Result<Plan, Problem> {
        let (app, own) = (self.clone(), version.to_owned());
        let read = move || app.inner.plans.get().and_then(|plans| plans(&own));
        let read = tokio::task::spawn_blocking(read).await.map_err(|it| Problem::ours(&it))?;
        read.ok_or_else(|| Problem::new(Kind::OtherPlan, &short(version)))
    }
}

fn refused(error: &ReleaseError) -> Problem {
    match error {
        ReleaseError::OtherPlan { published, .. } => {
            Problem::new(Kind::OtherPlan, &short(published))
        }
        ReleaseError::Stopped
        | ReleaseError::Lake(_)
        | ReleaseError::Network(_)
        | ReleaseError::Store(_) => Problem::ours(error),
    }
}

/// As much of a version as people compare.
fn short(version: &str) -> String {
    version.chars().take(8).collect()
}
