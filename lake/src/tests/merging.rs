//! Merging in pieces against merging by a map.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Change, Gone, Home, Homes, PartitionWrite};

const SCHOOLS: [&str; 5] = ["s1", "s2", "s3", "s4", "s5"];
const GRADES: [&str; 3] = ["G1", "G2", "G3"];

fn rows(most: i64, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let row = (0..SCHOOLS.len(), 0..most, 0..GRADES.len(), prop::option::of(0..4_i64));
    let row = row.prop_map(|(school, pupil, grade, points)| -> Row {
        (SCHOOLS[school], pupil, Some(GRADES[grade]), None, points, None)
    });
    prop::collection::vec(row, count)
}

/// Each pupil's first row, and the numbers of the others with that of the first.
fn firsts(rows: &[Row]) -> (BTreeMap<i64, Row>, Vec<Duplicate>) {
    let (mut firsts, mut places, mut again) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (row, number) in rows.iter().zip(2..) {
        if let Some(first_row) = places.get(&row.1) {
            again.push(Duplicate { row: number, first_row: *first_row });
        } else {
            places.insert(row.1, number);
            firsts.insert(row.1, *row);
        }
    }
    (firsts, again)
}

fn kept(table: &Table) -> Vec<(String, i64, Option<String>, Option<i64>)> {
    let order = crate::partition::Order::of(&dataset());
    let mut kept = Vec::new();
    for file in table.files() {
        for block in table.run(&order, file).unwrap() {
            let block = block.unwrap();
            let cell = |column: usize, row| block.columns[column].word(row).map(str::to_owned);
            kept.extend((0..block.len()).map(|row| {
                let pupil = block.columns[2].number(row).unwrap();
                (cell(0, row).unwrap(), pupil, cell(3, row), block.columns[5].number(row))
            }));
        }
    }
    kept
}

fn check(old: &[Row], new: &[Row], mode: Mode) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = runtime.block_on(written(&lake, old, Mode::Upsert));
    let write = table.write_partition(year(), "d1", &block(new), mode).unwrap();

    let (mut there, _) = firsts(old);
    let (firsts, again) = firsts(new);
    assert_eq!(write.duplicates, again);
    let expected = |it: &dyn Fn(&Row, Option<&Row>) -> bool| {
        let held = firsts.values().filter(|row| it(row, there.get(&row.1))).count();
        u64::try_from(held).unwrap()
    };
    assert_eq!(write.added, expected(&|_, old| old.is_none()));
    assert_eq!(write.unchanged, expected(&|new, old| old == Some(new)));
    assert_eq!(write.replaced, expected(&|new, old| old.is_some_and(|it| it != new)));
    let before = there.len();
    if mode == Mode::Replace {
        let is_named = |it: &Row| firsts.values().any(|new| new.0 == it.0);
        there.retain(|pupil, row| firsts.contains_key(pupil) || !is_named(row));
    }
    assert_eq!(write.removed, u64::try_from(before - there.len()).unwrap());
    there.extend(firsts);
    let mut there: Vec<_> = there
        .into_values()
        .map(|it| (it.0.to_owned(), it.1, it.2.map(str::to_owned), it.4))
        .collect();
    there.sort();
    runtime.block_on(async {
        table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(kept(&lake.table(&dataset()).await.unwrap()), there);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_merge_is_what_a_map_would_do(
        old in rows(40, 1..60),
        new in rows(40, 1..60),
        is_whole in any::<bool>(),
    ) {
        check(&old, &new, if is_whole { Mode::Replace } else { Mode::Upsert });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn however_many_pieces_it_takes(
        old in rows(14_000, 10_000..16_000),
        new in rows(14_000, 10_000..16_000),
        is_whole in any::<bool>(),
    ) {
        check(&old, &new, if is_whole { Mode::Replace } else { Mode::Upsert });
    }
}

/// As an import merges: by way of a stage, which puts most of the rows on the disk.
fn staged(lake: &Lake, table: &Table, rows: &[Row]) -> PartitionWrite {
    let mut stage = Stage::open(&dataset(), &lake.root.join("stage")).unwrap();
    let mut number = 2;
    for rows in rows.chunks(10_000) {
        let mut block = block(rows);
        block.rows = (number..).take(rows.len()).collect();
        number += u64::try_from(rows.len()).unwrap();
        stage.push(year(), "d1", block).unwrap();
    }
    let staged = stage.end().unwrap();
    let part = staged.part(year(), "d1").unwrap();
    let mut homes = Vec::new();
    part.each(|block| {
        homes.extend(Home::each(&dataset(), 0, block));
        Ok::<(), LakeError>(())
    })
    .unwrap();
    assert!(Home::again(&mut homes).is_empty());
    let (homes, mut gone) = (Homes::of(homes), Gone::default());
    let look = |it| {
        gone.look(it, Some(0), &homes);
        Ok::<(), LakeError>(())
    };
    table.each_kept(year(), "d1", look).unwrap();
    let gone = gone.end();
    let (rows, taken) = (&part, &|_: &Block| None);
    table
        .write(&Change { year: year(), area: "d1", mode: Mode::Upsert, rows, taken, gone: &gone })
        .unwrap()
}

#[tokio::test]
async fn rows_from_the_disk_are_merged_like_those_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let row = |it: i64, points| -> Row {
        let school = SCHOOLS[usize::try_from(it * 7 % 5).unwrap()];
        (school, it * 7919 % 500_000, Some("G1"), None, Some(points), None)
    };
    let rows: Vec<Row> = (0..500_000).map(|it| row(it, it % 3)).collect();
    let table = lake.table(&dataset()).await.unwrap();
    let write = staged(&lake, &table, &rows);
    assert_eq!((write.added, write.duplicates.len()), (500_000, 0));
    table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    let table = lake.table(&dataset()).await.unwrap();
    let same = staged(&lake, &table, &rows);
    assert_eq!((same.unchanged, same.file.is_none()), (500_000, true));
    // A third has other points, and one pupil another school.
    let mut changed: Vec<Row> = (0..500_000).map(|it| row(it, it % 3 / 2)).collect();
    let moved = changed.iter_mut().find(|it| it.1 == 5).unwrap();
    moved.0 = if moved.0 == "s1" { "s2" } else { "s1" };
    let write = staged(&lake, &table, &changed);
    let were_other = |(a, b): (&Row, &Row)| a != b;
    let replaced = rows.iter().zip(&changed).filter(|it| were_other(*it)).count();
    assert_eq!((write.added, write.replaced), (0, u64::try_from(replaced).unwrap()));
    table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    let table = lake.table(&dataset()).await.unwrap();
    let mut expected: Vec<_> =
        changed.iter().map(|it| (it.0.to_owned(), it.1, it.2.map(str::to_owned), it.4)).collect();
    expected.sort();
    assert_eq!(kept(&table), expected);
    let left = std::fs::read_dir(folder.path().join("lake/pupils/_writing")).unwrap();
    assert!(left.flatten().all(|it| it.path().extension().is_none_or(|it| it != "part")));
}
