//! An application `library`, a person `clerk`, and a browser between them.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use model::organisation::{ADMINISTRATIVE, Membership, Organisation};
use model::{Bilingual, OrgCode};
use network::applications::{self, Authentication, Registration, Subject};
use network::openid::{Algorithm, Claim};
use network::passwords::{self, Cost, Password, Policies};
use network::profiles::{self, Profile, Verified};
use network::testing::{Counting, at};
use network::{Changes, accounts};
use serde_json::Value;

use crate::site::{Answer, Site};

pub(super) const BACK: &str = "https://library.example/back";
const PASSWORD: &str = "correct horse battery";

/// A site with the application in its register and the person in its accounts.
pub(super) struct World {
    pub(super) site: Site,
    pub(super) secret: String,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Registration)) -> Self {
        let site = Site::made().await;
        organisations(&site).await;
        clerk(&site).await;
        let mut registration = registration();
        change(&mut registration);
        let (until, mut entropy) =
            (at(0) + SignedDuration::from_hours(24 * 300), Counting::beginning_at(2_000_000));
        let library = "library".parse().unwrap();
        let registered = applications::register(
            &site.store,
            &library,
            network::grants::Authority::PROGRAM,
            &registration,
            until,
            &mut entropy,
            at(0),
        )
        .await
        .unwrap();
        let secret = registered.secret.map_or_else(String::new, |it| it.reveal().to_owned());
        Self { site, secret }
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        Browser::of(&self.site)
    }

    /// A browser in which the person has signed in.
    pub(super) async fn signed_in(&self) -> Browser<'_> {
        let mut browser = self.browser();
        browser.open("/sign-in").await;
        let answer = browser.sign_in("/start").await;
        assert_eq!(answer.header("location"), "/start");
        browser
    }

    /// What the token endpoint answers.
    pub(super) async fn token(&self, pairs: &[(&str, &str)]) -> Answer {
        let proof = [("client_id", "library"), ("client_secret", self.secret.as_str())];
        self.post("/openid/token", &[], &[pairs, &proof].concat()).await
    }

    pub(super) async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        pairs: &[(&str, &str)],
    ) -> Answer {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let host = ("host", "localhost:8080");
        let headers = [&[host, form], headers].concat();
        self.site.send("POST", path, &headers, &query(pairs)).await
    }

    /// What an application reads without proving itself.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.site.ask("GET", path, &[("host", "localhost:8080")]).await
    }

    pub(super) async fn exchange(&self, code: &str) -> Value {
        let given = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)];
        let answer = self.token(&given).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(super) async fn userinfo(&self, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("host", "localhost:8080"), ("authorization", bearer.as_str())];
        self.site.ask("GET", "/openid/userinfo", &headers).await
    }

    /// What the person's browser brings back from a request, all the way to tokens.
    pub(super) async fn tokens(&self, pairs: &[(&str, &str)]) -> Value {
        let mut browser = self.signed_in().await;
        let code = browser.authorize(pairs).await.back().remove("code").unwrap();
        self.exchange(&code).await
    }
}

async fn organisations(site: &Site) {
    let version = |code: &str, level: &str| Organisation {
        code: code.parse().unwrap(),
        name: Bilingual::new(code, code),
        level: level.to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from: "2000-01-01".parse().unwrap(),
        valid_to: None,
    };
    let membership = Membership {
        hierarchy: ADMINISTRATIVE.to_owned(),
        child: "990101".parse().unwrap(),
        parent: "990100".parse().unwrap(),
        valid_from: "2000-01-01".parse().unwrap(),
        valid_to: None,
    };
    let versions = [version("990100", "city"), version("990101", "district")];
    let changes = Changes::of(versions, [membership], []);
    network::record(&site.store, &changes, at(-1), jiff::tz::Offset::UTC).await.unwrap();
}

async fn clerk(site: &Site) {
    let mut entropy = Counting::beginning_at(1_000_000);
    let (store, home): (_, OrgCode) = (&site.store, "990101".parse().unwrap());
    let (login, name) = ("clerk".parse().unwrap(), "王小明".parse().unwrap());
    let id = accounts::open(store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    let phc = passwords::hash(&Password::new(PASSWORD.to_owned()), cost, &mut entropy).unwrap();
    let policies = Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    passwords::set(store, id, &phc, policy, None, at(0)).await.unwrap();
    let person = accounts::find(store, id).await.unwrap().unwrap().person;
    let profile = Profile {
        email: "wang@example.org".to_owned(),
        email_verified: Verified(true),
        phone_number: "+86 22 1234 5678".to_owned(),
        address: "天津市".to_owned(),
        ..Profile::default()
    };
    profiles::record(store, person, &profile, at(0)).await.unwrap();
}

fn registration() -> Registration {
    Registration {
        name: Bilingual::new("图书馆", "Library"),
        purpose: Bilingual::new("借书", "Lends books"),
        owner: "990101".parse().unwrap(),
        owner_account: None,
        home: None,
        data: Claim::ALL.iter().copied().collect(),
        services: Default::default(),
        roles: Default::default(),
        organisations: ["990100".parse().unwrap()].into(),
        redirects: vec![BACK.to_owned()],
        logout_redirects: vec!["https://library.example/bye".to_owned()],
        notices: None,
        authentication: Authentication::SecretInBody,
        keys: None,
        algorithm: Algorithm::Es256,
        proof_required: false,
        subject: Subject::Pairwise { sector: "library".to_owned() },
        consent_asked: false,
        offline: true,
    }
}

/// Pairs as a query or a form.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|it| match it {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                    char::from(it).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// A browser: it keeps cookies and follows no links by itself.
pub(super) struct Browser<'a> {
    site: &'a Site,
    cookies: BTreeMap<String, String>,
    pub(super) page: String,
}

