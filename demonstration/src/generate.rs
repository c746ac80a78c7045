//! From the city to blocks of rows, several districts and years at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use jiff::civil::Date;
use model::Year;
use model::block::Block;
use model::plan::Plan;

use super::chance::Chance;
use super::desk::Desk;
use super::results::Samples;
use super::rows;
use super::{City, wide};

/// Rows of one dataset, year and district, as they came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub dataset: &'static str,
    pub year: Year,
    /// Code of the district whose schools reported.
    pub area: String,
    pub wave: Wave,
    pub block: Block,
}

/// When rows came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// The yearly return, each dataset, year and district once.
    First,
    /// Later corrections: rows that take the place of earlier ones.
    Late,
}

/// Turns a person's number into what is stored.
pub type Pseudonym<'a> = dyn Fn(&str) -> i64 + Sync + 'a;

/// Takes a block away.
type Sink<'a> = dyn Fn(Batch) -> Result<()> + Sync + 'a;

/// What all jobs share.
struct Supplies<'a> {
    plan: &'a Plan,
    pseudonym: &'a Pseudonym<'a>,
    keys: Vec<i64>,
    samples: Samples,
    sink: &'a Sink<'a>,
}

/// What one thread makes at a time.
#[derive(Clone, Copy)]
enum Job {
    Areas,
    Desk(usize, usize, Wave),
}

impl City {
    /// Rows there will be, nearly; for a progress bar.
    pub fn rows_expected(&self) -> u64 {
        let of_year = |year: usize| {
            let quotas = &self.quotas[year];
            let tested: usize =
                quotas.fitness.iter().map(|it| it.graded + it.ungraded + it.exempt).sum();
            let screened: usize = quotas.vision.iter().map(|it| it.complete + it.incomplete).sum();
            let staff: usize =
                quotas.staff.iter().flatten().map(|it| it.full_time + it.part_time).sum();
            let classes: u64 = quotas.classes.iter().map(|it| u64::from(*it)).sum();
            let students: usize = quotas.postgraduates.iter().map(|it| it.all).sum();
            let seats = self.roll.years[year].seats.len();
            // Spring brings nine of ten again; schools report some four rows of themselves.
            wide(seats + tested + screened * 2 + staff + students + self.schools.len() * 4)
                + classes
        };
        (0..self.quotas.len()).map(of_year).sum()
    }

    /// Whether a district's schools sent corrections of a year later: all of them in the middle year.
    pub(super) fn is_late(&self, year: usize, district: usize) -> bool {
        let mut chance = Chance::new(self.number, &[43]);
        let districts = self.districts.len();
        let first = chance.place(districts);
        let count = self.settings.faults.late_districts;
        year == self.quotas.len() / 2
            && (0..count).any(|it| (first + it * 5) % districts == district)
    }

    /// Makes all rows and hands them to `sink`, block by block, from `threads` threads at once.
    ///
    /// First every block of the first wave, in no particular order, then the corrections.
    /// `pseudonym` turns a person's number into what is stored.
    pub fn generate(
        &self,
        plan: &Plan,
        pseudonym: &Pseudonym<'_>,
        threads: usize,
        sink: &Sink<'_>,
    ) -> Result<()> {
        let keys = self.keys(pseudonym, threads);
        let samples = Samples::new(plan, self.number)?;
        let supplies = Supplies { plan, pseudonym, keys, samples, sink };
        let mut desks = Vec::new();
        for year in 0..self.quotas.len() {
            for district in 0..self.districts.len() {
                desks.push((year, district));
            }
        }
        // The largest first, so that no thread is left with one at the end.
        let size = |(year, district): &(usize, usize)| {
            let here = |at: &usize| self.schools[*at].district_in(*year) == *district;
            let schools = (0..self.schools.len()).filter(here);
            schools.map(|it| self.roll.years[*year].school(it).len()).sum::<usize>()
        };
        desks.sort_by_cached_key(|it| std::cmp::Reverse(size(it)));
        let late = desks.iter().filter(|(year, district)| self.is_late(*year, *district));
        let late: Vec<Job> =
            late.map(|(year, district)| Job::Desk(*year, *district, Wave::Late)).collect();
        let first = desks.iter().map(|(year, district)| Job::Desk(*year, *district, Wave::First));
        let first: Vec<Job> = std::iter::once(Job::Areas).chain(first).collect();
        let make = |job: Job| self.make(&supplies, job);
        run(&first, threads, &make)?;
        run(&late, threads, &make)
    }

    fn make(&self, supplies: &Supplies<'_>, job: Job) -> Result<()> {
        let Supplies { plan, pseudonym, keys, samples, sink } = supplies;
        let batch = |dataset, year: i64, district: usize, wave, block| {
            let written = u16::try_from(year).ok().and_then(Year::new);
            let year = written.with_context(|| format!("{year} is no year of record"))?;
            let area = self.districts[district].code.clone();
            sink(Batch { dataset, year, area, wave, block })
        };
        match job {
            Job::Areas => {
                for rows in self.area_rows() {
                    let block = rows.block(self, plan)?;
                    batch(rows.dataset, rows.year, rows.district, Wave::First, block)?;
                }
                Ok(())
            }
            Job::Desk(year, district, wave) => {
                let quotas = &self.quotas[year];
                let desk = Desk::new(
                    (self, plan),
                    *pseudonym,
                    keys,
                    quotas,
                    (year, district, wave.into()),
                );
                let written = desk.written();
                rows::of_desk(&desk, samples, &mut |dataset, block| {
                    batch(dataset, written, district, wave, block)
                })
            }
        }
    }

    /// What is stored for every pupil.
    fn keys(&self, pseudonym: &Pseudonym<'_>, threads: usize) -> Vec<i64> {
        let start = Date::constant(1970, 1, 1);
        let days: Vec<String> = (0..30_000_i32)
            .map(|it| start.saturating_add(jiff::Span::new().days(it)))
            .map(|it| format!("{:04}{:02}{:02}", it.year(), it.month(), it.day()))
            .collect();
        let pupils = &self.roll.pupils;
        let mut keys = vec![0; pupils.len()];
        let share = pupils.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for (pupils, keys) in pupils.chunks(share).zip(keys.chunks_mut(share)) {
                let days = &days;
                scope.spawn(move || {
                    let mut number = String::with_capacity(19);
                    for (pupil, key) in pupils.iter().zip(keys) {
                        number.clear();
                        // `L`: region, date of birth, four free digits; no check digit to be right.
                        number.push('L');
                        number.push_str(&self.districts[usize::from(pupil.region)].code);
                        number.push_str(&days[usize::from(pupil.birth)]);
                        let serial = pupil.serial;
                        for power in [1000, 100, 10, 1] {
                            let digit = u32::from(serial / power % 10);
                            number.push(char::from_digit(digit, 10).unwrap_or('0'));
                        }
                        *key = pseudonym(&number);
                    }
                });
            }
        });
        keys
    }
}

/// Runs all jobs, each on the next free thread; the first failure ends it.
fn run(jobs: &[Job], threads: usize, make: &(dyn Fn(Job) -> Result<()> + Sync)) -> Result<()> {
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = make(*job) {
                        next.store(jobs.len(), Ordering::Relaxed);
                        if let Ok(mut failure) = failure.lock() {
                            failure.get_or_insert(error);
                        }
                        return;
                    }
                }
            });
        }
    });
    match failure.into_inner() {
        Ok(Some(error)) => Err(error),
        Ok(None) | Err(_) => Ok(()),
    }
}
