use serde_json::{Value, json};

use super::{class, course, demographics, enrollment, role, school, teacher, term};
use crate::{Collection, Filter, Links, OneRosterError, Query, json};

fn asked(parameters: &[(&str, &str)]) -> Result<Query, OneRosterError> {
    Query::read(|name| parameters.iter().find(|it| it.0 == name).map(|it| it.1))
}

#[test]
fn and_binds_stronger_than_or() {
    let filter = Filter::parse("a='1' and b!='2' OR c.d~'x''y'  or  e >= '3'").unwrap();
    assert_eq!(filter.to_string(), "a='1' AND b!='2' OR c.d~'x''y' OR e>='3'");
    assert_eq!(filter.any.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
}

#[test]
fn a_filter_that_makes_no_sense_is_refused_with_the_place() {
    for (text, expected) in [
        ("", "expected the name of a field, found the end"),
        ("a", "expected = != > >= < <= or ~, found the end"),
        ("a=1", "expected a value between quotation marks, such as 'active', found `1`"),
        ("a='1", "expected a closing quotation mark, found `1`"),
        ("a='1' XOR b='2'", "expected AND, OR or the end, found `XOR b='2'`"),
        ("a='1' AND ", "expected AND, OR or the end, found `AND`"),
        ("'; DROP TABLE x", "expected the name of a field, found `'; DROP TABLE x`"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(error.description, expected, "{text}");
        assert_eq!(error.minor.as_str(), "invalid_filter_field");
    }
    assert!(Filter::parse(&vec!["a='1'"; 33].join(" OR ")).is_err());
}

#[test]
fn pages_lead_to_their_neighbours() {
    let query = asked(&[("limit", "10"), ("offset", "20")]).unwrap();
    let pages = query.pages(41);
    assert_eq!(pages, [("next", 10, 30), ("last", 10, 40), ("first", 10, 0), ("prev", 10, 10)]);
    let query = asked(&[]).unwrap();
    assert_eq!((query.limit, query.pages(0)), (100, vec![("last", 100, 0), ("first", 100, 0)]));
    assert_eq!(asked(&[("limit", "999999")]).unwrap().limit, 10_000);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    for (name, value, minor) in [
        ("limit", "0", "invaliddata"),
        ("limit", "-1", "invaliddata"),
        ("offset", "x", "invaliddata"),
        ("orderBy", "up", "invalid_sort_field"),
        ("filter", "x", "invalid_filter_field"),
    ] {
        assert_eq!(asked(&[(name, value)]).unwrap_err().minor.as_str(), minor, "{name}={value}");
    }
}

#[test]
fn an_answer_has_the_fields_that_were_asked_for() {
    let query = asked(&[("fields", "sourcedId, name")]).unwrap();
    let object = json!({"sourcedId": "1", "name": "x", "type": "school"});
    assert_eq!(query.fields.of(object), json!({"sourcedId": "1", "name": "x"}));
    let error = query.fields.check(|it| it == "sourcedId").unwrap_err();
    assert_eq!(error.json()["imsx_description"], "there is no field `name`");
}

#[test]
fn every_collection_is_found_by_its_path() {
    for it in Collection::ALL {
        assert_eq!(Collection::parse(it.path()), Some(it));
        assert!(Collection::ALL.contains(&it.whole()));
    }
    assert_eq!(Collection::Teachers.list_name(), "users");
    assert_eq!(Collection::Schools.item_name(), "org");
}

#[test]
fn objects_as_they_are_answered() {
    let links = Links { base: "https://city.example/ims/oneroster/rostering/v1p2" };
    let children = ["一".to_owned()];
    let objects: Vec<Value> = vec![
        json::org(links, &school(), &children),
        json::academic_session(links, &term(), &[]),
        json::course(links, &course()),
        json::class(links, &class()),
        json::user(links, &teacher(), &[role()]),
        json::enrollment(links, &enrollment()),
        json::demographics(&demographics()),
    ];
    assert!(!objects[4].to_string().contains("secret"));
    insta::assert_json_snapshot!(objects);
}
