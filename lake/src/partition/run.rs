//! Runs: rows in the order of a data file, some at a time.

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use arrow::array::{NullArray, RecordBatch};
use model::block::{Block, Cells};
use model::dataset::ColumnKind;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::order::Order;
use crate::LakeError;
use crate::columns::CellsBuilder;
use crate::stage::{self, Spilled};
use crate::table::{DataFile, Table};

/// Rows of a run that are in memory at once.
pub(crate) const AT_ONCE: usize = 8_192;

/// Rows in order, in blocks of no more than [`AT_ONCE`].
pub(super) type Run<'a> = Box<dyn Iterator<Item = Result<Block, LakeError>> + 'a>;

/// New rows of one partition: those in memory, and those that went to the disk.
#[derive(Debug)]
pub struct Part<'a> {
    laid: Option<(Cow<'a, Block>, Vec<u32>)>,
    spilled: Option<(File, &'a Spilled)>,
}

impl<'a> Part<'a> {
    /// Rows as they come.
    pub(super) fn of(order: &Order, block: &'a Block) -> Self {
        Self { laid: Some((Cow::Borrowed(block), order.sorted(block))), spilled: None }
    }

    /// Rows that are in order, of a stage.
    pub(crate) fn staged(
        block: Option<&'a Block>,
        spilled: Option<&'a Spilled>,
    ) -> Result<Self, LakeError> {
        let rows = |it: &Block| (0..u32::try_from(it.len()).unwrap_or(u32::MAX)).collect();
        let open = |it: &'a Spilled| {
            let file = File::open(&it.path).map_err(LakeError::file("open", &it.path))?;
            Ok((file, it))
        };
        Ok(Self {
            laid: block.map(|it| (Cow::Borrowed(it), rows(it))),
            spilled: spilled.map(open).transpose()?,
        })
    }

    /// Shows all rows, some at a time.
    pub fn each<E: From<LakeError>>(
        &self,
        mut show: impl FnMut(&Block) -> Result<(), E>,
    ) -> Result<(), E> {
        self.runs().into_iter().flatten().try_for_each(|block| show(&block?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spilled.is_none() && self.laid.as_ref().is_none_or(|it| it.0.is_empty())
    }

    /// The rows from their beginning. Of those with one place, an earlier run has the earlier.
    pub(super) fn runs(&self) -> Vec<Run<'_>> {
        let mut runs: Vec<Run<'_>> = Vec::new();
        if let Some((file, spilled)) = &self.spilled {
            let run =
                |it: &Range<u64>| -> Run<'_> { Box::new(frames(file, &spilled.path, it.clone())) };
            runs.extend(spilled.runs.iter().map(run));
        }
        if let Some((block, order)) = &self.laid {
            runs.push(Box::new(order.chunks(AT_ONCE).map(|it| Ok(picked(block, it)))));
        }
        runs
    }
}

fn frames<'a>(
    file: &'a File,
    path: &'a Path,
    mut place: Range<u64>,
) -> impl Iterator<Item = Result<Block, LakeError>> + 'a {
    std::iter::from_fn(move || {
        if place.is_empty() {
            return None;
        }
        Some(stage::read_frame(file, path, &mut place.start))
    })
}

/// The rows of a block at some positions, with only the words they use.
pub(crate) fn picked(block: &Block, order: &[u32]) -> Block {
    let positions = || order.iter().filter_map(|it| usize::try_from(*it).ok());
    let columns = block.columns.iter().map(|cells| {
        let mut builder = CellsBuilder::like(cells, order.len());
        builder.push_picked(cells, positions());
        builder.finish()
    });
    let row = |it: usize| block.rows.get(it).copied().unwrap_or_default();
    Block { columns: columns.collect(), rows: positions().map(row).collect() }
}

impl Table {
    /// The rows of a data file. Row numbers are zero: they have no source row.
    ///
    /// # Errors
    /// [`LakeError::Disorder`] when they do not stand in the order they are written in.
    pub(crate) fn run<'a>(
        &'a self,
        order: &'a Order,
        file: &'a DataFile,
    ) -> Result<impl Iterator<Item = Result<Block, LakeError>> + 'a, LakeError> {
        let path = self.folder.join(&file.path);
        let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(opened)
            .and_then(|it| it.with_batch_size(AT_ONCE).build())
            .map_err(LakeError::parquet(&path))?;
        let mut last = None;
        Ok(reader.map(move |batch| {
            let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
            let block = self.block(file, &batch);
            let Some(end) = block.len().checked_sub(1) else { return Ok(block) };
            let first = order.place(&block, 0);
            if last.as_ref().is_some_and(|it| *it > first) || !order.is_sorted(&block) {
                return Err(LakeError::Disorder { path: path.clone() });
            }
            last = Some(order.place(&block, end));
            Ok(block)
        }))
    }

    fn block(&self, file: &DataFile, batch: &RecordBatch) -> Block {
        let rows = batch.num_rows();
        let cells = |column: &model::dataset::Column| {
            if matches!(column.kind, ColumnKind::Year) {
                return Cells::Numbers(vec![Some(i64::from(file.year.number())); rows]);
            }
            let mut builder = CellsBuilder::with_room(&column.kind, rows);
            match batch.column_by_name(&column.name) {
                Some(array) => builder.push_array(array),
                // The table gained the column later.
                None => builder.push_array(&NullArray::new(rows)),
            }
            builder.finish()
        };
        Block { columns: self.dataset.columns.iter().map(cells).collect(), rows: vec![0; rows] }
    }
}
