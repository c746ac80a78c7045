//! The site before its first release, and the first release coming in.

use axum::http::StatusCode;
use insta::assert_snapshot;

use crate::made;
use crate::site::Site;

#[tokio::test]
async fn an_empty_site_says_what_to_do() {
    let site = Site::empty().await;
    let page = site.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_snapshot!("empty", page.main());
    assert_eq!(site.get("/indicators/IND-01/why").await.main(), page.main());
    let answer = site.get("/api/v1/scoreboard").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["type"], "/problems/nothing-published");
}

#[tokio::test]
async fn a_release_takes_the_place_of_what_was_kept() {
    let site = Site::empty().await;
    let before = site.get("/").await;
    site.app.replace(made::published());
    let after = site.get("/").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(after.text().contains("IND-01"), "{}", after.text());
    assert_eq!(site.app.release().as_deref(), Some("20260105T120000-00c0ffee"));
}

#[tokio::test]
async fn what_was_published_by_a_day_is_what_was_by_its_midnight_in_the_city() {
    let plan = made::published().plan().clone();
    let site = Site::empty().await;
    site.record(&made::published(), made::instant("2026-01-05T11:00:00Z")).await;
    let first = site.publish(&plan, made::instant("2026-01-31T15:00:00Z")).await;
    let mut amended = plan;
    amended.version = "7712c0d3f9".to_owned();
    let next = site.publish(&amended, made::instant("2026-01-31T17:00:00Z")).await;
    site.app.replace(made::released(amended.clone(), next.clone()));
    let plans = move |_: &str| Some(made::published().plan().clone());
    let _ = site.app.clone().with_plans(plans);
    // At 17:00 in UTC it is the first of February there.
    for (day, release) in [("2026-01-31", &first.id), ("2026-02-01", &next.id)] {
        let page = site.get(&format!("/?as_of={day}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert!(page.text().contains(&format!(">{release}</a>")), "{day}: {}", page.text());
    }
    assert_eq!(site.get("/?as_of=2026-01-30").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_release_under_another_plan_is_shown_with_the_plan_of_its_time() {
    let then = made::published().plan().clone();
    let mut now = then.clone();
    now.version = "7712c0d3f9".to_owned();
    now.name.zh = "江城教育规划（修订）".to_owned();
    let site = Site::empty().await;
    site.record(&made::published(), made::instant("2026-01-05T11:00:00Z")).await;
    let first = site.publish(&then, made::instant("2026-01-05T12:00:00Z")).await;
    let second = site.publish(&now, made::instant("2026-02-05T12:00:00Z")).await;
    assert_ne!(first.id, second.id);
    site.app.replace(made::released(now, second));
    let earlier = "/?as_of=2026-01-31T00:00:00Z";

    let lost = site.get(earlier).await;
    assert_eq!(lost.status, StatusCode::CONFLICT);
    assert_eq!(lost.json()["type"], "/problems/other-plan");

    let plans = move |version: &str| Some(then.clone()).filter(|it| it.version == version);
    let _ = site.app.clone().with_plans(plans);
    let page = site.get(earlier).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("9f3c21ab") && !page.text().contains("修订"), "{}", page.text());
    assert!(site.get("/").await.text().contains("江城教育规划（修订）"));
}
