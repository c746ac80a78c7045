//! Shares, ratios, rates, means, counts and cohorts.

use model::indicator::{Kind, Term};

use super::city::{City, org, shown, term, year};
use crate::figures::Published;

/// One dataset of two measures that districts report.
fn districts(reports: &[(&str, i128, i128)]) -> City {
    let mut city = City::new(&[0, 0, 0]);
    city.dataset("facts", "district", &[], &["part", "whole"]);
    for (code, part, whole) in reports {
        city.fact("facts", 2021, code, &[], &[Some(*part), Some(*whole)]);
    }
    city
}

fn part_of_whole(city: &mut City, kind: Kind) {
    city.indicator("share", kind, vec![term("part")], vec![term("whole")]);
}

#[test]
fn a_city_is_the_sum_of_its_districts_never_their_mean() {
    let mut city = districts(&[("11", 90, 100), ("12", 300, 900), ("13", 0, 0)]);
    part_of_whole(&mut city, Kind::Share);
    let published = city.publish();
    assert_eq!(shown(&published, "share", "1", 2021), "39.0 390/1000 3/3 reported");
    assert_eq!(shown(&published, "share", "11", 2021), "90.0 90/100 1/1 reported");
    assert_eq!(shown(&published, "share", "12", 2021), "33.3 300/900 1/1 reported");
}

#[test]
fn nothing_of_nothing_is_not_zero_percent() {
    let mut city = districts(&[("11", 0, 0)]);
    part_of_whole(&mut city, Kind::Share);
    assert_eq!(shown(&city.publish(), "share", "11", 2021), "- 0/0 1/1 not_applicable");
}

#[test]
fn what_was_not_reported_is_missing() {
    let mut city = districts(&[("11", 1, 2)]);
    part_of_whole(&mut city, Kind::Share);
    let published = city.publish();
    assert_eq!(shown(&published, "share", "12", 2021), "- -/- 0/1 missing");
    assert_eq!(shown(&published, "share", "1", 2022), "- -/- 0/3 missing");
    assert_eq!(shown(&published, "share", "1", 2021), "50.0 1/2 1/3 partial");
    assert_eq!(shown(&published, "share", "99", 2021), "none");
    assert_eq!(shown(&published, "other", "11", 2021), "none");
}

