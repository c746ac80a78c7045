//! What stands around every answer.

use axum::http::StatusCode;

use crate::pages::PAGES;
use crate::site::Site;

#[tokio::test]
async fn nothing_from_elsewhere_and_nothing_inline_may_run() {
    let site = Site::made().await;
    for path in PAGES.iter().filter(|it| it.is_ascii()).chain(&["/api/v1/plan", "/nowhere"]) {
        let answer = site.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let text = answer.text();
        assert!(!text.contains("<style") && !text.contains("javascript:"), "{path}");
        assert!(!text.contains("<script>") && !text.contains("onclick"), "{path}");
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let site = Site::made().await;
    let first = site.get("/").await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with("W/\"20260105T120000-00c0ffee-"), "{etag}");
    assert_eq!(first.header("cache-control"), "public, no-cache");
    let again = site.ask("GET", "/", &[("if-none-match", &etag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.bytes.is_empty());
    let other = site.ask("GET", "/", &[("if-none-match", "W/\"else\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(other.bytes, first.bytes);
}

#[tokio::test]
async fn what_is_not_there_is_not_unchanged() {
    let site = Site::made().await;
    let etag = site.get("/").await.header("etag").to_owned();
    let answer = site.ask("GET", "/nowhere", &[("if-none-match", &etag)]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn compressed_and_plain_answers_are_kept_apart() {
    let site = Site::made().await;
    let plain = site.get("/").await;
    for _ in 0..2 {
        let packed = site.ask("GET", "/", &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.bytes.len() * 2 < plain.bytes.len(), "{}", packed.bytes.len());
        assert_eq!(packed.header("vary"), "accept-encoding");
    }
    assert_eq!(site.get("/").await.bytes, plain.bytes);
}

#[tokio::test]
async fn assets_are_kept_for_good_under_the_name_of_their_content() {
    let site = Site::made().await;
    let page = site.get("/").await.text();
    for name in ["app.css", "app.js", "river.svg"] {
        let from = page.split('"').find(|it| it.starts_with("/assets/") && it.ends_with(name));
        let answer = site.get(from.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert!(answer.header("cache-control").contains("immutable"), "{name}");
        // Of a page that another version of the program made.
        let other = site.get(&format!("/assets/0/{name}")).await;
        assert_eq!((other.header("cache-control"), &other.bytes), ("no-store", &answer.bytes));
    }
    assert_eq!(site.get("/assets/0/passwd").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_is_small() {
    let site = Site::made().await;
    for path in PAGES.iter().filter(|it| it.is_ascii()) {
        let size = site.get(path).await.bytes.len();
        assert!(size < 100_000, "{path} is {size} bytes");
    }
}
