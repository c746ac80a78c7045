//! Statuses of the plan's own targets (golden §13), from its table and, where it says so twice, its boxes.

use model::{Decimal, Year};

use super::centre::tianjin;

/// The status of a value of a year by one of the indicator's targets, and the distance to it.
fn judged(indicator: &str, target: usize, year: u16, value: &str) -> String {
    let plan = tianjin();
    let indicator = plan.indicator(indicator).unwrap();
    let (year, value): (Year, Decimal) = (Year::new(year).unwrap(), value.parse().unwrap());
    let target = &indicator.targets[target].target;
    let baseline = indicator.baseline.as_ref();
    let judged = target.judge(&[(year, value)], year, baseline, indicator.direction);
    format!("{} {}", judged.status, judged.distance.unwrap())
}

#[test]
fn ninety_nine_is_not_more_than_ninety_nine() {
    assert_eq!(judged("IND-02", 0, 2025, "99.00"), "missed 0.00");
    assert_eq!(judged("IND-02", 0, 2025, "99.01"), "met 0.00");
}

#[test]
fn the_table_says_more_than_and_the_box_at_least() {
    assert_eq!(judged("IND-10", 0, 2025, "80.0"), "missed 0.0");
    assert_eq!(judged("IND-10", 1, 2025, "80.0"), "met 0.0");
    assert_eq!(judged("IND-09", 0, 2025, "50.0"), "missed 0.0");
    assert_eq!(judged("IND-09", 1, 2025, "50.0"), "met 0.0");
}

#[test]
fn less_myopia_is_better() {
    assert_eq!(judged("IND-16", 0, 2025, "48.5"), "met 0.0");
    assert_eq!(judged("IND-16", 0, 2025, "48.6"), "missed 0.1");
}

#[test]
fn what_is_to_be_held_is_held_or_not() {
    assert_eq!(judged("IND-12", 0, 2025, "0.00"), "met 0.00");
    assert_eq!(judged("IND-12", 0, 2025, "0.01"), "missed 0.01");
    assert_eq!(judged("IND-05", 0, 2024, "4500"), "met 0");
}

#[test]
fn eight_of_sixteen_districts_are_half_way() {
    assert_eq!(judged("IND-14", 0, 2025, "50.00"), "missed 50.00");
    assert_eq!(judged("IND-14", 0, 2025, "100.00"), "met 0.00");
}

#[test]
fn fitness_follows_a_straight_path_from_its_baseline() {
    let plan = tianjin();
    let fitness = plan.indicator("IND-15").unwrap();
    let target = &fitness.target().unwrap().target;
    let path = target.path(fitness.baseline.as_ref(), Year::new(2023).unwrap(), 2);
    assert_eq!(path.unwrap().to_string(), "37.96");
    assert_eq!(judged("IND-15", 0, 2023, "38.0"), "on_track 12.0");
    assert_eq!(judged("IND-15", 0, 2023, "37.9"), "behind 12.1");
}

#[test]
fn every_target_of_the_plan_has_a_status_in_every_year() {
    let plan = tianjin();
    for indicator in &plan.indicators {
        for target in &indicator.targets {
            for year in plan.years() {
                for value in ["-1", "0", "48.5", "100", "5000000"] {
                    let value: Decimal = value.parse().unwrap();
                    let baseline = indicator.baseline.as_ref();
                    let series = [(year, value)];
                    let judged = target.target.judge(&series, year, baseline, indicator.direction);
                    assert_ne!(judged.status.as_str(), "no_data", "{} {year}", indicator.code);
                    assert!(judged.distance.is_some_and(|it| !it.is_negative()));
                }
            }
        }
    }
}