#[test]
fn under_ninety_five_percent_of_the_units_is_partial() {
    let mut city = City::new(&[20]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    for school in 1..=19 {
        city.fact("facts", 2021, &format!("11{school:02}"), &[], &[Some(1), Some(2)]);
        city.fact("facts", 2022, &format!("11{school:02}"), &[], &[Some(1), Some(2)]);
    }
    city.fact("facts", 2022, "1120", &[], &[Some(1), Some(2)]);
    city.organisation("1121", "school", "primary", Some("11"));
    city.organisation("1122", "school", "primary", Some("11"));
    part_of_whole(&mut city, Kind::Share);
    let published = city.publish();
    assert_eq!(shown(&published, "share", "11", 2021), "50.0 19/38 19/22 partial");
    assert_eq!(shown(&published, "share", "11", 2022), "50.0 20/40 20/22 partial");
    assert_eq!(shown(&published, "share", "1101", 2021), "50.0 1/2 1/1 reported");
}

#[test]
fn a_rate_counts_per_so_many() {
    let mut city = districts(&[("11", 572_152, 13_866_009)]);
    part_of_whole(&mut city, Kind::Rate { per: 100_000 });
    city.plan.indicators.last_mut().unwrap().decimals = 0;
    assert_eq!(shown(&city.publish(), "share", "11", 2021), "4126 572152/13866009 1/1 reported");
}

#[test]
fn means_ratios_and_counts_have_no_factor() {
    for (kind, expected) in [
        (Kind::Mean, "0.3 1/3 1/1 reported"),
        (Kind::Ratio, "0.3 1/3 1/1 reported"),
        (Kind::Count, "1.0 1/- 1/1 reported"),
    ] {
        let mut city = districts(&[("11", 1, 3)]);
        part_of_whole(&mut city, kind);
        assert_eq!(shown(&city.publish(), "share", "11", 2021), expected);
    }
}

/// Junior three-year retention: (graduates − in + out) / (grade 7 three years before − deaths).
#[test]
fn a_cohort_is_corrected_for_transfers_and_deaths() {
    for (graduates, moved_in, moved_out, entered, deaths, expected) in [
        (480, 20, 25, 500, 1, "97.2 485/499 1/1 reported"),
        (460, 20, 25, 500, 1, "93.2 465/499 1/1 reported"),
        (475, 0, 0, 500, 0, "95.0 475/500 1/1 reported"),
        (474, 0, 0, 500, 0, "94.8 474/500 1/1 reported"),
    ] {
        let mut city = City::new(&[0]);
        city.dataset("leavers", "district", &[], &["graduates", "in", "out", "deaths"]);
        city.dataset("grades", "district", &["grade"], &["pupils"]);
        let changes = [graduates, moved_in, moved_out, deaths].map(Some);
        city.fact("leavers", 2023, "11", &[], &changes);
        city.fact("grades", 2020, "11", &["G7"], &[Some(entered)]);
        city.fact("grades", 2020, "11", &["G8"], &[Some(1_000)]);
        city.fact("grades", 2023, "11", &["G7"], &[Some(9_000)]);
        let times = |measure: &str, times| Term { times, ..term(measure) };
        let grade_seven = Term {
            years_before: 3,
            dimensions: vec![("grade".to_owned(), vec!["G7".to_owned()])],
            ..term("pupils")
        };
        city.indicator(
            "retention",
            Kind::Cohort,
            vec![term("graduates"), times("in", -1), term("out")],
            vec![grade_seven, times("deaths", -1)],
        );
        assert_eq!(shown(&city.publish(), "retention", "1", 2023), expected);
    }
}

#[test]
fn rotation_and_places_for_migrant_children() {
    for (part, whole, expected) in [
        (100, 1_000, "10.0"),
        (20, 100, "20.0"),
        (19, 100, "19.0"),
        (849, 1_000, "84.9"),
        (850, 1_000, "85.0"),
    ] {
        let mut city = districts(&[("11", part, whole)]);
        part_of_whole(&mut city, Kind::Share);
        let figure = city.publish().figure("share", None, &org("11"), year(2021)).unwrap();
        assert_eq!(figure.value.unwrap().to_string(), expected);
    }
}

#[test]
fn a_filter_takes_organisations_as_they_were_that_year() {
    let mut city = City::new(&[3]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    for code in ["1101", "1102", "1103"] {
        city.fact("facts", 2021, code, &[], &[Some(1), Some(10)]);
    }
    city.with("1102", |it| it.area_class = "rural".to_owned());
    let mut rural = term("part");
    rural.organisations.area_classes = vec!["rural".to_owned(), "town".to_owned()];
    city.indicator("rural", Kind::Share, vec![rural], vec![term("whole")]);
    let published = city.publish();
    assert_eq!(shown(&published, "rural", "11", 2021), "3.3 1/30 3/3 reported");
    assert_eq!(shown(&published, "rural", "1101", 2021), "0.0 0/10 1/1 reported");
}

#[test]
fn an_unknown_value_is_missing_where_it_stands_and_left_out_above() {
    let mut city = City::new(&[2]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    city.fact("facts", 2021, "1101", &[], &[None, Some(10)]);
    city.fact("facts", 2021, "1102", &[], &[Some(4), Some(10)]);
    part_of_whole(&mut city, Kind::Share);
    let published = city.publish();
    assert_eq!(shown(&published, "share", "1101", 2021), "- -/10 1/1 missing");
    assert_eq!(shown(&published, "share", "11", 2021), "20.0 4/20 2/2 reported");
}

#[test]
fn a_sum_over_required_columns_is_zero_where_no_row_counts() {
    let mut city = City::new(&[2]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    for it in &mut city.plan.datasets.get_mut("facts").unwrap().columns {
        it.required = true;
    }
    city.fact("facts", 2021, "1101", &[], &[None, Some(10)]);
    part_of_whole(&mut city, Kind::Share);
    let published = city.publish();
    assert_eq!(shown(&published, "share", "1101", 2021), "0.0 0/10 1/1 reported");
    assert_eq!(shown(&published, "share", "1102", 2021), "- -/- 0/1 missing");
}

#[test]
fn an_indicator_has_no_figure_below_its_finest_level() {
    let mut city = City::new(&[1]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    city.fact("facts", 2021, "1101", &[], &[Some(4), Some(10)]);
    part_of_whole(&mut city, Kind::Share);
    city.plan.indicators.last_mut().unwrap().finest_level = "district".to_owned();
    let published = city.publish();
    assert_eq!(shown(&published, "share", "1101", 2021), "none");
    assert_eq!(shown(&published, "share", "11", 2021), "40.0 4/10 1/1 reported");
    assert_eq!(published.figures("share", None, "school", year(2021)), []);
}

#[test]
fn a_term_of_a_dataset_that_nobody_owes_adds_nothing() {
    let mut city = City::new(&[1, 1]);
    city.dataset("facts", "school", &[], &["part", "whole"]);
    city.dataset("extra", "district", &[], &["more"]);
    city.fact("facts", 2021, "1101", &[], &[Some(4), Some(10)]);
    city.fact("extra", 2021, "11", &[], &[Some(3)]);
    city.indicator("share", Kind::Share, vec![term("part"), term("more")], vec![term("whole")]);
    let published = city.publish();
    // The school owes no `extra`; the district does, and so does its neighbour, which gave none.
    assert_eq!(shown(&published, "share", "1101", 2021), "40.0 4/10 1/1 reported");
    assert_eq!(shown(&published, "share", "11", 2021), "70.0 7/10 1/1 reported");
    assert_eq!(shown(&published, "share", "12", 2021), "- -/- 0/1 missing");
    assert_eq!(shown(&published, "share", "1", 2021), "70.0 7/10 1/2 partial");
}

#[test]
fn who_is_not_in_a_register_counts_as_none() {
    let mut city = City::new(&[2, 1]);
    city.dataset("facts", "school", &[], &["whole"]);
    city.dataset("zones", "school", &[], &["zoned"]);
    city.plan.datasets.get_mut("zones").unwrap().expected = None;
    for code in ["1101", "1102", "1201"] {
        city.fact("facts", 2021, code, &[], &[Some(1)]);
        city.fact("facts", 2022, code, &[], &[Some(1)]);
    }
    city.fact("zones", 2021, "1101", &[], &[Some(1)]);
    city.indicator("zoned", Kind::Share, vec![term("zoned")], vec![term("whole")]);
    let published = city.publish();
    assert_eq!(shown(&published, "zoned", "1102", 2021), "0.0 0/1 1/1 reported");
    assert_eq!(shown(&published, "zoned", "12", 2021), "0.0 0/1 1/1 reported");
    assert_eq!(shown(&published, "zoned", "1", 2021), "33.3 1/3 3/3 reported");
    assert_eq!(shown(&published, "zoned", "1", 2022), "- -/3 3/3 missing");
}

/// Four schools of one district: rooms and rolls, rolls without rooms, and the other ways.
fn rooms_per_pupil(paired: bool) -> Published {
    let mut city = City::new(&[4]);
    city.dataset("rooms", "school", &[], &["area"]);
    city.dataset("rolls", "school", &[], &["pupils"]);
    for (school, area) in [("1101", Some(600)), ("1102", None), ("1104", Some(400))] {
        city.fact("rooms", 2021, school, &[], &[area]);
    }
    for (school, pupils) in [("1101", 100), ("1102", 200), ("1103", 300)] {
        city.fact("rolls", 2021, school, &[], &[Some(pupils)]);
    }
    city.indicator("each", Kind::Ratio, vec![term("area")], vec![term("pupils")]);
    city.plan.indicators.last_mut().unwrap().definitions[0].paired = paired;
    city.publish()
}

#[test]
fn in_pairs_a_school_of_which_one_side_is_unknown_counts_on_neither() {
    let all = rooms_per_pupil(false);
    assert_eq!(shown(&all, "each", "11", 2021), "1.7 1000/600 3/4 partial");
    let paired = rooms_per_pupil(true);
    assert_eq!(shown(&paired, "each", "1", 2021), "6.0 600/100 3/4 partial");
    assert_eq!(shown(&paired, "each", "11", 2021), "6.0 600/100 3/4 partial");
    assert_eq!(shown(&paired, "each", "1101", 2021), "6.0 600/100 1/1 reported");
    assert_eq!(shown(&paired, "each", "1103", 2021), "- -/- 0/1 missing");
    let terms = paired.terms("each", None, &org("11"), year(2021));
    let behind: Vec<usize> = terms.iter().map(|it| it.contributions.len()).collect();
    assert_eq!(behind, [1, 1]);
}
