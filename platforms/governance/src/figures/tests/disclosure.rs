//! What the public may not see, and what it cannot work out from what it does see.

use std::collections::BTreeSet;

use jiff::civil::date;
use model::indicator::Kind;
use proptest::prelude::*;

use super::city::{City, org, shown, term, year};
use crate::figures::Published;

/// Pupils and those of them that are short-sighted, by school.
fn pupils(reports: &[(&str, i128, i128)], schools: &[u16]) -> Published {
    pupils_in_zones(reports, schools, &[])
}

/// The same, with schools in zones that do not heed districts: the first school is in the first zone named.
fn pupils_in_zones(reports: &[(&str, i128, i128)], schools: &[u16], zones: &[usize]) -> Published {
    let mut city = City::new(schools);
    let zones = zones.get(..reports.len()).unwrap_or_default();
    for zone in zones.iter().copied().collect::<BTreeSet<_>>() {
        city.organisation(&zone_code(zone), "zone", "", Some("1"));
        city.member("zones", &zone_code(zone), "1", date(2000, 1, 1), None);
    }
    for ((code, _, _), zone) in reports.iter().zip(zones) {
        city.member("zones", code, &zone_code(*zone), date(2000, 1, 1), None);
    }
    city.dataset("screenings", "school", &[], &["myopic", "screened"]);
    city.about_persons("screenings");
    for (code, myopic, screened) in reports {
        city.fact("screenings", 2021, code, &[], &[Some(*myopic), Some(*screened)]);
    }
    city.indicator("myopia", Kind::Share, vec![term("myopic")], vec![term("screened")]);
    city.publish()
}

fn zone_code(zone: usize) -> String {
    format!("zone-{zone}")
}

#[test]
fn few_persons_and_one_sibling_are_withheld() {
    let reports = [("1101", 3, 40), ("1102", 30, 60), ("1103", 50, 100), ("1104", 0, 9)];
    let published = pupils(&reports, &[4]);
    assert_eq!(shown(&published, "myopia", "1101", 2021), "- -/- 1/1 suppressed");
    assert_eq!(shown(&published, "myopia", "1102", 2021), "- -/- 1/1 suppressed");
    assert_eq!(shown(&published, "myopia", "1103", 2021), "50.0 50/100 1/1 reported");
    assert_eq!(shown(&published, "myopia", "1104", 2021), "0.0 0/9 1/1 reported");
    assert_eq!(shown(&published, "myopia", "11", 2021), "39.7 83/209 4/4 reported");
    let full = published.in_full();
    assert_eq!(shown(&full, "myopia", "1101", 2021), "7.5 3/40 1/1 reported");
}

#[test]
fn two_that_are_few_together_take_a_third_along() {
    let reports = [("1101", 1, 40), ("1102", 2, 60), ("1103", 50, 100), ("1104", 70, 90)];
    let published = pupils(&reports, &[4]);
    for (code, expected) in [
        ("1101", "- -/- 1/1 suppressed"),
        ("1102", "- -/- 1/1 suppressed"),
        ("1103", "50.0 50/100 1/1 reported"),
        ("1104", "- -/- 1/1 suppressed"),
    ] {
        assert_eq!(shown(&published, "myopia", code, 2021), expected);
    }
}

#[test]
fn a_district_withheld_for_its_neighbour_is_not_given_away_by_its_schools() {
    let reports = [
        ("1101", 2, 10),
        ("1102", 1, 10),
        ("1201", 10, 20),
        ("1202", 20, 30),
        ("1301", 50, 90),
        ("1302", 60, 90),
    ];
    let published = pupils(&reports, &[2, 2, 2]);
    let hidden: Vec<_> = ["11", "12", "13", "1101", "1102", "1201", "1202", "1301", "1302"]
        .into_iter()
        .filter(|it| shown(&published, "myopia", it, 2021).ends_with("suppressed"))
        .collect();
    assert_eq!(hidden, ["11", "12", "1101", "1102", "1201"]);
}

#[test]
fn a_zone_shows_what_districts_say_already_and_no_more() {
    let reports =
        [("1101", 3, 40), ("1102", 30, 60), ("1103", 50, 100), ("1201", 40, 90), ("1202", 60, 90)];
    // 1101 and 1102 are withheld below district 11; the first zone has one of them, the third both.
    let published = pupils_in_zones(&reports, &[3, 2], &[1, 2, 1, 2, 2]);
    let zones = published.under_hierarchy("zones");
    assert_eq!(shown(&zones, "myopia", "zone-1", 2021), "- -/- 2/2 suppressed");
    assert_eq!(shown(&zones, "myopia", "zone-2", 2021), "- -/- 3/3 suppressed");
    assert_eq!(shown(&zones, "myopia", "1101", 2021), "- -/- 1/1 suppressed");
    assert_eq!(shown(&zones, "myopia", "1201", 2021), "44.4 40/90 1/1 reported");
    assert_eq!(shown(&zones, "myopia", "1", 2021), "48.2 183/380 5/5 reported");
    let published = pupils_in_zones(&reports, &[3, 2], &[3, 3, 3, 4, 4]);
    let zones = published.under_hierarchy("zones");
    assert_eq!(shown(&zones, "myopia", "zone-3", 2021), "41.5 83/200 3/3 reported");
}

