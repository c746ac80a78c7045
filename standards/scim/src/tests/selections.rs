use serde_json::{Value, json};

use super::zhang;
use crate::{Selection, USER};

fn shown(attributes: Option<&str>, excluded: Option<&str>) -> Value {
    let mut user = zhang();
    user.set("id", "7".into());
    user.set("meta", json!({"version": "W/\"1\""}));
    Selection::read(attributes, excluded).unwrap().of(&USER, &user)
}

#[test]
fn what_is_always_returned_is_returned_whatever_is_asked() {
    let user = shown(Some("userName"), None);
    let names: Vec<&String> = user.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "schemas", "userName"]);
    assert_eq!(shown(None, Some("id"))["id"], "7");
}

#[test]
fn parts_are_chosen_and_left_out() {
    let user = shown(Some("emails.value,NAME.familyname"), None);
    assert_eq!(user["name"], json!({"familyName": "张"}));
    assert_eq!(user["emails"][1], json!({"value": "zw@home.example"}));
    let user = shown(None, Some("emails.value,name"));
    assert_eq!(user["emails"][1], json!({"type": "home"}));
    assert!(user.get("name").is_none());
}

#[test]
fn an_extension_is_chosen_whole_or_by_attribute() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(shown(Some(urn), None)[urn]["department"], "数学");
    let part = format!("{urn}:department");
    assert_eq!(shown(Some(&part), None)[urn], json!({"department": "数学"}));
    assert!(shown(None, Some(urn)).get(urn).is_none());
    assert!(shown(Some("department"), None).get(urn).is_none());
}

#[test]
fn both_at_once_is_refused_and_what_is_not_there_is_left_out() {
    assert!(Selection::read(Some("a"), Some("b")).is_err());
    assert_eq!(shown(Some("shoeSize"), None).as_object().unwrap().len(), 2);
}

#[test]
fn a_password_is_never_shown() {
    let mut user = zhang();
    user.set("password", "secret".into());
    for selection in [Selection::default(), Selection::read(Some("password"), None).unwrap()] {
        assert!(!selection.of(&USER, &user).to_string().contains("secret"));
    }
}

#[test]
fn a_service_that_takes_no_passwords_knows_no_such_attribute() {
    let all = USER.schema.attributes.len();
    let without = crate::USER_WITHOUT_PASSWORD.schema;
    assert_eq!(without.attributes.len(), all - 1);
    assert!(without.attribute("password").is_none());
}
