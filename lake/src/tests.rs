mod gaining;
mod keeping;
mod large;
mod merging;
mod ordering;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use model::block::{Block, Cells};
use model::dataset::{Column, ColumnKind, Dataset, Disclosure, Period, PersonId, SumCheck};
use model::finding::Severity;
use model::measure::{Aggregate, Measure};
use model::state::States;
use model::text::{Bilingual, Place};
use model::year::MonthDay;
use model::{OrgCode, Year};
use parquet::basic::Compression;

use crate::expression::{Expect, Planner, Predicates};
use crate::{Duplicate, Lake, LakeError, Mode, RowQuery, Stage, Table};

fn column(name: &str, kind: ColumnKind, disclosure: Disclosure) -> Column {
    Column {
        name: name.to_owned(),
        title: Bilingual::default(),
        kind,
        unit: None,
        required: true,
        disclosure,
        range: None,
        range_warns: false,
        place: Place::default(),
    }
}

fn dataset() -> Dataset {
    let grades = ColumnKind::Code { items: Vec::new() };
    Dataset {
        name: "pupils".to_owned(),
        title: Bilingual::new("学生", "Pupils"),
        platform: "management".to_owned(),
        period: Period::SchoolYear,
        reference: MonthDay::SCHOOL_YEAR,
        columns: vec![
            column("school", ColumnKind::Organisation, Disclosure::Public),
            column("year", ColumnKind::Year, Disclosure::Public),
            column("pupil", ColumnKind::Person(PersonId::Local), Disclosure::Personal),
            column("grade", grades, Disclosure::Aggregate),
            column("height_cm", ColumnKind::Decimal { scale: 1 }, Disclosure::Personal),
            column("points", ColumnKind::Integer, Disclosure::Aggregate),
            column("boards", ColumnKind::Flag, Disclosure::Aggregate),
            column("class_points", ColumnKind::Integer, Disclosure::Aggregate),
        ],
        key: vec!["pupil".to_owned()],
        dimensions: Vec::new(),
        expected: None,
        checks: Vec::new(),
        sums: vec![SumCheck {
            group: vec!["school".to_owned(), "grade".to_owned()],
            sum: "points".to_owned(),
            equals: "class_points".to_owned(),
            hint: Bilingual::default(),
            severity: Severity::Warning,
            place: Place::default(),
        }],
        derived: None,
        place: Place::default(),
    }
}

/// school, pupil, grade, height in mm, points, boards
type Row = (&'static str, i64, Option<&'static str>, Option<i64>, Option<i64>, Option<i64>);

fn words(cells: Vec<Option<&str>>) -> Cells {
    let mut words: Vec<String> = cells.iter().flatten().map(|it| (*it).to_owned()).collect();
    words.sort();
    words.dedup();
    let at = |it: &str| u32::try_from(words.iter().position(|word| word == it).unwrap()).unwrap();
    let at = cells.iter().map(|it| it.map(at)).collect();
    Cells::Words { at, words: Arc::new(words) }
}

fn block(rows: &[Row]) -> Block {
    let numbers =
        |pick: &dyn Fn(&Row) -> Option<i64>| Cells::Numbers(rows.iter().map(pick).collect());
    Block {
        columns: vec![
            words(rows.iter().map(|it| Some(it.0)).collect()),
            numbers(&|_| Some(2024)),
            numbers(&|it| Some(it.1)),
            words(rows.iter().map(|it| it.2).collect()),
            numbers(&|it| it.3),
            numbers(&|it| it.4),
            numbers(&|it| it.5),
            numbers(&|_| None),
        ],
        rows: (2..).take(rows.len()).collect(),
    }
}

const ROWS: [Row; 5] = [
    ("s2", 21, Some("G1"), Some(1_201), Some(3), Some(1)),
    ("s1", 11, Some("G1"), Some(1_195), Some(5), Some(0)),
    ("s1", 12, Some("G2"), None, Some(-2), Some(1)),
    ("s1", 13, None, Some(1_300), None, None),
    ("s2", 22, Some("G2"), Some(1_310), Some(4), Some(0)),
];

fn measure(name: &str, aggregate: Aggregate, of: Option<&str>, filter: Option<&str>) -> Measure {
    Measure {
        name: name.to_owned(),
        title: Bilingual::default(),
        dataset: "pupils".to_owned(),
        aggregate,
        of: of.map(str::to_owned),
        filter: filter.map(str::to_owned),
        place: Place::default(),
    }
}