#[test]
fn sums_that_may_be_published_row_by_row_are_not_withheld() {
    let mut city = City::new(&[2]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    city.fact("facts", 2021, "1101", &[], &[Some(1), Some(3)]);
    city.fact("facts", 2021, "1102", &[], &[Some(9), Some(10)]);
    city.indicator("share", Kind::Share, vec![term("part")], vec![term("whole")]);
    assert_eq!(shown(&city.publish(), "share", "1101", 2021), "33.3 1/3 1/1 reported");
}

/// The equations an attacker can write down: what is shown, and that every parent is the sum of its children.
///
/// Gives the codes of withheld figures whose numerator they determine.
fn recovered(published: &Published, codes: &[String]) -> Vec<String> {
    let figure = |code: &str| published.figure("myopia", None, &org(code), year(2021));
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let width = codes.len();
    // Along each hierarchy the other one's organisations hold nothing.
    for (published, other) in
        [(published.clone(), "zone"), (published.under_hierarchy("zones"), "district")]
    {
        let tree = published.tree(year(2021));
        let is_other = |code: &str| tree.get(&org(code)).is_some_and(|it| it.level == other);
        for (column, code) in codes.iter().enumerate().filter(|(_, code)| !is_other(code)) {
            let figure = published.figure("myopia", None, &org(code), year(2021));
            if let Some(shown) = figure.and_then(|it| it.numerator) {
                let mut row = vec![0.0; width + 1];
                row[column] = 1.0;
                row[width] = shown.to_f64();
                rows.push(row);
            }
            let code = org(code);
            let below = tree.children(&code).map(|it| it.code.as_str());
            let below: Vec<&str> = below.filter(|it| !is_other(it)).collect();
            if !below.is_empty() {
                let mut row = vec![0.0; width + 1];
                row[column] = 1.0;
                for code in below {
                    row[codes.iter().position(|it| it == code).unwrap()] -= 1.0;
                }
                rows.push(row);
            }
        }
    }
    reduce(&mut rows, width);
    let determined = |column: usize| {
        rows.iter().any(|row| (0..width).all(|it| (row[it].abs() > 1e-9) == (it == column)))
    };
    // What a zone withholds may be known from districts; what they withhold must not be known from zones.
    let withheld = |code: &String| {
        !code.starts_with("zone") && figure(code).is_some_and(|it| it.numerator.is_none())
    };
    let all = codes.iter().enumerate().filter(|(_, code)| withheld(code));
    all.filter(|(column, _)| determined(*column)).map(|(_, code)| code.clone()).collect()
}

/// Gauss and Jordan.
fn reduce(rows: &mut [Vec<f64>], width: usize) {
    let mut done = 0;
    for column in 0..width {
        let best = (done..rows.len()).find(|it| rows[*it][column].abs() > 1e-9);
        let Some(best) = best else { continue };
        rows.swap(done, best);
        let pivot: Vec<f64> = rows[done].iter().map(|it| it / rows[done][column]).collect();
        rows[done] = pivot.clone();
        for (position, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if position != done && factor.abs() > 1e-9 {
                row.iter_mut().zip(&pivot).for_each(|(it, pivot)| *it -= factor * pivot);
            }
        }
        done += 1;
    }
}

#[test]
fn the_attack_works_where_nothing_protects() {
    let published = pupils(&[("1101", 3, 40), ("1102", 0, 60)], &[2]);
    // Three in the whole city, which is always shown: its parts cannot be kept from view.
    let codes: Vec<String> = ["1", "11", "1101", "1102"].map(str::to_owned).to_vec();
    assert_eq!(recovered(&published, &codes), ["11", "1101"]);
}

proptest! {
    #[test]
    fn no_withheld_figure_can_be_worked_out(
        districts in prop::collection::vec(
            prop::collection::vec((0_i128..30, 0_i128..60), 1..6),
            2..6,
        ),
        zones in prop::collection::vec(0_usize..4, 30),
    ) {
        let mut reports = Vec::new();
        let mut codes = vec!["1".to_owned()];
        for (district, schools) in (11..).zip(&districts) {
            codes.push(format!("{district}"));
            for (school, (myopic, more)) in (1..).zip(schools) {
                let code = format!("{district}{school:02}");
                reports.push((code.clone(), *myopic, myopic + more));
                codes.push(code);
            }
        }
        let least = |it: i128| it >= 5;
        prop_assume!(least(reports.iter().map(|it| it.1).sum()));
        let counts: Vec<u16> =
            districts.iter().map(|it| u16::try_from(it.len()).unwrap()).collect();
        let borrowed: Vec<_> =
            reports.iter().map(|(code, myopic, all)| (code.as_str(), *myopic, *all)).collect();
        let published = pupils_in_zones(&borrowed, &counts, &zones);
        for zone in zones.iter().take(reports.len()).copied().collect::<BTreeSet<_>>() {
            codes.push(zone_code(zone));
        }
        for (code, myopic, screened) in &reports {
            let figure = published.figure("myopia", None, &org(code), year(2021)).unwrap();
            let few = |it: &i128| (1..5).contains(it);
            prop_assert!(figure.value.is_none() || !few(myopic) && !few(screened));
        }
        prop_assert_eq!(recovered(&published, &codes), Vec::<String>::new());
    }
}
