//! Units that pass: by a recognition, or by seven indicators (golden §2).

use model::Year;
use model::indicator::{Condition, Kind, Term};

use super::city::{City, number, org, shown, term, year};
use crate::explain::judged;
use crate::figures::Published;
use crate::figures::passes::passes;

const PRIMARY: [&str; 7] = ["4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"];
const JUNIOR: [&str; 7] = ["5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"];

fn conditions(limits: [&str; 7]) -> Vec<Condition> {
    let condition = |(position, limit): (usize, &str)| Condition {
        indicator: format!("L{}", position + 1),
        limit: number(limit),
        at_most: false,
    };
    limits.into_iter().enumerate().map(condition).collect()
}

#[track_caller]
fn check(limits: [&str; 7], values: [&str; 7], expected: bool) {
    let conditions = conditions(limits);
    let values: Vec<_> = conditions.iter().zip(values.map(number)).collect();
    assert_eq!(passes(&values, 6, Some(number("0.85"))), expected);
}

#[test]
fn six_of_seven_and_the_other_at_eighty_five_percent() {
    check(PRIMARY, ["4.20", "1.00", "0.90", "4.50", "7.50", "2000.00", "2.30"], true);
    check(PRIMARY, ["4.20", "1.00", "0.90", "4.50", "6.38", "2000.00", "2.30"], true);
    check(PRIMARY, ["4.20", "1.00", "0.90", "4.50", "6.37", "2000.00", "2.30"], false);
    check(PRIMARY, ["4.20", "0.95", "0.90", "4.50", "7.00", "2000.00", "2.30"], false);
    check(JUNIOR, ["5.30", "1.00", "0.90", "5.80", "8.67", "2500.00", "2.40"], true);
    check(JUNIOR, ["4.20", "1.00", "0.90", "4.50", "7.50", "2000.00", "2.30"], false);
}

#[test]
fn lower_may_be_better() {
    let condition = Condition { indicator: "cv".to_owned(), limit: number("0.50"), at_most: true };
    let check = |value: &str| passes(&[(&condition, number(value))], 0, Some(number("0.85")));
    assert!(check("0.5"));
    assert!(check("0.588"));
    assert!(!check("0.589"));
}

