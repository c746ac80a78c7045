//! Letters of shipped procedures, printed as they would go out; and letters of a case, issued once.

use std::path::Path;
use std::sync::Arc;

use documents::letter::Fonts;
use documents::{Keys, Verdict, verify};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use model::text::Bilingual;
use network::audit::Actor as Auditing;
use network::testing::Counting;

use super::content::Ordered;
use super::names::Names;
use super::press::{Draft, Edition};
use super::*;
use crate::cases::letters::Ordering;
use crate::cases::{Asked, Running, Standing, begin, step, tick};
use crate::expression::{Name, Value};
use crate::form::{Field, FieldKind};
use crate::office::Office;
use crate::procedure::{Procedure, Role};
use crate::testing::{actor, files, office, office_of, path, shipped, time};
use crate::{Actor, outbox};

fn press(folder: &Path) -> Arc<Press> {
    let made_at = time("2026-01-01T00:00");
    Arc::new(Press {
        templates: Templates::read(&folder.join("letters")).unwrap(),
        fonts: Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()]).unwrap(),
        keys: Keys::begin("滨海市教育数据中心", made_at, &mut Counting::default()).unwrap(),
        folder: folder.join("issued"),
        origin: "https://haihe.example".to_owned(),
        is_generated: true,
    })
}

/// Something that fits a field.
fn filled(field: &Field) -> Value {
    match &field.kind {
        FieldKind::Text { .. } => Value::text("示例"),
        FieldKind::Paragraph { .. } => Value::text("第一行，逐项列明。\n第二行 second line"),
        FieldKind::Integer { least, .. } => Value::Integer(*least),
        FieldKind::Decimal(it) => Value::Decimal(it.most),
        FieldKind::Flag => Value::Flag(true),
        FieldKind::Day => Value::text("2026-09-01"),
        FieldKind::Code { items } => Value::text(&items.first().unwrap().code),
        FieldKind::Codes { items } => Value::List(vec![Value::text(&items.first().unwrap().code)]),
        FieldKind::Organisation => Value::text("2112000201"),
        FieldKind::Files => Value::List(Vec::new()),
    }
}

/// A case with every field filled, as far along as a letter needs it.
async fn full(
    office: &Office,
    procedure: &Procedure,
    at: Timestamp,
    entropy: &mut Counting,
) -> Standing {
    let start = &procedure.start().unwrap().name;
    let from_start =
        procedure.transitions.iter().find(|it| it.from.iter().any(|it| it.contains(start)));
    let role = procedure.role(from_start.unwrap().by.first().unwrap()).unwrap();
    let organisation = match role.depth {
        Some(1) => "12",
        Some(2) => "120101",
        _ => "2112000101",
    };
    let actor = actor(role.grants.first().unwrap(), organisation, entropy);
    let organisation = organisation.parse().unwrap();
    let begun = begin(office, &actor, &procedure.name, &organisation, at, entropy).await.unwrap();
    let (mut case, _) = crate::cases::read(office, begun.id).await.unwrap().unwrap();
    for field in procedure.form.fields.values() {
        case.form.insert(field.name.clone(), filled(field));
        if field.kind == FieldKind::Organisation {
            case.paths.insert(field.name.clone(), path("2112000201").to_owned());
        }
    }
    let due_on: Date = "2026-09-11".parse().unwrap();
    case.deadlines.push(Running {
        name: "review".to_owned(),
        started_at: at,
        due_at: at + Span::new().hours(200),
        due_on,
        is_estimated: false,
        next_at: at,
        reminders: 0,
        overdue_at: None,
        closed_at: None,
    });
    case
}

