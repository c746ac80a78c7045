//! Templates: which blocks a letter has, in both languages, and what is filled in.

use serde::Deserialize;

use super::{Content, LetterError};

/// The language of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

/// A text in both languages; `{name}` is filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    zh: String,
    en: String,
}

/// A line of particulars: what it is, and what is so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) label: Text,
    pub(super) value: Text,
}

/// One block of a letter.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Block {
    /// To whom the letter goes.
    Addressed(Text),
    Heading(Text),
    /// One paragraph a line.
    Paragraph(Text),
    /// A paragraph that counts more than the rest: what was decided.
    Decision(Text),
    Particulars(Vec<Row>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    #[default]
    Letter,
    Certificate,
}

/// A letter or certificate to be filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    #[serde(default)]
    form: Form,
    title: Text,
    pub(super) blocks: Vec<Block>,
}

impl Template {
    /// Reads a template of TOML.
    pub fn read(text: &str) -> Result<Self, LetterError> {
        toml::from_str(text)
            .map_err(|it| LetterError::Template(it.to_string().trim_end().to_owned()))
    }

    pub(super) fn is_certificate(&self) -> bool {
        self.form == Form::Certificate
    }

    pub(super) fn title(
        &self,
        language: Language,
        content: &Content,
    ) -> Result<String, LetterError> {
        self.title.fill(language, content)
    }
}

impl Text {
    /// The text with everything filled in. What is filled in is not looked at again.
    pub(super) fn fill(
        &self,
        language: Language,
        content: &Content,
    ) -> Result<String, LetterError> {
        let mut rest = match language {
            Language::Chinese => self.zh.as_str(),
            Language::English => self.en.as_str(),
        };
        let mut filled = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| LetterError::Template(format!("`{{{after}` is left open")))?;
            let word =
                content.words.get(name).ok_or_else(|| LetterError::Lacks(name.to_owned()))?;
            filled.push_str(before);
            filled.push_str(word);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}