fn measures() -> Vec<Measure> {
    vec![
        measure("pupils", Aggregate::Count, None, None),
        measure("first_grade", Aggregate::Count, None, Some("grade = 'G1'")),
        measure("tall", Aggregate::Count, None, Some("height_cm >= 120.1")),
        measure("points", Aggregate::Sum, Some("points"), None),
        measure("squares", Aggregate::SumOfSquares, Some("points"), None),
        measure("heights", Aggregate::Sum, Some("height_cm"), Some("boards")),
        measure("least", Aggregate::Minimum, Some("points"), None),
        measure(
            "weighted",
            Aggregate::Sum,
            Some("points * CASE grade WHEN 'G1' THEN 6 ELSE 1 END"),
            None,
        ),
        measure("persons", Aggregate::Distinct, Some("pupil"), Some("grade IN ('G1', 'G2')")),
    ]
}

fn year() -> Year {
    Year::new(2024).unwrap()
}

async fn written(lake: &Lake, rows: &[Row], mode: Mode) -> Table {
    let table = lake.table(&dataset()).await.unwrap();
    let write = table.write_partition(year(), "d1", &block(rows), mode).unwrap();
    table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    lake.table(&dataset()).await.unwrap()
}

fn states(lake: &Lake, table: &Table) -> (States, usize) {
    let measures = measures();
    let read = lake.states(table, &measures.iter().collect::<Vec<_>>(), &|_| {}).unwrap();
    (read.states, read.scanned)
}

fn shown(states: &States) -> Vec<String> {
    let value = |column: usize, state| {
        states.value(column, state).map_or("-".to_owned(), |it| it.to_string())
    };
    states
        .iter()
        .map(|row| {
            let values: Vec<String> =
                row.states().enumerate().map(|(column, it)| value(column, it)).collect();
            format!("{} {}: {}", row.org, row.count, values.join(" "))
        })
        .collect()
}

#[tokio::test]
async fn all_measures_of_a_dataset_come_from_one_scan() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let (states, scanned) = states(&lake, &table);
    assert_eq!(scanned, 1);
    assert_eq!(shown(&states), ["s1 3: 3 1 1 3 29 - -2 28 2", "s2 2: 2 1 2 7 25 120.1 3 22 2"]);
}

#[tokio::test]
async fn kept_states_are_the_same_as_scanned_ones() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let (first, _) = states(&lake, &table);
    let (again, scanned) = states(&lake, &table);
    assert_eq!((first, 0), (again, scanned));
}

/// What is only compared is read in 64 bits, what is added up as it is declared.
#[tokio::test]
async fn a_measure_counts_the_same_alone_as_beside_one_that_adds_up_what_it_compares() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let tall = "height_cm IS NOT NULL AND 2 * height_cm >= 240.2";
    let tall = measure("tall", Aggregate::Count, None, Some(tall));
    let heights = measure("heights", Aggregate::Sum, Some("height_cm"), None);
    let counted = |measures: &[&Measure]| {
        let states = lake.states(&table, measures, &|_| {}).unwrap().states;
        shown(&states)
    };
    assert_eq!(counted(&[&tall]), ["s1 3: 1", "s2 2: 2"]);
    assert_eq!(counted(&[&tall, &heights]), ["s1 3: 1 249.5", "s2 2: 2 251.1"]);
}

#[tokio::test]
async fn only_what_is_measured_is_compressed_and_only_for_many_rows() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let row = |it: i64| -> Row { ("s1", it, Some("G1"), Some(1_205), Some(1), None) };
    let mut compressed = Vec::new();
    for rows in [4_095, 4_096] {
        let rows: Vec<Row> = (0..rows).map(row).collect();
        let table = written(&lake, &rows, Mode::Replace).await;
        let file = std::fs::File::open(table.folder.join(&table.files()[0].path)).unwrap();
        let reader = parquet::file::reader::SerializedFileReader::new(file).unwrap();
        let group = parquet::file::reader::FileReader::metadata(&reader).row_group(0).clone();
        let zipped =
            group.columns().iter().filter(|it| it.compression() != Compression::UNCOMPRESSED);
        let names: Vec<_> = zipped.map(|it| it.column_path().string()).collect();
        compressed.push(names.join(" "));
    }
    assert_eq!(compressed, ["", "height_cm"]);
}

