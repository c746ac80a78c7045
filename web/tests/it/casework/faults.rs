//! What is wrong is said next to the field, and nothing that somebody wrote is lost.

use axum::http::StatusCode;

use super::town::{Town, begun, encoded, hidden, step};

const REPORTED: &str =
    "f.pupil=%E6%9D%8E&f.pupil_number=G11010519491231002X&f.grade=8&f.absent_since=2026-09-01";

#[tokio::test]
async fn what_is_wrong_is_said_next_to_its_field_and_in_one_list() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    let mut browser = town.browser("clerk").await;
    let case = begun(&mut browser, "drop-out", "9901010001").await;
    let fields = "f.pupil=%E6%9D%8E&f.pupil_number=110&f.grade=&f.absent_since=yesterday";
    let answer = step(&mut browser, &case, "report", fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.main();
    assert!(page.contains("href=\"#f.absent_since\""), "it is in no list: {page}");
    let own = "id=\"f.absent_since-fault\">应为日期，如 2026-09-01";
    assert!(page.contains(own), "{page}");
    assert!(page.contains("aria-describedby=\"f.absent_since-fault\""), "{page}");
    assert!(page.contains("value=\"yesterday\""), "what was written stays: {page}");

    let fields = "f.pupil=%E6%9D%8E&f.pupil_number=110&f.grade=&f.absent_since=2026-09-01";
    let page = step(&mut browser, &case, "report", fields).await.main();
    for (field, words) in [("pupil_number", "不符合填写要求"), ("grade", "此项须填写")]
    {
        assert!(page.contains(&format!("id=\"f.{field}-fault\">{words}")), "{field}: {page}");
    }
    assert!(page.contains("有 2 项需要改正"), "{page}");

    let english = format!("/en{case}");
    browser.open(&english).await;
    let page =
        browser.submit(&english, &format!("revision=0&do=step:report&{fields}")).await.main();
    assert!(page.contains("2 fields must be mended"), "{page}");
    assert!(page.contains("this must be filled in"), "{page}");
}

#[tokio::test]
async fn a_condition_that_does_not_hold_names_the_fields_that_decide_it() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    let mut browser = town.browser("clerk").await;
    let case = begun(&mut browser, "pupil-transfer", "9901010001").await;
    let fields = "f.pupil=x&f.pupil_number=G11010519491231002X&f.grade=4&f.reason=moved&f.opinion_to=x&f.seat=false\
                  &f.from_school=9901010001&f.to_school=9901010001";
    let page = step(&mut browser, &case, "submit", fields).await.main();
    let told = "“提交并签署”的条件不满足，与此有关的是：转出学校、转入学校、有空余学位，请核对填写的内容。";
    assert!(page.contains(told), "{page}");
    // And what is not filled in stands in the order of the page.
    let page = step(&mut browser, &case, "submit", "").await.main();
    let places = ["pupil", "pupil_number", "grade", "from_school"]
        .map(|it| page.find(&format!("href=\"#f.{it}\"")));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {page}");
}

#[tokio::test]
async fn a_number_with_a_point_is_asked_for_as_one_and_what_is_expected_is_said() {
    let town = Town::new().await;
    town.person("officer", "district_officer", "990101").await;
    let mut browser = town.browser("officer").await;
    let case = begun(&mut browser, "preschool-recognition", "990101").await;
    let page = browser.open(&case).await.main();
    assert!(page.contains("name=\"f.coverage\" value=\"\" inputmode=\"decimal\""), "{page}");

    let fields = "f.declared_year=2021&f.public_share=53.105&f.coverage=";
    let page = step(&mut browser, &case, "declare", &format!("{fields}85%25")).await.main();
    let expected = "应为 0.00 至 100.00 的数，小数点后至多 2 位";
    for field in ["coverage", "public_share"] {
        assert!(page.contains(&format!("id=\"f.{field}-fault\">{expected}")), "{field}: {page}");
    }
    assert!(page.contains("value=\"85%\"") && page.contains("value=\"53.105\""), "{page}");

    browser.submit(&case, "revision=0&do=draft&f.coverage=85.2").await;
    assert!(browser.open(&case).await.main().contains("value=\"85.20\""));
}

#[tokio::test]
async fn a_draft_is_kept_by_a_button_by_the_script_and_when_a_step_is_refused() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    let mut browser = town.browser("clerk").await;
    let case = begun(&mut browser, "drop-out", "9901010001").await;
    browser.open(&case).await;
    let kept = browser.submit(&case, "revision=0&do=draft&f.pupil=one&f.absent_since=soon").await;
    assert_eq!(
        (kept.status, kept.header("location")),
        (StatusCode::SEE_OTHER, &*format!("{case}#form"))
    );
    let page = browser.open(&case).await.main();
    assert!(page.contains("value=\"one\"") && page.contains("value=\"soon\""), "{page}");
    assert!(page.contains("草稿保存于"), "{page}");

    let scripted = browser.submit(&format!("{case}/draft"), "f.pupil=two").await;
    // The page says when, by the city's clocks and not by those of the browser.
    assert_eq!((scripted.status, scripted.text()), (StatusCode::OK, "2026-09-21 22:13".to_owned()));
    assert!(browser.open(&case).await.main().contains("value=\"two\""));

    step(&mut browser, &case, "report", "f.pupil=three").await;
    assert!(browser.open(&case).await.main().contains("value=\"three\""));
    let done = step(&mut browser, &case, "report", REPORTED).await;
    assert_eq!(done.header("location"), format!("{case}?done=report"), "{}", done.text());
    assert!(!browser.open(&case).await.main().contains("草稿保存于"));
}

