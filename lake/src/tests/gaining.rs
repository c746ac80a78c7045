//! A declaration that changes, and the table that was made under it.

use super::*;
use crate::LakeError;

/// The pupils' dataset after it was asked how many siblings a pupil has, and in which house of the school it boards.
fn wider() -> Dataset {
    let mut wider = dataset();
    let optional =
        |name: &str, kind| Column { required: false, ..column(name, kind, Disclosure::Aggregate) };
    // In the middle and at the end: a file has its columns in the order they were declared in then.
    wider.columns.insert(3, optional("siblings", ColumnKind::Integer));
    wider.columns.push(optional("house", ColumnKind::Code { items: Vec::new() }));
    wider
}

/// Rows of the wider dataset: those of [`block`], with siblings and house.
fn wider_block(rows: &[Row], siblings: Option<i64>, house: Option<&'static str>) -> Block {
    let mut block = block(rows);
    block.columns.insert(3, Cells::Numbers(vec![siblings; rows.len()]));
    block.columns.push(words(vec![house; rows.len()]));
    block
}

fn wider_measures() -> Vec<Measure> {
    vec![
        measure("pupils", Aggregate::Count, None, None),
        measure("points", Aggregate::Sum, Some("points"), None),
        measure("siblings", Aggregate::Sum, Some("siblings"), None),
        measure("in_red", Aggregate::Count, None, Some("house = 'red'")),
        measure("at_home", Aggregate::Count, None, Some("house IS NULL")),
    ]
}

fn wider_states(lake: &Lake, table: &Table) -> Vec<String> {
    let measures = wider_measures();
    let read = lake.states(table, &measures.iter().collect::<Vec<_>>(), &|_| {}).unwrap();
    shown(&read.states)
}

#[tokio::test]
async fn a_column_is_gained_and_the_rows_that_are_there_have_nothing_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let before = written(&lake, &ROWS, Mode::Upsert).await;
    let (states_before, _) = states(&lake, &before);

    lake.check(&wider()).await.unwrap();
    assert_eq!(lake.newest_version(&dataset()).await.unwrap(), before.version());
    let table = lake.table(&wider()).await.unwrap();
    assert_eq!((table.version(), table.rows()), (before.version() + 1, 5));
    assert_eq!(table.files(), before.files());
    assert_eq!(wider_states(&lake, &table), ["s1 3: 3 3 - 0 3", "s2 2: 2 7 - 0 2"]);
    // Once is enough.
    assert_eq!(lake.table(&wider()).await.unwrap().version(), table.version());

    let fixed = [("s1", 12, Some("G2"), None, Some(-2), Some(1))];
    let block = wider_block(&fixed, Some(2), Some("red"));
    let write = table.write_partition(year(), "d1", &block, Mode::Upsert).unwrap();
    assert_eq!((write.replaced, write.unchanged), (1, 0));
    table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    let after = lake.table(&wider()).await.unwrap();
    assert_eq!(wider_states(&lake, &after), ["s1 3: 3 3 2 1 2", "s2 2: 2 7 - 0 2"]);

    let old = lake.table_at(&dataset(), before.version()).await.unwrap();
    assert_eq!((old.files(), states(&lake, &old).0), (before.files(), states_before));
}

#[tokio::test]
async fn a_row_that_says_nothing_in_a_gained_column_is_the_row_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    written(&lake, &ROWS, Mode::Upsert).await;
    let table = lake.table(&wider()).await.unwrap();
    let block = wider_block(&ROWS, None, None);
    let write = table.write_partition(year(), "d1", &block, Mode::Upsert).unwrap();
    assert_eq!((write.added, write.replaced, write.unchanged), (0, 0, 5));
}

#[tokio::test]
async fn the_rows_behind_a_figure_are_shown_with_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    written(&lake, &ROWS, Mode::Upsert).await;
    let table = lake.table(&wider()).await.unwrap();
    let query = RowQuery {
        year: year(),
        organisations: vec!["s1".parse::<OrgCode>().unwrap()],
        predicate: Some("siblings IS NULL AND grade = 'G1'".to_owned()),
        limit: 1,
        masked: true,
    };
    let rows = table.rows_where(&query).unwrap();
    assert_eq!(rows.total, 1);
    let shown: Vec<&str> = rows.rows[0].iter().map(|it| it.as_deref().unwrap_or("-")).collect();
    assert_eq!(shown, ["s1", "•••", "-", "G1", "•••", "5", "false", "-", "-"]);
    assert_eq!(rows.columns.last().map(String::as_str), Some("house"));
}

