//! What is told of a procedure that is not sound, with file, line and hint.

use declarations::Fault;
use model::dataset::{Column, ColumnKind, Disclosure};
use model::text::{Bilingual, Place};

use super::*;

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|it| format!("{it}\n")).collect()
}

fn checked(rest: &str) -> String {
    match small("review done*", rest) {
        Err(faults) => lines(&faults),
        Ok(procedure) => lines(&check(&procedure, &surroundings())),
    }
}

const PLAIN: &str = r#"
[[transition]]
name = "submit"
title = { zh = "交", en = "Submit" }
from = ["draft"]
to = ["review"]
by = ["clerk"]
fill = ["kind", "count", "other", "share", "done_on"]

[[transition]]
name = "pass"
title = { zh = "过", en = "Pass" }
from = ["review"]
to = ["done"]
by = ["officer"]
"#;

#[test]
fn what_is_no_schema_is_told_with_its_line_and_its_place() {
    let form = FORM.replace("\"type\": \"boolean\"", "").replacen(
        "\"type\": \"integer\"",
        "\"type\": \"integr\"",
        1,
    );
    let faults = Form::read("form.schema.json", &form).unwrap_err();
    let told = lines(&faults);
    assert!(
        told.contains("form.schema.json:8: is no JSON Schema at `/properties/count/type`; mend it"),
        "{told}"
    );
}

#[test]
fn the_plain_one_is_sound() {
    assert_eq!(checked(PLAIN), "");
}

#[test]
fn names_that_nothing_declares_are_told_with_their_line() {
    let rest = PLAIN.replace("[\"officer\"]", "[\"boss\"]").replace("[\"done\"]", "[\"end\"]");
    insta::assert_snapshot!(checked(&rest));
}

