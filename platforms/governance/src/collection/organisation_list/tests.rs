use std::fs;

use encoding_rs::GB18030;
use model::finding::Finding;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

use super::*;

const MAPPING: &str = r#"
missing = ["-"]

[[organisation]]
level = "region"
code = "R"
name_zh = "全部"
valid_from = 2024-08-01

[[organisation]]
level = "county"
code = "{county code}"
name_zh = "{county}"
name_en = "{county}"
parent = "R"
valid_from = "2024-08-01"
[organisation.values]
code = { "50" = 12 }
name_en = { "新北市" = "New Taipei" }

[[organisation]]
level = "town"
code = "{county code}-{town}"
name_zh = "{town}"
parent = "{county code}"
valid_from = "2024-08-01"
values = { parent = { "50" = "12" } }

[[organisation]]
level = "school"
code = "{school code}"
name_zh = "{school}"
kind = "{kind}"
stages = "primary"
parent = "{county code}-{town}"
valid_from = "2024-08-01"
values = { kind = { "國民小學" = "primary", "" = "primary" } }
"#;

const FILE: &str = "\
county code,county,town,school code,school,kind,address
1,新北市,淡水區,011301,淡江國小,國民小學,x
1,新北市,淡水區,011302,\"鄧公
國小\",-,y
50,高雄市,三民區,501301,三民國小,國民小學,z
12,高雄市,三民區,501302,正興國小,,
";

const LIST: &str = "\
code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to
R,全部,,region,,,,,,,2024-08-01,
1,新北市,New Taipei,county,,,,,R,,2024-08-01,
12,高雄市,高雄市,county,,,,,R,,2024-08-01,
1-淡水區,淡水區,,town,,,,,1,,2024-08-01,
50-三民區,三民區,,town,,,,,12,,2024-08-01,
12-三民區,三民區,,town,,,,,12,,2024-08-01,
011301,淡江國小,,school,primary,,primary,,1-淡水區,,2024-08-01,
011302,鄧公 國小,,school,primary,,primary,,1-淡水區,,2024-08-01,
501301,三民國小,,school,primary,,primary,,50-三民區,,2024-08-01,
501302,正興國小,,school,primary,,primary,,12-三民區,,2024-08-01,
";

fn made(bytes: &[u8], mapping: &str) -> (String, Vec<Finding>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schools.csv");
    fs::write(&file, bytes).unwrap();
    let (list, findings) = organisation_list(&file, "schools.mapping.toml", mapping).unwrap();
    (String::from_utf8(list).unwrap(), findings)
}

/// What is said of `file` under `mapping`: row, rule and what was found.
#[track_caller]
fn check(file: &str, mapping: &str, expected: &[&str]) {
    let (_, findings) = made(file.as_bytes(), mapping);
    let said = findings.iter().map(|it| {
        let row = it.row.map(|it| it.to_string()).unwrap_or_default();
        format!("{}:{row} {} {}", it.file, it.rule, it.found)
    });
    assert_eq!(said.collect::<Vec<_>>(), expected, "{findings:#?}");
}

#[test]
fn rows_become_organisations_each_once() {
    let (list, findings) = made(FILE.as_bytes(), MAPPING);
    assert_eq!(findings, []);
    assert_eq!(list, LIST);
}

#[test]
fn the_form_of_the_file_makes_no_difference() {
    let (list, findings) = made(&GB18030.encode(FILE).0, MAPPING);
    assert_eq!((list.as_str(), findings), (LIST, Vec::new()));

    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "not here").unwrap();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "小學名錄").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(FILE.as_bytes());
    for (row, record) in (2..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.unwrap().iter()) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let (list, findings) = made(&book.save_to_buffer().unwrap(), MAPPING);
    assert_eq!((list.as_str(), findings), (LIST, Vec::new()));
}

#[test]
fn a_row_that_says_otherwise_is_found() {
    let file = format!("{FILE}1,臺北市,淡水區,011303,天生國小,國民小學,\n");
    check(
        &file,
        MAPPING,
        &["schools.csv:6 duplicate 1 的 name_zh 为 臺北市 / 臺北市 as name_zh of 1"],
    );
}

#[test]
fn what_no_code_can_be_made_of_is_found() {
    let file = format!(
        "{FILE}1,新北市,-,011303,天生國小,國民小學,\n1,新北市,淡水區,../x,天生國小,國民小學,\n\
         1,新北市,淡水區,011304,新興國小,附設,\n1,新北市,淡水區\n"
    );
    check(
        &file,
        MAPPING,
        &[
            "schools.csv:6 required 空单元格 / an empty cell",
            "schools.csv:7 code `../x`",
            "schools.csv:8 word `附設`",
            "schools.csv:9 width 3 格 / 3 cells",
        ],
    );
}

#[test]
fn a_column_that_is_not_there_is_found() {
    let file = FILE.replace("school code", "code").replace("address", "town");
    let expected = [
        "schools.csv:1 missing-column 无此列 / no such column",
        "schools.csv:1 header 该列出现两次 / the column twice",
    ];
    check(&file, MAPPING, &expected);
    check("a,b\n1,2\n", MAPPING, &["schools.csv: header 无表头 / no header"]);
    check("", MAPPING, &["schools.csv: file 空文件 / an empty file"]);
}

#[test]
fn a_slip_in_the_mapping_is_found_with_its_line() {
    let check = |mapping: &str, expected: &str| check(FILE, mapping, &[expected]);
    check(
        "[[organisation]]\ncode = 'R'\nvalid_from = '2024-08-01'",
        "schools.mapping.toml:2 mapping 未用文件的任何列 / no column of the file",
    );
    check(
        "[[organisation]]\ncode = '{town}'",
        "schools.mapping.toml:1 mapping 机构缺 valid_from / an organisation without valid_from",
    );
    check(
        "[[organisation]]\ncode = '{town}'\nvalid_from = '2024-08-01'\nlevle = 'x'",
        "schools.mapping.toml:4 mapping levle",
    );
    check(
        "[[organisation]]\nvalid_from = '2024-08-01'\ncode = '{town'",
        "schools.mapping.toml:3 mapping 不成对的花括号 / a brace that opens or closes nothing: code = {town",
    );
    check(
        "x = 1",
        "schools.mapping.toml:1 mapping unknown field `x`, expected one of `sheet`, `header_row`, `m…",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_and_no_mapping_make_it_panic(
        rows in "([a-z0-9,\"\n -]|縣|區|\u{0}|\u{fffd}){0,400}",
        start in 0..MAPPING.len(),
        length in 0..60_usize,
        text in "[{}\\[\\]=\"'a-z\n#]{0,20}",
    ) {
        let file = format!("county code,county,town,school code,school,kind,address\n{rows}");
        made(file.as_bytes(), MAPPING);
        made(rows.as_bytes(), MAPPING);
        let chars: Vec<char> = MAPPING.chars().collect();
        let cut = chars.iter().take(start).chain(chars.iter().skip(start + length));
        let spoilt: String = cut.collect::<String>().replacen('\n', &format!("\n{text}"), start % 7);
        made(FILE.as_bytes(), &spoilt);
    }
}