#[tokio::test]
async fn broken_kept_states_are_scanned_again() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let (first, _) = states(&lake, &table);
    let kept = find(&folder.path().join("states"), "pack");
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes.truncate(bytes.len() - 1);
    std::fs::write(&kept, bytes).unwrap();
    assert_eq!((first, 1), states(&lake, &table));
}

fn find(folder: &Path, extension: &str) -> std::path::PathBuf {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                return path;
            }
        }
    }
    panic!("no such file");
}

#[tokio::test]
async fn the_same_rows_twice_make_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let mut turned = ROWS;
    turned.reverse();
    let write = table.write_partition(year(), "d1", &block(&turned), Mode::Upsert).unwrap();
    assert_eq!((write.added, write.replaced, write.unchanged), (0, 0, 5));
    let done = table.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert!(!done.changed);
    assert_eq!(done.version, table.version());
}

#[tokio::test]
async fn a_correction_replaces_its_row_and_the_older_version_stays() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let before = written(&lake, &ROWS, Mode::Upsert).await;
    let fixed: [Row; 1] = [("s1", 12, Some("G1"), None, Some(8), Some(1))];
    let after = written(&lake, &fixed, Mode::Upsert).await;
    assert_eq!(after.version(), before.version() + 1);
    assert_eq!(after.rows(), 5);
    let line = |table: &Table| shown(&states(&lake, table).0).first().cloned().unwrap();
    assert_eq!(line(&after), "s1 3: 3 2 1 13 89 - 5 78 2");
    let old = lake.table_at(&dataset(), before.version()).await.unwrap();
    assert_eq!(line(&old), "s1 3: 3 1 1 3 29 - -2 28 2");
}

#[tokio::test]
async fn a_complete_return_takes_a_schools_other_rows_away() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let all: [Row; 1] = [("s1", 11, Some("G1"), Some(1_195), Some(5), Some(0))];
    let write = table.write_partition(year(), "d1", &block(&all), Mode::Replace).unwrap();
    assert_eq!((write.unchanged, write.removed), (1, 2));
}

#[tokio::test]
async fn the_second_row_of_a_key_is_left_out_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = lake.table(&dataset()).await.unwrap();
    let mut rows = ROWS;
    rows[4] = ("s2", 11, Some("G2"), None, None, None);
    let write = table.write_partition(year(), "d1", &block(&rows), Mode::Upsert).unwrap();
    assert_eq!(write.duplicates, [Duplicate { row: 6, first_row: 3 }]);
    assert_eq!(write.added, 4);
}

#[tokio::test]
async fn rows_that_do_not_add_up_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = lake.table(&dataset()).await.unwrap();
    let mut block = block(&ROWS);
    block.columns[5] = Cells::Numbers(vec![Some(3), Some(5), Some(4), Some(1), Some(4)]);
    block.columns[7] = Cells::Numbers(vec![Some(3), Some(6), Some(4), Some(1), Some(4)]);
    let write = table.write_partition(year(), "d1", &block, Mode::Upsert).unwrap();
    let told: Vec<_> = write.sums.iter().map(|it| (it.check, it.row, it.sum, it.stated)).collect();
    assert_eq!(told, [(0, 3, 5, 6)]);
}

#[tokio::test]
async fn two_writers_of_one_partition_cannot_both_win() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let first = written(&lake, &ROWS, Mode::Upsert).await;
    let second = lake.table(&dataset()).await.unwrap();
    let change = |points| [("s1", 12, Some("G1"), None, Some(points), Some(1))];
    let a = first.write_partition(year(), "d1", &block(&change(1)), Mode::Upsert).unwrap();
    let b = second.write_partition(year(), "d1", &block(&change(2)), Mode::Upsert).unwrap();
    first.commit(vec![a], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    let lost = second.commit(vec![b], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert_eq!(
        lost.to_string(),
        "another writer changed the table of pupils at the same time; run the import again"
    );
}

#[tokio::test]
async fn the_rows_behind_a_figure_hide_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let query = RowQuery {
        year: year(),
        organisations: vec!["s1".parse::<OrgCode>().unwrap()],
        predicate: Some("points > 0 OR grade IS NULL".to_owned()),
        limit: 1,
        masked: true,
    };
    let rows = table.rows_where(&query).unwrap();
    assert_eq!(rows.total, 2);
    let shown: Vec<&str> = rows.rows[0].iter().map(|it| it.as_deref().unwrap_or("-")).collect();
    assert_eq!(shown, ["s1", "•••", "G1", "•••", "5", "false", "-"]);
}

