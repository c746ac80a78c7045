//! Letters, and the blanks in their texts.

use declarations::{Entry, short};

use super::Reading;
use super::links::To;
use crate::expression::{Expression, Name};
use crate::procedure::{Letter, Piece, Wording};

impl Reading<'_> {
    pub(super) fn letter(&self, entry: &Entry<'_>) -> Option<Letter> {
        let name = entry.need_word("name");
        name.iter().for_each(|it| self.links.declare(To::Letter, entry, it));
        let title = entry.need_bilingual("title");
        let template = entry.need_text("template");
        let to = self.links.all(To::Role, &entry.words("to"));
        let from = entry.word("from").map(|it| self.links.one(To::Role, &it));
        let parts = entry.entries("part").iter().filter_map(|it| self.part(it)).collect();
        entry.done();
        Some(Letter {
            name: name?.text.to_owned(),
            title: title?,
            template: template?,
            to,
            from,
            parts,
            place: entry.place(),
        })
    }

    fn part(&self, entry: &Entry<'_>) -> Option<(String, Wording)> {
        let name = entry.need_text("name");
        let (zh, en) = (entry.need_text("zh"), entry.need_text("en"));
        entry.done();
        let (zh, en) = (self.pieces(entry, &zh?), self.pieces(entry, &en?));
        Some((name?, Wording { zh: zh?, en: en? }))
    }

    /// A text with blanks: `Pupil {form.pupil}`.
    fn pieces(&self, entry: &Entry<'_>, text: &str) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let Some((blank, after)) = after.split_once('}') else {
                entry.fault("a blank is not closed", "write `{form.FIELD}` or `{case.WORD}`");
                return None;
            };
            pieces.push(Piece::Blank(self.blank(entry, blank)?));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Some(pieces)
    }

    fn blank(&self, entry: &Entry<'_>, blank: &str) -> Option<Name> {
        let name = match Expression::parse(blank) {
            Ok(Expression::Name(name)) => Some(name),
            _ => None,
        };
        let known = name.filter(|it| self.form.is_none() || self.known(it).is_some());
        if known.is_none() {
            let what = format!("`{{{}}}` is no blank that a case fills", short(blank));
            entry.fault(what, "write `{form.FIELD}` or `{case.WORD}`");
        }
        known
    }
}
