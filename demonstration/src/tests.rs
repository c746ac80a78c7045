//! The demonstration city holds to the plan's baseline, to its number, and to common sense.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use model::organisation::{ADMINISTRATIVE, EventKind, Organisation};
use model::plan::Plan;
use model::{Decimal, OrgCode};

use self::tally::Tally;
use super::{Batch, City, Settings, Size, Wave};

mod tally;

/// The plan folder that brings a demonstration city.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tianjin-2021-2025"))
}

fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| governance::plan::load(folder()).unwrap())
}

fn given() -> Vec<Organisation> {
    let file = std::fs::File::open(folder().join("organisations.csv")).unwrap();
    let (list, findings) = network::read_list("organisations.csv", file);
    assert_eq!(findings, []);
    list.versions.into_iter().map(|it| it.what).collect()
}

fn make(number: u64) -> City {
    let settings = Settings::read(folder()).unwrap();
    City::new(plan(), &settings, &given(), Size::Small, number).unwrap()
}

/// The number of the demonstration when none is given.
const NUMBER: u64 = 20_210_726;

/// The small city of that number.
fn city() -> &'static City {
    static CITY: OnceLock<City> = OnceLock::new();
    CITY.get_or_init(|| make(NUMBER))
}

fn pseudonym(number: &str) -> i64 {
    let hash = blake3::keyed_hash(&[7; 32], number.as_bytes());
    i64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap())
}

/// Counts the rows of all years up to one.
fn count(city: &City, last: u16) -> Tally {
    let versions = city.organisations().versions.into_iter();
    let schools = versions.map(|it| (it.code.to_string(), it)).collect();
    let tally = Mutex::new(Tally::default());
    let sink = |batch: Batch| {
        if batch.year.number() <= last {
            tally.lock().unwrap().add(plan(), &schools, &batch);
        }
        Ok(())
    };
    city.generate(plan(), &pseudonym, 1, &sink).unwrap();
    tally.into_inner().unwrap()
}

/// All rows of the city, counted once for all tests.
fn tally() -> &'static Tally {
    static TALLY: OnceLock<Tally> = OnceLock::new();
    TALLY.get_or_init(|| count(city(), 2025))
}

/// A figure with so many digits after the point.
fn figure(tally: &Tally, number: u16, year: i64, decimals: u8) -> Option<Decimal> {
    let (part, whole, factor) = tally.quotient(number, year);
    let whole = Decimal::from_integer(whole);
    Decimal::from_integer(part).ratio(whole, factor, decimals)
}

#[track_caller]
fn check_baseline(tally: &Tally) {
    for indicator in plan().indicators.iter().filter(|it| it.number <= 20) {
        let baseline = indicator.baseline.as_ref().unwrap();
        // With the digits that pages show, nothing but zeros follows the printed ones.
        let shown = figure(tally, indicator.number, 2020, indicator.decimals);
        assert_eq!(shown, Some(baseline.value), "{}", indicator.code);
    }
}

#[test]
fn every_figure_of_the_baseline_year_is_the_printed_one() {
    check_baseline(tally());
}

#[test]
fn whatever_the_number_the_baseline_is_the_same() {
    for number in [0, 1, u64::MAX] {
        check_baseline(&count(&make(number), 2020));
    }
}

#[test]
fn in_the_last_year_some_targets_are_met_some_missed_and_some_lack_data() {
    let (mut met, mut missed, mut without) = (0, 0, 0);
    for indicator in plan().indicators.iter().filter(|it| it.number <= 20) {
        let target = &indicator.target().unwrap().target;
        match figure(tally(), indicator.number, 2025, indicator.decimals) {
            None => without += 1,
            Some(value) if target.is_met_by(value, indicator.direction) => met += 1,
            Some(_) => missed += 1,
        }
    }
    assert_eq!((met, missed, without), (12, 6, 2));
}

#[test]
fn pupils_by_stage_are_a_tenth_of_the_published_totals() {
    let of = |name| tally().of(name, 2020);
    assert_eq!(of("primary"), 73_014);
    assert_eq!(of("junior"), 32_181);
    // General senior and vocational together.
    assert_eq!(of("senior"), 16_857 + 8_290);
    assert_eq!(of("preschool"), of("children"));
}

#[test]
fn in_the_last_year_pupils_and_children_are_a_tenth_of_1_9_million() {
    let stages = ["preschool", "primary", "junior", "senior"];
    let all: i64 = stages.iter().map(|it| tally().of(it, 2025)).sum();
    assert!((188_500..=191_500).contains(&all), "{all}");
}

