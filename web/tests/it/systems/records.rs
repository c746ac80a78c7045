//! Records as another system brings them: with its token, held against the plan, of its own organisations only.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use network::audit::{Asked, entries};
use network::service_tokens::Interface;
use tower::ServiceExt;

use super::{bearer, opening};
use crate::made;
use crate::shape::differences;
use crate::site::{Answer, Site};

const PATH: &str = "/api/v1/records/pupils";
/// 九月.csv, as an address has it.
const NAME: &str = "%E4%B9%9D%E6%9C%88.csv";
const HEADER: &str = "school,year,pupil,grade,acuity\n";

/// A site that takes records in, without a release.
async fn taking() -> Site {
    let site = Site::empty().await;
    let published = made::published();
    site.record(&published, made::instant("2020-01-02T00:00:00Z")).await;
    let plan = published.plan().clone();
    let version = plan.version.clone();
    let known = move |asked: &str| (asked == plan.version).then(|| plan.clone());
    let folder = site.folder.path().to_owned();
    let app = site.app.clone().with_plans(known);
    let _ = app.with_records(folder, move || Some(version.clone()));
    site
}

async fn post(site: &Site, token: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
    site.send("POST", path, &[("authorization", token)], body).await
}

fn rows(school: &str, pupils: impl IntoIterator<Item = u32>) -> String {
    let row = |it: u32| format!("{school},2025,{it},good,4.9\n");
    format!("{HEADER}{}", pupils.into_iter().map(row).collect::<String>())
}

/// Some members of a receipt.
fn told(answer: &Answer, members: &[&str]) -> String {
    let receipt = answer.json();
    let told: Vec<String> = members.iter().map(|it| format!("{it} {}", receipt[*it])).collect();
    told.join(", ")
}

const COUNTS: [&str; 6] = ["rows", "added", "unchanged", "removed", "refused", "changed"];

#[tokio::test]
async fn what_is_brought_is_in_the_table_once() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let sheet = rows("9901010001", 1..=3);
    let first = post(&site, &token, &format!("{PATH}?file={NAME}"), &sheet).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!(
        told(&first, &COUNTS),
        "rows 3, added 3, unchanged 0, removed 0, refused 0, changed true"
    );
    let document = site.get("/api/openapi.json").await.json();
    let schema = serde_json::json!({ "$ref": "#/components/schemas/Receipt" });
    assert_eq!(differences(&document, &schema, &first.json()), Vec::<String>::new());
    // Who does not know whether it came through sends it once more.
    let again = post(&site, &token, PATH, &sheet).await;
    assert_eq!(
        told(&again, &COUNTS),
        "rows 3, added 0, unchanged 3, removed 0, refused 0, changed false"
    );
    let dry = post(&site, &token, &format!("{PATH}?dry_run=1"), rows("9901010001", 1..=4)).await;
    assert_eq!(
        told(&dry, &COUNTS),
        "rows 4, added 1, unchanged 3, removed 0, refused 0, changed false"
    );
    let whole = post(&site, &token, &format!("{PATH}?replace=1"), rows("9901010001", 2..=4)).await;
    assert_eq!(
        told(&whole, &COUNTS),
        "rows 3, added 1, unchanged 2, removed 1, refused 0, changed true"
    );
    let lake = governance::Lake::open(site.folder.path()).unwrap();
    let plan = made::published().plan().clone();
    assert_eq!(lake.table(&plan.datasets["pupils"]).await.unwrap().rows(), 3);
    let staging = std::fs::read_dir(site.folder.path().join("staging")).unwrap();
    assert_eq!(staging.count(), 0, "a file was left behind");
}

