//! School codes 学校(机构)标识码: kind 2, province 2, sequence 6. There is no check digit.

use super::{Fault, Faults, division};

/// Kind of school in the first two digits of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SchoolKind {
    Kindergarten,
    Primary,
    AdultPrimary,
    Junior,
    VocationalJunior,
    AdultJunior,
    Senior,
    AdultSenior,
    SecondaryVocational,
    /// 专门学校, formerly 工读学校.
    Reform,
    Higher,
    AdultHigher,
    Special,
    Other,
}

/// The first two digits and what they stand for.
pub const SCHOOL_KINDS: [(&str, SchoolKind); 16] = [
    ("11", SchoolKind::Kindergarten),
    ("21", SchoolKind::Primary),
    ("22", SchoolKind::AdultPrimary),
    ("31", SchoolKind::Junior),
    ("32", SchoolKind::VocationalJunior),
    ("33", SchoolKind::AdultJunior),
    ("34", SchoolKind::Senior),
    ("35", SchoolKind::AdultSenior),
    ("36", SchoolKind::SecondaryVocational),
    ("37", SchoolKind::Reform),
    ("41", SchoolKind::Higher),
    ("42", SchoolKind::AdultHigher),
    ("51", SchoolKind::Special),
    ("91", SchoolKind::Other),
    ("92", SchoolKind::Other),
    ("93", SchoolKind::Other),
];

/// The kind that a school code begins with.
pub fn school_kind(code: &str) -> Option<SchoolKind> {
    let digits = code.get(..2)?;
    SCHOOL_KINDS.iter().find(|(it, _)| *it == digits).map(|(_, kind)| *kind)
}

/// What is wrong with a school code: its length, its characters, or its kind and province.
pub fn school_faults(text: &str) -> Faults {
    if text.chars().count() != 10 {
        return Faults::one(Fault::Length { expected: 10 });
    }
    if !text.bytes().all(|it| it.is_ascii_digit()) {
        return Faults::one(Fault::Characters);
    }
    let kind = school_kind(text).is_none().then_some(Fault::Kind);
    let province = text.get(2..4).is_some_and(division::is_province);
    Faults([kind, (!province).then_some(Fault::Province), None])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::shown;

    #[track_caller]
    fn check(code: &str, expected: &str) {
        assert_eq!(shown(school_faults(code)), expected, "{code}");
    }

    #[test]
    fn the_golden_codes() {
        check("4112010055", "sound");
        check("4112010056", "sound");
        check("2112000001", "sound");
        check("9912000001", "kind");
        check("211200001", "length");
        check("2199000001", "province");
        check("9999000001", "kind province");
        check("21120000A1", "characters");
        assert_eq!(school_kind("2112000001"), Some(SchoolKind::Primary));
        assert_eq!(school_kind("4112010055"), Some(SchoolKind::Higher));
        assert_eq!(school_kind("学"), None);
    }

    proptest! {
        #[test]
        fn every_kind_in_every_province_is_sound(
            kind in 0_usize..SCHOOL_KINDS.len(), sequence in 0_u32..1_000_000,
        ) {
            let (code, expected) = SCHOOL_KINDS[kind];
            let code = format!("{code}12{sequence:06}");
            prop_assert!(school_faults(&code).is_sound());
            prop_assert_eq!(school_kind(&code), Some(expected));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}") {
            prop_assert!(!school_faults(&text).is_sound() || text.len() == 10);
        }
    }
}
