//! Whatever is in a folder, reading it ends with errors, never with a panic.

use proptest::prelude::*;

use super::folder::Folder;
use crate::plan::{attach_text, load};

const FILES: [&str; 10] = [
    "plan/town/plan.toml",
    "plan/town/measures.toml",
    "plan/town/indicators.toml",
    "plan/town/clauses.toml",
    "plan/town/tasks.toml",
    "plan/town/projects.toml",
    "plan/town/map.toml",
    "plan/town/organisations.csv",
    "rules/codes.toml",
    "rules/datasets/rolls.toml",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_bytes(file in 0..FILES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let folder = Folder::new();
        folder.write(FILES[file], bytes);
        let _ = load(&folder.path());
    }

    #[test]
    fn random_lines_of_toml(
        file in 0..FILES.len(),
        lines in proptest::collection::vec(
            "(\\[\\[)?[a-z_.]{1,12}(\\]\\])?( = (\"[a-z0-9-]{0,9}\"|-?[0-9]{1,20}|[0-9.e+]{1,6}|\\[[0-9, \"a]{0,9}\\]|\\{ zh = \"[a-z]?\" \\}))?",
            0..20,
        ),
    ) {
        let folder = Folder::new();
        folder.write(FILES[file], lines.join("\n"));
        let _ = load(&folder.path());
    }

    #[test]
    fn a_sound_file_cut_and_spoilt(
        file in 0..FILES.len(),
        cut in 0.0..1.0_f64,
        letter in any::<char>(),
        number in any::<i64>(),
    ) {
        let folder = Folder::new();
        let path = folder.root().join(FILES[file]);
        let text = std::fs::read_to_string(path).unwrap();
        let letters: Vec<char> = text.chars().collect();
        #[expect(clippy::as_conversions, reason = "a random place")]
        let at = (cut * letters.len() as f64) as usize;
        let mut spoilt: String = letters[..at].iter().collect();
        spoilt.push(letter);
        spoilt.extend(&letters[at..]);
        folder.write(FILES[file], &spoilt);
        let _ = load(&folder.path());
        folder.write(FILES[file], text.replace("2025", &number.to_string()).replace(" 1\n", &format!(" {number}\n")));
        let _ = load(&folder.path());
    }

    #[test]
    fn any_text_beside_the_clauses(text in "(#|\\||。|目标|指标表|[a-z\n-]){0,80}") {
        let mut plan = load(&Folder::new().path()).unwrap();
        let matched = attach_text(&mut plan, &text);
        prop_assert!(matched.clauses <= matched.of);
    }
}
