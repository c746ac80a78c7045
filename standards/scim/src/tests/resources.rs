use serde_json::{Value, json};

use super::{user, zhang};
use crate::{GROUP, Order, Resource, ScimType, Search, Service, USER, compare, list_response};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn refused(value: Value) -> (ScimType, String) {
    let error = Resource::read(&USER, &value).unwrap_err();
    (error.kind.unwrap(), error.detail)
}

#[test]
fn names_are_spelt_as_the_schema_does_and_what_is_empty_is_left_out() {
    let user = user(json!({
        "schemas": [CORE], "USERNAME": "a", "Emails": [], "nickName": null,
        "id": "mine", "meta": {"version": "1"}, "groups": [{"value": "g"}],
    }));
    assert_eq!(user.json(&USER), json!({"schemas": [CORE], "userName": "a"}));
}

#[test]
fn what_does_not_fit_is_refused() {
    for (value, kind, detail) in [
        (json!(7), ScimType::InvalidSyntax, "a resource is a JSON object"),
        (
            json!({"userName": "a"}),
            ScimType::InvalidSyntax,
            "`schemas` must name urn:ietf:params:scim:schemas:core:2.0:User",
        ),
        (
            json!({"schemas": [CORE, "urn:x"], "userName": "a"}),
            ScimType::InvalidSyntax,
            "a User has no schema `urn:x`",
        ),
        (
            json!({"schemas": [CORE], "userName": "a", "shoeSize": 40}),
            ScimType::InvalidSyntax,
            "there is no attribute `shoeSize`",
        ),
        (json!({"schemas": [CORE]}), ScimType::InvalidValue, "`userName` is required and missing"),
        (
            json!({"schemas": [CORE], "userName": ""}),
            ScimType::InvalidValue,
            "`userName` is required and missing",
        ),
        (
            json!({"schemas": [CORE], "userName": ["a"]}),
            ScimType::InvalidValue,
            "`userName` is of type string; what was sent is a list",
        ),
        (
            json!({"schemas": [CORE], "userName": "a", "emails": [
                {"value": "b", "primary": true}, {"value": "c", "primary": true},
            ]}),
            ScimType::InvalidValue,
            "`emails` is of type complex; what was sent is more than one primary value",
        ),
    ] {
        assert_eq!(refused(value), (kind, detail.to_owned()));
    }
}

#[test]
fn those_without_a_value_come_last_and_of_a_list_the_primary_value_counts() {
    let other = user(json!({"schemas": [CORE], "userName": "anna"}));
    let order = |by: &str, how: &str| Order::read(Some(by), Some(how)).unwrap().unwrap();
    let ordering = |it: &Order| compare(&USER, it, &zhang(), &other);
    assert!(ordering(&order("userName", "ascending")).is_gt());
    assert!(ordering(&order("emails", "ascending")).is_lt());
    assert!(ordering(&order("emails.value", "descending")).is_gt());
}

#[test]
fn a_query_is_read_from_an_address_and_from_a_body_alike() {
    let asked = [
        ("filter", "active eq true"),
        ("startIndex", "-4"),
        ("count", "20"),
        ("attributes", "id,name"),
    ];
    let found = |name: &str| asked.iter().find(|it| it.0 == name).map(|it| it.1);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "active eq true", "startIndex": -4, "count": 20, "attributes": ["id", "name"],
    });
    let search = Search::read(found).unwrap();
    assert_eq!(search, Search::read_request(&body).unwrap());
    assert_eq!(search.window(10), (0, 10));
    let answer = list_response(31, 1, vec![json!({"id": "1"})]);
    assert_eq!((&answer["totalResults"], &answer["itemsPerPage"]), (&json!(31), &json!(1)));
}

#[test]
fn what_discovery_serves() {
    let base = "https://city.example/scim/v2";
    let service = Service {
        most_results: 1000,
        changes_passwords: false,
        has_etags: true,
        documentation: None,
    };
    insta::assert_json_snapshot!(json!([
        service.json(base),
        USER.json(base),
        GROUP.json(base),
        GROUP.schema.json(&format!("{base}/Schemas/{}", GROUP.schema.id)),
    ]));
}
