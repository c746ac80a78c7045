//! From a figure to its rows, over a lake with real rows in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::http::StatusCode;
use governance::collection::{self, Import, Limits, Mapping, Pseudonyms};
use insta::assert_snapshot;

use crate::made;
use crate::shape::differences;
use crate::site::Site;

/// Two pupils of every school and year.
fn file() -> String {
    let mut text = "school,year,pupil,grade,acuity\n".to_owned();
    for (code, _, _) in made::DISTRICTS {
        for school in 1..=3 {
            for pupil in 1..=2 {
                let (id, grade) =
                    (format!("{code}{school}{pupil}"), if pupil == 1 { "good" } else { "fair" });
                writeln!(text, "{code}{school:04},2025,{id},{grade},4.{pupil}").unwrap();
            }
        }
    }
    text
}

/// The site with rows under the figures.
async fn site() -> Site {
    let site = Site::empty().await;
    let published = made::published();
    let folder = site.folder.path();
    let lake = governance::Lake::open(folder).unwrap();
    std::fs::write(folder.join("pupils.csv"), file()).unwrap();
    let organisations = made::organisations(&published);
    let outcome = collection::import(&Import {
        lake: &lake,
        dataset: &published.plan().datasets["pupils"],
        rules: &BTreeMap::new(),
        organisations: &organisations,
        pseudonyms: &Pseudonyms::with_key([7; 32]),
        file: &folder.join("pupils.csv"),
        mapping: &Mapping::default(),
        findings_file: None,
        staging: folder,
        limits: Limits::default(),
        replace: false,
        dry_run: false,
        now: made::instant("2026-01-05T10:00:00Z"),
        note: BTreeMap::new(),
        progress: &|_| {},
    })
    .await
    .unwrap();
    assert_eq!((outcome.refused, outcome.added), (0, 24), "{:?}", outcome.findings);
    site.app.replace(made::published_with(outcome.version.unwrap()));
    site
}

#[tokio::test]
async fn a_figure_is_followed_down_to_its_rows() {
    let site = site().await;
    let page = site.get("/indicators/IND-01/why?org=990102").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_snapshot!("why", page.main());
    assert!(page.text().contains("•••"), "personal columns are masked");
    for pupil in ["99010211", "99010212"] {
        assert!(!page.text().contains(pupil), "a pupil's number stands in clear");
    }
}

#[tokio::test]
async fn the_same_evidence_comes_as_data() {
    let site = site().await;
    let answer = site.get("/api/v1/explain?indicator=IND-01&org=990102&limit=3").await;
    let document = site.get("/api/openapi.json").await.json();
    let schema = serde_json::json!({ "$ref": "#/components/schemas/Explanation" });
    assert_eq!(differences(&document, &schema, &answer.json()), Vec::<String>::new());
    assert_eq!(answer.json()["terms"][0]["rows"]["rows"].as_array().unwrap().len(), 3);
    let table = site.get("/api/v1/explain?indicator=IND-01&org=990102&format=csv&bom=0").await;
    assert!(table.text().starts_with("side,measure,dataset"), "{}", table.text());
}

#[tokio::test]
async fn what_has_no_figure_has_no_evidence() {
    let site = site().await;
    let answer = site.get("/indicators/IND-03/why?org=9901010001").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["type"], "/problems/no-evidence");
}
