//! Names that belong to no real school: every first syllable with every second one.

use model::Bilingual;

use super::settings::{Names, Title};

/// The name number `serial` of a kind of institution. Different serials of a kind give different names.
pub(crate) fn invent(names: &Names, serial: usize, suffix: &Title) -> Bilingual {
    let combinations = (names.first.len() * names.second.len()).max(1);
    // A step without a common divisor visits every pair once before it comes back.
    let step = if combinations.is_multiple_of(1009) { 1013 } else { 1009 };
    let pair = (serial % combinations) * step % combinations;
    let syllable = |list: &[String], at: usize| {
        let (sign, sound) = list.get(at).and_then(|it| it.split_once(' ')).unwrap_or_default();
        (sign.to_owned(), sound.to_owned())
    };
    let (first, first_sound) = syllable(&names.first, pair / names.second.len().max(1));
    let (second, second_sound) = syllable(&names.second, pair % names.second.len().max(1));
    let round = serial / combinations;
    let (order_zh, order_en) = match round {
        0 => (String::new(), String::new()),
        _ => (format!("第{}", round + 1), format!(" No. {}", round + 1)),
    };
    Bilingual::new(
        format!("{first}{second}{order_zh}{}", suffix.zh),
        format!("{first_sound}{second_sound}{order_en} {}", suffix.en),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_serials_share_a_name() {
        let list = |text: &str| text.split(',').map(str::to_owned).collect();
        let names = Names { first: list("霁 Ji,翎 Ling,漪 Yi"), second: list("麓 lu,屿 yu") };
        let suffix = Title { zh: "小学".to_owned(), en: "Primary School".to_owned() };
        let all: BTreeSet<Bilingual> = (0..12).map(|it| invent(&names, it, &suffix)).collect();
        assert_eq!(all.len(), 12);
        assert_eq!(invent(&names, 0, &suffix), Bilingual::new("霁麓小学", "Jilu Primary School"));
    }
}
