//! `docs/procedures.md`: what it shows is a sound procedure, and it tells every word that one can be made of.

use std::fs;

use super::*;

fn paper() -> String {
    fs::read_to_string(root().join("docs/procedures.md")).unwrap()
}

/// The one block of a language.
fn block(paper: &str, language: &str) -> String {
    let (_, rest) = paper.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_procedure_of_the_document_is_sound() {
    let paper = paper();
    let texts = [("procedure.toml", "toml"), ("form.schema.json", "json")];
    let texts = texts.map(|(file, language)| (file.to_owned(), block(&paper, language)));
    let procedure = of_files("ground-opening", &Files::of(texts)).unwrap();
    assert_eq!(check(&procedure, &surroundings()), []);
}

/// Keys of a table and of all tables within.
fn keys(table: &toml::Table, known: &mut BTreeSet<String>) {
    for (key, value) in table {
        // What stands below these is named by the procedure itself.
        if key == "columns" {
            known.insert(key.clone());
            continue;
        }
        known.insert(key.clone());
        let tables = value.as_array().into_iter().flatten().filter_map(toml::Value::as_table);
        tables.chain(value.as_table()).for_each(|it| keys(it, known));
    }
}

#[test]
fn every_word_that_procedures_use_is_told() {
    let paper = paper();
    let mut words: BTreeSet<String> = CASE_WORDS.map(|(it, _)| format!("case.{it}")).into();
    words.extend(StepKind::ALL.iter().skip(1).map(|it| it.as_str().to_owned()));
    for name in shipped() {
        let files = files(&name);
        keys(&files.text("procedure.toml").unwrap().parse().unwrap(), &mut words);
        for annotation in files.text("form.schema.json").unwrap().split("\"x-").skip(1) {
            words.insert(format!("x-{}", annotation.split('"').next().unwrap()));
        }
    }
    let written = |word: &str| {
        let places =
            ["`", "[[", "[[quota.", "[[letter.", "[", "\""].map(|it| format!("{it}{word}"));
        places.iter().any(|it| paper.contains(it))
    };
    let untold: Vec<&String> = words.iter().filter(|it| !written(it)).collect();
    assert!(untold.is_empty(), "docs/procedures.md says nothing of {untold:?}");
}
