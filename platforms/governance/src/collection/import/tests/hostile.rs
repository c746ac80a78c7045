//! Files that are broken or mean harm.

use std::io::Write;

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;

#[track_caller]
fn refused(outcome: &Outcome, rule: &str, found: &str) {
    let first = outcome.findings.first().unwrap();
    assert_eq!((first.rule, first.found.as_str()), (rule, found));
    assert_eq!((first.file.as_str(), outcome.accepted(), outcome.changed), ("f.csv", 0, false));
    assert!(!first.hint.is_empty() && !outcome.is_whole());
}

async fn import_bytes(bytes: impl AsRef<[u8]>) -> Outcome {
    City::new(samples::classes()).import("f.csv", bytes).await
}

#[tokio::test]
async fn what_is_no_table_is_refused() {
    refused(&import_bytes("").await, "file", "空文件 / an empty file");
    refused(&import_bytes("\n\n\n").await, "header", "无表头 / no header");
    refused(&import_bytes("<html><body>login</body></html>").await, "header", "无表头 / no header");
    refused(
        &import_bytes(b"\xd0\xcf\x11\xe0 old").await,
        "file",
        "旧式 .xls 或加密的工作簿 / an old .xls workbook or one with a password",
    );
    refused(
        &import_bytes(b"\x1f\x8b packed").await,
        "file",
        "压缩文件或文档 / a packed file or a document",
    );
    refused(
        &import_bytes(b"PK\x03\x04 nothing behind it").await,
        "file",
        "损坏的工作簿 / a damaged workbook",
    );
    refused(
        &import_bytes(b"PAR1 nothing behind it").await,
        "file",
        "损坏的 Parquet 文件 / a damaged Parquet file",
    );
    refused(&import_bytes(format!("{HEADER}S1,2024\0")).await, "encoding", "NUL 字节 / NUL bytes");
}

#[tokio::test]
async fn a_header_without_rows_does_not_pass_in_silence() {
    let outcome = import_bytes(HEADER).await;
    check(&outcome, "rows 0\nwarning file - -: 无数据行 / no rows");
    assert!(outcome.is_whole() && !outcome.changed);
}

#[tokio::test]
async fn missing_columns_keep_the_file_out() {
    let outcome = import_bytes("school,year,grade\nS1,2024,G1\n").await;
    check(
        &outcome,
        "rows 0
         error missing-column 1 stage: 无此列 / no such column
         error missing-column 1 class_number: 无此列 / no such column
         error missing-column 1 pupils: 无此列 / no such column
         warning missing-column 1 grade_pupils: 无此列 / no such column",
    );
}

#[tokio::test]
async fn ten_million_columns_are_refused() {
    let commas = ",".repeat(10_000_000);
    refused(
        &import_bytes(&commas).await,
        "too-large",
        "超出允许长度的行 / a row longer than allowed",
    );
    refused(
        &import_bytes(format!("{HEADER}{commas}\n")).await,
        "too-large",
        "超出允许长度的行 / a row longer than allowed",
    );
    let outcome = import_bytes(format!("{HEADER}{}\n", ",".repeat(20_000))).await;
    refused(&outcome, "too-large", "20001 列 / 20001 columns");
    assert_eq!(outcome.findings[0].row, Some(2));
}

#[tokio::test]
async fn a_quotation_mark_without_its_second_is_found() {
    let rows = "S1,2024,primary,G1,1,40,\n".repeat(100_000);
    let outcome = import_bytes(format!("{HEADER}\"S1,2024,primary,G1,1,40,\n{rows}")).await;
    refused(&outcome, "too-large", "超出允许长度的行 / a row longer than allowed");
    assert_eq!(outcome.findings[0].row, Some(2));
}

#[tokio::test]
async fn rows_are_counted_as_a_spreadsheet_counts() {
    let text =
        format!("\n{HEADER}\n\"S\n1\",2024,primary,G1,1,40,40\n\n\nS9,2024,primary,G1,1,40,40\n");
    check(
        &import_bytes(text).await,
        "rows 2, refused 2
         error organisation 4 school: S 1
         error organisation 7 school: S9",
    );
}

#[test]
fn findings_are_never_written_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f.csv");
    fs::write(&file, "x").unwrap();
    std::os::unix::fs::symlink(&file, folder.path().join("link.csv")).unwrap();
    assert!(is_same(&folder.path().join("./f.csv"), &file));
    assert!(is_same(&folder.path().join("link.csv"), &file));
    assert!(!is_same(&folder.path().join("findings.csv"), &file));
}

