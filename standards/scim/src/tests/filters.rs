use super::zhang;
use crate::{Filter, Limits, USER};

fn parsed(text: &str) -> Filter {
    Filter::parse(text, Limits::default()).unwrap_or_else(|it| panic!("{text}: {it}"))
}

fn check(text: &str, expected: bool) {
    let filter = parsed(text);
    filter.check(&USER).unwrap_or_else(|it| panic!("{text}: {it}"));
    assert_eq!(filter.matches(&USER, &zhang()), expected, "{text}");
}

#[test]
fn and_binds_stronger_than_or_and_not_stronger_than_both() {
    for (text, printed) in [
        ("a pr or b pr and c pr", "a pr or b pr and c pr"),
        ("(a pr or b pr) and c pr", "(a pr or b pr) and c pr"),
        ("a pr or (b pr and c pr)", "a pr or b pr and c pr"),
        ("not (a pr) and b pr", "not (a pr) and b pr"),
        ("NOT ( a pr AND b pr )", "not (a pr and b pr)"),
        ("((((a pr))))", "a pr"),
        ("a[b eq 1 or c pr].d pr", ""),
        ("not pr", "not pr"),
    ] {
        match Filter::parse(text, Limits::default()) {
            Ok(filter) => assert_eq!(filter.to_string(), printed, "{text}"),
            Err(error) => assert_eq!(printed, "", "{text}: {error}"),
        }
    }
}

#[test]
fn capital_letters_matter_only_where_the_schema_says_so() {
    check(r#"userName eq "zhang.wei""#, true);
    check(r#"USERNAME Eq "ZHANG.WEI""#, true);
    check(r#"externalId eq "t-0042""#, false);
    check(r#"externalId eq "T-0042""#, true);
}

#[test]
fn one_value_of_a_list_is_enough() {
    check(r#"emails eq "zw@home.example""#, true);
    check(r#"emails.value ew "school.example""#, true);
    check(r#"emails[type eq "work" and value co "school"]"#, true);
    // Each holds for one of the two, both for none.
    check(r#"emails[type eq "home" and value co "school"]"#, false);
    check(r#"emails.type eq "home" and emails.value co "school""#, true);
    check(r#"emails.type ne "fax""#, true);
    check(r#"emails.type ne "home""#, false);
}

#[test]
fn what_is_not_there_equals_only_null() {
    check("nickName pr", false);
    check("nickName eq null", true);
    check("userName eq null", false);
    check(r#"nickName eq """#, false);
    check(r#"nickName ne "x""#, true);
    check(r#"not (nickName eq "x")"#, true);
}

#[test]
fn extensions_are_named_by_their_urn() {
    check(
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "数学""#,
        true,
    );
    check(r#"urn:ietf:params:scim:schemas:core:2.0:User:name.familyName eq "张""#, true);
}

#[test]
fn truth_values_and_texts_compare_as_their_type_does() {
    check("active eq true", true);
    check("active eq False", false);
    check(r#"userName gt "yang" and userName lt "zz""#, true);
    check(r#"userName sw "zhang" and userName ew "WEI""#, true);
}

#[test]
fn a_filter_that_makes_no_sense_is_refused_with_the_place() {
    for (text, detail) in [
        ("", "expected the name of an attribute, found the end"),
        ("userName", "expected pr, eq, ne, co, sw, ew, gt, ge, lt or le, found the end"),
        (
            "userName eq",
            "expected a text in quotation marks, a number, true, false or null, found the end",
        ),
        (
            "userName eq \"x",
            "expected a text in quotation marks, a number, true, false or null, found `\"x`",
        ),
        ("userName eq \"x\" and", "expected the name of an attribute, found the end"),
        ("(userName pr", "expected `)`, found the end"),
        ("userName pr)", "expected the end, found `)`"),
        ("emails[type pr", "expected `]`, found the end"),
        (
            "emails[emails[type pr]]",
            "expected pr, eq, ne, co, sw, ew, gt, ge, lt or le, found `[type pr]]`",
        ),
        (
            "userName lk \"x\"",
            "expected pr, eq, ne, co, sw, ew, gt, ge, lt or le, found `lk \"x\"`",
        ),
    ] {
        let error = Filter::parse(text, Limits::default()).unwrap_err();
        assert_eq!(error.detail, detail, "{text}");
        assert_eq!((error.status, error.kind.unwrap().as_str()), (400, "invalidFilter"));
    }
}

#[test]
fn a_filter_that_the_schema_does_not_bear_is_refused() {
    for (text, detail) in [
        ("shoeSize pr", "there is no attribute `shoeSize`"),
        ("name.nick pr", "there is no attribute `name.nick`"),
        ("emails[size eq 1]", "there is no attribute `size`"),
        ("active gt true", "`active` is of type boolean: it cannot be compared by gt with true"),
        ("userName eq 5", "`userName` is of type string: it cannot be compared by eq with 5"),
        (
            r#"meta.created gt "yesterday""#,
            "`meta.created` is of type dateTime: it cannot be compared by gt with \"yesterday\"",
        ),
    ] {
        assert_eq!(parsed(text).check(&USER).unwrap_err().detail, detail, "{text}");
    }
}

#[test]
fn a_filter_is_bounded_before_it_is_looked_at() {
    let limits = Limits::default();
    for text in ["(".repeat(100_000), format!("{}a pr{}", "(".repeat(40), ")".repeat(40))] {
        assert!(Filter::parse(&text, limits).is_err());
    }
    let many = vec!["a pr"; 65].join(" or ");
    let error = Filter::parse(&many, limits).unwrap_err();
    assert_eq!(error.detail, "the filter makes more than 64 comparisons");
}
