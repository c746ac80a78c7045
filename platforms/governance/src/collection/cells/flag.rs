//! Yes and no as people and spreadsheets write them.

use super::{Unreadable, plain, spreadsheet_fault};

const YES: [&str; 8] = ["1", "是", "yes", "true", "y", "t", "有", "√"];
const NO: [&str; 8] = ["0", "否", "no", "false", "n", "f", "无", "×"];

/// 1 for yes, 0 for no.
pub(in super::super) fn flag(text: &str) -> Result<i64, Unreadable> {
    let text = plain(text);
    if let Some(fault) = spreadsheet_fault(&text) {
        return Err(fault);
    }
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let is = |words: &[&str]| words.iter().any(|it| it.eq_ignore_ascii_case(text));
    if is(&YES) {
        Ok(1)
    } else if is(&NO) {
        Ok(0)
    } else {
        Err(Unreadable::Shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_two_languages() {
        for text in ["1", "是", "YES", "True", "y", "１", "1.0", "有", "√"] {
            assert_eq!(flag(text), Ok(1), "{text}");
        }
        for text in ["0", "否", "no", "FALSE", "Ｎ", "无", "×"] {
            assert_eq!(flag(text), Ok(0), "{text}");
        }
        for text in ["2", "maybe", "-", "是否"] {
            assert_eq!(flag(text), Err(Unreadable::Shape), "{text}");
        }
        assert_eq!(flag("=B2"), Err(Unreadable::Formula));
    }
}
