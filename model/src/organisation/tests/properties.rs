use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// One stretch of a life: how long, whether a gap comes before it, under whom, and since when it is known.
type Stretch = (i64, bool, Index, i64, Option<i64>);

fn any_stretch() -> impl Strategy<Value = Stretch> {
    let until = proptest::option::of(1..20_i64);
    (1..2_000_i64, any::<bool>(), any::<Index>(), 0..20_i64, until)
}

#[derive(Clone, Debug)]
struct Facts {
    versions: Vec<Recorded<Organisation>>,
    memberships: Vec<Recorded<Membership>>,
    events: Vec<Recorded<Event>>,
}

/// Organisations with lives and memberships of any kind: overlaps, gaps and circles too.
fn any_facts() -> impl Strategy<Value = Facts> {
    let lives = proptest::collection::vec(proptest::collection::vec(any_stretch(), 0..5), 1..15);
    let events =
        proptest::collection::vec((0..7_usize, 0..4_000_i64, any::<Index>(), any::<Index>()), 0..6);
    (lives, events).prop_map(|(lives, events)| {
        let names = [
            "c", "d1", "d2", "z1", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "u1", "u2",
        ];
        let names = &names[..lives.len()];
        let mut facts = Facts { versions: Vec::new(), memberships: Vec::new(), events: Vec::new() };
        for (name, life) in names.iter().zip(lives) {
            let mut begin = day("2000-01-01");
            for (days, gap, parent, from, until) in life {
                begin += if gap { 30.days() } else { 0.days() };
                let end = Some(begin + days.days()).filter(|_| days % 7 != 0);
                let recorded = |from| (at(from), until.map(|it| at(from + it)));
                let (recorded_at, superseded_at) = recorded(from);
                let what = Organisation {
                    valid_from: begin,
                    valid_to: end,
                    ..version(&format!("{name} 2000.."))
                };
                facts.versions.push(Recorded { what, recorded_at, superseded_at });
                let hierarchy = if days % 3 == 0 { "zone" } else { ADMINISTRATIVE }.to_owned();
                let (child, parent) = (code(name), code(parent.get::<&str>(names)));
                let what =
                    Membership { hierarchy, child, parent, valid_from: begin, valid_to: end };
                facts.memberships.push(Recorded { what, recorded_at, superseded_at });
                begin += days.days();
            }
        }
        for (kind, days, from, to) in events {
            let what = Event {
                on: day("2000-01-01") + days.days(),
                kind: EventKind::ALL[kind],
                from: vec![code(from.get::<&str>(names))],
                to: vec![code(to.get::<&str>(names))],
                note: Bilingual::default(),
            };
            facts.events.push(Recorded::new(what, at(0)));
        }
        facts
    })
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..5_000_i64).prop_map(|it| day("1999-06-01") + it.days())
}

proptest! {
    #[test]
    fn the_order_in_which_facts_are_handed_in_leaves_no_trace(
        (facts, shuffled) in any_facts().prop_flat_map(|facts| {
            let shuffled = (
                Just(facts.versions.clone()).prop_shuffle(),
                Just(facts.memberships.clone()).prop_shuffle(),
                Just(facts.events.clone()).prop_shuffle(),
            );
            (Just(facts), shuffled)
        }),
        on in any_day(),
        cut in any_day(),
        known in 0..40_i64,
    ) {
        let one = History::new(facts.versions, facts.memberships, facts.events);
        let other = History::new(shuffled.0, shuffled.1, shuffled.2);
        for hierarchy in [ADMINISTRATIVE, "zone"] {
            let known = at(known);
            prop_assert_eq!(drawn(&one.tree(hierarchy, on, known)), drawn(&other.tree(hierarchy, on, known)));
            prop_assert_eq!(
                drawn(&one.tree_on_cut(hierarchy, on, cut, known)),
                drawn(&other.tree_on_cut(hierarchy, on, cut, known))
            );
        }
        prop_assert_eq!(one, other);
    }

    #[test]
    fn everyone_has_one_path_and_nobody_is_lost(
        facts in any_facts(),
        on in any_day(),
        cut in any_day(),
        known in 0..40_i64,
    ) {
        let history = History::new(facts.versions, facts.memberships, facts.events);
        let there = history.on(on, at(known));
        for hierarchy in [ADMINISTRATIVE, "zone"] {
            let tree = history.tree(hierarchy, on, at(known));
            prop_assert_eq!(tree.len(), there.len());
            let on_cut = history.tree_on_cut(hierarchy, on, cut, at(known));
            prop_assert!(there.keys().all(|it| on_cut.get(it).is_some()));
            for tree in [tree, on_cut] {
                // Every node stands below exactly one root, and is its parent's child once.
                let mut seen = vec![0; tree.len()];
                let mut open: Vec<usize> =
                    (0..tree.len()).filter(|it| tree.node(*it).unwrap().parent.is_none()).collect();
                while let Some(position) = open.pop() {
                    seen[position] += 1;
                    open.extend(&tree.node(position).unwrap().children);
                }
                prop_assert!(seen.iter().all(|it| *it == 1), "{:?}", seen);
            }
        }
    }

    /// What is recorded later changes nothing of what was known earlier.
    #[test]
    fn earlier_knowledge_stays(facts in any_facts(), more in any_facts(), on in any_day()) {
        let later = |seconds: i64| at(100 + seconds);
        let one = History::new(facts.versions.clone(), facts.memberships.clone(), facts.events.clone());
        let mut all = facts;
        all.versions.extend(more.versions.into_iter().map(|it| Recorded { recorded_at: later(0), superseded_at: None, ..it }));
        all.memberships.extend(more.memberships.into_iter().map(|it| Recorded { recorded_at: later(0), superseded_at: None, ..it }));
        all.events.extend(more.events.into_iter().map(|it| Recorded { recorded_at: later(0), superseded_at: None, ..it }));
        let two = History::new(all.versions, all.memberships, all.events);
        for known in [0, 10, 40, 99] {
            prop_assert_eq!(
                drawn(&one.tree(ADMINISTRATIVE, on, at(known))),
                drawn(&two.tree(ADMINISTRATIVE, on, at(known)))
            );
        }
    }
}
