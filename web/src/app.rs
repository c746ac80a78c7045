//! What the server knows: the release in force, earlier ones on request, and where their rows are.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use governance::Lake;
use governance::figures::Published;
use governance::release::{self, Release, ReleaseError};
use jiff::Timestamp;
use model::Bilingual;
use store::Store;
use tokio::sync::Mutex;

use crate::answer::Kept;
use crate::problem::{Kind, Problem};

/// Earlier releases that stay in memory after someone asked for them.
const ARCHIVED: usize = 3;

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
            kept: Kept::default(),
        };
        Self { inner: Arc::new(inner) }
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
        let plan = Arc::new(current.plan().clone());
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
}

fn refused(error: &ReleaseError) -> Problem {
    match error {
        ReleaseError::OtherPlan { published, .. } => {
            Problem::new(Kind::OtherPlan, &published.chars().take(8).collect::<String>())
        }
        ReleaseError::Stopped
        | ReleaseError::Lake(_)
        | ReleaseError::Network(_)
        | ReleaseError::Store(_) => Problem::ours(error),
    }
}
