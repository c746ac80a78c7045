use axum::http::StatusCode;
use network::service_tokens::Interface;
use serde_json::{Value, json};

use super::{bearer, registered};
use crate::site::{Answer, Site};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

struct Client<'a> {
    site: &'a Site,
    authorization: String,
}

impl Client<'_> {
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_with(method, path, &[], body).await
    }

    async fn ask_with(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut headers = vec![
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/scim+json"),
        ];
        headers.extend_from_slice(more);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.site.send(method, &format!("/scim/v2{path}"), &headers, &body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null).await
    }
}

fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name, "displayName": "王老师", "active": true })
}

#[tokio::test]
async fn a_user_is_made_read_changed_and_taken_away() {
    let site = registered().await;
    let client =
        Client { site: &site, authorization: bearer(&site, Interface::Scim, "120101", 1).await };

    let made = client.ask("POST", "/Users", &user("wang")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("content-type"), "application/scim+json");
    let made_user = made.json();
    let id = made_user["id"].as_str().unwrap();
    assert_eq!(made.header("location"), format!("http://localhost:8080/scim/v2/Users/{id}"));
    let path = format!("/Users/{id}");

    let read = client.get(&path).await;
    assert_eq!(read.json()["userName"], "wang");
    let tag = read.header("etag").to_owned();
    let again = client.ask_with("GET", &path, &[("if-none-match", &tag)], &Value::Null).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));

    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "displayName", "value": "王主任" }],
    });
    let patched = client.ask_with("PATCH", &path, &[("if-match", &tag)], &patch).await;
    assert_eq!(patched.json()["displayName"], "王主任", "{}", patched.text());
    let stale = client.ask_with("PATCH", &path, &[("if-match", &tag)], &patch).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

    let found = client.get("/Users?filter=userName%20eq%20%22WANG%22&attributes=userName").await;
    let found = found.json();
    assert_eq!(found["totalResults"], 1);
    assert_eq!(found["Resources"][0]["displayName"], Value::Null);

    assert_eq!(client.ask("DELETE", &path, &Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn users_and_groups_are_searched_by_a_body_too() {
    let site = registered().await;
    let client =
        Client { site: &site, authorization: bearer(&site, Interface::Scim, "120101", 1).await };
    client.ask("POST", "/Users", &user("wang")).await;
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "wang",
    });
    let made = client.ask("POST", "/Groups", &group).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "displayName eq \"wang\" or displayName eq \"王老师\"",
    });
    for (path, expected) in [("/.search", 2), ("/Users/.search", 1), ("/Groups/.search", 1)] {
        let found = client.ask("POST", path, &search).await;
        assert_eq!(found.json()["totalResults"], expected, "{path}: {}", found.text());
    }
}

#[tokio::test]
async fn another_districts_system_is_told_of_nothing() {
    let site = registered().await;
    let ours =
        Client { site: &site, authorization: bearer(&site, Interface::Scim, "120101", 1).await };
    let theirs =
        Client { site: &site, authorization: bearer(&site, Interface::Scim, "120102", 9).await };
    let made = ours.ask("POST", "/Users", &user("wang")).await.json();
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    assert_eq!(theirs.get("/Users").await.json()["totalResults"], 0);
    for method in ["GET", "DELETE"] {
        let refused = theirs.ask(method, &path, &Value::Null).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method}");
        assert!(!refused.text().contains("wang"));
    }
    assert_eq!(ours.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn errors_are_told_as_scim_wants_them() {
    let site = registered().await;
    let client =
        Client { site: &site, authorization: bearer(&site, Interface::Scim, "120101", 1).await };
    let stranger = Client { site: &site, authorization: "Bearer no-such-token".to_owned() };
    let rosters = bearer(&site, Interface::Rosters, "120101", 5).await;
    let reader = Client { site: &site, authorization: rosters };
    for (client, method, path, body, status) in [
        (&stranger, "GET", "/Users", Value::Null, 401),
        (&reader, "GET", "/Users", Value::Null, 401),
        (&client, "GET", "/Nothing", Value::Null, 404),
        (&client, "GET", "/Users/none", Value::Null, 404),
        (&client, "GET", "/Users?filter=(((", Value::Null, 400),
        (&client, "POST", "/Users", json!({ "schemas": [USER] }), 400),
        (&client, "PUT", "/Users", Value::Null, 405),
        (&client, "GET", "/Users/none/of/what", Value::Null, 404),
    ] {
        let answer = client.ask(method, path, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/scim+json", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let error = answer.json();
        assert_eq!(error["status"], status.to_string());
        assert_eq!(error["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
    }
    assert_eq!(stranger.get("/Users").await.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn what_the_service_can_do_is_open_to_all() {
    let site = registered().await;
    let config = site.get("/scim/v2/ServiceProviderConfig").await.json();
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(config["bulk"]["supported"], false);
    assert_eq!(site.get("/scim/v2/ResourceTypes").await.json()["totalResults"], 2);
    assert_eq!(site.get("/scim/v2/ResourceTypes/User").await.json()["endpoint"], "/Users");
    assert_eq!(site.get(&format!("/scim/v2/Schemas/{USER}")).await.json()["id"], USER);
    assert_eq!(site.get("/scim/v2/Schemas?filter=id%20pr").await.status, StatusCode::FORBIDDEN);
}
