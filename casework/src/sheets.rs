//! Forms as spreadsheets: an empty one to fill in, and a filled one taken in, a case a row.

mod amiss;
mod import;
mod read;
mod template;
mod workbook;

pub use self::amiss::Amiss;
pub use self::import::{Imported, import};
pub use self::read::{Row, SheetError, read};
pub use self::template::{TemplateError, template};
pub use self::workbook::{MOST_BYTES, MOST_ROWS};
use crate::form::{Field, FieldKind};
use crate::procedure::{Procedure, Transition};

/// Heading of the column that names the organisation a case is about.
const ORGANISATION: (&str, &str) = ("机构代码", "Organisation code");

/// The fields a step lets be filled in from a sheet, in the order of the form; files are attached by hand.
fn columns<'a>(procedure: &'a Procedure, transition: &Transition) -> Vec<&'a Field> {
    let names = procedure.sections.iter().flat_map(|it| &it.fields);
    let fields = names.filter_map(|it| procedure.form.field(it));
    fields.filter(|it| transition.may_edit(&it.name) && it.kind != FieldKind::Files).collect()
}

/// The step with which cases of a sheet are handed in: the first that a person takes from the start.
pub fn handing_in(procedure: &Procedure) -> Option<&Transition> {
    let start = procedure.start()?;
    procedure
        .transitions
        .iter()
        .find(|it| !it.is_of_the_clock() && it.from.iter().any(|it| it.contains(&start.name)))
}

#[cfg(test)]
mod tests;
