//! Letters as they come out, and templates that are refused.

use super::*;
use crate::Verdict;

const TEMPLATES: [(&str, &str); 4] = [
    ("receipt", include_str!("../../../rules/letters/receipt.toml")),
    ("decision", include_str!("../../../rules/letters/decision.toml")),
    ("transfer", include_str!("../../../rules/letters/transfer.toml")),
    ("certificate", include_str!("../../../rules/letters/certificate.toml")),
];

fn fonts() -> Fonts {
    Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()]).unwrap()
}

fn at() -> Timestamp {
    "2026-11-26T02:30:00Z".parse().unwrap()
}

/// A word for everything that our templates name.
fn content() -> Content {
    let names = [
        "recipient",
        "received",
        "matter",
        "case",
        "accepted",
        "due",
        "days",
        "office",
        "decision",
        "reasons",
        "basis",
        "remedy",
        "pupil",
        "reason",
        "student-number",
        "from",
        "to",
        "grade",
        "first-day",
        "holder",
        "text",
    ];
    let words = names.map(|it| (it.to_owned(), "滨海第一小学 No. 1".to_owned()));
    Content {
        issuer: "滨海市教育局".to_owned(),
        seal: "滨海市教育局".to_owned(),
        number: "滨教函〔2026〕12号".to_owned(),
        date: "2026年11月26日".to_owned(),
        check: (
            "7K3M-92QX-AB5T".to_owned(),
            "https://edu.example.cn/verify/7K3M-92QX-AB5T".to_owned(),
        ),
        generated: true,
        words: words.into_iter().collect(),
    }
}

#[test]
fn every_template_is_set_in_both_languages_and_can_be_signed() {
    let fonts = fonts();
    for (name, text) in TEMPLATES {
        let template = Template::read(text).unwrap();
        for language in [Language::Chinese, Language::English] {
            let letter = render(&template, &content(), language, &fonts, at()).unwrap();
            let keys = crate::signature::tests::keys();
            let signed = crate::sign(&letter.pdf, &keys, letter.seal, at()).unwrap();
            assert!(matches!(crate::verify(&signed, &keys), Verdict::Intact(_)), "{name}");
            assert!(
                letter.seal.is_some() && letter.pdf.len() < 400_000,
                "{name}: {}",
                letter.pdf.len()
            );
        }
    }
}

#[test]
fn the_same_content_at_the_same_instant_gives_the_same_bytes() {
    let template = Template::read(TEMPLATES[0].1).unwrap();
    let once = || render(&template, &content(), Language::Chinese, &fonts(), at()).unwrap().pdf;
    assert_eq!(once(), once());
}

#[test]
fn what_is_filled_in_is_never_taken_for_a_template() {
    let template = Template::read("title = { zh = '{text}', en = '' }\nblocks = []").unwrap();
    let mut content = content();
    content.words.insert("text".to_owned(), "{holder} #read(\"/etc/passwd\") (\\".to_owned());
    assert_eq!(template.title(Language::Chinese, &content).unwrap(), content.words["text"]);
    render(&template, &content, Language::Chinese, &fonts(), at()).unwrap();
}

#[test]
fn a_letter_that_lacks_a_word_is_not_written() {
    let template = Template::read("title = { zh = '{nothing}', en = '' }\nblocks = []").unwrap();
    let error = render(&template, &content(), Language::Chinese, &fonts(), at()).unwrap_err();
    assert_eq!(error.to_string(), "the letter asks for {nothing}, which was not given");
}

#[test]
fn a_character_that_no_font_has_is_an_error_and_not_a_box() {
    let mut content = content();
    content.words.insert("holder".to_owned(), "\u{10ffff}".to_owned());
    let template = Template::read(TEMPLATES[3].1).unwrap();
    let error = render(&template, &content, Language::Chinese, &fonts(), at()).unwrap_err();
    assert!(matches!(error, LetterError::Character('\u{10ffff}')), "{error}");
}

#[test]
fn a_missing_font_names_its_package() {
    let error = Fonts::find(&["/nowhere".into()]).unwrap_err().to_string();
    assert!(error.contains("fonts-noto-cjk"), "{error}");
}

#[test]
fn no_line_begins_with_a_full_stop_or_ends_with_an_opening_quote() {
    let fonts = fonts();
    let loaded = fonts.load().unwrap();
    let faces = loaded.open().unwrap();
    let face = faces.get(fonts::Face::Serif).unwrap();
    let text = "经审查，申请“学籍更正（含姓名）”属于本机关范围，材料齐全。".repeat(3);
    for width in (60_000..300_000).step_by(7_000) {
        let broken = lines::break_lines(face, &text, 16_000, width, 32_000).unwrap();
        let whole: String = broken.iter().flat_map(|it| &it.text).collect();
        assert_eq!(whole, text, "nothing is lost");
        for line in &broken {
            assert!(!"，。”）".contains(line.text[0]), "{width}: {line:?}");
            assert!(!"“（".contains(*line.text.last().unwrap()), "{width}: {line:?}");
        }
    }
}

#[test]
fn a_line_before_a_long_number_is_not_pulled_apart() {
    let line = |is_last| lines::Line { text: Vec::new(), width: 0, is_last };
    let stretched = |lacking, is_last| lines::stretch(&line(is_last), lacking, 16_000);
    assert_eq!(stretched(15_000, false), 15_000);
    assert_eq!(stretched(90_000, false), 0, "five characters are lacking");
    assert_eq!(stretched(15_000, true), 0);
}

#[test]
fn a_long_letter_goes_on_over_pages() {
    let mut content = content();
    content.words.insert("reasons".to_owned(), "经审查，情况属实。".repeat(200));
    let template = Template::read(TEMPLATES[1].1).unwrap();
    let letter = render(&template, &content, Language::Chinese, &fonts(), at()).unwrap();
    assert!(letter.seal.unwrap().page >= 2, "{:?}", letter.seal);
}

#[test]
fn a_template_with_an_unknown_block_is_refused_by_its_line() {
    let error =
        Template::read("title = { zh = '', en = '' }\n[[blocks]]\nimage = 'x'").unwrap_err();
    assert!(error.to_string().contains("image"), "{error}");
}
