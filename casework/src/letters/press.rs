//! What letters are printed with, and printing one.

use std::path::PathBuf;

use documents::letter::{Content, Fonts, render};
use documents::{Keys, LetterError, sign};
use jiff::Timestamp;
use jiff::civil::Date;
use model::text::Bilingual;

use super::content::said_in;
use super::{Language, LetterNumber, LettersError, Templates};
use crate::cases::letters::written;

/// Most characters of one letter that no font has.
const MOST_UNKNOWN: usize = 40;
/// Stands where a character is that no font has, as in any Chinese print shop.
const UNKNOWN: &str = "〓";

/// What the letters of a centre are printed with.
#[derive(Clone, Debug)]
pub struct Press {
    pub templates: Templates,
    pub fonts: Fonts,
    pub keys: Keys,
    /// Where documents are kept.
    pub folder: PathBuf,
    /// Scheme, name and port of the site where letters are checked.
    pub origin: String,
    /// Whether the centre's records are generated, which every letter then says.
    pub is_generated: bool,
}

/// A letter before it is printed, the same for all languages.
pub(super) struct Draft {
    pub(super) template: String,
    pub(super) reference: String,
    pub(super) issuer: Bilingual,
    pub(super) day: Date,
}

/// What is printed in one language.
pub(super) struct Edition {
    pub(super) language: Language,
    pub(super) number: LetterNumber,
    pub(super) words: std::collections::BTreeMap<String, String>,
}

impl Press {
    /// The signed document of a letter in one language.
    pub(super) fn print(
        &self,
        draft: &Draft,
        edition: Edition,
        at: Timestamp,
    ) -> Result<Vec<u8>, LettersError> {
        let template = self.templates.get(&draft.template);
        let template = template.ok_or_else(|| LettersError::NoTemplate(draft.template.clone()))?;
        let Edition { language, number, words } = edition;
        let prefix = match language {
            Language::Chinese => "",
            Language::English => "/en",
        };
        let mut content = Content {
            issuer: said_in(language, draft.issuer.clone()),
            seal: draft.issuer.zh.clone(),
            number: draft.reference.clone(),
            date: said_in(language, written(draft.day)),
            check: (number.to_string(), format!("{}{prefix}/verify/{number}", self.origin)),
            generated: self.is_generated,
            words,
        };
        for _ in 0..MOST_UNKNOWN {
            match render(template, &content, language, &self.fonts, at) {
                Ok(letter) => return Ok(sign(&letter.pdf, &self.keys, letter.seal, at)?),
                // A name with a rare character must not keep the letter from going out.
                Err(LetterError::Character(unknown)) => replace(&mut content, unknown),
                Err(error) => return Err(error.into()),
            }
        }
        Err(LetterError::Character('〓').into())
    }
}

fn replace(content: &mut Content, unknown: char) {
    let Content { issuer, seal, number, words, .. } = content;
    for text in words.values_mut().chain([issuer, seal, number]) {
        *text = text.replace(unknown, UNKNOWN);
    }
}
