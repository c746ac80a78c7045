use proptest::prelude::*;
use serde_json::{Value, json};

use super::zhang;
use crate::attribute::AttributePath;
use crate::path::Chosen;
use crate::{Comparison, Filter, Limits, Literal, Patch, Path, Resource, Search, Selection, USER};

const WIDE: Limits = Limits { length: 1 << 20, depth: 64, terms: 1 << 12 };

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9_-]{0,6}"
}

fn attribute() -> impl Strategy<Value = AttributePath> {
    let schema = prop::option::of("urn:[a-z]{1,4}:[0-9]\\.[0-9]:[A-Z][a-z]{1,4}");
    (schema, name(), prop::option::of(name())).prop_map(|(schema, name, part)| AttributePath {
        schema,
        name,
        part,
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(|it| Literal::Number(it.into())),
        any::<String>().prop_map(Literal::Text),
    ]
}

fn term() -> impl Strategy<Value = Filter> {
    let by = prop::sample::select(Comparison::ALL.to_vec());
    prop_oneof![
        attribute().prop_map(Filter::Present),
        (attribute(), by, literal()).prop_map(|(path, by, with)| Filter::Compare {
            path,
            by,
            with
        }),
    ]
}

fn combined(leaf: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> {
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|it| Filter::all(it).unwrap()),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|it| Filter::any(it).unwrap()),
            inner.prop_map(|it| Filter::Not(Box::new(it))),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let has = (attribute(), combined(term()))
        .prop_map(|(path, like)| Filter::Has { path, like: Box::new(like) });
    combined(prop_oneof![4 => term(), 1 => has])
}

fn path() -> impl Strategy<Value = Path> {
    let whole = attribute().prop_map(|attribute| Path { attribute, values: None });
    let chosen = (attribute(), combined(term()), prop::option::of(name())).prop_map(
        |(attribute, like, part)| Path {
            attribute: AttributePath { part: None, ..attribute },
            values: Some(Chosen { like, part }),
        },
    );
    prop_oneof![whole, chosen]
}

/// Any JSON, with a good share of words that mean something here.
fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "schemas",
        "Operations",
        "op",
        "path",
        "value",
        "add",
        "remove",
        "replace",
        "userName",
        "emails",
        "name",
        "name.givenName",
        "emails[type eq \"work\"]",
        "emails[value sw \"z\"].type",
        "active",
        "primary",
        "urn:ietf:params:scim:api:messages:2.0:PatchOp",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ]);
    let word = prop_oneof![4 => words.prop_map(str::to_owned), 1 => any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(word.clone(), inner, 0..6)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_filter_printed_and_read_is_the_same_filter(filter in filter()) {
        let text = filter.to_string();
        prop_assert_eq!(Filter::parse(&text, WIDE), Ok(filter), "{}", text);
    }

    #[test]
    fn a_path_printed_and_read_is_the_same_path(path in path()) {
        let text = path.to_string();
        if text.len() < 4000 && path.values.as_ref().is_none_or(|it| it.like.to_string().matches(['(', '[']).count() < 16) {
            match text.parse::<Path>() {
                Ok(read) => prop_assert_eq!(read, path, "{}", text),
                Err(error) => prop_assert!(error.detail.contains("comparisons"), "{}: {}", text, error),
            }
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), marks in "[a-z\"\\\\\\[\\]() .:$0-9]{0,60}") {
        for text in [&text, &marks] {
            let _ = Filter::parse(text, Limits::default()).map(|it| it.matches(&USER, &zhang()));
            let _ = text.parse::<Path>();
            let _ = Selection::read(Some(text), None).map(|it| it.of(&USER, &zhang()));
        }
    }

    #[test]
    fn a_filter_holds_or_its_negation_does(filter in filter()) {
        let not = Filter::Not(Box::new(filter.clone()));
        prop_assert_ne!(filter.matches(&USER, &zhang()), not.matches(&USER, &zhang()));
    }

    #[test]
    fn no_body_makes_a_reader_panic(body in anything(), operations in prop::collection::vec(anything(), 0..4)) {
        let _ = Resource::read(&USER, &body);
        let _ = Search::read_request(&body);
        let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
        for patch in [body, json!({"schemas": schemas, "Operations": operations})] {
            let _ = Patch::read(&patch).map(|it| it.apply(&USER, &zhang()));
        }
    }

    #[test]
    fn a_patched_resource_is_one_that_would_be_read(action in prop::sample::select(vec!["add", "replace", "remove"]), path in prop::sample::select(vec![
        "emails", "name", "title", "emails[type eq \"work\"]", "emails.type", "name.givenName", "active",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    ]), value in anything()) {
        let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
        let patch = json!({"schemas": schemas, "Operations": [{"op": action, "path": path, "value": value}]});
        if let Ok(after) = Patch::read(&patch).and_then(|it| it.apply(&USER, &zhang())) {
            prop_assert_eq!(Resource::read(&USER, &after.json(&USER)), Ok(after));
        }
    }
}
