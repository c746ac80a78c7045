//! All at once for a long time: readers, corrections, and a server that is stopped, killed and started again.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use super::Gov1;
use super::aim::Aim;
use super::chart::Chart;
use super::correction::{Correction, Sheets, whole_of_city};
use super::http::Connection;
use super::known::KnownFigures;
use super::outcome::Results;
use super::reads::{Reader, Readings};
use super::serving::Serving;
use super::setting::Setting;
use super::spread::{Spread, count};
use super::table::Table;
use crate::project::{command, output};

/// Readers at once, and how long each looks at what it got.
const READERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(20);

/// Between two corrections.
const CORRECTED_EVERY: Duration = Duration::from_secs(20);

/// Between two restarts, as long as there are any.
const RESTARTED_EVERY: Duration = Duration::from_secs(75);

/// A server has done what it does at its start, the first round of the office too.
const SETTLED: Duration = Duration::from_secs(15);

/// Longest that the new figure is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What readers and the one who restarts know of each other.
#[derive(Debug, Default)]
struct Shared {
    /// Odd while no server is expected to answer; each start and stop counts one.
    life: AtomicUsize,
    over: AtomicUsize,
    found: Mutex<Readings>,
}

/// What was seen at one time.
#[derive(Clone, Copy, Debug)]
struct Seen {
    minute: f64,
    now_mib: f64,
    answers: usize,
    p95: f64,
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let minutes = options.soak.context("--soak MINUTES")?.max(1);
    let time = Duration::from_secs(minutes * 60);
    let correction = Correction::prepare(setting)?;
    let sheets = correction.sheets();
    // There and back: from here on every second correction leaves the return as it is now.
    for _ in 0..2 {
        sheets.turn()?;
        correction.apply(&setting.haihe)?;
    }
    let known = KnownFigures::of(setting, &correction.centre)?;
    let serving = Serving::start(&setting.haihe, &correction.centre)?;
    sleep(SETTLED);
    let before = figures(setting, &correction.centre, "soak-before")?;
    let shared = Shared::default();
    let mut soak = Soak {
        setting,
        correction: &correction,
        sheets: &sheets,
        shared: &shared,
        port: serving.port,
        seen: Vec::new(),
        corrections: 0,
        restarts: 0,
        wrong: Vec::new(),
    };
    let serving = std::thread::scope(|scope| {
        let (shared, known, port) = (&shared, &known, serving.port);
        let readers: Vec<_> =
            (0..READERS).map(|it| scope.spawn(move || read(shared, known, port, it))).collect();
        let serving = soak.run(serving, time);
        shared.over.store(1, Ordering::SeqCst);
        for reader in readers {
            reader.join().map_err(|_| anyhow!("a reader broke off"))??;
        }
        serving
    })?;
    let peak = serving.used()?.peak_mib;
    serving.stop()?;
    let after = figures(setting, &correction.centre, "soak-after")?;
    if before != after {
        soak.wrong.push("the figures at the end are not those of the records".to_owned());
    }
    Ok(soak.results(minutes, peak, before == after))
}

/// Who corrects, restarts and looks on.
#[derive(Debug)]
struct Soak<'a> {
    setting: &'a Setting,
    correction: &'a Correction,
    sheets: &'a Sheets,
    shared: &'a Shared,
    port: u16,
    seen: Vec<Seen>,
    corrections: usize,
    restarts: usize,
    wrong: Vec<String>,
}

