use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xlsx};
use network::testing::Counting;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::cases::{Asked, CaseError, Chain, Refusal, begin, get, hand_in, verify};
use crate::lists::{Filter, list};
use crate::procedure::of_files;
use crate::testing::{actor, files, office, time};

fn drop_out() -> Procedure {
    of_files("drop-out", &files("drop-out")).unwrap()
}

/// What is amiss, a line each, in English.
fn told(amiss: &[Amiss]) -> String {
    let line = |it: &Amiss| {
        let column = it.column.as_ref().map_or("-", |it| it.en.as_str());
        format!("{} {column}: {}, not {}; {}", it.row, it.found.en, it.expected.en, it.hint.en)
    };
    amiss.iter().map(line).collect::<Vec<_>>().join("\n")
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
    let (read, amiss) = read(&procedure, handing_in(&procedure).unwrap(), &bytes).unwrap();
    assert!(read.is_empty() && amiss.is_empty(), "{amiss:?}");
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
    let (rows, amiss) = read(&procedure, handing_in(&procedure).unwrap(), &bytes).unwrap();
    assert_eq!(rows.iter().map(|it| it.row).collect::<Vec<_>>(), [2]);
    let all = format!("{amiss:?}");
    assert!(!all.contains("王小海") && !all.contains("昨天"), "{all}");
    insta::assert_snapshot!(told(&amiss), @r"
    3 Grade: 十年级, not one of the list; choose one of the list
    3 Absent since: something else (personal, not shown), not a day; write a day, such as 2026-09-01
    4 Organisation code: nothing, not the code of an organisation; write the code of the organisation the case is about
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
    let (rows, amiss) = read(&procedure, transition, &bytes).unwrap();
    assert!(amiss.is_empty(), "{amiss:?}");
    let mut run = async |is_rehearsal| {
        import(&office, &clerk, &procedure, transition, &rows, is_rehearsal, at, &mut entropy)
            .await
            .unwrap()
    };
    let rehearsed = run(true).await;
    assert_eq!(rehearsed.begun, [(2, String::new())]);
    let imported = run(false).await;
    assert_eq!(imported.begun, [(2, "KC-2026-000001".to_owned())]);
    assert_eq!((&imported.amiss, &imported.refused), (&rehearsed.amiss, &rehearsed.refused));
    assert_eq!(imported.refused, [(3, Refusal::NotYoursToBegin)]);
    insta::assert_snapshot!(told(&imported.amiss), @r"
    4 Student number: something else (personal, not shown), not a text of 19 letters at most; the letter G, J or L and 18 characters
    5 Student number: nothing, not a text of 19 letters at most; this must be filled in
    ");
    let listed = list(&office, &clerk, &Filter::default()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].states.contains("school"));
    assert_eq!(verify(&office, listed[0].id).await.unwrap(), Chain::Sound);
    assert!(get(&office, &clerk, listed[0].id, at).await.unwrap().case.form.contains_key("pupil"));
}

#[tokio::test]
async fn a_row_that_is_refused_when_it_is_written_leaves_no_case_and_uses_up_no_number() {
    let office = office().await;
    let at = time("2026-03-02T09:00");
    let procedure = office.publish("drop-out", &files("drop-out"), at).await.unwrap();
    let mut entropy = Counting::default();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let row = ["2112000101", "李小河", "G11010519491231002X", "八年级", "2026-03-02", ""];
    let bytes = workbook(&[&HEADER, &row, &row]);
    let transition = handing_in(&procedure).unwrap();
    let (rows, _) = read(&procedure, transition, &bytes).unwrap();
    // That a pupil has an open case is known only when the second row is written.
    let imported =
        import(&office, &clerk, &procedure, transition, &rows, false, at, &mut entropy).await;
    let imported = imported.unwrap();
    assert_eq!(imported.begun, [(2, "KC-2026-000001".to_owned())]);
    assert_eq!(imported.refused, [(3, Refusal::Open("KC-2026-000001".to_owned()))]);
    let asked =
        Asked { step: transition.name.clone(), change: rows[1].change.clone(), ..Asked::default() };
    let again = hand_in(&office, &clerk, &procedure, &school, &asked, at, &mut entropy).await;
    assert!(matches!(again, Err(CaseError::Refused(Refusal::Open(_)))), "{again:?}");
    let listed = list(&office, &clerk, &Filter::default()).await.unwrap();
    assert_eq!(listed.len(), 1, "{listed:?}");
    let next = begin(&office, &clerk, "drop-out", &school, at, &mut entropy).await.unwrap();
    assert_eq!(next.number, "KC-2026-000002");
}

#[test]
fn numbers_with_a_point_are_read_from_texts_and_from_numbers_as_they_were_written() {
    let procedure = of_files("preschool-recognition", &files("preschool-recognition")).unwrap();
    let transition = handing_in(&procedure).unwrap();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in (0..).zip(["organisation", "coverage", "public_share"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    let shares =
        [("85.2", 53.1), ("85.20", 0.07), ("100", 100.0), ("85.205", 53.105), ("85%", 101.0)];
    for (row, (text, number)) in (1..).zip(shares) {
        sheet.write_string(row, 0, "120101").unwrap();
        sheet.write_string(row, 1, text).unwrap();
        sheet.write_number(row, 2, number).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let (rows, amiss) = read(&procedure, transition, &bytes).unwrap();
    let shown = |row: &Row| {
        format!("{} {} {}", row.row, row.change["coverage"], row.change["public_share"])
    };
    let rows: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(rows, ["2 85.20 53.10", "3 85.20 0.07", "4 100.00 100.00"]);
    insta::assert_snapshot!(told(&amiss), @r"
    5 Coverage of inclusive places (%): 85.205, not a number from 0.00 to 100.00, with 2 digits at most after the point; write a number from 0.00 to 100.00, with 2 digits at most after the point
    5 Share of children in public kindergartens (%): 53.105, not a number from 0.00 to 100.00, with 2 digits at most after the point; write a number from 0.00 to 100.00, with 2 digits at most after the point
    6 Coverage of inclusive places (%): 85%, not a number from 0.00 to 100.00, with 2 digits at most after the point; write a number from 0.00 to 100.00, with 2 digits at most after the point
    6 Share of children in public kindergartens (%): 101, not a number from 0.00 to 100.00, with 2 digits at most after the point; write a number from 0.00 to 100.00, with 2 digits at most after the point
    ");
}

#[test]
fn the_empty_workbook_says_which_numbers_may_be_written() {
    let procedure = of_files("preschool-recognition", &files("preschool-recognition")).unwrap();
    let bytes = template(&procedure, handing_in(&procedure).unwrap()).unwrap();
    let mut sheet = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    sheet.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("0.00 至 100.00 的数，小数点后至多 2 位"), "{text}");
    assert!(text.contains("如 85.20，不写百分号"), "{text}");
}

#[test]
fn what_is_no_workbook_is_an_error() {
    let procedure = drop_out();
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"organisation,pupil\n"] {
        assert!(read(&procedure, handing_in(&procedure).unwrap(), bytes).is_err());
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
        let answer = read(&procedure, handing_in(&procedure).unwrap(), &bytes);
        let is_refused = matches!(answer, Err(SheetError::TooLarge | SheetError::TooLong));
        assert!(is_refused, "{answer:?}");
    }
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts() {
    let procedure = drop_out();
    let mut rows: Vec<&[&str]> = vec![&[], &HEADER, &[], &[]];
    rows.push(&["2112000101", "李小河", "G11010519491231002X", "十年级", "2026-03-02", ""]);
    let (_, findings) =
        read(&procedure, handing_in(&procedure).unwrap(), &workbook(&rows)).unwrap();
    assert_eq!(findings[0].row, 5);
}
