//! What is amiss in a place of a sheet, in both languages, for whoever must mend it.

use model::dataset::Disclosure;
use model::text::Bilingual;

use super::ORGANISATION;
use crate::form::{Field, FieldFault, FieldKind};

/// Most letters of a cell that are told again.
const MOST_TOLD: usize = 40;

/// One thing amiss in one place of a sheet; whatever else its row holds, the row becomes no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amiss {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// The heading of its column; `None` where the whole row is meant.
    pub column: Option<Bilingual>,
    /// A short stable word for the rule.
    pub rule: &'static str,
    /// What stands there; of a personal field, only that something does.
    pub found: Bilingual,
    pub expected: Bilingual,
    pub hint: Bilingual,
}

impl Amiss {
    /// What is wrong with the cell of a field.
    pub(super) fn in_field(row: u64, field: &Field, fault: &FieldFault, cell: &str) -> Self {
        Self {
            row,
            column: Some(field.title.clone()),
            rule: fault.rule,
            found: found(field, cell),
            expected: expected(field),
            hint: hint(field, fault),
        }
    }

    /// What is wrong with the cells of a row taken together.
    pub(super) fn in_row(row: u64, fault: &FieldFault) -> Self {
        Self {
            row,
            column: None,
            rule: fault.rule,
            found: Bilingual::new("各项合起来", "the fields taken together"),
            expected: Bilingual::new("符合表单的一行", "a row that fits the form"),
            hint: fault.text.clone(),
        }
    }

    /// A row that names no organisation.
    pub(super) fn no_organisation(row: u64) -> Self {
        Self {
            row,
            column: Some(Bilingual::new(ORGANISATION.0, ORGANISATION.1)),
            rule: "missing",
            found: nothing(),
            expected: a_code(),
            hint: Bilingual::new(
                "请填写事项所属机构的代码",
                "write the code of the organisation the case is about",
            ),
        }
    }

    /// A sheet without a column of organisations.
    pub(super) fn no_organisations() -> Self {
        Self {
            row: 1,
            column: None,
            rule: "header",
            found: Bilingual::new("没有机构代码一列", "no column of organisations"),
            expected: Bilingual::new(ORGANISATION.0, ORGANISATION.1),
            hint: Bilingual::new(
                "请使用下载的空白表格",
                "use the empty workbook that can be downloaded",
            ),
        }
    }

    /// A column that the form does not have.
    pub(super) fn unknown_column(heading: &str) -> Self {
        let heading: String = heading.lines().next().unwrap_or_default().to_owned();
        Self {
            row: 1,
            column: Some(Bilingual::new(heading.clone(), heading)),
            rule: "header",
            found: Bilingual::new("表单中没有的列", "a column that the form does not have"),
            expected: Bilingual::new("表单中的一项", "a field of the form"),
            hint: Bilingual::new(
                "请删去此列，或改用空白表格的列名",
                "remove the column, or give it the heading of the empty workbook",
            ),
        }
    }
}

fn nothing() -> Bilingual {
    Bilingual::new("空白", "nothing")
}

fn a_code() -> Bilingual {
    Bilingual::new("机构代码", "the code of an organisation")
}

/// What stands in a cell. A personal field is not told again: findings are read over shoulders and sent on.
fn found(field: &Field, cell: &str) -> Bilingual {
    if cell.is_empty() {
        return nothing();
    }
    if field.disclosure == Disclosure::Personal {
        return Bilingual::new(
            "其他内容（个人信息不显示）",
            "something else (personal, not shown)",
        );
    }
    let told: String = cell.chars().take(MOST_TOLD).collect();
    Bilingual::new(told.clone(), told)
}

/// How to mend a cell: the form's own hint, where nothing more is known than that its schema refuses the value.
fn hint(field: &Field, fault: &FieldFault) -> Bilingual {
    let own = field.hint.as_ref().filter(|_| fault.rule == "form");
    own.unwrap_or(&fault.text).clone()
}

/// What a cell of a field may hold.
fn expected(field: &Field) -> Bilingual {
    let both = |zh: &str, en: &str| Bilingual::new(zh, en);
    match &field.kind {
        FieldKind::Text { most } | FieldKind::Paragraph { most } => Bilingual::new(
            format!("不超过 {most} 字的文字"),
            format!("a text of {most} letters at most"),
        ),
        FieldKind::Integer { least, most } => Bilingual::new(
            format!("{least} 至 {most} 的整数"),
            format!("a whole number from {least} to {most}"),
        ),
        FieldKind::Decimal(decimals) => decimals.words(),
        FieldKind::Flag => both("是或否", "yes or no"),
        FieldKind::Day => both("日期", "a day"),
        FieldKind::Code { .. } => both("所列各项之一", "one of the list"),
        FieldKind::Codes { .. } => {
            both("所列各项中的若干项，以分号分隔", "some of the list, separated by `;`")
        }
        FieldKind::Organisation => a_code(),
        FieldKind::Files => both("附件", "files"),
    }
}