#[test]
fn residents_by_age_add_up_to_the_totals() {
    for year in 2020..=2025 {
        assert_eq!(tally().of("by_age", year), tally().of("residents", year), "{year}");
    }
    assert_eq!(tally().of("residents", 2019), 1_385_000);
}

#[test]
fn classes_hold_the_pupils_on_roll() {
    let on_roll: i64 =
        ["preschool", "primary", "junior", "senior"].iter().map(|it| tally().of(it, 2020)).sum();
    let in_classes = tally().of("class_pupils", 2020);
    // A few schools do not report their classes.
    assert!(in_classes <= on_roll && in_classes * 100 > on_roll * 97, "{in_classes} of {on_roll}");
}

#[test]
fn faults_are_as_many_as_the_settings_say() {
    let tally = tally();
    let rows: u64 = tally.rows.values().sum();
    let per_hundred_thousand = |count: u64| count * 100_000 / rows;
    assert!(
        (180..=220).contains(&per_hundred_thousand(tally.doubled)),
        "{} sent twice",
        tally.doubled
    );
    assert!(
        (85..=110).contains(&per_hundred_thousand(tally.impossible)),
        "{} impossible",
        tally.impossible
    );
    assert!((150..=700).contains(&per_hundred_thousand(tally.late)), "{} late", tally.late);
    let empty = tally.empty * 1000 / tally.cells;
    assert!((27..=33).contains(&empty), "{empty} of a thousand optional cells are empty");
}

#[test]
fn every_dataset_of_the_plan_has_rows_but_those_that_cases_fill() {
    let filled: BTreeSet<&str> = tally().rows.keys().copied().collect();
    let plan = plan();
    let of_rules = plan.datasets.values().filter(|it| !it.place.file.contains("procedures/"));
    let declared: BTreeSet<&str> = of_rules.map(|it| it.name.as_str()).collect();
    assert_eq!(filled, declared);
}

#[test]
fn the_bar_ends_where_the_rows_do() {
    let rows: u64 = tally().rows.values().sum();
    let expected = city().rows_expected();
    assert!(rows.abs_diff(expected) * 20 < rows, "{expected} expected, {rows} made");
}

/// A hash of every block, whatever the order they came in.
fn prints(city: &City, threads: usize) -> BTreeMap<(&'static str, u16, String, Wave), String> {
    let prints = Mutex::new(BTreeMap::new());
    let sink = |batch: Batch| {
        let mut hash = blake3::Hasher::new();
        for column in &batch.block.columns {
            for row in 0..column.len() {
                hash.update(&column.number(row).unwrap_or(i64::MIN).to_le_bytes());
                hash.update(column.word(row).unwrap_or("").as_bytes());
            }
        }
        let key = (batch.dataset, batch.year.number(), batch.area, batch.wave);
        let print = hash.finalize().to_hex().to_string();
        assert_eq!(prints.lock().unwrap().insert(key, print), None, "one block for each place");
        Ok(())
    };
    city.generate(plan(), &pseudonym, threads, &sink).unwrap();
    prints.into_inner().unwrap()
}

#[test]
fn the_same_number_gives_the_same_rows_on_any_number_of_threads() {
    let first = prints(city(), 1);
    assert_eq!(first, prints(&make(NUMBER), 3));
    let other = prints(&make(NUMBER + 1), 2);
    assert!(first.keys().collect::<Vec<_>>() != other.keys().collect::<Vec<_>>() || first != other);
    let same = first.iter().filter(|(key, print)| other.get(*key) == Some(*print)).count();
    // What follows from totals alone, such as all residents, may be the same.
    assert!(same * 5 < first.len(), "{same} of {} blocks do not depend on the number", first.len());
}

#[test]
fn pupils_keep_their_number_and_move_up_a_grade() {
    let roll = &city().roll;
    let grades = |year: usize| {
        let seats = roll.years[year].seats.iter();
        seats.map(|it| (it.pupil, it.grade)).collect::<BTreeMap<u32, u8>>()
    };
    for year in 1..roll.years.len() {
        let (before, now) = (grades(year - 1), grades(year));
        assert_eq!(now.len(), roll.years[year].seats.len(), "a pupil has one seat in {year}");
        for (pupil, grade) in &now {
            if let Some(earlier) = before.get(pupil) {
                assert_eq!(*grade, earlier + 1);
            }
        }
        let stayed = now.keys().filter(|it| before.contains_key(it)).count();
        assert!(stayed * 10 > now.len() * 8, "{stayed} of {} were there before", now.len());
    }
}

