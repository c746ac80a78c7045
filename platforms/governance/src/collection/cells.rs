//! Cells: what a text in a file means in a column of a declared kind.

use std::borrow::Cow;

mod date;
mod flag;
mod number;

pub(super) use self::date::date;
pub(super) use self::flag::flag;
pub(super) use self::number::{number, year};

/// Why a text does not say what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Not a number, date or flag at all.
    Shape,
    /// More digits after the point than the column keeps.
    TooPrecise,
    /// Larger than any number kept.
    TooLarge,
    /// A long number that a spreadsheet cut to powers of ten.
    Scientific,
    /// No such day.
    NoSuchDay,
    /// Day and month cannot be told apart, or the year has two digits.
    Ambiguous,
    /// Outside the years that records can be about.
    NoSuchYear,
    /// A formula without its value.
    Formula,
    /// An error value of a spreadsheet, such as `#DIV/0!`.
    SheetError,
}

/// A text without the differences that carry no meaning: full-width letters and digits become
/// plain ones, white space around it goes.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = unquoted(text.trim());
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let trimmed = text.trim_matches(|it: char| it.is_whitespace() || is_invisible(it));
    if trimmed.chars().all(|it| narrow(it) == it && !is_invisible(it)) {
        return Cow::Borrowed(trimmed);
    }
    let narrowed: String = trimmed.chars().filter(|it| !is_invisible(*it)).map(narrow).collect();
    Cow::Owned(narrowed.trim().to_owned())
}

/// A text for comparing names: plain, in lower case, without white space.
pub(super) fn folded(text: &str) -> String {
    plain(text).chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A spreadsheet's way to keep leading zeros in a separated file is `="0123"`.
fn unquoted(text: &str) -> &str {
    text.strip_prefix("=\"").and_then(|it| it.strip_suffix('"')).unwrap_or(text)
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The half-width form of a full-width character; minus signs and the ideographic space too.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2212}' | '\u{2010}' | '\u{2011}' => '-',
        other => other,
    }
}

/// A formula or an error value where a value should be.
fn spreadsheet_fault(text: &str) -> Option<Unreadable> {
    match text.as_bytes().first() {
        Some(b'=') => Some(Unreadable::Formula),
        Some(b'#') => Some(Unreadable::SheetError),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn width_and_spaces_carry_no_meaning() {
        assert_eq!(plain("　１２０１０１ "), "120101");
        assert_eq!(plain("\u{feff}abc"), "abc");
        assert_eq!(plain("=\"011301\""), "011301");
        assert_eq!(plain("天津市"), "天津市");
        assert_eq!(folded("Ｓｃｈｏｏｌ  Code"), "schoolcode");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_or_refused(
            text in prop_oneof!["\\PC{0,24}", "[-+0-9.,/年月日T: eE=#]{0,24}"],
            offset in -10_000..10_000_i64,
        ) {
            let times = Some(model::exact::Decimal::new(999_999_999_999_999, 3));
            for scale in 0..=9 {
                let _ = (number(&text, scale, None), number(&text, scale, times));
            }
            let _ = (date(&text), flag(&text), year(&text, offset), folded(&text));
        }

        #[test]
        fn a_number_reads_back(number_of in -999_999_999_999_999_999..=999_999_999_999_999_999_i64) {
            prop_assert_eq!(number(&number_of.to_string(), 0, None), Ok(number_of));
        }
    }
}
