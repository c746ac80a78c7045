//! `haihe application`: the register of applications, where no page can be reached.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use model::Bilingual;
use network::applications::{self, Application, Authentication, Registration, Subject};
use network::grants::Authority;
use network::openid::{Claim, Scope};

use crate::arguments::{AddApplication, Application as Command, NamedApplication};
use crate::centre::Centre;
use crate::surroundings::SystemEntropy;
use crate::terminal::{Grid, answer};

pub(super) async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Add(it) => add(*it).await?,
        Command::List(place) => {
            let centre = Centre::open(&place).await?;
            let today = centre.offset()?.to_datetime(Timestamp::now()).date();
            let uses = applications::recent_uses(&centre.store, today).await?;
            let mut grid =
                Grid::new(&["code", "name", "answerable", "until", "sign-ins, 30 days"], &[4]);
            for it in applications::list(&centre.store).await? {
                grid.row(vec![
                    it.code.to_string(),
                    it.registration.name.zh.clone(),
                    it.registration.owner.to_string(),
                    shown(&it),
                    uses.get(&it.code).copied().unwrap_or_default().to_string(),
                ]);
            }
            answer(&grid.text())?;
        }
        Command::End(NamedApplication { code, place }) => {
            let centre = Centre::open(&place).await?;
            applications::end(&centre.store, &code, Authority::PROGRAM, Timestamp::now()).await?;
            answer("ended; its tokens work no more\n")?;
        }
        Command::Secret(NamedApplication { code, place }) => {
            let centre = Centre::open(&place).await?;
            let secret = applications::renew_secret(
                &centre.store,
                &code,
                Authority::PROGRAM,
                &mut SystemEntropy,
                Timestamp::now(),
            )
            .await?;
            answer(&format!("client_secret: {}\n", secret.reveal()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(it: AddApplication) -> Result<()> {
    let centre = Centre::open(&it.place).await?;
    ensure!((1..=366).contains(&it.days), "an application is registered for 1 to 366 days");
    let now = Timestamp::now();
    let until = now.checked_add(SignedDuration::from_hours(24 * it.days))?;
    let data = it.scopes.iter().flat_map(|scope: &Scope| scope.claims());
    let sector = it.sector.unwrap_or_else(|| it.code.to_string());
    let registration = Registration {
        name: Bilingual::new(&it.name, it.name_en.as_deref().unwrap_or(&it.name)),
        purpose: Bilingual::new(&it.purpose, it.purpose_en.as_deref().unwrap_or(&it.purpose)),
        owner: it.org.clone(),
        owner_account: None,
        home: it.home,
        data: data
            .copied()
            .chain(it.claims.iter().copied())
            .collect::<std::collections::BTreeSet<Claim>>(),
        services: it.services.into_iter().collect(),
        roles: it.roles.into_iter().collect(),
        organisations: if it.granted.is_empty() {
            [it.org].into()
        } else {
            it.granted.into_iter().collect()
        },
        redirects: it.redirects,
        logout_redirects: it.logout_redirects,
        notices: it.notices,
        keys: match it.keys {
            Some(path) => Some(
                std::fs::read_to_string(&path)
                    .with_context(|| format!("{} could not be read", path.display()))?,
            ),
            None => None,
        },
        authentication: it.authentication,
        algorithm: it.algorithm,
        // Whoever keeps no secret has nothing else to show.
        proof_required: !it.without_proof || it.authentication == Authentication::None,
        subject: if it.public_subject { Subject::Public } else { Subject::Pairwise { sector } },
        consent_asked: !it.without_consent,
        offline: it.scopes.contains(&Scope::OfflineAccess),
    };
    let registered = applications::register(
        &centre.store,
        &it.code,
        Authority::PROGRAM,
        &registration,
        until,
        &mut SystemEntropy,
        now,
    )
    .await?;
    let secret = registered
        .secret
        .map_or_else(String::new, |it| format!("client_secret: {}\n", it.reveal()));
    answer(&format!("client_id: {}\n{secret}", registered.application.code))
}

fn shown(it: &Application) -> String {
    match it.ended_at {
        Some(_) => "ended".to_owned(),
        None => it.expires_at.to_string().chars().take(10).collect(),
    }
}
