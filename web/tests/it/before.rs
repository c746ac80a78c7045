//! The site before its first release, and the first release coming in.

use axum::http::StatusCode;
use insta::assert_snapshot;

use crate::made;
use crate::site::Site;

#[tokio::test]
async fn an_empty_site_says_what_to_do() {
    let site = Site::empty().await;
    let page = site.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_snapshot!("empty", page.main());
    assert_eq!(site.get("/indicators/IND-01/why").await.main(), page.main());
    let answer = site.get("/api/v1/scoreboard").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["type"], "/problems/nothing-published");
}

#[tokio::test]
async fn a_release_takes_the_place_of_what_was_kept() {
    let site = Site::empty().await;
    let before = site.get("/").await;
    site.app.replace(made::published());
    let after = site.get("/").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(after.text().contains("IND-01"), "{}", after.text());
    assert_eq!(site.app.release().as_deref(), Some("20260105T120000-00c0ffee"));
}
