//! Folders that are spoilt as a whole, expressions that do not fit, and several errors at once.

use super::folder::{Folder, lines};
use crate::plan::{load, load_datasets};

const MEASURES: &str = "plan/town/measures.toml";

#[test]
fn the_small_folder_is_sound() {
    assert_eq!(Folder::new().errors(), "sound");
}

#[test]
fn every_error_of_every_file_is_reported_at_once() {
    let folder = Folder::new();
    folder.change("plan/town/plan.toml", "last_year = 2025", "last_year = 9999");
    folder.change(MEASURES, "aggregate = \"sum\"", "aggregate = \"average\"");
    folder.change("plan/town/indicators.toml", "group = \"all\"", "group = \"al\"");
    folder.write("plan/town/clauses.toml", "[[section]]\nid = \"1\nheading = \"x\"\n");
    let errors = folder.errors();
    for file in ["plan.toml:5", "measures.toml:4", "clauses.toml:2"] {
        assert!(errors.lines().any(|it| it.starts_with(file)), "{file} in\n{errors}");
    }
}

#[test]
fn what_cannot_be_read_is_told_before_what_follows_from_it() {
    let folder = Folder::new();
    folder.change("plan/town/plan.toml", "uses = [", "uses = [\"../../nowhere\", ");
    folder.write(MEASURES, b"\xff\xfe");
    let errors = folder.errors();
    let first: Vec<&str> = errors.lines().take(2).collect();
    assert_eq!(
        first,
        [
            "measures.toml: is not UTF-8; save it with that encoding",
            "plan.toml:7: there is no folder `../../nowhere`; name a folder beside the plan or beside its parent, \
             such as \"../../rules\"",
        ],
        "{errors}"
    );
    assert!(errors.lines().any(|it| it.starts_with("indicators.toml:")), "{errors}");
}

