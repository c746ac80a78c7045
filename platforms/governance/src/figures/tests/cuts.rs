//! Figures on boundaries that moved, and along other hierarchies.

use jiff::civil::date;
use model::indicator::{Kind, Term};

use super::city::{City, org, shown, term, year};

/// School 1102 moves from district 11 to district 12 on 1 January 2023.
fn moved() -> City {
    let mut city = City::new(&[2, 1]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    for at in 2021..=2024 {
        city.fact("facts", at, "1101", &[], &[Some(1), Some(10)]);
        city.fact("facts", at, "1102", &[], &[Some(5), Some(10)]);
        city.fact("facts", at, "1201", &[], &[Some(9), Some(10)]);
    }
    city.moved("1102", "12", date(2023, 1, 1));
    city.indicator("share", Kind::Share, vec![term("part")], vec![term("whole")]);
    city
}

fn series(city: City, code: &str, cut: Option<u16>) -> String {
    let published = city.publish();
    let series = match cut {
        Some(cut) => published.series_on_cut("share", &org(code), year(cut)),
        None => published.series("share", None, &org(code)),
    };
    let values = series.iter().filter_map(|it| Some(format!("{} {}", it.year, it.value?)));
    values.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_year_on_its_own_boundaries() {
    assert_eq!(series(moved(), "11", None), "2021 30.0, 2022 30.0, 2023 10.0, 2024 10.0");
    assert_eq!(series(moved(), "12", None), "2021 90.0, 2022 90.0, 2023 70.0, 2024 70.0");
}

#[test]
fn all_years_on_the_new_boundaries() {
    assert_eq!(series(moved(), "11", Some(2024)), "2021 10.0, 2022 10.0, 2023 10.0, 2024 10.0");
    assert_eq!(series(moved(), "12", Some(2024)), "2021 70.0, 2022 70.0, 2023 70.0, 2024 70.0");
}

#[test]
fn all_years_on_the_old_boundaries() {
    assert_eq!(series(moved(), "11", Some(2021)), "2021 30.0, 2022 30.0, 2023 30.0, 2024 30.0");
    assert_eq!(series(moved(), "1", Some(2021)), series(moved(), "1", Some(2024)));
}

#[test]
fn a_cohort_is_compared_on_one_territory() {
    let mut city = moved();
    let before = Term { years_before: 2, ..term("whole") };
    city.indicator("cohort", Kind::Cohort, vec![term("whole")], vec![before]);
    let published = city.publish();
    // District 11 had two schools in 2021; the one that stayed is what 2023 is compared with.
    assert_eq!(shown(&published, "cohort", "11", 2023), "100.0 10/10 1/1 reported");
    assert_eq!(shown(&published, "cohort", "12", 2023), "100.0 20/20 2/2 reported");
}

#[test]
fn a_school_that_closed_in_autumn_still_counts_above() {
    let mut city = moved();
    city.with("1101", |it| it.valid_to = Some(date(2022, 11, 1)));
    let published = city.publish();
    assert_eq!(shown(&published, "share", "1101", 2022), "none");
    assert_eq!(shown(&published, "share", "11", 2022), "30.0 6/20 2/2 reported");
    // On 1 September 2023 it was no more: what it reports then has no place and is not owed.
    assert_eq!(shown(&published, "share", "11", 2023), "- -/- 0/0 missing");
}

#[test]
fn zones_add_up_to_the_same_city() {
    let mut city = moved();
    city.organisation("Z1", "zone", "", Some("11"));
    city.member("school-zone", "Z1", "11", date(2000, 1, 1), None);
    for school in ["1101", "1201"] {
        city.member("school-zone", school, "Z1", date(2000, 1, 1), None);
    }
    let published = city.publish();
    let zones = published.under_hierarchy("school-zone");
    assert_eq!(shown(&zones, "share", "Z1", 2021), "50.0 10/20 2/2 reported");
    assert_eq!(shown(&zones, "share", "1", 2021), shown(&published, "share", "1", 2021));
    assert_eq!(shown(&published, "share", "11", 2021), "30.0 6/20 2/2 reported");
}
