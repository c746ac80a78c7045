//! Keys across organisations: one pupil on the rolls of two schools, in one file or in two.
//!
//! They lie on the disk beside the staged rows, in buckets by hash, so that a file of any length is looked at in the
//! same memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lake::{Again, DataFile, Gone, Home, Homes, Kept, Staged, Table};
use model::dataset::Dataset;
use model::year::Year;

use super::super::organisations::Organisations;
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
    /// By year: hashes of the organisations that rows may be taken away from. Without a year: from all.
    own: BTreeMap<Year, BTreeSet<u64>>,
}

/// What a file has to do with rows of other partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elsewhere {
    /// The keys in each partition of the table that the file holds elsewhere in the year: what they name is gone.
    pub(super) gone: BTreeMap<(Year, String), Gone>,
    /// The file's rows, by number and key, whose key is held by an organisation that it may take nothing away from.
    pub(super) held: BTreeMap<(Year, String), Vec<(u64, u128)>>,
}

impl Elsewhere {
    pub(super) fn held(&self, year: Year, area: &str) -> &[(u64, u128)] {
        self.held.get(&(year, area.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// What was found in a partition of the table.
struct Found<'a> {
    area: &'a String,
    /// Its number among the file's areas of the year, if it is one of them.
    own: Option<u32>,
    gone: Gone,
}

impl Across {
    /// Looks at the keys of all staged rows, one partition and then one bucket at a time.
    pub(super) fn of(
        dataset: &Dataset,
        organisations: &Organisations<'_>,
        staged: &Staged,
    ) -> Result<Self, ImportError> {
        let mut areas: BTreeMap<Year, Vec<String>> = BTreeMap::new();
        for (year, area, _) in staged.partitions() {
            areas.entry(year).or_default().push(area.to_owned());
        }
        let folder = staged.folder().to_owned();
        let is_apart = lake::names_organisation(dataset);
        let rows: u64 = staged.partitions().map(|it| it.2).sum();
        let buckets = rows.div_ceil(AT_ONCE).clamp(1, MOST);
        let own = areas.keys().filter_map(|year| {
            let own = organisations.on(*year)?.own()?;
            Some((*year, own.iter().map(|it| lake::organisation_hash(it)).collect()))
        });
        let (own, again) = (own.collect(), BTreeMap::new());
        let mut across = Self { folder, again, areas, buckets, is_apart, own };
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

    /// What the file has to do with the rows of other partitions, but for its own rows that are `kept_out`.
    pub(super) fn elsewhere(
        &self,
        table: &Table,
        kept_out: &BTreeMap<Year, BTreeSet<(u64, u128)>>,
    ) -> Result<Elsewhere, ImportError> {
        let mut elsewhere = Elsewhere::default();
        for (year, areas) in &self.areas {
            let there = table.files().iter().filter(|it| it.year == *year).map(|it| &it.area);
            let there: BTreeSet<&String> =
                there.filter(|it| self.is_looked_at(areas, it)).collect();
            let mut found: Vec<Found<'_>> = Vec::new();
            for area in there {
                let own = areas.iter().zip(0_u32..).find(|it| it.0 == area).map(|it| it.1);
                found.push(Found { area, own, gone: Gone::default() });
            }
            let held = self.find(table, *year, kept_out.get(year), &mut found)?;
            // What is kept out takes nothing away, wherever its key is too.
            let keys: BTreeSet<u128> = held.iter().map(|it| it.key).collect();
            found.iter_mut().for_each(|it| it.gone.spare(&keys));
            for home in held {
                let number = usize::try_from(home.area).unwrap_or(usize::MAX);
                let area = areas.get(number).cloned().unwrap_or_default();
                elsewhere.held.entry((*year, area)).or_default().push((home.row, home.key));
            }
            let ended = found.into_iter().map(|it| ((*year, it.area.clone()), it.gone.end()));
            elsewhere.gone.extend(ended.filter(|it| !it.1.is_empty()));
        }
        for held in elsewhere.held.values_mut() {
            held.sort_unstable();
            held.dedup();
        }
        Ok(elsewhere)
    }

    /// Nothing leaves the only area there is for one of its own, where no two organisations can share a key.
    fn is_looked_at(&self, areas: &[String], area: &String) -> bool {
        !(self.is_apart && areas == std::slice::from_ref(area))
    }

    /// Looks at what is there; gives the file's rows whose key is held where the file may take nothing away.
    fn find(
        &self,
        table: &Table,
        year: Year,
        kept_out: Option<&BTreeSet<(u64, u128)>>,
        found: &mut [Found<'_>],
    ) -> Result<Vec<Home>, ImportError> {
        let mut held = Vec::new();
        let own = self.own.get(&year);
        let mut look = |homes: &Homes, found: &mut Found<'_>, row: Kept| {
            let brought = homes.with(row.key);
            if brought.is_empty() {
                return;
            }
            if own.is_none_or(|it| it.contains(&row.organisation)) {
                found.gone.look(row, found.own, homes);
            } else {
                held.extend_from_slice(brought);
            }
        };
        let homes_in = |path: &Path| {
            let mut homes = all(path)?;
            homes.retain(|it| !kept_out.is_some_and(|out| out.contains(&(it.row, it.key))));
            Ok::<_, ImportError>(Homes::of(homes))
        };
        let homes = self.homes(year);
        if let [only] = homes.as_slice() {
            let homes = homes_in(only)?;
            for found in found {
                let area = found.area;
                table.each_kept_among(year, area, &homes, |row| {
                    look(&homes, found, row);
                    Ok::<(), ImportError>(())
                })?;
            }
            return Ok(held);
        }
        // What is there is spread like what is new, so that each key is looked for in one bucket.
        let there = self.paths(&format!("kept-{year}"));
        let mut buckets = Buckets::make(there.clone())?;
        for (it, number) in found.iter().zip(0_u32..) {
            table.each_kept(year, it.area, |it| buckets.put(&(number, it)))?;
        }
        buckets.end()?;
        for (homes, there) in homes.iter().zip(there) {
            let homes = homes_in(homes)?;
            read(&there, |(number, row): (u32, Kept)| {
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                if let Some(found) = found.get_mut(number) {
                    look(&homes, found, row);
                }
            })?;
            fs::remove_file(&there).map_err(failed(&there))?;
        }
        Ok(held)
    }

    /// Whether what was worked out against one version of the table is right for a later one: nothing that the file
    /// changes, or could have been kept from by, has changed in between.
    pub(super) fn holds(
        &self,
        before: &Table,
        now: &Table,
        elsewhere: &Elsewhere,
    ) -> Result<bool, ImportError> {
        for (year, areas) in &self.areas {
            let of = |table: &Table| -> BTreeSet<DataFile> {
                table.files().iter().filter(|it| it.year == *year).cloned().collect()
            };
            let (before, now_there) = (of(before), of(now));
            let is_touched = |it: &DataFile| {
                let partition = (it.year, it.area.clone());
                areas.contains(&it.area) || elsewhere.gone.contains_key(&partition)
            };
            let mut changed = before.symmetric_difference(&now_there).peekable();
            // Whoever held a key may not hold it any more.
            let is_kept_from = elsewhere.held.keys().any(|it| it.0 == *year);
            if (is_kept_from && changed.peek().is_some()) || changed.any(is_touched) {
                return Ok(false);
            }
            let mut later =
                now_there.difference(&before).filter(|it| self.is_looked_at(areas, &it.area));
            let homes = self.homes(*year);
            let [homes] = homes.as_slice() else {
                // The keys of a long file are not in memory at once.
                if later.next().is_some() {
                    return Ok(false);
                }
                continue;
            };
            let homes = Homes::of(all(homes)?);
            for file in later {
                if now.has_any(file, &homes)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// The rows of a bucket.
fn all(path: &Path) -> Result<Vec<Home>, ImportError> {
    let mut homes = Vec::new();
    read(path, |it| homes.push(it))?;
    Ok(homes)
}
