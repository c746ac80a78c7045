//! Writes signed specimens of all letters, and the certificate to check them with, into a folder.
//!
//! `specimen FOLDER INSTANT`, run at the top of the checkout. Strangers' programs judge them, and people look at them.
//! The keys are made of nothing secret and trusted by nobody.

use std::path::PathBuf;

use documents::letter::{Content, Fonts, Language, Template, render};
use documents::{Keys, sign};
use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use sha2::{Digest, Sha256};

/// As random as a specimen needs it.
struct Chain([u8; 32]);

impl Entropy for Chain {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 = Sha256::digest(self.0).into();
            chunk.copy_from_slice(self.0.get(..chunk.len()).unwrap_or_default());
        }
    }
}

/// What the letters say, in Chinese and English.
const WORDS: [(&str, &str, &str); 21] = [
    ("recipient", "滨海市第三中学", "Third Middle School of Binhai"),
    ("received", "2026年11月20日", "20 November 2026"),
    ("matter", "学籍信息更正（姓名用字）", "correction of a pupil's recorded name"),
    ("case", "2026-更正-000127", "2026-COR-000127"),
    ("accepted", "2026年11月24日", "24 November 2026"),
    ("due", "2026年12月15日", "15 December 2026"),
    ("days", "15", "15"),
    ("office", "滨海市教育局基础教育处", "Division of Basic Education"),
    (
        "decision",
        "准予更正。自本决定送达之日起，学籍系统中的姓名以户籍登记为准。",
        "The correction is granted. From the day this decision is served, the record follows the household register.",
    ),
    (
        "reasons",
        "经核对户籍登记、出生医学证明与学籍档案，申请人所述情况属实，原登记系录入时误用同音字所致。\n申请材料齐全，学校已在校内公示五个工作日，期间未收到异议。",
        "The household register, the birth certificate and the school file agree with what the application says; the record was misspelt when it was entered.\nThe documents are complete, and no objection was raised during the five working days of publicity.",
    ),
    (
        "basis",
        "《中小学生学籍管理办法》第十四条。",
        "Article 14 of the Measures for the Administration of Pupils' Records.",
    ),
    (
        "remedy",
        "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者在六个月内依法提起行政诉讼。",
        "Against this decision you may apply for administrative reconsideration within sixty days, or bring an action within six months.",
    ),
    ("pupil", "林知远", "Lin Zhiyuan"),
    ("reason", "父母工作调动，随迁至本区居住", "the parents' work has moved to this district"),
    ("student-number", "G120101201809010017", "G120101201809010017"),
    ("from", "滨海市河东区实验小学", "Hedong Experimental Primary School"),
    ("to", "滨海市南开区崇文小学", "Chongwen Primary School, Nankai"),
    ("grade", "五年级（2）班", "Grade 5, class 2"),
    ("first-day", "2026年12月1日", "1 December 2026"),
    ("holder", "陈书澜", "Chen Shulan"),
    (
        "text",
        "在2026年度全民终身学习活动中，修满课程二百四十学时，经考核成绩合格，累计认定学分十二分，特发此证。",
        "has completed 240 hours of study in the city's lifelong learning programme of 2026, has passed the examinations, and is credited with twelve points.",
    ),
];

fn content(language: Language) -> Content {
    let in_chinese = language == Language::Chinese;
    let say = |zh: &str, en: &str| if in_chinese { zh } else { en }.to_owned();
    Content {
        issuer: say("滨海市教育局", "Binhai Education Bureau"),
        seal: "滨海市教育局".to_owned(),
        number: say("滨教函〔2026〕12号", "BJH [2026] No. 12"),
        date: say("2026年11月26日", "26 November 2026"),
        check: (
            "7K3M-92QX-AB5T".to_owned(),
            "https://edu.example.cn/verify/7K3M-92QX-AB5T".to_owned(),
        ),
        generated: true,
        words: WORDS.iter().map(|(name, zh, en)| ((*name).to_owned(), say(zh, en))).collect(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let at: Timestamp = arguments.next().ok_or("which instant?")?.parse()?;

    let made_at = at - SignedDuration::from_hours(24);
    let keys = Keys::begin("演示教育数据中心 Specimen Centre", made_at, &mut Chain([0; 32]))?;
    std::fs::write(folder.join("root.pem"), keys.root()?)?;
    let fonts = Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()])?;
    for name in ["receipt", "decision", "transfer", "certificate"] {
        let template = std::fs::read_to_string(format!("rules/letters/{name}.toml"))?;
        let template = Template::read(&template)?;
        for (language, ending) in [(Language::Chinese, "zh"), (Language::English, "en")] {
            let letter = render(&template, &content(language), language, &fonts, at)?;
            let signed = sign(&letter.pdf, &keys, letter.seal, at)?;
            std::fs::write(folder.join(format!("{name}.{ending}.pdf")), signed)?;
        }
    }
    Ok(())
}
