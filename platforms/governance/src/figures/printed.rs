//! Numbers as a plan prints them, written as figures are: baseline, figure and target of one indicator look alike.

use model::Decimal;

/// What plans count large numbers in.
const COUNTED_IN: [(char, i64); 2] = [('万', 10_000), ('亿', 100_000_000)];

/// A printed text with its numbers in digits: `500万以上` becomes `5000000以上`.
pub fn in_digits(printed: &str) -> String {
    let mut text = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some(start) = rest.find(|it: char| it.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number.find(|it: char| !it.is_ascii_digit() && it != '.');
        let (number, after) = number.split_at(end.unwrap_or(number.len()));
        text.push_str(before);
        match counted(number, after) {
            Some((all, behind)) => {
                text.push_str(&all.to_string());
                rest = behind;
            }
            None => {
                text.push_str(number);
                rest = after;
            }
        }
    }
    text + rest
}

/// The whole of a number that is counted in something, and what stands behind that.
fn counted<'a>(number: &str, after: &'a str) -> Option<(Decimal, &'a str)> {
    let (word, factor) = COUNTED_IN.iter().find(|(word, _)| after.starts_with(*word))?;
    let all = number.parse::<Decimal>().ok()?.times(*factor);
    let shortest = (0..=all.scale()).map(|it| all.rounded(it)).find(|it| *it == all);
    Some((shortest.unwrap_or(all), after.strip_prefix(*word)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_in_tens_of_thousands_is_written_out() {
        for (printed, expected) in [
            ("350万", "3500000"),
            ("≥500万以上", "≥5000000以上"),
            ("1.05万", "10500"),
            ("0.00005万", "0.5"),
            ("1.2亿", "120000000"),
            ("4、6、16个区", "4、6、16个区"),
            (">99", ">99"),
            ("0.50", "0.50"),
            ("万", "万"),
            ("1.2.3万", "1.2.3万"),
            ("", ""),
        ] {
            assert_eq!(in_digits(printed), expected);
        }
    }
}
