//! What was published stays published.

use std::fs;

use super::folder::Folder;
use crate::plan::{attach_text, copy, load, load_copy, load_with_text, stored};

#[test]
fn a_copy_is_the_same_plan_after_its_folder_has_changed() {
    let folder = Folder::new();
    let data = tempfile::tempdir().unwrap();
    let before = load(&folder.path()).unwrap();
    let at = copy(&folder.path(), data.path()).unwrap();
    folder.change("plan/town/plan.toml", "2025", "2026");
    folder.change("rules/datasets/rolls.toml", "9999", "99");

    let kept = load(&at).unwrap();
    assert_eq!(kept.version, before.version);
    assert_eq!(kept.last_year, before.last_year);
    assert_eq!(format!("{:?}", kept.datasets), format!("{:?}", before.datasets));
    assert_eq!(stored(data.path(), &before.version), Some(at));

    let after = load(&folder.path()).unwrap();
    assert_ne!(after.version, before.version);
    assert_eq!(stored(data.path(), &after.version), None);
}

#[test]
fn a_copy_is_read_though_plans_are_asked_for_more_now() {
    let folder = Folder::new();
    let data = tempfile::tempdir().unwrap();
    let two = r#"{ zh = "自定", en = "ours" }"#;
    folder.change("plan/town/indicators.toml", two, "\"自定\"");
    let at = copy(&folder.path(), data.path()).unwrap();
    assert!(load(&at).is_err());
    let plan = load_copy(&at).unwrap();
    let source = &plan.indicators[0].definitions[0].source;
    assert_eq!((source.zh.as_str(), source.en.as_str()), ("自定", ""));
}

#[test]
fn a_copy_is_made_once() {
    let folder = Folder::new();
    let data = tempfile::tempdir().unwrap();
    let first = copy(&folder.path(), data.path()).unwrap();
    assert_eq!(copy(&folder.path(), data.path()).unwrap(), first);
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
}

#[test]
fn a_copy_broken_off_is_made_again() {
    let folder = Folder::new();
    let data = tempfile::tempdir().unwrap();
    let version = load(&folder.path()).unwrap().version;
    let partial = data.path().join(format!(".{version}.partial"));
    fs::create_dir_all(&partial).unwrap();
    fs::write(partial.join("stray.toml"), "x").unwrap();
    let at = copy(&folder.path(), data.path()).unwrap();
    assert_eq!(load(&at).unwrap().version, version);
    assert!(!partial.exists());
}

#[test]
fn a_version_is_no_path() {
    let data = tempfile::tempdir().unwrap();
    for version in ["", "..", "../x", "a/b", "/etc"] {
        assert_eq!(stored(data.path(), version), None);
    }
}

#[test]
fn files_beside_the_plan_define_nothing() {
    let folder = Folder::new();
    let before = load(&folder.path()).unwrap().version;
    folder.write("plan/town/demo.toml", "number = 1");
    folder.write("plan/town/notes.md", "not read");
    folder.write("plan/town/schools.mapping.toml", "year_offset = 1911");
    folder.write("plan/town/fixture.csv", "school\n1\n");
    folder.write("plan/town/fixture.expected.json", "{}");
    assert_eq!(load(&folder.path()).unwrap().version, before);
}

#[test]
fn events_belong_to_the_plan() {
    let folder = Folder::new();
    let data = tempfile::tempdir().unwrap();
    let before = load(&folder.path()).unwrap().version;
    let events = "kind,on,from,to,note_zh,note_en\nrename,2010-01-01,200,200,,\n";
    folder.write("plan/town/events.csv", events);
    assert_ne!(load(&folder.path()).unwrap().version, before);
    let at = copy(&folder.path(), data.path()).unwrap();
    assert_eq!(fs::read_to_string(at.join("events.csv")).unwrap(), events);
}

#[test]
fn the_citys_own_text_stands_beside_the_clauses() {
    let text = "# 规划\n序言不算。\n## 一、目标\n**甲。**乙“丙。”\n\n### 指标表\n\
                | 序号 | 值 |\n|---|---|\n| 1 | 60 |\n";
    let plan = load_with_text(&Folder::new().path(), text).unwrap();
    let shown = |id: &str| plan.clauses.get(id).and_then(|it| it.text.clone());
    assert_eq!(shown("1-01").as_deref(), Some("甲。"));
    assert_eq!(shown("1-02").as_deref(), Some("乙“丙。”"));
    assert_eq!(shown("T-01").as_deref(), Some("1 60"));
}

#[test]
fn another_number_of_sentences_is_another_text() {
    let mut plan = load(&Folder::new().path()).unwrap();
    let matched = attach_text(&mut plan, "目标\n甲。乙。丙。\n");
    assert_eq!((matched.clauses, matched.of), (0, 3));
    assert_eq!(matched.uneven, [("1".to_owned(), 2, 3)]);
    assert_eq!(matched.missing, ["T"]);
    assert!(plan.clauses.values().all(|it| it.text.is_none()));
}
