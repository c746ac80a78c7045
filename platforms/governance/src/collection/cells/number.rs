//! Numbers as people and spreadsheets write them.

use model::exact::Decimal;
use model::year::Year;

use super::{Unreadable, plain, spreadsheet_fault};

/// A number in units of `scale`: separators of thousands, full-width digits and zeros behind the
/// point are understood; digits that the column cannot keep are a fault, never rounded away.
pub(in super::super) fn number(
    text: &str,
    scale: u8,
    times: Option<Decimal>,
) -> Result<i64, Unreadable> {
    match (short_integer(text), times) {
        (Some(whole), None) if scale == 0 => Ok(whole),
        _ => scaled(text, scale, times),
    }
}

/// The usual case without any copy: up to 18 plain digits.
fn short_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut whole = 0_i64;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        whole = whole * 10 + i64::from(byte - b'0');
    }
    Some(if digits.len() == text.len() { whole } else { -whole })
}

fn scaled(text: &str, scale: u8, times: Option<Decimal>) -> Result<i64, Unreadable> {
    let text = plain(text);
    if let Some(fault) = spreadsheet_fault(&text) {
        return Err(fault);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let digits = without_separators(digits)?;
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let is_plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(whole) || !is_plain(part) || whole.len() + part.len() == 0 {
        return Err(if is_scientific(&digits) {
            Unreadable::Scientific
        } else {
            Unreadable::Shape
        });
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    if whole.len() > 18 || (times.is_some() && whole.len() + part.len() > 18) {
        return Err(Unreadable::TooLarge);
    }
    let zero = if whole.is_empty() { "0" } else { "" };
    let value: Decimal =
        format!("{sign}{zero}{whole}.{part}").parse().map_err(|_| Unreadable::TooPrecise)?;
    let value = times.map_or(value, |it| value.product(it));
    if value.rounded(scale) != value {
        return Err(Unreadable::TooPrecise);
    }
    i64::try_from(value.units_at(scale)).map_err(|_| Unreadable::TooLarge)
}

/// `1,234,567` and `1 234 567` without what stands between the thousands.
fn without_separators(digits: &str) -> Result<String, Unreadable> {
    let Some(separator) = digits.chars().find(|it| matches!(it, ',' | ' ' | '\'')) else {
        return Ok(digits.to_owned());
    };
    let (whole, part) =
        digits.split_once('.').map_or((digits, None), |(it, part)| (it, Some(part)));
    let mut groups = whole.split(separator);
    let first = groups.next().is_some_and(|it| (1..=3).contains(&it.len()));
    if !first || !groups.all(|it| it.len() == 3) {
        return Err(Unreadable::Shape);
    }
    let mut plain: String = whole.chars().filter(|it| *it != separator).collect();
    if let Some(part) = part {
        plain.push('.');
        plain.push_str(part);
    }
    Ok(plain)
}

fn is_scientific(digits: &str) -> bool {
    digits.split_once(['e', 'E']).is_some_and(|(mantissa, power)| {
        let power = power.trim_start_matches(['+', '-']);
        mantissa.starts_with(|it: char| it.is_ascii_digit())
            && !power.is_empty()
            && power.bytes().all(|it| it.is_ascii_digit())
    })
}

/// A year of record: `2024`, `2024年`, `2024学年`, `2024-2025`, `2024/25 学年度`; `offset` is added
/// to a year of another calendar.
pub(in super::super) fn year(text: &str, offset: i64) -> Result<Year, Unreadable> {
    let text = plain(text);
    if let Some(fault) = spreadsheet_fault(&text) {
        return Err(fault);
    }
    let bare = ["学年度", "學年度", "学年", "學年", "年度", "年"]
        .iter()
        .find_map(|it| text.strip_suffix(it))
        .unwrap_or(&text)
        .trim();
    let (first, second) = bare
        .split_once(['-', '/', '—', '–', '~'])
        .map_or((bare, None), |(it, next)| (it, Some(next)));
    let first = first.trim_end_matches('年').trim();
    let first = number(first, 0, None)?;
    if let Some(second) = second {
        let next = number(second.trim().trim_end_matches('年'), 0, None)?;
        if next != first + 1 && next != (first + 1) % 100 {
            return Err(Unreadable::Shape);
        }
    }
    let year = first.checked_add(offset).and_then(|it| u16::try_from(it).ok());
    year.and_then(Year::new).ok_or(Unreadable::NoSuchYear)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, scale: u8, expected: Result<i64, Unreadable>) {
        assert_eq!(number(text, scale, None), expected, "{text}");
    }

    #[test]
    fn numbers_as_people_write_them() {
        check("12", 0, Ok(12));
        check("-3", 0, Ok(-3));
        check("+7", 0, Ok(7));
        check("１２", 0, Ok(12));
        check("－５", 0, Ok(-5));
        check("12.0", 0, Ok(12));
        check("1,234,567", 0, Ok(1_234_567));
        check("1 234.50", 2, Ok(123_450));
        check(".5", 1, Ok(5));
        check("5.", 1, Ok(50));
        check("007", 0, Ok(7));
        check("35.25", 2, Ok(3525));
        check("-0.75", 2, Ok(-75));
        check("999999999999999999", 0, Ok(999_999_999_999_999_999));
    }

    #[test]
    fn what_is_no_number_of_the_column() {
        check("", 0, Err(Unreadable::Shape));
        check("-", 0, Err(Unreadable::Shape));
        check(".", 0, Err(Unreadable::Shape));
        check("12人", 0, Err(Unreadable::Shape));
        check("12%", 0, Err(Unreadable::Shape));
        check("1,23", 0, Err(Unreadable::Shape));
        check("1,2345", 0, Err(Unreadable::Shape));
        check("12.5", 0, Err(Unreadable::TooPrecise));
        check("1.234", 2, Err(Unreadable::TooPrecise));
        check("1.00000000001", 2, Err(Unreadable::TooPrecise));
        check("1.2E+17", 0, Err(Unreadable::Scientific));
        check("99999999999999999999", 0, Err(Unreadable::TooLarge));
        check("999999999999999999", 2, Err(Unreadable::TooLarge));
        check("=A1+B1", 0, Err(Unreadable::Formula));
        check("#DIV/0!", 0, Err(Unreadable::SheetError));
        check("NaN", 0, Err(Unreadable::Shape));
        check("1e", 0, Err(Unreadable::Shape));
    }

    #[test]
    fn ten_thousand_yuan_become_yuan() {
        let times = Some(Decimal::from_integer(10_000));
        assert_eq!(number("12.3456", 2, times), Ok(12_345_600));
        assert_eq!(number("3", 0, times), Ok(30_000));
        assert_eq!(number("0.1234567", 2, times), Err(Unreadable::TooPrecise));
        assert_eq!(number("1234567890123456789", 2, times), Err(Unreadable::TooLarge));
    }

    #[test]
    fn years_of_several_calendars() {
        let of = |text: &str, offset| year(text, offset).map(Year::number);
        assert_eq!(of("2024", 0), Ok(2024));
        assert_eq!(of("2024-2025学年", 0), Ok(2024));
        assert_eq!(of("2024/25", 0), Ok(2024));
        assert_eq!(of("２０２４年", 0), Ok(2024));
        assert_eq!(of("113", 1911), Ok(2024));
        assert_eq!(of("113學年度", 1911), Ok(2024));
        assert_eq!(of("9999", 0), Err(Unreadable::NoSuchYear));
        assert_eq!(of("2024-2026", 0), Err(Unreadable::Shape));
        assert_eq!(of("2024.5", 0), Err(Unreadable::TooPrecise));
        assert_eq!(of("-5", 0), Err(Unreadable::Shape));
    }
}
