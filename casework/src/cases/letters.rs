//! What a letter says: the texts of the procedure with their blanks filled.

use jiff::Timestamp;
use model::text::Bilingual;
use serde_json::{Map, Value as Json, json};

use super::standing::Standing;
use crate::calendar::Calendar;
use crate::expression::{Name, Value};
use crate::procedure::{Letter, Piece, Procedure};

/// Blanks of templates that every case fills.
pub(crate) const OF_EVERY_CASE: [&str; 5] = ["matter", "case", "received", "accepted", "due"];

/// Blanks that whoever issues a letter fills, as names are known then: who gets it, and who handles the case.
pub(crate) const OF_THE_ISSUER: [&str; 3] = ["recipient", "holder", "office"];

/// The data of a letter's template as JSON, in both languages: `{"zh": {…}, "en": {…}}`.
///
/// Names of organisations and persons are not in it: whoever issues the letter adds them, as they are known then.
pub(crate) fn data(
    letter: &Letter,
    procedure: &Procedure,
    calendar: &Calendar,
    case: &Standing,
    at: Timestamp,
    value: &dyn Fn(&Name) -> Value,
) -> String {
    let shown = |name: &Name| -> Bilingual {
        let value = value(name);
        match name {
            Name::Form(field) => {
                procedure.form.field(field).map_or_else(|| plain(&value), |it| it.shown(&value))
            }
            Name::Case(_) => plain(&value),
        }
    };
    let languages = [("zh", true), ("en", false)].map(|(language, is_zh)| {
        let pick = |it: Bilingual| if is_zh { it.zh } else { it.en };
        let mut data = Map::new();
        data.insert("matter".to_owned(), json!(pick(procedure.title.clone())));
        data.insert("case".to_owned(), json!(case.number));
        data.insert("received".to_owned(), json!(calendar.day(case.begun_at).to_string()));
        data.insert("accepted".to_owned(), json!(calendar.day(at).to_string()));
        let due =
            case.deadlines.iter().filter(|it| it.closed_at.is_none()).map(|it| it.due_on).min();
        if let Some(due) = due {
            data.insert("due".to_owned(), json!(due.to_string()));
        }
        for (name, wording) in &letter.parts {
            let pieces = if is_zh { &wording.zh } else { &wording.en };
            let text: String = pieces
                .iter()
                .map(|it| match it {
                    Piece::Text(text) => text.clone(),
                    Piece::Blank(name) => pick(shown(name)),
                })
                .collect();
            data.insert(name.clone(), json!(text));
        }
        (language.to_owned(), Json::Object(data))
    });
    Json::Object(languages.into_iter().collect()).to_string()
}

fn plain(value: &Value) -> Bilingual {
    Bilingual::new(value.to_string(), value.to_string())
}