#[track_caller]
fn refused(from: &str, to: &str, line: &str, word: &str) {
    let folder = Folder::new();
    folder.change(MEASURES, from, to);
    let errors = folder.errors();
    assert!(errors.starts_with(line) && errors.contains(word), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[test]
fn an_expression_must_fit_its_dataset() {
    let (of, filter) = ("of = \"pupils\"", "where = \"boarding\"");
    refused(filter, "where = \"boards\"", "measures.toml:12:", "boards");
    refused(filter, "where = \"boarding AND\"", "measures.toml:12:", "AND");
    refused(filter, "where = \"pupils\"", "measures.toml:12:", "true or false");
    refused(filter, "where = \"sum(pupils) > 3\"", "measures.toml:12:", "aggregate");
    refused(filter, "where = \"year = 2025\"", "measures.toml:12:", "the year");
    refused(of, "of = \"stage\"", "measures.toml:5:", "exact number");
    let long = format!("of = \"pupils{}\"", " + pupils".repeat(600));
    refused(of, &long, "measures.toml:5:", "bytes");
}

#[test]
fn a_check_of_rows_must_fit_its_dataset() {
    let folder = Folder::new();
    let check = "[[check]]\nmust = \"pupil > 0\"\ncolumn = \"pupils\"\nexpected = { zh = \"x\", en = \"x\" }\n\
                 hint = { zh = \"x\", en = \"x\" }\n\n[[column]]";
    folder.change("rules/datasets/rolls.toml", "[[column]]", check);
    let errors = folder.errors();
    assert!(errors.starts_with("../../rules/datasets/rolls.toml:11:"), "{errors}");
}

#[test]
fn a_circle_over_two_indicators_is_found() {
    let folder = Folder::new();
    let made_of = |code: &str, number: u8, other: &str| {
        format!(
            "[[indicator]]\ncode = \"{code}\"\nnumber = {number}\ngroup = \"all\"\nname = {{ zh = \"x\", en = \"x\" }}\n\
             unit = {{ zh = \"%\", en = \"%\" }}\ndecimals = 1\ndirection = \"up\"\nfinest_level = \"school\"\n\n\
             [[indicator.definition]]\nversion = 1\nkind = \"composite\"\nlabel = {{ zh = \"x\", en = \"x\" }}\n\
             parts = [{{ indicator = \"{other}\", weight = \"1\" }}]\nsource = {{ zh = \"自定\", en = \"ours\" }}\n\n"
        )
    };
    folder.write(
        "plan/town/indicators.toml",
        made_of("A", 1, "B") + &made_of("B", 2, "A") + &made_of("C", 3, "A"),
    );
    assert_eq!(
        folder.errors(),
        "indicators.toml:1: `A` is made of itself; break the circle between `A` or `B`\n\
         indicators.toml:18: `B` is made of itself; break the circle between `A` or `B`"
    );
}

#[test]
fn numbers_are_not_given_twice() {
    let folder = Folder::new();
    let again = "[[project.milestone]]\nid = \"M\"\nwhat = { zh = \"x\", en = \"x\" }\nclause = \"1-01\"\n\n";
    folder.change(
        "plan/town/projects.toml",
        "[[project.quantity]]",
        &format!("{again}{again}[[project.quantity]]"),
    );
    assert_eq!(
        folder.errors(),
        "projects.toml:12: the milestone M is there twice, first at projects.toml:7; give each its own"
    );
}

#[test]
fn a_misspelt_file_is_not_passed_over() {
    let folder = Folder::new();
    folder.write("plan/town/indicator.toml", "");
    let errors = folder.errors();
    assert!(errors.starts_with("indicator.toml: nothing reads this file"), "{errors}");
}

#[test]
fn a_folder_without_a_plan_is_refused() {
    let folder = Folder::new();
    std::fs::remove_file(folder.path().join("plan.toml")).unwrap();
    assert!(folder.errors().contains("plan.toml: the file is missing"));
    let nowhere = load(&folder.root().join("nowhere")).unwrap_err();
    assert!(lines(&nowhere).contains("there is no such folder"));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let folder = Folder::new();
    folder.write("plan/town/map.toml", [0xd6, 0xd0, 0xce, 0xc4]);
    assert_eq!(folder.errors(), "map.toml: is not UTF-8; save it with that encoding");
}

#[test]
fn a_huge_file_is_not_read() {
    let folder = Folder::new();
    folder.write("rules/tables/huge.csv", vec![b'x'; 5 << 20]);
    let errors = folder.errors();
    assert!(errors.starts_with("../../rules/tables/huge.csv: 5242880 bytes"), "{errors}");
}

#[test]
fn too_many_files_are_not_read() {
    let folder = Folder::new();
    for number in 0..1_100 {
        folder.write(&format!("rules/tables/{number}.csv"), "a\n");
    }
    assert!(folder.errors().contains("one file too many"));
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let folder = Folder::new();
    let secret = folder.root().join("secret.toml");
    std::fs::write(&secret, "secret = true").unwrap();
    std::os::unix::fs::symlink(&secret, folder.path().join("codes.toml")).unwrap();
    assert_eq!(
        folder.errors(),
        "codes.toml: is a link, which is not followed; put the file itself into the folder"
    );
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.root().join("plan/away")).unwrap();
    std::fs::remove_file(folder.path().join("codes.toml")).unwrap();
    folder.change("plan/town/plan.toml", "\"../../rules\"", "\"../../rules\", \"../away\"");
    assert!(folder.errors().contains("plan.toml:7: `../away` lies outside"));
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let folder = Folder::new();
    folder.write("plan/town/map.toml", format!("tile = {}", "[".repeat(100_000)));
    assert!(folder.errors().starts_with("map.toml:1:"));
}

#[test]
fn rules_may_expect_levels_of_other_cities() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(folder.root().join("rules/datasets/rolls.toml")).unwrap();
    let other = text
        .replace("name = \"rolls\"", "name = \"others\"")
        .replace("level = \"school\"", "level = \"ward\"");
    folder.write("rules/datasets/others.toml", &other);
    assert_eq!(folder.errors(), "sound");

    folder.write("plan/town/datasets/own.toml", other.replace("others", "own"));
    assert_eq!(
        folder.errors(),
        "datasets/own.toml:8: `ward` is no level of plan.toml; write `city` or `school`, or declare it"
    );
}

#[test]
fn a_dataset_is_declared_once() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(folder.root().join("rules/datasets/rolls.toml")).unwrap();
    folder.write("plan/town/datasets/again.toml", text);
    assert_eq!(
        folder.errors(),
        "datasets/again.toml:1: the dataset `rolls` is declared at ../../rules/datasets/rolls.toml:1 too; \
         keep one of them, or rename it"
    );
}

#[test]
fn datasets_can_be_read_without_a_plan() {
    let folder = Folder::new();
    let datasets = load_datasets(&folder.root().join("rules")).unwrap();
    assert_eq!(datasets.keys().collect::<Vec<_>>(), ["rolls"]);
    folder.change("rules/datasets/rolls.toml", "kind = \"flag\"", "kind = \"flags\"");
    let errors = load_datasets(&folder.root().join("rules")).unwrap_err();
    assert!(lines(&errors).starts_with("datasets/rolls.toml:42: `flags` is no kind of column"));
}