/// Schools with teachers per hundred pupils and area per pupil; two conditions, one needed.
#[test]
fn schools_that_pass_of_schools_judged() {
    let mut city = City::new(&[4, 1]);
    city.dataset("facts", "school", &[], &["teachers", "area", "pupils"]);
    let reports = [
        // 4.196 is shown as 4.20 and counts as met.
        ("1101", Some(4_196), Some(450_000), 100_000),
        ("1102", Some(4_200), Some(382_500), 100_000),
        ("1103", Some(4_200), Some(382_000), 100_000),
        ("1104", None, Some(1_000), 100),
    ];
    for (code, teachers, area, pupils) in reports {
        city.fact("facts", 2021, code, &[], &[teachers, area, Some(pupils)]);
    }
    city.fact("facts", 2021, "1201", &[], &[Some(1), Some(1), Some(0)]);
    let per_hundred = Term { times: 100, ..term("teachers") };
    let ratio = |city: &mut City, code: &str, numerator: Term| {
        let indicator = city.indicator(code, Kind::Ratio, vec![numerator], vec![term("pupils")]);
        indicator.decimals = 2;
    };
    ratio(&mut city, "teachers", per_hundred);
    ratio(&mut city, "area", term("area"));
    let condition = |indicator: &str, limit: &str| Condition {
        indicator: indicator.to_owned(),
        limit: number(limit),
        at_most: false,
    };
    let kind = Kind::PassCount {
        level: "school".to_owned(),
        conditions: vec![condition("teachers", "4.2"), condition("area", "4.5")],
        need: 1,
        others_reach: Some(number("0.85")),
    };
    city.indicator("pass", kind, vec![], vec![]);
    let published = city.publish();
    assert_eq!(shown(&published, "teachers", "1101", 2021), "4.20 419600/100000 1/1 reported");
    assert_eq!(shown(&published, "pass", "1101", 2021), "100.0 1/1 1/1 reported");
    assert_eq!(shown(&published, "pass", "1102", 2021), "100.0 1/1 1/1 reported");
    assert_eq!(shown(&published, "pass", "1103", 2021), "0.0 0/1 1/1 reported");
    assert_eq!(shown(&published, "pass", "1104", 2021), "- -/- 1/1 missing");
    assert_eq!(shown(&published, "pass", "11", 2021), "66.7 2/3 4/4 reported");
    assert_eq!(shown(&published, "pass", "12", 2021), "- -/- 1/1 not_applicable");
    assert_eq!(shown(&published, "pass", "1", 2021), "66.7 2/3 5/5 reported");

    // Which schools those are, and by what: those that do not pass first.
    let kind = &published.plan().indicator("pass").unwrap().definition().unwrap().kind;
    let year = Year::new(2021).unwrap();
    let of = |org: &str| judged(&published, kind, &org.parse().unwrap(), year);
    let verdicts =
        of("1").iter().map(|it| (it.org.code.to_string(), it.passes)).collect::<Vec<_>>();
    let expected =
        [("1103", Some(false)), ("1104", None), ("1101", Some(true)), ("1102", Some(true))];
    assert_eq!(verdicts, expected.map(|(code, passes)| (code.to_owned(), passes)));
    let values = of("11").remove(0).figures.into_iter().map(|it| it.value.unwrap().to_string());
    assert_eq!(values.collect::<Vec<_>>(), ["4.20", "3.82"]);
    assert!(of("12").is_empty());
}

/// Two primary schools of which one is silent, and two kindergartens that owe the same datasets.
fn schools_and_kindergartens(means: &[&str]) -> Published {
    let mut city = City::new(&[2]);
    for code in ["1111", "1112"] {
        city.organisation(code, "school", "preschool", Some("11"));
    }
    city.dataset("staff", "school", &[], &["teachers"]);
    city.dataset("rolls", "school", &["stage"], &["pupils"]);
    // One kindergarten reported its staff and no roll.
    for (code, teachers) in [("1101", 5), ("1111", 0)] {
        city.fact("staff", 2021, code, &[], &[Some(teachers)]);
    }
    city.fact("rolls", 2021, "1101", &["primary"], &[Some(100)]);
    let pupils = Term {
        dimensions: vec![("stage".to_owned(), vec!["primary".to_owned()])],
        ..term("pupils")
    };
    let each =
        city.indicator("each", Kind::Rate { per: 100 }, vec![term("teachers")], vec![pupils]);
    each.definitions[0].paired = true;
    each.definitions[0].expected.stages = means.iter().map(|it| (*it).to_owned()).collect();
    let condition =
        Condition { indicator: "each".to_owned(), limit: number("4.2"), at_most: false };
    let kind = Kind::PassCount {
        level: "school".to_owned(),
        conditions: vec![condition],
        need: 1,
        others_reach: None,
    };
    city.indicator("pass", kind, vec![], vec![]);
    city.publish()
}