#[tokio::test]
async fn every_letter_of_the_shipped_procedures_is_printed_and_signed_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let (press, office, at) = (press(folder.path()), office().await, time("2026-08-28T10:00"));
    let (mut printed, mut entropy) = (0, Counting::default());
    for name in shipped() {
        let procedure = office.publish(&name, &files(&name), at).await.unwrap();
        let calendar = office.calendar(&procedure).unwrap();
        let case = full(&office, &procedure, at, &mut entropy).await;
        let names = Names::on(&office, calendar.day(at), at).await.unwrap();
        let role: Option<&Role> = procedure.roles.first();
        let ordering = Ordering {
            procedure: &procedure,
            calendar,
            case: &case,
            role,
            home: Some(path("120101")),
            at,
        };
        let value = |it: &Name| case.value(it, &case.form, &procedure, calendar, at);
        for letter in &procedure.letters {
            let ordered = Ordered::read(&ordering.data(letter, &value)).unwrap();
            for language in [Language::Chinese, Language::English] {
                let issuer = Bilingual::new("滨海市教育局", "Binhai Education Bureau");
                let words = ordered.words(language, &names, &[], &issuer).unwrap();
                let draft = Draft {
                    template: letter.template.clone(),
                    reference: format!("{}-1", case.number),
                    issuer,
                    day: calendar.day(at),
                };
                let number = LetterNumber::new(&mut Counting::default());
                let document =
                    press.print(&draft, Edition { language, number, words }, at).unwrap();
                assert!(matches!(verify(&document, &press.keys), Verdict::Intact(_)));
                // To be looked at: `HAIHE_LETTERS` names a folder for them.
                keep_for_eyes(&format!("{name}.{}.{}.pdf", letter.name, code(language)), &document);
                printed += 1;
            }
        }
    }
    assert_eq!(printed, 2 * 16);
}

#[expect(clippy::disallowed_methods, reason = "only a person who looks at letters sets it")]
fn keep_for_eyes(name: &str, document: &[u8]) {
    if let Ok(folder) = std::env::var("HAIHE_LETTERS") {
        std::fs::write(Path::new(&folder).join(name), document).unwrap();
    }
}

#[test]
fn a_number_is_read_however_it_is_typed() {
    let number = LetterNumber::new(&mut Counting::default());
    let shown = number.to_string();
    assert_eq!(shown.len(), 14);
    let typed = format!(" {} ", shown.to_lowercase().replace('-', " "));
    assert_eq!(typed.parse(), Ok(number));
    assert_eq!("7k3m-92qx-abol".parse::<LetterNumber>().unwrap().to_string(), "7K3M-92QX-AB01");
    for text in ["", "7K3M", "7K3M-92QX-AB5U", "7K3M-92QX-AB5T-7", "七K3M-92QX-AB5T"] {
        assert_eq!(text.parse::<LetterNumber>(), Err(NotANumber), "{text}");
    }
}

/// A drop-out case that went up to the city, which has instructed the district: one letter waits.
async fn instructed(office: &Office) -> (Actor, CaseId) {
    let mut entropy = Counting::default();
    office.publish("drop-out", &files("drop-out"), time("2026-01-01T00:00")).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let city = actor("planner", "12", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let at = time("2026-03-02T09:00");
    let begun = begin(office, &clerk, "drop-out", &school, at, &mut entropy).await.unwrap();
    let change = [
        ("pupil", "李小河𮧵"),
        ("pupil_number", "G11010519491231002X"),
        ("grade", "8"),
        ("absent_since", "2026-03-02"),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), Value::text(value))).into();
    let asked = Asked { step: "report".to_owned(), change, ..Asked::default() };
    step(office, &clerk, begun.id, &asked, at, &mut entropy).await.unwrap();
    tick(office, time("2026-04-01T09:00"), &mut entropy).await.unwrap();
    tick(office, time("2026-06-01T09:00"), &mut entropy).await.unwrap();
    let (case, _) = crate::cases::read(office, begun.id).await.unwrap().unwrap();
    let note = "请抓紧".to_owned();
    let asked =
        Asked { step: "instruct".to_owned(), revision: case.revision, note, ..Asked::default() };
    step(office, &city, begun.id, &asked, time("2026-06-01T10:00"), &mut entropy).await.unwrap();
    (clerk, begun.id)
}

