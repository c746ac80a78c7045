//! What holds for all states, whatever they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::indicator::{Baseline, Kind};
use model::measure::Aggregate;
use model::state::{State, StateColumn, StateKey, States};
use model::target::{Direction, Status, Target};
use model::{Decimal, OrgCode, Year};
use proptest::prelude::*;

use super::city::{City, number, org, term, year};
use crate::figures::Published;

/// One state: organisation, dimension, numerator and denominator.
type Fact = (usize, bool, Option<i32>, i32);

fn columns() -> Vec<StateColumn> {
    let column = |measure: &str| StateColumn {
        measure: measure.to_owned(),
        aggregate: Aggregate::Sum,
        scale: 2,
    };
    vec![column("part"), column("whole")]
}

fn school(position: usize) -> OrgCode {
    org(&format!("1{}{:02}", 1 + position % 3, 1 + position / 3))
}

fn states(facts: &[Fact]) -> States {
    let row = |(position, girls, part, whole): &Fact| {
        let dimensions = vec![Some(if *girls { "F" } else { "M" }.to_owned())];
        let key = StateKey { year: year(2021), org: school(*position), dimensions };
        (key, 1, [State(part.map(i128::from)), State(Some(i128::from(*whole)))])
    };
    States::of(columns(), facts.iter().map(row))
}

/// All figures of five kinds over these states, in words.
fn figures(states: States) -> Vec<String> {
    let published = published(states);
    let levels = ["city", "district", "school"];
    let kinds = ["share", "mean", "count", "spread", "passing"];
    let all = kinds.into_iter().flat_map(|kind| levels.map(|level| (kind, level)));
    all.flat_map(|(kind, level)| published.figures(kind, None, level, year(2021)))
        .map(|(_, figure)| format!("{figure:?}"))
        .collect()
}

fn published(states: States) -> Published {
    let mut city = City::new(&[5, 5, 5]);
    city.dataset("facts", "school", &["sex"], &["part", "whole"]);
    let both = || (vec![term("part")], vec![term("whole")]);
    let level = || "school".to_owned();
    let kinds = [
        ("share", Kind::Share),
        ("mean", Kind::Mean),
        ("count", Kind::Count),
        ("spread", Kind::Dispersion { level: level(), weighted: true, least: number("1") }),
        ("passing", Kind::Units { level: level() }),
    ];
    for (code, kind) in kinds {
        let (numerator, denominator) = both();
        city.indicator(code, kind, numerator, denominator);
    }
    let empty = city.publish();
    Published::new(
        Arc::new(empty.plan().clone()),
        Arc::new(empty.history().clone()),
        BTreeMap::from([("facts".to_owned(), states)]),
        empty.release().clone(),
    )
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let part = prop::option::weighted(0.9, 0..10_000_i32);
    prop::collection::vec((0_usize..15, any::<bool>(), part, 0..10_000_i32), 0..80)
}

proptest! {
    #[test]
    fn any_split_and_any_order_of_states_gives_the_same_figures(
        facts in facts(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        backwards: bool,
    ) {
        let whole = states(&facts);
        let mut ends: Vec<usize> = cuts.iter().map(|it| it.index(facts.len() + 1)).collect();
        ends.extend([0, facts.len()]);
        ends.sort_unstable();
        let mut parts: Vec<States> =
            ends.windows(2).map(|it| states(&facts[it[0]..it[1]])).collect();
        if backwards {
            parts.reverse();
        }
        prop_assert_eq!(figures(States::merged(columns(), parts)), figures(whole));
    }

    #[test]
    fn the_districts_add_up_to_the_city(facts in facts()) {
        let published = published(states(&facts));
        let city = published.figure("share", None, &org("1"), year(2021)).unwrap();
        let of_level = |level: &str, side: fn(&model::figure::Figure) -> Option<Decimal>| {
            let all = published.figures("share", None, level, year(2021));
            let known: Vec<Decimal> = all.iter().filter_map(|(_, it)| side(it)).collect();
            (!known.is_empty()).then(|| known.into_iter().sum::<Decimal>())
        };
        for level in ["district", "school"] {
            prop_assert_eq!(of_level(level, |it| it.numerator), city.numerator);
            prop_assert_eq!(of_level(level, |it| it.denominator), city.denominator);
        }
    }

    #[test]
    fn every_target_has_a_status_for_every_value(
        target in target(),
        values in prop::collection::btree_map(1_950_u16..2_100, any::<i64>(), 0..12),
        at in 1_900_u16..2_200,
        baseline in prop::option::of((1_900_u16..2_200, any::<i64>())),
        down: bool,
    ) {
        let exact = |it: i64| Decimal::new(i128::from(it), 2);
        let series: Vec<(Year, Decimal)> =
            values.iter().map(|(at, value)| (year(*at), exact(*value))).collect();
        let baseline = baseline.map(|(at, value)| Baseline {
            year: year(at),
            value: exact(value),
            printed: String::new(),
        });
        let direction = if down { Direction::Down } else { Direction::Up };
        let judged = target.judge(&series, year(at), baseline.as_ref(), direction);
        prop_assert_eq!(judged.status == Status::NoData, !values.contains_key(&at));
        prop_assert!(judged.distance.is_none_or(|it| !it.is_negative()));
        let met = values.get(&at).is_some_and(|it| target.is_met_by(exact(*it), direction));
        if judged.status == Status::Missed {
            prop_assert!(!met);
        }
    }
}

fn target() -> impl Strategy<Value = Target> {
    let value = any::<i64>().prop_map(|it| Decimal::new(i128::from(it), 2));
    let by = (1_900_u16..2_200).prop_map(year);
    let steps = prop::collection::btree_map(1_900_u16..2_200, any::<i64>(), 0..5);
    let pair = (value, by.clone());
    prop_oneof![
        pair.clone().prop_map(|(value, by)| Target::AtLeast { value, by }),
        pair.clone().prop_map(|(value, by)| Target::Exceed { value, by }),
        pair.clone().prop_map(|(value, by)| Target::AtMost { value, by }),
        pair.prop_map(|(value, by)| Target::Hold { value, by }),
        (any::<u32>(), by.clone()).prop_map(|(units, by)| Target::AllUnits { units, by }),
        by.clone().prop_map(|by| Target::NeverDecrease { by }),
        (any::<u32>(), by).prop_map(|(count, by)| Target::Deliverable { count, by }),
        steps.prop_map(|steps| Target::Milestones {
            steps: steps
                .into_iter()
                .map(|(at, value)| (year(at), Decimal::new(i128::from(value), 2)))
                .collect(),
        }),
    ]
}
