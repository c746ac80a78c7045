use model::block::Cells;

use super::super::header::Names;
use super::super::samples;
use super::*;

/// Reads rows given as text with `|` between the cells, the header first; shows the block's rows,
/// `!` before those kept out, then the findings.
fn read(dataset: &Dataset, mapping: &str, text: &str) -> String {
    let mapping = Mapping::read("mapping.toml", mapping, dataset).unwrap();
    let pseudonyms = Pseudonyms::with_key([7; 32]);
    let mut lines = text.lines().map(|it| it.trim().split('|').collect::<StringRecord>());
    let names = Names::new(dataset, &mapping);
    let (header, mut findings) = names.read("f", 1, &lines.next().unwrap());
    let mut rows = Rows::new("f", dataset, &mapping, &pseudonyms, header, true);
    for (number, line) in (2..).zip(lines) {
        rows.row(number, &line);
    }
    let batch = rows.take();
    findings.retain(|it| it.severity == Severity::Error);
    findings.extend(batch.findings);
    let mut shown = Vec::new();
    for (row, sound) in batch.sound.iter().enumerate() {
        let cells = batch.block.columns.iter().map(|it| match it {
            Cells::Numbers(cells) => cells[row].map_or("-".to_owned(), |it| it.to_string()),
            Cells::Words { .. } => it.word(row).unwrap_or("-").to_owned(),
        });
        let mark = if *sound { "" } else { "!" };
        shown.push(format!(
            "{mark}{} {}",
            batch.block.rows[row],
            cells.collect::<Vec<_>>().join(" ")
        ));
    }
    for it in findings {
        let row = it.row.map_or(String::new(), |it| it.to_string());
        shown.push(format!(
            "{} {row} {}: {} <> {}",
            it.rule,
            it.column.unwrap_or_default(),
            it.found,
            it.expected
        ));
    }
    shown.join("\n")
}

#[track_caller]
fn check(mapping: &str, text: &str, expected: &str) {
    let lines = |it: &str| it.trim().lines().map(|it| it.trim().to_owned()).collect::<Vec<_>>();
    let shown = read(&samples::classes(), mapping, text.trim());
    assert_eq!(lines(&shown), lines(expected), "\n{shown}");
}

#[test]
fn words_and_numbers_in_the_datasets_order() {
    check(
        "",
        "年级|school|year|stage|class_number|pupils|grade_pupils
         一年级|S1|2024-2025学年|小学教育|1|４５|90
         G2|S1|2024|PRIMARY|2.0|45||
         1|S2|2024|junior|3|45|1,090",
        "2 S1 2024 primary G1 1 45 90
         3 S1 2024 primary G2 2 45 -
         4 S2 2024 junior G1 3 45 1090",
    );
}

#[test]
fn every_fault_of_a_row_is_found_at_once() {
    check(
        "",
        "school|year|stage|grade|class_number|pupils|grade_pupils
         S1|9999|college|G1|one|4.5|
         |2024|primary|G1|1||
         S1|2024|primary|G1|1|45
         ||||||
         S1|2024|primary|G1|1|45||more
         S1|2024|primary|G1|=B2|#DIV/0!|",
        "!2 S1 - - G1 - - -
         !3 - 2024 primary G1 1 - -
         !4 S1 2024 primary G1 1 45 -
         !6 S1 2024 primary G1 1 45 -
         !7 S1 2024 primary G1 - - -
         year 2 year: 9999 <> 1900 至 2200 之间的年度，如 2024 / a year between 1900 and 2200, such as 2024
         code 2 stage: college <> 下列之一 / one of primary 小学, junior 初中
         number 2 class_number: one <> 整数 / a whole number
         digits 2 pupils: 4.5 <> 整数 / a whole number
         required 3 school: 空单元格 / an empty cell <> 一个值 / a value
         required 3 pupils: 空单元格 / an empty cell <> 一个值 / a value
         width 4 : 6 格 / 6 cells <> 与表头一致的 7 格 / 7 cells, as the header has
         width 6 : 8 格 / 8 cells <> 与表头一致的 7 格 / 7 cells, as the header has
         formula 7 class_number: =B2 <> 整数 / a whole number
         formula 7 pupils: #DIV/0! <> 整数 / a whole number",
    );
}

#[test]
fn a_mapping_renames_fills_replaces_and_scales() {
    check(
        "year_offset = 1911
         missing = ['…']
         [columns]
         '學校代碼' = 'school'
         '級' = 'grade'
         [constants]
         stage = 'primary'
         class_number = 1
         [values.grade]
         '甲' = 'G1'
         [times]
         pupils = 10",
        "學校代碼|學年|級|學生數 (十人)|pupils|grade_pupils|year
         S1|x|甲|x|4.5|…|113",
        "2 S1 2024 primary G1 1 45 -",
    );
}

