//! `haihe keys`: the keys that sign letters.

use std::process::ExitCode;

use anyhow::{Context, Result};
use documents::Keys;
use jiff::Timestamp;

use crate::arguments::Keys as Command;
use crate::centre::Centre;
use crate::seals;
use crate::surroundings::SystemEntropy;
use crate::terminal::{Grid, answer};

pub(super) async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::List(it) => {
            let keys = seals::read(&Centre::open(&it).await?.data)?;
            answer(&keys.map_or_else(
                || "no key yet; one is made with the first letter\n".to_owned(),
                |it| listed(&it),
            ))?;
        }
        Command::Root(it) => {
            let keys = seals::read(&Centre::open(&it).await?.data)?;
            let keys = keys.context("no key yet; one is made with the first letter")?;
            answer(&keys.root()?)?;
        }
        Command::Rotate(it) => {
            let centre = Centre::open(&it).await?;
            let name = centre.plan()?.city.zh;
            let name = format!("{name}教育数据中心");
            let at = Timestamp::now();
            let keys = seals::rotate(&centre.data, &name, at, &mut SystemEntropy)?;
            answer(&listed(&keys))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(keys: &Keys) -> String {
    let mut grid = Grid::new(&["key", "made", "good until", "retired"], &[]);
    let day = |it: Timestamp| it.to_string().chars().take(10).collect::<String>();
    for key in keys.list() {
        let retired = key.retired_at.map_or_else(|| "in use".to_owned(), day);
        grid.row(vec![key.id.to_string(), day(key.made_at), day(key.holds_until), retired]);
    }
    grid.text()
}
