use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn known(name: &Name) -> Option<Kind> {
    let Name::Form(field) = name else { return None };
    match field.as_str() {
        "a" | "b" => Some(Kind::Integer),
        "p" | "q" => Some(Kind::Flag),
        "s" | "t" => Some(Kind::Text),
        "l" => Some(Kind::Texts),
        "d" | "e" => Some(Kind::Decimal),
        _ => None,
    }
}

fn value(name: &Name) -> Value {
    let Name::Form(field) = name else { return Value::Missing };
    match field.as_str() {
        "a" => Value::Integer(3),
        "d" => Value::Decimal(Decimal::new(8_050, 2)),
        "p" => Value::Flag(true),
        "q" => Value::Flag(false),
        "s" => Value::text("moved"),
        "l" => Value::List(vec![Value::text("x"), Value::text("y")]),
        _ => Value::Missing,
    }
}

fn check(text: &str, expected: &str) {
    let shown = match Expression::parse(text) {
        Err(error) => error.to_string(),
        Ok(expression) => match expression.kind(&known) {
            Err(error) => error.to_string(),
            Ok(_) => format!("{:?}", expression.value(&value)),
        },
    };
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn conditions_bind_as_in_cel() {
    check("true || false && false", "Flag(true)");
    check("(true || false) && false", "Flag(false)");
    check("!form.q && form.a >= 3", "Flag(true)");
    check("form.a + 2 == 5", "Flag(true)");
    check("form.a - 2 - 1", "Integer(0)");
    check("form.s in ['moved', 'ill'] ? 1 : 2", "Integer(1)");
    check("'x' in form.l && size(form.l) == 2", "Flag(true)");
    check("-1 < form.a", "Flag(true)");
}

#[test]
fn numbers_with_a_point_are_compared_exactly_and_with_whole_ones() {
    check("form.d == 80.5 && form.d == 80.50", "Flag(true)");
    check("form.d > 80 && 81 > form.d", "Flag(true)");
    check("form.d >= 80.501", "Flag(false)");
    check("form.a == 3.0 && form.a < 3.000000001", "Flag(true)");
    check("-0.5 < 0 && -0.5 > -1", "Flag(true)");
    check("form.e == 0.0 || form.e < 1.5", "Flag(false)");
    check("has(form.e) || !has(form.d)", "Flag(false)");
    check("form.d > 80 ? 'much' : 'little'", "Text(\"much\")");
}

#[test]
fn what_is_missing_equals_nothing_and_fails_nowhere() {
    check("form.b == 0", "Flag(false)");
    check("form.b != 0", "Flag(true)");
    check("form.b < 1 || form.b >= 1", "Flag(false)");
    check("has(form.b)", "Flag(false)");
    check("form.b + 1", "Missing");
    check("size(form.t)", "Integer(0)");
    check("!(form.t == 'x')", "Flag(true)");
}

#[test]
fn what_means_nothing_is_told() {
    check("form.z == 1", "there is no `form.z`");
    check("form.a == 's'", "a whole number and a text cannot be compared");
    check("form.p < form.q", "true or false and true or false cannot be compared");
    check("form.a && true", "a whole number stands where true or false is needed");
    check("[1, 'x'] == form.l", "a list must hold texts only, or whole numbers only");
    check("form.a ==", "it ends where a value was expected");
    check("form.a = 3", "`=` has no meaning here");
    let no_number = "a number is none of CEL, or has more digits than are compared exactly";
    for text in ["01", "00.5", "1.5e3", "1.0000000001", "1234567890.123456", "1x"] {
        check(text, no_number);
    }
    check("form.d + 1.5", "a number with a point stands where a whole number is needed");
    check("form.d in [1.5]", "a list must hold texts only, or whole numbers only");
    check("form.d == 's'", "a number with a point and a text cannot be compared");
    check("1.5.2", "`.` stands where the end was expected");
    check("'open", "a text is not closed");
    check("now()", "`now` is no name; values are `form.FIELD` and `case.WORD`");
    check("(1", "it ends where `)` was expected");
    for deep in ["(", "[", "!", "size("].map(|it| it.repeat(50)) {
        check(&deep, "the expression is longer than 2000 letters or nested deeper than 40 times");
    }
}

/// A condition as a text, of the parts that CEL and we share.
fn conditions() -> impl Strategy<Value = String> {
    let numbers = prop_oneof![
        Just("form.a".to_owned()),
        Just("form.b".to_owned()),
        (-9_i64..10).prop_map(|it| it.to_string()),
    ];
    let sums = (numbers.clone(), prop_oneof![Just("+"), Just("-")], numbers.clone())
        .prop_map(|(one, sign, other)| format!("({one} {sign} {other})"));
    let texts = prop_oneof![
        Just("form.s".to_owned()),
        Just("form.t".to_owned()),
        "[a-c]{0,2}".prop_map(|it| format!("'{it}'")),
    ];
    let decimals = prop_oneof![
        Just("form.d".to_owned()),
        Just("form.e".to_owned()),
        (-999_i64..1000, 1_u8..4)
            .prop_map(|(units, scale)| Decimal::new(units.into(), scale).to_string()),
    ];
    let signs = prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    let leaf = prop_oneof![
        Just("form.p".to_owned()),
        Just("true".to_owned()),
        (sums.clone(), signs.clone(), sums)
            .prop_map(|(one, sign, other)| format!("{one} {sign} {other}")),
        (decimals.clone(), signs.clone(), prop_oneof![decimals.clone(), numbers.clone()])
            .prop_map(|(one, sign, other)| format!("{one} {sign} {other}")),
        (numbers, signs.clone(), decimals)
            .prop_map(|(one, sign, other)| format!("{one} {sign} {other}")),
        (texts.clone(), signs, texts.clone())
            .prop_map(|(one, sign, other)| format!("{one} {sign} {other}")),
        texts.clone().prop_map(|it| format!("{it} in form.l")),
        texts.prop_map(|it| format!("{it} in ['a', 'b', 'cc']")),
        Just("size(form.l) > 1".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!("!({it})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} && {other}")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} || {other}")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(it, one, other)| format!("(({it}) ? ({one}) : ({other}))")),
        ]
    })
}

