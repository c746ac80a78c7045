//! What can happen to kept states: they come and go, break and meet, and are always those that a scan gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::measure::Aggregate;
use model::state::{State, StateColumn, StateKey, States};
use proptest::prelude::*;

use super::pack::Sections;
use super::packs::{self, Packs};
use crate::LakeError;

/// A key, the rows of facts behind it, and two states.
type Row = (StateKey, u64, [State; 2]);

fn row(
    year: u16,
    org: &str,
    dimensions: &[Option<&str>],
    rows: u64,
    states: [Option<i128>; 2],
) -> Row {
    let key = StateKey {
        year: model::Year::new(year).unwrap(),
        org: org.parse().unwrap(),
        dimensions: dimensions.iter().map(|it| it.map(str::to_owned)).collect(),
    };
    (key, rows, states.map(State))
}

fn columns() -> Arc<[StateColumn]> {
    let column = |measure: &str| StateColumn {
        measure: measure.to_owned(),
        aggregate: Aggregate::Maximum,
        scale: 0,
    };
    ["a", "b"].map(column).into()
}

fn keep(folder: &Path, sections: &Sections) -> Result<(), LakeError> {
    packs::keep(folder, &columns(), sections)
}

/// All that is kept of these data files, and the names of those of which nothing whole is.
fn kept(folder: &Path, files: &Sections) -> (Sections, Vec<String>) {
    let mut found = Sections::new();
    let wanted = files.keys().map(String::as_str).collect();
    let missing = Packs::open(folder).take(&columns(), wanted, |name, states| {
        assert!(found.insert(name.to_owned(), states).is_none(), "{name} came twice");
    });
    (found, missing.into_iter().map(str::to_owned).collect())
}

fn packs(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    files.filter(|it| it.extension().is_some_and(|it| it == "pack")).collect()
}

fn one(name: &str, units: i128) -> Sections {
    let row = row(2024, "s1", &[None], 1, [Some(units), None]);
    Sections::from([(name.to_owned(), States::of(columns(), [row]))])
}

fn sections() -> impl Strategy<Value = Sections> {
    let value = prop::option::weighted(0.8, prop::sample::select(vec!["", "F", "男"]));
    let state = || prop::option::weighted(0.8, any::<i128>());
    let row = (
        2020_u16..2023,
        0_usize..9,
        prop::array::uniform2(value),
        any::<u32>(),
        (state(), state()),
    )
        .prop_map(|(year, org, dimensions, rows, (a, b))| {
            row(year, &format!("学校-{org}"), &dimensions, u64::from(rows), [a, b])
        });
    let states = prop::collection::vec(row, 0..6).prop_map(|it| States::of(columns(), it));
    prop::collection::btree_map("[a-c]{1,3}", states, 0..8)
}

proptest! {
    // Each case writes dozens of files.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_packs_hold_the_states_in_whatever_order_they_are_the_same(
        all in sections(),
        into in prop::collection::vec(any::<prop::sample::Index>(), 30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        // Most data files are kept more than once, some by packs of their own, and packs are folded on the way.
        for (turn, many) in (1..).zip(&into) {
            let some = all.iter().cycle().skip(many.index(all.len().max(1))).take(turn % 4);
            let some: Sections = some.take(all.len()).map(|(a, b)| (a.clone(), b.clone())).collect();
            keep(folder.path(), &some).unwrap();
        }
        keep(folder.path(), &all).unwrap();
        prop_assert_eq!(kept(folder.path(), &all), (all, Vec::new()));
        prop_assert!(packs(folder.path()).len() <= 16);
    }

    #[test]
    fn of_a_pack_that_is_broken_anywhere_nothing_wrong_is_read(
        all in sections(),
        at: prop::sample::Index,
        to: u8,
        is_cut: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        keep(folder.path(), &all).unwrap();
        for path in packs(folder.path()) {
            let mut bytes = fs::read(&path).unwrap();
            let at = at.index(bytes.len());
            if is_cut { bytes.truncate(at) } else { bytes[at] = to }
            fs::write(&path, bytes).unwrap();
        }
        let (found, missing) = kept(folder.path(), &all);
        prop_assert_eq!(found.len() + missing.len(), all.len());
        for (name, states) in found {
            prop_assert_eq!(&all[&name], &states);
        }
    }
}

#[test]
fn a_broken_section_breaks_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = one("a", 7);
    all.extend(one("b", 8));
    keep(folder.path(), &all).unwrap();
    let path = packs(folder.path()).pop().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(kept(folder.path(), &all), (one("a", 7), vec!["b".to_owned()]));
    // Whatever is scanned again is found again, beside what is broken.
    keep(folder.path(), &one("b", 8)).unwrap();
    assert_eq!(kept(folder.path(), &all), (all, Vec::new()));
}

#[test]
fn a_correction_leaves_what_a_whole_dataset_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let orgs = (0..5_000).map(|it| row(2024, &format!("s{it}"), &[None], 1, [Some(it), None]));
    let mut all = Sections::from([("whole".to_owned(), States::of(columns(), orgs))]);
    keep(folder.path(), &all).unwrap();
    let whole = packs(folder.path()).pop().unwrap();
    for turn in 0..100 {
        let correction = one(&format!("correction-{turn}"), turn);
        keep(folder.path(), &correction).unwrap();
        all.extend(correction);
        let packs = packs(folder.path());
        assert!(packs.contains(&whole) && packs.len() <= 16, "{packs:?}");
    }
    assert_eq!(kept(folder.path(), &all), (all, Vec::new()));
}

#[test]
fn what_was_killed_while_it_wrote_or_folded_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let all = one("a", 7);
    keep(folder.path(), &all).unwrap();
    let whole = fs::read(packs(folder.path()).pop().unwrap()).unwrap();
    fs::write(folder.path().join("half.1-0.new"), &whole[..9]).unwrap();
    fs::write(folder.path().join("nothing.pack"), []).unwrap();
    // Folded, and killed before what was folded went.
    fs::write(folder.path().join("twice.pack"), &whole).unwrap();
    assert_eq!(kept(folder.path(), &all), (all, Vec::new()));
}

#[test]
fn sixteen_who_keep_and_fold_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let all: Sections =
        (0..16 * 20).flat_map(|it| one(&format!("file-{it}"), it)).collect::<BTreeMap<_, _>>();
    let names: Vec<&String> = all.keys().collect();
    std::thread::scope(|threads| {
        for some in names.chunks(20) {
            let (folder, all) = (folder.path(), &all);
            threads.spawn(move || {
                for name in some {
                    let section = Sections::from([((*name).clone(), all[*name].clone())]);
                    keep(folder, &section).unwrap();
                    // Who looks while others fold may find too little, and scans again then; never anything wrong.
                    let (found, missing) = kept(folder, &section);
                    assert!(found == section || missing == [(*name).clone()]);
                }
            });
        }
    });
    assert_eq!(kept(folder.path(), &all), (all, Vec::new()));
}
