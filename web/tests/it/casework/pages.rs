//! One page of each kind in both languages, and what lists, boards and notices are for.

use axum::http::StatusCode;
use insta::assert_snapshot;

use super::town::{Town, begun, encoded, hidden, step};

const REPORTED: &str =
    "f.pupil=%E6%9D%8E&f.pupil_number=G11010519491231002X&f.grade=8&f.absent_since=2026-09-01";

/// A town with a clerk and her district's officer.
async fn town() -> Town {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    town.person("officer", "district_officer", "990101").await;
    town
}

/// The main part of a page in both languages, without what is drawn by chance.
async fn both(town: &Town, login: &str, path: &str) -> String {
    let mut browser = town.browser(login).await;
    let mut found = Vec::new();
    for prefix in ["", "/en"] {
        let page = browser.open(&format!("{prefix}{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let csrf = hidden(&page.text(), "csrf");
        found.push(page.main().replace(&csrf, "CSRF"));
    }
    found.join("\n")
}

#[tokio::test]
async fn pages_of_cases_in_both_languages() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    assert_snapshot!("inbox_empty", both(&town, "clerk", "/cases").await);
    assert_snapshot!("new", both(&town, "clerk", "/cases/new").await);
    assert_snapshot!("begin", both(&town, "clerk", "/cases/new/drop-out").await);
    let case = begun(&mut clerk, "drop-out", "9901010001").await;
    assert_snapshot!("draft", both(&town, "clerk", &case).await);
    step(&mut clerk, &case, "report", REPORTED).await;
    clerk.open(&case).await;
    clerk
        .submit(&format!("{case}/comments"), &format!("body={}", encoded("已联系家长\n<b>")))
        .await;
    assert_snapshot!("case", both(&town, "clerk", &case).await);
    assert_snapshot!("inbox", both(&town, "clerk", "/cases").await);
    assert_snapshot!("list", both(&town, "officer", "/cases/list?procedure=drop-out").await);
    assert_snapshot!("overdue_none", both(&town, "officer", "/cases/overdue").await);
}

#[tokio::test]
async fn what_is_signed_is_shown_first() {
    let town = town().await;
    town.person("other", "school_clerk", "9901020001").await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "pupil-transfer", "9901010001").await;
    clerk.open(&case).await;
    let fields = format!(
        "f.pupil={}&f.pupil_number=G11010519491231002X&f.grade=4&f.from_school={}&f.to_school=9901010001\
         &f.reason=moved&f.seat=true&f.opinion_to=ok",
        encoded("王小海"),
        encoded("西岸区第1小学"),
    );
    let page = clerk.submit(&case, &format!("revision=0&do=step:submit&{fields}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let csrf = hidden(&page.text(), "csrf");
    assert_snapshot!("sign", page.main().replace(&csrf, "CSRF"));
    let seen = hidden(&page.text(), "seen");
    let body = format!("revision=0&do=step:submit&{fields}&seen={seen}");
    let signed = clerk.submit(&case, &body).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text());
    assert!(town.browser("other").await.open(&case).await.main().contains("西岸区第1小学"));
}

#[tokio::test]
async fn what_is_overdue_is_on_the_board_and_leads_to_its_cases() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "data-correction", "9901010001").await;
    let fields = format!(
        "f.dataset=classes&f.data_year=2025&f.place=9901010001&f.value_before=1&f.value_after=2&f.published=true\
         &f.reason=mistyped&f.grounds={}",
        encoded("录入有误"),
    );
    let sent = step(&mut clerk, &case, "submit", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.main());
    drop(clerk);
    town.wait(20);
    town.tick().await;
    assert_snapshot!("overdue", both(&town, "officer", "/cases/overdue").await);
    let mut officer = town.browser("officer").await;
    let path = "/cases/list?procedure=data-correction&org=9901010001&only=overdue";
    assert!(officer.open(path).await.main().contains(&case));
    assert!(officer.open("/cases").await.main().contains("已逾期"));
    let other = officer.open("/cases/list?org=9901010003").await.main();
    assert!(!other.contains(&case) && other.contains("没有符合条件的办件"), "{other}");
}

#[tokio::test]
async fn notices_are_for_everyone() {
    let town = town().await;
    let empty = town.site.get("/published").await;
    assert_eq!((empty.status, empty.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(empty.main().contains("目前没有公示"));
}
