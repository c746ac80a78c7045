//! What a letter says, out of what was ordered and the names of the day.

use std::collections::BTreeMap;

use model::text::Bilingual;
use serde_json::{Map, Value as Json};

use super::names::Names;
use super::{Language, LettersError, code};

/// A letter as a step ordered it.
pub(super) struct Ordered {
    data: Map<String, Json>,
}

impl Ordered {
    pub(super) fn read(data: &str) -> Result<Self, LettersError> {
        match serde_json::from_str(data) {
            Ok(Json::Object(data)) => Ok(Self { data }),
            _ => Err(LettersError::Content),
        }
    }

    /// Where the organisation stands in whose name it speaks.
    pub(super) fn sender(&self) -> Option<&str> {
        self.data.get("from").and_then(Json::as_str)
    }

    /// Accounts it is addressed to.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &str> {
        self.addressed("account")
    }

    fn addressed<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.data.get("to").and_then(Json::as_array).into_iter().flatten();
        all.filter_map(move |it| it.get(kind).and_then(Json::as_str))
    }

    /// What the template names, in a language. `persons` are those it is addressed to beside organisations.
    pub(super) fn words(
        &self,
        language: Language,
        names: &Names,
        persons: &[String],
        issuer: &Bilingual,
    ) -> Result<BTreeMap<String, String>, LettersError> {
        let said = self.data.get(code(language)).and_then(Json::as_object);
        let said = said.ok_or(LettersError::Content)?;
        let mut words = BTreeMap::new();
        for (name, value) in said {
            words.insert(name.clone(), plain(&text(value, language, names)?));
        }
        let organisations = self.addressed("path").map(|it| said_in(language, names.of_path(it)));
        let mut all: Vec<String> = organisations.chain(persons.iter().cloned()).collect();
        all.dedup();
        let recipient = match (all.is_empty(), language) {
            (true, Language::Chinese) => "有关单位和个人".to_owned(),
            (true, Language::English) => "To whom it may concern".to_owned(),
            (false, Language::Chinese) => all.join("、"),
            (false, Language::English) => all.join(", "),
        };
        words.insert("holder".to_owned(), plain(&recipient));
        words.insert("recipient".to_owned(), plain(&recipient));
        words.insert("office".to_owned(), plain(&said_in(language, issuer.clone())));
        Ok(words)
    }
}

pub(super) fn said_in(language: Language, text: Bilingual) -> String {
    match language {
        Language::Chinese => text.zh,
        Language::English => text.en,
    }
}

/// A part: a text, or texts and organisations, which are named by what they are called now.
fn text(value: &Json, language: Language, names: &Names) -> Result<String, LettersError> {
    let organisation = |it: &Json| it.get("organisation").and_then(Json::as_str).map(str::to_owned);
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Array(pieces) => {
            let pieces = pieces.iter().map(|it| match (it, organisation(it)) {
                (Json::String(text), _) => Ok(text.clone()),
                (_, Some(code)) => Ok(said_in(language, names.of_code(&code))),
                _ => Err(LettersError::Content),
            });
            pieces.collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => {
            Err(LettersError::Content)
        }
    }
}

/// A text of lines without other control characters, which no font has.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    text.chars().filter(|it| *it == '\n' || !it.is_control()).collect()
}
