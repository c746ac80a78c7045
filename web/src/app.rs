//! What the server knows: the release in force, earlier ones on request, and where their rows are.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use governance::Lake;
use governance::figures::Published;
use governance::release::{self, Release, ReleaseError};
use jiff::Timestamp;
use model::Bilingual;
use model::plan::Plan;
use store::Store;
use tokio::sync::Mutex;

use crate::answer::Kept;
use crate::problem::{Kind, Problem};

/// Earlier releases that stay in memory after someone asked for them.
const ARCHIVED: usize = 3;

/// Gives a plan as it was when it had a version; `None` when no copy of it can be read.
type Plans = Box<dyn Fn(&str) -> Option<Plan> + Send + Sync>;

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
    kept: Kept,
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
    pub fn new(store: Store, lake: Lake, generated: Option<Bilingual>) -> Self {
        let inner = Inner {
            store,
            lake,
            generated: generated.map(Arc::new),
            current: RwLock::default(),
            archive: Mutex::default(),
            plans: OnceLock::new(),
            kept: Kept::default(),
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
        let (app, version) = (self.clone(), release.plan_version.clone());
        let read = move || app.inner.plans.get().and_then(|plans| plans(&version));
        let read = tokio::task::spawn_blocking(read).await.map_err(|it| Problem::ours(&it))?;
        read.ok_or_else(|| Problem::new(Kind::OtherPlan, &short(&release.plan_version)))
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
