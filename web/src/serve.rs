//! The site on a socket, until it is told to stop.

use std::future::Future;
use std::io;

use tokio::net::TcpListener;

use crate::app::App;
use crate::routes::router;

/// Serves the site until `interrupted` is done; requests under way are answered first.
pub async fn serve(
    listener: TcpListener,
    app: App,
    interrupted: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(interrupted).await
}
