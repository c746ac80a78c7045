//! How the work travels: what is to be computed and from which store, known by scheduler and executors of this version.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::common::exec_datafusion_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use lake::{Order, Scanner};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::bucket::Bucket;
use crate::plan::StatesExec;

/// What our operators begin with on the wire; Ballista's own begin with a field of theirs.
const OURS: &[u8] = b"haihe\0states\0";

/// Jobs whose measures stay planned on an executor.
const MOST_READY: usize = 8;

/// What is to be computed, of files that come as rows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    store: String,
    /// Orders without files, as the lake writes them.
    orders: Vec<u8>,
    #[serde(skip)]
    ready: OnceLock<Arc<Ready>>,
}

/// A job that can be run here: measures planned, store opened.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) bucket: Bucket,
    scanners: Vec<(String, Arc<Scanner>)>,
}

impl Job {
    pub(crate) fn new(store: &Url, orders: &[Order]) -> Self {
        let orders: Vec<Order> = orders.iter().map(Order::without_files).collect();
        Self { store: store.to_string(), orders: Order::write(&orders), ready: OnceLock::new() }
    }

    /// Plans the measures, once.
    pub(crate) fn ready(&self) -> Result<Arc<Ready>> {
        if let Some(ready) = self.ready.get() {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(Ready::of(self).map_err(|it| exec_datafusion_err!("{it:#}"))?);
        Ok(Arc::clone(self.ready.get_or_init(|| ready)))
    }
}

impl Ready {
    fn of(job: &Job) -> anyhow::Result<Self> {
        let bucket = Bucket::open(&job.store.parse()?)?;
        let mut scanners = Vec::new();
        for order in Order::read(&job.orders)? {
            scanners.push((order.dataset().to_owned(), Arc::new(Scanner::of(&order)?)));
        }
        Ok(Self { bucket, scanners })
    }

    /// The dataset of an order, and what scans its files.
    pub(crate) fn scanner(&self, order: usize) -> Result<(String, Arc<Scanner>)> {
        let scanner = self.scanners.get(order).cloned();
        scanner.ok_or_else(|| exec_datafusion_err!("a file of no order came"))
    }
}

/// Ballista's own operators, and ours.
#[derive(Debug, Default)]
pub(crate) struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
    /// By their bytes, so that the tasks of a job share what one of them planned.
    jobs: Mutex<BTreeMap<Vec<u8>, Arc<Job>>>,
}

impl Codec {
    fn job(&self, bytes: &[u8]) -> Result<Arc<Job>> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get(bytes) {
            return Ok(Arc::clone(job));
        }
        let job: Job = postcard::from_bytes(bytes)
            .map_err(|_| exec_datafusion_err!("what came is no job of this version"))?;
        if jobs.len() >= MOST_READY {
            jobs.clear();
        }
        let job = Arc::new(job);
        jobs.insert(bytes.to_vec(), Arc::clone(&job));
        Ok(job)
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(job) = bytes.strip_prefix(OURS) else {
            return self.ballista.try_decode(bytes, inputs, context, converter);
        };
        let input = inputs.first().ok_or_else(|| exec_datafusion_err!("nothing to scan"))?;
        Ok(Arc::new(StatesExec::over(self.job(job)?, Arc::clone(input))))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(ours) = node.downcast_ref::<StatesExec>() else {
            return self.ballista.try_encode(node, bytes, converter);
        };
        bytes.extend_from_slice(OURS);
        let job = postcard::to_stdvec(&*ours.job);
        bytes.extend(job.map_err(|it| DataFusionError::External(Box::new(it)))?);
        Ok(())
    }
}
