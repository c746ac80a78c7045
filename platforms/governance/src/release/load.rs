//! A release brought into memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use lake::{Lake, LakeError};
use model::dataset::Dataset;
use model::measure::Measure;
use model::plan::Plan;
use model::state::States;
use store::Store;

use super::{Release, ReleaseError};
use crate::figures::Published;

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
        let mut states = BTreeMap::new();
        for (name, dataset) in &plan.datasets {
            let Some(version) = release.tables.get(name) else { continue };
            if plan.measures_of(name).next().is_none() || is_kept(name, *version) {
                continue;
            }
            let measures: Vec<Measure> = plan.measures_of(name).cloned().collect();
            let read = read_states(lake, dataset, *version, measures, Arc::clone(&progress));
            states.insert(name.clone(), read.await?);
        }
        Ok(Self::new_beside(plan, history, states, release, before))
    }
}

/// The states of one version of a table, which is opened only when some of them are not kept.
async fn read_states(
    lake: &Lake,
    dataset: &Dataset,
    version: u64,
    measures: Vec<Measure>,
    progress: Progress,
) -> Result<States, ReleaseError> {
    let measures = Arc::new(measures);
    let (at, of, asked) = (lake.clone(), dataset.clone(), Arc::clone(&measures));
    let kept = waited(move || at.kept_states(&of, version, &asked.iter().collect::<Vec<_>>()));
    if let Some(states) = kept.await? {
        return Ok(states);
    }
    let (at, table) = (lake.clone(), lake.table_at(dataset, version).await?);
    let read = move || at.states(&table, &measures.iter().collect::<Vec<_>>(), &*progress);
    Ok(waited(read).await?.states)
}

/// What a thread that may wait comes to.
async fn waited<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, ReleaseError> {
    Ok(tokio::task::spawn_blocking(read).await.map_err(|_| ReleaseError::Stopped)??)
}
