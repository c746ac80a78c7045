use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::figures::json::ScoreboardObject;
use governance::figures::{Published, Standing, Trend, csv, in_digits};
use model::target::Status;
use model::{Decimal, OrgCode, Year};

use crate::arguments::{Format, Scoreboard};
use crate::centre::Centre;
use crate::terminal::{Grid, answer};

/// Prints the scoreboard of an organisation in a year.
pub(super) async fn run(scoreboard: Scoreboard) -> Result<ExitCode> {
    let centre = Centre::open(&scoreboard.place).await?;
    let published = centre.published(scoreboard.as_of.as_of).await?;
    let text = shown(&published, scoreboard.org.as_ref(), scoreboard.year, scoreboard.format)?;
    answer(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The year asked for, or the latest that was reported for.
pub(super) fn year(published: &Published, asked: Option<Year>) -> Result<Year> {
    let Some(year) = asked else { return Ok(published.latest_year()) };
    let years = published.years();
    if !years.contains(&year) {
        let years: Vec<String> = years.iter().map(ToString::to_string).collect();
        bail!("{year} is not a year of the plan; it has {}", years.join(", "));
    }
    Ok(year)
}

/// The organisation asked for, or the whole city.
pub(super) fn organisation(
    published: &Published,
    org: Option<&OrgCode>,
    year: Year,
) -> Result<OrgCode> {
    if let Some(org) = org {
        if published.organisation(org, year).is_none() {
            bail!("no organisation {org} in {year}; `haihe figures` lists the codes of a level");
        }
        return Ok(org.clone());
    }
    let whole = published.whole(year);
    let whole = whole.context("no organisations are known; import organisations first")?;
    Ok(whole.code.clone())
}

/// The scoreboard as text in the format asked for.
pub(super) fn shown(
    published: &Published,
    org: Option<&OrgCode>,
    year: Option<Year>,
    format: Format,
) -> Result<String> {
    let year = self::year(published, year)?;
    let org = organisation(published, org, year)?;
    let board = published.scoreboard(&org, year).context("nothing is published for that year")?;
    let object = ScoreboardObject::of(published, &board);
    if format == Format::Json {
        return Ok(serde_json::to_string_pretty(&object)? + "\n");
    }
    if format == Format::Csv {
        return Ok(csv::scoreboard(&object));
    }
    let head =
        ["", "indicator", "unit", "baseline", "now", "target", "status", "to go", "coverage"];
    let mut grid = Grid::new(&head, &[3, 4, 5, 7, 8]);
    for group in &board.groups {
        grid.heading(&format!("{} {}", group.group.name.zh, group.group.name.en));
        for standing in &group.standings {
            grid.row(line(standing));
        }
    }
    let counts: Vec<String> = Status::ALL
        .iter()
        .filter_map(|it| Some((it, board.counts.get(it)?)))
        .map(|(status, count)| format!("{} {} {count}", status.mark(), words(*status)))
        .collect();
    Ok(format!(
        "{} {} · {year} · {} {}\n\n{}\n{}\n",
        board.org.name.zh,
        board.org.name.en,
        published.plan().name.zh,
        published.plan().name.en,
        grid.text(),
        counts.join("   "),
    ))
}

fn words(status: Status) -> &'static str {
    match status {
        Status::Met => "已达成 met",
        Status::OnTrack => "进展正常 on track",
        Status::Behind => "落后 behind",
        Status::Missed => "未达成 missed",
        Status::NotDue => "未到期 not due",
        Status::NoData => "缺数据 no data",
    }
}

fn line(standing: &Standing<'_>) -> Vec<String> {
    let figure = standing.figure.as_ref();
    let trend = match standing.change.map(|it| it.trend) {
        Some(Trend::Better) => " ↑",
        Some(Trend::Worse) => " ↓",
        Some(Trend::Same) | None => "  ",
    };
    let indicator = standing.indicator;
    let status = standing
        .judgement
        .map_or("–".to_owned(), |it| format!("{} {}", it.status.mark(), words(it.status)));
    let binding = if indicator.binding { " *" } else { "" };
    vec![
        indicator.code.clone(),
        format!("{}{binding}", indicator.name.zh),
        indicator.unit.zh.clone(),
        indicator.baseline.as_ref().map_or("–".to_owned(), |it| in_digits(&it.printed)),
        format!("{}{trend}", number(figure.and_then(|it| it.value))),
        standing.target.map_or("–".to_owned(), |it| in_digits(&it.printed)),
        status,
        number(standing.judgement.and_then(|it| it.distance)),
        figure.map_or("–".to_owned(), |it| it.coverage.to_string()),
    ]
}

fn number(value: Option<Decimal>) -> String {
    value.map_or("–".to_owned(), |it| it.to_string())
}
