//! Division codes, GB/T 2260: two digits each for province, city and district.

use super::{Fault, Faults, digit};

/// Two-digit codes of the provinces, with Taiwan, Hong Kong, Macao (71, 81, 82) and 83, which the
/// residence permits of Taiwan residents begin with (GB 11643 in its use since 2018).
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Whether two digits name a province.
pub fn is_province(text: &str) -> bool {
    text.len() == 2
        && text.bytes().all(|it| it.is_ascii_digit())
        && text.parse().is_ok_and(|code: u8| PROVINCES.contains(&code))
}

/// What is wrong with a six-digit division code.
///
/// Only the shape is looked at: districts come and go, and retired codes live on in identity
/// numbers and old records, so no list of present districts could be right for all of them.
pub fn division_faults(text: &str) -> Faults {
    if text.chars().count() != 6 {
        return Faults::one(Fault::Length { expected: 6 });
    }
    if !text.bytes().all(|it| it.is_ascii_digit()) {
        return Faults::one(Fault::Characters);
    }
    if has_shape(text.as_bytes()) { Faults::NONE } else { Faults::one(Fault::Region) }
}

/// Whether six digits can be a division: a known province, and no district without its city.
pub(super) fn has_shape(region: &[u8]) -> bool {
    let &[a, b, c, d, e, f] = region else { return false };
    let pair = |tens, units| Some(digit(tens)? * 10 + digit(units)?);
    match (pair(a, b), pair(c, d), pair(e, f)) {
        (Some(province), Some(city), Some(district)) => {
            let known = u8::try_from(province).is_ok_and(|it| PROVINCES.contains(&it));
            known && (city > 0 || district == 0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::shown;

    #[track_caller]
    fn check(code: &str, expected: &str) {
        assert_eq!(shown(division_faults(code)), expected, "{code}");
    }

    #[test]
    fn present_and_retired_divisions_have_the_shape() {
        for code in ["120000", "120100", "120101", "120116", "110105", "659001"] {
            check(code, "sound");
        }
        for retired in ["120107", "120108", "120109", "120221", "120223", "120225"] {
            check(retired, "sound");
        }
    }

    #[test]
    fn other_shapes_are_named() {
        check("12010", "length");
        check("1201011", "length");
        check("12O101", "characters");
        check("990101", "region");
        check("120001", "region");
        check("", "length");
        check("一二三四五六", "characters");
    }

    #[test]
    fn a_province_is_two_digits() {
        assert!(is_province("12"));
        assert!(!is_province("99"));
        assert!(!is_province("+1"));
        assert!(!is_province("012"));
    }
}