#[test]
fn deadlines_need_somebody_who_can_act() {
    let rest = format!(
        "{PLAIN}
[[deadline]]
name = \"one\"
title = {{ zh = \"一\", en = \"One\" }}
in = [\"review\"]
after = \"5 working days\"

[[deadline]]
name = \"two\"
title = {{ zh = \"二\", en = \"Two\" }}
in = [\"review\"]
after = \"5 weeks\"
owner = \"officer\"
"
    );
    insta::assert_snapshot!(checked(&rest));
    let rest = format!(
        "{PLAIN}
[[deadline]]
name = \"one\"
title = {{ zh = \"一\", en = \"One\" }}
in = [\"review\"]
after = \"5 working days\"
owner = \"clerk\"

[[deadline]]
name = \"two\"
title = {{ zh = \"二\", en = \"Two\" }}
in = [\"review\"]
on = \"done_on\"
owner = \"officer\"
then = \"pass\"
"
    );
    insta::assert_snapshot!(checked(&rest));
}

#[test]
fn whoever_says_no_gives_a_reason() {
    let refusing = PLAIN.replace("by = [\"officer\"]", "by = [\"officer\"]\nkind = \"refuse\"");
    let told = checked(&refusing);
    let what = "procedure.toml:44: `pass` refuses without a reason; add note = true, or name the field of the reason \
                in `fill`\n";
    assert!(told.ends_with(what), "{told}");
    for reason in ["note = true", "fill = [\"kind\"]"] {
        assert_eq!(checked(&format!("{refusing}{reason}\n")), "");
    }
}

#[test]
fn facts_and_letters_must_fit_what_takes_them() {
    let rest = format!(
        "{}
[[letter]]
name = \"note\"
title = {{ zh = \"函\", en = \"Note\" }}
template = \"poem\"

[[fact]]
dataset = \"case_hazards\"
on = [\"pass\"]
columns = {{ organisation = \"case.organisation\", year = \"form.share\", kind = \"'arson'\", colour = \"1\" }}

[[fact]]
dataset = \"weather\"
on = [\"pass\"]
columns = {{}}
",
        PLAIN
    );
    insta::assert_snapshot!(checked(&rest));
}

#[test]
fn digits_that_a_column_does_not_hold_are_told() {
    let rest = format!(
        "{PLAIN}
[[fact]]
dataset = \"areas\"
on = [\"pass\"]
columns = {{ share = \"form.share\", more = \"form.count > 1 ? 0.5 : form.share\", less = \"2.5\" }}
"
    );
    let procedure = small("review done*", &rest).unwrap();
    let told = |scale: u8| {
        let column = |name: &str| Column {
            name: name.to_owned(),
            title: Bilingual::default(),
            kind: ColumnKind::Decimal { scale },
            unit: None,
            required: false,
            disclosure: Disclosure::Public,
            range: None,
            range_warns: false,
            place: Place::default(),
        };
        let mut around = surroundings();
        let mut dataset = around.datasets.values().next().unwrap().clone();
        dataset.name = "areas".to_owned();
        dataset.columns = ["share", "more", "less"].map(column).into();
        around.datasets.insert("areas".to_owned(), dataset);
        lines(&check(&procedure, &around))
    };
    assert_eq!(told(2), "");
    let wrong = "holds 1 digits after the point and is given 2; ask for fewer in the form, or declare more in the dataset";
    let told = told(1);
    assert_eq!(told.matches(wrong).count(), 2, "{told}");
    assert!(told.contains("`share`") && told.contains("`more`"), "{told}");
}

#[test]
fn conditions_are_read_and_typed_where_they_stand() {
    let with = |when: &str| {
        PLAIN.replace("by = [\"officer\"]", &format!("by = [\"officer\"]\nwhen = \"{when}\""))
    };
    insta::assert_snapshot!(checked(&with("form.kind = 'a'")));
    insta::assert_snapshot!(checked(&with("form.kind == 1")));
    insta::assert_snapshot!(checked(&with("form.colour == 'red'")));
    insta::assert_snapshot!(checked(&with("form.count + 1")));
}

#[test]
fn roles_must_be_grantable_and_take_part() {
    let rest = format!(
        "{PLAIN}
[[role]]
name = \"idle\"
title = {{ zh = \"闲\", en = \"Idle\" }}
grants = [\"emperor\"]
over = \"kind\"
apart_from = [\"idle\"]
"
    );
    insta::assert_snapshot!(checked(&rest));
}

#[test]
fn a_form_tells_of_every_field_that_is_none() {
    let form = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "x-version": "1", "type": "object",
  "required": ["a"],
  "properties": {
    "a": { "type": "string", "x-disclosure": "secret", "x-title": { "zh": "甲" } },
    "B": { "type": "string" },
    "c": { "type": "number", "x-title": { "zh": "丙", "en": "C" }, "x-disclosure": "public" },
    "d": { "type": "integer", "x-title": { "zh": "丁", "en": "D" }, "x-disclosure": "public" },
    "f": { "type": "number", "multipleOf": 0.05, "x-title": { "zh": "己", "en": "F" }, "x-disclosure": "public" },
    "g": { "type": "number", "multipleOf": 0.01, "x-title": { "zh": "庚", "en": "G" }, "x-disclosure": "public" },
    "h": { "type": "number", "multipleOf": 0.1, "minimum": 0.05, "maximum": 1,
      "x-title": { "zh": "辛", "en": "H" }, "x-disclosure": "public" },
    "e": { "type": "string", "enum": ["x"], "x-title": { "zh": "戊", "en": "E" }, "x-disclosure": "public", "x-colour": 1 }
  }
}"#;
    let faults = Form::read("form.schema.json", form).unwrap_err();
    insta::assert_snapshot!(lines(&faults));
}

proptest::proptest! {
    #[test]
    fn no_line_left_out_makes_the_reader_panic(gone in 0_usize..160) {
        let files = files("hazard-rectification");
        let text = files.text("procedure.toml").unwrap();
        let lines: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != gone).map(|(_, it)| it).collect();
        let form = files.text("form.schema.json").unwrap().to_owned();
        let files = Files::of([("procedure.toml".to_owned(), lines.join("\n")), ("form.schema.json".to_owned(), form)]);
        if let Ok(procedure) = of_files("hazard-rectification", &files) {
            let _ = check(&procedure, &surroundings());
            let _ = picture(&procedure, Language::English);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", form in "\\PC{0,200}") {
        let files = Files::of([("procedure.toml".to_owned(), text), ("form.schema.json".to_owned(), form)]);
        let _ = of_files("x", &files);
    }
}
