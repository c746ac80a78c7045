//! Variation coefficients, weighted and plain (golden §1).

use model::Decimal;
use model::indicator::{Kind, Part, Term};
use proptest::prelude::*;

use super::city::{City, number, shown, term};
use crate::figures::dispersion::coefficient;

fn units(pairs: &[(&str, &str)]) -> Vec<(Decimal, Decimal)> {
    pairs.iter().map(|(resource, pupils)| (number(resource), number(pupils))).collect()
}

#[track_caller]
fn check(pairs: &[(&str, &str)], weighted: bool, expected: &str) {
    let found = coefficient(&units(pairs), weighted, 6);
    let shown = found.map_or("no value".to_owned(), |it| {
        format!("{} = {} / {}", it.value, it.deviation, it.mean)
    });
    assert_eq!(shown, expected);
}

#[test]
fn teachers_of_three_schools() {
    let schools = [("6", "100"), ("9", "200"), ("27", "700")];
    check(&schools, true, "0.155089 = 0.006514 / 0.042000");
    check(&schools, false, "0.187609 = 0.008978 / 0.047857");
    let per_hundred = [("600", "100"), ("900", "200"), ("2700", "700")];
    check(&per_hundred, true, "0.155089 = 0.651372 / 4.200000");
    check(&per_hundred, false, "0.187609 = 0.897843 / 4.785714");
}

#[test]
fn equipment_of_three_schools_passes_weighted_and_fails_plain() {
    let schools = [("240000", "40"), ("960000", "480"), ("960000", "480")];
    check(&schools, true, "0.362887 = 783.836718 / 2160.000000");
    check(&schools, false, "0.565685 = 1885.618083 / 3333.333333");
}

#[test]
fn one_school_does_not_differ_from_itself() {
    check(&[("6", "100")], true, "0.000000 = 0.000000 / 0.060000");
    check(&[("6", "100")], false, "0.000000 = 0.000000 / 0.060000");
}

#[test]
fn a_mean_of_zero_has_no_coefficient() {
    check(&[("0", "100"), ("0", "200")], true, "no value");
    check(&[], false, "no value");
}

fn schools(weighted: bool, least: &str) -> City {
    let mut city = City::new(&[4, 1]);
    city.dataset("facts", "school", &[], &["teachers", "pupils"]);
    let reports = [("1101", 6, 100), ("1102", 9, 200), ("1103", 27, 700), ("1104", 5, 0)];
    for (code, teachers, pupils) in reports {
        city.fact("facts", 2021, code, &[], &[Some(teachers), Some(pupils)]);
    }
    city.fact("facts", 2021, "1201", &[], &[Some(1), Some(30)]);
    let kind = Kind::Dispersion { level: "school".to_owned(), weighted, least: number(least) };
    let per_hundred = Term { times: 100, ..term("teachers") };
    city.indicator("spread", kind, vec![per_hundred], vec![term("pupils")]).decimals = 6;
    city
}

#[test]
fn a_school_without_pupils_is_left_out() {
    let published = schools(true, "0").publish();
    assert_eq!(shown(&published, "spread", "11", 2021), "0.155089 0.651372/4.200000 4/4 reported");
    assert_eq!(shown(&published, "spread", "12", 2021), "0.000000 0.000000/3.333333 1/1 reported");
    let published = schools(false, "0").publish();
    assert_eq!(shown(&published, "spread", "11", 2021), "0.187609 0.897843/4.785714 4/4 reported");
}

#[test]
fn units_below_the_least_are_left_out() {
    let published = schools(true, "50").publish();
    assert_eq!(shown(&published, "spread", "1", 2021), "0.155089 0.651372/4.200000 5/5 reported");
    assert_eq!(shown(&published, "spread", "12", 2021), "- -/- 1/1 not_applicable");
}

