//! The site on a socket, until it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::app::App;
use crate::routes::router;

/// Serves the site until `interrupted` is done; requests under way are answered first.
pub async fn serve(
    listener: TcpListener,
    app: App,
    interrupted: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(interrupted).await
}
