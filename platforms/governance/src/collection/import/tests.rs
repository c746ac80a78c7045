use std::collections::BTreeSet;
use std::fs;

use csv::StringRecord;
use lake::RowQuery;
use model::organisation::History;

use super::super::samples;
use super::*;

mod across;
mod derived;
mod emptied;
mod foreign;
mod hostile;
mod large;
mod workbooks;

/// A data folder with the organisations of the samples.
struct City {
    data: tempfile::TempDir,
    dataset: Dataset,
    history: History,
    lake: Lake,
    mapping: Mapping,
    replace: bool,
    dry_run: bool,
    /// Rows may be of this organisation and of those below it only.
    within: Option<&'static str>,
}

impl City {
    fn new(dataset: Dataset) -> Self {
        let data = tempfile::tempdir().unwrap();
        let lake = Lake::open(data.path()).unwrap();
        let history = samples::history();
        let mapping = Mapping::default();
        let (replace, dry_run, within) = (false, false, None);
        Self { data, dataset, history, lake, mapping, replace, dry_run, within }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }

    async fn import(&self, name: &str, bytes: impl AsRef<[u8]>) -> Outcome {
        fs::write(self.file(name), bytes).unwrap();
        self.import_file(name, Limits::default()).await
    }

    async fn import_file(&self, name: &str, limits: Limits) -> Outcome {
        let outcome = self.import_at(name, limits, 0).await;
        let staging = fs::read_dir(self.file("staging")).unwrap();
        assert_eq!(staging.count(), 0, "the stage was left behind");
        outcome
    }

    async fn import_at(&self, name: &str, limits: Limits, second: u64) -> Outcome {
        self.import_with(name, limits, second, &RuleTables::new()).await
    }

    async fn import_with(
        &self,
        name: &str,
        limits: Limits,
        second: u64,
        rules: &RuleTables,
    ) -> Outcome {
        self.import_telling(name, limits, second, rules, &|_| {}).await
    }

    async fn import_telling(
        &self,
        name: &str,
        limits: Limits,
        second: u64,
        rules: &RuleTables,
        progress: &dyn Fn(Step),
    ) -> Outcome {
        let mut organisations = samples::organisations(&self.history);
        if let Some(above) = self.within {
            organisations = organisations.within(above.parse().unwrap());
        }
        let staging = self.file("staging");
        import(&Import {
            lake: &self.lake,
            dataset: &self.dataset,
            rules,
            organisations: &organisations,
            pseudonyms: &Pseudonyms::with_key([7; 32]),
            file: &self.file(name),
            mapping: &self.mapping,
            findings_file: None,
            staging: &staging,
            limits,
            replace: self.replace,
            dry_run: self.dry_run,
            now: format!("2025-10-01T00:00:{second:02}Z").parse().unwrap(),
            note: BTreeMap::new(),
            progress,
        })
        .await
        .unwrap()
    }

    /// The rows of the table, a line each, the year first.
    async fn rows(&self) -> Vec<String> {
        let table = self.lake.table(&self.dataset).await.unwrap();
        let years: BTreeSet<Year> = table.files().iter().map(|it| it.year).collect();
        let mut lines = Vec::new();
        for year in years {
            let query = RowQuery {
                year,
                organisations: Vec::new(),
                predicate: None,
                limit: 100,
                masked: false,
            };
            for row in table.rows_where(&query).unwrap().rows {
                let cells = row.into_iter().map(|it| it.unwrap_or("-".to_owned()));
                lines.push(format!("{year} {}", cells.collect::<Vec<_>>().join(" ")));
            }
        }
        lines
    }

    fn data_files(&self) -> usize {
        let mut open = vec![self.file("lake")];
        let mut files = 0;
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                files += usize::from(path.extension().is_some_and(|it| it == "parquet"));
                open.extend(Some(path).filter(|it| it.is_dir()));
            }
        }
        files
    }
}

fn shown(outcome: &Outcome) -> String {
    let Outcome { rows, added, replaced, unchanged, removed, refused, .. } = outcome;
    let mut shown = format!("rows {rows}");
    for (word, count) in [
        ("added", added),
        ("replaced", replaced),
        ("unchanged", unchanged),
        ("removed", removed),
        ("refused", refused),
    ] {
        if *count > 0 {
            shown.push_str(&format!(", {word} {count}"));
        }
    }
    for it in &outcome.findings {
        let row = it.row.map_or("-".to_owned(), |it| it.to_string());
        let column = it.column.as_deref().unwrap_or("-");
        shown.push_str(&format!("\n{} {} {row} {column}: {}", it.severity, it.rule, it.found));
    }
    shown
}

