//! The golden examples and thresholds, on the tables as they are in `rules/`.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::codes::Sex::{Female, Male};

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let [scoring, bmi, weights, bonus] = texts();
    Tables::read(&scoring, &bmi, &weights, &bonus).unwrap()
});

fn texts() -> [String; 4] {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/fitness-2014");
    ["scoring", "bmi", "weights", "bonus"]
        .map(|it| fs::read_to_string(format!("{folder}/{it}.csv")).unwrap())
}

fn group(name: &str) -> Group {
    Group::parse(name).unwrap()
}

/// A number as it is written, in the unit of `scale`.
fn units(number: &str, scale: u8) -> i32 {
    let number: Decimal = number.parse().unwrap();
    assert_eq!(number.rounded(scale), number);
    i32::try_from(number.units_at(scale)).unwrap()
}

fn pupil(sex: Sex, grade: &str, body: (&str, &str), results: &[(Event, &str)]) -> Results {
    let body = (Some(units(body.0, 1)), Some(units(body.1, 1)));
    results.iter().fold(Results::new(sex, group(grade)).with_body(body.0, body.1), |it, result| {
        it.with(result.0, Some(units(result.1, result.0.scale())))
    })
}

#[track_caller]
fn check(pupil: &Results, expected: &str) {
    let shown = TABLES.score(pupil).map(|it| {
        let standard = Decimal::new(i128::from(it.standard), 2);
        let bmi = Decimal::new(i128::from(it.bmi), 1);
        format!("{standard} + {} = {} {} bmi {bmi}", it.bonus, it.total(), it.grade.as_str())
    });
    assert_eq!(shown.as_deref().unwrap_or("incomplete"), expected);
}

#[test]
fn a_boy_in_grade_7() {
    let results = [
        (Event::VitalCapacity, "3000"),
        (Event::Run50m, "8.0"),
        (Event::SitAndReach, "10.4"),
        (Event::StandingLongJump, "203"),
        (Event::PullUp, "9"),
        (Event::Run1000m, "255"),
    ];
    let boy = pupil(Male, "G7", ("160.0", "50.0"), &results);
    check(&boy, "87.50 + 0 = 87.5 good bmi 19.5");
    let scores = results.map(|(event, result)| {
        TABLES.event_score(event, Male, group("G7"), units(result, event.scale())).unwrap()
    });
    assert_eq!(scores, [80, 90, 80, 85, 80, 90]);
    check(&boy.with(Event::PullUp, None), "incomplete");
    check(&boy.with(Event::SitUp, Some(60)), "87.50 + 0 = 87.5 good bmi 19.5");
    check(&boy.with_body(Some(0), Some(500)), "incomplete");
}

#[test]
fn a_girl_in_grade_1_with_a_full_bonus() {
    let results = [
        (Event::VitalCapacity, "1399"),
        (Event::Run50m, "11.05"),
        (Event::SitAndReach, "-1.6"),
        (Event::RopeSkip, "157"),
    ];
    let girl = pupil(Female, "G1", ("120.0", "28.0"), &results);
    check(&girl, "65.25 + 20 = 85.3 good bmi 19.4");
}

#[test]
fn a_student_just_below_every_row() {
    let results = [
        (Event::VitalCapacity, "2349"),
        (Event::Run50m, "10.1"),
        (Event::SitAndReach, "-0.9"),
        (Event::StandingLongJump, "184"),
        (Event::PullUp, "5"),
        (Event::Run1000m, "371"),
    ];
    let student = pupil(Male, "U34", ("175.0", "86.0"), &results);
    check(&student, "9.00 + 0 = 9.0 fail bmi 28.1");
}

#[test]
fn a_girl_in_grade_10_with_both_bonuses_at_their_cap() {
    let results = [
        (Event::VitalCapacity, "3150"),
        (Event::Run50m, "7.8"),
        (Event::SitAndReach, "24.2"),
        (Event::StandingLongJump, "204"),
        (Event::SitUp, "66"),
        (Event::Run800m, "154"),
    ];
    let girl = pupil(Female, "G10", ("160.0", "55.0"), &results);
    check(&girl, "100.00 + 20 = 120.0 excellent bmi 21.5");
}