/// A ZIP archive of some parts.
fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_workbook_that_would_fill_the_memory_is_refused() {
    let strings = archive(&[("xl/sharedStrings.xml", vec![b' '; 200 << 20])]);
    assert!(strings.len() < 1 << 20);
    refused(
        &import_bytes(strings).await,
        "too-large",
        "解压后 209715200 字节 / 209715200 bytes unpacked",
    );

    let cell =
        archive(&[("xl/worksheets/sheet1.xml", [b"<c>".to_vec(), vec![b'1'; 2 << 20]].concat())]);
    refused(
        &import_bytes(cell).await,
        "too-large",
        "超出允许长度的单元格 / a cell longer than allowed",
    );

    let merged = b"<mergeCell ref=\"A1:B2\"/>".repeat(120_000);
    let merged = archive(&[("xl/worksheets/sheet1.xml", merged)]);
    refused(
        &import_bytes(merged).await,
        "too-large",
        "超过 100000 处合并单元格 / more than 100000 merged cells",
    );

    let promise = b"<sst uniqueCount=\"9999999999999\"><si/></sst>".to_vec();
    let promise = archive(&[("xl/sharedStrings.xml", promise)]);
    refused(
        &import_bytes(promise).await,
        "too-large",
        "声称有 9999999999999 个字符串 / 9999999999999 strings promised",
    );

    let many: Vec<(String, Vec<u8>)> =
        (0..2_001).map(|it| (format!("p{it}"), Vec::new())).collect();
    let many: Vec<(&str, Vec<u8>)> =
        many.iter().map(|(name, it)| (name.as_str(), it.clone())).collect();
    refused(&import_bytes(archive(&many)).await, "too-large", "2001 个部件 / 2001 parts");
}

#[tokio::test]
async fn a_part_that_lies_about_its_size_is_refused() {
    let mut bomb = archive(&[("xl/styles.xml", vec![b' '; 300 << 20])]);
    // The directory at the end says 100 bytes.
    let size = u32::to_le_bytes(300 << 20);
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|it| bomb[*it..*it + 4] == size).collect();
    assert!(!places.is_empty());
    for place in places {
        bomb[place..place + 4].copy_from_slice(&u32::to_le_bytes(100));
    }
    let outcome = import_bytes(bomb).await;
    assert_eq!((outcome.accepted(), outcome.is_whole()), (0, false));
}

#[tokio::test]
async fn a_part_that_leads_out_of_the_workbook_is_refused() {
    let outcome = import_bytes(archive(&[("../../etc/cron.d/x", b"x".to_vec())])).await;
    refused(
        &outcome,
        "file",
        "名称指向工作簿之外的部件 / a part whose name leads out of the workbook",
    );
}

#[tokio::test]
async fn a_code_that_climbs_is_no_organisation() {
    let text = format!("{HEADER}../../x,2024,primary,G1,1,40,40\n");
    let city = City::new(samples::classes());
    check(
        &city.import("f.csv", text).await,
        "rows 1, refused 1\nerror organisation 2 school: ../../x",
    );
    assert_eq!(city.data_files(), 0);
}

fn run(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcome = runtime.block_on(import_bytes(bytes));
    assert_eq!(outcome.accepted() > 0, outcome.changed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..4_000),
        head in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"PAR1", b"\xff\xfe", HEADER.as_bytes()]),
    ) {
        run(&[head, &bytes].concat());
    }

    #[test]
    fn a_damaged_workbook_never_panics(
        place in 0.0..1.0_f64,
        bytes in prop::collection::vec(any::<u8>(), 1..40),
        sheet in "[<>/a-z\"= 0-9]{0,200}",
    ) {
        let mut workbook = workbooks::plain();
        #[expect(clippy::as_conversions, reason = "a place within a short file")]
        let place = (place * workbook.len() as f64) as usize;
        for (to, from) in workbook.iter_mut().skip(place).zip(&bytes) {
            *to = *from;
        }
        run(&workbook);
        run(&workbooks::with_sheet(sheet.as_bytes()));
    }

    #[test]
    fn a_garbled_mapping_never_panics(text in "[a-z\\[\\]={}\"'0-9.\n #]{0,200}") {
        let _ = Mapping::read("m.toml", &text, &samples::classes());
    }

    #[test]
    fn any_cells_give_rows_or_findings(cells in prop::collection::vec("\\PC{0,12}", 7)) {
        let mut writer = csv::Writer::from_writer(HEADER.as_bytes().to_vec());
        writer.write_record(&cells).unwrap();
        run(&writer.into_inner().unwrap());
    }
}
