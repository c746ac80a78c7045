//! Citizen identity numbers, GB 11643-1999: region 6, birth date 8, sequence 3, check character 1.

use jiff::civil::Date;

use super::{Fault, Faults, digit, division};

/// Weights of the first 17 digits, ISO 7064 MOD 11-2.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check character by the remainder of the weighted sum.
const CHECK: [u8; 11] = *b"10X98765432";

/// Sex as the sequence number of an identity number tells it, and as records are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// `M` or `F`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "M" => Some(Self::Male),
            "F" => Some(Self::Female),
            _ => None,
        }
    }
}

/// What is wrong with an identity number: its length, its characters, or else its check
/// character, region and birth date, each apart.
///
/// A lower-case `x` is read as `X`. Years before 1900 and retired districts are no fault.
pub fn identity_faults(text: &str) -> Faults {
    if text.chars().count() != 18 {
        return Faults::one(Fault::Length { expected: 18 });
    }
    faults_of_eighteen(text.as_bytes())
}

/// The faults of the 18 bytes of an identity number, or of a student number built like one.
pub(super) fn faults_of_eighteen(bytes: &[u8]) -> Faults {
    let Some((front, check)) = bytes.split_last_chunk::<1>() else {
        return Faults::one(Fault::Length { expected: 18 });
    };
    let [check] = check.map(|it| it.to_ascii_uppercase());
    let (Some(expected), true) = (check_byte(front), check.is_ascii_digit() || check == b'X')
    else {
        return Faults::one(Fault::Characters);
    };
    let checksum = (check != expected).then(|| Fault::Checksum { expected: char::from(expected) });
    let region = front.get(..6).is_some_and(is_region);
    let birth = front.get(6..14).and_then(date);
    Faults([
        checksum,
        (!region).then_some(Fault::Region),
        birth.is_none().then_some(Fault::BirthDate),
    ])
}

/// A division of China; or, in the numbers of foreigners with permanent residence (since 2023),
/// a 9, the province that issued it and three digits of nationality.
fn is_region(region: &[u8]) -> bool {
    let foreign = |it: &[u8]| match it {
        &[b'9', tens, units, ..] => division::has_shape(&[tens, units, b'0', b'0', b'0', b'0']),
        _ => false,
    };
    division::has_shape(region) || foreign(region)
}

/// The check character that belongs behind these 17 digits. `None` when they are not 17 digits.
pub fn identity_check_character(digits: &str) -> Option<char> {
    check_byte(digits.as_bytes()).map(char::from)
}

fn check_byte(front: &[u8]) -> Option<u8> {
    if front.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in front.iter().zip(WEIGHTS) {
        sum += digit(*byte)? * weight;
    }
    CHECK.get(usize::try_from(sum % 11).ok()?).copied()
}

/// The birth date in an identity number. `None` when there is no such day.
pub fn identity_birth_date(text: &str) -> Option<Date> {
    (text.len() == 18).then(|| text.as_bytes().get(6..14).and_then(date)).flatten()
}

/// The sex in an identity number: an odd sequence number is a man's.
pub fn identity_sex(text: &str) -> Option<Sex> {
    let sequence = (text.len() == 18).then(|| text.as_bytes().get(16)).flatten()?;
    Some(if digit(*sequence)? % 2 == 1 { Sex::Male } else { Sex::Female })
}

fn date(eight: &[u8]) -> Option<Date> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |sum, it| Some(sum * 10 + i16::try_from(digit(*it)?).ok()?))
    };
    let (year, rest) = eight.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let month = i8::try_from(number(month)?).ok()?;
    let day = i8::try_from(number(day)?).ok()?;
    Date::new(number(year)?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::shown;

    #[track_caller]
    fn check(number: &str, expected: &str) {
        assert_eq!(shown(identity_faults(number)), expected, "{number}");
    }

    #[test]
    fn the_samples_printed_with_the_standard_are_sound() {
        check("11010519491231002X", "sound");
        check("11010519491231002x", "sound");
        check("440524188001010014", "sound");
        assert_eq!(identity_sex("11010519491231002X"), Some(Sex::Female));
        assert_eq!(identity_sex("440524188001010014"), Some(Sex::Male));
        let born = identity_birth_date("11010519491231002X").map(|it| it.to_string());
        assert_eq!(born.as_deref(), Some("1949-12-31"));
        let born = identity_birth_date("440524188001010014").map(|it| it.to_string());
        assert_eq!(born.as_deref(), Some("1880-01-01"));
    }

    #[test]
    fn a_retired_district_is_not_refused() {
        check("120221188001010014", "sound");
        check("120116188001010026", "sound");
        assert_eq!(identity_sex("120116188001010026"), Some(Sex::Female));
    }

    #[test]
    fn each_fault_is_found_apart() {
        check("110105194912310021", "checksum");
        check("120101182302300017", "birth-date");
        check("12010118230230001", "length");
        check("990105194912310020", "checksum region");
        check("990105194913310020", "checksum region birth-date");
        check("1101051949123100 X", "characters");
        check("11010519491231002Y", "characters");
        check("１１０１０５１９４９１２３１００２Ｘ", "characters");
        check("", "length");
    }

    #[test]
    fn the_expected_check_character_is_named() {
        let fault = identity_faults("110105194912310021").iter().next();
        assert_eq!(fault, Some(Fault::Checksum { expected: 'X' }));
        assert_eq!(identity_check_character("11010519491231002"), Some('X'));
        assert_eq!(identity_check_character("1101051949123100"), None);
    }

    proptest! {
        #[test]
        fn with_its_check_character_a_number_has_no_checksum_fault(front in "[0-9]{17}") {
            let check = identity_check_character(&front).unwrap();
            let whole = format!("{front}{check}");
            prop_assert!(!identity_faults(&whole).breaks("checksum"));
        }

        #[test]
        fn one_wrong_digit_is_always_found(front in "[0-9]{17}", at in 0_usize..17, by in 1_u8..10) {
            let check = identity_check_character(&front).unwrap();
            let mut digits = front.into_bytes();
            digits[at] = (digits[at] - b'0' + by) % 10 + b'0';
            let wrong = String::from_utf8(digits).unwrap();
            let whole = format!("{wrong}{check}");
            prop_assert!(identity_faults(&whole).breaks("checksum"));
        }

        #[test]
        fn two_neighbours_swapped_are_always_found(front in "[0-9]{17}", at in 0_usize..16) {
            let check = identity_check_character(&front).unwrap();
            let mut digits = front.into_bytes();
            prop_assume!(digits[at] != digits[at + 1]);
            digits.swap(at, at + 1);
            let wrong = String::from_utf8(digits).unwrap();
            let whole = format!("{wrong}{check}");
            prop_assert!(identity_faults(&whole).breaks("checksum"));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            let faults = identity_faults(&text);
            prop_assert_eq!(faults.is_sound(), faults.iter().next().is_none());
            prop_assert!(identity_birth_date(&text).is_none() || text.len() == 18);
            prop_assert!(identity_sex(&text).is_none() || text.len() == 18);
        }
    }
}