/// Item, sex, grade, and the results that score 100, 90, 80, 60 and 10.
const THRESHOLDS: &str = "
    vital_capacity_ml     M G1  1700 1500 1300 700  500
    vital_capacity_ml     M G10 4540 4300 3800 2600 1950
    vital_capacity_ml     F G10 3150 3050 2750 1750 1550
    run_50m_s             M G1  10.2 10.4 10.6 12.6 13.6
    run_50m_s             M G7  7.8  8    8.2  10.2 11.2
    run_50m_s             F G12 7.6  7.8  8.4  10.4 11.4
    sit_and_reach_cm      M G7  17.6 14.2 10.4 -2.6 -8.6
    sit_and_reach_cm      F G1  18.6 16   13.4 2.4  -1.6
    rope_skip_1min        F G1  117  103  87   17   2
    rope_skip_1min        M G6  157  147  135  65   50
    sit_up_1min           M G3  48   42   36   16   6
    sit_up_1min           F G10 53   49   43   23   13
    pull_up               M G7  13   11   9    4    -
    pull_up               M U34 20   18   16   11   6
    standing_long_jump_cm F G10 204  192  178  148  123
    run_50m_x8_s          M G5  96   102  108  138  158
    run_1000m_s           M G7  235  255  270  320  420
    run_1000m_s           M U34 195  205  220  270  370
    run_800m_s            F G10 204  216  230  280  330
";

#[test]
fn the_golden_thresholds() {
    for line in THRESHOLDS.lines().filter(|it| !it.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let event = Event::parse(words.next().unwrap()).unwrap();
        let sex = Sex::parse(words.next().unwrap()).unwrap();
        let grade = group(words.next().unwrap());
        for (score, threshold) in [100, 90, 80, 60, 10].into_iter().zip(words) {
            let expected = (threshold != "-").then(|| units(threshold, event.scale()));
            assert_eq!(TABLES.result_for(event, sex, grade, score), expected, "{line}: {score}");
            let Some(just) = expected else { continue };
            let step = if event == Event::Run50m { 10 } else { 1 };
            let worse = if event.less_is_better() { just + step } else { just - step };
            assert_eq!(TABLES.event_score(event, sex, grade, just), Some(score), "{line}: {score}");
            assert!(TABLES.event_score(event, sex, grade, worse) < Some(score), "{line}: {score}");
        }
    }
}

#[test]
fn body_mass_index_bands_of_boys_in_grade_7() {
    let bands = [(154, 80), (155, 100), (221, 100), (222, 80), (249, 80), (250, 60)];
    for (bmi, expected) in bands {
        assert_eq!(TABLES.bmi_score(Male, group("G7"), bmi), Some(expected), "{bmi}");
    }
    assert_eq!(TABLES.normal_bmi(Male, group("G7")), Some((155, 221)));
}

#[test]
fn pull_ups_have_their_own_steps() {
    let steps = [(13, 100), (9, 80), (8, 76), (7, 72), (4, 60), (1, 30), (0, 0)];
    for (times, expected) in steps {
        let score = TABLES.event_score(Event::PullUp, Male, group("G7"), times);
        assert_eq!(score, Some(expected), "{times}");
    }
    assert_eq!(TABLES.event_score(Event::PullUp, Female, group("G7"), 9), None);
}

#[test]
fn bonus_steps() {
    let check = |event, sex, grade, steps: &[(i32, u16)]| {
        let best = TABLES.result_for(event, sex, group(grade), 100).unwrap();
        for (beyond, expected) in steps {
            let result = if event.less_is_better() { best - beyond } else { best + beyond };
            let bonus = TABLES.bonus(event, sex, group(grade), result);
            assert_eq!(bonus, Some(*expected), "{event:?} by {beyond}");
        }
    };
    let rope = [(-1, 0), (0, 0), (1, 0), (2, 1), (39, 19), (40, 20), (41, 20)];
    check(Event::RopeSkip, Female, "G1", &rope);
    check(Event::RopeSkip, Male, "G6", &rope);
    let sit_ups =
        [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 4), (8, 5), (13, 10), (20, 10)];
    check(Event::SitUp, Female, "G10", &sit_ups);
    let kilometre = [(3, 0), (4, 1), (20, 5), (22, 5), (23, 6), (35, 10), (60, 10)];
    check(Event::Run1000m, Male, "G7", &kilometre);
    check(Event::Run800m, Female, "G10", &[(4, 0), (5, 1), (49, 9), (50, 10)]);
    check(Event::PullUp, Male, "U12", &[(0, 0), (1, 1), (10, 10), (11, 10)]);
}

