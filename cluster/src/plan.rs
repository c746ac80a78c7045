//! The work as a plan: rows that name data files go in, rows with what these left behind come out.
//!
//! The files stand in the rows and not in the operator: a scheduler gives a task its part of the rows, and knows no
//! other way of cutting a leaf.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::array::{Array, BinaryArray, RecordBatch, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::exec_datafusion_err;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, SendableRecordBatchStream,
};
use futures::{StreamExt, TryStreamExt, stream};
use lake::DataFile;
use object_store::ObjectStoreExt;

use crate::codec::{Job, Ready};
use crate::parts::Piece;

/// Files of one part that are fetched while another is scanned.
const AHEAD: usize = 2;

/// Scans the data files that come in.
#[derive(Debug)]
pub(crate) struct StatesExec {
    pub(crate) job: Arc<Job>,
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

/// The position of an order, and bytes: of a data file's name on the way in, of its states on the way out.
fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("order", DataType::UInt32, false),
        Field::new("bytes", DataType::Binary, false),
    ]))
}

fn batch(orders: Vec<u32>, bytes: &[Vec<u8>]) -> Result<RecordBatch> {
    let bytes = BinaryArray::from_iter_values(bytes);
    let columns: Vec<Arc<dyn Array>> = vec![Arc::new(UInt32Array::from(orders)), Arc::new(bytes)];
    Ok(RecordBatch::try_new(schema(), columns)?)
}

/// The rows of a batch, as [`batch`] made them.
pub(crate) fn rows(batch: &RecordBatch) -> Result<Vec<(usize, Vec<u8>)>> {
    let (Some(orders), Some(bytes)) = (
        batch.columns().first().and_then(|it| it.as_any().downcast_ref::<UInt32Array>()),
        batch.columns().get(1).and_then(|it| it.as_any().downcast_ref::<BinaryArray>()),
    ) else {
        return Err(exec_datafusion_err!("rows of another kind came"));
    };
    let position = |it: &u32| usize::try_from(*it).unwrap_or(usize::MAX);
    let bytes = bytes.iter().map(|it| it.unwrap_or_default().to_vec());
    Ok(orders.values().iter().map(position).zip(bytes).collect())
}

/// One partition for each part.
pub(crate) fn of(job: Arc<Job>, parts: &[Vec<Piece>]) -> Result<Arc<dyn ExecutionPlan>> {
    let mut partitions = Vec::new();
    for part in parts {
        let orders = part.iter().map(|(order, _)| u32::try_from(*order).unwrap_or(u32::MAX));
        let files: Vec<Vec<u8>> = part.iter().map(|(_, file)| file.write()).collect();
        partitions.push(vec![batch(orders.collect(), &files)?]);
    }
    let source = MemorySourceConfig::try_new_exec(&partitions, schema(), None)?;
    Ok(Arc::new(StatesExec::over(job, source)))
}

impl StatesExec {
    pub(crate) fn over(job: Arc<Job>, input: Arc<dyn ExecutionPlan>) -> Self {
        let partitioning = input.properties().partitioning.clone();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema()),
            partitioning,
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { job, input, properties: Arc::new(properties) }
    }

    /// The same over other rows.
    fn anew(&self, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.into_iter().next();
        let input = input.ok_or_else(|| exec_datafusion_err!("nothing to scan"))?;
        Ok(Arc::new(Self::over(Arc::clone(&self.job), input)))
    }
}

/// What one file leaves behind.
async fn states(ready: Arc<Ready>, order: usize, file: Vec<u8>) -> Result<RecordBatch> {
    let file = DataFile::read(&file).map_err(failed)?;
    let (dataset, scanner) = ready.scanner(order)?;
    let place = ready.bucket.place(&dataset, &file.path);
    let bytes: Bytes = ready.bucket.store.get(&place).await?.bytes().await?;
    let scanned = tokio::task::spawn_blocking(move || scanner.states(&file, bytes)).await;
    let states = scanned.map_err(failed)?.map_err(failed)?;
    batch(vec![u32::try_from(order).unwrap_or(u32::MAX)], &[states])
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

impl DisplayAs for StatesExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StatesExec")
    }
}

impl ExecutionPlan for StatesExec {
    fn name(&self) -> &'static str {
        "StatesExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.anew(children)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.anew(children)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let ready = self.job.ready()?;
        let files = self.input.execute(partition, context)?;
        let files = files.map(|batch| Ok::<_, DataFusionError>(stream::iter(rows(&batch?)?)));
        let files = files.map_ok(|it| it.map(Ok::<_, DataFusionError>)).try_flatten();
        let scanned = files
            .map_ok(move |(order, file)| states(Arc::clone(&ready), order, file))
            .try_buffered(AHEAD);
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema(), scanned)))
    }
}
