//! Forms as workbooks, over HTTP: an empty one out, a filled one in, and every cell that does not fit told by its place.

use axum::http::StatusCode;
use insta::assert_snapshot;

use super::town::Town;
use super::workbook::workbook;
use crate::network::Browser;
use crate::site::Answer;

const PATH: &str = "/cases/new/drop-out/sheet";

const HEADER: [&str; 6] = [
    "机构代码\nOrganisation code",
    "学生姓名\nPupil *",
    "学籍号\nStudent number *",
    "年级\nGrade *",
    "未到校起始日\nAbsent since *",
    "失学原因\nCause",
];

fn filled(rows: &[[&str; 6]]) -> Vec<u8> {
    let all = std::iter::once(&HEADER).chain(rows);
    workbook(&all.map(|it| it.iter().map(|it| (*it).to_owned()).collect()).collect::<Vec<_>>())
}

async fn town() -> Town {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    town
}

/// Hands a workbook in on the page that begins cases.
async fn hand_in(browser: &mut Browser<'_>, path: &str, deed: &str, bytes: &[u8]) -> Answer {
    browser.open(path.trim_end_matches("/sheet")).await;
    browser.upload(path, &[("do", deed)], ("sheet", "办件.xlsx", bytes)).await
}

/// Cells of the table of findings, a row each.
fn findings(page: &str) -> String {
    let table = page.split("<table class=\"figures findings\">").nth(1).unwrap();
    let body = table.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let row = |it: &str| {
        let cells = it
            .split("<td")
            .skip(1)
            .map(|it| it.split_once('>').unwrap().1.split("</td>").next().unwrap().to_owned());
        cells.collect::<Vec<_>>().join(" | ")
    };
    body.split("<tr>").skip(1).map(row).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_empty_workbook_is_a_download_with_the_name_of_its_procedure() {
    let town = town().await;
    let empty = town.browser("clerk").await.open(PATH).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.bytes.starts_with(b"PK"));
    assert!(empty.header("content-type").contains("spreadsheetml"));
    let name = empty.header("content-disposition");
    assert!(name.starts_with("attachment; filename*=UTF-8''%E6%8E%A7"), "{name}");
}

#[tokio::test]
async fn rows_are_checked_first_and_then_become_cases() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    let sheet = filled(&[
        ["9901010001", "李小河", "G11010519491231002X", "八年级", "2026-09-01", ""],
        ["9901010001", "王小海", "G11010519491231003X", "8", "2026-09-02", "学习困难"],
    ]);
    let checked = hand_in(&mut clerk, PATH, "check", &sheet).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.main());
    assert!(checked.text().contains("核查通过 2 行，尚未提交"), "{}", checked.main());
    assert!(clerk.open("/cases/list").await.main().contains("还没有办件"));

    let taken = hand_in(&mut clerk, PATH, "take", &sheet).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.main());
    assert!(taken.text().contains("已办理 2 行"), "{}", taken.main());
    assert!(taken.text().contains("2 → KC-2026-000001"), "{}", taken.main());
    let list = clerk.open("/cases/list?procedure=drop-out").await.main();
    assert_eq!(list.matches("学校劝返</strong>").count(), 2, "{list}");

    // The same once more: each pupil has an open case, and no second one is begun.
    let again = hand_in(&mut clerk, PATH, "take", &sheet).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("已办理 0 行"), "{}", again.main());
    assert!(findings(&again.main()).contains("KC-2026-000001"), "{}", again.main());
}

#[tokio::test]
async fn every_cell_that_does_not_fit_is_told_by_row_and_column_in_both_languages() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    let sheet = filled(&[
        ["9901010001", "李小河", "G11010519491231002X", "八年级", "2026-09-01", ""],
        ["9901010001", "王小海", "G110", "8", "2026-09-01", ""],
        ["9901010001", "赵小宁", "G11010519491231004X", "十年级", "昨天", "想不起来"],
        ["", "钱小江", "G11010519491231005X", "8", "2026-09-01", ""],
        ["9901020001", "孙小溪", "G11010519491231006X", "8", "2026-09-01", ""],
        ["9901010001", "周小湖", "", "8", "2026-09-01", ""],
    ]);
    for (prefix, name) in [("", "zh"), ("/en", "en")] {
        let answer = hand_in(&mut clerk, &format!("{prefix}{PATH}"), "check", &sheet).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let findings = findings(&answer.main());
        // Who a finding is about is not told again.
        for secret in ["王小海", "G110", "赵小宁", "昨天", "G11010519491231006X"] {
            assert!(!findings.contains(secret), "{secret}: {findings}");
        }
        assert_snapshot!(format!("findings_{name}"), findings);
    }
    let taken = hand_in(&mut clerk, PATH, "take", &sheet).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text().contains("2 → KC-2026-000001"), "{}", taken.main());
    assert!(!taken.text().contains("KC-2026-000002"), "{}", taken.main());
}

#[tokio::test]
async fn a_file_that_is_no_workbook_or_too_large_is_refused_in_words() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    clerk.open("/cases/new/drop-out").await;
    let none = clerk.submit(PATH, "do=check").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("请选择填好的表格"), "{}", none.main());
    let header = workbook(&[]);
    let long: Vec<Vec<String>> = (0..5_001).map(|_| vec!["1".to_owned()]).collect();
    let long = workbook(&long);
    let other = workbook(&[vec!["机构代码".to_owned(), "血型\nBlood group".to_owned()]]);
    let unfit: [(&[u8], &str); 5] = [
        (b"organisation,pupil\n", "不是可以读取的 XLSX"),
        (b"%PDF-1.7\n1 0 obj\nendobj\n", "不是可以读取的 XLSX"),
        (&header, "没有表头"),
        (&long, "超过 5000 行"),
        (&other, "血型"),
    ];
    for (bytes, words) in unfit {
        let answer = hand_in(&mut clerk, PATH, "take", bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text().contains(words), "{words}: {}", answer.main());
    }
    let enormous = vec![b'a'; 1_200_000];
    let answer = hand_in(&mut clerk, PATH, "take", &enormous).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("文件太大"), "{}", answer.main());
    assert!(clerk.open("/cases/list").await.main().contains("还没有办件"));
}

#[tokio::test]
async fn a_workbook_is_for_those_who_may_begin_such_a_case() {
    let town = town().await;
    town.person("expert", "expert", "990101").await;
    let mut expert = town.browser("expert").await;
    assert_eq!(expert.open(PATH).await.status, StatusCode::FORBIDDEN);
    expert.open("/cases").await;
    let sheet = filled(&[["9901010001", "李", "G11010519491231002X", "8", "2026-09-01", ""]]);
    let file = ("sheet", "a.xlsx", sheet.as_slice());
    let answer = expert.upload(PATH, &[("do", "take")], file).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Of another school a clerk begins none: the row is refused, whoever signed in.
    town.person("other", "school_clerk", "9901020001").await;
    let mut other = town.browser("other").await;
    let answer = hand_in(&mut other, PATH, "take", &sheet).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("已办理 0 行"), "{}", answer.main());
}
