//! Other systems, known by the token in the header `Authorization`.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use network::secret::Token;
use network::service_tokens::{self, Client, Interface};
use store::StoreError;

use crate::app::App;

/// The system whose token a request carries; `None` when it carries none that opens the interface.
pub(crate) async fn client(
    app: &App,
    headers: &HeaderMap,
    interface: Interface,
) -> Result<Option<Client>, StoreError> {
    let header = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let Some((scheme, token)) = header.split_once(' ') else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    let Ok(token) = token.trim().parse::<Token>() else { return Ok(None) };
    service_tokens::client(app.store(), &token, interface, app.now()).await
}
