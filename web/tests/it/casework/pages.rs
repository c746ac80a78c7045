//! One page of each kind in both languages, and what lists, boards and notices are for.

use axum::http::StatusCode;
use insta::assert_snapshot;
use network::audit::{Asked, entries};

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

/// A pupil who comes from the other bank.
fn transferred() -> String {
    format!(
        "f.pupil={}&f.pupil_number=G11010519491231002X&f.grade=4&f.from_school={}&f.to_school=9901010001\
         &f.reason=moved&f.seat=true&f.opinion_to=ok",
        encoded("王小海"),
        encoded("西岸区第1小学"),
    )
}

/// How a step is offered on a page.
fn button(name: &str, is_plain: bool) -> String {
    let class = if is_plain { "button plain" } else { "button" };
    format!("<button class=\"{class}\" name=\"do\" value=\"step:{name}\">")
}

#[tokio::test]
async fn nothing_stands_out_for_whoever_could_only_say_no() {
    let town = town().await;
    town.person("giver", "school_clerk", "9901020001").await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "pupil-transfer", "9901010001").await;
    step(&mut clerk, &case, "submit", &transferred()).await;
    // The school that is left agrees first; the district that is entered may refuse meanwhile.
    let giver = town.browser("giver").await.open(&case).await.main();
    assert!(giver.contains(&button("release", false)), "{giver}");
    for name in ["refuse", "return_to_receiver"] {
        assert!(giver.contains(&button(name, true)), "{name}: {giver}");
    }
    let officer = town.browser("officer").await.open(&case).await.main();
    assert!(officer.contains(&button("refuse", true)), "{officer}");
    assert!(!officer.contains("<button class=\"button\" name=\"do\""), "{officer}");
}

#[tokio::test]
async fn wherever_a_case_is_shown_it_says_where_it_stands_and_whose_turn_it_is() {
    let town = town().await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "drop-out", "9901010001").await;
    step(&mut clerk, &case, "report", REPORTED).await;
    drop(clerk);
    let (own, others) = ("data-turn=\"own\"", "data-turn=\"others\"");
    for path in ["/cases", "/cases/list", case.as_str()] {
        let page = town.browser("clerk").await.open(path).await.main();
        assert!(page.contains(own) && page.contains("学校劝返</strong>"), "{path}: {page}");
        assert!(page.contains("<span class=\"word\">待您办理 · 期限内</span>"), "{path}: {page}");
    }
    for path in ["/cases/list", case.as_str()] {
        let page = town.browser("officer").await.open(path).await.main();
        assert!(page.contains(others) && !page.contains(own), "{path}: {page}");
        assert!(page.contains("<span class=\"word\">办理中 · 期限内</span>"), "{path}: {page}");
    }
}

#[tokio::test]
async fn whoever_begins_a_case_is_told_how_long_each_step_may_take() {
    let town = town().await;
    let page = both(&town, "clerk", "/cases/new/hazard-rectification").await;
    let limits = [
        ("评估期限", "2 个工作日</strong> · 区教育局"),
        ("停用期限", "1 个自然日</strong> · 学校"),
        ("整改期限", "至“整改期限”所填之日</strong> · 学校"),
        ("Assessment", "2 working days</strong> · "),
        ("Out of use", "1 calendar day</strong> · "),
    ];
    for (title, limit) in limits {
        let line = format!("<dt>{title}</dt><dd><strong class=\"num\">{limit}");
        assert!(page.contains(&line), "{line}: {page}");
    }
}

#[tokio::test]
async fn what_is_signed_is_shown_first() {
    let town = town().await;
    town.person("other", "school_clerk", "9901020001").await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "pupil-transfer", "9901010001").await;
    clerk.open(&case).await;
    let fields = transferred();
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
    let district = officer.open("/cases/list?org=990101").await.main();
    assert!(district.contains(&case), "a district's cases are those of its schools: {district}");
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

#[tokio::test]
async fn a_case_is_read_for_what_the_role_that_handles_it_was_given_for() {
    let town = Town::new().await;
    // The first role has nothing to do with cases, and another purpose.
    let both = town.person("both", "application_owner", "9901010001").await;
    town.give(both, "school_clerk", "9901010001").await;
    let mut browser = town.browser("both").await;
    let case = begun(&mut browser, "drop-out", "9901010001").await;
    step(&mut browser, &case, "report", REPORTED).await;
    browser.open(&case).await;
    let asked = Asked { action: Some("case.read".to_owned()), ..Asked::default() };
    let read = entries(&town.site.store, &asked, 10).await.unwrap();
    assert!(!read.is_empty() && read.iter().all(|it| it.purpose == "administration"), "{read:?}");
}
