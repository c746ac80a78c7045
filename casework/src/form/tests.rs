use super::*;
use crate::testing::files;

fn form() -> Form {
    Form::read("form", files("one-person-one-file").text("form.schema.json").unwrap()).unwrap()
}

fn check(field: &str, texts: &[&str], expected: &str) {
    let form = form();
    let shown = match form.field(field).unwrap().read(texts) {
        Ok(value) => format!("{value:?}"),
        Err(fault) => fault.text.en,
    };
    assert_eq!(shown, expected, "{field} {texts:?}");
}

#[test]
fn values_are_read_as_pages_and_sheets_give_them() {
    check("child", &[" 赵小宁 "], "Text(\"赵小宁\")");
    check("child", &["  "], "Missing");
    check("assessment", &["a\r\nb\rc\r\r\nd"], "Text(\"a\\nb\\nc\\n\\nd\")");
    check("placement", &["送教上门"], "Text(\"home_teaching\")");
    check("placement", &["teaching at home"], "Text(\"home_teaching\")");
    check("placement", &["elsewhere"], "choose one of the list");
    check("disability", &["听力；视力"], "List([Text(\"hearing\"), Text(\"vision\")])");
    check(
        "disability",
        &["hearing", "vision", "hearing"],
        "List([Text(\"hearing\"), Text(\"vision\")])",
    );
    check("consent", &["是"], "Flag(true)");
    check("consent", &["maybe"], "write yes or no");
    check("hours_planned", &["61"], "write 0 to 60");
    check("hours_planned", &["4.5"], "write a whole number");
    check("deferred_until", &["2026-02-30"], "write a day, such as 2026-09-01");
    check("placement_school", &["../etc"], "write the code of an organisation");
}

#[test]
fn the_schema_has_the_last_word() {
    let form = form();
    let of = |name: &str, value: Value| Values::from([(name.to_owned(), value)]);
    let rules = |values: &Values| form.check(values).iter().map(|it| it.rule).collect::<Vec<_>>();
    assert!(rules(&of("child_number", Value::text("11010519491231002X"))).is_empty());
    // The pattern is the schema's own.
    assert_eq!(rules(&of("child_number", Value::text("110"))), ["form"]);
    assert_eq!(rules(&of("child", Value::Integer(1))), ["form"]);
    assert_eq!(rules(&of("colour", Value::text("red"))), ["unknown"]);
    assert_eq!(rules(&of("child", Value::text("王".repeat(41)))), ["length"]);
}

#[test]
fn values_are_kept_and_read_back() {
    let values = Values::from([
        ("a".to_owned(), Value::Integer(3)),
        ("b".to_owned(), Value::List(vec![Value::text("x")])),
        ("c".to_owned(), Value::Flag(false)),
        ("d".to_owned(), Value::Missing),
    ]);
    let text = to_json(&values);
    assert_eq!(text, r#"{"a":3,"b":["x"],"c":false}"#);
    let mut kept = values;
    kept.remove("d");
    assert_eq!(from_json(&text).unwrap(), kept);
    assert!(
        from_json("[1]").is_err() && from_json("{\"a\":{}}").is_err() && from_json("{").is_err()
    );
}

#[test]
fn a_value_is_shown_by_its_titles() {
    let form = form();
    let shown = |field: &str, value: Value| form.field(field).unwrap().shown(&value).zh;
    assert_eq!(shown("placement", Value::text("regular_class")), "随班就读");
    assert_eq!(
        shown("disability", Value::List(vec![Value::text("vision"), Value::text("speech")])),
        "视力、言语"
    );
    assert_eq!(shown("consent", Value::Flag(true)), "是");
}

proptest::proptest! {
    #[test]
    fn what_a_field_reads_the_form_accepts(text in "\\PC{0,60}") {
        let form = form();
        for field in form.fields.values() {
            // A pattern is the schema's to hold; everything else a field reads is sound.
            if field.name == "child_number" {
                continue;
            }
            if let Ok(value) = field.read(&[&text]) {
                let values = Values::from([(field.name.clone(), value)]);
                let faults = form.check(&values);
                let faults: Vec<_> = faults.iter().filter(|it| it.rule != "length").collect();
                proptest::prop_assert!(faults.is_empty(), "{} {:?}", field.name, faults);
            }
        }
    }
}
