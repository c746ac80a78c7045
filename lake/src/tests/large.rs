//! Partitions of more rows than a row group has.

use super::*;
use crate::partition::Order;

#[tokio::test]
async fn a_partition_of_several_row_groups_is_written_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    // Backwards, and one school in the other's middle.
    let row = |it: i64| -> Row {
        let school = if it % 3 == 0 { "s1" } else { "s2" };
        (school, 300_000 - it, Some("G1"), None, Some(1), None)
    };
    let rows: Vec<Row> = (0..300_000).map(row).collect();
    let table = written(&lake, &rows, Mode::Upsert).await;
    assert_eq!((table.files().len(), table.rows()), (1, 300_000));
    let order = Order::of(&dataset());
    let mut keys = Vec::new();
    for block in table.run(&order, &table.files()[0]).unwrap() {
        let block = block.unwrap();
        let key = |it| (block.columns[0].word(it).unwrap().to_owned(), block.columns[2].number(it));
        keys.extend((0..block.len()).map(key));
    }
    assert_eq!(keys.len(), 300_000);
    assert!(keys.is_sorted());
    let again = table.write_partition(year(), "d1", &block(&rows), Mode::Upsert).unwrap();
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 300_000));
}
