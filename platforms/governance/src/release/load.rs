//! A release brought into memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use lake::{Lake, LakeError};
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
            let table = lake.table_at(dataset, *version).await?;
            let measures: Vec<Measure> = plan.measures_of(name).cloned().collect();
            let (lake, progress) = (lake.clone(), Arc::clone(&progress));
            let read = move || -> Result<States, LakeError> {
                let measures: Vec<&Measure> = measures.iter().collect();
                lake.states(&table, &measures, &*progress).map(|it| it.states)
            };
            let read = tokio::task::spawn_blocking(read).await;
            states.insert(name.clone(), read.map_err(|_| ReleaseError::Stopped)??);
        }
        Ok(Self::new_beside(plan, history, states, release, before))
    }
}
