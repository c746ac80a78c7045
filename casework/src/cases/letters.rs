//! What a letter says: the texts of the procedure with their blanks filled.

use jiff::Timestamp;
use jiff::civil::Date;
use model::text::Bilingual;
use serde_json::{Map, Value as Json, json};

use super::standing::Standing;
use crate::calendar::Calendar;
use crate::expression::{Name, Value};
use crate::form::{Field, FieldKind};
use crate::procedure::{Holder, Letter, Piece, Procedure, Role};

/// Blanks of templates that every case fills.
pub(crate) const OF_EVERY_CASE: [&str; 6] =
    ["letter", "matter", "case", "received", "accepted", "due"];

/// Blanks that whoever issues a letter fills, as names are known then: who gets it, and who handles the case.
pub(crate) const OF_THE_ISSUER: [&str; 3] = ["recipient", "holder", "office"];

/// A letter that a step orders.
pub(crate) struct Ordering<'a> {
    pub(crate) procedure: &'a Procedure,
    pub(crate) calendar: &'a Calendar,
    /// As it stands after the step.
    pub(crate) case: &'a Standing,
    /// Role in which the step was taken; none for the clock.
    pub(crate) role: Option<&'a Role>,
    /// Where the organisation stands that whoever took it belongs to.
    pub(crate) home: Option<&'a str>,
    pub(crate) at: Timestamp,
}

impl Ordering<'_> {
    /// The data of a letter as JSON: what its template says in both languages, in whose name and to whom.
    ///
    /// Names of organisations and persons are not in it: whoever issues the letter adds them, as they are known then.
    pub(crate) fn data(&self, letter: &Letter, value: &dyn Fn(&Name) -> Value) -> String {
        let languages = [("zh", true), ("en", false)];
        let said = languages.map(|(language, is_zh)| (language, self.said(letter, is_zh, value)));
        let mut data: Map<String, Json> = said
            .into_iter()
            .map(|(language, it)| (language.to_owned(), Json::Object(it)))
            .collect();
        if let Some(path) = self.sender(letter) {
            data.insert("from".to_owned(), json!(path));
        }
        data.insert("to".to_owned(), Json::Array(self.recipients(letter)));
        Json::Object(data).to_string()
    }

    fn said(
        &self,
        letter: &Letter,
        is_zh: bool,
        value: &dyn Fn(&Name) -> Value,
    ) -> Map<String, Json> {
        let pick = |it: Bilingual| if is_zh { it.zh } else { it.en };
        let day = |it: Date| json!(pick(written(it)));
        let mut data = Map::new();
        data.insert("letter".to_owned(), json!(pick(letter.title.clone())));
        data.insert("matter".to_owned(), json!(pick(self.procedure.title.clone())));
        data.insert("case".to_owned(), json!(self.case.number));
        data.insert("received".to_owned(), day(self.calendar.day(self.case.begun_at)));
        data.insert("accepted".to_owned(), day(self.calendar.day(self.at)));
        let open = self.case.deadlines.iter().filter(|it| it.closed_at.is_none());
        if let Some(due) = open.map(|it| it.due_on).min() {
            data.insert("due".to_owned(), day(due));
        }
        for (name, wording) in &letter.parts {
            let pieces = if is_zh { &wording.zh } else { &wording.en };
            let pieces = pieces.iter().map(|it| match it {
                Piece::Text(text) => json!(text),
                Piece::Blank(name) => self.filled(name, &value(name), &pick),
            });
            data.insert(name.clone(), Json::Array(pieces.collect()));
        }
        data
    }

    /// A blank: its text, or the organisation that it names.
    fn filled(&self, name: &Name, value: &Value, pick: &dyn Fn(Bilingual) -> String) -> Json {
        let (field, is_day) = match name {
            Name::Form(field) => {
                let field = self.procedure.form.field(field);
                (field, field.is_some_and(|it| it.kind == FieldKind::Day))
            }
            Name::Case(word) if word == "organisation" => {
                return json!({ "organisation": value.to_string() });
            }
            Name::Case(word) => (None, word == "today" || word == "begun_on"),
        };
        let is_organisation = field.is_some_and(|it| it.kind == FieldKind::Organisation);
        if let Value::Text(code) = value
            && is_organisation
        {
            return json!({ "organisation": code });
        }
        match value.to_string().parse() {
            Ok(day) if is_day => json!(pick(written(day))),
            _ => json!(pick(shown(field, value))),
        }
    }

    /// Where the organisation stands in whose name a letter speaks.
    fn sender(&self, letter: &Letter) -> Option<&str> {
        let of_role = |it: &Role| place(it, self.case);
        match letter.from.as_deref().and_then(|it| self.procedure.role(it)) {
            Some(role) => of_role(role),
            None => self.home.or_else(|| self.role.and_then(of_role)),
        }
    }

    /// Organisations by where they stand, and persons who were assigned by their account.
    fn recipients(&self, letter: &Letter) -> Vec<Json> {
        let mut all = Vec::new();
        for role in letter.to.iter().filter_map(|it| self.procedure.role(it)) {
            match role.holder {
                Holder::Granted | Holder::Beginner => {
                    all.extend(place(role, self.case).map(|it| json!({ "path": it })));
                }
                Holder::Assigned => {
                    let assigned = self.case.assigned.iter().filter(|(it, _)| *it == role.name);
                    all.extend(assigned.map(|(_, it)| json!({ "account": it.to_string() })));
                }
                Holder::Public => {}
            }
        }
        all.dedup();
        all
    }
}

/// Where the organisation stands that a role answers for: as deep as its grants must be held.
fn place<'a>(role: &Role, case: &'a Standing) -> Option<&'a str> {
    let path = case.path_of(role.over.as_deref().unwrap_or_default())?;
    let Some(depth) = role.depth else { return Some(path) };
    let end = path.match_indices('/').nth(usize::from(depth)).map(|(at, _)| at + 1);
    path.get(..end.unwrap_or(path.len()))
}

fn shown(field: Option<&Field>, value: &Value) -> Bilingual {
    let plain = || Bilingual::new(value.to_string(), value.to_string());
    field.map_or_else(plain, |it| it.shown(value))
}

/// A day as letters write it.
pub(crate) fn written(day: Date) -> Bilingual {
    let (year, month, of_month) = (day.year(), day.month(), day.day());
    let zh = format!("{year}年{month}月{of_month}日");
    Bilingual::new(zh, day.strftime("%-d %B %Y").to_string())
}