#[tokio::test]
async fn a_letter_is_found_by_its_number_and_its_bytes_until_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (press, office) = (press(folder.path()), office().await);
    let (clerk, case) = instructed(&office).await;
    let at = time("2026-06-01T10:01");
    let done = issue_waiting(&office, &press, at, &mut Counting::default()).await.unwrap();
    assert_eq!((done.issued, done.failed.len()), (1, 0), "{:?}", done.failed);
    assert!(outbox::letters(&office, 10).await.unwrap().is_empty());

    let letters = issued_of(&office, &clerk, case).await.unwrap();
    let [zh, en] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!((zh.language, en.language), (Language::Chinese, Language::English));
    assert_eq!(zh.reference, "KC-2026-000001-1");
    assert_eq!(zh.issuer.zh, "12");
    let (_, document) = bytes(&office, &press.folder, &clerk, case, &zh.number, at).await.unwrap();
    assert!(matches!(verify(&document, &press.keys), Verdict::Intact(_)));
    let store = &office.store;
    assert_eq!(find(store, &zh.number).await.unwrap().as_ref(), Some(zh));
    assert_eq!(of_hash(store, &document).await.unwrap().as_ref(), Some(zh));
    let mut forged = document;
    if let Some(byte) = forged.get_mut(4_000) {
        *byte ^= 1;
    }
    assert_eq!(of_hash(store, &forged).await.unwrap(), None);

    let by = Auditing::System;
    assert!(revoke(store, by, &en.number, "收回重发", at).await.unwrap());
    assert!(!revoke(store, by, &zh.number, "收回重发", at).await.unwrap());
    let revoked = find(store, &zh.number).await.unwrap().unwrap().revoked.unwrap();
    assert_eq!((revoked.at, revoked.why.as_str()), (at, "收回重发"));
}

#[tokio::test]
async fn a_letter_is_read_by_parties_only_and_the_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (press, office) = (press(folder.path()), office().await);
    let (clerk, case) = instructed(&office).await;
    let at = time("2026-06-01T10:01");
    let mut entropy = Counting::beginning_at(90_000);
    issue_waiting(&office, &press, at, &mut entropy).await.unwrap();
    let number = issued_of(&office, &clerk, case).await.unwrap().first().unwrap().number.clone();
    let stranger = actor("school_clerk", "2112000102", &mut entropy);
    for asked in [
        issued_of(&office, &stranger, case).await.map(|_| ()).map_err(LettersError::from),
        bytes(&office, &press.folder, &stranger, case, &number, at).await.map(|_| ()),
    ] {
        let refused =
            matches!(asked, Err(LettersError::Case(CaseError::Refused(Refusal::Unknown))));
        assert!(refused, "{asked:?}");
    }
    let read = || async {
        let asked =
            network::audit::Asked { action: Some("letter.read".to_owned()), ..Default::default() };
        network::audit::entries(&office.store, &asked, 10).await.unwrap().len()
    };
    assert_eq!(read().await, 0);
    bytes(&office, &press.folder, &clerk, case, &number, at).await.unwrap();
    assert_eq!(read().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_who_issue_the_same_letter_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::testing::open().await;
    let store = match store.pool() {
        store::Pool::Postgres(_) => store,
        store::Pool::Sqlite(_) => {
            let file = folder.path().join("registry.db");
            store::Store::open(&format!("sqlite:{}", file.display())).await.unwrap()
        }
    };
    let office = Arc::new(office_of(store).await);
    let press = press(folder.path());
    let (clerk, case) = instructed(&office).await;
    let at = time("2026-06-01T10:01");
    let tasks = (1..=16).map(|it| {
        let (office, press) = (Arc::clone(&office), Arc::clone(&press));
        tokio::spawn(async move {
            let mut entropy = Counting::beginning_at(it * 100_000);
            issue_waiting(&office, &press, at, &mut entropy).await.unwrap().issued
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut issued = 0;
    for task in tasks {
        issued += task.await.unwrap();
    }
    assert_eq!(issued, 1);
    assert_eq!(issued_of(&office, &clerk, case).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_letter_that_cannot_be_printed_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let office = office().await;
    let own = folder.path().join("letters");
    std::fs::create_dir(&own).unwrap();
    let asks_too_much = "title = { zh = \"函\", en = \"Letter\" }\n[[blocks]]\nparagraph = { zh = \"{secret}\", en = \"{secret}\" }\n";
    std::fs::write(own.join("notice.toml"), asks_too_much).unwrap();
    let broken = press(folder.path());
    let (clerk, case) = instructed(&office).await;
    let at = time("2026-06-01T10:01");
    let done = issue_waiting(&office, &broken, at, &mut Counting::default()).await.unwrap();
    assert_eq!(done.issued, 0);
    assert_eq!(done.failed.first().unwrap().0, "KC-2026-000001");
    std::fs::remove_file(own.join("notice.toml")).unwrap();
    let mended = press(folder.path());
    let done = issue_waiting(&office, &mended, at, &mut Counting::default()).await.unwrap();
    assert_eq!(done.issued, 1);
    assert_eq!(issued_of(&office, &clerk, case).await.unwrap().len(), 2);
}
