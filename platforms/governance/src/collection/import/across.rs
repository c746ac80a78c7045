//! Keys across areas: one pupil on the rolls of two districts, in one file or in two.
//!
//! They lie on the disk beside the staged rows, in buckets by hash, so that a file of any length is looked at in the
//! same memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use lake::{Keys, Stage, Table};
use model::dataset::{ColumnKind, Dataset};
use model::year::Year;

use super::ImportError;

/// Files that the keys of a year are spread over.
const BUCKETS: u128 = 16;

/// Keys that are looked for in a partition at once: 16 MB.
const AT_ONCE: usize = 1_000_000;

/// What the areas of a year have to do with each other.
#[derive(Debug)]
pub(super) struct Across {
    folder: PathBuf,
    again: BTreeMap<(Year, String), Vec<Again>>,
    areas: BTreeMap<Year, Vec<String>>,
}

/// A row that comes again in another area of its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Again {
    /// Position among the staged rows of its partition.
    pub(super) position: usize,
    pub(super) row: u64,
    pub(super) first_row: u64,
}

/// A staged row: its key, its number in the file, its area among those of the year, its position there.
type Staged = (u128, u64, u32, u32);

impl Across {
    /// Looks at the keys of all staged rows, one partition and then one bucket at a time.
    pub(super) fn of(dataset: &Dataset, stage: &Stage) -> Result<Self, ImportError> {
        let mut areas: BTreeMap<Year, Vec<String>> = BTreeMap::new();
        for (year, area, _) in stage.partitions() {
            areas.entry(year).or_default().push(area.to_owned());
        }
        let folder = stage.folder().to_owned();
        let mut across = Self { folder, again: BTreeMap::new(), areas };
        let is_asked = !names_organisation(dataset);
        for (year, areas) in across.areas.clone() {
            let mut buckets = across.buckets(year)?;
            for (number, area) in (0_u32..).zip(&areas) {
                let (mut positions, mut done) = (0_u32.., Ok(()));
                stage.each(year, area, |block| {
                    let rows = Keys::each(dataset, block).into_iter().zip(&block.rows);
                    for ((key, row), position) in rows.zip(&mut positions) {
                        if let (Ok(()), Some((path, writer))) =
                            (&done, buckets.get_mut(bucket_of(key)))
                        {
                            done =
                                write(writer, (key, *row, number, position)).map_err(failed(path));
                        }
                    }
                })?;
                done?;
            }
            for (path, mut writer) in buckets {
                writer.flush().map_err(failed(&path))?;
                drop(writer);
                if is_asked {
                    across.find_again(year, &path)?;
                }
            }
        }
        across.again.values_mut().for_each(|it| it.sort_unstable_by_key(|it| it.row));
        Ok(across)
    }

    fn buckets(&self, year: Year) -> Result<Vec<(PathBuf, BufWriter<File>)>, ImportError> {
        let open = |path: PathBuf| {
            let file = File::create(&path).map_err(failed(&path))?;
            Ok((path, BufWriter::new(file)))
        };
        self.paths(year).map(open).collect()
    }

    fn paths(&self, year: Year) -> impl Iterator<Item = PathBuf> {
        (0..BUCKETS).map(move |it| self.folder.join(format!("keys-{year}-{it}")))
    }

    /// Notes the rows whose key another area had first, and takes them out of their bucket: a row that is kept out
    /// of one area takes nothing away from another.
    fn find_again(&mut self, year: Year, path: &Path) -> Result<(), ImportError> {
        let mut rows = Vec::new();
        read(path, |it| rows.push(it))?;
        rows.sort_unstable();
        let mut out = BTreeSet::new();
        for same in rows.chunk_by(|a, b| a.0 == b.0) {
            let Some(((_, first_row, home, _), rest)) = same.split_first() else { continue };
            // Within one area the lake finds them.
            for (_, row, area, position) in rest.iter().filter(|it| it.2 != *home) {
                let number = usize::try_from(*area).unwrap_or(usize::MAX);
                let Some(name) = self.areas.get(&year).and_then(|it| it.get(number)) else {
                    continue;
                };
                let place = usize::try_from(*position).unwrap_or(usize::MAX);
                let again = Again { position: place, row: *row, first_row: *first_row };
                self.again.entry((year, name.clone())).or_default().push(again);
                out.insert((*area, *position));
            }
        }
        if out.is_empty() {
            return Ok(());
        }
        let mut writer = BufWriter::new(File::create(path).map_err(failed(path))?);
        for row in rows.into_iter().filter(|it| !out.contains(&(it.2, it.3))) {
            write(&mut writer, row).map_err(failed(path))?;
        }
        writer.flush().map_err(failed(path))
    }

    /// The rows of a partition that another area of the file had first.
    pub(super) fn again(&self, year: Year, area: &str) -> &[Again] {
        self.again.get(&(year, area.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The keys in a partition of the table that the file holds in other areas of the year: what they name is gone.
    pub(super) fn gone(&self, table: &Table, year: Year, area: &str) -> Result<Keys, ImportError> {
        if !table.has_partition(year, area) {
            return Ok(Keys::default());
        }
        let areas = self.areas.get(&year).into_iter().flatten();
        let own = areas.zip(0_u32..).find(|(it, _)| it.as_str() == area).map(|(_, number)| number);
        let mut gone = Vec::new();
        let mut others = Vec::new();
        for path in self.paths(year) {
            read(&path, |(key, _, number, _)| {
                if Some(number) != own {
                    others.push(key);
                }
            })?;
            if others.len() >= AT_ONCE {
                gone.extend(table.among(year, area, &Keys::all(std::mem::take(&mut others)))?);
            }
        }
        gone.extend(table.among(year, area, &Keys::all(others))?);
        Ok(Keys::all(gone))
    }
}

/// Whether the key names the organisation, so that no two areas can share one in one file.
fn names_organisation(dataset: &Dataset) -> bool {
    let columns = dataset.columns.iter();
    let mut organisation = columns.filter(|it| matches!(it.kind, ColumnKind::Organisation));
    organisation.any(|it| dataset.key.contains(&it.name))
}

fn bucket_of(key: u128) -> usize {
    usize::try_from(key % BUCKETS).unwrap_or_default()
}

fn write(writer: &mut impl Write, (key, row, area, position): Staged) -> std::io::Result<()> {
    writer.write_all(&key.to_le_bytes())?;
    writer.write_all(&row.to_le_bytes())?;
    writer.write_all(&area.to_le_bytes())?;
    writer.write_all(&position.to_le_bytes())
}

/// Reads a bucket; one that was never made has nothing.
fn read(path: &Path, mut take: impl FnMut(Staged)) -> Result<(), ImportError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(failed(path))?,
    };
    let mut reader = BufReader::new(file);
    let (mut key, mut row, mut area, mut position) = ([0; 16], [0; 8], [0; 4], [0; 4]);
    loop {
        match reader.read_exact(&mut key) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            read => read.map_err(failed(path))?,
        }
        for part in [row.as_mut_slice(), &mut area, &mut position] {
            reader.read_exact(part).map_err(failed(path))?;
        }
        let (area, position) = (u32::from_le_bytes(area), u32::from_le_bytes(position));
        take((u128::from_le_bytes(key), u64::from_le_bytes(row), area, position));
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> ImportError {
    let path = path.to_owned();
    move |source| ImportError::File { path, source }
}
