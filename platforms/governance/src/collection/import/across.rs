//! Keys across organisations: one pupil on the rolls of two schools, in one file or in two.
//!
//! They lie on the disk beside the staged rows, in buckets by hash, so that a file of any length is looked at in the
//! same memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lake::{Again, Gone, Home, Kept, Staged, Table};
use model::dataset::Dataset;
use model::year::Year;

use super::ImportError;
use super::buckets::{Buckets, failed, read};

/// Rows whose keys are in memory at once: 6 MB.
const AT_ONCE: u64 = 131_072;

/// Files that the keys of a year are spread over at most, each of which is open.
const MOST: u64 = 32;

/// What the organisations of a year have to do with each other.
#[derive(Debug)]
pub(super) struct Across {
    folder: PathBuf,
    again: BTreeMap<(Year, String), Vec<Again>>,
    areas: BTreeMap<Year, Vec<String>>,
    /// Files that the keys of a year are spread over.
    buckets: u64,
    /// Whether no two organisations can share a key.
    is_apart: bool,
}

impl Across {
    /// Looks at the keys of all staged rows, one partition and then one bucket at a time.
    pub(super) fn of(dataset: &Dataset, staged: &Staged) -> Result<Self, ImportError> {
        let mut areas: BTreeMap<Year, Vec<String>> = BTreeMap::new();
        for (year, area, _) in staged.partitions() {
            areas.entry(year).or_default().push(area.to_owned());
        }
        let folder = staged.folder().to_owned();
        let is_apart = lake::names_organisation(dataset);
        let rows: u64 = staged.partitions().map(|it| it.2).sum();
        let buckets = rows.div_ceil(AT_ONCE).clamp(1, MOST);
        let mut across = Self { folder, again: BTreeMap::new(), areas, buckets, is_apart };
        for (year, areas) in across.areas.clone() {
            let mut buckets = Buckets::make(across.homes(year))?;
            for (number, area) in (0_u32..).zip(&areas) {
                staged.part(year, area)?.each(|block| {
                    let mut homes = Home::each(dataset, number, block).into_iter();
                    homes.try_for_each(|it| buckets.put(&it))
                })?;
            }
            buckets.end()?;
            if !is_apart {
                for path in across.homes(year) {
                    across.find_again(year, &path)?;
                }
            }
        }
        across.again.values_mut().for_each(|it| it.sort_unstable_by_key(|it| it.row));
        Ok(across)
    }

    /// The buckets of the file's rows of a year.
    fn homes(&self, year: Year) -> Vec<PathBuf> {
        self.paths(&format!("homes-{year}"))
    }

    fn paths(&self, name: &str) -> Vec<PathBuf> {
        (0..self.buckets).map(|it| self.folder.join(format!("{name}-{it}"))).collect()
    }

    /// Notes the rows whose key another organisation had first, and takes them out of their bucket: a row that is
    /// kept out of one takes nothing away from another.
    fn find_again(&mut self, year: Year, path: &Path) -> Result<(), ImportError> {
        let mut homes = all(path)?;
        let again = Home::again(&mut homes);
        if again.is_empty() {
            return Ok(());
        }
        for it in again {
            let number = usize::try_from(it.area).unwrap_or(usize::MAX);
            if let Some(area) = self.areas.get(&year).and_then(|it| it.get(number)) {
                self.again.entry((year, area.clone())).or_default().push(it);
            }
        }
        let mut left = Buckets::make(vec![path.to_owned()])?;
        homes.into_iter().try_for_each(|it| left.put(&it))?;
        left.end()
    }

    /// The rows of a partition that another organisation of the file had first.
    pub(super) fn again(&self, year: Year, area: &str) -> &[Again] {
        self.again.get(&(year, area.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The keys in each partition of the table that the file holds elsewhere in the year, but for those `kept_out`:
    /// what they name is gone.
    pub(super) fn gone(
        &self,
        table: &Table,
        kept_out: &BTreeMap<Year, BTreeSet<u128>>,
    ) -> Result<BTreeMap<(Year, String), Gone>, ImportError> {
        let mut gone = BTreeMap::new();
        for (year, areas) in &self.areas {
            let there = table.files().iter().filter(|it| it.year == *year).map(|it| &it.area);
            // Nothing leaves the only area there is for one of its own.
            let is_left = |it: &&String| !(self.is_apart && areas == std::slice::from_ref(*it));
            let there: BTreeSet<&String> = there.filter(is_left).collect();
            let mut of_year: Vec<(&String, Option<u32>, Gone)> = Vec::new();
            for area in there {
                let own = areas.iter().zip(0_u32..).find(|it| it.0 == area).map(|it| it.1);
                of_year.push((area, own, Gone::default()));
            }
            self.find_gone(table, *year, kept_out.get(year), &mut of_year)?;
            let ended = of_year.into_iter().map(|(area, _, it)| ((*year, area.clone()), it.end()));
            gone.extend(ended.filter(|it| !it.1.is_empty()));
        }
        Ok(gone)
    }

    /// What is there is spread like what is new, so that each key is looked for in one bucket.
    fn find_gone(
        &self,
        table: &Table,
        year: Year,
        kept_out: Option<&BTreeSet<u128>>,
        gone: &mut [(&String, Option<u32>, Gone)],
    ) -> Result<(), ImportError> {
        if gone.is_empty() {
            return Ok(());
        }
        let there = self.paths(&format!("kept-{year}"));
        let mut buckets = Buckets::make(there.clone())?;
        for ((area, ..), number) in gone.iter().zip(0_u32..) {
            table.each_kept(year, area, |it| buckets.put(&(number, it)))?;
        }
        buckets.end()?;
        for (homes, there) in self.homes(year).iter().zip(there) {
            let mut homes = all(homes)?;
            homes.retain(|it| !kept_out.is_some_and(|out| out.contains(&it.key)));
            homes.sort_unstable();
            read(&there, |(number, row): (u32, Kept)| {
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                if let Some((_, own, gone)) = gone.get_mut(number) {
                    gone.look(row, *own, &homes);
                }
            })?;
            fs::remove_file(&there).map_err(failed(&there))?;
        }
        Ok(())
    }
}

/// The rows of a bucket.
fn all(path: &Path) -> Result<Vec<Home>, ImportError> {
    let mut homes = Vec::new();
    read(path, |it| homes.push(it))?;
    Ok(homes)
}
