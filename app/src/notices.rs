//! Notices to applications that a session has ended, sent as long as the server runs (Back-Channel Logout 1.0).

use std::time::Duration;

use network::openid::OpenidError;
use network::openid::logout::Notice;
use tokio::task::JoinSet;

use crate::elsewhere::Elsewhere;

/// How often is looked whether one has to be sent.
const LOOK: Duration = Duration::from_secs(2);

/// Sends notices until the program ends.
pub(crate) async fn send(app: web::App, elsewhere: Elsewhere) {
    loop {
        tokio::time::sleep(LOOK).await;
        match send_due(&app, &elsewhere).await {
            Ok(()) => {}
            Err(OpenidError::Issuer(origin)) => {
                tracing::warn!(origin, "no application can sign people in at this address");
                return;
            }
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error, "notices could not be sent");
            }
        }
    }
}

/// Sends all that are due at once, so that one who does not answer holds up nobody else.
async fn send_due(app: &web::App, elsewhere: &Elsewhere) -> Result<(), OpenidError> {
    let mut sent = JoinSet::new();
    for notice in app.notices_due().await? {
        let (app, elsewhere) = (app.clone(), elsewhere.clone());
        sent.spawn(async move { send_one(&app, &elsewhere, &notice).await });
    }
    for result in sent.join_all().await {
        result?;
    }
    Ok(())
}

async fn send_one(
    app: &web::App,
    elsewhere: &Elsewhere,
    notice: &Notice,
) -> Result<(), OpenidError> {
    // A token is base64url and dots: nothing in it has to be encoded.
    let form = format!("logout_token={}", notice.token);
    match elsewhere.post(&notice.address, form).await {
        Ok(()) => app.notice_taken(notice).await?,
        // It is sent again later; the application's owner is the one who can act.
        Err(error) => tracing::warn!(
            application = %notice.application,
            error = %format!("{error:#}"),
            "an application did not take a notice"
        ),
    }
    Ok(())
}
