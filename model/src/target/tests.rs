use super::*;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

fn judge(target: &Target, direction: Direction, base: &str, at: u16, value: &str) -> Judgement {
    let baseline = Baseline { year: year(2020), value: number(base), printed: base.to_owned() };
    target.judge(&[(year(at), number(value))], year(at), Some(&baseline), direction)
}

#[track_caller]
fn check(target: Target, direction: Direction, base: &str, at: u16, value: &str, expected: &str) {
    let judged = judge(&target, direction, base, at, value);
    let distance = judged.distance.map_or("-".to_owned(), |it| it.to_string());
    assert_eq!(format!("{} {distance}", judged.status), expected);
}

const BY: Year = match Year::new(2025) {
    Some(year) => year,
    None => unreachable!(),
};

#[test]
fn ninety_nine_does_not_meet_more_than_ninety_nine() {
    let target = || Target::Exceed { value: number("99"), by: BY };
    check(target(), Direction::Up, "99", 2025, "99.0", "missed 0.0");
    check(target(), Direction::Up, "99", 2025, "99.01", "met 0.00");
    check(target(), Direction::Up, "99", 2023, "99.0", "on_track 0.0");
    check(target(), Direction::Up, "99", 2023, "98.9", "behind 0.1");
}

#[test]
fn the_table_and_the_box_may_differ_on_the_bound() {
    check(
        Target::Exceed { value: number("80"), by: BY },
        Direction::Up,
        "80",
        2025,
        "80.0",
        "missed 0.0",
    );
    check(
        Target::AtLeast { value: number("80"), by: BY },
        Direction::Up,
        "80",
        2025,
        "80.0",
        "met 0.0",
    );
}

#[test]
fn lower_is_better_for_myopia() {
    let target = || Target::AtMost { value: number("48.5"), by: BY };
    check(target(), Direction::Down, "53.5", 2025, "48.5", "met 0.0");
    check(target(), Direction::Down, "53.5", 2025, "48.6", "missed 0.1");
    check(target(), Direction::Down, "53.5", 2022, "51.5", "on_track 3.0");
    check(target(), Direction::Down, "53.5", 2022, "51.6", "behind 3.1");
}

#[test]
fn a_target_that_equals_its_baseline_is_held() {
    let none = || Target::Hold { value: number("0"), by: BY };
    check(none(), Direction::Down, "0", 2025, "0", "met 0");
    check(none(), Direction::Down, "0", 2025, "0.01", "missed 0.01");
    let students = Target::Hold { value: number("4500"), by: BY };
    check(students, Direction::Up, "4500", 2024, "4500", "met 0");
}

#[test]
fn the_path_is_a_straight_line_from_the_baseline() {
    let target = Target::AtLeast { value: number("50"), by: BY };
    let baseline = Baseline { year: year(2020), value: number("19.9"), printed: "19.9".to_owned() };
    let path = target.path(Some(&baseline), year(2023), 2).unwrap();
    assert_eq!(path, number("37.96"));
    check(target, Direction::Up, "19.9", 2023, "37.96", "on_track 12.04");
}

#[test]
fn sixteen_districts_come_in_three_steps() {
    let steps =
        vec![(year(2021), number("4")), (year(2022), number("10")), (year(2023), number("16"))];
    let target = || Target::Milestones { steps: steps.clone() };
    check(target(), Direction::Up, "0", 2021, "4", "on_track 12");
    check(target(), Direction::Up, "0", 2022, "9", "behind 7");
    check(target(), Direction::Up, "0", 2023, "15", "missed 1");
    check(target(), Direction::Up, "0", 2022, "16", "met 0");
}

#[test]
fn all_units_is_all_of_them() {
    let target = || Target::AllUnits { units: 16, by: BY };
    check(target(), Direction::Up, "0", 2025, "50.0", "missed 50.0");
    check(target(), Direction::Up, "0", 2025, "100.0", "met 0.0");
}

#[test]
fn the_first_fall_of_what_may_only_grow_is_a_miss() {
    let series =
        [(year(2020), number("5")), (year(2021), number("6")), (year(2022), number("5.9"))];
    let target = Target::NeverDecrease { by: BY };
    let at = |it| target.judge(&series, year(it), None, Direction::Up).status;
    assert_eq!(at(2021), Status::OnTrack);
    assert_eq!(at(2022), Status::Missed);
    assert_eq!(at(2023), Status::NoData);
}
