//! Numbers as readers see them: thin spaces between thousands, a real minus, all published digits.

use model::Decimal;

/// Between thousands; narrow, and no line breaks there.
const THIN: char = '\u{202f}';

/// A figure with the digits it is published with: `4 500`, `93.0`, `−0.5`.
pub(crate) fn figure(number: Decimal) -> String {
    let plain = number.abs().to_string();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() + 6);
    if number.is_negative() {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        // Four digits in a row still read as one number.
        if place > 0 && (whole.len() - place).is_multiple_of(3) && whole.len() > 3 {
            text.push(THIN);
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// A text with its numbers as figures are written, but for years: `≤2 400`.
pub(crate) fn within(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|it: char| it.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number.find(|it: char| !it.is_ascii_digit() && it != '.');
        let (number, after) = number.split_at(end.unwrap_or(number.len()));
        whole.push_str(before);
        let digits = number.find('.').unwrap_or(number.len());
        let is_long = digits > 3 && !after.starts_with('年');
        match number.parse().ok().filter(|_| is_long) {
            Some(it) => whole.push_str(&figure(it)),
            None => whole.push_str(number),
        }
        rest = after;
    }
    whole + rest
}

/// A change with its sign: `+0.4`, `−1.2`, `±0`.
pub(crate) fn change(number: Decimal) -> String {
    if number.is_zero() {
        return "±0".to_owned();
    }
    if number.is_negative() { figure(number) } else { format!("+{}", figure(number)) }
}

/// A whole number.
pub(crate) fn count(number: u64) -> String {
    figure(Decimal::new(i128::from(number), 0))
}

/// A stated number without the zeros it does not need: `93` for 93.0.
pub(crate) fn stated(number: Decimal) -> String {
    let shortest = (0..=number.scale()).map(|it| number.rounded(it)).find(|it| *it == number);
    figure(shortest.unwrap_or(number))
}

/// What a number lacks to reach `decimals` digits after its point: set unseen behind it, it keeps
/// the points of a column under each other.
pub(crate) fn ghost(shown: &str, decimals: usize) -> String {
    let digits = shown.split_once('.').map_or(0, |(_, part)| part.chars().count());
    let point = if digits == 0 && decimals > 0 { "." } else { "" };
    format!("{point}{}", "0".repeat(decimals.saturating_sub(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(figure(number("3500000")), "3\u{202f}500\u{202f}000");
        assert_eq!(figure(number("4500")), "4\u{202f}500");
        assert_eq!(figure(number("999")), "999");
        assert_eq!(figure(number("-1234.50")), "−1\u{202f}234.50");
    }

    #[test]
    fn numbers_within_a_text_look_like_figures() {
        assert_eq!(within("≤2400"), "≤2\u{202f}400");
        assert_eq!(within("5000000以上"), "5\u{202f}000\u{202f}000以上");
        assert_eq!(within("4、6、16个区"), "4、6、16个区");
        assert_eq!(within("0.50"), "0.50");
        assert_eq!(within("2025年"), "2025年");
        assert_eq!(within("1\u{202f}000"), "1\u{202f}000");
        assert_eq!(within(""), "");
    }

    #[test]
    fn ghosts_fill_a_column_up() {
        assert_eq!(ghost("4500", 2), ".00");
        assert_eq!(ghost("93.0", 2), "0");
        assert_eq!(ghost("12.03", 2), "");
        assert_eq!(ghost("7", 0), "");
    }

    #[test]
    fn a_change_has_a_sign() {
        assert_eq!(change(number("0.4")), "+0.4");
        assert_eq!(change(number("-1.2")), "−1.2");
        assert_eq!(change(number("0.00")), "±0");
    }

    #[test]
    fn a_stated_number_keeps_only_what_it_says() {
        assert_eq!(stated(number("93.00")), "93");
        assert_eq!(stated(number("48.50")), "48.5");
    }
}