#[tokio::test]
async fn what_is_wrong_is_told_and_the_rest_is_taken() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let sheet = format!(
        "{}9901010001,2025,8,splendid,4.9\n9901020001,2025,9,good,4.9\n",
        rows("9901010001", 1..=2)
    );
    let answer = post(&site, &token, &format!("{PATH}?file={NAME}"), sheet).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(
        told(&answer, &["rows", "added", "refused", "whole"]),
        "rows 4, added 2, refused 2, whole false"
    );
    let document = site.get("/api/openapi.json").await.json();
    let schema = serde_json::json!({ "$ref": "#/components/schemas/Receipt" });
    assert_eq!(differences(&document, &schema, &answer.json()), Vec::<String>::new());
    let findings = answer.json()["findings"].as_array().unwrap().clone();
    let shown: Vec<String> = findings
        .iter()
        .map(|it| {
            format!("{} {} {} {} {}", it["file"], it["row"], it["column"], it["rule"], it["found"])
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#""九月.csv" 4 "grade" "code" "splendid""#,
            r#""九月.csv" 5 "school" "scope" "9901020001""#
        ]
    );
    let empty = post(&site, &token, PATH, "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.json()["findings"][0]["rule"], "file");
}

#[tokio::test]
async fn nothing_is_taken_without_a_token_for_it() {
    let site = Box::pin(taking()).await;
    let rosters = bearer(&site, Interface::Rosters, "990101", 1).await;
    for token in ["", "Bearer", "Bearer nothing", &rosters] {
        let answer = post(&site, token, PATH, rows("9901010001", 1..=1)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_eq!(answer.json()["type"], "/problems/no-token");
    }
    let token = bearer(&site, Interface::Records, "990101", 5).await;
    site.later(7_200);
    let late = post(&site, &token, PATH, rows("9901010001", 1..=1)).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(!site.folder.path().join("lake/pupils").exists());
}

#[tokio::test]
async fn a_token_that_ends_while_the_file_is_on_its_way_brings_nothing() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let clock = Arc::clone(&site.seconds);
    let file = Full::new(Bytes::from(rows("9901010001", 1..=1))).map_frame(move |part| {
        clock.fetch_add(7_200, Ordering::Relaxed);
        part
    });
    let request = Request::post(PATH).header("authorization", &token);
    let answer = site.router().oneshot(request.body(Body::new(file)).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(!site.folder.path().join("lake/pupils").exists());
    let staging = std::fs::read_dir(site.folder.path().join("staging")).unwrap();
    assert_eq!(staging.count(), 0, "the file was left behind");
    let written = entries(&site.store, &Asked::default(), 100).await.unwrap();
    let brought = written.iter().filter(|it| it.action == "records.bring");
    let outcomes: Vec<&str> = brought.map(|it| it.outcome.as_str()).collect();
    assert_eq!(outcomes, ["refused", "done"], "the last first");
}

#[tokio::test]
async fn a_token_brings_the_datasets_that_it_names() {
    let site = Box::pin(taking()).await;
    // Of another dataset, and of one that the plan has not any more.
    let token = opening(&site, Interface::Records, Some("teachers"), "990101", 1).await;
    let answer = post(&site, &token, PATH, rows("9901010001", 1..=1)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["detail"], "This token does not open a dataset pupils. It opens: –");
    let form = site.ask("GET", PATH, &[("authorization", &token)]).await;
    assert_eq!(form.status, StatusCode::NOT_FOUND);
    let own = bearer(&site, Interface::Records, "990101", 5).await;
    let answer = post(&site, &own, "/api/v1/records/teachers", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answer.json()["detail"],
        "This token does not open a dataset teachers. It opens: pupils"
    );
    assert!(!site.folder.path().join("lake/pupils").exists());
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_it_is_read() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    for (path, status, kind) in [
        ("/api/v1/records/teachers", StatusCode::NOT_FOUND, "no-dataset"),
        ("/api/v1/records/pupils?replace=yes", StatusCode::BAD_REQUEST, "not-a-question"),
        ("/api/v1/records/pupils?dry-run=1", StatusCode::BAD_REQUEST, "no-parameter"),
        ("/api/v1/records/pupils?file=..", StatusCode::BAD_REQUEST, "not-a-question"),
        ("/api/v1/records/pupils?file=a%2Fb.csv", StatusCode::BAD_REQUEST, "not-a-question"),
        ("/api/v1/records/pupils?file=a%0Ab", StatusCode::BAD_REQUEST, "not-a-question"),
    ] {
        let answer = post(&site, &token, path, rows("9901010001", 1..=1)).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.json()["type"], format!("/problems/{kind}"), "{path}");
    }
    let long = format!("{PATH}?file={}", "%F0%A0%80%80".repeat(70));
    assert_eq!(post(&site, &token, &long, "").await.status, StatusCode::BAD_REQUEST);
    let other = site.send("PUT", PATH, &[("authorization", &token)], "").await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(other.header("allow"), "GET, POST");
    assert_eq!(other.json()["type"], "/problems/no-method");
}

