use jiff::ToSpan;
use model::organisation::{ADMINISTRATIVE, Event, EventKind, History, Membership, Organisation};
use model::{Bilingual, OrgCode};
use proptest::prelude::*;
use proptest::sample::Index;

use super::support::{HEADER, at, day};
use crate::{Changes, export, read_events, read_list};

/// Organisations with successive versions and memberships, some with gaps, some in circles.
fn any_changes() -> impl Strategy<Value = Changes> {
    let stretch = (1..2_000_i64, any::<bool>(), 0..4_u8, any::<Index>());
    let life = proptest::collection::vec(stretch, 0..4);
    proptest::collection::vec((life.clone(), life), 1..12).prop_map(|lives| {
        let codes: Vec<OrgCode> =
            (0..lives.len()).map(|it| format!("o{it}").parse().unwrap()).collect();
        let mut said = Changes::default();
        for (code, (own, above)) in codes.iter().zip(lives) {
            let mut begin = day("2000-01-01");
            for (days, gap, name, _) in own {
                let end = begin + days.days();
                said.add_version(Organisation {
                    code: code.clone(),
                    name: Bilingual::new(format!("名{name}"), "a, \"name\""),
                    level: "school".to_owned(),
                    kind: String::new(),
                    founder: String::new(),
                    stages: vec!["primary".to_owned(); usize::from(name > 2)],
                    area_class: String::new(),
                    valid_from: begin,
                    valid_to: Some(end),
                });
                begin = if gap { end + 7.days() } else { end };
            }
            let mut begin = day("2000-01-01");
            for (days, gap, _, parent) in above {
                let end = begin + days.days();
                let parent = parent.get(&codes);
                if parent != code {
                    said.add_membership(Membership {
                        hierarchy: "zone".to_owned(),
                        child: code.clone(),
                        parent: parent.clone(),
                        valid_from: begin,
                        valid_to: Some(end),
                    });
                }
                begin = if gap { end + 7.days() } else { end };
            }
        }
        said
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let parties = proptest::collection::vec(0..14_u8, 0..3);
    (0..7_usize, 0..4_000_i64, parties.clone(), parties).prop_map(|(kind, days, from, to)| {
        let codes =
            |them: Vec<u8>| them.iter().map(|it| format!("o{it}").parse().unwrap()).collect();
        Event {
            on: day("2000-01-01") + days.days(),
            kind: EventKind::ALL[kind],
            from: codes(from),
            to: codes(to),
            note: Bilingual::default(),
        }
    })
}

proptest! {
    /// The bytes of a file never bring the reader down, and what it accepts can be recorded.
    #[test]
    fn rubbish_is_found_and_not_believed(
        rows in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..20),
        with_header in any::<bool>(),
    ) {
        let mut bytes = if with_header { format!("{HEADER}\n").into_bytes() } else { Vec::new() };
        bytes.extend(rows.join(&b'\n'));
        let (list, _) = read_list("list.csv", bytes.as_slice());
        list.check(&History::default(), at(0));
        prop_assert!(list.changes().canonical().is_ok());
        read_events("events.csv", bytes.as_slice());
    }

    /// Cells that look right in the wrong places neither.
    #[test]
    fn rows_of_likely_cells_are_found_and_not_believed(
        cells in proptest::collection::vec(
            proptest::sample::select(vec!["", "a", "b", "c", "2000-01-01", "2001-01-01", "school", "zone", "\"", ";"]),
            0..120,
        ),
    ) {
        let rows: Vec<String> = cells.chunks(12).map(|it| it.join(",")).collect();
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let (list, _) = read_list("list.csv", text.as_bytes());
        list.check(&History::default(), at(0));
        prop_assert!(list.changes().canonical().is_ok());
    }

    /// A list that was written says what was known.
    #[test]
    fn a_written_list_says_the_same(said in any_changes()) {
        let canonical = said.canonical().unwrap();
        let history = canonical.preview(&History::default(), at(0));
        let (list, findings) = read_list("list.csv", export(&history, at(0)).unwrap().as_slice());
        prop_assert_eq!(findings, vec![]);
        // A child without versions has no row of its own in which to name it.
        let mut read = list.changes().canonical().unwrap();
        read.memberships.retain(|_, it| !it.is_empty());
        let mut known = canonical;
        known.memberships.retain(|it, _| known.versions.contains_key(&it.1));
        prop_assert_eq!(read, known);
    }

    /// Whatever happens to whomever: what is accepted can be recorded, and everyone has one path.
    #[test]
    fn events_leave_what_can_be_recorded(
        said in any_changes(),
        events in proptest::collection::vec(any_event(), 0..6),
    ) {
        let mut text = "kind,on,from,to\n".to_owned();
        for it in &events {
            let codes = |them: &[OrgCode]| them.iter().map(ToString::to_string).collect::<Vec<_>>().join(";");
            text += &format!("{},{},{},{}\n", it.kind.as_str(), it.on, codes(&it.from), codes(&it.to));
        }
        let (list, _) = read_events("events.csv", text.as_bytes());
        let (changed, _) = list.apply(&History::default(), &said, at(0));
        let canonical = changed.canonical();
        prop_assert!(canonical.is_ok(), "{:?}", canonical);
        let history = changed.preview(&History::default(), at(0));
        for on in ["2001-01-01", "2005-01-01", "2009-01-01"] {
            for hierarchy in [ADMINISTRATIVE, "zone"] {
                let tree = history.tree(hierarchy, day(on), at(0));
                prop_assert!(tree.iter().all(|it| tree.path(&it.organisation.code).count() <= tree.len()));
            }
        }
    }
}
