//! Code lists that datasets and plans share: `codes.toml`.

use std::collections::BTreeMap;

use model::dataset::CodeItem;
use model::text::Bilingual;

use declarations::Entry;

/// Lists by name.
pub(super) type Lists = BTreeMap<String, Vec<CodeItem>>;

/// Reads `[[list]]` tables into `lists`.
pub(super) fn read(root: &Entry<'_>, lists: &mut Lists) {
    for entry in root.entries("list") {
        let name = entry.need_text("name");
        entry.bilingual("title");
        let items = items(&entry);
        entry.done();
        let Some(name) = name else { continue };
        if lists.insert(name.clone(), items).is_some() {
            entry.fault(format!("the list `{name}` is declared twice"), "keep one of them");
        }
    }
    root.done();
}

/// Reads `items = [{ code, zh, en, also }]`.
pub(super) fn items(entry: &Entry<'_>) -> Vec<CodeItem> {
    let mut items: Vec<CodeItem> = Vec::new();
    for item in entry.entries("items") {
        let (code, zh, en) = (item.need_text("code"), item.need_text("zh"), item.need_text("en"));
        let also = item.texts("also");
        item.done();
        let (Some(code), Some(zh), Some(en)) = (code, zh, en) else { continue };
        if items.iter().any(|it| it.code == code) {
            item.fault(format!("the code `{code}` is in the list twice"), "keep one of them");
        }
        items.push(CodeItem { code, title: Bilingual { zh, en }, also });
    }
    if items.is_empty() && entry.is_sound() {
        entry
            .fault("`items` has no code", "add items = [{ code = \"…\", zh = \"…\", en = \"…\" }]");
    }
    items
}