/// Where a request at the authorisation endpoint leads.
#[derive(Debug)]
pub(super) struct Led(pub(super) Answer);

impl Led {
    /// The members of an answer to the application.
    pub(super) fn back(&self) -> BTreeMap<String, String> {
        let to = match self.0.header("location") {
            "" => onward(&self.0.text()),
            to => to.to_owned(),
        };
        assert!(to.starts_with(BACK), "{to}");
        pairs(&to)
    }

    pub(super) fn error(&self) -> String {
        self.back().remove("error").unwrap()
    }
}

/// Where a page leads that goes on by itself.
pub(super) fn onward(page: &str) -> String {
    let to = page.split("http-equiv=\"refresh\" content=\"0; url=").nth(1).unwrap();
    to.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

fn pairs(address: &str) -> BTreeMap<String, String> {
    let query = address.split_once('?').unwrap().1;
    let decoded = |text: &str| -> String {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits: String = rest.by_ref().take(2).map(char::from).collect();
                    u8::from_str_radix(&digits, 16).unwrap()
                }
                other => other,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let pairs = query.split('&').map(|it| it.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

impl<'a> Browser<'a> {
    pub(super) fn of(site: &'a Site) -> Self {
        Self { site, cookies: BTreeMap::new(), page: String::new() }
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("host", "localhost:8080"), ("accept", "text/html")];
        headers.push(("cookie", cookies.as_str()));
        if method == "POST" {
            headers.push(("origin", "http://localhost:8080"));
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let answer = self.site.send(method, path, &headers, body).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(super) async fn open(&mut self, path: &str) -> Answer {
        let answer = self.send("GET", path, "").await;
        self.page = String::from_utf8_lossy(&answer.bytes).into_owned();
        answer
    }

    /// Sends a form of the page that is open.
    pub(super) async fn submit(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let csrf = self.hidden("csrf");
        self.send("POST", path, &query(&[&[("csrf", csrf.as_str())], pairs].concat())).await
    }

    /// Sends a form of another site.
    pub(super) async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.send("POST", path, &query(pairs)).await
    }

    pub(super) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let after = self.page.split(&mark).nth(1).unwrap();
        after.split('"').next().unwrap().replace("&#38;", "&")
    }

    /// Fills in the form of the sign-in page that is open.
    pub(super) async fn sign_in(&mut self, next: &str) -> Answer {
        let form = [("login", "clerk"), ("password", PASSWORD), ("next", next)];
        self.submit("/sign-in", &form).await
    }

    /// Proves again who one is, on the page that is open.
    pub(super) async fn confirm(&mut self, next: &str) -> Answer {
        self.submit("/account/confirm", &[("password", PASSWORD), ("next", next)]).await
    }

    /// A plain request of the application with these parameters in it; an empty one takes one away.
    pub(super) async fn authorize(&mut self, pairs: &[(&str, &str)]) -> Led {
        let query = request(pairs);
        Led(self.open(&format!("/openid/authorize?{query}")).await)
    }
}

/// The query of a plain request with these parameters in it.
pub(super) fn request(pairs: &[(&str, &str)]) -> String {
    let plain = [
        ("client_id", "library"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "a state"),
        ("nonce", "a nonce"),
    ];
    let last: BTreeMap<&str, &str> = plain.iter().chain(pairs).copied().collect();
    query(&last.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
}

/// The claims of a token whose signature is tested elsewhere.
pub(super) fn claims(tokens: &Value) -> Value {
    let part = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let digit = |it: u8| match it {
        b'A'..=b'Z' => it - b'A',
        b'a'..=b'z' => it - b'a' + 26,
        b'0'..=b'9' => it - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bits: Vec<bool> = Vec::new();
    for byte in part.bytes() {
        bits.extend((0..6).rev().map(|bit| digit(byte) >> bit & 1 == 1));
    }
    let bytes: Vec<u8> = bits
        .chunks_exact(8)
        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)))
        .collect();
    serde_json::from_slice(&bytes).unwrap()
}