#[tokio::test]
async fn the_form_of_a_dataset_can_be_filled_in_and_brought() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let headers = [("authorization", token.as_str())];
    let form = site.ask("GET", PATH, &headers).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.header("content-disposition").contains("pupils.xlsx"));
    let answer = post(&site, &token, PATH, &form.bytes).await;
    // Read as a form, with nothing filled in.
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(told(&answer, &["rows", "errors", "warnings"]), "rows 0, errors 0, warnings 1");
    let unknown = site.ask("GET", "/api/v1/records/teachers", &headers).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(PATH).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_brought_what_is_in_the_audit_log_and_in_the_tables_own() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let answer = post(&site, &token, PATH, rows("9901010001", 1..=3)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let written = entries(&site.store, &Asked::default(), 100).await.unwrap();
    let brought: Vec<_> = written.iter().filter(|it| it.action == "records.bring").collect();
    let [entry] = brought.as_slice() else { panic!("{} entries", brought.len()) };
    assert_eq!(entry.actor_kind, "application");
    assert_eq!(entry.organisation.as_deref(), Some("990101"));
    assert_eq!((entry.object_kind.as_str(), entry.object.as_deref()), ("dataset", Some("pupils")));
    // Who tries for whom a neighbour has is seen there.
    let beyond = rows("9901020001", 1..=2);
    let tried = post(&site, &token, &format!("{PATH}?dry_run=1"), beyond).await;
    assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
    let written = entries(&site.store, &Asked::default(), 100).await.unwrap();
    let seen = |action: &str| {
        let found = written.iter().find(|it| it.action == action).unwrap();
        (found.outcome.clone(), found.row_count)
    };
    assert_eq!(seen("records.try"), ("done".to_owned(), None));
    assert_eq!(seen("records.scope"), ("refused".to_owned(), Some(2)));
    let log = site.folder.path().join("lake/pupils/_delta_log");
    let logged: String = std::fs::read_dir(log)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "json"))
        .map(|it| std::fs::read_to_string(it).unwrap())
        .collect();
    assert!(
        logged.contains(entry.actor.as_deref().unwrap()),
        "the table's log does not name the token"
    );
}

/// Organisations that were recorded since the last file are known to the next.
#[tokio::test]
async fn a_new_school_may_send_at_once() {
    let site = Box::pin(taking()).await;
    let token = bearer(&site, Interface::Records, "990101", 1).await;
    let before = post(&site, &token, PATH, rows("9901019999", 1..=1)).await;
    assert_eq!(before.json()["findings"][0]["rule"], "organisation", "{}", before.text());
    let list = "code,name_zh,name_en,level,kind,parent,valid_from\n\
        9901019999,新校,New School,school,primary,990101,2000-01-01\n";
    let (list, findings) = network::read_list("new.csv", list.as_bytes());
    assert_eq!(findings, []);
    let at = made::instant("2020-02-01T00:00:00Z");
    network::record(&site.store, &list.changes(), at, jiff::tz::Offset::UTC).await.unwrap();
    let after = post(&site, &token, PATH, rows("9901019999", 1..=1)).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.text());
}
