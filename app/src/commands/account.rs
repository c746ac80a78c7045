//! `haihe account`: the first administrator, and help where no page can be reached.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use network::accounts::{self, Account};
use network::audit::Actor;
use network::invitations::{self, Invited};
use network::people::list::{self, Listed};
use network::personal::Reading;
use network::secret::Token;

use crate::arguments::{Account as Command, AddAccount, NamedAccount, USUAL_PORT};
use crate::centre::Centre;
use crate::origin::Origin;
use crate::rules;
use crate::surroundings::SystemEntropy;
use crate::terminal::{Grid, answer, remark};

/// Who acts when nobody is signed in.
const SYSTEM: &str = "system";

/// Most accounts that a list shows.
const MOST: u32 = 1_000;

pub(super) async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Add(it) => add(it).await?,
        Command::List(it) => {
            let centre = Centre::open(&it.place).await?;
            let reading = Reading::of_program("account.read", Timestamp::now());
            let text = it.search.unwrap_or_default();
            let found = list::within(&centre.store, &reading, &text, None, MOST).await?;
            answer(&listed(&found))?;
        }
        Command::Close(it) => {
            let (centre, account) = named(&it).await?;
            accounts::close(&centre.store, Actor::System, account.id, Timestamp::now()).await?;
            answer("closed; all its sessions have ended\n")?;
        }
        Command::Reset(it) => reset(it).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(it: AddAccount) -> Result<()> {
    let centre = Centre::open(&it.place).await?;
    if let Some(role) = &it.role
        && rules::roles(&centre)?.get(role).is_none()
    {
        bail!("there is no role {role}; see rules/roles.toml and those of the city");
    }
    let invited = Invited {
        login: it.login,
        name: it.name,
        organisation: it.org,
        role: it.role.as_ref().map(ToString::to_string),
        account: None,
        invited_by: SYSTEM.to_owned(),
    };
    let at = Timestamp::now();
    let (_, token) = invitations::invite(&centre.store, &invited, at, &mut SystemEntropy).await?;
    hand_over(&centre, it.origin, &token)
}

async fn reset(it: crate::arguments::ResetAccount) -> Result<()> {
    let (centre, account) = named(&it.account).await?;
    let (store, at) = (&centre.store, Timestamp::now());
    if it.second_factor {
        network::sign_in::reset_factors(store, Actor::System, account.id, at).await?;
    }
    let (_, token) =
        invitations::invite_to_reset(store, account.id, SYSTEM, at, &mut SystemEntropy).await?;
    hand_over(&centre, it.origin, &token)
}

async fn named(it: &NamedAccount) -> Result<(Centre, Account)> {
    let centre = Centre::open(&it.place).await?;
    let account = accounts::of_login(&centre.store, &it.login).await?;
    let account = account.context("nobody has this login name; see `haihe account list`")?;
    Ok((centre, account))
}

/// Prints what there is to pass on of an invitation: the link, once. There is no password to print.
fn hand_over(centre: &Centre, origin: Option<Origin>, token: &Token) -> Result<()> {
    let origin = centre.origin(origin, USUAL_PORT)?;
    answer(&format!(
        "{origin}/invitations/{}\ngood once, for three days; pass it on to its owner only\n",
        token.reveal()
    ))?;
    if let Some(advice) = origin.advice(&centre.data) {
        remark(&advice);
    }
    Ok(())
}

fn listed(found: &[Listed]) -> String {
    let mut grid = Grid::new(&["login", "name", "organisation", "opened", "closed"], &[]);
    let day = |it: Timestamp| it.to_string().chars().take(10).collect::<String>();
    for it in found {
        grid.row(vec![
            it.login.clone().unwrap_or_default(),
            it.name.clone().unwrap_or_default(),
            it.home.as_str().to_owned(),
            day(it.opened_at),
            it.closed_at.map_or_else(String::new, day),
        ]);
    }
    grid.text()
}
