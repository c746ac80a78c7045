//! Every page, in Chinese; those with most words in English too.

use axum::http::StatusCode;
use insta::assert_snapshot;

use crate::site::Site;

/// Every page of the small city but the one that reads rows.
pub(crate) const PAGES: [&str; 14] = [
    "/",
    "/?year=2022&district=990102",
    "/indicators/IND-01",
    "/indicators/IND-02?org=990102&year=2024&cut=2020",
    "/indicators/IND-03",
    "/organisations",
    "/organisations?q=河口",
    "/organisations/9901010001",
    "/plan",
    "/plan/tasks/1.1",
    "/plan/projects/box-1",
    "/plan/clauses/1.1-01",
    "/wall",
    "/about",
];

fn encoded(path: &str) -> String {
    path.replace("河口", "%E6%B2%B3%E5%8F%A3")
}

#[tokio::test]
async fn pages_read_as_they_should() {
    let site = Site::made().await;
    for path in PAGES {
        let answer = site.get(&encoded(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let name: String =
            path.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
        assert_snapshot!(format!("page{name}"), answer.main());
    }
}

#[tokio::test]
async fn the_same_pages_read_in_english() {
    let site = Site::made().await;
    for path in PAGES {
        let english = if path == "/" { "/en".to_owned() } else { encoded(&format!("/en{path}")) };
        let answer = site.get(&english).await;
        assert_eq!(answer.status, StatusCode::OK, "{english}");
        assert!(answer.text().contains("<html lang=\"en\""), "{english}");
    }
    assert_snapshot!("english_scoreboard", site.get("/en").await.main());
    assert_snapshot!("english_indicator", site.get("/en/indicators/IND-02").await.main());
}

#[tokio::test]
async fn a_page_is_framed_in_its_language_and_names_the_other() {
    let site = Site::made().await;
    let page = site.get("/about").await.text();
    let asset = page.split("/assets/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_snapshot!("frame", page.replace(&asset, "0123456789abcdef"));
    assert!(page.contains("hreflang=\"en\" href=\"/en/about\""), "{page}");
    let english = site.get("/en/about").await.text();
    assert!(english.contains("hreflang=\"zh-CN\" href=\"/about\""), "{english}");
}

#[tokio::test]
async fn every_page_says_that_the_data_are_generated() {
    let site = Site::made().await;
    for path in PAGES {
        let page = site.get(&encoded(path)).await.text();
        assert!(page.contains("演示数据：由程序生成"), "{path}");
    }
}

#[tokio::test]
async fn text_of_the_data_is_never_markup() {
    let site = Site::made().await;
    for path in PAGES {
        let page = site.get(&encoded(path)).await.text();
        assert!(!page.contains("<并校>") && !page.contains("监测 <b>"), "{path}");
        assert!(!page.contains("<每一所>") && !page.contains("style=\""), "{path}");
    }
}

#[tokio::test]
async fn every_link_of_every_page_leads_somewhere() {
    let site = Site::made().await;
    let mut known = std::collections::BTreeSet::new();
    let mut waiting = vec!["/".to_owned(), "/en".to_owned()];
    while let Some(path) = waiting.pop() {
        // Rows and past releases are read from a real lake, in tests of their own.
        let apart = path.contains("/why") || path.contains("/explain") || path.contains("as_of=");
        if apart || !known.insert(path.clone()) {
            continue;
        }
        let answer = site.ask("GET", &path, &[("host", "localhost")]).await;
        // Whoever is not signed in is led to where one signs in.
        if answer.status == StatusCode::SEE_OTHER {
            waiting.push(answer.header("location").to_owned());
            continue;
        }
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let text = answer.text();
        let links = text.split("href=\"").skip(1).map(|it| it.split('"').next().unwrap());
        for link in links {
            let link = link.split('#').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
            assert!(link.is_empty() || link.starts_with('/'), "{path} links to {link}");
            if !link.is_empty() {
                waiting.push(link);
            }
        }
    }
    assert!(known.len() > 100, "only {} addresses were found", known.len());
}
