//! Pages of those who look after accounts, grants, requests and the log, as a browser without JavaScript goes through them.

use axum::http::StatusCode;
use network::audit::Actor;
use network::grants::{Wanted, give};
use network::roles::{Reach, Roles};
use network::sessions::{self, Methods, Origin};
use network::testing::{Counting, at};
use network::{AccountId, accounts, passwords};

use crate::matrix::{NEIGHBOUR, OWN, organisations};
use crate::network::{Browser, PASSWORD, clerk};
use crate::site::Site;

pub(crate) async fn site() -> Site {
    let site = Site::made().await;
    network::record(&site.store, &organisations(), at(-1), jiff::tz::Offset::UTC).await.unwrap();
    site
}

/// Opens an account whose owner holds a role.
pub(crate) async fn holder(site: &Site, login: &str, role: &str, organisation: &str) -> AccountId {
    let number = login.bytes().fold(7_u64, |it, byte| it.wrapping_mul(31) ^ u64::from(byte));
    let mut entropy = Counting::beginning_at((number << 20) >> 1);
    let (login, name) = (login.parse().unwrap(), format!("{login}先生").parse().unwrap());
    let home = organisation.parse().unwrap();
    let id = accounts::open(&site.store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let roles = Roles::national();
    let role = roles.get(&role.parse().unwrap()).unwrap();
    let wanted = Wanted {
        account: id,
        role: role.code.clone(),
        organisation: home,
        reach: *role.reaches.last().unwrap_or(&Reach::Alone),
        purpose: role.purposes[0].clone(),
        valid_from: at(0),
        valid_until: None,
        reason: "岗位任命".to_owned(),
    };
    give(&site.store, &roles, Actor::System, &wanted, &mut entropy, at(0)).await.unwrap();
    id
}

/// A browser of somebody who signed in by these methods.
pub(crate) async fn browser<'a>(site: &'a Site, account: AccountId, methods: &str) -> Browser<'a> {
    let policies = passwords::Policies::shipped().unwrap();
    let lifetimes = &policies.policy("asvs").unwrap().lifetimes;
    let number =
        account.to_string().bytes().fold(11_u64, |it, byte| it.wrapping_mul(31) ^ u64::from(byte));
    let mut entropy = Counting::beginning_at(number >> 1);
    let (methods, origin): (Methods, _) = (methods.parse().unwrap(), Origin::default());
    let opened =
        sessions::open(&site.store, account, methods, &origin, lifetimes, at(0), &mut entropy);
    let (_, token) = opened.await.unwrap();
    let mut browser = Browser::new(site);
    browser.cookies.insert("haihe-session".to_owned(), token.reveal().to_owned());
    browser
}

#[tokio::test]
async fn links_begin_with_the_address_that_the_centre_is_reached_by() {
    let site = Site::surrounded(|it| it.origin = "http://haihe.example".to_owned()).await;
    network::record(&site.store, &organisations(), at(-1), jiff::tz::Offset::UTC).await.unwrap();
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    browser.open("/accounts").await;
    let form = "name=李老师&login=li.laoshi&home=9901010001&role=teacher";
    let invited = browser.submit("/accounts", form).await.main();
    assert!(invited.contains(">http://haihe.example/invitations/"), "{invited}");
    assert!(!invited.contains("本机"), "{invited}");
}

