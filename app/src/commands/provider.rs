//! `haihe provider`: identity providers elsewhere, and who there is who here.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::Timestamp;
use model::Bilingual;
use network::audit::Actor;
use network::{accounts, outside};

use crate::arguments::{
    AddProvider, LinkRequest, NamedProvider, NamedRequest, Provider as Command,
};
use crate::centre::Centre;
use crate::surroundings::{SystemEntropy, key};
use crate::terminal::{Grid, answer};

pub(super) async fn run(command: Command) -> Result<ExitCode> {
    let now = Timestamp::now();
    match command {
        Command::Add(it) => add(it).await?,
        Command::List(place) => {
            let centre = Centre::open(&place).await?;
            let mut grid = Grid::new(&["code", "name", "issuer"], &[]);
            for it in outside::list(&centre.store, &key(&centre.data)?).await? {
                grid.row(vec![it.code.to_string(), it.name.zh, it.issuer]);
            }
            answer(&grid.text())?;
        }
        Command::End(NamedProvider { code, place }) => {
            let centre = Centre::open(&place).await?;
            outside::end(&centre.store, &code, Actor::System, now).await?;
            answer("ended; nobody signs in with it any more\n")?;
        }
        Command::Requests(place) => {
            let centre = Centre::open(&place).await?;
            let mut grid =
                Grid::new(&["request", "provider", "name there", "login there", "at"], &[]);
            for it in outside::open_requests(&centre.store).await? {
                let (id, provider) = (it.id.to_string(), it.provider.to_string());
                grid.row(vec![id, provider, it.said_name, it.said_login, it.asked_at.to_string()]);
            }
            answer(&grid.text())?;
        }
        Command::Link(LinkRequest { request, login, place }) => {
            let centre = Centre::open(&place).await?;
            let account = accounts::of_login(&centre.store, &login).await?;
            let person = account.context("there is no account of this login name")?.person;
            let (actor, entropy) = (Actor::System, &mut SystemEntropy);
            outside::link(&centre.store, request, person, actor, entropy, now).await?;
            answer("linked; from now on the person signs in with it\n")?;
        }
        Command::Refuse(NamedRequest { request, place }) => {
            let centre = Centre::open(&place).await?;
            outside::refuse(&centre.store, request, Actor::System, now).await?;
            answer("refused; it does not ask again\n")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(it: AddProvider) -> Result<()> {
    let centre = Centre::open(&it.place).await?;
    let secret = match it.client_secret {
        Some(path) => {
            let text = fs::read_to_string(&path);
            let text = text.with_context(|| format!("{} could not be read", path.display()))?;
            Some(text.trim_end().to_owned())
        }
        None => None,
    };
    let provider = outside::Provider {
        code: it.code,
        name: Bilingual::new(&it.name, it.name_en.as_deref().unwrap_or(&it.name)),
        issuer: it.issuer,
        client: it.client_id,
        secret,
        organisation: it.org,
    };
    let (key, entropy) = (key(&centre.data)?, &mut SystemEntropy);
    let (actor, now) = (Actor::System, Timestamp::now());
    outside::add(&centre.store, &key, &provider, actor, entropy, now).await?;
    answer("added; register the address /sign-in/outside/back of this site there\n")
}
