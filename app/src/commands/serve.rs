use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use casework::Office;
use governance::figures::Published;
use jiff::Timestamp;
use model::Bilingual;
use tokio::net::TcpListener;

use crate::arguments::Serve;
use crate::audit_key;
use crate::centre::Centre;
use crate::elsewhere::Elsewhere;
use crate::notices;
use crate::office;
use crate::round::{self, Round};
use crate::rules;
use crate::seals;
use crate::surroundings::{Reached, SystemEntropy, surroundings};
use crate::terminal::remark;
use crate::turn::{self, ROUNDS, Turn, UPKEEP};

/// How often a running server makes a round of the office, when it is its turn.
const ROUND: Duration = Duration::from_secs(10);

/// How often a running server looks for a newer release: one row of the registry, found by its index.
const LOOK: Duration = Duration::from_millis(25);
/// How often it looks after what is due.
const KEEP: Duration = Duration::from_secs(600);

pub(super) async fn run(options: Serve) -> Result<ExitCode> {
    let centre = Centre::open(&options.place).await?;
    let published = match centre.release(None).await? {
        Some(release) => Some(centre.bring(release, None).await?),
        None => None,
    };
    let origin = centre.origin(options.origin, options.port)?;
    if let Some(advice) = origin.advice(&centre.data) {
        remark(&advice);
    }
    let reached = Reached {
        origin,
        behind_proxy: options.behind_proxy,
        elsewhere: Elsewhere::new(options.reach_inside)?,
    };
    serve(&centre, published, (options.listen, options.port).into(), reached).await
}

/// Serves the pages and the API until interrupted; a newer release takes the older one's place.
pub(super) async fn serve(
    centre: &Centre,
    published: Option<Published>,
    address: SocketAddr,
    reached: Reached,
) -> Result<ExitCode> {
    let settings = centre.settings()?;
    let elsewhere = reached.elsewhere.clone();
    let office = office::open(centre, Timestamp::now()).await?;
    let surroundings = surroundings(centre, &settings, reached, office)?;
    let generated = settings.generated.map(|it| {
        Bilingual::new(
            format!("演示数据：全部由程序从编号 {} 生成，学校与人员均为虚构", it.number),
            format!("Demonstration data: all generated from the number {}; schools and persons are invented", it.number),
        )
    });
    let (office, origin) = (Arc::clone(&surroundings.office), surroundings.origin.clone());
    let (plans, data) = (centre.clone(), centre.data.clone());
    let records = centre.clone();
    let app = web::App::new(centre.store.clone(), centre.lake.clone(), generated, surroundings)
        .with_plans(move |version| plans.plan_version(version).ok())
        .with_seals(move || sealed(&data))
        .with_records(centre.data.clone(), move || in_force(&records));
    if let Some(published) = published {
        app.replace(published);
    }
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} is taken; name another with --port"))?;
    remark(&format!("serving http://{}", listener.local_addr()?));
    tokio::spawn(notices::send(app.clone(), elsewhere));
    tokio::spawn(follow(centre.clone(), app.clone()));
    // On a thread of its own: an import counts rows where it stands, and stays there.
    let (runtime, own) = (tokio::runtime::Handle::current(), centre.clone());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let attending = std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = attend(own, office, origin) => {}
                // Left where it is, as if it had been killed.
                _ = stopped => {}
            }
        });
    });
    tokio::spawn(keep(centre.clone()));
    web::serve(listener, app, interrupted()).await?;
    drop(stop);
    let ended = tokio::task::spawn_blocking(move || attending.join().is_ok()).await;
    ensure!(ended.is_ok_and(|it| it), "rounds of the office broke off");
    turn::give_back(centre).await;
    Ok(ExitCode::SUCCESS)
}

/// Does what a new day brings, and what became due.
async fn keep(centre: Centre) {
    if let Err(error) = network::audit::salt_owners(&centre.store, &mut SystemEntropy).await {
        tracing::error!(error = %error, "references of persons could not be salted");
    }
    loop {
        if let Err(error) = look_after(&centre).await {
            tracing::error!(error = %format!("{error:#}"), "what is due could not be done");
        }
        tokio::time::sleep(KEEP).await;
    }
}

/// Lets organisations stand where they do today, signs finished days of the audit log, and takes away what is over.
async fn look_after(centre: &Centre) -> Result<()> {
    let (store, now) = (&centre.store, Timestamp::now());
    let Some(_turn) = Turn::take(centre, UPKEEP, now).await? else { return Ok(()) };
    centre.refresh_paths(now).await?;
    let key = audit_key::open(&centre.data)?;
    for day in network::audit::sign_finished(store, &key, now).await? {
        tracing::info!(day = day.day, entries = day.entries, "a day of the audit log is signed");
    }
    network::ceremonies::forget(store, now).await?;
    network::openid::sweeping::sweep(store, now).await?;
    network::retention::run(store, &rules::retention(centre)?, now).await?;
    Ok(())
}

/// Brings every newer release into force.
async fn follow(centre: Centre, app: web::App) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = look(&centre, &app).await {
            tracing::error!(error = %format!("{error:#}"), "a newer release could not be read");
        }
    }
}

async fn look(centre: &Centre, app: &web::App) -> Result<()> {
    let Some(release) = centre.release(None).await? else { return Ok(()) };
    if app.release().is_some_and(|it| it == release.id) {
        return Ok(());
    }
    let before = app.current();
    app.replace(centre.bring(release, before.as_deref()).await?);
    Ok(())
}

/// Makes rounds of the office, and tells what somebody has to look after.
async fn attend(centre: Centre, office: Arc<Office>, origin: String) {
    let mut told = None;
    loop {
        tokio::time::sleep(ROUND).await;
        let trouble = match attend_once(&centre, &office, &origin).await {
            Ok(None) => continue,
            Ok(Some(round)) => round.trouble(),
            Err(error) => Some(format!("a round of the office was not finished: {error:#}")),
        };
        // Once: what stays as it was is not told at every round.
        if let Some(trouble) = trouble.as_ref().filter(|_| trouble != told) {
            tracing::error!("{trouble}");
        }
        told = trouble;
    }
}

/// One round; `None` when another process is at it.
async fn attend_once(centre: &Centre, office: &Office, origin: &str) -> Result<Option<Round>> {
    let (at, mut entropy) = (Timestamp::now(), SystemEntropy);
    let Some(turn) = Turn::take(centre, ROUNDS, at).await? else { return Ok(None) };
    let round = round::make(centre, office, origin, &turn, at, &mut entropy);
    let mut round = Box::pin(round);
    loop {
        tokio::select! {
            done = &mut round => return Ok(Some(done?)),
            () = tokio::time::sleep(ROUND) => {
                // Left where it is, as if it had been killed: whoever has the turn now goes on from there.
                ensure!(turn.renew(Timestamp::now()).await?, "another process has taken the turn");
            }
        }
    }
}

/// The version of the plan in force now.
fn in_force(centre: &Centre) -> Option<String> {
    match centre.settings() {
        Ok(settings) => Some(settings.plan),
        Err(error) => {
            tracing::error!(error = %format!("{error:#}"), "the plan in force is not known");
            None
        }
    }
}

/// The keys of letters as they are now.
fn sealed(data: &Path) -> Option<documents::Keys> {
    match seals::read(data) {
        Ok(keys) => keys,
        Err(error) => {
            tracing::error!(error = %format!("{error:#}"), "the keys of letters cannot be read");
            None
        }
    }
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(error = %error, "the server cannot be interrupted by key");
        std::future::pending::<()>().await;
    }
}
