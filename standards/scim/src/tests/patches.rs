use serde_json::{Value, json};

use super::zhang;
use crate::{Patch, Resource, ScimError, USER};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn patched(operations: Value) -> Result<Value, ScimError> {
    let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    let patch = Patch::read(&json!({"schemas": schemas, "Operations": operations}))?;
    patch.apply(&USER, &zhang()).map(|it| it.json(&USER))
}

fn refused(operation: Value) -> (String, String) {
    let error = patched(json!([operation])).unwrap_err();
    (error.kind.unwrap().to_string(), error.detail)
}

#[test]
fn adding_to_a_list_keeps_what_is_there_and_one_primary_value() {
    let new = json!({"value": "new@school.example", "type": "other", "primary": true});
    let user = patched(json!([{"op": "add", "path": "emails", "value": [new]}])).unwrap();
    assert_eq!(user["emails"][0]["primary"], false);
    assert_eq!(user["emails"][2], new);
    let again = json!({"type": "home", "value": "zw@home.example"});
    let user = patched(json!([{"op": "Add", "path": "emails", "value": again}])).unwrap();
    assert_eq!(user["emails"].as_array().unwrap().len(), 2);
}

#[test]
fn an_extension_may_name_its_schema_as_some_clients_do() {
    let value = json!({"schemas": [ENTERPRISE], "department": "数学组"});
    for operation in ["add", "replace"] {
        let change = json!([{"op": operation, "path": ENTERPRISE, "value": value}]);
        let user = patched(change).unwrap();
        assert_eq!(user[ENTERPRISE]["department"], "数学组");
        assert!(user[ENTERPRISE].get("schemas").is_none());
    }
}

#[test]
fn a_part_of_chosen_values_is_replaced() {
    let path = r#"emails[type eq "work"].value"#;
    let user = patched(json!([{"op": "replace", "path": path, "value": "a@b.example"}])).unwrap();
    assert_eq!(user["emails"][0]["value"], "a@b.example");
    assert_eq!(user["emails"][1]["value"], "zw@home.example");
}

#[test]
fn nothing_chosen_is_no_target_but_adding_by_equality_makes_the_value() {
    let path = r#"emails[type eq "other"].value"#;
    let value = "c@d.example";
    let (kind, detail) = refused(json!({"op": "replace", "path": path, "value": value}));
    assert_eq!((kind.as_str(), detail.as_str()), ("noTarget", "no value of `emails` is like that"));
    let user = patched(json!([{"op": "add", "path": path, "value": value}])).unwrap();
    assert_eq!(user["emails"][2], json!({"type": "other", "value": value}));
}

#[test]
fn removing_chosen_values_leaves_the_others() {
    let path = r#"emails[type eq "work"]"#;
    let user = patched(json!([{"op": "remove", "path": path}])).unwrap();
    assert_eq!(user["emails"], json!([{"type": "home", "value": "zw@home.example"}]));
    let user = patched(json!([
        {"op": "remove", "path": path},
        {"op": "remove", "path": r#"emails[type eq "home"]"#},
    ]));
    assert!(user.unwrap().get("emails").is_none());
}

#[test]
fn parts_that_are_not_named_stay() {
    let value = json!({"givenName": "伟明"});
    let user = patched(json!([{"op": "replace", "path": "name", "value": value}])).unwrap();
    assert_eq!(user["name"], json!({"familyName": "张", "givenName": "伟明"}));
    let user = patched(json!([{"op": "remove", "path": "name.givenName"}])).unwrap();
    assert_eq!(user["name"], json!({"familyName": "张"}));
}

#[test]
fn without_a_path_each_attribute_of_the_value_is_meant() {
    let value = json!({
        "nickName": "小张",
        "name.middleName": "x",
        "groups": [{"value": "not mine to say"}],
        ENTERPRISE: {"division": "高中部"},
        format!("{ENTERPRISE}:costCenter"): "7",
    });
    let user = patched(json!([{"op": "replace", "value": value}])).unwrap();
    assert_eq!(user["nickName"], "小张");
    assert_eq!(user["name"]["middleName"], "x");
    assert_eq!(user[ENTERPRISE]["division"], "高中部");
    assert_eq!(user[ENTERPRISE]["costCenter"], "7");
    assert_eq!(user[ENTERPRISE]["department"], "数学");
    assert!(user.get("groups").is_none());
}

#[test]
fn an_extension_is_added_to_and_removed_by_its_urn() {
    let value = json!({"organization": "一中"});
    let user = patched(json!([{"op": "add", "path": ENTERPRISE, "value": value}])).unwrap();
    assert_eq!(user[ENTERPRISE]["organization"], "一中");
    assert_eq!(user[ENTERPRISE]["department"], "数学");
    let user = patched(json!([{"op": "remove", "path": ENTERPRISE}])).unwrap();
    assert_eq!(user["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User"]));
}

#[test]
fn what_may_not_be_changed_is_refused_with_its_kind() {
    for (operation, kind) in [
        (json!({"op": "replace", "path": "id", "value": "1"}), "mutability"),
        (json!({"op": "add", "path": "groups", "value": [{"value": "1"}]}), "mutability"),
        (json!({"op": "remove", "path": "userName"}), "mutability"),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "remove", "path": "shoeSize"}), "invalidPath"),
        (json!({"op": "remove", "path": "emails[type eq"}), "invalidFilter"),
        (json!({"op": "remove", "path": "emails[type pr]x"}), "invalidPath"),
        (json!({"op": "remove", "path": "title[value pr]"}), "invalidPath"),
        (json!({"op": "replace", "path": "active", "value": "maybe"}), "invalidValue"),
        (json!({"op": "replace", "path": "active"}), "invalidValue"),
        (json!({"op": "move", "path": "active", "value": true}), "invalidSyntax"),
    ] {
        assert_eq!(refused(operation.clone()).0, kind, "{operation}");
    }
}

#[test]
fn a_patch_holds_whole_or_not_at_all() {
    let before = zhang();
    let patch = Patch::read(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "replace", "path": "title", "value": "校长"},
            {"op": "replace", "path": "active", "value": []},
        ],
    }));
    assert!(patch.unwrap().apply(&USER, &before).is_err());
    assert_eq!(before, zhang());
}

#[test]
fn members_are_removed_by_a_list_as_some_clients_do() {
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "数学组",
        "members": [{"value": "1"}, {"value": "2"}],
    });
    let group = Resource::read(&crate::GROUP, &group).unwrap();
    let patch = Patch::read(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "Remove", "path": "members", "value": [{"value": "1"}]}],
    }));
    let group = patch.unwrap().apply(&crate::GROUP, &group).unwrap();
    assert_eq!(group.json(&crate::GROUP)["members"], json!([{"value": "2"}]));
}