#[test]
fn a_wide_row_becomes_several() {
    check(
        "[constants]
         stage = 'primary'
         [[unpivot]]
         into = 'pupils'
         columns = { '甲' = { grade = 'G1', class_number = 1 }, '乙' = { grade = 'G2', class_number = 1 } }
         [[record]]
         constants = { grade = 'G3' }
         columns = { '班' = 'class_number', '人' = 'pupils' }",
        "school|year|甲|乙|班|人
         S1|2024|10|20|2|30
         S2|2024|x||1|",
        "2 S1 2024 primary G2 1 20 -
         2 S1 2024 primary G1 1 10 -
         2 S1 2024 primary G3 2 30 -
         !3 S2 2024 primary G1 1 - -
         !3 S2 2024 primary G3 1 - -
         number 3 甲: x <> 整数 / a whole number
         required 3 人: 空单元格 / an empty cell <> 一个值 / a value",
    );
    check(
        "[[record]]\nconstants = { grade = 'G3' }\ncolumns = { '班' = 'class_number', '人' = 'pupils' }",
        "school|year|stage|班",
        "missing-column 1 人: 无此列 / no such column <> 列 人 / a column 人",
    );
}

#[test]
fn an_empty_cell_may_mean_something() {
    check(
        "[constants]
         stage = 'primary'
         class_number = 1
         [values.grade]
         '' = 'G3'
         '甲' = 'G1'",
        "school|year|grade|pupils|grade_pupils
         S1|2024|甲|1|2
         S1|2024||3|4
         S1|2024|||5",
        "2 S1 2024 primary G1 1 1 2
         3 S1 2024 primary G3 1 3 4
         !4 S1 2024 primary G3 1 - 5
         required 4 pupils: 空单元格 / an empty cell <> 一个值 / a value",
    );
}

#[test]
fn rows_that_are_not_wanted_are_passed_over() {
    check(
        "[only]
         '系列' = ['在校生', 'pupils']
         year = [2024]
         [constants]
         stage = 'primary'
         class_number = 1
         grade_pupils = 9",
        "系列|school|year|grade|pupils
         在校生|S1|2024|G1|1
         毕业生|S1|2024|x|y
         Pupils|S1|2023|x|y
         ＰＵＰＩＬＳ|S1|2024|G2|2",
        "2 S1 2024 primary G1 1 1 9
         5 S1 2024 primary G2 1 2 9",
    );
    check(
        "[only]\n'系列' = ['在校生']",
        "school|year|stage|grade|class_number|pupils|grade_pupils",
        "missing-column 1 系列: 无此列 / no such column <> 列 系列 / a column 系列",
    );
}

#[test]
fn nobody_is_shown() {
    let mapping = "";
    let text = "school|year|pupil|sex|birth|boarding|height_cm|founder_code|remark
        S1|2024|G11010519491231002X|男|2015-02-30|是|1.5m|91110000600037341L|ok
        S1|2024|G110105194912310021|X|2015-02-03|2|150.2|911100006000373411|
        S1|2024|L120101182302300017||||||
        S1|2024|J440524188001010014||||||
        S1|2024|12010119000101||||||";
    let shown = read(&samples::pupils(), mapping, text);
    let pseudonym = |number: &str| Pseudonyms::with_key([7; 32]).of(number);
    let expected = format!(
        "!2 S1 2024 {} M - 1 - 91110000600037341L ok
         !3 S1 2024 {} - 16469 - 1502 911100006000373411 -
         !4 S1 2024 {} - - - - - -
         5 S1 2024 {} - - - - - -
         !6 S1 2024 {} - - - - - -
         date 2 birth: 10 个字符，不显示 / 10 characters, not shown <> 日期，如 2020-09-01 / a date such as 2020-09-01
         number 2 height_cm: 4 个字符，不显示 / 4 characters, not shown <> 至多 1 位小数的数 / a number with at most 1 digits after the point
         checksum 3 pupil: 19 个字符，不显示 / 19 characters, not shown <> 相符的校验码 / a check character that fits
         code 3 sex: X <> 下列之一 / one of M 男, F 女
         flag 3 boarding: 2 <> 是或否，1 或 0 / yes or no, 1 or 0
         checksum 3 founder_code: 911100006000373411 <> 校验码 L / check character L
         birth-date 4 pupil: 19 个字符，不显示 / 19 characters, not shown <> 存在的出生日期 / a birth date that exists
         length 6 pupil: 14 个字符，不显示 / 14 characters, not shown <> 19 个字符 / 19 characters",
        pseudonym("G11010519491231002X"),
        pseudonym("G110105194912310021"),
        pseudonym("L120101182302300017"),
        pseudonym("J440524188001010014"),
        pseudonym("12010119000101"),
    );
    let lines = |it: &str| it.lines().map(|it| it.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&shown), lines(&expected), "\n{shown}");
    for number in ["110105", "194912", "440524", "120101", "2015-02", "1.5m"] {
        assert!(!shown.contains(number), "{number} is shown");
    }
}