#[tokio::test]
async fn an_officer_invites_looks_up_resets_and_closes_in_the_own_district() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    assert!(browser.open("/start").await.text().contains("href=\"/accounts\""));
    browser.open("/accounts").await;
    let form = "name=李老师&login=li.laoshi&home=9901010001&role=teacher";
    let invited = browser.submit("/accounts", form).await;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.main());
    assert!(invited.main().contains("只能在本机打开"), "{}", invited.main());
    let link = invited.text();
    let link = link.split("http://localhost:8080/invitations/").nth(1).unwrap();
    let path = format!("/invitations/{}", link.split('<').next().unwrap());

    let mut guest = Browser::new(&site);
    assert_eq!(guest.open(&path).await.status, StatusCode::OK);
    let fields = format!("new={0}&again={0}", PASSWORD.replace(' ', "+"));
    assert_eq!(guest.submit(&path, &fields).await.status, StatusCode::SEE_OTHER);

    let found = browser.open("/accounts?search=li.lao").await.text();
    assert!(found.contains("李老师"), "{found}");
    let one = found.split("href=\"/accounts/").nth(1).unwrap().split('"').next().unwrap();
    let one = format!("/accounts/{one}");
    let page = browser.open(&one).await;
    assert!(page.main().contains("教师"), "the role came with the account: {}", page.main());
    let reset = browser.submit(&one, "deed=reset").await;
    assert!(reset.text().contains("/invitations/"), "{}", reset.main());
    assert_eq!(browser.submit(&one, "deed=close").await.status, StatusCode::SEE_OTHER);
    assert!(browser.open(&one).await.main().contains("已于"));
    assert_eq!(browser.submit(&one, "deed=reopen").await.status, StatusCode::SEE_OTHER);

    let outside = "name=李老师&login=li.er&home=9901020001&role=";
    browser.open("/accounts").await;
    let refused = browser.submit("/accounts", outside).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.main().contains("没有这个机构"), "{}", refused.main());
}