#[test]
fn nobody_sits_in_a_school_that_is_closed() {
    let city = city();
    for (year, roll) in city.roll.years.iter().enumerate() {
        for (at, school) in city.schools.iter().enumerate() {
            assert!(
                school.is_open(year) || roll.school(at).is_empty(),
                "{} in {year}",
                school.code
            );
        }
    }
    assert!(city.schools.iter().any(|it| it.closed.is_some()));
}

#[test]
fn two_in_a_hundred_change_school_within_a_stage() {
    use super::roll::Arrival;
    for roll in &city().roll.years[1..] {
        let moved = roll.seats.iter().filter(|it| it.arrival == Arrival::TransferredIn).count();
        assert!((12..=28).contains(&(moved * 1000 / roll.seats.len())), "{moved}");
    }
}

#[test]
fn organisations_are_sound() {
    let all = city().organisations();
    let kinds: BTreeSet<EventKind> = all.events.iter().map(|it| it.kind).collect();
    for kind in
        [EventKind::Merger, EventKind::Opening, EventKind::BoundaryChange, EventKind::Rename]
    {
        assert!(kinds.contains(&kind), "no {kind:?}");
    }
    let boundaries = all.events.iter().filter(|it| it.kind == EventKind::BoundaryChange);
    let moved: Vec<usize> = boundaries.map(|it| it.to.len()).collect();
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|it| *it > 0));
    for it in &all.versions {
        assert!(
            it.valid_to.is_none_or(|end| it.valid_from < end),
            "{} begins before it ends",
            it.code
        );
        if it.level == "school" {
            assert_eq!(
                model::codes::school_faults(it.code.as_str()),
                model::codes::Faults::default()
            );
        }
    }
    let administrative = all.memberships.iter().filter(|it| it.hierarchy == ADMINISTRATIVE);
    let children: BTreeSet<_> = administrative.map(|it| it.child.clone()).collect();
    let at_level = |level: &str| -> BTreeSet<OrgCode> {
        all.versions.iter().filter(|it| it.level == level).map(|it| it.code.clone()).collect()
    };
    let (schools, campuses) = (at_level("school"), at_level("campus"));
    assert!(!campuses.is_empty(), "no school has a campus");
    assert_eq!(children, schools.union(&campuses).cloned().collect());
    let names: BTreeSet<_> =
        all.versions.iter().filter(|it| it.level == "school").map(|it| &it.name.zh).collect();
    assert!(names.len() >= schools.len(), "no two schools share a name");
}

#[test]
fn districts_differ() {
    let city = city();
    let good = |district: usize| {
        let here = |(at, _): &(usize, &super::quotas::FitnessQuota)| {
            city.schools[*at].district == district
        };
        let quotas = city.quotas[0].fitness.iter().enumerate().filter(here);
        let (good, all) = quotas.fold((0, 0), |sum, (_, it)| (sum.0 + it.good, sum.1 + it.graded));
        good * 1000 / all.max(1)
    };
    let shares: Vec<usize> = (0..city.districts.len()).map(good).collect();
    let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
    assert!(most - least > 40 && most - least < 250, "from {least} to {most} of a thousand");
}

#[test]
fn corrected_files_have_rows_and_chinese_headers() {
    let folder = tempfile::tempdir().unwrap();
    let files = city().write_corrections(plan(), folder.path()).unwrap();
    assert_eq!(files.len(), 3);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("学校（机构）标识码,学年"), "{text}");
        assert!(lines.next().is_some(), "{} has rows", file.display());
    }
}

#[test]
fn a_made_up_fitness_result_scores_to_its_grade() {
    use model::codes::Sex;
    use model::fitness::{Event, Grade, Group, Results, Tables};
    let rules = &plan().rules["fitness-2014"];
    let tables = Tables::read(
        &rules["scoring.csv"],
        &rules["bmi.csv"],
        &rules["weights.csv"],
        &rules["bonus.csv"],
    );
    let tables = tables.unwrap();
    let samples = super::results::Samples::new(plan(), 1).unwrap();
    for (male, sex) in [(false, Sex::Female), (true, Sex::Male)] {
        for (grade, group) in (1..=12).zip(Group::ALL) {
            for (outcome, expected) in
                [Grade::Excellent, Grade::Good, Grade::Pass, Grade::Fail].into_iter().enumerate()
            {
                for draw in 0..50 {
                    let sample = samples.of(male, grade, outcome, draw);
                    let mut results = Results::new(sex, group)
                        .with_body(Some(sample.height), Some(sample.weight));
                    for (event, result) in Event::ALL.into_iter().zip(sample.events) {
                        results = results.with(event, result);
                    }
                    let scored = tables.score(&results).unwrap();
                    assert_eq!((scored.total, scored.grade), (sample.total, expected));
                }
            }
        }
    }
}
