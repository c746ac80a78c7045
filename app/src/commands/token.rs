//! `haihe token`: tokens of other systems, for provisioning, for rosters and for records.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use network::service_tokens::{self, Interface, Issue};

use crate::arguments::{IssueToken, Token};
use crate::centre::Centre;
use crate::surroundings::SystemEntropy;
use crate::terminal::answer;

pub(super) async fn run(command: Token) -> Result<ExitCode> {
    match command {
        Token::Issue(it) => issue(&it).await?,
        Token::End { id, place } => {
            let centre = Centre::open(&place).await?;
            if !service_tokens::end(&centre.store, id, Timestamp::now()).await? {
                bail!("no token in use has this id");
            }
            answer("ended; it opens nothing any more\n")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn issue(it: &IssueToken) -> Result<()> {
    let centre = Centre::open(&it.place).await?;
    let datasets: BTreeSet<String> = it.datasets.iter().cloned().collect();
    if it.interface == Interface::Records {
        let known = centre.plan()?.datasets;
        let known: Vec<&str> = known.keys().map(String::as_str).collect();
        let unknown = datasets.iter().find(|name| !known.contains(&name.as_str()));
        if let Some(unknown) = unknown {
            bail!("--dataset {unknown}: the plan has no such dataset; it has {}", known.join(", "));
        }
        if datasets.is_empty() {
            bail!(
                "--dataset: name each dataset that the token shall open, of {}",
                known.join(", ")
            );
        }
    }
    let now = Timestamp::now();
    let days = SignedDuration::from_hours(24 * i64::from(it.days));
    let expires_at = now.checked_add(days).context("there is no such day")?;
    let issue = Issue {
        interface: it.interface,
        name: &it.name,
        organisation: &it.org,
        datasets: &datasets,
        expires_at,
    };
    let (id, token) = service_tokens::issue(&centre.store, issue, now, &mut SystemEntropy).await?;
    answer(&format!("{}\nid {id}, until {expires_at}; it is shown this once\n", token.reveal()))
}
