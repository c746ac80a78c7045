//! The API: held against its own description, and read as a program would.

use axum::http::StatusCode;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use crate::shape::differences;
use crate::site::Site;

/// An address of the API with what it has to be asked.
fn question(path: &str) -> String {
    let code = if path.contains("indicators") { "IND-02" } else { "9901010001" };
    let path = path.replace("{code}", code);
    match path.as_str() {
        "/api/v1/figures" | "/api/v1/figures.csv" => {
            format!("{path}?indicator=IND-01&level=school")
        }
        _ => path,
    }
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let site = Site::made().await;
    let document = site.get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 13);
    // Evidence is read from a real lake and records are written to one, in tests of their own.
    let elsewhere = ["/api/v1/explain", "/api/v1/records/{dataset}"];
    for (path, item) in paths.iter().filter(|(path, _)| !elsewhere.contains(&path.as_str())) {
        let answer = site.get(&question(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let content = &item["get"]["responses"]["200"]["content"];
        let schema = &content["application/json"]["schema"];
        if schema.is_null() {
            assert!(answer.header("content-type").starts_with("text/csv"), "{path}");
            continue;
        }
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        assert_eq!(differences(&document, schema, &answer.json()), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn the_description_of_the_api_is_a_promise() {
    let site = Site::made().await;
    let document = site.get("/api/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn answers_keep_their_fields() {
    let site = Site::made().await;
    let board = site.get("/api/v1/scoreboard?year=2024&org=990102").await.json();
    assert_json_snapshot!("scoreboard", board);
    let indicator = site.get("/api/v1/indicators/IND-01?year=2025").await.json();
    assert_json_snapshot!("indicator", indicator);
    assert_json_snapshot!("plan", site.get("/api/v1/plan").await.json());
    let organisation = site.get("/api/v1/organisations/9901010002?year=2021").await.json();
    assert_json_snapshot!("organisation", organisation);
}

#[tokio::test]
async fn tables_are_the_same_figures() {
    let site = Site::made().await;
    let path = "/api/v1/figures?indicator=IND-01&level=district&year=2025";
    let rows = site.get(path).await.json()["rows"].as_array().unwrap().clone();
    let table = site.get(&format!("{path}&format=csv&bom=0")).await;
    assert!(table.header("content-disposition").contains("IND-01-district-2025.csv"));
    assert_snapshot!("figures_csv", table.text());
    let lines: Vec<String> = table.text().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines.len(), rows.len());
    for (line, row) in lines.iter().zip(&rows) {
        let value = row["value"].as_str().unwrap();
        assert!(line.contains(&format!(",2025,{value},")), "{line} {row}");
    }
    let marked = site.get(&format!("{path}&format=csv")).await;
    assert_eq!(marked.text().strip_prefix('\u{feff}').unwrap(), table.text());
    assert_snapshot!("plan_csv", site.get("/api/v1/plan.csv?bom=0").await.text());
}

#[tokio::test]
async fn organisations_come_in_pages() {
    let site = Site::made().await;
    let mut seen: Vec<String> = Vec::new();
    let mut path = "/api/v1/organisations?level=school&within=990101&limit=2".to_owned();
    loop {
        let page = site.get(&path).await.json();
        let codes = page["organisations"].as_array().unwrap().iter();
        seen.extend(codes.map(|it| it["code"].as_str().unwrap().to_owned()));
        let Value::String(next) = &page["next"] else { break };
        path = format!("/api/v1/organisations?level=school&within=990101&limit=2&after={next}");
    }
    assert_eq!(seen, ["9901010001", "9901010002", "9901010003"]);
}
