//! Letters that somebody brings: by their number, and as a file.

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use casework::calendar::Calendar;
use casework::cases::{self, Asked, CaseId};
use casework::expression::Value;
use casework::letters::{self, IssuedLetter, Language, Press, Templates};
use casework::procedure::Files;
use casework::{Actor, Office};
use documents::Keys;
use documents::letter::Fonts;
use network::AccountId;
use network::audit::Actor as Auditing;
use network::roles::Reach;
use network::scope::{PathRange, Scope};
use network::testing::{Counting, at};

use crate::made;
use crate::site::{Answer, Site};

const SCHOOL: (&str, &str) = ("9901010001", "/990000/990101/9901010001/");

/// A site that has issued one letter, in both languages.
struct Counter {
    site: Site,
    letters: Vec<IssuedLetter>,
    /// The document of the Chinese one.
    document: Vec<u8>,
    keys: Keys,
}

impl Counter {
    async fn open() -> Self {
        let site = Site::made().await;
        site.record(&made::published(), at(-5_000)).await;
        let keys = Keys::begin("江城市教育数据中心", at(-3_000), &mut Counting::default()).unwrap();
        let known = keys.clone();
        let _ = site.app.clone().with_seals(move || Some(known.clone()));
        let calendar = include_str!("../../../rules/calendars/china.toml");
        let calendar = Calendar::read("china.toml", calendar).unwrap();
        let office = Office::new(site.store.clone(), [calendar]);
        let (clerk, case) = submitted(&office).await;
        let press = Press {
            templates: Templates::read(Path::new("nowhere")).unwrap(),
            fonts: Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()])
                .unwrap(),
            keys: keys.clone(),
            folder: site.folder.path().join("letters"),
            origin: "http://localhost:8080".to_owned(),
            is_generated: true,
        };
        let press = Arc::new(press);
        let mut chance = Counting::beginning_at(500);
        let done = letters::issue_waiting(&office, &press, at(-900), &mut chance).await.unwrap();
        assert_eq!((done.issued, done.failed.len()), (1, 0), "{done:?}");
        let letters = letters::issued_of(&office, &clerk, case).await.unwrap();
        let number = &letters.first().unwrap().number;
        let read = letters::bytes(&office, &press.folder, &clerk, case, number, at(-800)).await;
        let (_, document) = read.unwrap();
        Self { site, letters, document, keys }
    }

    fn number(&self) -> String {
        self.letters.first().unwrap().number.to_string()
    }

    async fn look(&self, path: &str) -> Answer {
        self.site.ask("GET", path, &[("host", "localhost:8080")]).await
    }

    async fn bring(&self, path: &str, file: &[u8]) -> Answer {
        let page = self.look(path).await;
        let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
        let text = page.text();
        let csrf = text.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap();
        self.send(path, &cookie, csrf, "http://localhost:8080", file).await
    }

    async fn send(
        &self,
        path: &str,
        cookie: &str,
        csrf: &str,
        origin: &str,
        file: &[u8],
    ) -> Answer {
        let head = format!(
            "--border\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--border\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--border--\r\n"].concat();
        let headers = [
            ("host", "localhost:8080"),
            ("origin", origin),
            ("cookie", cookie),
            ("accept", "text/html"),
            ("content-type", "multipart/form-data; boundary=border"),
        ];
        self.site.send("POST", path, &headers, body).await
    }
}

/// A correction that a clerk has handed in: its receipt waits to be issued.
async fn submitted(office: &Office) -> (Actor, CaseId) {
    let mut chance = Counting::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../procedures/data-correction");
    let files = Files::read(&folder).unwrap();
    office.publish("data-correction", &files, at(-2_000)).await.unwrap();
    let range = PathRange::of(SCHOOL.1, Reach::Subtree);
    let clerk = Actor::holding(
        AccountId::new(at(-2_000), &mut chance),
        Some(SCHOOL.1.to_owned()),
        vec![("school_clerk".to_owned(), range.clone())],
        "administration".parse().unwrap(),
        Scope::of([(range, [].into_iter().collect())]),
    );
    let school = SCHOOL.0.parse().unwrap();
    let begun = cases::begin(office, &clerk, "data-correction", &school, at(-1_000), &mut chance);
    let begun = begun.await.unwrap();
    let change = [
        ("dataset", Value::text("classes")),
        ("data_year", Value::Integer(2025)),
        ("place", Value::text("classes.csv 12/pupils")),
        ("value_before", Value::text("54")),
        ("value_after", Value::text("45")),
        ("published", Value::Flag(false)),
        ("reason", Value::text("mistyped")),
        ("grounds", Value::text("王小明看到个位与十位颠倒")),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), value)).into();
    let asked = Asked { step: "submit".to_owned(), change, ..Asked::default() };
    cases::step(office, &clerk, begun.id, &asked, at(-950), &mut chance).await.unwrap();
    (clerk, begun.id)
}

