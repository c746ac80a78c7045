//! Problems: for a program and for a reader, each with the way on.

use axum::http::StatusCode;
use insta::assert_snapshot;

use crate::site::Site;

#[tokio::test]
async fn problems_are_told_apart() {
    let site = Site::made().await;
    let mut told = String::new();
    for path in [
        "/nowhere",
        "/indicators/IND-99",
        "/organisations/nobody",
        "/organisations/%20",
        "/plan/tasks/9.9",
        "/plan/clauses/x",
        "/?year=9999",
        "/?year=next",
        "/?district=unknown",
        "/?as_of=yesterday",
        "/indicators/IND-01/why?org=none",
        "/api/v1/figures",
        "/api/v1/figures?indicator=IND-01&level=galaxy",
        "/api/v1/figures?indicator=IND-03&level=school",
        "/api/v1/figures.csv?indicator=IND-03&level=school",
        "/api/v1/figures?indicator=IND-01&level=school&within=nobody",
        "/api/v1/organisations?limit=0",
        "/api/v1/explain?indicator=IND-01&limit=many",
        "/api/v1/scoreboard?year=1",
        "/api/v1/scoreboard?anno=2024",
        "/api/nowhere",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.json()["status"], answer.status.as_u16(), "{path}");
        told += &format!("{path}\n  {}\n", answer.text());
    }
    assert_snapshot!(told);
}

#[tokio::test]
async fn a_browser_gets_the_same_problem_as_a_page() {
    let site = Site::made().await;
    let page = site.ask("GET", "/indicators/IND-99", &[("accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_snapshot!("problem_page", page.main());
    for path in ["/en?year=x", "/en/?year=x"] {
        let english = site.ask("GET", path, &[("accept", "text/html")]).await;
        assert!(english.text().contains("That year is outside the plan"), "{}", english.text());
    }
}

#[tokio::test]
async fn a_program_is_answered_in_its_language() {
    let site = Site::made().await;
    let chinese = site.ask("GET", "/api/v1/figures", &[("accept-language", "zh-CN,zh")]).await;
    assert_eq!(chinese.json()["title"], "地址中的参数不对");
}

#[tokio::test]
async fn the_site_only_reads() {
    let site = Site::made().await;
    for method in ["POST", "PUT", "DELETE"] {
        let answer = site.ask(method, "/api/v1/scoreboard", &[]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.json()["type"], "/problems/read-only", "{method}");
    }
}

#[tokio::test]
async fn what_was_asked_for_comes_back_as_text_only() {
    let site = Site::made().await;
    let path = "/organisations/%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = site.ask("GET", path, &[("accept", "text/html")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.text().contains("<script>"), "{}", page.text());
}
