//! Applications that run in a browser of another site may read what has no cookie in it.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

const OPEN: [(HeaderName, &str); 4] = [
    // Any site, as no answer depends on a cookie: who asks shows a token or a secret.
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "www-authenticate"),
];

/// Lets other sites' scripts read the answer.
pub(super) async fn open(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in OPEN {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What a browser is told that asks beforehand: all of it stands in the headers.
pub(super) async fn before() -> StatusCode {
    StatusCode::NO_CONTENT
}