#[track_caller]
fn check(outcome: &Outcome, expected: &str) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(shown(outcome), expected.join("\n"));
}

const HEADER: &str = "school,year,stage,grade,class_number,pupils,grade_pupils\n";

#[tokio::test]
async fn sound_rows_go_in_and_the_same_file_changes_nothing() {
    let city = City::new(samples::classes());
    let text = format!(
        "{HEADER}S1,2024,primary,G1,1,40,85\nS1,2024,primary,G1,2,45,85\nS4,2023,junior,G3,1,30,30\n"
    );
    let first = city.import("f.csv", &text).await;
    check(&first, "rows 3, added 3");
    assert!(first.changed && first.is_whole());
    let areas: Vec<String> =
        first.partitions.iter().map(|(year, area)| format!("{year} {area}")).collect();
    assert_eq!(areas, ["2023 D2", "2024 D1"]);
    assert_eq!(
        city.rows().await,
        ["2023 S4 junior G3 1 30 30", "2024 S1 primary G1 1 40 85", "2024 S1 primary G1 2 45 85"]
    );
    let again = city.import("f.csv", &text).await;
    check(&again, "rows 3, unchanged 3");
    assert!(!again.changed);
    assert_eq!(again.version, first.version);

    let corrected = city
        .import("f.csv", text.replace("2,45,85", "2,45,86").replace("1,40,85", "1,41,86"))
        .await;
    check(&corrected, "rows 3, replaced 2, unchanged 1");
    assert!(corrected.changed && corrected.version > first.version);
}

#[tokio::test]
async fn bad_rows_stay_out_and_good_ones_go_in() {
    let city = City::new(samples::classes());
    let text = "学校标识码,year,stage,grade,班号,学生数,grade_pupils,remark\n\
        S1,2024,primary,G1,1,40,,\n\
        S9,2024,primary,G1,1,40,,\n\
        S1,2024,primary,G1,2,-4,,\n\
        S1,2024,primary,G1,1,41,,\n\
        S1,9999,primary,G1,3,x,,\n\
        S1,2024,primary,G2,1,50,40,\n\
        S1,2024,primary,G3,1,50,50,\n";
    let outcome = city.import("f.csv", text).await;
    check(
        &outcome,
        "rows 7, added 2, refused 5
         warning unknown-column 1 remark: remark
         error year 6 year: 9999
         error number 6 学生数: x
         error range 4 学生数: -4
         error organisation 3 学校标识码: S9
         error row-check 7 学生数: 学生数 pupils 50, 年级学生数 grade_pupils 40, 年级 grade G2, 班号 class_number 1
         error duplicate 5 class_number: 与第 2 行主键相同 / the same key as row 2",
    );
    assert_eq!(city.rows().await, ["2024 S1 primary G1 1 40 -", "2024 S1 primary G3 1 50 50"]);
    assert_eq!((outcome.errors, outcome.warnings), (6, 1));
}

#[tokio::test]
async fn a_dry_run_finds_all_and_writes_nothing() {
    let mut city = City::new(samples::classes());
    city.dry_run = true;
    let text = format!(
        "{HEADER}S1,2024,primary,G1,1,40,40\nS1,2024,primary,G1,1,41,41\nS9,2024,primary,G1,1,41,41\n"
    );
    let outcome = city.import("f.csv", text).await;
    check(
        &outcome,
        "rows 3, added 1, refused 2
         error organisation 4 school: S9
         error duplicate 3 class_number: 与第 2 行主键相同 / the same key as row 2",
    );
    assert!(!outcome.changed);
    assert_eq!((city.rows().await.len(), city.data_files()), (0, 0));
}

#[tokio::test]
async fn a_replacement_takes_away_what_it_does_not_name() {
    let mut city = City::new(samples::classes());
    let row = |school: &str, class: u8| format!("{school},2024,primary,G1,{class},40,\n");
    city.import("f.csv", format!("{HEADER}{}{}{}", row("S1", 1), row("S1", 2), row("S2", 1))).await;
    city.replace = true;
    let refused = city.import("f.csv", format!("{HEADER}{}{}", row("S1", 1), row("S9", 1))).await;
    check(
        &refused,
        "rows 2, refused 1
         error organisation 3 school: S9
         error file - -: 1 行被拒 / 1 refused rows",
    );
    let outcome = city.import("f.csv", format!("{HEADER}{}", row("S1", 1))).await;
    check(&outcome, "rows 1, unchanged 1, removed 1");
    assert_eq!(city.rows().await.len(), 2);
}

