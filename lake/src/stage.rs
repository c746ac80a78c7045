//! A place for rows between a source and the table, sorted out by partition, in bounded memory.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Year;
use model::block::{Block, Cells};
use model::dataset::Dataset;
use serde::{Deserialize, Serialize};

use crate::LakeError;
use crate::columns::CellsBuilder;
use crate::partition::{Order, Part, picked};

/// Cells kept in memory before they go to disk: about 32 MB.
const CELLS_IN_MEMORY: usize = 2_000_000;

/// Rows of one frame on the disk. Few: a frame of every run is in memory at once.
const FRAME: usize = 2_048;

/// Rows on their way into a table. The folder goes when it is dropped.
#[derive(Debug)]
pub struct Stage {
    dataset: Dataset,
    order: Order,
    folder: Folder,
    waiting: BTreeMap<(Year, String), Vec<Block>>,
    cells: usize,
    rows: BTreeMap<(Year, String), u64>,
    spilled: BTreeMap<(Year, String), Spilled>,
}

/// All rows of a source, those of a partition in the order of its data file. The folder goes when it is dropped.
#[derive(Debug)]
pub struct Staged {
    folder: Folder,
    laid: BTreeMap<(Year, String), Block>,
    rows: BTreeMap<(Year, String), u64>,
    spilled: BTreeMap<(Year, String), Spilled>,
}

/// Rows of one partition on the disk: runs, each of them in order, an earlier one of earlier rows.
#[derive(Debug)]
pub(crate) struct Spilled {
    pub(crate) path: PathBuf,
    pub(crate) runs: Vec<Range<u64>>,
}

#[derive(Debug)]
struct Folder(PathBuf);

#[derive(Serialize, Deserialize)]
struct Frame {
    rows: Vec<u64>,
    columns: Vec<Column>,
}

#[derive(Serialize, Deserialize)]
enum Column {
    Numbers(Vec<Option<i64>>),
    Words { at: Vec<Option<u32>>, words: Vec<String> },
}

impl Stage {
    /// Opens a stage in a folder of its own, which must not exist yet.
    pub fn open(dataset: &Dataset, folder: &Path) -> Result<Self, LakeError> {
        fs::create_dir_all(folder).map_err(LakeError::file("make", folder))?;
        Ok(Self {
            dataset: dataset.clone(),
            order: Order::of(dataset),
            folder: Folder(folder.to_owned()),
            waiting: BTreeMap::new(),
            cells: 0,
            rows: BTreeMap::new(),
            spilled: BTreeMap::new(),
        })
    }

    /// Takes rows of one partition.
    pub fn push(&mut self, year: Year, area: &str, block: Block) -> Result<(), LakeError> {
        if block.is_empty() {
            return Ok(());
        }
        let partition = (year, area.to_owned());
        *self.rows.entry(partition.clone()).or_default() +=
            u64::try_from(block.len()).unwrap_or_default();
        self.cells += block.len() * (block.columns.len() + 1);
        self.waiting.entry(partition).or_default().push(block);
        if self.cells > CELLS_IN_MEMORY { self.spill() } else { Ok(()) }
    }

    /// The rows, after the last. What fits in memory stays there.
    pub fn end(mut self) -> Result<Staged, LakeError> {
        if !self.spilled.is_empty() {
            self.spill()?;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let laid = waiting.into_iter().map(|(partition, blocks)| {
            let block = together(&self.dataset, blocks);
            let order = self.order.sorted(&block);
            let block = if order.is_sorted() { block } else { picked(&block, &order) };
            (partition, block)
        });
        Ok(Staged {
            laid: laid.collect(),
            folder: self.folder,
            rows: self.rows,
            spilled: self.spilled,
        })
    }

    /// A run of every partition that has rows in memory.
    fn spill(&mut self) -> Result<(), LakeError> {
        for (partition, blocks) in std::mem::take(&mut self.waiting) {
            let name = format!("{}-{}", partition.0, partition.1);
            let spilled = self
                .spilled
                .entry(partition)
                .or_insert_with(|| Spilled { path: self.folder.0.join(name), runs: Vec::new() });
            let path = &spilled.path;
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .map_err(LakeError::file("open", path))?;
            let start = spilled.runs.last().map_or(0, |it| it.end);
            let mut end = start;
            let block = together(&self.dataset, blocks);
            for rows in self.order.sorted(&block).chunks(FRAME) {
                let bytes = frame(picked(&block, rows));
                let length = u64::try_from(bytes.len()).unwrap_or_default();
                file.write_all(&length.to_le_bytes())
                    .and_then(|()| file.write_all(&bytes))
                    .map_err(LakeError::file("write", path))?;
                end += 8 + length;
            }
            spilled.runs.push(start..end);
        }
        self.cells = 0;
        Ok(())
    }
}

impl Staged {
    /// Where what belongs to these rows may be put; it goes with them.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The partitions that have rows, and how many.
    pub fn partitions(&self) -> impl Iterator<Item = (Year, &str, u64)> {
        self.rows.iter().map(|((year, area), rows)| (*year, area.as_str(), *rows))
    }

    /// The rows of one partition, of which there may be none.
    pub fn part(&self, year: Year, area: &str) -> Result<Part<'_>, LakeError> {
        let partition = (year, area.to_owned());
        Part::staged(self.laid.get(&partition), self.spilled.get(&partition))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(error = %error, "a staging folder could not be removed");
        }
    }
}

/// Several blocks as one, in their order.
fn together(dataset: &Dataset, blocks: Vec<Block>) -> Block {
    let count = blocks.iter().map(Block::len).sum();
    let builder = |it: &model::dataset::Column| CellsBuilder::with_room(&it.kind, count);
    let mut builders: Vec<CellsBuilder> = dataset.columns.iter().map(builder).collect();
    let mut rows = Vec::with_capacity(count);
    for block in blocks {
        rows.extend(block.rows);
        for (builder, cells) in builders.iter_mut().zip(block.columns) {
            builder.push_cells(&cells);
        }
    }
    Block { rows, columns: builders.into_iter().map(CellsBuilder::finish).collect() }
}

fn frame(block: Block) -> Vec<u8> {
    let column = |it| match it {
        Cells::Numbers(cells) => Column::Numbers(cells),
        Cells::Words { at, words } => Column::Words { at, words: words.to_vec() },
    };
    let frame =
        Frame { rows: block.rows, columns: block.columns.into_iter().map(column).collect() };
    postcard::to_stdvec(&frame).unwrap_or_default()
}

/// The frame at a place of a file, which goes on to the next.
pub(crate) fn read_frame(file: &File, path: &Path, place: &mut u64) -> Result<Block, LakeError> {
    let mut length = [0; 8];
    file.read_exact_at(&mut length, *place).map_err(LakeError::file("read", path))?;
    let length = u64::from_le_bytes(length);
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    file.read_exact_at(&mut bytes, *place + 8).map_err(LakeError::file("read", path))?;
    *place += 8 + length;
    let broken = |it: postcard::Error| {
        LakeError::file("read", path)(std::io::Error::new(std::io::ErrorKind::InvalidData, it))
    };
    let frame: Frame = postcard::from_bytes(&bytes).map_err(broken)?;
    let cells = |it| match it {
        Column::Numbers(cells) => Cells::Numbers(cells),
        Column::Words { at, words } => Cells::Words { at, words: Arc::new(words) },
    };
    Ok(Block { rows: frame.rows, columns: frame.columns.into_iter().map(cells).collect() })
}