#[test]
fn a_stage_gives_back_what_it_took_from_memory_or_disk() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("stage");
    let mut stage = Stage::open(&dataset(), &place).unwrap();
    let mut expected = Vec::new();
    for turn in 0..40_i64 {
        let school = if turn % 2 == 0 { "s1" } else { "s2" };
        let rows: Vec<Row> = (0..20_000)
            .map(|it| (school, (turn * 7 % 40) * 100_000 + it, Some("G1"), None, Some(it), None))
            .collect();
        expected.extend(rows.iter().map(|it| (it.0.to_owned(), it.1)));
        stage.push(year(), "d1", block(&rows)).unwrap();
    }
    let staged = stage.end().unwrap();
    let mut taken = Vec::new();
    let part = staged.part(year(), "d1").unwrap();
    part.each(|block| {
        let rows = 0..block.len();
        let cells =
            |it| (block.columns[0].word(it).unwrap().to_owned(), block.columns[2].number(it));
        taken.extend(rows.map(cells).map(|(school, pupil)| (school, pupil.unwrap())));
        Ok::<(), LakeError>(())
    })
    .unwrap();
    taken.sort_unstable();
    expected.sort_unstable();
    assert_eq!(taken, expected);
    assert_eq!(staged.partitions().collect::<Vec<_>>(), [(year(), "d1", 800_000)]);
    drop(part);
    drop(staged);
    assert!(!place.exists());
}

#[test]
fn an_unsound_expression_says_why() {
    #[track_caller]
    fn refused(sql: &str, expect: Expect, part: &str) {
        let error = Planner::new(&dataset()).check(sql, expect).unwrap_err();
        assert!(error.message.contains(part), "{}", error.message);
    }
    refused("grad = 'G1'", Expect::Predicate, "grad");
    refused("grade =", Expect::Predicate, "cannot be planned");
    refused("points + 1", Expect::Predicate, "not true or false");
    refused("grade", Expect::Number, "not an exact number");
    refused("sum(points)", Expect::Number, "aggregate");
    refused("sqrt(points)", Expect::Number, "");
    refused("points / 2", Expect::Number, "divides");
    refused("points % 2 = 0", Expect::Predicate, "divides");
    assert_eq!(Planner::new(&dataset()).check("height_cm * 0.5", Expect::Number).unwrap().scale, 2);
    assert_eq!(
        Planner::new(&dataset()).check("points > 3", Expect::Predicate).unwrap().columns,
        ["points"]
    );
}

#[test]
fn an_expression_tells_which_words_it_compares_with() {
    #[track_caller]
    fn compared(sql: &str, expect: Expect, words: &[&str]) {
        let checked = Planner::new(&dataset()).check(sql, expect).unwrap();
        let pairs = checked.compared.iter().map(|(column, word)| format!("{column} {word}"));
        assert_eq!(pairs.collect::<Vec<_>>(), words);
    }
    compared("grade <> 'G1' OR 'G2' = grade", Expect::Predicate, &["grade G1", "grade G2"]);
    compared("NOT grade IN ('G3', 'G4')", Expect::Predicate, &["grade G3", "grade G4"]);
    compared("CASE grade WHEN 'G5' THEN 1 END", Expect::Number, &["grade G5"]);
    compared("grade LIKE 'G%' AND points > 3", Expect::Predicate, &[]);
}

#[test]
fn a_number_that_is_too_large_fails_and_does_not_wrap() {
    let of = |sql: &str| Predicates::compile(&dataset(), &[sql]).unwrap().evaluate(&block(&ROWS));
    assert!(of("9223372036854775000 + points > 0").is_ok());
    assert!(of("9223372036854775807 + points > 0").is_err());
}

#[test]
fn a_missing_value_leaves_a_predicate_unknown() {
    let predicates = Predicates::compile(&dataset(), &["points >= 0", "grade = 'G1'"]).unwrap();
    let answers = predicates.evaluate(&block(&ROWS)).unwrap();
    assert_eq!(answers[0], [Some(true), Some(true), Some(false), None, Some(true)]);
    assert_eq!(answers[1], [Some(true), Some(true), Some(false), None, Some(false)]);
}
