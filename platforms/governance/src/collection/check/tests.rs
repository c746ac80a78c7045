use std::sync::Arc;

use super::super::samples;
use super::*;

/// Checks rows of `samples::classes` given as `school year stage grade class pupils grade_pupils`.
#[track_caller]
fn check(rows: &[&str], expected: &[&str]) {
    let dataset = samples::classes();
    let history = samples::history();
    let organisations = samples::organisations(&history);
    let block = block(&dataset, rows);
    let checked = Checks::new(&dataset).unwrap().check("f", &block, &organisations).unwrap();
    let mut shown: Vec<String> = checked
        .findings
        .iter()
        .map(|it| {
            let (row, column) = (it.row.unwrap(), it.column.as_deref().unwrap());
            format!("{} {row} {column}: {} <> {}", it.rule, it.found, it.expected)
        })
        .collect();
    let refused: Vec<u64> =
        checked.keep.iter().zip(&block.rows).filter(|it| !it.0).map(|it| *it.1).collect();
    shown.push(format!("refused {refused:?}"));
    assert_eq!(shown, expected);
}

fn block(dataset: &Dataset, rows: &[&str]) -> Block {
    let mut block = Block::default();
    for (at, column) in dataset.columns.iter().enumerate() {
        let cells = rows.iter().map(|it| it.split(' ').nth(at).filter(|it| *it != "-"));
        let is_words = matches!(column.kind, ColumnKind::Organisation | ColumnKind::Code { .. });
        block.columns.push(if is_words {
            let mut words: Vec<String> = Vec::new();
            let at = cells
                .map(|it| {
                    it.map(|it| {
                        words.push(it.to_owned());
                        u32::try_from(words.iter().position(|word| word == it).unwrap()).unwrap()
                    })
                })
                .collect();
            Cells::Words { at, words: Arc::new(words) }
        } else {
            Cells::Numbers(cells.map(|it| it.map(|it| it.parse().unwrap())).collect())
        });
    }
    block.rows = (2..).take(rows.len()).collect();
    block
}

#[test]
fn sound_rows_pass() {
    check(
        &[
            "S1 2024 primary G1 1 45 90",
            "S1 2023 primary G1 2 0 -",
            "S3 2022 junior G3 1 100 100",
            "S4 2022 junior G3 1 100 100",
        ],
        &["refused []"],
    );
}

#[test]
fn what_cannot_be_is_found() {
    check(
        &[
            "S1 2024 primary G1 1 -1 90",
            "S1 2024 primary G1 1 101 190",
            "S1 2024 primary G1 -2 45 90",
            "S1 9999 primary G1 1 45 90",
            "S1 2190 primary G1 1 45 90",
            "S1 2024 college G1 1 45 90",
            "S9 2024 primary G1 1 45 90",
            "S3 2024 primary G1 1 45 90",
            "S4 2021 primary G1 1 45 90",
            "- 2024 primary G1 1 - 90",
            "S1 2024 primary G1 1 45 90",
            "S1 2024 primary G1 1 45 -90",
        ],
        &[
            "required 11 school: 无值 / no value <> 一个值 / a value",
            "year 5 year: 9999 <> 1900 至 2026 年 / a year from 1900 to 2026",
            "year 6 year: 2190 <> 1900 至 2026 年 / a year from 1900 to 2026",
            "code 7 stage: college <> 代码表中的代码 / a code of the list",
            "range 4 class_number: -2 <> 0 或以上 / 0 or more",
            "range 2 pupils: -1 <> 0 至 100 / 0 to 100",
            "range 3 pupils: 101 <> 0 至 100 / 0 to 100",
            "range 13 grade_pupils: -90 <> 0 或以上 / 0 or more",
            "organisation 8 school: S9 <> 2024-09-01 存在的机构 / an organisation that was there on 2024-09-01",
            "organisation 9 school: S3 <> 2024-09-01 存在的机构 / an organisation that was there on 2024-09-01",
            "organisation 10 school: S4 <> 2021-09-01 存在的机构 / an organisation that was there on 2021-09-01",
            "row-check 13 pupils: 学生数 pupils 45, 年级学生数 grade_pupils -90, 年级 grade G1, 班号 class_number 1 <> 不多于年级学生数 / no more pupils than the grade has",
            "refused [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]",
        ],
    );
}

#[test]
fn a_warning_keeps_its_row() {
    let mut dataset = samples::classes();
    dataset.columns[5].range_warns = true;
    let history = samples::history();
    let organisations = samples::organisations(&history);
    let block = block(&dataset, &["S1 2024 primary G1 1 101 190"]);
    let checked = Checks::new(&dataset).unwrap().check("f", &block, &organisations).unwrap();
    assert_eq!(checked.keep, [true]);
    assert_eq!(checked.findings[0].severity, Severity::Warning);
}

/// A bound on the work a row costs: half a million rows of seven columns.
#[test]
fn half_a_million_rows_are_checked_in_a_blink() {
    let dataset = samples::classes();
    let history = samples::history();
    let organisations = samples::organisations(&history);
    let one = block(&dataset, &["S1 2024 primary G1 1 45 90", "S2 2023 junior G2 1 45 90"]);
    let rows = 500_000;
    let columns = one.columns.iter().map(|it| match it {
        Cells::Numbers(cells) => Cells::Numbers(cells.iter().copied().cycle().take(rows).collect()),
        Cells::Words { at, words } => Cells::Words {
            at: at.iter().copied().cycle().take(rows).collect(),
            words: Arc::clone(words),
        },
    });
    let big = Block { columns: columns.collect(), rows: (2..).take(rows).collect() };
    let checks = Checks::new(&dataset).unwrap();
    let start = std::time::Instant::now();
    let checked = checks.check("f", &big, &organisations).unwrap();
    let took = start.elapsed();
    assert!(checked.keep.iter().all(|it| *it) && checked.findings.is_empty());
    // Ten times what it takes, for a busy machine.
    assert!(took.as_millis() < 2_000, "{took:?}");
}
