//! Workload D: the reads of a dashboard, by one client and by many at once.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::Gov1;
use super::aim::Aim;
use super::chance::Chance;
use super::chart::Chart;
use super::http::Connection;
use super::known::{Known, KnownFigures};
use super::latencies::Latencies;
use super::outcome::Results;
use super::serving::Serving;
use super::setting::{CUTS, Setting};
use super::spread::{Spread, count};
use super::table::Table;

/// Clients at once.
const CLIENTS: [usize; 3] = [1, 8, 32];

/// Chance begins here, and a little further for every client.
const BEGINNING: u64 = 20_210_726;

/// What one read is about.
#[derive(Clone, Copy, Debug)]
struct About<'a> {
    district: &'a Known,
    school: &'a Known,
}

/// Words of a read, and its address.
type Read = (&'static str, fn(About<'_>) -> String);

/// The reads, as a planner, a district officer, a school and a program that draws charts ask for them.
const READS: [Read; 18] = [
    ("page: the scoreboard of the city", |it| format!("/?year={}", it.district.year)),
    ("page: of a district", |it| {
        format!("/?year={}&district={}", it.district.year, it.district.code)
    }),
    ("page: of a district, in English", |it| {
        format!("/en/?year={}&district={}", it.district.year, it.district.code)
    }),
    ("page: an indicator of the city, with its series", |it| {
        format!("/indicators/{}?year={}", it.district.indicator, it.district.year)
    }),
    ("page: an indicator of a district", |it| indicator(it.district)),
    ("page: on the first year's boundaries", |it| {
        format!("{}&cut={}", indicator(it.district), CUTS[0])
    }),
    ("page: an indicator of a school", |it| indicator(it.school)),
    ("page: why a school's figure is what it is", |it| {
        let Known { indicator, code, year, .. } = it.school;
        format!("/indicators/{indicator}/why?org={code}&year={year}")
    }),
    ("page: a district", |it| organisation(it.district)),
    ("page: a school", |it| organisation(it.school)),
    ("page: a search for organisations", |_| "/organisations?q=%E5%B0%8F%E5%AD%A6".to_owned()),
    ("page: the big screen", |it| format!("/wall?year={}", it.district.year)),
    ("API: the scoreboard of a district", |it| {
        format!("/api/v1/scoreboard?org={}&year={}", it.district.code, it.district.year)
    }),
    ("API: an indicator of all districts, six years", |it| {
        format!("/api/v1/figures?indicator={}&level=district", it.district.indicator)
    }),
    ("API: an indicator of the schools of a district in a year", |it| {
        let Known { code, year, .. } = it.district;
        let indicator = &it.school.indicator;
        format!("/api/v1/figures?indicator={indicator}&level=school&within={code}&year={year}")
    }),
    ("CSV: an indicator of all schools in a year", |it| {
        let Known { indicator, year, .. } = it.school;
        format!("/api/v1/figures.csv?indicator={indicator}&level=school&year={year}")
    }),
    ("API: the schools of a district", |it| {
        let Known { code, year, .. } = it.district;
        format!("/api/v1/organisations?level=school&within={code}&year={year}")
    }),
    ("API: the definition of an indicator", |it| {
        format!("/api/v1/indicators/{}", it.district.indicator)
    }),
];

fn indicator(it: &Known) -> String {
    format!("/indicators/{}?org={}&year={}", it.indicator, it.code, it.year)
}

fn organisation(it: &Known) -> String {
    format!("/organisations/{}?year={}", it.code, it.year)
}

/// What readers found.
#[derive(Debug, Default)]
pub(super) struct Readings {
    by_read: BTreeMap<usize, Latencies>,
    /// The first few answers that were none.
    pub(super) errors: Vec<String>,
    pub(super) failed: usize,
}

/// One reader who goes through the reads by turns.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    known: &'a KnownFigures,
    chance: Chance,
    turn: usize,
    pub(super) found: Readings,
}

impl<'a> Reader<'a> {
    /// The reader of a number; each begins somewhere else.
    pub(super) fn new(known: &'a KnownFigures, number: usize) -> Self {
        let chance = Chance::from(BEGINNING + u64::try_from(number).unwrap_or_default());
        Self { known, chance, turn: number * 7, found: Readings::default() }
    }

    /// One read. A connection that breaks is an error of its own; the caller opens another.
    pub(super) fn read(&mut self, connection: &mut Connection) -> anyhow::Result<()> {
        let at = self.turn % READS.len();
        self.turn += 1;
        let (_, address) = READS.get(at).context("there are no reads")?;
        let (known, chance) = (self.known, &mut self.chance);
        let mut pick = |level: &str| {
            let picked = chance.pick(known.of_level(level));
            picked.ok_or_else(|| anyhow!("no figures of the level {level}"))
        };
        let path = address(About { district: pick("district")?, school: pick("school")? });
        let began = Instant::now();
        let answer = connection.get(&path)?;
        let time = began.elapsed();
        if answer.is_found() {
            self.found.by_read.entry(at).or_default().add(time);
        } else {
            self.found.fail(format!("{path}: status {}", answer.status));
        }
        Ok(())
    }
}

