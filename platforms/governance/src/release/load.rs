//! A release brought into memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use lake::{Lake, LakeError};
use model::dataset::Dataset;
use model::measure::Measure;
use model::plan::Plan;
use store::Store;

use super::{Release, ReleaseError};
use crate::figures::{Published, Totals};

/// Told the rows of facts behind the states, as they are read.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

impl Published {
    /// Reads a release: its states from the lake, its organisations from the registry.
    ///
    /// # Errors
    /// [`ReleaseError::OtherPlan`] when the plan is not the one it was published with.
    pub async fn load(
        store: &Store,
        lake: &Lake,
        plan: Arc<Plan>,
        release: Release,
        progress: Progress,
    ) -> Result<Self, ReleaseError> {
        Self::load_beside(store, lake, plan, release, progress, None).await
    }

    /// The same, taking what did not change from a release that is in memory already.
    pub async fn load_beside(
        store: &Store,
        lake: &Lake,
        plan: Arc<Plan>,
        release: Release,
        progress: Progress,
        before: Option<&Self>,
    ) -> Result<Self, ReleaseError> {
        if plan.version != release.plan_version {
            return Err(ReleaseError::OtherPlan {
                release: release.id,
                published: release.plan_version,
                given: plan.version.clone(),
            });
        }
        // What was known at one instant is known for good.
        let same = before.filter(|it| it.release().known_at == release.known_at);
        let history = match same {
            Some(before) => before.known_history(),
            None => Arc::new(network::history(store).await?),
        };
        // The same plan and the same version of a table leave the same states.
        let before = before.filter(|it| it.plan().version == plan.version);
        let is_kept = |name: &str, version: u64| {
            before.is_some_and(|it| it.release().tables.get(name) == Some(&version))
        };
        let mut totals = BTreeMap::new();
        for (name, dataset) in &plan.datasets {
            let Some(version) = release.tables.get(name) else { continue };
            if plan.measures_of(name).next().is_none() || is_kept(name, *version) {
                continue;
            }
            let read = read_totals(lake, &plan, dataset, *version, Arc::clone(&progress));
            totals.insert(name.clone(), Arc::new(read.await?));
        }
        Ok(Self::of_totals(plan, history, totals, release, before))
    }
}

/// The totals of one version of a table, which is opened only when some of its states are not kept.
///
/// The states themselves are let go of, so that those of one dataset at a time are in memory.
async fn read_totals(
    lake: &Lake,
    plan: &Arc<Plan>,
    dataset: &Dataset,
    version: u64,
    progress: Progress,
) -> Result<Totals, ReleaseError> {
    let (at, of, asked) = (lake.clone(), dataset.clone(), Arc::clone(plan));
    let kept = move || {
        let measures: Vec<&Measure> = asked.measures_of(&of.name).collect();
        let states = at.kept_states(&of, version, &measures)?;
        Ok(states.map(|it| Totals::new(&asked, &of.name, &it)))
    };
    if let Some(totals) = waited(kept).await? {
        return Ok(totals);
    }
    let (at, asked) = (lake.clone(), Arc::clone(plan));
    let table = lake.table_at(dataset, version).await?;
    let read = move || {
        let measures: Vec<&Measure> = asked.measures_of(&table.dataset().name).collect();
        let states = at.states(&table, &measures, &*progress)?.states;
        Ok(Totals::new(&asked, &table.dataset().name, &states))
    };
    waited(read).await
}

/// What a thread that may wait comes to.
async fn waited<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, ReleaseError> {
    Ok(tokio::task::spawn_blocking(read).await.map_err(|_| ReleaseError::Stopped)??)
}
