//! A correction until a running server answers with it: brought over HTTP, and by command.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::{Correction, Sheets, city, whole_of_city};
use crate::bench::aim::Aim;
use crate::bench::http::Connection;
use crate::bench::outcome::Results;
use crate::bench::records::Sender;
use crate::bench::serving::Serving;
use crate::bench::setting::Setting;
use crate::bench::spread::Spread;
use crate::bench::table::Table;

/// Longest that the new figure is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the return comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From another system, to the server itself.
    Http,
    /// By `haihe import`.
    Command,
}

/// Seconds since the return was on its way.
#[derive(Debug, Default)]
struct Times {
    imported: Vec<f64>,
    published: Vec<f64>,
    served: Vec<f64>,
}

/// Measures both ways and puts them under the results.
pub(super) fn add(
    setting: &Setting,
    correction: &Correction,
    sheets: &Sheets,
    (runs, results): (usize, &mut Results),
) -> anyhow::Result<()> {
    let columns = ["the return comes", "is taken", "is in a release", "is in the served figure"];
    let mut table = Table::new("Until a running server answers with it", &columns);
    for way in [Way::Http, Way::Command] {
        let times = measure(setting, correction, sheets, (way, runs, &mut results.wrong))?;
        let spread = Spread::of;
        let [imported, published, served] =
            [times.imported, times.published, times.served].map(spread);
        table.row([way.title().into(), imported.into(), published.into(), served.into()]);
        if way == Way::Http {
            let what =
                "from the return's way to the API until the API answers with the city's new figure";
            results.aims.push(Aim::at_most(what, served.median, 0.3, "s"));
        }
    }
    table.note = "Seconds since it was on its way. A release is published by `haihe compute`, a process of its own, whichever way the\n\
         return came. The server looks for a newer one forty times a second; the figure is asked for over HTTP every two\n\
         milliseconds."
        .to_owned();
    results.tables.push(table);
    Ok(())
}

impl Way {
    const fn title(self) -> &'static str {
        match self {
            Self::Http => "over HTTP",
            Self::Command => "by `haihe import`",
        }
    }
}

/// The return corrected again and again while a server runs; the first time warms up.
fn measure(
    setting: &Setting,
    correction: &Correction,
    sheets: &Sheets,
    (way, runs, wrong): (Way, usize, &mut Vec<String>),
) -> anyhow::Result<Times> {
    let (haihe, year) = (&setting.haihe, correction.year);
    let serving = Serving::start(haihe, &correction.centre)?;
    let city = city(serving.port, year)?;
    let city = city.pointer("/rows/0/code").and_then(Value::as_str).context("no city")?;
    let sender = Sender::new(setting, &correction.centre, city, "kindergartens")?;
    let mut connection = Connection::open(serving.port)?;
    let mut times = Times::default();
    for round in 0..=runs {
        sheets.turn()?;
        let before = whole_of_city(serving.port, year)?;
        let began = Instant::now();
        match way {
            Way::Http => {
                let receipt = sender.bring(&mut connection, &correction.sheet)?;
                ensure!(receipt.replaced == 1, "it was not taken as a correction: {receipt:?}");
            }
            Way::Command => correction.import(haihe)?,
        }
        let imported = began.elapsed();
        correction.publish(haihe)?;
        let published = began.elapsed();
        let now = loop {
            let now = whole_of_city(serving.port, year)?;
            if now != before {
                break now;
            }
            if began.elapsed() > PATIENCE {
                bail!("the served figure did not change within a minute");
            }
            sleep(Duration::from_millis(2));
        };
        let served = began.elapsed();
        println!("  {round} {}: served after {:.3} s", way.title(), served.as_secs_f64());
        if (now - before).abs() != 1 {
            wrong.push(format!("the served figure went from {before} to {now}"));
        }
        if round > 0 {
            times.imported.push(imported.as_secs_f64());
            times.published.push(published.as_secs_f64());
            times.served.push(served.as_secs_f64());
        }
    }
    Ok(times)
}
