//! What findings about single cells say.
//!
//! **Invariant:** a cell that speaks of a person is described, never shown.

use model::codes;
use model::dataset::{Column, ColumnKind, Disclosure};

use super::super::cells::Unreadable;
use super::super::rule::{Fault, Rule, excerpt};

/// A cell as a finding may show it.
pub(in super::super) fn shown(is_personal: bool, text: &str) -> String {
    if is_personal {
        {
            let count = text.trim().chars().count();
            format!("{count} 个字符，不显示 / {count} characters, not shown")
        }
    } else {
        excerpt(text.trim())
    }
}

fn is_personal(column: &Column) -> bool {
    column.disclosure == Disclosure::Personal || matches!(column.kind, ColumnKind::Person(_))
}

pub(super) fn empty() -> Fault {
    Fault::new(
        Rule::Required,
        "空单元格 / an empty cell",
        "一个值 / a value",
        "补填：缺少此项则该行不完整 / fill it in: the row is not complete without it",
    )
}

pub(super) fn undecodable() -> Fault {
    Fault::new(
        Rule::Encoding,
        "无法读取的字符 / characters that cannot be read",
        "UTF-8 或 GB18030 文字 / text in UTF-8 or GB18030",
        "重新录入该单元格，并存为 UTF-8 编码的 CSV / type the cell again and save the file as CSV in UTF-8",
    )
}

pub(super) fn not_in_list(column: &Column, text: &str) -> Fault {
    let items = if let ColumnKind::Code { items } = &column.kind { items.as_slice() } else { &[] };
    let mut expected: Vec<String> =
        items.iter().take(20).map(|it| format!("{} {}", it.code, it.title.zh)).collect();
    if items.len() > expected.len() {
        expected.push("…".to_owned());
    }
    Fault::new(
        Rule::Code,
        shown(is_personal(column), text),
        format!("下列之一 / one of {}", expected.join(", ")),
        "使用代码或其名称，或在映射文件中说明本文件的用词 / use the code or its title, or name the file's own word in a mapping file",
    )
}

pub(super) fn unreadable(column: &Column, text: &str, fault: Unreadable) -> Fault {
    let (rule, expected) = expected(column);
    let found = shown(is_personal(column), text);
    let hint = match fault {
        Unreadable::Shape => {
            "按要求的格式书写，不带单位和备注 / write it as expected, without units and remarks"
        }
        Unreadable::TooPrecise => {
            "按该列保留的位数四舍五入 / round it to the digits that the column keeps"
        }
        Unreadable::TooLarge => "核对位数 / check the number of digits",
        Unreadable::Scientific => {
            "表格软件截断了这个数：请把该列设为文本，重新录入后保存 / a spreadsheet cut this number: set the column to text, enter it again and save"
        }
        Unreadable::NoSuchDay => {
            "没有这一天：核对月、日 / there is no such day: check month and day"
        }
        Unreadable::Ambiguous => {
            "年份写四位并放在最前，如 2020-09-01 / write the year with four digits, first: 2020-09-01"
        }
        Unreadable::NoSuchYear => {
            "核对年度；其他纪年请在映射文件中写 year_offset / check the year; for another calendar give year_offset in a mapping file"
        }
        Unreadable::Formula => {
            "在表格软件中把公式替换为数值后保存 / open the file in the spreadsheet program, replace the formula by its value and save"
        }
        Unreadable::SheetError => {
            "在表格软件中改正公式后保存 / mend the formula in the spreadsheet program and save"
        }
    };
    let rule = match fault {
        Unreadable::Formula | Unreadable::SheetError => Rule::Formula,
        Unreadable::TooPrecise => Rule::Digits,
        Unreadable::Shape
        | Unreadable::TooLarge
        | Unreadable::Scientific
        | Unreadable::NoSuchDay
        | Unreadable::Ambiguous
        | Unreadable::NoSuchYear => rule,
    };
    Fault::new(rule, found, expected, hint)
}

fn expected(column: &Column) -> (Rule, String) {
    match column.kind {
        ColumnKind::Year => (
            Rule::Year,
            "1900 至 2200 之间的年度，如 2024 / a year between 1900 and 2200, such as 2024"
                .to_owned(),
        ),
        ColumnKind::Integer => (Rule::Number, "整数 / a whole number".to_owned()),
        ColumnKind::Decimal { scale } => (
            Rule::Number,
            format!(
                "至多 {scale} 位小数的数 / a number with at most {scale} digits after the point"
            ),
        ),
        ColumnKind::Flag => (Rule::Flag, "是或否，1 或 0 / yes or no, 1 or 0".to_owned()),
        ColumnKind::Date => {
            (Rule::Date, "日期，如 2020-09-01 / a date such as 2020-09-01".to_owned())
        }
        ColumnKind::Person(_) => {
            (Rule::Person, "号码的全部字符 / all characters of the number".to_owned())
        }
        ColumnKind::Organisation | ColumnKind::OtherOrganisation => {
            (Rule::Organisation, "机构代码 / the code of an organisation".to_owned())
        }
        ColumnKind::Code { .. } | ColumnKind::Text | ColumnKind::CreditCode => {
            (Rule::Code, "文字 / a text".to_owned())
        }
    }
}

pub(super) fn identifier(is_personal: bool, text: &str, fault: codes::Fault) -> Fault {
    // Of a person's number the right check character would give the last one away.
    let gives_away = is_personal && matches!(fault, codes::Fault::Checksum { .. });
    let expected = if gives_away {
        "相符的校验码 / a check character that fits".to_owned()
    } else {
        fault.to_string()
    };
    Fault::new(
        Rule::Person,
        shown(is_personal, text),
        expected,
        "与证件逐字核对 / compare it with the document, character by character",
    )
}
