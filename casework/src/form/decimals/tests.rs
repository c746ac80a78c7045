use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::expression::Value;
use crate::form::{Field, Form, Values, from_json, to_json};

fn form(step: &str, least: &str, most: &str) -> Form {
    let text = format!(
        r#"{{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "x-version": "1", "type": "object",
  "additionalProperties": false,
  "properties": {{
    "share": {{ "type": "number", "multipleOf": {step}, "minimum": {least}, "maximum": {most},
      "x-title": {{ "zh": "占比", "en": "Share" }}, "x-disclosure": "public" }}
  }}
}}"#
    );
    Form::read("form.schema.json", &text).unwrap()
}

fn share(form: &Form) -> &Field {
    form.field("share").unwrap()
}

fn check(text: &str, expected: &str) {
    let shown = match share(&form("0.01", "0", "100")).read(&[text]) {
        Ok(value) => value.to_string(),
        Err(fault) => format!("{}: {}", fault.rule, fault.text.en),
    };
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn a_number_is_kept_with_all_the_digits_of_its_field() {
    check("85.2", "85.20");
    check(" 85.200 ", "85.20");
    check("100", "100.00");
    check(".5", "0.50");
    check("", "");
}

#[test]
fn what_is_expected_is_said() {
    let expected = "write a number from 0.00 to 100.00, with 2 digits at most after the point";
    check("85.205", &format!("places: {expected}"));
    check("100.01", &format!("range: {expected}"));
    check("-0.01", &format!("range: {expected}"));
    for text in ["85,2", "85%", "8.5e1", "１２", "much", "85.2.1", "0.0000000001"] {
        check(text, &format!("number: {expected}"));
    }
    let fault = share(&form("0.1", "-2.5", "2.5")).read(&["3"]).unwrap_err();
    assert_eq!(fault.text.zh, "应为 -2.5 至 2.5 的数，小数点后至多 1 位");
    assert_eq!(
        fault.text.en,
        "write a number from -2.5 to 2.5, with 1 digit at most after the point"
    );
}

#[test]
fn a_whole_number_or_a_text_is_no_decimal_number() {
    let form = form("0.01", "0", "100");
    for value in [Value::Integer(85), Value::text("85.20")] {
        let faults = form.check(&Values::from([("share".to_owned(), value)]));
        assert_eq!(faults.iter().map(|it| it.rule).collect::<Vec<_>>(), ["number"]);
    }
    // Nor is a decimal number a line of text.
    let text = include_str!("../../../../procedures/drop-out/form.schema.json");
    let form = Form::read("form.schema.json", text).unwrap();
    let values = Values::from([("pupil".to_owned(), Value::Decimal(Decimal::new(85, 1)))]);
    assert_eq!(form.check(&values).iter().map(|it| it.rule).collect::<Vec<_>>(), ["form"]);
}

#[test]
fn what_is_kept_is_a_text_of_its_own_kind() {
    let values = Values::from([("share".to_owned(), Value::Decimal(Decimal::new(8_520, 2)))]);
    let text = to_json(&values);
    assert_eq!(text, r#"{"share":{"decimal":"85.20"}}"#);
    assert_eq!(from_json(&text).unwrap(), values);
    for text in [
        r#"{"a":{"decimal":85.2}}"#,
        r#"{"a":{"decimal":"many"}}"#,
        r#"{"a":{"decimal":"1","more":1}}"#,
        r#"{"a":85.2}"#,
    ] {
        assert!(from_json(text).is_err(), "{text}");
    }
}

fn declared(step: serde_json::Value, least: serde_json::Value, most: serde_json::Value) -> String {
    let property = json!({ "multipleOf": step, "minimum": least, "maximum": most });
    match Decimals::declared("share", &property) {
        Ok(it) => format!("{} to {}, {} digits", it.least, it.most, it.scale),
        Err(wrong) => wrong.what,
    }
}

#[test]
fn a_declaration_is_read_as_it_was_written() {
    assert_eq!(declared(json!(0.01), json!(0), json!(100)), "0.00 to 100.00, 2 digits");
    assert_eq!(declared(json!(0.1), json!(-0.5), json!(12.5)), "-0.5 to 12.5, 1 digits");
    // Written by others as powers of ten.
    let small = json!(0.000_000_001);
    assert_eq!(small.to_string(), "1e-9");
    assert_eq!(declared(small, json!(0), json!(1e-7)), "0.000000000 to 0.000000100, 9 digits");
}

#[test]
fn a_declaration_that_holds_no_exact_numbers_is_refused() {
    let hundred = || json!(100);
    assert_eq!(declared(json!(0.05), json!(0), hundred()), "`share` holds multiples of 0.05");
    assert_eq!(declared(json!(1), json!(0), hundred()), "`share` holds multiples of 1");
    assert_eq!(declared(json!(1e-10), json!(0), hundred()), "`share` holds multiples of 1e-10");
    assert_eq!(
        declared(json!(0.1), json!(0.05), hundred()),
        "`share` ranges from 0.05 to 100, in steps of 0.1"
    );
    assert_eq!(
        declared(json!(0.01), json!(0), json!(10_000_000_000_000_i64)),
        "`share` ranges from 0 to 10000000000000, in steps of 0.01"
    );
    assert_eq!(declared(json!(0.01), json!(5), json!(4)), "`share` ranges from 5 to 4");
    assert_eq!(declared(json!(0.01), json!(null), hundred()), "`share` has no range");
    assert_eq!(
        declared(json!(null), json!(0), hundred()),
        "`share` does not say how many digits its numbers have after the point"
    );
}

proptest! {
    /// At every scale: read, kept, read again and shown, a number is what was written, and the schema agrees.
    #[test]
    fn what_is_written_is_what_is_read(
        scale in 1_u8..=MAX_SCALE,
        units in -999_999_999_999_999_i64..=999_999_999_999_999,
        shorter: bool,
    ) {
        let step = Decimal::new(1, scale).to_string();
        let most = Decimal::new(999_999_999_999_999, scale);
        let form = form(&step, &(-most).to_string(), &most.to_string());
        let whole = Decimal::new(units.into(), scale).to_string();
        let written = if shorter { whole.trim_end_matches('0') } else { &whole };
        let value = share(&form).read(&[written]).unwrap();
        prop_assert_eq!(value.to_string(), whole.as_str());
        prop_assert_eq!(&share(&form).shown(&value).zh, &whole);
        let values = Values::from([("share".to_owned(), value)]);
        prop_assert!(form.check(&values).is_empty());
        let kept = to_json(&values);
        prop_assert!(kept.contains(&whole), "{}", kept);
        let again = from_json(&kept).unwrap();
        prop_assert_eq!(to_json(&again), kept);
        prop_assert_eq!(again, values);
    }

    #[test]
    fn one_digit_more_is_refused(scale in 1_u8..MAX_SCALE, units in -99_999_i64..99_999, digit in 1_i64..10) {
        let form = form(&Decimal::new(1, scale).to_string(), "-100000", "100000");
        let longer = Decimal::new((units * 10 + digit).into(), scale + 1);
        prop_assert_eq!(share(&form).read(&[&longer.to_string()]).unwrap_err().rule, "places");
        let values = Values::from([("share".to_owned(), Value::Decimal(longer))]);
        let faults = form.check(&values);
        prop_assert_eq!(faults.iter().map(|it| it.rule).collect::<Vec<_>>(), ["places"]);
    }
}
