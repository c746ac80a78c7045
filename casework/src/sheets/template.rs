//! The empty workbook.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::{ORGANISATION, columns};
use crate::form::{Field, FieldKind};
use crate::procedure::{Procedure, Transition};

/// Rows for which the workbook offers lists and checks ranges.
const ROWS: u32 = 5_000;
const LISTS: &str = "lists";
/// Longest hint a spreadsheet program shows on a cell.
const HINT: usize = 250;

/// The workbook could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the template of {procedure} could not be made")]
pub struct TemplateError {
    procedure: String,
    #[source]
    source: Box<XlsxError>,
}

/// A workbook whose rows become cases that take `transition` at once.
///
/// One sheet for the rows, with a header in both languages and lists to choose from; one with the code lists.
pub fn template(procedure: &Procedure, transition: &Transition) -> Result<Vec<u8>, TemplateError> {
    build(&columns(procedure, transition), transition).map_err(|source| TemplateError {
        procedure: procedure.name.clone(),
        source: Box::new(source),
    })
}

fn build(fields: &[&Field], transition: &Transition) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let header = Format::new().set_bold().set_text_wrap();
    rows(workbook.add_worksheet(), fields, transition, &header)?;
    lists(workbook.add_worksheet(), fields, &header)?;
    workbook.save_to_buffer()
}

fn rows(
    sheet: &mut Worksheet,
    fields: &[&Field],
    transition: &Transition,
    header: &Format,
) -> Result<(), XlsxError> {
    sheet.set_name("rows")?;
    let text = Format::new().set_num_format("@");
    let title = |zh: &str, en: &str| format!("{zh}\n{en}");
    sheet.set_column_format(0, &text)?;
    sheet.set_column_width(0, 18)?;
    sheet.write_string_with_format(0, 0, title(ORGANISATION.0, ORGANISATION.1), header)?;
    let mut list = 0_u16;
    for (at, field) in (1..).zip(fields) {
        // Numbers too are texts: a program that rounds or drops zeros would change them.
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, 20)?;
        let must = if transition.fill.contains(&field.name) { " *" } else { "" };
        let title = format!("{}{must}", title(&field.title.zh, &field.title.en));
        sheet.write_string_with_format(0, at, title, header)?;
        if let Some(validation) = validation(field, &mut list)? {
            sheet.add_data_validation(1, at, ROWS, at, &validation)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

/// What a cell may hold, as far as a spreadsheet program can check it, and its hint.
fn validation(field: &Field, list: &mut u16) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match &field.kind {
        FieldKind::Code { items } => {
            let letters = rust_xlsxwriter::utility::column_number_to_name(*list * 3 + 1);
            *list += 1;
            let range = format!("={LISTS}!${letters}$3:${letters}${}", items.len() + 2);
            DataValidation::new().allow_list_formula(Formula::new(range))
        }
        FieldKind::Codes { .. } => {
            *list += 1;
            DataValidation::new().allow_any_value()
        }
        FieldKind::Flag => DataValidation::new().allow_list_strings(&["是", "否"])?,
        FieldKind::Integer { least, most } => {
            let bound = |it: i64| i32::try_from(it).ok();
            match (bound(*least), bound(*most)) {
                (Some(least), Some(most)) => DataValidation::new()
                    .allow_whole_number(DataValidationRule::Between(least, most)),
                _ => DataValidation::new().allow_any_value(),
            }
        }
        // A program would check a floating number where the cell holds a text; so it only shows what may be written.
        FieldKind::Decimal(_)
        | FieldKind::Text { .. }
        | FieldKind::Paragraph { .. }
        | FieldKind::Day
        | FieldKind::Organisation
        | FieldKind::Files => DataValidation::new().allow_any_value(),
    };
    let hint = hint(field);
    let is_bare = matches!(
        field.kind,
        FieldKind::Text { .. }
            | FieldKind::Paragraph { .. }
            | FieldKind::Organisation
            | FieldKind::Files
    );
    if hint.is_empty() && is_bare {
        return Ok(None);
    }
    // The import judges; a clerk may paste and mend later.
    let validation = validation.set_error_style(DataValidationErrorStyle::Warning);
    if hint.is_empty() {
        Ok(Some(validation))
    } else {
        Ok(Some(validation.set_input_message(hint)?))
    }
}

fn hint(field: &Field) -> String {
    let own = field.hint.as_ref().map(|it| format!("{}\n{}", it.zh, it.en));
    let kind = match field.kind {
        FieldKind::Decimal(decimals) => {
            let words = decimals.words();
            Some(format!("{}\n{}", words.zh, words.en))
        }
        FieldKind::Day => Some("2026-09-01".to_owned()),
        FieldKind::Codes { .. } => Some("多项以分号分隔\nseparate several by `;`".to_owned()),
        FieldKind::Text { .. }
        | FieldKind::Paragraph { .. }
        | FieldKind::Integer { .. }
        | FieldKind::Flag
        | FieldKind::Code { .. }
        | FieldKind::Organisation
        | FieldKind::Files => None,
    };
    let parts: Vec<String> = own.into_iter().chain(kind).collect();
    parts.join("\n").chars().take(HINT).collect()
}

/// Three columns for each list: code, Chinese, English; its title above.
fn lists(sheet: &mut Worksheet, fields: &[&Field], header: &Format) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    let mut at = 0;
    for field in fields {
        let (FieldKind::Code { items } | FieldKind::Codes { items }) = &field.kind else {
            continue;
        };
        sheet.write_string_with_format(0, at, &field.title.zh, header)?;
        for (offset, title) in (0..).zip(["代码", "中文", "English"]) {
            sheet.write_string(1, at + offset, title)?;
        }
        for (row, item) in (2..).zip(items) {
            sheet.write_string(row, at, &item.code)?;
            sheet.write_string(row, at + 1, &item.title.zh)?;
            sheet.write_string(row, at + 2, &item.title.en)?;
        }
        at += 3;
    }
    Ok(())
}