#[tokio::test]
async fn classes_that_do_not_add_up_are_told() {
    let text = format!(
        "{HEADER}S1,2024,primary,G1,1,40,85\nS1,2024,primary,G1,2,44,85\nS1,2024,primary,G2,1,30,30\n"
    );
    let outcome = City::new(samples::classes()).import("f.csv", &text).await;
    check(
        &outcome,
        "rows 3, added 3\nwarning sum 2 grade_pupils: pupils 合计为 84 / pupils adds up to 84",
    );

    let mut strict = samples::classes();
    strict.sums[0].severity = Severity::Error;
    let city = City::new(strict);
    let outcome = city.import("f.csv", &text).await;
    check(
        &outcome,
        "rows 3, added 1, refused 2\nerror sum 2 grade_pupils: pupils 合计为 84 / pupils adds up to 84",
    );
    assert_eq!(city.rows().await, ["2024 S1 primary G2 1 30 30"]);
}

#[tokio::test]
async fn a_file_may_be_in_the_national_encoding() {
    let city = City::new(samples::classes());
    let text = "学校标识码;学年;学段;年级;班号;学生数;年级学生数\r\nS1;2024-2025学年;小学;一年级;1;40;40\r\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    check(&city.import("f.csv", &bytes).await, "rows 1, added 1");
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes));
    check(&city.import("f.txt", &utf16).await, "rows 1, unchanged 1");
    check(&city.import("f.csv", format!("\u{feff}{text}")).await, "rows 1, unchanged 1");
}

#[tokio::test]
async fn a_findings_file_holds_every_finding() {
    let city = City::new(samples::classes());
    let rows: String = (0..1500).map(|it| format!("X{it},2024,primary,G1,1,40,\n")).collect();
    fs::write(city.file("f.csv"), format!("{HEADER}{rows}")).unwrap();
    let organisations = samples::organisations(&city.history);
    let outcome = import(&Import {
        lake: &city.lake,
        dataset: &city.dataset,
        rules: &RuleTables::new(),
        organisations: &organisations,
        pseudonyms: &Pseudonyms::with_key([7; 32]),
        file: &city.file("f.csv"),
        mapping: &city.mapping,
        findings_file: Some(&city.file("findings.csv")),
        staging: &city.file("staging"),
        limits: Limits::default(),
        replace: false,
        dry_run: false,
        now: "2025-10-01T00:00:00Z".parse().unwrap(),
        note: BTreeMap::new(),
        progress: &|_| {},
    })
    .await
    .unwrap();
    assert_eq!((outcome.findings.len(), outcome.errors, outcome.refused), (1000, 1500, 1500));
    let written = csv::Reader::from_path(city.file("findings.csv")).unwrap();
    let last = written.into_records().last().unwrap().unwrap();
    let expected = StringRecord::from(vec![
        "1501",
        "school",
        "organisation",
        "机构代码",
        "X1499",
        "2024-09-01 存在的机构 / an organisation that was there on 2024-09-01",
        "与机构名单核对；新机构须先登记 / compare it with the list of organisations; a new one must be recorded first",
        "error",
    ]);
    assert_eq!(last, expected);
}

#[tokio::test]
async fn a_parquet_file_reads_like_a_separated_file() {
    let mut city = City::new(samples::classes());
    let text = format!("{HEADER}S1,2024,primary,G1,1,40,85\nS1,2024,primary,G1,2,45,85\n");
    city.import("f.csv", text).await;
    // A table's own data file is Parquet without the column of its partition.
    let table = city.lake.table(&city.dataset).await.unwrap();
    let written = city.file("lake/classes").join(&table.files()[0].path);
    let other = City::new(samples::classes());
    fs::copy(written, other.file("f.parquet")).unwrap();
    city = City {
        mapping: Mapping::read("m", "[constants]\nyear = 2024", &other.dataset).unwrap(),
        ..other
    };
    check(&city.import_file("f.parquet", Limits::default()).await, "rows 2, added 2");
    assert_eq!(city.rows().await, ["2024 S1 primary G1 1 40 85", "2024 S1 primary G1 2 45 85"]);
    let narrow = Limits { columns: 3, ..Limits::default() };
    check(
        &city.import_file("f.parquet", narrow).await,
        "rows 0\nerror too-large - -: 6 列 / 6 columns",
    );
}

#[test]
fn of_sixteen_imports_at_once_all_go_in() {
    let city = City::new(samples::classes());
    let row = |class: u64| format!("{HEADER}S1,2024,primary,G1,{class},40,\n");
    std::thread::scope(|scope| {
        for class in 1..=16 {
            let (city, text) = (&city, row(class));
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let name = format!("f{class}.csv");
                fs::write(city.file(&name), text).unwrap();
                let outcome = runtime.block_on(city.import_at(&name, Limits::default(), class));
                assert_eq!((outcome.added, outcome.changed), (1, true));
            });
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(city.rows()).len(), 16);
}
