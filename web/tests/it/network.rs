//! Signing in and the own account, as a browser without JavaScript goes through them.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use network::AccountId;
use network::invitations::{self, Invited};
use network::passwords::{self, Cost, Password, Policies};
use network::secret::Token;
use network::testing::{Counting, at};
use network::{accounts, sessions};

use crate::site::{Answer, Site};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A browser: it keeps cookies and follows no links by itself.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) page: String,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(site: &'a Site) -> Self {
        Self { site, cookies: BTreeMap::new(), page: String::new() }
    }

    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        origin: &str,
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("host", "localhost:8080"), ("accept", "text/html")];
        if !cookies.is_empty() {
            headers.push(("cookie", cookies.as_str()));
        }
        if method == "POST" {
            let kind = if body.as_ref().starts_with(b"--") {
                "multipart/form-data; boundary=parted"
            } else {
                "application/x-www-form-urlencoded"
            };
            headers.push(("origin", origin));
            headers.push(("content-type", kind));
        }
        let answer = self.site.send(method, path, &headers, body).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            assert!(cookie.contains("HttpOnly"), "{cookie}");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let answer = self.send("GET", path, "", "").await;
        self.page = String::from_utf8_lossy(&answer.bytes).into_owned();
        answer
    }

    /// Sends a form of the page that is open.
    pub(crate) async fn submit(&mut self, path: &str, fields: &str) -> Answer {
        let csrf = self.csrf();
        self.send("POST", path, "http://localhost:8080", &format!("csrf={csrf}&{fields}")).await
    }

    /// Sends a form of the page that is open with a file in one of its controls.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (control, name, content): (&str, &str, impl AsRef<[u8]>),
    ) -> Answer {
        let csrf = self.csrf();
        let mut body = String::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            body.push_str(&format!(
                "--parted\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!(
            "--parted\r\ncontent-disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        ));
        let body = [body.as_bytes(), content.as_ref(), b"\r\n--parted--\r\n"].concat();
        self.send("POST", path, "http://localhost:8080", body).await
    }

    pub(crate) fn csrf(&self) -> String {
        let after = self.page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&mut self, password: &str) -> Answer {
        self.sign_in_as("clerk", password).await
    }

    pub(crate) async fn sign_in_as(&mut self, login: &str, password: &str) -> Answer {
        self.open("/sign-in").await;
        let password = password.replace(' ', "+");
        let fields = format!("login={login}&password={password}&next=/account");
        self.submit("/sign-in", &fields).await
    }
}

/// Opens the account `clerk`.
pub(crate) async fn clerk(site: &Site) -> AccountId {
    let mut entropy = Counting::beginning_at(1_000_000);
    opened(site, "clerk", "王<b>", "990101", &mut entropy).await
}

/// Opens an account with the tests' password.
pub(crate) async fn opened(
    site: &Site,
    login: &str,
    name: &str,
    home: &str,
    entropy: &mut Counting,
) -> AccountId {
    let (login, name) = (login.parse().unwrap(), name.parse().unwrap());
    let home = home.parse().unwrap();
    let now = at(site.seconds.load(Ordering::Relaxed));
    let id = accounts::open(&site.store, &login, &name, &home, now, entropy).await.unwrap();
    let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    let phc = passwords::hash(&Password::new(PASSWORD.to_owned()), cost, entropy).unwrap();
    let policies = Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    passwords::set(&site.store, id, &phc, policy, None, now).await.unwrap();
    id
}

#[tokio::test]
async fn a_clerk_signs_in_and_out_without_javascript() {
    let site = Site::made().await;
    let account = clerk(&site).await;
    let mut browser = Browser::new(&site);
    let led = browser.open("/start").await;
    assert_eq!(
        (led.status, led.header("location")),
        (StatusCode::SEE_OTHER, "/sign-in?next=/start")
    );
    let wrong = browser.sign_in("wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("登录名、口令或验证码不对"), "{}", wrong.text());

    let answer = browser.sign_in(PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/account"));
    let page = browser.open("/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text().contains("王&#60;b&#62;") && page.text().contains("东岸区"),
        "{}",
        page.text()
    );
    assert_eq!(browser.open("/start").await.status, StatusCode::OK);

    let out = browser.submit("/sign-out", "").await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(browser.open("/account").await.status, StatusCode::SEE_OTHER);
    assert!(sessions::list(&site.store, account, at(0)).await.unwrap().is_empty());
}

#[tokio::test]
async fn asvs_14_3_2_pages_about_persons_are_kept_nowhere() {
    let site = Site::made().await;
    clerk(&site).await;
    let mut browser = Browser::new(&site);
    assert_eq!(browser.open("/sign-in").await.header("cache-control"), "no-store");
    browser.sign_in(PASSWORD).await;
    for path in ["/account", "/start", "/en/account"] {
        let page = browser.open(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("etag"), "", "{path}");
    }
    // Somebody else, at the same addresses.
    let mut stranger = Browser::new(&site);
    for path in ["/account", "/start"] {
        assert_eq!(stranger.open(path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    // A public page that was asked for with a session is not handed to others, nor made from what is kept.
    assert_eq!(browser.open("/about").await.header("etag"), "");
    assert!(stranger.open("/about").await.header("etag").starts_with("W/"));
}

#[tokio::test]
async fn asvs_3_5_1_a_form_without_its_secret_or_from_elsewhere_changes_nothing() {
    let site = Site::made().await;
    let account = clerk(&site).await;
    let mut browser = Browser::new(&site);
    browser.sign_in(PASSWORD).await;
    browser.open("/account").await;
    let csrf = browser.csrf();
    let good = format!("csrf={csrf}");
    let own = "http://localhost:8080";
    for (origin, body) in [
        (own, ""),
        (own, "csrf="),
        (own, "csrf=AAAA"),
        ("https://evil.example", good.as_str()),
        ("null", good.as_str()),
    ] {
        for path in
            ["/sign-out", "/account/sessions", "/account/password", "/account/recovery-codes"]
        {
            let answer = browser.send("POST", path, origin, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {origin} {body}");
        }
    }
    assert_eq!(sessions::list(&site.store, account, at(0)).await.unwrap().len(), 1);
    // Before there is a session, the secret follows from the device.
    let mut stranger = Browser::new(&site);
    stranger.open("/sign-in").await;
    let taken = format!("csrf={csrf}&login=clerk&password=x");
    assert_eq!(stranger.send("POST", "/sign-in", own, &taken).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_owner_ends_a_session_on_another_device() {
    let site = Site::made().await;
    clerk(&site).await;
    let (mut here, mut there) = (Browser::new(&site), Browser::new(&site));
    there.sign_in(PASSWORD).await;
    here.sign_in(PASSWORD).await;
    let page = here.open("/account").await.text();
    let id = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let ended = here.submit("/account/sessions", &format!("session={id}")).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(there.open("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.open("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_is_judged_in_words_and_then_taken() {
    let site = Site::made().await;
    clerk(&site).await;
    let mut browser = Browser::new(&site);
    browser.sign_in(PASSWORD).await;
    browser.open("/account").await;
    let bad = browser.submit("/account/password", "old=wrong&new=password1&again=other").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["登录名、口令或验证码不对", "两次输入的新口令不一样", "新口令太常见"]
    {
        assert!(bad.text().contains(words), "{words}");
    }
    let new = "a+quiet+river+in+winter";
    let fields = format!("old={}&new={new}&again={new}", PASSWORD.replace(' ', "+"));
    let good = browser.submit("/account/password", &fields).await;
    assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.text());
    let mut other = Browser::new(&site);
    assert_eq!(other.sign_in(PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.sign_in("a quiet river in winter").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_invitation_opens_an_account_once() {
    let site = Site::made().await;
    let mut entropy = Counting::beginning_at(1_000_000);
    let invited = Invited {
        login: "clerk".parse().unwrap(),
        name: "王".parse().unwrap(),
        organisation: "990101".parse().unwrap(),
        role: None,
        account: None,
        invited_by: "system".to_owned(),
    };
    let (_, token) = invitations::invite(&site.store, &invited, at(0), &mut entropy).await.unwrap();
    let path = format!("/invitations/{}", token.reveal());
    let mut browser = Browser::new(&site);
    let page = browser.open(&path).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let bad = browser.submit(&path, "new=short&again=short").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = format!("new={0}&again={0}", PASSWORD.replace(' ', "+"));
    assert_eq!(browser.submit(&path, &fields).await.header("location"), "/sign-in");
    assert_eq!(browser.sign_in(PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(Browser::new(&site).open(&path).await.status, StatusCode::NOT_FOUND);
    let unknown = format!("/invitations/{}", Token::new(&mut entropy).reveal());
    assert_eq!(Browser::new(&site).open(&unknown).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_authenticator_is_offered_as_a_picture_and_as_text() {
    let site = Site::made().await;
    clerk(&site).await;
    let mut browser = Browser::new(&site);
    browser.sign_in(PASSWORD).await;
    let page = browser.open("/account/authenticator").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("<svg class=\"qr\""), "{}", page.text());
    let sealed = page.text().split("name=\"offer\" value=\"").nth(1).unwrap().to_owned();
    let sealed = sealed.split('"').next().unwrap();
    let wrong = browser.submit("/account/authenticator", &format!("offer={sealed}&code=1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains(sealed), "the same offer is shown again");
    let forged = browser.submit("/account/authenticator", "offer=AAAA&code=1").await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn asvs_12_2_1_signing_in_over_a_connection_that_others_can_read_is_refused() {
    let site = Site::made().await;
    for path in ["/sign-in", "/account", "/start"] {
        let answer = site.ask("GET", path, &[("host", "haihe.example")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.json()["type"], "/problems/not-secure", "{path}");
    }
}

#[tokio::test]
async fn asvs_3_7_2_nobody_is_led_elsewhere_after_signing_in() {
    let site = Site::made().await;
    clerk(&site).await;
    for next in ["//evil.example", "https://evil.example", "/%5Cevil.example"] {
        let mut browser = Browser::new(&site);
        browser.open("/sign-in").await;
        let fields = format!("login=clerk&password={}&next={next}", PASSWORD.replace(' ', "+"));
        let answer = browser.submit("/sign-in", &fields).await;
        assert_eq!(answer.header("location"), "/start", "{next}");
    }
}
