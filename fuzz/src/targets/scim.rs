//! SCIM 2.0: what provisioning systems ask for and send.

use haihe_scim::{Filter, GROUP, Limits, Patch, Path, Resource, Search, Selection, USER};
use serde_json::Value;

pub(super) fn filter(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(filter) = Filter::parse(&text, Limits::default()) else { return };
    let wide = Limits { length: usize::MAX, depth: 64, terms: 128 };
    assert_eq!(Filter::parse(&filter.to_string(), wide).as_ref(), Ok(&filter));
    let _ = filter.check(&USER);
    filter.matches(&USER, &Resource::default());
}

pub(super) fn path(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(path) = text.parse::<Path>() else { return };
    assert_eq!(path.to_string().parse().as_ref(), Ok(&path));
}

pub(super) fn patch(input: &[u8]) {
    let Some(value) = json(input) else { return };
    let Ok(patch) = Patch::read(&value) else { return };
    for kind in [&USER, &GROUP] {
        let Ok(changed) = patch.apply(kind, &Resource::default()) else { continue };
        assert_eq!(Resource::read(kind, &changed.json(kind)).as_ref(), Ok(&changed));
    }
}

pub(super) fn user(input: &[u8]) {
    let Some(value) = json(input) else { return };
    let _ = Search::read_request(&value);
    let Ok(user) = Resource::read(&USER, &value) else { return };
    assert_eq!(Resource::read(&USER, &user.json(&USER)).as_ref(), Ok(&user));
    let _ = Selection::default().of(&USER, &user);
}

fn json(input: &[u8]) -> Option<Value> {
    serde_json::from_slice(input).ok()
}
