//! Many cases at once: each is decided by itself, and what is to be filled in is asked once.

use axum::http::StatusCode;

use super::town::{Town, begun, encoded, step};

/// Corrections that a school handed in.
async fn corrections(town: &Town, count: usize) -> Vec<String> {
    town.person("clerk", "school_clerk", "9901010001").await;
    town.person("officer", "district_officer", "990101").await;
    let mut clerk = town.browser("clerk").await;
    let mut cases = Vec::new();
    for value in 1..=count {
        let case = begun(&mut clerk, "data-correction", "9901010001").await;
        let fields = format!(
            "f.dataset=classes&f.data_year=2025&f.place={value}&f.value_before={value}&f.value_after=9\
             &f.published=true&f.reason=mistyped&f.grounds=x"
        );
        let sent = step(&mut clerk, &case, "submit", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.main());
        cases.push(case.trim_start_matches("/cases/").to_owned());
    }
    cases
}

fn chosen(cases: &[String]) -> String {
    cases.iter().map(|it| format!("&case={it}")).collect()
}

#[tokio::test]
async fn one_step_is_taken_in_many_cases_and_each_is_decided_by_itself() {
    let town = Town::new().await;
    let mut cases = corrections(&town, 2).await;
    let mut clerk = town.browser("clerk").await;
    let draft = begun(&mut clerk, "data-correction", "9901010001").await;
    cases.push(draft.trim_start_matches("/cases/").to_owned());
    let list = clerk.open("/cases/list?procedure=data-correction").await.main();
    assert!(list.contains("<option value=\"withdraw\">"), "{list}");
    let form = format!("procedure=data-correction&step=withdraw{}", chosen(&cases));
    let answer = clerk.submit("/cases/list", &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("已办理 3 件"), "{}", answer.main());
    clerk.open("/cases/list?procedure=data-correction").await;
    let again = clerk.submit("/cases/list", &form).await;
    assert!(again.text().contains("已办理 0 件"), "{}", again.main());
    assert!(again.text().contains("不在可以办理"), "{}", again.main());
    let none = clerk.submit("/cases/list", "procedure=data-correction&step=withdraw").await;
    assert!(none.text().contains("没有勾选办件"), "{}", none.main());
}

#[tokio::test]
async fn what_a_step_needs_is_asked_once_for_all_cases() {
    let town = Town::new().await;
    let cases = corrections(&town, 3).await;
    let mut officer = town.browser("officer").await;
    let path = "/cases/list?procedure=data-correction";
    let list = officer.open(path).await.main();
    assert!(list.contains("<option value=\"forward\">报市级审批</option>"), "{list}");
    let form = format!("procedure=data-correction&step=forward{}", chosen(&cases));
    let asked = officer.submit("/cases/list", &form).await;
    assert_eq!(asked.status, StatusCode::OK);
    let page = asked.main();
    assert!(page.contains("<h1>报市级审批</h1>") && page.contains("已选 3 件"), "{page}");
    assert!(page.contains("name=\"f.review\"") && !page.contains("f.decision"), "{page}");
    assert_eq!(page.matches("name=\"case\"").count(), 3, "{page}");
    assert!(officer.open(path).await.main().contains("区级审核"), "nothing is done yet");

    // One of them is gone meanwhile, and what one has not filled in is missing in each.
    let mut clerk = town.browser("clerk").await;
    step(&mut clerk, &format!("/cases/{}", cases[2]), "withdraw", "").await;
    let blank = officer.submit("/cases/list", &format!("{form}&do=take&f.review=")).await;
    assert!(blank.text().contains("已办理 0 件"), "{}", blank.main());
    assert_eq!(blank.text().matches("：此项须填写").count(), 2, "{}", blank.main());
    let filled = format!("{form}&do=take&f.review={}", encoded("情况属实"));
    let done = officer.submit("/cases/list", &filled).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert!(done.text().contains("已办理 2 件"), "{}", done.main());
    assert!(done.text().contains("不在可以办理"), "{}", done.main());
    for case in &cases[..2] {
        let page = officer.open(&format!("/cases/{case}")).await.main();
        assert!(page.contains("市级审批</strong>") && page.contains("情况属实"), "{page}");
    }
}

