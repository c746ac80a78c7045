//! The head of a procedure, its sections, roles, states and letters.

use std::collections::BTreeSet;

use declarations::{Entry, Word, short};

use super::links::To;
use super::{Reading, one_of};
use crate::form::Form;
use crate::procedure::{
    Files, Holder, NumberPart, Numbering, Procedure, Role, Section, State, StateKind,
};

impl Reading<'_> {
    pub(super) fn procedure(
        &self,
        name: &str,
        root: &Entry<'_>,
        files: &Files,
    ) -> Option<Procedure> {
        let written = root.need_word("name");
        if let Some(word) = written.as_ref().filter(|it| it.text != name) {
            let what = format!("`{}` lies in the folder `{}`", short(word.text), short(name));
            root.fault_at(&word.place, what, "give both the same name");
        }
        let (title, purpose) = (root.need_bilingual("title"), root.need_bilingual("purpose"));
        let calendar = root.need_text("calendar");
        let number = root.need_word("number").and_then(|it| numbering(root, &it));
        let unique = self.links.all(To::Field, &root.words("unique"));
        let sections: Vec<Section> =
            root.entries("section").iter().filter_map(|it| self.section(it)).collect();
        self.sections_hold_every_field(root, &sections);
        let roles = root.entries("role").iter().filter_map(|it| self.role(it)).collect();
        let states = root.entries("state").iter().filter_map(|it| self.state(it)).collect();
        let transitions =
            root.entries("transition").iter().filter_map(|it| self.transition(it)).collect();
        let deadlines =
            root.entries("deadline").iter().filter_map(|it| self.deadline(it)).collect();
        let letters = root.entries("letter").iter().filter_map(|it| self.letter(it)).collect();
        let facts = root.entries("fact").iter().filter_map(|it| self.fact(it)).collect();
        let reviews = root.entry("reviews").and_then(|it| self.reviews(&it));
        let quota = root.entry("quota").and_then(|it| self.quota(&it));
        Some(Procedure {
            name: written?.text.to_owned(),
            title: title?,
            purpose: purpose?,
            version: files.version(),
            calendar: calendar?,
            number: number?,
            // Put in its place by the caller, who owns it.
            form: Form::read("", EMPTY_FORM).ok()?,
            sections,
            unique,
            roles,
            states,
            transitions,
            deadlines,
            reviews,
            quota,
            letters,
            facts,
            place: root.place(),
        })
    }

    fn section(&self, entry: &Entry<'_>) -> Option<Section> {
        let title = entry.need_bilingual("title");
        let fields = self.links.all(To::Field, &entry.words("fields"));
        entry.done();
        Some(Section { title: title?, fields })
    }

    /// A page shows each field once.
    fn sections_hold_every_field(&self, root: &Entry<'_>, sections: &[Section]) {
        let mut seen = BTreeSet::new();
        for field in sections.iter().flat_map(|it| &it.fields) {
            if !seen.insert(field.as_str()) {
                root.fault(format!("the field `{field}` is in two sections"), "leave it in one");
            }
        }
        for field in self.form.iter().flat_map(|it| it.fields.keys()) {
            if !seen.contains(field.as_str()) {
                root.fault(format!("the field `{field}` is in no section"), "add it to one");
            }
        }
    }

    fn role(&self, entry: &Entry<'_>) -> Option<Role> {
        let name = entry.need_word("name");
        name.iter().for_each(|it| self.links.declare(To::Role, entry, it));
        let title = entry.need_bilingual("title");
        let grants = entry.texts("grants");
        if grants.is_empty() {
            entry.fault(
                "`grants` is missing",
                "name the roles of the network whose holders may take it",
            );
        }
        let holders = [
            ("granted", Holder::Granted),
            ("beginner", Holder::Beginner),
            ("assigned", Holder::Assigned),
            ("public", Holder::Public),
        ];
        let holder = match entry.word("holder") {
            Some(word) => one_of(entry, &word, &holders),
            None => Some(Holder::Granted),
        };
        let levels = [("city", 1), ("district", 2), ("school", 3)];
        let depth = entry.word("level").map(|it| one_of(entry, &it, &levels));
        let role = Role {
            name: name?.text.to_owned(),
            title: title?,
            grants,
            holder: holder?,
            depth: match depth {
                Some(depth) => Some(depth?),
                None => None,
            },
            over: entry.word("over").map(|it| self.links.one(To::Field, &it)),
            apart_from: self.links.all(To::Role, &entry.words("apart_from")),
            is_stranger: entry.flag("stranger", false),
            hidden: self.links.all(To::Field, &entry.words("hidden")),
            place: entry.place(),
        };
        entry.done();
        Some(role)
    }

    fn state(&self, entry: &Entry<'_>) -> Option<State> {
        let name = entry.need_word("name");
        name.iter().for_each(|it| self.links.declare(To::State, entry, it));
        let title = entry.need_bilingual("title");
        let kinds = [("start", StateKind::Start), ("end", StateKind::End)];
        let kind = match entry.word("kind") {
            Some(word) => one_of(entry, &word, &kinds),
            None => Some(StateKind::Middle),
        };
        let is_public = entry.flag("public", false);
        entry.done();
        Some(State {
            name: name?.text.to_owned(),
            title: title?,
            kind: kind?,
            is_public,
            place: entry.place(),
        })
    }
}

/// Stands in for the form while the rest is read.
const EMPTY_FORM: &str = r#"{
    "$schema": "https://json-schema.org/draft/2020-12/schema", "x-version": "0", "type": "object",
    "additionalProperties": false,
    "properties": { "none": { "type": "boolean", "x-title": { "zh": "无", "en": "none" }, "x-disclosure": "public" } }
}"#;

/// `GZ-{year}-{sequence:5}`: one sequence, and plain letters around the blanks.
fn numbering(entry: &Entry<'_>, word: &Word<'_>) -> Option<Numbering> {
    let fault = |what: &str| {
        let hint = "write text and blanks, such as `GZ-{year}-{organisation}-{sequence:5}`";
        entry.fault_at(&word.place, format!("`{}`: {what}", short(word.text)), hint);
        None
    };
    let mut parts = Vec::new();
    let mut rest = word.text;
    while !rest.is_empty() {
        let (text, blank) =
            rest.split_once('{').map_or((rest, None), |(it, rest)| (it, Some(rest)));
        if !text.chars().all(|it| it.is_alphanumeric() || it == '-') {
            return fault("a number is made of letters, digits and `-`");
        }
        if !text.is_empty() {
            parts.push(NumberPart::Text(text.to_owned()));
        }
        let Some(blank) = blank else { break };
        let Some((name, after)) = blank.split_once('}') else {
            return fault("a blank is not closed");
        };
        parts.push(match (name, name.strip_prefix("sequence:").map(str::parse)) {
            ("year", _) => NumberPart::Year,
            ("organisation", _) => NumberPart::Organisation,
            (_, Some(Ok(digits @ 1..=12))) => NumberPart::Sequence { digits },
            _ => return fault("a blank is `{year}`, `{organisation}` or `{sequence:5}`"),
        });
        rest = after;
    }
    let sequences = parts.iter().filter(|it| matches!(it, NumberPart::Sequence { .. })).count();
    if sequences == 1 {
        Some(Numbering { parts })
    } else {
        fault("there must be one `{sequence:5}`")
    }
}
