//! Pages of those who look after applications, invitations, outside identities and legal holds of a part of the
//! organisations, as a browser without JavaScript goes through them.

use axum::http::StatusCode;
use network::accounts;
use network::applications;
use network::audit::{self, Actor, Asked, Entry};
use network::people::OutsideIdentity;
use network::purpose::Purpose;
use network::testing::{Counting, at};

use crate::administration::{browser, holder, site};
use crate::matrix::{NEIGHBOUR, OWN, waiting};
use crate::network::Browser;

/// What stands in a page after a mark, up to the quotation mark.
fn after<'a>(page: &'a str, mark: &str) -> &'a str {
    let (_, rest) = page.split_once(mark).unwrap();
    rest.split('"').next().unwrap()
}

const LIBRARY: &str = "code=library&name_zh=图书馆&name_en=Library&purpose_zh=借书&owner=990101\
                       &organisations=990101&data-name=on&data-email=on&redirects=https://library.example/back\
                       &authentication=client_secret_basic&algorithm=ES256&proof=on&consent=on";

#[tokio::test]
async fn an_owner_registers_changes_renews_and_ends_an_application() {
    let site = site().await;
    let owner = holder(&site, "owner", "application_owner", OWN).await;
    let mut browser = browser(&site, owner, "pwd").await;
    assert!(browser.open("/start").await.text().contains("href=\"/applications\""));
    let page = browser.open("/applications").await;
    assert!(page.main().contains("还没有登记应用"), "{}", page.main());

    let registered = browser.submit("/applications", LIBRARY).await;
    assert_eq!(registered.status, StatusCode::OK, "{}", registered.main());
    let secret = registered.text();
    let secret = secret.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(secret.len() > 20, "{secret}");
    let again = browser.submit("/applications", LIBRARY).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.main().contains("这个代码已被使用"), "{}", again.main());
    let page = browser.open("/applications").await.main();
    assert!(page.contains("图书馆") && page.contains("借书") && page.contains("东岸区"), "{page}");
    assert!(!page.contains(secret), "it is shown once");

    let page = browser.open("/applications/library").await.main();
    assert!(page.contains("姓名、电子邮箱") && page.contains("近 14 天没有人登录"), "{page}");
    let code = "library".parse().unwrap();
    let known = applications::read(&site.store, &code).await.unwrap();
    assert_eq!(known.registration.owner_account, Some(owner));
    let change = LIBRARY.replace("借书", "借书和还书").replace("&data-email=on", "");
    let changed = browser.submit("/applications/library", &format!("deed=change&{change}")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    let page = browser.open("/applications/library").await.main();
    assert!(page.contains("借书和还书") && !page.contains("姓名、电子邮箱"), "{page}");

    let wrong = format!("deed=change&{}", LIBRARY.replace("https://library", "http://library"));
    let refused = browser.submit("/applications/library", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.main().contains("登录后返回地址：须为 https 地址"), "{}", refused.main());
    assert!(refused.main().contains("http://library.example/back"), "what was typed stays");

    browser.open("/applications/library").await;
    let renewed = browser.submit("/applications/library", "deed=secret").await;
    assert_eq!(renewed.status, StatusCode::OK);
    assert!(renewed.main().contains("class=\"secret\"") && !renewed.main().contains(secret));
    let reviewed = browser.submit("/applications/library", "deed=review").await;
    assert_eq!(reviewed.status, StatusCode::SEE_OTHER);
    let ended = browser.submit("/applications/library", "deed=end").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    let page = browser.open("/en/applications/library").await.main();
    assert!(page.contains("ended") && !page.contains("deed"), "{page}");
}