#[tokio::test]
async fn of_two_who_work_on_a_case_the_later_is_told_and_loses_nothing() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    let mut browser = town.browser("clerk").await;
    let case = begun(&mut browser, "drop-out", "9901010001").await;
    step(&mut browser, &case, "report", REPORTED).await;
    browser.open(&case).await;
    let visited = "f.visits=1&f.visit_notes=first";
    let one = browser.submit(&case, &format!("revision=1&do=step:visit&{visited}")).await;
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text());
    let two = format!("revision=1&do=step:visit&f.visits=2&f.visit_notes={}", encoded("second"));
    let two = browser.submit(&case, &two).await;
    assert_eq!(two.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(two.text().contains("本件刚刚被他人办理过"), "{}", two.main());
    assert!(two.text().contains("second"));
    assert_eq!(hidden(&two.text(), "revision"), "2");
}

#[tokio::test]
async fn nobody_learns_of_a_case_that_is_not_theirs() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    town.person("neighbour", "district_officer", "990102").await;
    town.person("administrator", "administrator", "990000").await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "drop-out", "9901010001").await;
    step(&mut clerk, &case, "report", REPORTED).await;
    let page = clerk.open(&case).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let file = ("file.", "visit.txt", "what was seen");
    clerk.upload(&case, &[("do", "files")], file).await;
    let page = clerk.open(&case).await.text();
    let files = format!("{case}/files/");
    let file = format!("{files}{}", page.split(&files).nth(1).unwrap().split('"').next().unwrap());
    let own = clerk.open(&file).await;
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(own.header("content-type"), "text/plain");
    assert!(own.header("content-disposition").starts_with("attachment;"));
    assert_eq!(own.header("cache-control"), "no-store");
    assert_eq!(own.bytes, b"what was seen");

    for stranger in ["neighbour", "administrator"] {
        let mut stranger = town.browser(stranger).await;
        for path in [case.clone(), file.clone(), format!("/en{case}")] {
            let answer = stranger.open(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.text().contains("李") && !answer.text().contains("KC-"), "{path}");
        }
        stranger.open("/cases").await;
        for (path, body) in [
            (case.clone(), "revision=1&do=step:visit&f.visits=1"),
            (case.clone(), "do=draft&f.pupil=x"),
            (format!("{case}/draft"), "f.pupil=x"),
            (format!("{case}/comments"), "body=x"),
            (format!("{case}/review"), "score=1"),
        ] {
            let answer = stranger.submit(&path, body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} {body}: {}", answer.text());
        }
        for path in ["/cases", "/cases/list", "/cases/list?q=%E6%9D%8E", "/cases/overdue"] {
            let page = stranger.open(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text().contains("KC-"), "{path}");
        }
    }
    let refused = town.browser("neighbour").await.open("/cases/new/selection").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut nobody = crate::network::Browser::new(&town.site);
    let led = nobody.open(&case).await;
    assert_eq!(
        (led.status, led.header("location")),
        (StatusCode::SEE_OTHER, &*format!("/sign-in?next={case}"))
    );
}

#[tokio::test]
async fn files_are_told_by_their_content_and_kept_within_their_limit() {
    let town = Town::new().await;
    town.person("clerk", "school_clerk", "9901010001").await;
    let mut browser = town.browser("clerk").await;
    let case = begun(&mut browser, "drop-out", "9901010001").await;
    browser.open(&case).await;
    let large = "a".repeat(100_001);
    let enormous = "a".repeat(1_200_000);
    for (content, status, words) in [
        ("<html><script>", StatusCode::UNPROCESSABLE_ENTITY, "不接受这种文件"),
        (large.as_str(), StatusCode::UNPROCESSABLE_ENTITY, "超过 98 kB"),
        (enormous.as_str(), StatusCode::PAYLOAD_TOO_LARGE, "文件太大"),
    ] {
        let file = ("file.", "harmless.pdf", content);
        let answer = browser.upload(&case, &[("do", "files")], file).await;
        assert_eq!(answer.status, status, "{words}");
        assert!(answer.text().contains(words), "{words}: {}", answer.main());
    }
    assert!(browser.open(&case).await.main().contains("还没有附件"));
    // Without its secret nothing is taken, files or not.
    let body =
        "--parted\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\nfiles\r\n--parted--\r\n";
    let answer = browser.send("POST", &case, "http://localhost:8080", body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
