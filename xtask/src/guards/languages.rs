//! Both languages say the same things, with the same blanks to fill.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{assert_none, files};

/// Message, with the variables in it.
type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_catalogues_have_the_same_messages_and_variables() {
    let chinese = messages("zh");
    let english = messages("en");
    assert!(chinese.len() > 20, "only {} messages were found", chinese.len());
    let mut broken = Vec::new();
    for name in chinese.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (chinese.get(name), english.get(name)) {
            (Some(zh), Some(en)) if zh == en => {}
            (Some(_), Some(_)) => broken.push(format!("`{name}` has other variables in English")),
            (Some(_), None) => broken.push(format!("`{name}` is missing in English")),
            _ => broken.push(format!("`{name}` is missing in Chinese")),
        }
    }
    assert_none(&broken);
}

/// All messages of the catalogues in a folder or file whose name begins with this language.
fn messages(language: &str) -> Messages {
    let mut messages = Messages::new();
    for file in files(&[".ftl"]) {
        let mut parts = file.path.split('/').skip_while(|it| *it != "locales").skip(1);
        if !parts.next().unwrap_or_default().starts_with(language) {
            continue;
        }
        let mut current = String::new();
        for line in file.text.lines().filter(|it| !it.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=')
                && !line.starts_with([' ', '}', '.'])
            {
                current = name.trim().to_owned();
                assert!(
                    messages.insert(current.clone(), BTreeSet::new()).is_none(),
                    "`{current}` is in {} twice",
                    file.path
                );
            }
            if let Some(variables) = messages.get_mut(&current) {
                let names = line.split('$').skip(1).map(|it| {
                    let end = it.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
                    it[..end.unwrap_or(it.len())].to_owned()
                });
                variables.extend(names);
            }
        }
    }
    messages
}