impl Soak<'_> {
    /// Restarts in the first half; in the second the same server goes on, so that growth would be seen.
    fn run(&mut self, mut serving: Serving, time: Duration) -> anyhow::Result<Serving> {
        let began = Instant::now();
        let (mut restarted, mut looked) = (began, began);
        // Always twice, so that at the end the return is as it was.
        while began.elapsed() < time || self.corrections % 2 == 1 {
            let round = Instant::now();
            self.sheets.turn()?;
            self.correct()?;
            if began.elapsed() < time / 2 && restarted.elapsed() > RESTARTED_EVERY {
                serving = self.restart(serving)?;
                restarted = Instant::now();
            }
            self.look(&serving, began, &mut looked)?;
            sleep(CORRECTED_EVERY.saturating_sub(round.elapsed()));
        }
        Ok(serving)
    }

    /// One correction, until the server answers with it.
    fn correct(&mut self) -> anyhow::Result<()> {
        let (port, year) = (self.port, self.correction.year);
        let before = whole_of_city(port, year)?;
        self.correction.apply(&self.setting.haihe)?;
        let began = Instant::now();
        let now = loop {
            let now = whole_of_city(port, year)?;
            if now != before {
                break now;
            }
            if began.elapsed() > PATIENCE {
                bail!("the served figure did not change within a minute");
            }
            sleep(Duration::from_millis(10));
        };
        self.corrections += 1;
        if (now - before).abs() != 1 {
            self.wrong.push(format!("the served figure went from {before} to {now}"));
        }
        Ok(())
    }

    /// By turns asked to stop and killed.
    fn restart(&mut self, serving: Serving) -> anyhow::Result<Serving> {
        self.shared.life.fetch_add(1, Ordering::SeqCst);
        if self.restarts.is_multiple_of(2) {
            serving.stop()?
        } else {
            drop(serving)
        }
        let serving = Serving::start_on(&self.setting.haihe, &self.correction.centre, self.port)?;
        self.shared.life.fetch_add(1, Ordering::SeqCst);
        self.restarts += 1;
        println!("  restarted: it answers after {:.2} s", serving.ready.as_secs_f64());
        Ok(serving)
    }

    /// Notes memory and times about once a minute.
    fn look(
        &mut self,
        serving: &Serving,
        began: Instant,
        looked: &mut Instant,
    ) -> anyhow::Result<()> {
        if looked.elapsed() < Duration::from_secs(55) {
            return Ok(());
        }
        *looked = Instant::now();
        let found = self.shared.found.lock().unwrap_or_else(PoisonError::into_inner);
        let all = found.all();
        let minute = began.elapsed().as_secs_f64() / 60.0;
        let seen = Seen {
            minute,
            now_mib: serving.used()?.now_mib,
            answers: all.len(),
            p95: all.percentile(95),
        };
        println!(
            "  minute {minute:.0}: {:.0} MiB, {} answers, {} errors",
            seen.now_mib, seen.answers, found.failed
        );
        self.seen.push(seen);
        Ok(())
    }

    fn results(self, minutes: u64, peak: f64, is_same: bool) -> Results {
        let found = self.shared.found.lock().unwrap_or_else(PoisonError::into_inner);
        let mut results = Results { wrong: self.wrong, ..Results::default() };
        results.wrong.extend(found.errors.iter().cloned());
        let half = count(usize::try_from(minutes).unwrap_or_default()) / 2.0;
        // The last server, since it has warmed up.
        let late = self.seen.iter().filter(|it| it.minute > half + 1.0);
        if let Some(grown) = growth(&late.map(|it| it.now_mib).collect::<Vec<_>>()) {
            results.aims.push(Aim::at_most(
                "memory of the last server, its last third beside its first, by the median of a third's minutes",
                grown,
                1.1,
                "×",
            ));
        }
        results.aims.push(Aim::at_most(
            "reads without an answer while a server should answer",
            count(found.failed),
            0.0,
            "reads",
        ));
        results.aims.push(Aim::holds(
            "the figures at the end, computed from the records anew, are those of the beginning",
            if is_same { "the same to the byte" } else { "others" }.to_owned(),
            is_same,
        ));
        let mut table = Table::new(
            "Minute by minute",
            &["minute", "server, MiB", "answers so far", "p95 ms so far"],
        );
        let mut chart = Chart::new(
            "Memory of the server and the time of 95 of 100 answers",
            &[("MiB", 0), ("ms", 1)],
        );
        for Seen { minute, now_mib, answers, p95 } in &self.seen {
            table.row([(*minute).into(), (*now_mib).into(), count(*answers).into(), (*p95).into()]);
            chart.bar(
                &format!("minute {minute:.0}"),
                true,
                [Spread::one(*now_mib), Spread::one(*p95)],
            );
        }
        table.note = format!(
            "{minutes} minutes: {READERS} readers, {} corrections that the server answered with, {} restarts in the first half, by turns\n\
             by key and by a kill. {} answers; the last server used {peak:.0} MiB at most.",
            self.corrections,
            self.restarts,
            found.all().len(),
        );
        results.tables.push(table);
        results.chart = Some(chart);
        results
    }
}

/// How much higher the last third of some measurements is than the first; one alone may be a moment after a release.
fn growth(measured: &[f64]) -> Option<f64> {
    let third = (measured.len() / 3).max(1);
    let first = Spread::of(measured.get(..third)?.iter().copied());
    let last = Spread::of(measured.get(measured.len() - third..)?.iter().copied());
    Some(last.median / first.median)
}

/// Reads until it is over. An answer that does not come is an error, unless the server was just then stopped.
fn read(shared: &Shared, known: &KnownFigures, port: u16, number: usize) -> anyhow::Result<()> {
    let mut reader = Reader::new(known, number);
    while shared.over.load(Ordering::SeqCst) == 0 {
        let life = shared.life.load(Ordering::SeqCst);
        if !life.is_multiple_of(2) {
            sleep(PAUSE);
            continue;
        }
        let mut connection = Connection::open(port);
        while shared.over.load(Ordering::SeqCst) == 0 && shared.life.load(Ordering::SeqCst) == life
        {
            let asked = match &mut connection {
                Ok(connection) => reader.read(connection),
                Err(error) => Err(anyhow!("{error:#}")),
            };
            if let Err(error) = asked {
                // Whoever stops a server says so before.
                if shared.life.load(Ordering::SeqCst) == life {
                    reader.found.fail(format!("{error:#}"));
                }
                connection = Connection::open(port);
            }
            let found = std::mem::take(&mut reader.found);
            shared.found.lock().unwrap_or_else(PoisonError::into_inner).join(found);
            sleep(PAUSE);
        }
    }
    Ok(())
}

/// All figures of the newest release, computed from the records anew.
fn figures(setting: &Setting, centre: &Path, name: &str) -> anyhow::Result<String> {
    let file = setting.scratch.join(format!("{name}.csv"));
    let states = centre.join("states");
    if states.exists() {
        fs::remove_dir_all(&states)?;
    }
    output(command(&setting.haihe).arg("compute").arg("--data").arg(centre))?;
    let mut export = command(&setting.haihe);
    output(export.arg("export").arg(&file).arg("--in-full").arg("--data").arg(centre))?;
    Ok(fs::read_to_string(&file)?)
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn a_dip_of_one_minute_is_no_growth_and_a_leak_is() {
        let flat = [400.0, 530.0, 546.0, 519.0, 390.0, 540.0, 530.0, 537.0, 516.0];
        assert!(growth(&flat).unwrap() < 1.1);
        let leaking: Vec<f64> = (0..30).map(|it| 500.0 + 10.0 * f64::from(it)).collect();
        assert!(growth(&leaking).unwrap() > 1.3);
        assert_eq!(growth(&[500.0]), Some(1.0));
        assert_eq!(growth(&[]), None);
    }
}