#[test]
fn whom_a_definition_does_not_mean_is_neither_expected_nor_listed() {
    let verdicts = |published: &Published| {
        let kind = &published.plan().indicator("pass").unwrap().definition().unwrap().kind;
        let judged = judged(published, kind, &org("1"), year(2021));
        judged.iter().map(|it| format!("{} {:?}", it.org.code, it.passes)).collect::<Vec<_>>()
    };
    let all = schools_and_kindergartens(&[]);
    assert_eq!(shown(&all, "each", "1", 2021), "5.0 5/100 1/4 partial");
    assert_eq!(shown(&all, "pass", "1", 2021), "100.0 1/1 1/4 partial");
    assert_eq!(verdicts(&all), ["1102 None", "1111 None", "1112 None", "1101 Some(true)"]);

    let meant = schools_and_kindergartens(&["primary"]);
    assert_eq!(shown(&meant, "each", "1", 2021), "5.0 5/100 1/2 partial");
    assert_eq!(shown(&meant, "each", "1102", 2021), "- -/- 0/1 missing");
    assert_eq!(shown(&meant, "each", "1111", 2021), "- -/- 0/0 not_applicable");
    assert_eq!(shown(&meant, "each", "1112", 2021), "- -/- 0/0 not_applicable");
    assert_eq!(shown(&meant, "pass", "1", 2021), "100.0 1/1 1/2 partial");
    assert_eq!(verdicts(&meant), ["1102 None", "1101 Some(true)"]);
}

#[test]
fn a_count_applies_to_whoever_reports_it_and_to_nobody_who_is_not_meant() {
    let mut city = City::new(&[2]);
    city.organisation("1111", "school", "preschool", Some("11"));
    city.organisation("1112", "school", "preschool", Some("11"));
    city.dataset("staff", "school", &[], &["teachers"]);
    city.fact("staff", 2021, "1101", &[], &[Some(0)]);
    city.fact("staff", 2021, "1111", &[], &[Some(3)]);
    let count = city.indicator("all", Kind::Count, vec![term("teachers")], vec![]);
    count.definitions[0].expected.stages = vec!["primary".to_owned()];
    let published = city.publish();
    assert_eq!(shown(&published, "all", "1101", 2021), "0.0 0/- 1/1 reported");
    assert_eq!(shown(&published, "all", "1102", 2021), "- -/- 0/1 missing");
    assert_eq!(shown(&published, "all", "1111", 2021), "3.0 3/- 0/0 reported");
    assert_eq!(shown(&published, "all", "1112", 2021), "- -/- 0/0 not_applicable");
    assert_eq!(shown(&published, "all", "1", 2021), "3.0 3/- 1/2 partial");
}

#[test]
fn eight_of_sixteen_districts_are_recognised() {
    let mut city = City::new(&[0; 16]);
    city.dataset("recognitions", "district", &[], &["recognised"]);
    for district in 11..=26 {
        let recognised = i128::from(district % 2 == 0);
        city.fact("recognitions", 2023, &district.to_string(), &[], &[Some(recognised)]);
        if district != 26 {
            city.fact("recognitions", 2022, &district.to_string(), &[], &[Some(0)]);
        }
    }
    let kind = Kind::Units { level: "district".to_owned() };
    city.indicator("balanced", kind, vec![term("recognised")], vec![]);
    let published = city.publish();
    assert_eq!(shown(&published, "balanced", "1", 2023), "50.0 8/16 16/16 reported");
    assert_eq!(shown(&published, "balanced", "1", 2022), "0.0 0/16 15/16 partial");
    assert_eq!(shown(&published, "balanced", "1", 2021), "- -/- 0/16 missing");
    assert_eq!(shown(&published, "balanced", "12", 2023), "100.0 1/1 1/1 reported");
    assert_eq!(shown(&published, "balanced", "13", 2023), "0.0 0/1 1/1 reported");
}

#[test]
fn indicators_in_a_circle_have_no_value() {
    let mut city = City::new(&[1]);
    let composite = |other: &str| {
        let part = model::indicator::Part { indicator: other.to_owned(), weight: number("1") };
        Kind::Composite { parts: vec![part] }
    };
    city.indicator("a", composite("b"), vec![], vec![]);
    city.indicator("b", composite("a"), vec![], vec![]);
    city.indicator("c", composite("c"), vec![], vec![]);
    city.indicator("d", composite("nobody"), vec![], vec![]);
    let published = city.publish();
    for code in ["a", "b", "c", "d"] {
        assert_eq!(shown(&published, code, "1", 2021), "- -/- 0/0 missing");
    }
}