impl Readings {
    pub(super) fn fail(&mut self, error: String) {
        self.failed += 1;
        if self.errors.len() < 3 {
            self.errors.push(error);
        }
    }

    pub(super) fn all(&self) -> Latencies {
        let mut all = Latencies::default();
        self.by_read.values().for_each(|it| all.extend(it.clone()));
        all
    }

    pub(super) fn join(&mut self, other: Self) {
        for (at, latencies) in other.by_read {
            self.by_read.entry(at).or_default().extend(latencies);
        }
        other.errors.into_iter().for_each(|it| self.errors.push(it));
        self.errors.truncate(3);
        self.failed += other.failed;
    }
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let centre = setting.served()?;
    let known = KnownFigures::of(setting, &centre)?;
    let serving = Serving::start(&setting.haihe, &centre)?;
    let mut results = Results::default();
    let mut chart = Chart::new(
        "95 of 100 answers within; the line reaches from the middle one to 99 of 100",
        &[("ms", 1), ("answers a second", 0)],
    );
    let mut table = Table::new(
        "Clients at once",
        &[
            "clients",
            "answers",
            "a second",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "server, CPU-ms an answer",
            "server, MiB",
            "errors",
        ],
    );
    let first = first_pass(&serving, &known)?;
    let (mut last, mut failed) = (Readings::default(), first.failed);
    results.wrong.extend(first.errors.iter().cloned());
    for clients in CLIENTS {
        let before = serving.used()?;
        let time = Duration::from_secs(options.seconds);
        let found = at_once(serving.port, &known, clients, time)?;
        let used = serving.used()?;
        let all = found.all();
        let within = all.within(&[50, 95, 99]);
        let cpu = (used.cpu_s - before.cpu_s) * 1_000.0 / count(all.len().max(1));
        println!(
            "  {clients:>2} clients: {:.0} a second, p95 {:.2} ms, {} errors",
            all.per_second(time),
            all.percentile(95),
            found.failed
        );
        let mut row =
            vec![count(clients).into(), count(all.len()).into(), all.per_second(time).into()];
        row.extend(within.into_iter().map(Into::into));
        row.extend([cpu.into(), used.now_mib.into(), count(found.failed).into()]);
        table.rows.push(row);
        chart.bar(
            &format!("{clients} clients"),
            true,
            [all.ends(), Spread::one(all.per_second(time))],
        );
        results.wrong.extend(found.errors.iter().cloned());
        failed += found.failed;
        last = found;
    }
    let p95 = last.all().percentile(95);
    results.aims.push(Aim::at_most("95 of 100 reads by 32 clients within", p95, 10.0, "ms"));
    results.aims.push(Aim::at_most("reads without an answer", count(failed), 0.0, "reads"));
    table.note = format!(
        "Each number of clients for {} s. The server answered {:.2} s after its start. Whatever it was asked once since the release\n\
         is answered from memory; most addresses of schools are new to it. Memory grows as answers are kept, which it does up to\n\
         96 MiB.",
        options.seconds,
        serving.ready.as_secs_f64(),
    );
    results.tables.extend([table, each(&first, &last)]);
    results.chart = Some(chart);
    Ok(results)
}

/// Every read once, before anything was asked: what the first visitor after a restart waits for.
fn first_pass(serving: &Serving, known: &KnownFigures) -> anyhow::Result<Readings> {
    let mut reader = Reader::new(known, 0);
    let mut connection = Connection::open(serving.port)?;
    for _ in READS {
        reader.read(&mut connection)?;
    }
    Ok(reader.found)
}

/// So many readers for so long.
fn at_once(
    port: u16,
    known: &KnownFigures,
    clients: usize,
    time: Duration,
) -> anyhow::Result<Readings> {
    let end = Instant::now() + time;
    let client = |number: usize| -> anyhow::Result<Readings> {
        let mut reader = Reader::new(known, number + 1);
        let mut connection = Connection::open(port)?;
        while Instant::now() < end {
            if let Err(error) = reader.read(&mut connection) {
                reader.found.fail(format!("{error:#}"));
                connection = Connection::open(port)?;
            }
        }
        Ok(reader.found)
    };
    let mut found = Readings::default();
    std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..clients).map(|number| scope.spawn(move || client(number))).collect();
        for client in running {
            found.join(client.join().map_err(|_| anyhow!("a reader broke off"))??);
        }
        anyhow::Ok(())
    })?;
    Ok(found)
}

/// What each read took.
fn each(first: &Readings, last: &Readings) -> Table {
    let title = format!("Each read, the first time and by {} clients", CLIENTS[2]);
    let mut table = Table::new(&title, &["read", "first ms", "p50 ms", "p95 ms", "p99 ms"]);
    for (at, (words, _)) in READS.iter().enumerate() {
        let alone = first.by_read.get(&at).map_or(0.0, |it| it.percentile(100));
        let within = last.by_read.get(&at).map(|it| it.within(&[50, 95, 99]));
        let mut row = vec![(*words).into(), alone.into()];
        row.extend(within.unwrap_or_default().into_iter().map(Into::into));
        row.resize(5, "–".into());
        table.rows.push(row);
    }
    table
}
