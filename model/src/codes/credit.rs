//! Unified social credit codes, GB 32100-2015: 17 characters and a check character.

use super::{Fault, Faults};

/// The characters in the order of their values; I, O, S, V and Z are not used.
const ALPHABET: [u8; 31] = *b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What is wrong with a credit code: its length, a character, or its check character.
///
/// The region inside is not looked at: bodies registered with a ministry carry one of their own.
pub fn credit_faults(text: &str) -> Faults {
    if text.chars().count() != 18 {
        return Faults::one(Fault::Length { expected: 18 });
    }
    let Some((front, [check])) = text.as_bytes().split_last_chunk::<1>() else {
        return Faults::one(Fault::Length { expected: 18 });
    };
    match check_byte(front) {
        Some(_) if !ALPHABET.contains(check) => Faults::one(Fault::Characters),
        None => Faults::one(Fault::Characters),
        Some(expected) if expected != *check => {
            Faults::one(Fault::Checksum { expected: char::from(expected) })
        }
        Some(_) => Faults::NONE,
    }
}

/// The check character that belongs behind these 17 characters. `None` when they cannot be such.
pub fn credit_check_character(front: &str) -> Option<char> {
    check_byte(front.as_bytes()).map(char::from)
}

/// (31 − Σ value × 3^i mod 31) mod 31: a sum divisible by 31 gives the character 0.
fn check_byte(front: &[u8]) -> Option<u8> {
    if front.len() != 17 {
        return None;
    }
    let (mut sum, mut weight) = (0, 1);
    for byte in front {
        sum += ALPHABET.iter().position(|it| it == byte)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.get((31 - sum % 31) % 31).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::shown;

    #[track_caller]
    fn check(code: &str, expected: &str) {
        assert_eq!(shown(credit_faults(code)), expected, "{code}");
    }

    #[test]
    fn the_golden_codes() {
        check("91110000600037341L", "sound");
        check("911100006000373411", "checksum");
        check("91110000600037341I", "characters");
        check("12999999000000001Q", "sound");
        check("129999990000000130", "sound");
        check("9111000060003734", "length");
        check("9111000060003734IL", "characters");
        check("91110000600037341学", "characters");
    }

    #[test]
    fn the_expected_check_character_is_named() {
        let fault = credit_faults("911100006000373411").iter().next();
        assert_eq!(fault, Some(Fault::Checksum { expected: 'L' }));
        assert_eq!(credit_check_character("12999999000000013"), Some('0'));
    }

    proptest! {
        #[test]
        fn with_its_check_character_a_code_is_sound(front in "[0-9A-HJ-NP-RTUWXY]{17}") {
            let check = credit_check_character(&front).unwrap();
            let whole = format!("{front}{check}");
            prop_assert!(credit_faults(&whole).is_sound());
        }

        #[test]
        fn one_wrong_character_is_always_found(
            front in "[0-9A-HJ-NP-RTUWXY]{17}", at in 0_usize..17, by in 1_usize..31,
        ) {
            let check = credit_check_character(&front).unwrap();
            let mut bytes = front.into_bytes();
            let value = ALPHABET.iter().position(|it| *it == bytes[at]).unwrap();
            bytes[at] = ALPHABET[(value + by) % 31];
            let wrong = String::from_utf8(bytes).unwrap();
            let whole = format!("{wrong}{check}");
            prop_assert!(credit_faults(&whole).breaks("checksum"));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            prop_assert!(!credit_faults(&text).is_sound() || text.len() == 18);
        }
    }
}
