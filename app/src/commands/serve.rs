use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use governance::figures::Published;
use jiff::Timestamp;
use model::Bilingual;
use tokio::net::TcpListener;

use crate::arguments::Serve;
use crate::centre::Centre;
use crate::demo::accounts::demonstrated;
use crate::elsewhere::Elsewhere;
use crate::notices;
use crate::office;
use crate::surroundings::{Reached, surroundings};
use crate::terminal::remark;

/// How often a running server looks for a newer release: one row of the registry, found by its index.
const LOOK: Duration = Duration::from_millis(100);

pub(super) async fn run(options: Serve) -> Result<ExitCode> {
    let centre = Centre::open(&options.place).await?;
    let published = match centre.release(None).await? {
        Some(release) => Some(centre.bring(release, None).await?),
        None => None,
    };
    let origin = options.origin.unwrap_or_else(|| format!("http://localhost:{}", options.port));
    let origin = origin.trim_end_matches('/').to_owned();
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
    // Nobody may know a password where the records are real.
    let demonstrated =
        settings.generated.as_ref().map_or_else(Vec::new, |it| demonstrated(it.number));
    let elsewhere = reached.elsewhere.clone();
    let office = office::open(centre, Timestamp::now()).await?;
    let surroundings = surroundings(&centre.data, &settings, reached, demonstrated, office)?;
    let generated = settings.generated.map(|it| {
        Bilingual::new(
            format!("演示数据：全部由程序从编号 {} 生成，学校与人员均为虚构", it.number),
            format!("Demonstration data: all generated from the number {}; schools and persons are invented", it.number),
        )
    });
    let plans = centre.clone();
    let app = web::App::new(centre.store.clone(), centre.lake.clone(), generated, surroundings)
        .with_plans(move |version| plans.plan_version(version).ok());
    if let Some(published) = published {
        app.replace(published);
    }
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} is taken; name another with --port"))?;
    remark(&format!("serving http://{}", listener.local_addr()?));
    tokio::spawn(notices::send(app.clone(), elsewhere));
    tokio::spawn(follow(centre.clone(), app.clone()));
    web::serve(listener, app, interrupted()).await?;
    Ok(ExitCode::SUCCESS)
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

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(error = %error, "the server cannot be interrupted by key");
        std::future::pending::<()>().await;
    }
}
