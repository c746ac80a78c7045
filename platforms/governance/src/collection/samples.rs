//! Datasets for tests.

use jiff::Timestamp;
use jiff::tz::Offset;
use model::dataset::{
    CodeItem, Column, ColumnKind, Dataset, Disclosure, Period, PersonId, RowCheck, SumCheck,
};
use model::finding::Severity;
use model::organisation::{ADMINISTRATIVE, History, Membership, Organisation, Recorded};
use model::text::{Bilingual, Place};
use model::year::MonthDay;

use super::organisations::Organisations;

fn column(name: &str, zh: &str, kind: ColumnKind) -> Column {
    Column {
        name: name.to_owned(),
        title: Bilingual::new(zh, name.replace('_', " ")),
        kind,
        unit: None,
        required: true,
        disclosure: Disclosure::Aggregate,
        range: None,
        range_warns: false,
        place: Place::default(),
    }
}

fn optional(name: &str, zh: &str, kind: ColumnKind) -> Column {
    Column { required: false, ..column(name, zh, kind) }
}

fn ranged(column: Column, least: &str, greatest: &str) -> Column {
    Column { range: Some((least.parse().unwrap(), greatest.parse().unwrap())), ..column }
}

fn codes(items: &[(&str, &str, &[&str])]) -> ColumnKind {
    let item = |(code, zh, also): &(&str, &str, &[&str])| CodeItem {
        code: (*code).to_owned(),
        title: Bilingual::new(*zh, *code),
        also: also.iter().map(|it| (*it).to_owned()).collect(),
    };
    ColumnKind::Code { items: items.iter().map(item).collect() }
}

fn dataset(name: &str, columns: Vec<Column>, key: &[&str]) -> Dataset {
    Dataset {
        name: name.to_owned(),
        title: Bilingual::new(name, name),
        platform: "management".to_owned(),
        period: Period::SchoolYear,
        reference: MonthDay::SCHOOL_YEAR,
        columns,
        key: key.iter().map(|it| (*it).to_owned()).collect(),
        dimensions: Vec::new(),
        expected: None,
        checks: Vec::new(),
        sums: Vec::new(),
        derived: None,
        place: Place::default(),
    }
}

fn stage() -> ColumnKind {
    codes(&[("primary", "小学", &["小学教育"]), ("junior", "初中", &[])])
}

fn grade() -> ColumnKind {
    codes(&[("G1", "一年级", &["1"]), ("G2", "二年级", &["2"]), ("G3", "三年级", &["3"])])
}

/// Classes with their pupils, and the pupils of the grade.
pub(super) fn classes() -> Dataset {
    let mut dataset = dataset(
        "classes",
        vec![
            column("school", "学校标识码", ColumnKind::Organisation),
            column("year", "学年", ColumnKind::Year),
            column("stage", "学段", stage()),
            column("grade", "年级", grade()),
            column("class_number", "班号", ColumnKind::Integer),
            ranged(column("pupils", "学生数", ColumnKind::Integer), "0", "100"),
            optional("grade_pupils", "年级学生数", ColumnKind::Integer),
        ],
        &["school", "grade", "class_number"],
    );
    dataset.checks.push(RowCheck {
        must: "pupils <= grade_pupils".to_owned(),
        column: "pupils".to_owned(),
        expected: Bilingual::new("不多于年级学生数", "no more pupils than the grade has"),
        hint: Bilingual::new("核对两列", "compare the two columns"),
        severity: Severity::Error,
        place: Place::default(),
    });
    dataset.sums.push(SumCheck {
        group: vec!["school".to_owned(), "grade".to_owned()],
        sum: "pupils".to_owned(),
        equals: "grade_pupils".to_owned(),
        hint: Bilingual::new("核对各班人数", "compare the classes of the grade"),
        severity: Severity::Warning,
        place: Place::default(),
    });
    dataset
}

/// Pupils, with every kind of column that speaks of a person.
pub(super) fn pupils() -> Dataset {
    let personal = |column| Column { disclosure: Disclosure::Personal, ..column };
    dataset(
        "pupils",
        vec![
            column("school", "学校标识码", ColumnKind::Organisation),
            column("year", "学年", ColumnKind::Year),
            personal(column("pupil", "学籍号", ColumnKind::Person(PersonId::Student))),
            optional("sex", "性别", codes(&[("M", "男", &["1"]), ("F", "女", &["2"])])),
            personal(optional("birth", "出生日期", ColumnKind::Date)),
            optional("boarding", "寄宿", ColumnKind::Flag),
            personal(ranged(
                optional("height_cm", "身高", ColumnKind::Decimal { scale: 1 }),
                "80",
                "230",
            )),
            optional("founder_code", "举办者代码", ColumnKind::CreditCode),
            optional("remark", "备注", ColumnKind::Text),
        ],
        &["pupil"],
    )
}

/// A city of two districts: S1 and S2 stay, S3 closes in 2023, S4 opens in 2022.
pub(super) fn history() -> History {
    let organisation = |code: &str, level: &str, from: &str, to: Option<&str>| Organisation {
        code: code.parse().unwrap(),
        name: Bilingual::new(code, code),
        level: level.to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from: from.parse().unwrap(),
        valid_to: to.map(|it| it.parse().unwrap()),
    };
    let member = |child: &str, parent: &str| Membership {
        hierarchy: ADMINISTRATIVE.to_owned(),
        child: child.parse().unwrap(),
        parent: parent.parse().unwrap(),
        valid_from: "1900-01-01".parse().unwrap(),
        valid_to: None,
    };
    let organisations = vec![
        organisation("C", "city", "1900-01-01", None),
        organisation("D1", "district", "1900-01-01", None),
        organisation("D2", "district", "1900-01-01", None),
        organisation("S1", "school", "1950-09-01", None),
        organisation("S2", "school", "1950-09-01", None),
        organisation("S3", "school", "1950-09-01", Some("2023-08-31")),
        organisation("S4", "school", "2022-09-01", None),
    ];
    let members = vec![
        member("D1", "C"),
        member("D2", "C"),
        member("S1", "D1"),
        member("S2", "D1"),
        member("S3", "D2"),
        member("S4", "D2"),
    ];
    History::new(recorded(organisations), recorded(members), Vec::new())
}

fn recorded<T>(all: Vec<T>) -> Vec<Recorded<T>> {
    let recorded_at = Timestamp::UNIX_EPOCH;
    all.into_iter().map(|it| Recorded::new(it, recorded_at)).collect()
}

/// What was known of them on 1 October 2025.
pub(super) fn organisations(history: &History) -> Organisations<'_> {
    let known_at = "2025-10-01T00:00:00Z".parse().unwrap();
    Organisations::new(
        history,
        MonthDay::SCHOOL_YEAR,
        ["city", "district", "school"],
        known_at,
        Offset::UTC,
    )
}