#[tokio::test]
async fn a_neighbours_account_is_not_there() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let teacher = holder(&site, "teacher", "teacher", "9901020001").await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    let page = browser.open(&format!("/accounts/{teacher}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    browser.open("/accounts").await;
    let closed = browser.submit(&format!("/accounts/{teacher}"), "deed=close").await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
    let found = accounts::find(&site.store, teacher).await.unwrap().unwrap();
    assert_eq!(found.closed_at, None);
    assert!(!browser.open("/accounts").await.text().contains("teacher先生"));
    let unknown = browser.open("/accounts/not-an-id").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_role_is_given_and_revoked_on_its_page() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let stranger = holder(&site, "stranger", "teacher", "9901020001").await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    let page = browser.open("/grants").await.text();
    assert!(page.contains("teacher先生") && !page.contains("stranger先生"), "{page}");
    let clerk = |login: &str| {
        format!(
            "login={login}&role=school_clerk&organisation=9901010001&reach=subtree\
             &purpose=administration&until=&reason=岗位任命"
        )
    };
    let given = browser.submit("/grants", &clerk("teacher")).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    let held = network::grants::held(&site.store, teacher, at(1)).await.unwrap();
    assert_eq!(held.grants().len(), 2);
    let page = browser.open("/grants").await.text();
    let grant = page.split("name=\"grant\" value=\"").nth(1).unwrap();
    let grant = grant.split('"').next().unwrap();
    let ended = browser.submit("/grants/revocation", &format!("grant={grant}&reason=离岗")).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
    let held = network::grants::held(&site.store, teacher, at(1)).await.unwrap();
    assert_eq!(held.grants().len(), 1);
    // Whether there is such an account elsewhere is not told.
    for login in ["stranger", "nobody-at-all"] {
        browser.open("/grants").await;
        let refused = browser.submit("/grants", &clerk(login)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("没有这个登录名的账号"), "{}", refused.main());
    }
    let held = network::grants::held(&site.store, stranger, at(1)).await.unwrap();
    assert_eq!(held.grants().len(), 1);
}

#[tokio::test]
async fn the_auditor_filters_verifies_and_takes_the_log_along() {
    let site = site().await;
    let auditor = holder(&site, "auditor", "auditor", "99").await;
    let mut browser = browser(&site, auditor, "pwd otp").await;
    let page = browser.open("/audit?action=grant.give").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.main().contains("grant.give") && !page.main().contains("account.open"));
    let verified = browser.open("/audit?verify=all").await;
    assert!(verified.main().contains("日志完整"), "{}", verified.main());
    let file = browser.open("/audit.csv?outcome=done").await;
    assert!(file.header("content-type").starts_with("text/csv"));
    let text = file.text();
    assert!(text.starts_with("sequence,happened_at,"), "{text}");
    assert!(text.lines().all(|it| it.matches(',').count() == 12), "{text}");
    // Made at 22:13 by the city's clocks.
    for (day, expected) in
        [("since=2026-09-22", 0), ("until=2026-09-20", 0), ("since=2026-09-21&until=2026-09-21", 1)]
    {
        let page = browser.open(&format!("/audit?action=grant.give&{day}")).await.main();
        let shown = "datetime=\"2026-09-21T14:13:20Z\">2026-09-21 22:13</time>";
        assert_eq!(page.matches(shown).count(), expected, "{day}: {page}");
    }
    for path in ["/audit?since=yesterday", "/audit?outcome=perhaps", "/audit?before=x"] {
        assert_eq!(browser.open(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(browser.open("/accounts").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_grant_holds_to_the_end_of_its_last_day_by_the_citys_clocks() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    holder(&site, "teacher", "teacher", "9901010001").await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    browser.open("/grants").await;
    let form = "login=teacher&role=school_clerk&organisation=9901010001&reach=subtree\
                &purpose=administration&until=2026-12-31&reason=岗位任命";
    let given = browser.submit("/grants", form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    let page = browser.open("/grants").await.main();
    let until = "<time datetime=\"2026-12-31T16:00:00Z\">2027-01-01 00:00</time>";
    assert!(page.contains(until) && !page.contains("UTC"), "{page}");
}

#[tokio::test]
async fn everybody_sees_who_read_of_them() {
    let site = site().await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let mut reader = browser(&site, officer, "pwd otp").await;
    reader.open("/accounts").await;
    let mut own = browser(&site, teacher, "pwd").await;
    let page = own.open("/account/access").await.main();
    assert!(page.contains("查看账号") && page.contains("东岸区"), "{page}");
    assert!(page.contains("您自己") && page.contains("登录"), "{page}");
    assert!(!page.contains("officer先生"), "{page}");
}

#[tokio::test]
async fn a_person_asks_for_a_correction_and_the_officer_for_it_decides() {
    let site = site().await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let here = holder(&site, "here", "data_protection_officer", OWN).await;
    let there = holder(&site, "there", "data_protection_officer", NEIGHBOUR).await;
    let mut own = browser(&site, teacher, "pwd").await;
    own.open("/account/requests").await;
    let asked = own.submit("/account/requests", "kind=correct_name&name=王晓明").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let again = own.submit("/account/requests", "kind=correct_name&name=王晓明").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let mut stranger = browser(&site, there, "pwd otp").await;
    assert!(!stranger.open("/requests").await.text().contains("王晓明"));
    let mut officer = browser(&site, here, "pwd otp").await;
    let page = officer.open("/requests").await.text();
    assert!(page.contains("teacher先生") && page.contains("王晓明"), "{page}");
    let request = page.split("name=\"request\" value=\"").nth(1).unwrap();
    let request = request.split('"').next().unwrap();
    let fields = format!("request={request}&decision=granted&reason=已核实");
    stranger.open("/account").await;
    let refused = stranger.submit("/requests", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(officer.submit("/requests", &fields).await.status, StatusCode::SEE_OTHER);
    let rules = network::retention::Rules::national();
    assert_eq!(network::retention::run(&site.store, &rules, at(9)).await.unwrap().requests, 1);
    let found = accounts::find(&site.store, teacher).await.unwrap().unwrap();
    assert_eq!(found.name.as_str(), "王晓明");
    assert!(own.open("/account/requests").await.main().contains("已执行"));
}

#[tokio::test]
async fn whose_role_asks_for_a_second_factor_has_to_set_one_up_first() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let mut browser = browser(&site, officer, "pwd").await;
    for path in ["/start", "/accounts", "/grants", "/account/access", "/account/requests"] {
        let led = browser.open(path).await;
        assert_eq!(
            (led.status, led.header("location")),
            (StatusCode::SEE_OTHER, "/account"),
            "{path}"
        );
    }
    let account = browser.open("/account").await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(account.main().contains("请先设置验证器"), "{}", account.main());
    let led = browser.submit("/accounts", "name=x").await;
    assert_eq!((led.status, led.header("location")), (StatusCode::SEE_OTHER, "/account"));
    let led = browser.open("/en/start").await;
    assert_eq!(led.header("location"), "/en/account");
    assert_eq!(browser.open("/account/authenticator").await.status, StatusCode::OK);
    browser.open("/account").await;
    assert_eq!(browser.submit("/sign-out", "").await.header("location"), "/sign-in");
    // Whose role does not ask for it goes on.
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let mut teacher = self::browser(&site, teacher, "pwd").await;
    assert_eq!(teacher.open("/start").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_password_that_ran_out_is_changed_before_anything_else() {
    let site = Site::under("mlps3").await;
    let account = clerk(&site).await;
    let mut browser = Browser::new(&site);
    assert_eq!(browser.sign_in(PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.open("/start").await.status, StatusCode::OK);
    // The clock of the site stands still, so the password is made older.
    let kept = passwords::kept(&site.store, account).await.unwrap().unwrap();
    let policies = passwords::Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    let long_ago = at(-91 * 86_400);
    passwords::set(&site.store, account, &kept.phc, policy, None, long_ago).await.unwrap();
    let mut browser = Browser::new(&site);
    browser.sign_in(PASSWORD).await;
    let led = browser.open("/start").await;
    assert_eq!((led.status, led.header("location")), (StatusCode::SEE_OTHER, "/account"));
    let page = browser.open("/account").await;
    assert!(page.main().contains("请先修改口令"), "{}", page.main());
    let new = "A+quiet+river+7";
    let fields = format!("old={}&new={new}&again={new}", PASSWORD.replace(' ', "+"));
    let changed = browser.submit("/account/password", &fields).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.main());
    assert_eq!(browser.open("/start").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_has_two_accounts_sees_which_one_is_used_and_asks_for_both() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", NEIGHBOUR).await;
    let here = holder(&site, "here", "data_protection_officer", OWN).await;
    let account = clerk(&site).await;
    let mut own = Browser::new(&site);
    own.sign_in(PASSWORD).await;
    assert!(!own.open("/account").await.main().contains("我的全部账号"));
    let mut officer = browser(&site, officer, "pwd otp").await;
    officer.open("/accounts").await;
    let form = "name=王&login=second&home=9901020001&role=teacher";
    let invited = officer.submit("/accounts", form).await.text();
    let link = invited.split("http://localhost:8080/invitations/").nth(1).unwrap();
    let path = format!("/invitations/{}", link.split('<').next().unwrap());
    let page = own.open(&path).await;
    assert!(
        page.main().contains("这也是我的账号") && page.main().contains("clerk"),
        "{}",
        page.main()
    );
    let new = PASSWORD.replace(' ', "+");
    let accepted = own.submit(&path, &format!("new={new}&again={new}&mine=on")).await;
    assert_eq!(accepted.header("location"), "/account#accounts", "{}", accepted.text());

    let page = own.open("/account").await.main();
    assert!(page.contains("我的全部账号") && page.contains("second"), "{page}");
    assert!(page.contains("您现在用的是 clerk"), "{page}");
    let mut second = Browser::new(&site);
    second.sign_in_as("second", PASSWORD).await;
    let page = second.open("/account").await.main();
    assert!(page.contains("您现在用的是 second") && page.contains("clerk"), "{page}");
    let person = accounts::find(&site.store, account).await.unwrap().unwrap().person;
    assert_eq!(accounts::of_person(&site.store, person).await.unwrap().len(), 2);

    // One request is for both.
    let page = own.open("/account/requests").await.main();
    assert!(page.contains("您有 2 个账号"), "{page}");
    let asked = own.submit("/account/requests", "kind=delete").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let mut decides = browser(&site, here, "pwd otp").await;
    let page = decides.open("/requests").await.text();
    assert!(page.contains("此人共有 2 个账号"), "{page}");
    let request = page.split("name=\"request\" value=\"").nth(1).unwrap();
    let request = request.split('"').next().unwrap();
    let fields = format!("request={request}&decision=granted&reason=已核实");
    assert_eq!(decides.submit("/requests", &fields).await.status, StatusCode::SEE_OTHER);
    let rules = network::retention::Rules::national();
    assert_eq!(network::retention::run(&site.store, &rules, at(9)).await.unwrap().requests, 1);
    assert!(accounts::of_person(&site.store, person).await.unwrap().is_empty());
    assert_eq!(second.open("/account").await.status, StatusCode::SEE_OTHER);
}