/// Published for primary schools of 鸠江区 in 2023: CV = S / X, and L8 is the plain mean of the seven.
#[test]
fn the_overall_coefficient_of_a_district_is_the_mean_of_its_seven() {
    let published = [
        ("5.515273", "1.643162", "0.297929"),
        ("0.887611", "0.445392", "0.501787"),
        ("0.879277", "0.353427", "0.401952"),
        ("4.563288", "1.316139", "0.288419"),
        ("7.925946", "2.975795", "0.37545"),
        ("2496.674864", "780.914372", "0.312782"),
        ("2.784743", "1.097759", "0.394205"),
    ];
    for (mean, deviation, coefficient) in published {
        let found = number(deviation).ratio(number(mean), 1, 6).unwrap();
        let off = (found - number(coefficient)).abs();
        assert!(off <= number("0.000002"), "{deviation} / {mean} = {found}");
    }
    let mut city = City::new(&[0]);
    city.dataset("facts", "district", &[], &["one"]);
    city.fact("facts", 2023, "11", &[], &[Some(1_000_000)]);
    let mut parts = Vec::new();
    for (position, (_, _, coefficient)) in (1..).zip(published) {
        let code = format!("L{position}");
        let millionths = number(coefficient).times(1_000_000).rounded(0).units();
        city.dataset(&code, "district", &[], &[&format!("cv_{position}")]);
        city.fact(&code, 2023, "11", &[], &[Some(millionths)]);
        let numerator = vec![term(&format!("cv_{position}"))];
        city.indicator(&code, Kind::Ratio, numerator, vec![term("one")]).decimals = 6;
        parts.push(Part { indicator: code, weight: number("1") });
    }
    city.indicator("L8", Kind::Composite { parts }, vec![], vec![]).decimals = 6;
    let published = city.publish();
    assert_eq!(shown(&published, "L2", "11", 2023), "0.501787 501787/1000000 1/1 reported");
    assert_eq!(shown(&published, "L8", "11", 2023), "0.367503 2.572524/7 1/1 reported");
}

#[test]
fn compared_after_rounding_to_three_digits() {
    let limit = number("0.50");
    assert!(number("0.5004").rounded(3) <= limit);
    assert!(number("0.5005").rounded(3) > limit);
}

/// The textbook formula in floats.
fn textbook(units: &[(i64, i64)], weighted: bool) -> f64 {
    let float = |it: i64| Decimal::from_integer(it).to_f64();
    let ratios: Vec<f64> = units.iter().map(|(x, p)| float(*x) / float(*p)).collect();
    let weights: Vec<f64> =
        units.iter().map(|(_, p)| if weighted { float(*p) } else { 1.0 }).collect();
    let whole: f64 = weights.iter().sum();
    let mean = ratios.iter().zip(&weights).map(|(r, w)| r * w).sum::<f64>() / whole;
    let square = ratios.iter().zip(&weights).map(|(r, w)| w * (r - mean).powi(2)).sum::<f64>();
    (square / whole).sqrt() / mean
}

proptest! {
    #[test]
    fn no_coefficient_is_not_a_number(
        units in prop::collection::vec((0_i64..10_000_000, 1_i64..100_000), 0..60),
        weighted: bool,
        turn in 0_usize..60,
    ) {
        let exact = |it: &(i64, i64)| (Decimal::from_integer(it.0), Decimal::from_integer(it.1));
        let mut pairs: Vec<_> = units.iter().map(exact).collect();
        let found = coefficient(&pairs, weighted, 6);
        prop_assert_eq!(found.is_none(), units.iter().all(|it| it.0 == 0));
        if let Some(found) = found {
            prop_assert!(!found.value.is_negative());
            let off = (found.value.to_f64() - textbook(&units, weighted)).abs();
            prop_assert!(off < 2e-6, "{} against {}", found.value, textbook(&units, weighted));
            let turn = turn % pairs.len();
            pairs.rotate_left(turn);
            prop_assert_eq!(coefficient(&pairs, weighted, 6), Some(found));
        }
    }

    #[test]
    fn enormous_numbers_do_not_overflow(
        units in prop::collection::vec((0_i64..i64::MAX, 1_i64..i64::MAX), 1..20),
        weighted: bool,
    ) {
        let exact = |it: &(i64, i64)| (Decimal::from_integer(it.0), Decimal::from_integer(it.1));
        let pairs: Vec<_> = units.iter().map(exact).collect();
        // A value or none, but never a panic.
        let found = coefficient(&pairs, weighted, 6);
        prop_assert!(found.is_none_or(|it| !it.value.is_negative()));
    }
}
