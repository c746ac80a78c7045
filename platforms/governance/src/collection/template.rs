//! Templates: the empty workbook in which a school writes the rows of a dataset.

use model::dataset::{Column, ColumnKind, Dataset};
use model::exact::Decimal;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Workbook,
    Worksheet, XlsxError,
};

/// Rows for which the workbook offers lists and checks ranges.
const ROWS: u32 = 20_000;

const LISTS: &str = "lists";

/// The workbook could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the template of {dataset} could not be made")]
pub struct TemplateError {
    dataset: String,
    #[source]
    source: Box<XlsxError>,
}

/// An XLSX workbook that imports as it is.
///
/// One sheet for the rows, with a header in both languages, lists to choose from and ranges
/// checked on entry; one that tells of each column; one with the code lists.
///
/// # Errors
/// When the declaration does not fit a workbook, such as a column title of thousands of letters.
pub fn template(dataset: &Dataset) -> Result<Vec<u8>, TemplateError> {
    build(dataset)
        .map_err(|source| TemplateError { dataset: dataset.name.clone(), source: Box::new(source) })
}

fn build(dataset: &Dataset) -> Result<Vec<u8>, XlsxError> {
    let columns: Vec<&Column> = dataset
        .columns
        .iter()
        .filter(|it| !dataset.derived.as_ref().is_some_and(|of| of.columns.contains(&it.name)))
        .collect();
    let mut workbook = Workbook::new();
    let header = Format::new().set_bold().set_text_wrap();
    rows(workbook.add_worksheet(), &columns, &header)?;
    about(workbook.add_worksheet(), &columns, &header)?;
    lists(workbook.add_worksheet(), &columns, &header)?;
    workbook.save_to_buffer()
}

fn rows(sheet: &mut Worksheet, columns: &[&Column], header: &Format) -> Result<(), XlsxError> {
    sheet.set_name("rows")?;
    let text = Format::new().set_num_format("@");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let mut list = 0;
    for (at, column) in (0..).zip(columns) {
        match column.kind {
            ColumnKind::Date => sheet.set_column_format(at, &day)?,
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Person(_)
            | ColumnKind::CreditCode
            | ColumnKind::Text => sheet.set_column_format(at, &text)?,
            ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Code { .. }
            | ColumnKind::Flag => sheet,
        };
        let title = format!("{}\n{}", column.title.zh, column.title.en);
        sheet.write_string_with_format(0, at, title, header)?;
        sheet.set_column_width(at, 18)?;
        if let Some(validation) = validation(column, list)? {
            sheet.add_data_validation(1, at, ROWS, at, &validation)?;
        }
        list += u16::from(matches!(column.kind, ColumnKind::Code { .. }));
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What a cell may hold, as far as a spreadsheet program can check it.
fn validation(column: &Column, list: u16) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match &column.kind {
        ColumnKind::Code { items } => {
            let letters = rust_xlsxwriter::utility::column_number_to_name(list * 3 + 1);
            let last = items.len() + 2;
            let range = format!("={LISTS}!${letters}$3:${letters}${last}");
            DataValidation::new().allow_list_formula(Formula::new(range))
        }
        ColumnKind::Flag => DataValidation::new().allow_list_strings(&["是", "否"])?,
        ColumnKind::Integer | ColumnKind::Decimal { .. } => {
            let Some((least, greatest)) = column.range else { return Ok(None) };
            let between = DataValidationRule::Between(least.to_f64(), greatest.to_f64());
            DataValidation::new().allow_decimal_number(between)
        }
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Year
        | ColumnKind::Date
        | ColumnKind::Text
        | ColumnKind::Person(_)
        | ColumnKind::CreditCode => return Ok(None),
    };
    // The import judges; a clerk may paste and mend later.
    Ok(Some(validation.set_error_style(DataValidationErrorStyle::Warning)))
}

fn about(sheet: &mut Worksheet, columns: &[&Column], header: &Format) -> Result<(), XlsxError> {
    sheet.set_name("columns")?;
    let titles =
        ["name", "中文", "English", "必填 required", "单位 unit", "内容 content", "范围 range"];
    for (at, title) in (0..).zip(titles) {
        sheet.write_string_with_format(0, at, title, header)?;
        sheet.set_column_width(at, 22)?;
    }
    for (row, column) in (1..).zip(columns) {
        let range = column
            .range
            .map(|(least, greatest): (Decimal, Decimal)| format!("{least} – {greatest}"));
        let cells = [
            column.name.as_str(),
            &column.title.zh,
            &column.title.en,
            if column.required { "是 yes" } else { "否 no" },
            column.unit.as_deref().unwrap_or_default(),
            content(&column.kind),
            range.as_deref().unwrap_or_default(),
        ];
        for (at, text) in (0..).zip(cells) {
            sheet.write_string(row, at, text)?;
        }
    }
    Ok(())
}

const fn content(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Organisation | ColumnKind::OtherOrganisation => "机构代码 organisation code",
        ColumnKind::Year => "年度 year, such as 2024",
        ColumnKind::Integer => "整数 whole number",
        ColumnKind::Decimal { .. } => "数 number",
        ColumnKind::Code { .. } => "代码表 one of a list",
        ColumnKind::Flag => "是/否 yes or no",
        ColumnKind::Date => "日期 date",
        ColumnKind::Text => "文字 text",
        ColumnKind::Person(_) => "个人标识 number of a person",
        ColumnKind::CreditCode => "统一社会信用代码 credit code",
    }
}

/// Three columns for each list: code, Chinese, English; its title above.
fn lists(sheet: &mut Worksheet, columns: &[&Column], header: &Format) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    let mut at = 0;
    for column in columns {
        let ColumnKind::Code { items } = &column.kind else { continue };
        sheet.write_string_with_format(0, at, &column.title.zh, header)?;
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

#[cfg(test)]
mod tests {
    use calamine::{Reader, Xlsx};
    use model::finding::Finding;

    use super::super::header::Names;
    use super::super::mapping::Mapping;
    use super::super::samples;
    use super::*;

    #[test]
    fn the_header_of_a_template_names_every_column() {
        for dataset in [samples::classes(), samples::pupils()] {
            let bytes = template(&dataset).unwrap();
            let mut workbook = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
            assert_eq!(workbook.sheet_names(), ["rows", "columns", "lists"]);
            let rows = workbook.worksheet_range("rows").unwrap();
            let cells = rows.rows().next().unwrap().iter().map(ToString::to_string);
            let mapping = Mapping::default();
            let names = Names::new(&dataset, &mapping);
            let (header, findings) = names.read("f", 1, &cells.collect());
            assert_eq!(findings, Vec::<Finding>::new());
            assert_eq!(header.columns.len(), dataset.columns.len());
        }
    }

    #[test]
    fn a_list_offers_the_titles_of_its_codes() {
        let bytes = template(&samples::classes()).unwrap();
        let mut workbook = Xlsx::new(std::io::Cursor::new(bytes.as_slice())).unwrap();
        let lists = workbook.worksheet_range("lists").unwrap();
        let cell = |row, column| lists.get_value((row, column)).unwrap().to_string();
        assert_eq!(
            (cell(2, 0), cell(2, 1), cell(0, 3)),
            ("primary".to_owned(), "小学".to_owned(), "年级".to_owned())
        );
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.as_slice())).unwrap();
        let mut sheet = String::new();
        let mut part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
        std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
        assert!(sheet.contains("lists!$B$3:$B$4") && sheet.contains("lists!$E$3:$E$5"), "{sheet}");
    }
}
