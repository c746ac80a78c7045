//! National student numbers 全国学籍号: a letter and 18 digits.

use super::{Fault, Faults, identity};

/// What is wrong with a student number.
///
/// `G` stands before an identity number, `J` before 18 digits built like one for those without,
/// `L` before a temporary number of region, birth date and four free digits. `L` has no check
/// digit, so it can have no checksum fault; its free digits are free, so only `G` and `J` may end
/// in `X`.
pub fn student_faults(text: &str) -> Faults {
    if text.chars().count() != 19 {
        return Faults::one(Fault::Length { expected: 19 });
    }
    let Some((letter, rest)) = text.as_bytes().split_first() else {
        return Faults::one(Fault::Length { expected: 19 });
    };
    match letter {
        b'G' | b'J' => identity::faults_of_eighteen(rest),
        b'L' if rest.iter().all(u8::is_ascii_digit) => {
            let faults = identity::faults_of_eighteen(rest);
            Faults(faults.0.map(|it| it.filter(|fault| !matches!(fault, Fault::Checksum { .. }))))
        }
        b'L' => Faults::one(Fault::Characters),
        _ => Faults::one(Fault::Prefix),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::shown;

    #[track_caller]
    fn check(number: &str, expected: &str) {
        assert_eq!(shown(student_faults(number)), expected, "{number}");
    }

    #[test]
    fn g_and_j_carry_a_check_digit() {
        check("G11010519491231002X", "sound");
        check("G440524188001010014", "sound");
        check("G110105194912310021", "checksum");
        check("J120221188001010014", "sound");
        check("J110105194912310021", "checksum");
        check("G120101182302300017", "birth-date");
    }

    #[test]
    fn l_has_none() {
        check("L110105194912310021", "sound");
        check("L440524188001010014", "sound");
        check("L120101182302300017", "birth-date");
        check("L11010519491231002X", "characters");
    }

    #[test]
    fn other_shapes_are_named() {
        check("X440524188001010014", "prefix");
        check("g440524188001010014", "prefix");
        check("G44052418800101001", "length");
        check("440524188001010014", "length");
        check("学440524188001010014", "prefix");
    }

    proptest! {
        #[test]
        fn g_and_j_are_checked_as_identity_numbers(number in "[0-9]{17}[0-9X]") {
            let expected = identity::identity_faults(&number);
            for letter in ["G", "J"] {
                let whole = format!("{letter}{number}");
                prop_assert_eq!(student_faults(&whole), expected);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[GJL]?\\PC{0,20}") {
            prop_assert!(!student_faults(&text).is_sound() || text.len() == 19);
        }
    }
}
