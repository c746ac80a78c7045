//! A data centre of the test's own: registry, lake and plan, filled from tables of text.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use lake::{CommitNote, Lake, Mode, PartitionWrite};
use model::OrgCode;
use model::figure::Figure;
use model::plan::Plan;
use store::Store;
use tempfile::TempDir;

use super::facts;
use crate::figures::Published;
use crate::plan;
use crate::release::{self, Publication, Release};

pub(crate) struct Centre {
    folder: TempDir,
    pub(crate) store: Store,
    pub(crate) lake: Lake,
    pub(crate) plan: Arc<Plan>,
}

/// The plan of Tianjin, read once.
pub(crate) fn tianjin() -> Arc<Plan> {
    static PLAN: OnceLock<Arc<Plan>> = OnceLock::new();
    let folder = project().join("plan/tianjin-2021-2025");
    Arc::clone(PLAN.get_or_init(|| Arc::new(plan::load(&folder).unwrap())))
}

pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The second of a test's own time.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + second).unwrap()
}

impl Centre {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        Self { folder, store: store::testing::open().await, lake, plan: tianjin() }
    }

    /// Records a list of organisations: CSV with the header of the registry's lists.
    pub(crate) async fn organisations(&self, csv: &str, recorded_at: Timestamp) {
        let (list, findings) = network::read_list("organisations", csv.as_bytes());
        assert!(findings.is_empty(), "{findings:?}");
        network::record(&self.store, &list.changes(), recorded_at, jiff::tz::Offset::UTC)
            .await
            .unwrap();
    }

    /// Writes rows of a dataset: CSV with some of its columns; see [`facts`].
    pub(crate) async fn facts(&self, dataset: &str, csv: &str, mode: Mode) {
        let dataset = self.plan.datasets.get(dataset).unwrap_or_else(|| panic!("no {dataset}"));
        let history = network::history(&self.store).await.unwrap();
        let table = self.lake.table(dataset).await.unwrap();
        let mut writes: Vec<PartitionWrite> = Vec::new();
        for ((year, area), block) in facts::blocks(dataset, csv, &history) {
            let write = table.write_partition(year, &area, &block, mode).unwrap();
            assert!(write.duplicates.is_empty(), "{}: {:?}", dataset.name, write.duplicates);
            writes.push(write);
        }
        table.commit(writes, CommitNote::new(), at(0)).await.unwrap();
    }

    pub(crate) async fn publish(&self, now: Timestamp) -> Publication {
        release::publish(&self.store, &self.lake, &self.plan, now).await.unwrap()
    }

    /// A release in memory, with nothing withheld.
    pub(crate) async fn load(&self, release: Release) -> Published {
        self.load_public(release).await.in_full()
    }

    /// A release in memory, as the public sees it.
    pub(crate) async fn load_public(&self, release: Release) -> Published {
        let progress: release::Progress = Arc::new(|_| {});
        let plan = Arc::clone(&self.plan);
        Published::load(&self.store, &self.lake, plan, release, progress).await.unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

pub(crate) fn org(code: &str) -> OrgCode {
    code.parse().unwrap()
}

/// Value, numerator, denominator, coverage and observation, as the case files write them.
pub(crate) fn words(figure: Option<&Figure>) -> [String; 5] {
    let Some(figure) = figure else {
        return ["none".to_owned(), String::new(), String::new(), String::new(), String::new()];
    };
    let digits = |it: Option<model::Decimal>| it.map_or(String::new(), |it| it.to_string());
    [
        digits(figure.value),
        digits(figure.numerator),
        digits(figure.denominator),
        figure.coverage.to_string(),
        figure.observation.as_str().to_owned(),
    ]
}