#[tokio::test]
async fn a_note_that_a_step_needs_is_asked_when_it_is_not_there() {
    let town = Town::new().await;
    let cases = corrections(&town, 2).await;
    let mut officer = town.browser("officer").await;
    officer.open("/cases/list?procedure=data-correction").await;
    let form = format!("procedure=data-correction&step=return{}", chosen(&cases));
    let asked = officer.submit("/cases/list", &form).await;
    assert!(asked.text().contains("<h1>退回补正</h1>"), "{}", asked.main());
    assert!(asked.main().contains("name=\"note\" rows=\"3\" maxlength=\"5000\" required"));
    let note = format!("{form}&note={}", encoded("请补充佐证"));
    let done = officer.submit("/cases/list", &note).await;
    assert!(done.text().contains("已办理 2 件"), "{}", done.main());
}

#[tokio::test]
async fn a_role_is_given_in_many_cases() {
    let town = Town::new().await;
    town.person("officer", "district_officer", "990101").await;
    let expert = town.person("expert", "expert", "990101").await;
    let clerk = town.person("clerk", "school_clerk", "9901010001").await;
    let mut officer = town.browser("officer").await;
    let mut cases = Vec::new();
    for number in ["11010519491231002X", "440524188001010014"] {
        let case = begun(&mut officer, "one-person-one-file", "990101").await;
        let fields = format!(
            "f.child=x&f.child_number={number}&f.disability=hearing&f.degree=2&f.wish=regular_class"
        );
        let opened = step(&mut officer, &case, "open", &fields).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.main());
        cases.push(case.trim_start_matches("/cases/").to_owned());
    }
    let list = officer.open("/cases/list?procedure=one-person-one-file").await.main();
    assert!(list.contains("<option value=\"give:assessor\">"), "{list}");
    let form = format!("procedure=one-person-one-file&step=give:assessor{}", chosen(&cases));
    let asked = officer.submit("/cases/list", &form).await;
    let page = asked.main();
    assert!(page.contains(&format!("<option value=\"{expert}\">expert先生</option>")), "{page}");
    assert!(!page.contains(&clerk.to_string()), "only who may: {page}");
    let done = officer.submit("/cases/list", &format!("{form}&do=take&to={expert}")).await;
    assert!(done.text().contains("已办理 2 件"), "{}", done.main());
    let inbox = town.browser("expert").await.open("/cases").await.main();
    assert!(cases.iter().all(|it| inbox.contains(it.as_str())), "{inbox}");
    let refused = officer.submit("/cases/list", &format!("{form}&do=take&to={clerk}")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_cannot_be_done_to_many_is_said_on_the_page() {
    let town = Town::new().await;
    let cases = corrections(&town, 1).await;
    let mut clerk = town.browser("clerk").await;
    let list = clerk.open("/cases/list").await.main();
    assert!(list.contains("选定一个事项，就可以勾选多件"), "{list}");
    begun(&mut clerk, "pupil-transfer", "9901010001").await;
    let list = clerk.open("/cases/list?procedure=pupil-transfer").await.main();
    assert!(list.contains("须逐件办理"), "{list}");
    let signed = format!("procedure=pupil-transfer&step=submit{}", chosen(&cases));
    assert_eq!(clerk.submit("/cases/list", &signed).await.status, StatusCode::BAD_REQUEST);
    // A case of somebody else is none of the many, and nothing is told of it.
    town.person("other", "school_clerk", "9901020001").await;
    let mut other = town.browser("other").await;
    other.open("/cases/list?procedure=data-correction").await;
    let form = format!("procedure=data-correction&step=withdraw{}", chosen(&cases));
    let answer = other.submit("/cases/list", &form).await;
    assert!(answer.text().contains("已办理 0 件"), "{}", answer.main());
    assert!(!answer.text().contains("SJGZ") && !answer.text().contains("DC-"), "{}", answer.main());
}