#[test]
fn a_total_is_rounded_before_it_is_graded() {
    let graded = |hundredths: u16| Grade::of_total((hundredths + 5) / 10);
    assert_eq!(graded(8994), Grade::Good);
    assert_eq!(graded(8995), Grade::Excellent);
    assert_eq!(graded(7995), Grade::Good);
    assert_eq!(graded(5994), Grade::Fail);
    assert_eq!(graded(5995), Grade::Pass);
}

#[test]
fn every_group_is_tested_in_events_that_weigh_100_with_the_body_mass_index() {
    for sex in [Male, Female] {
        for group in Group::ALL {
            let sum: u16 = TABLES.events(sex, group).map(|(_, weight)| weight).sum();
            assert_eq!(sum, 85, "{sex:?} {}", group.as_str());
            assert_eq!(Group::parse(group.as_str()), Some(group));
        }
    }
    assert_eq!(Group::parse("K1"), None);
}

#[test]
fn broken_tables_are_refused_with_their_line() {
    let [scoring, bmi, weights, bonus] = texts();
    let read = |scoring: &str, bmi: &str, weights: &str, bonus: &str| {
        Tables::read(scoring, bmi, weights, bonus).unwrap_err().to_string()
    };
    let heavy = weights.replacen("G1-G2,bmi,15", "G1-G2,bmi,16", 1);
    assert_eq!(
        read(&scoring, &bmi, &heavy, &bonus),
        "weights table, line 0: M G1 has 101 % in all, not 100"
    );
    let word = scoring.replacen(",1700", ",viel", 1);
    assert_eq!(
        read(&word, &bmi, &weights, &bonus),
        "scoring table, line 2: `viel` is not a number with 0 decimals"
    );
    let order = scoring.replacen(",1600", ",1700", 1);
    assert_eq!(
        read(&order, &bmi, &weights, &bonus),
        "scoring table, line 3: scores and thresholds must go from the best down"
    );
    let short = bonus.replacen(",2,count above the 100-point value", "", 1);
    assert_eq!(read(&scoring, &bmi, &weights, &short), "bonus table, line 2: column 5 is missing");
    let few: String = scoring.lines().take(100).collect::<Vec<_>>().join("\n");
    assert!(read(&few, &bmi, &weights, &bonus).starts_with("scoring table, line 0: no "));
    assert!(read("", "", "", "").starts_with("bmi table, line 0: no row for M G1"));
}

fn any_results() -> impl Strategy<Value = Results> {
    let body = (1_i32..3000, 1_i32..3000);
    let events = proptest::array::uniform10(-500_i32..6000);
    (any::<bool>(), 0..Group::ALL.len(), body, events).prop_map(|(male, at, body, events)| {
        let sex = if male { Male } else { Female };
        let results = Results::new(sex, Group::ALL[at]).with_body(Some(body.0), Some(body.1));
        let each = Event::ALL.into_iter().zip(events);
        each.fold(results, |it, (event, result)| it.with(event, Some(result)))
    })
}

proptest! {
    #[test]
    fn every_complete_result_has_a_total(results in any_results()) {
        let scored = TABLES.score(&results).unwrap();
        prop_assert!(scored.standard <= 10_000 && scored.bonus <= 20 && scored.total <= 1_200);
        prop_assert_eq!(scored.grade, Grade::of_total(scored.total));
    }

    #[test]
    fn a_better_result_never_scores_less(
        results in any_results(), at in 0_usize..10, by in 0_i32..300,
    ) {
        let event = Event::ALL[at];
        let before = results.of(event).unwrap();
        let better = if event.less_is_better() { before - by } else { before + by };
        let after = TABLES.score(&results.with(event, Some(better))).unwrap();
        prop_assert!(after.total >= TABLES.score(&results).unwrap().total);
    }
}