#[tokio::test]
async fn whoever_has_the_number_is_told_what_the_letter_attests_and_no_name() {
    let counter = Counter::open().await;
    let letter = counter.letters.first().unwrap();
    let page = counter.look(&format!("/verify/{}", counter.number())).await;
    assert_eq!(page.status, StatusCode::OK);
    let main = page.main();
    for said in ["有效", "受理通知书", "东岸区", &letter.reference, &letter.hash, &counter.number()]
    {
        assert!(main.contains(said), "{said}: {main}");
    }
    assert!(!main.contains("王小明"), "{main}");
    assert_eq!(page.header("cache-control"), "no-store");

    let typed = counter.number().to_lowercase().replace('-', "+");
    let led = counter.look(&format!("/en/verify?number={typed}")).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    assert_eq!(led.header("location"), format!("/en/verify/{}", counter.number()));
    let page = counter.look(led.header("location")).await;
    assert!(page.main().contains("Valid") && page.main().contains("East Bank"), "{}", page.main());

    for unknown in ["0000-0000-0000", "nonsense", "%E5%8F%B7"] {
        let page = counter.look(&format!("/verify/{unknown}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
        assert!(page.main().contains("查无此件"), "{unknown}");
    }
    let by = Auditing::System;
    let why = "重复签发";
    letters::revoke(&counter.site.store, by, &letter.number, why, at(-10)).await.unwrap();
    let page = counter.look(&format!("/verify/{}", counter.number())).await;
    assert!(page.main().contains("已撤销") && !page.main().contains(why), "{}", page.main());
}

#[tokio::test]
async fn a_file_is_valid_to_its_last_byte() {
    let counter = Counter::open().await;
    let answer = counter.bring("/verify", &counter.document).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.main().contains("有效") && answer.main().contains(&counter.number()));
    for place in [40, counter.document.len() / 2, counter.document.len() - 3] {
        let mut forged = counter.document.clone();
        forged[place] ^= 1;
        let answer = counter.bring("/en/verify", &forged).await;
        assert!(answer.main().contains("Altered"), "{place}: {}", answer.main());
    }
    let longer = [&counter.document[..], b"\n"].concat();
    assert!(counter.bring("/en/verify", &longer).await.main().contains("Altered"));
    let other = counter.bring("/verify", b"%PDF-1.7\n%%EOF\n").await;
    assert!(other.main().contains("没有本中心的签名"), "{}", other.main());
    let none = counter.bring("/verify", b"").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_was_signed_before_the_key_was_retired_still_holds() {
    let mut counter = Counter::open().await;
    counter.keys.rotate("江城市教育数据中心", at(-100), &mut Counting::beginning_at(9)).unwrap();
    let site = Site::made().await;
    let keys = counter.keys.clone();
    let _ = site.app.clone().with_seals(move || Some(keys.clone()));
    let document = counter.document.clone();
    // Another registry, which knows the keys and not the letter.
    let elsewhere = Counter { site, ..counter };
    let answer = elsewhere.bring("/en/verify", &document).await;
    let main = answer.main();
    assert!(main.contains("not in the register") && main.contains("retired at"), "{main}");
}

#[tokio::test]
async fn a_file_from_another_site_is_not_looked_at() {
    let counter = Counter::open().await;
    let page = counter.look("/verify").await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let text = page.text();
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let document = &counter.document;
    let (here, evil) = ("http://localhost:8080", "https://evil.example");
    for (cookie, csrf, origin) in
        [(cookie.as_str(), "", here), ("", csrf, here), (&cookie, csrf, evil)]
    {
        let answer = counter.send("/verify", cookie, csrf, origin, document).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let answer = counter.send("/verify", &cookie, csrf, here, &vec![b' '; 9 << 20]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn whoever_guesses_numbers_has_to_wait() {
    let counter = Counter::open().await;
    for guess in 0..100 {
        let page = counter.look(&format!("/verify/0000-0000-{guess:04}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{guess}");
    }
    let page = counter.look(&format!("/verify/{}", counter.number())).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!page.main().contains("受理通知书"));
    assert_eq!(counter.letters.last().unwrap().language, Language::English);
}