#[tokio::test]
async fn columns_are_read_by_name_in_whatever_order_they_are_declared() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let mut turned = dataset();
    turned.columns.reverse();
    let again = lake.table(&turned).await.unwrap();
    assert_eq!(again.version(), table.version());
    assert_eq!(states(&lake, &again), states(&lake, &table));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_who_open_the_table_at_once_one_adds_the_column() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let before = written(&lake, &ROWS, Mode::Upsert).await;
    let open = |_| {
        let lake = Lake::open(folder.path()).unwrap();
        tokio::spawn(async move { lake.table(&wider()).await.map(|it| it.version()) })
    };
    for opened in (0..16).map(open).collect::<Vec<_>>() {
        assert_eq!(opened.await.unwrap().unwrap(), before.version() + 1);
    }
}

#[tokio::test]
async fn who_writes_under_the_declaration_of_before_loses_no_column_of_now() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let before = written(&lake, &ROWS, Mode::Upsert).await;
    let fixed = [("s1", 12, Some("G1"), None, Some(8), Some(1))];
    let write = before.write_partition(year(), "d1", &block(&fixed), Mode::Upsert).unwrap();
    lake.table(&wider()).await.unwrap();
    let late = before.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await;
    assert!(matches!(late, Err(LakeError::Conflict { .. })), "{late:?}");
    let again = lake.table(&dataset()).await.unwrap_err().to_string();
    assert!(again.contains("siblings that is not declared; declare it again"), "{again}");
    // Reading is something else: what is not asked for is not missed.
    let version = lake.newest_version(&dataset()).await.unwrap();
    let table = lake.table_at(&dataset(), version).await.unwrap();
    assert_eq!(states(&lake, &table).0, states(&lake, &before).0);
}

#[tokio::test]
async fn whatever_else_differs_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let before = written(&lake, &ROWS, Mode::Upsert).await;
    let changed = |change: &dyn Fn(&mut Dataset)| {
        let mut changed = dataset();
        change(&mut changed);
        changed
    };
    let kind = |at: usize, kind: ColumnKind| changed(&|it| it.columns[at].kind = kind.clone());
    let cases = [
        (
            changed(&|it| it.columns.push(column("house", ColumnKind::Text, Disclosure::Public))),
            "it has no column house, which is required; declare it with required = false: \
             the rows that are there have it empty",
        ),
        (
            kind(5, ColumnKind::Text),
            "its column points holds whole numbers, not words; declare it as it was, \
             and what is new as a column of another name",
        ),
        (
            kind(4, ColumnKind::Decimal { scale: 2 }),
            "its column height_cm holds decimal(18,1), not decimal(18,2); declare it as it was, \
             and what is new as a column of another name",
        ),
        (
            kind(5, ColumnKind::Person(PersonId::Local)),
            "its column points holds whole numbers, not persons; declare it as it was, \
             and what is new as a column of another name",
        ),
        (
            kind(2, ColumnKind::Integer),
            "its column pupil holds persons, not whole numbers; declare it as it was, \
             and what is new as a column of another name",
        ),
        (
            changed(&|it| drop(it.columns.remove(6))),
            "it has a column boards that is not declared; declare it again, with required = false \
             if it is to stay empty; if the plan has just been changed, run this again",
        ),
        (
            changed(&|it| it.key.push("grade".to_owned())),
            "its rows are told apart by pupil, not by pupil grade; declare the key as it was, \
             or a dataset of another name",
        ),
    ];
    for (changed, expected) in cases {
        let expected =
            format!("the table of pupils was written under another declaration: {expected}");
        assert_eq!(lake.check(&changed).await.unwrap_err().to_string(), expected);
        assert_eq!(lake.table(&changed).await.unwrap_err().to_string(), expected);
    }
    assert_eq!(lake.newest_version(&dataset()).await.unwrap(), before.version());
}
