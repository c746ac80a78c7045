//! Intake: files of records that other systems bring over HTTP, taken in like those that a clerk imports.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use governance::collection::{Delivery, Mapping, Outcome, Receiver, Staging};
use model::OrgCode;
use model::dataset::Dataset;
use model::organisation::History;
use model::plan::Plan;
use network::KeptHistory;
use network::service_tokens::{self, ServiceTokenId};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::turns::Turns;

/// Most bytes of a file: a city's rows of one year. More is imported by command, where the file lies.
pub(crate) const MOST_BYTES: u64 = 512 << 20;

/// Most files that are received at once; the others wait with theirs.
const ARRIVALS: usize = 16;

/// Gives the version of the plan in force; `None` when it cannot be read.
type InForce = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// Where files of records are taken in, and what of it is kept from one to the next.
pub(crate) struct Intake {
    data: PathBuf,
    in_force: InForce,
    plan: Mutex<Option<Arc<Plan>>>,
    history: KeptHistory,
    places: Turns,
    /// Files that are on their way or wait: so much of the disk may be taken by them.
    arrivals: Arc<Semaphore>,
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake").field("data", &self.data).finish_non_exhaustive()
    }
}

/// A file that another system brought.
#[derive(Debug)]
pub(crate) struct Brought {
    pub(crate) dataset: Dataset,
    /// By which it was brought.
    pub(crate) token: ServiceTokenId,
    /// Where the file is; removed with it when it has been taken in.
    pub(crate) folder: Staging,
    pub(crate) name: String,
    /// Its rows may be of this organisation and of those below it only.
    pub(crate) within: OrgCode,
    pub(crate) replace: bool,
    pub(crate) dry_run: bool,
    /// What the table's log says of who brought it.
    pub(crate) note: BTreeMap<String, String>,
}

impl Intake {
    pub(crate) fn new(data: PathBuf, in_force: InForce) -> Self {
        Self {
            data,
            in_force,
            plan: Mutex::default(),
            history: KeptHistory::default(),
            places: Turns::of_each_processor(1),
            arrivals: Arc::new(Semaphore::new(ARRIVALS)),
        }
    }

    /// The plan in force.
    pub(crate) async fn plan(&self, app: &App) -> Result<Arc<Plan>, Problem> {
        let version = (self.in_force)().ok_or_else(|| Problem::new(Kind::OtherPlan, ""))?;
        let kept = self.plan.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(plan) = kept.filter(|it| it.version == version) {
            return Ok(plan);
        }
        let plan = Arc::new(app.plan_version(&version).await?);
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&plan));
        Ok(plan)
    }

    /// Waits until there is room for another file on its way.
    pub(crate) async fn arrival(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.arrivals).acquire_owned().await.map_err(|it| Problem::ours(&it))
    }

    /// A folder of its own for a file on its way. When this process is killed, whoever imports next removes it.
    pub(crate) async fn folder(&self) -> Result<Staging, Problem> {
        let data = self.data.clone();
        let made = tokio::task::spawn_blocking(move || Receiver::staging(&data)).await;
        made.map_err(|it| Problem::ours(&it))?.map_err(|it| Problem::ours(&it))
    }

    /// Takes a file in. Whoever brought it may have gone away meanwhile: what was begun is finished.
    pub(crate) async fn take(
        &self,
        app: &App,
        plan: Arc<Plan>,
        arrival: OwnedSemaphorePermit,
        brought: Brought,
    ) -> Result<Outcome, Problem> {
        let history = self.history.get(app.store()).await.map_err(|it| Problem::ours(&it))?;
        let (app, data, runtime) = (app.clone(), self.data.clone(), Handle::current());
        let work = move || {
            let taken = runtime.block_on(import(&app, &data, &plan, &history, &brought));
            drop((brought, arrival));
            taken
        };
        self.places.take(work).await?
    }
}

/// Our fault, after which nobody can tell without asking whether the file was taken.
pub(crate) fn unfinished(error: &dyn Error) -> Problem {
    Problem { kind: Kind::NotFinished, ..Problem::ours(error) }
}

async fn import(
    app: &App,
    data: &Path,
    plan: &Plan,
    history: &History,
    brought: &Brought,
) -> Result<Outcome, Problem> {
    // It may have ended while the file was on its way, or waited.
    let is_open = service_tokens::is_open(app.store(), brought.token, app.now()).await;
    if !is_open.map_err(|it| Problem::ours(&it))? {
        return Err(Problem::new(Kind::NoToken, ""));
    }
    let receiver = Receiver { lake: app.lake(), data, plan, history, now: app.now() };
    let (file, mapping) = (brought.folder.path().join(&brought.name), Mapping::default());
    let delivery = Delivery {
        within: Some(brought.within.clone()),
        replace: brought.replace,
        dry_run: brought.dry_run,
        note: brought.note.clone(),
        ..Delivery::new(&brought.dataset, &file, &mapping)
    };
    receiver.take(delivery, &|_| {}).await.map_err(|it| unfinished(&it))
}
