//! A place for rows between a source and the table, sorted out by partition, in bounded memory.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Year;
use model::block::{Block, Cells};
use model::dataset::Dataset;
use serde::{Deserialize, Serialize};

use crate::LakeError;
use crate::columns::CellsBuilder;

/// Cells kept in memory before they go to disk: about 64 MB.
const CELLS_IN_MEMORY: usize = 4_000_000;

/// Rows on their way into a table. The folder goes when it is dropped.
#[derive(Debug)]
pub struct Stage {
    dataset: Dataset,
    folder: PathBuf,
    waiting: BTreeMap<(Year, String), Vec<Block>>,
    cells: usize,
    rows: BTreeMap<(Year, String), u64>,
    spilled: BTreeMap<(Year, String), PathBuf>,
}

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
            folder: folder.to_owned(),
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

    /// Where what belongs to these rows may be put; it goes with them.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The partitions that have rows, and how many.
    pub fn partitions(&self) -> impl Iterator<Item = (Year, &str, u64)> {
        self.rows.iter().map(|((year, area), rows)| (*year, area.as_str(), *rows))
    }

    /// All rows of one partition, in the order they came.
    pub fn take(&self, year: Year, area: &str) -> Result<Block, LakeError> {
        let count = self.rows.get(&(year, area.to_owned())).copied().unwrap_or_default();
        let count = usize::try_from(count).unwrap_or_default();
        let builder = |it: &model::dataset::Column| CellsBuilder::with_room(&it.kind, count);
        let mut builders: Vec<CellsBuilder> = self.dataset.columns.iter().map(builder).collect();
        let mut rows = Vec::with_capacity(count);
        self.each(year, area, |block| {
            rows.extend_from_slice(&block.rows);
            for (builder, cells) in builders.iter_mut().zip(&block.columns) {
                builder.push_cells(cells);
            }
        })?;
        Ok(Block { rows, columns: builders.into_iter().map(CellsBuilder::finish).collect() })
    }

    /// The rows of one partition in the order they came, some at a time.
    pub fn each(
        &self,
        year: Year,
        area: &str,
        mut take: impl FnMut(&Block),
    ) -> Result<(), LakeError> {
        let partition = (year, area.to_owned());
        if let Some(path) = self.spilled.get(&partition) {
            let file = File::open(path).map_err(LakeError::file("open", path))?;
            let mut reader = BufReader::new(file);
            while let Some(block) = read_frame(&mut reader, path)? {
                take(&block);
            }
        }
        self.waiting.get(&partition).into_iter().flatten().for_each(take);
        Ok(())
    }

    fn spill(&mut self) -> Result<(), LakeError> {
        for (partition, blocks) in std::mem::take(&mut self.waiting) {
            let name = format!("{}-{}", partition.0, partition.1);
            let path =
                self.spilled.entry(partition).or_insert_with(|| self.folder.join(name)).clone();
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(LakeError::file("open", &path))?;
            for block in blocks {
                let bytes = frame(block);
                let length = u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes();
                file.write_all(&length)
                    .and_then(|()| file.write_all(&bytes))
                    .map_err(LakeError::file("write", &path))?;
            }
        }
        self.cells = 0;
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(error = %error, "a staging folder could not be removed");
        }
    }
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

fn read_frame(reader: &mut impl Read, path: &Path) -> Result<Option<Block>, LakeError> {
    let mut length = [0; 8];
    match reader.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(LakeError::file("read", path)(error)),
    }
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or_default();
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).map_err(LakeError::file("read", path))?;
    let broken = |it: postcard::Error| {
        LakeError::file("read", path)(std::io::Error::new(std::io::ErrorKind::InvalidData, it))
    };
    let frame: Frame = postcard::from_bytes(&bytes).map_err(broken)?;
    let cells = |it| match it {
        Column::Numbers(cells) => Cells::Numbers(cells),
        Column::Words { at, words } => Cells::Words { at, words: Arc::new(words) },
    };
    Ok(Some(Block { rows: frame.rows, columns: frame.columns.into_iter().map(cells).collect() }))
}
