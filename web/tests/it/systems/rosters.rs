use std::io::Cursor;

use axum::http::StatusCode;
use haihe_oneroster::{Mode, Org, OrgKind, PackageWriter, Status};
use network::rosters::{Import, import};
use network::service_tokens::Interface;
use network::testing::{Counting, at};

use super::{bearer, registered};
use crate::site::{Answer, Site};

const SERVICE: &str = "/ims/oneroster/rostering/v1p2";

fn org(id: &str, identifier: &str, parent: Option<&str>) -> Org {
    Org {
        sourced_id: id.to_owned(),
        status: Status::Active,
        modified_at: None,
        name: format!("机构 {id}"),
        kind: if parent.is_none() { OrgKind::District } else { OrgKind::School },
        identifier: Some(identifier.to_owned()),
        parent: parent.map(str::to_owned),
    }
}

/// A site with the rosters of a district and its school.
async fn rostered() -> Site {
    let site = registered().await;
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), Mode::Bulk);
    writer.add([org("d", "120101", None), org("s", "2112000123", Some("d"))]).unwrap();
    let package = writer.finish("a district").unwrap();
    let how = Import { source: "a district", is_dry: false, at: at(-5) };
    let mut findings = Vec::new();
    let entropy = &mut Counting::beginning_at(500);
    let mut find = |it| findings.push(it);
    Box::pin(import(&site.store, package, how, entropy, &mut find)).await.unwrap();
    assert_eq!(findings, []);
    site
}

async fn get(site: &Site, authorization: &str, path: &str) -> Answer {
    let headers = [("authorization", authorization)];
    site.ask("GET", &format!("{SERVICE}{path}"), &headers).await
}

#[tokio::test]
async fn lists_come_in_parts_that_name_the_others() {
    let site = Box::pin(rostered()).await;
    let token = bearer(&site, Interface::Rosters, "120101", 1).await;
    let first = get(&site, &token, "/orgs?limit=1&sort=name").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_eq!(first.header("x-total-count"), "2");
    assert_eq!(first.header("cache-control"), "no-store");
    let next =
        format!("<http://localhost:8080{SERVICE}/orgs?sort=name&limit=1&offset=1>; rel=\"next\"");
    assert!(first.header("link").contains(&next), "{}", first.header("link"));
    assert_eq!(first.json()["orgs"][0]["sourcedId"], "d");
    let second = get(&site, &token, "/orgs?limit=1&sort=name&offset=1").await;
    assert_eq!(second.json()["orgs"][0]["sourcedId"], "s");
    let filtered = get(&site, &token, "/schools?filter=identifier%3D%272112000123%27").await;
    assert_eq!(filtered.json()["orgs"].as_array().unwrap().len(), 1, "{}", filtered.text());
}

#[tokio::test]
async fn one_object_shows_the_fields_that_are_asked_for() {
    let site = Box::pin(rostered()).await;
    let token = bearer(&site, Interface::Rosters, "120101", 1).await;
    let school = get(&site, &token, "/schools/s?fields=sourcedId,name").await.json();
    assert_eq!(school, serde_json::json!({ "org": { "sourcedId": "s", "name": "机构 s" } }));
    let whole = get(&site, &token, "/orgs/s").await.json();
    let parent = &whole["org"]["parent"]["href"];
    assert_eq!(parent, &format!("http://localhost:8080{SERVICE}/orgs/d"));
    assert_eq!(
        get(&site, &token, "/schools/s/classes").await.json()["classes"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn another_district_sees_nothing_of_it() {
    let site = Box::pin(rostered()).await;
    let token = bearer(&site, Interface::Rosters, "120102", 1).await;
    assert_eq!(get(&site, &token, "/schools").await.header("x-total-count"), "0");
    let refused = get(&site, &token, "/schools/s").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(!refused.text().contains("机构"));
}

#[tokio::test]
async fn errors_are_told_as_oneroster_wants_them() {
    let site = Box::pin(rostered()).await;
    let token = bearer(&site, Interface::Rosters, "120101", 1).await;
    let provisioner = bearer(&site, Interface::Scim, "120101", 7).await;
    for (authorization, path, status, minor) in [
        ("", "/orgs", 401, "unauthorisedrequest"),
        (provisioner.as_str(), "/orgs", 401, "unauthorisedrequest"),
        (token.as_str(), "/nothing", 404, "unknownobject"),
        (token.as_str(), "/orgs/none", 404, "unknownobject"),
        (token.as_str(), "/orgs/s/classes", 404, "unknownobject"),
        (token.as_str(), "/orgs?filter=what", 400, "invalid_filter_field"),
    ] {
        let answer = get(&site, authorization, path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        let said = answer.json();
        assert_eq!(said["imsx_codeMajor"], "failure");
        assert!(said.to_string().contains(minor), "{path}: {said}");
    }
    let headers = [("authorization", token.as_str())];
    let written = site.ask("POST", &format!("{SERVICE}/orgs"), &headers).await;
    assert_eq!(written.status, StatusCode::METHOD_NOT_ALLOWED);
}