proptest! {
    /// Held against another's implementation of CEL, wherever all values are there.
    #[test]
    fn a_condition_means_what_it_means_in_cel(
        text in conditions(),
        a in -9_i64..10, b in -9_i64..10, p: bool, s in "[a-c]{0,2}", t in "[a-c]{0,2}",
        l in proptest::collection::vec("[a-c]{0,2}", 0..3),
        d in (-999_i64..1000, 1_u8..4), e in (-999_i64..1000, 1_u8..4),
    ) {
        let [d, e] = [d, e].map(|(units, scale)| Decimal::new(units.into(), scale));
        let expression = Expression::parse(&text).unwrap();
        prop_assert_eq!(expression.kind(&known), Ok(Kind::Flag));
        let values: BTreeMap<&str, Value> = BTreeMap::from([
            ("a", Value::Integer(a)),
            ("b", Value::Integer(b)),
            ("d", Value::Decimal(d)),
            ("e", Value::Decimal(e)),
            ("p", Value::Flag(p)),
            ("s", Value::text(&s)),
            ("t", Value::text(&t)),
            ("l", Value::List(l.iter().map(Value::text).collect())),
        ]);
        let ours = expression.holds(&|name| match name {
            Name::Form(field) => values.get(field.as_str()).cloned().unwrap_or(Value::Missing),
            Name::Case(_) => Value::Missing,
        });
        let program = cel::Program::compile(&text).unwrap();
        let mut context = cel::Context::default();
        #[expect(clippy::disallowed_types, reason = "what that implementation asks for")]
        let form = std::collections::HashMap::from([
            ("a", cel::Value::from(a)),
            ("b", cel::Value::from(b)),
            ("d", cel::Value::from(d.to_f64())),
            ("e", cel::Value::from(e.to_f64())),
            ("p", cel::Value::from(p)),
            ("s", cel::Value::from(s)),
            ("t", cel::Value::from(t)),
            ("l", cel::Value::from(l)),
        ]);
        context.add_variable_from_value("form", form);
        prop_assert_eq!(program.execute(&context).unwrap(), cel::Value::from(ours), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,80}") {
        let _ = Expression::parse(&text);
    }

    #[test]
    fn no_order_of_words_makes_the_reader_panic(
        words in proptest::collection::vec(prop_oneof![
            Just("form.a"), Just("("), Just(")"), Just("!"), Just("&&"), Just("=="), Just("["), Just("]"),
            Just("'x'"), Just("1"), Just("form.d"), Just("1.5"), Just("-"), Just("?"), Just(":"), Just("in"), Just("has"), Just("size"), Just(","),
        ], 0..60),
    ) {
        if let Ok(expression) = Expression::parse(&words.join(" ")) {
            let _ = expression.kind(&known);
            let _ = expression.value(&value);
        }
    }
}
