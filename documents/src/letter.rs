//! Letters: a template and what is to be said in it become a tagged PDF, in Chinese or English.
//!
//! A template is data: it can put blocks one below the other and name what is to be filled in, and nothing else. So
//! it reads no file and no network, and nobody's name can be a command.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::signature::Place;

mod blocks;
mod certificate;
mod file;
mod fonts;
mod lines;
mod seal;
mod sheet;
mod template;

pub use self::fonts::{Fonts, FontsError};
use self::sheet::Sheet;
pub use self::template::{Language, Template};

/// Why a letter could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("the template cannot be read: {0}")]
    Template(String),

    #[error("the letter asks for {{{0}}}, which was not given")]
    Lacks(String),

    #[error("no font has the character {0:?}; write it in another way, or install a larger font")]
    Character(char),

    #[error("a block of the letter is higher than a page")]
    TooHigh,

    #[error(transparent)]
    Fonts(#[from] FontsError),

    #[error(transparent)]
    Code(#[from] crate::code::TooLong),
}

/// What is the same for every letter of a centre, and the words to fill in.
#[derive(Clone, Debug)]
pub struct Content {
    /// The authority that writes, and whose name its seal bears.
    pub issuer: String,
    pub seal: String,
    /// The reference number at the head.
    pub number: String,
    /// As it is to be read, such as `2026年11月26日`.
    pub date: String,
    /// The number and the address by which anyone can check the letter.
    pub check: (String, String),
    /// Whether the letter is made of generated data, which it then says.
    pub generated: bool,
    /// What the template names.
    pub words: BTreeMap<String, String>,
}

/// A letter before it is signed.
#[derive(Clone, Debug)]
pub struct Letter {
    pub pdf: Vec<u8>,
    /// Where its seal is.
    pub seal: Option<Place>,
}

/// Renders a letter as it is dated `at`. The same template, content, fonts and instant give the same bytes.
pub fn render(
    template: &Template,
    content: &Content,
    language: Language,
    fonts: &Fonts,
    at: Timestamp,
) -> Result<Letter, LetterError> {
    let faces = fonts.load()?;
    let mut sheet = Sheet::new(faces.open()?, language, template.is_certificate());
    let title = template.title(language, content)?;
    if template.is_certificate() {
        certificate::draw(&mut sheet, template, content, &title)?;
    } else {
        blocks::draw(&mut sheet, template, content, &title)?;
    }
    let seal = sheet.seal_place();
    Ok(Letter { pdf: file::write(sheet, &title, &content.issuer, at)?, seal })
}

#[cfg(test)]
mod tests;
