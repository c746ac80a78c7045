//! Workbooks as schools write them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

const COLUMNS: [&str; 7] = ["学校标识码", "学年", "学段", "年级", "班号", "学生数", "年级学生数"];

/// A workbook with the classes of one grade, as bytes.
pub(super) fn plain() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 1..=2 {
        for (column, text) in (0..).zip(["S1", "2024", "小学", "一年级"]) {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(row, 4, row).unwrap();
        sheet.write_number(row, 5, 40).unwrap();
        sheet.write_number(row, 6, 80).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// The same with another text for its sheet.
pub(super) fn with_sheet(text: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(plain())).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..from.len() {
        let mut part = from.by_index(position).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name.ends_with("sheet1.xml") {
            bytes = [b"<worksheet><sheetData>", text, b"</sheetData></worksheet>"].concat();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_workbook_reads_like_a_separated_file() {
    let city = City::new(samples::classes());
    check(&city.import("f.xlsx", plain()).await, "rows 2, added 2");
    assert_eq!(city.rows().await[1], "2024 S1 primary G1 2 40 80");
    // What a file is called does not matter.
    check(&city.import("f.csv", plain()).await, "rows 2, unchanged 2");
}

#[tokio::test]
async fn merged_cells_are_found_where_they_hide_values() {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    workbook.add_worksheet().write_string(0, 0, "notes").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 6, "2024 学年班级表", &bold).unwrap();
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(2, column, name).unwrap();
    }
    for row in 3..=5 {
        for (column, text) in (0..).zip(["S1", "2024", "小学", "一年级", "0", "40", "120"]) {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(row, 4, row - 2).unwrap();
    }
    sheet.merge_range(3, 3, 4, 3, "一年级", &bold).unwrap();
    let city = City::new(samples::classes());
    let outcome = city.import("f.xlsx", workbook.save_to_buffer().unwrap()).await;
    check(
        &outcome,
        "rows 3, added 1, refused 2
         error merged-cells 4 年级: 第 4 至 5 行合并为一格 / one merged cell over rows 4 to 5
         warning sum 6 grade_pupils: pupils 合计为 40 / pupils adds up to 40",
    );
}

#[tokio::test]
async fn formulas_count_as_their_stored_values() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 1..=2 {
        for (column, text) in (0..).zip(["S1", "2024", "小学", "一年级"]) {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(row, 4, row).unwrap();
    }
    sheet.write_formula(1, 5, Formula::new("=20+20").set_result("40")).unwrap();
    sheet.write_formula(2, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let city = City::new(samples::classes());
    let outcome = city.import("f.xlsx", workbook.save_to_buffer().unwrap()).await;
    check(
        &outcome,
        "rows 2, added 1, refused 1
         error formula 3 学生数: #DIV/0!",
    );
    // Written by a program that does not compute: a formula, and no value with it.
    let cells = |cells: [&str; 7]| {
        let cell = |it: &str| match it.strip_prefix('=') {
            Some(formula) => format!("<c><f>{formula}</f></c>"),
            None => format!("<c t=\"inlineStr\"><is><t>{it}</t></is></c>"),
        };
        format!("<row>{}</row>", cells.map(cell).concat())
    };
    let sheet = cells(COLUMNS) + &cells(["S1", "2024", "小学", "G2", "1", "=20+20", "40"]);
    let outcome = city.import("f.xlsx", with_sheet(sheet.as_bytes())).await;
    check(&outcome, "rows 1, refused 1\nerror formula 2 学生数: =");
}

#[tokio::test]
async fn dates_and_numbers_come_in_any_cell_format() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("yyyy/m/d");
    for (column, name) in (0..).zip(["school", "year", "pupil", "birth", "height_cm", "boarding"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (row, number) in
        (1..=3).zip(["L120101201502030001", "L120101201502030002", "L120101201502030003"])
    {
        sheet.write_string(row, 0, "S1").unwrap();
        sheet.write_number(row, 1, 2024).unwrap();
        sheet.write_string(row, 2, number).unwrap();
    }
    let born = ExcelDateTime::from_ymd(2015, 2, 3).unwrap();
    sheet.write_datetime_with_format(1, 3, &born, &day).unwrap();
    sheet.write_number(2, 3, 42_038).unwrap();
    sheet.write_string(3, 3, "2015年2月3日").unwrap();
    sheet.write_number(1, 4, 150.1 + 0.1).unwrap();
    sheet.write_string(2, 4, "150.20").unwrap();
    sheet.write_boolean(1, 5, true).unwrap();
    sheet.write_string(2, 5, "否").unwrap();
    let city = City::new(samples::pupils());
    let outcome = city.import("f.xlsx", workbook.save_to_buffer().unwrap()).await;
    assert_eq!((outcome.added, outcome.errors), (3, 0), "{}", shown(&outcome));
    let rows = city.rows().await;
    assert_eq!(rows.iter().filter(|it| it.contains("2015-02-03")).count(), 3, "{rows:?}");
    assert_eq!(rows.iter().filter(|it| it.contains("150.2")).count(), 2, "{rows:?}");
}

#[tokio::test]
async fn a_sheet_is_named_by_the_mapping() {
    let mut city = City::new(samples::classes());
    city.mapping = Mapping::read("m", "sheet = 'Other'", &city.dataset).unwrap();
    check(
        &city.import("f.xlsx", plain()).await,
        "rows 0\nerror file - -: 无此工作表 / no such sheet",
    );
}
