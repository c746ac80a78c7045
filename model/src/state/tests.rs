//! States are the same whatever way they came together.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Year, organisation, two dimensions, rows of facts, a sum and a minimum.
type Fact = (u16, usize, [Option<&'static str>; 2], u64, Option<i128>, Option<i128>);

/// Rows of facts, sum and minimum of each key, by a plain way of merging.
type Plain = BTreeMap<StateKey, (u64, [State; 2])>;

const AGGREGATES: [Aggregate; 2] = [Aggregate::Sum, Aggregate::Minimum];

fn columns() -> Vec<StateColumn> {
    let column = |(measure, aggregate): (&str, Aggregate)| StateColumn {
        measure: measure.to_owned(),
        aggregate,
        scale: 0,
    };
    ["sum", "least"].into_iter().zip(AGGREGATES).map(column).collect()
}

fn key((year, org, dimensions, ..): &Fact) -> StateKey {
    StateKey {
        year: Year::new(*year).unwrap(),
        org: format!("学校-{org}").parse().unwrap(),
        dimensions: dimensions.iter().map(|it| it.map(str::to_owned)).collect(),
    }
}

fn states(facts: &[Fact]) -> States {
    States::of(columns(), facts.iter().map(|it| (key(it), it.3, [State(it.4), State(it.5)])))
}

fn plain(facts: &[Fact], kept: impl Fn(StateKey) -> StateKey) -> Plain {
    let mut plain = Plain::new();
    for fact in facts {
        let (count, states) = plain.entry(kept(key(fact))).or_default();
        *count += fact.3;
        for ((state, new), aggregate) in states.iter_mut().zip([fact.4, fact.5]).zip(AGGREGATES) {
            *state = state.merge(State(new), aggregate);
        }
    }
    plain
}

fn as_plain<'a>(rows: impl Iterator<Item = Row<'a>>) -> Plain {
    let mut plain = Plain::new();
    let mut before = None;
    for row in rows {
        let dimensions = row.dimensions().map(|it| it.map(str::to_owned)).collect();
        let key = StateKey { year: row.year, org: row.org.clone(), dimensions };
        assert!(before.replace(key.clone()).is_none_or(|it| it < key), "{key:?} is out of order");
        plain.insert(key, (row.count, [row.state(0), row.state(1)]));
    }
    plain
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let value = || prop::option::of(prop::sample::select(vec!["", "F", "女"]));
    let number =
        || prop::option::of(prop_oneof![9 => -9..9_i128, 1 => any::<i64>().prop_map(i128::from)]);
    let dimensions = (value(), value()).prop_map(|(a, b)| [a, b]);
    let fact = (2020_u16..2023, 0_usize..5, dimensions, 0..9_u64, number(), number());
    prop::collection::vec(fact, 0..40)
}

proptest! {
    #[test]
    fn any_split_and_any_order_gives_the_same_states(
        facts in facts(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        order in prop::collection::vec(any::<u32>(), 40),
    ) {
        let mut ends: Vec<usize> = cuts.iter().map(|it| it.index(facts.len() + 1)).collect();
        ends.extend([0, facts.len()]);
        ends.sort_unstable();
        let mut parts: Vec<States> =
            ends.windows(2).map(|it| states(&facts[it[0]..it[1]])).collect();
        let mut turns = order.iter();
        parts.sort_by_cached_key(|_| turns.next());
        let merged = States::merged(columns(), parts);
        prop_assert_eq!(as_plain(merged.iter()), plain(&facts, |it| it));
        prop_assert_eq!(merged, states(&facts));
    }

    #[test]
    fn a_year_has_its_own_states_and_no_others(facts in facts()) {
        let whole = states(&facts);
        for at in 2019..2024 {
            let year = Year::new(at).unwrap();
            let mut own = facts.clone();
            own.retain(|it| it.0 == at);
            let part = whole.of_year(year);
            prop_assert_eq!(as_plain(part.iter()), plain(&own, |it| it));
            prop_assert_eq!(part.column(0).collect::<Vec<_>>(), part.iter().map(|it| it.state(0)).collect::<Vec<_>>());
            prop_assert_eq!(whole.years().any(|it| it == year), !own.is_empty());
            for fact in &facts {
                let org = key(fact).org;
                prop_assert_eq!(part.has(&org), own.iter().any(|it| key(it).org == org));
            }
        }
    }

    #[test]
    fn dimensions_that_are_not_kept_are_merged(facts in facts(), kept in prop::sample::subsequence(vec![0, 1], 0..3)) {
        let along = states(&facts).along(&kept, &[0, 1]);
        let only = |mut key: StateKey| {
            key.dimensions = kept.iter().map(|it| key.dimensions[*it].clone()).collect();
            key
        };
        prop_assert_eq!(as_plain(along.iter()), plain(&facts, only));
    }
}

#[test]
fn columns_that_do_not_fit_are_no_states() {
    let words = Words::new(vec!["a".parse().unwrap()], vec![Arc::from("F")]).unwrap();
    let of = |organisations: Vec<u32>, value: u32, measures: usize| {
        let rows = Rows {
            years: vec![Year::new(2024).unwrap()],
            organisations,
            dimensions: vec![vec![value]],
            counts: vec![1],
            numbers: vec![[Some(7)].into_iter().collect(); measures],
        };
        States::of_rows(columns().into(), Arc::new(words.clone()), rows)
    };
    assert!(of(vec![0], 1, 2).is_some());
    for (organisations, value, measures) in
        [(vec![0], 2, 2), (vec![1], 1, 2), (vec![0], 1, 3), (vec![0, 0], 1, 2), (vec![], 1, 2)]
    {
        assert_eq!(of(organisations, value, measures), None);
    }
    assert!(Words::new(vec!["b".parse().unwrap(), "a".parse().unwrap()], Vec::new()).is_none());
}
