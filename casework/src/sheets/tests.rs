use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xlsx};
use network::testing::Counting;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::cases::{Chain, get, verify};
use crate::lists::{Filter, list};
use crate::procedure::of_files;
use crate::testing::{actor, files, office, time};

fn drop_out() -> Procedure {
    of_files("drop-out", &files("drop-out")).unwrap()
}

/// A workbook of these rows.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

const HEADER: [&str; 6] = [
    "机构代码\nOrganisation code",
    "学生姓名",
    "Student number",
    "grade",
    "未到校起始日\nAbsent since *",
    "失学原因",
];

#[test]
fn the_empty_workbook_offers_titles_lists_and_hints() {
    let procedure = drop_out();
    let bytes = template(&procedure, handing_in(&procedure).unwrap()).unwrap();
    let mut workbook = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(workbook.sheet_names(), ["rows", "lists"]);
    let rows = workbook.worksheet_range("rows").unwrap();
    let header: Vec<String> = rows.rows().next().unwrap().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(header.join(" | ").replace('\n', " / "), @"机构代码 / Organisation code | 学生姓名 / Pupil * | 学籍号 / Student number * | 年级 / Grade * | 未到校起始日 / Absent since * | 失学原因 / Cause");
    let lists = workbook.worksheet_range("lists").unwrap();
    assert_eq!(lists.get_value((3, 1)).unwrap().to_string(), "二年级");
    let (read, findings) = read(&procedure, handing_in(&procedure).unwrap(), "f", &bytes).unwrap();
    assert!(read.is_empty() && findings.is_empty(), "{findings:?}");
}

#[test]
fn a_row_that_does_not_fit_is_a_finding_that_shows_nobody() {
    let procedure = drop_out();
    let bytes = workbook(&[
        &HEADER,
        &["2112000101", "李小河", "G11010519491231002X", "八年级", "2026-03-02", ""],
        &["2112000101", "王小海", "G11010519491231002X", "十年级", "昨天", ""],
        &["", "赵小宁", "G11010519491231002X", "8", "2026-03-02", "学习困难"],
        &["", "", "", "", "", ""],
    ]);
    let (rows, findings) =
        read(&procedure, handing_in(&procedure).unwrap(), "f.xlsx", &bytes).unwrap();
    assert_eq!(rows.iter().map(|it| it.row).collect::<Vec<_>>(), [2]);
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(!lines.join("").contains("王小海"));
    insta::assert_snapshot!(lines.join("\n"), @r"
    f.xlsx:3 年级: error: found another, expected 应为所列各项之一; choose one of the list
    f.xlsx:3 未到校起始日: error: found another, expected 应为日期，如 2026-09-01; write a day, such as 2026-09-01
    f.xlsx:4 机构代码: error: found nothing, expected a code; name the organisation the case is about
    ");
}

#[tokio::test]
async fn rows_become_cases_and_a_rehearsal_makes_none() {
    let office = office().await;
    let at = time("2026-03-02T09:00");
    let procedure = office.publish("drop-out", &files("drop-out"), at).await.unwrap();
    let mut entropy = Counting::default();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let bytes = workbook(&[
        &HEADER,
        &["2112000101", "李小河", "G11010519491231002X", "八年级", "2026-03-02", ""],
        &["2112000201", "王小海", "G11010519491231003X", "八年级", "2026-03-02", ""],
        &["2112000101", "赵小宁", "G110", "8", "2026-03-02", "学习困难"],
        &["2112000101", "钱小江", "", "8", "2026-03-02", ""],
    ]);
    let transition = handing_in(&procedure).unwrap();
    let (rows, findings) = read(&procedure, transition, "f.xlsx", &bytes).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let mut run = async |is_rehearsal| {
        import(
            &office,
            &clerk,
            &procedure,
            transition,
            "f.xlsx",
            &rows,
            is_rehearsal,
            at,
            &mut entropy,
        )
        .await
        .unwrap()
    };
    let rehearsed = run(true).await;
    assert_eq!(rehearsed.begun, [(2, String::new())]);
    let imported = run(false).await;
    assert_eq!(imported.begun, [(2, "KC-2026-000001".to_owned())]);
    assert_eq!(imported.findings, rehearsed.findings);
    let lines: Vec<String> = imported.findings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    f.xlsx:3: error: found another, expected a case that can begin; `begin` is not for this account
    f.xlsx:4 学籍号: error: found another, expected 不符合填写要求; this does not fit what the form asks
    f.xlsx:5 学籍号: error: found another, expected 此项须填写; this must be filled in
    ");
    let listed = list(&office, &clerk, &Filter::default()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].states.contains("school"));
    assert_eq!(verify(&office, listed[0].id).await.unwrap(), Chain::Sound);
    assert!(get(&office, &clerk, listed[0].id, at).await.unwrap().case.form.contains_key("pupil"));
}

#[test]
fn what_is_no_workbook_is_an_error() {
    let procedure = drop_out();
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"organisation,pupil\n"] {
        assert!(read(&procedure, handing_in(&procedure).unwrap(), "f", bytes).is_err());
    }
}

/// A workbook with another text for one of its parts.
fn with_part(part: &str, text: &str) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(workbook(&[&HEADER]))).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..from.len() {
        let mut found = from.by_index(position).unwrap();
        let name = found.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        found.read_to_end(&mut bytes).unwrap();
        if name.ends_with(part) {
            bytes = text.as_bytes().to_vec();
        }
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> Vec<u8> {
    with_part("sheet1.xml", &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>"))
}

#[test]
fn a_small_file_that_would_fill_the_memory_is_too_large() {
    let procedure = drop_out();
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
               <row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let wide = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>";
    let promise = "<sst uniqueCount=\"9999999999999\"><si><t>x</t></si></sst>";
    let bomb = " ".repeat(200 << 20);
    for bytes in [
        sheet(far),
        sheet(wide),
        with_part("sharedStrings.xml", promise),
        with_part("styles.xml", &bomb),
    ] {
        assert!(bytes.len() < 1 << 20);
        let answer = read(&procedure, handing_in(&procedure).unwrap(), "f", &bytes);
        assert!(matches!(answer, Err(SheetError::TooLarge)), "{answer:?}");
    }
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts() {
    let procedure = drop_out();
    let mut rows: Vec<&[&str]> = vec![&[], &HEADER, &[], &[]];
    rows.push(&["2112000101", "李小河", "G11010519491231002X", "十年级", "2026-03-02", ""]);
    let (_, findings) =
        read(&procedure, handing_in(&procedure).unwrap(), "f", &workbook(&rows)).unwrap();
    assert_eq!(findings[0].row, Some(5));
}