#[tokio::test]
async fn nobody_registers_or_opens_an_application_beyond_the_own_part() {
    let site = site().await;
    let owner = holder(&site, "owner", "application_owner", OWN).await;
    let colleague = holder(&site, "colleague", "application_owner", OWN).await;
    let stranger = holder(&site, "stranger", "application_owner", NEIGHBOUR).await;
    let manager = holder(&site, "manager", "administrator", "99").await;
    let mut own = browser(&site, owner, "pwd").await;
    own.open("/applications").await;
    let elsewhere = [
        LIBRARY.replace("owner=990101", "owner=990102"),
        LIBRARY.replace("organisations=990101", "organisations=990101 990102"),
        LIBRARY.replace("organisations=990101", "organisations=99"),
    ];
    for form in elsewhere {
        let refused = own.submit("/applications", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.main().contains("须为您管理范围内的机构代码"), "{}", refused.main());
    }
    for form in [format!("{LIBRARY}&services=scim"), LIBRARY.replace("&consent=on", "")] {
        let refused = own.submit("/applications", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.main().contains("由管理应用登记的人员设定"), "{}", refused.main());
    }
    assert_eq!(own.submit("/applications", LIBRARY).await.status, StatusCode::OK);

    // Another's is seen and not changed; of the next district it is not there.
    let mut other = browser(&site, colleague, "pwd").await;
    let page = other.open("/applications/library").await;
    assert!(page.status == StatusCode::OK && !page.main().contains("deed"), "{}", page.main());
    other.open("/applications").await;
    let refused = other.submit("/applications/library", "deed=end").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut other = browser(&site, stranger, "pwd").await;
    assert!(!other.open("/applications").await.main().contains("图书馆"));
    assert_eq!(
        other.submit("/applications/library", "deed=end").await.status,
        StatusCode::NOT_FOUND
    );
    let code = "library".parse().unwrap();
    let known = applications::read(&site.store, &code).await.unwrap();
    assert_eq!(known.ended_at, None);

    // Who looks after the register opens it further; its owner leaves that as it is.
    let mut city = browser(&site, manager, "pwd otp").await;
    city.open("/applications/library").await;
    let wide = LIBRARY.replace("organisations=990101", "organisations=990101 990102");
    let wide = format!("deed=change&services=scim&{}", wide.replace("&consent=on", ""));
    let changed = city.submit("/applications/library", &wide).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    own.open("/applications/library").await;
    let form = LIBRARY.replace("&consent=on", "&services=scim");
    let changed = own.submit("/applications/library", &format!("deed=change&{form}")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    let known = applications::read(&site.store, &code).await.unwrap().registration;
    assert_eq!(known.organisations.len(), 2);
    assert!(!known.consent_asked && known.services.contains("scim"));
    assert_eq!(known.owner_account, Some(owner));
}

#[tokio::test]
async fn an_open_invitation_is_withdrawn_or_gets_a_new_link() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let neighbour = holder(&site, "neighbour", "district_officer", NEIGHBOUR).await;
    let mut browser = browser(&site, officer, "pwd otp").await;
    assert!(browser.open("/invitations").await.main().contains("没有未接受的邀请"));
    browser.open("/accounts").await;
    let form = "name=李老师&login=li.laoshi&home=9901010001&role=teacher";
    let invited = browser.submit("/accounts", form).await.text();
    let first = format!("/invitations/{}", after_link(&invited));
    let page = browser.open("/invitations").await;
    assert!(
        page.main().contains("李老师") && page.main().contains("角色“教师”"),
        "{}",
        page.main()
    );
    let id = after(&page.text(), "name=\"invitation\" value=\"").to_owned();

    let mut stranger = crate::administration::browser(&site, neighbour, "pwd otp").await;
    assert!(!stranger.open("/invitations").await.main().contains("李老师"));
    stranger.open("/accounts").await;
    for deed in ["withdraw", "renew"] {
        let fields = format!("invitation={id}&deed={deed}");
        let refused = stranger.submit("/invitations", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
    }
    let mut guest = Browser::new(&site);
    assert_eq!(guest.open(&first).await.status, StatusCode::OK);
    let renewed = browser.submit("/invitations", &format!("invitation={id}&deed=renew")).await;
    let second = format!("/invitations/{}", after_link(&renewed.text()));
    assert_eq!(guest.open(&first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.open(&second).await.status, StatusCode::OK);

    let page = browser.open("/invitations").await.text();
    let id = after(&page, "name=\"invitation\" value=\"").to_owned();
    let fields = format!("invitation={id}&deed=withdraw");
    assert_eq!(browser.submit("/invitations", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(guest.open(&second).await.status, StatusCode::NOT_FOUND);
    let again = browser.submit("/invitations", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.open("/invitations").await.main().contains("没有未接受的邀请"));
}

fn after_link(page: &str) -> &str {
    let token = page.split("http://localhost:8080/invitations/").nth(1).unwrap();
    token.split('<').next().unwrap()
}

#[tokio::test]
async fn an_outside_identity_is_linked_by_who_looks_after_accounts_where_its_house_belongs() {
    let site = site().await;
    let clerk = holder(&site, "clerk", "school_clerk", "9901010001").await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let neighbour = holder(&site, "neighbour", "district_officer", NEIGHBOUR).await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    holder(&site, "stranger", "teacher", "9901020001").await;
    let mut entropy = Counting::beginning_at(1 << 50);
    let request = waiting(&site, "王外来", OWN, &mut entropy).await;
    // The house is the district's: neither its school nor the next district looks at it.
    for other in [clerk, neighbour] {
        let mut other = browser(&site, other, "pwd otp").await;
        assert!(other.open("/identities").await.main().contains("没有等待关联的外部身份"));
        other.open("/accounts").await;
        let fields = format!("request={request}&deed=link&login=teacher");
        let refused = other.submit("/identities", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.main());
    }
    let mut own = browser(&site, officer, "pwd otp").await;
    let page = own.open("/identities").await.main();
    assert!(page.contains("王外来") && page.contains("学校") && page.contains("东岸区"), "{page}");
    for login in ["stranger", "nobody-at-all", "officer", "x"] {
        let fields = format!("request={request}&deed=link&login={login}");
        let refused = own.submit("/identities", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
    }
    let fields = format!("request={request}&deed=link&login=teacher");
    assert_eq!(own.submit("/identities", &fields).await.status, StatusCode::SEE_OTHER);
    let identity =
        OutsideIdentity { issuer: format!("https://{OWN}.example"), subject: "1".to_owned() };
    let person = accounts::find(&site.store, teacher).await.unwrap().unwrap().person;
    let whose = network::people::whose(&site.store, &identity).await.unwrap();
    assert_eq!(whose, Some(person));
    let again = own.submit("/identities", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Its owner is told.
    let mut teacher = browser(&site, teacher, "pwd").await;
    assert!(teacher.open("/account/access").await.main().contains("关联外部身份"));
}

#[tokio::test]
async fn a_refused_identity_waits_no_more() {
    let site = site().await;
    let officer = holder(&site, "officer", "district_officer", OWN).await;
    let mut entropy = Counting::beginning_at(1 << 50);
    let request = waiting(&site, "王外来", OWN, &mut entropy).await;
    let mut own = browser(&site, officer, "pwd otp").await;
    own.open("/identities").await;
    let fields = format!("request={request}&deed=refuse");
    assert_eq!(own.submit("/identities", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(own.open("/identities").await.main().contains("没有等待关联的外部身份"));
}

#[tokio::test]
async fn an_officer_for_data_sets_and_lifts_a_hold() {
    let site = site().await;
    let here = holder(&site, "here", "data_protection_officer", OWN).await;
    let there = holder(&site, "there", "data_protection_officer", NEIGHBOUR).await;
    holder(&site, "teacher", "teacher", "9901010001").await;
    let mut officer = browser(&site, here, "pwd otp").await;
    assert!(officer.open("/holds").await.main().contains("目前没有依法留存"));
    let mut stranger = browser(&site, there, "pwd otp").await;
    stranger.open("/holds").await;
    let refused = stranger.submit("/holds", "login=teacher&reason=案件").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.main().contains("没有这个登录名的账号"), "{}", refused.main());

    let refused = officer.submit("/holds", "login=teacher&reason=+").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = officer.submit("/holds", "login=teacher&reason=（2026）津0101民初1号").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
    let page = officer.open("/holds").await;
    assert!(
        page.main().contains("teacher先生") && page.main().contains("民初1号"),
        "{}",
        page.main()
    );
    let hold = after(&page.text(), "name=\"hold\" value=\"").to_owned();
    let fields = format!("hold={hold}");
    let refused = stranger.submit("/holds/lifting", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!stranger.open("/holds").await.main().contains("民初1号"));
    assert_eq!(officer.submit("/holds/lifting", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(officer.open("/holds").await.main().contains("目前没有依法留存"));
}

#[tokio::test]
async fn without_the_permission_none_of_these_pages_opens() {
    let site = site().await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let mut browser = browser(&site, teacher, "pwd").await;
    for path in ["/applications", "/applications/library", "/invitations", "/identities", "/holds"]
    {
        let page = browser.open(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!browser.open("/start").await.text().contains("href=\"/applications\""));
}

#[tokio::test]
async fn an_application_that_acted_is_named_in_the_log_and_to_the_person() {
    let site = site().await;
    let owner = holder(&site, "owner", "application_owner", OWN).await;
    let teacher = holder(&site, "teacher", "teacher", "9901010001").await;
    let mut own = browser(&site, owner, "pwd").await;
    own.open("/applications").await;
    own.submit("/applications", LIBRARY).await;
    let code: applications::ApplicationCode = "library".parse().unwrap();
    let actor = Actor::Application((&code).into());
    let entry = Entry::new(actor, Purpose::OPERATION, "account.read").about_owner(teacher).rows(1);
    audit::record(&site.store, &entry, at(1)).await.unwrap();
    let mut reader = browser(&site, teacher, "pwd").await;
    let page = reader.open("/account/access").await.main();
    assert!(page.contains("应用 图书馆") && page.contains("查看账号"), "{page}");
    let auditor = holder(&site, "auditor", "auditor", "99").await;
    let mut auditor = browser(&site, auditor, "pwd otp").await;
    let page = auditor.open("/audit?actor=library").await.main();
    assert!(page.contains("应用 图书馆") && page.contains("account.read"), "{page}");
    assert!(auditor.open("/audit?verify=all").await.main().contains("日志完整"));
    let asked = Asked { actor: Some("library".to_owned()), ..Asked::default() };
    let entries = audit::entries(&site.store, &asked, 9).await.unwrap();
    assert_eq!((entries.len(), entries[0].actor_kind.as_str()), (1, "application"));
}
