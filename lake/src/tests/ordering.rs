//! States that are computed elsewhere are those that a scan here would give.

use super::*;
use crate::{DataFile, Order, Scanner};

fn ordered(lake: &Lake, table: &Table) -> Option<Order> {
    let measures = measures();
    lake.order(table, &measures.iter().collect::<Vec<_>>()).unwrap()
}

/// What another machine delivers, which knows an order and the bytes of its files.
fn computed(order: &[u8], table: &Table) -> Vec<Vec<u8>> {
    let order = Order::read(order).unwrap().remove(0);
    let scanner = Scanner::of(&order.without_files()).unwrap();
    let states = |file: &DataFile| {
        let file = DataFile::read(&file.write()).unwrap();
        let bytes = std::fs::read(table.folder.join(&file.path)).unwrap();
        scanner.states(&file, bytes.into()).unwrap()
    };
    order.files().iter().map(states).collect()
}

#[tokio::test]
async fn what_is_computed_elsewhere_is_kept_as_if_it_was_scanned_here() {
    let (here, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let scanned = {
        let lake = Lake::open(here.path()).unwrap();
        let table = written(&lake, &ROWS, Mode::Upsert).await;
        states(&lake, &table).0
    };
    let lake = Lake::open(elsewhere.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let order = ordered(&lake, &table).unwrap();
    let delivered = computed(&Order::write(std::slice::from_ref(&order)), &table);
    let missing = lake.keep_delivered(&order, order.files(), delivered).unwrap();
    assert!(missing.is_empty());
    assert_eq!(states(&lake, &table), (scanned, 0));
    assert!(ordered(&lake, &table).is_none(), "nothing is left to order");
}

#[tokio::test]
async fn what_is_delivered_broken_or_for_nobody_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let order = ordered(&lake, &table).unwrap();
    let sound = computed(&Order::write(std::slice::from_ref(&order)), &table).remove(0);
    for at in 0..sound.len() {
        let mut broken = sound.clone();
        broken[at] ^= 1;
        let missing = lake.keep_delivered(&order, order.files(), [broken]).unwrap();
        assert_eq!(missing, order.files().iter().collect::<Vec<_>>(), "byte {at}");
    }
    lake.keep_delivered(&order, &[], [sound]).unwrap();
    assert_eq!(ordered(&lake, &table).unwrap().files(), order.files());
}

#[tokio::test]
async fn an_order_that_another_version_would_compute_otherwise_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let order = ordered(&lake, &table).unwrap();
    let mut bytes = Order::write(std::slice::from_ref(&order));
    let name = order.fingerprint();
    let at = bytes.windows(name.len()).position(|it| it == name.as_bytes()).unwrap();
    bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    let refused = Order::read(&bytes).unwrap_err();
    assert!(matches!(refused, LakeError::Order), "{refused}");
}

#[tokio::test]
async fn an_entry_of_the_log_names_the_data_files_that_came_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let first = written(&lake, &ROWS, Mode::Upsert).await;
    let fixed: [Row; 1] = [("s1", 12, Some("G1"), None, Some(8), Some(1))];
    let second = written(&lake, &fixed, Mode::Upsert).await;
    let files = |table: &Table| table.files().iter().map(|it| it.path.clone()).collect::<Vec<_>>();
    let all = lake.entries("pupils", None, second.version()).unwrap();
    let named: Vec<_> = all.iter().map(|it| (it.version, it.files.clone())).collect();
    let (one, two) = (first.version(), second.version());
    assert_eq!(named, [(0, Vec::new()), (one, files(&first)), (two, files(&second))]);
    assert_eq!(lake.entries("pupils", Some(one), two).unwrap(), all[2..]);
    assert_eq!(lake.entries("pupils", None, one).unwrap(), all[..2]);
}
