//! The rules a file is held against: a closed list, so that a summary can count them.

use model::finding::{Finding, Severity};

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    File,
    Encoding,
    TooLarge,
    Mapping,
    Header,
    MissingColumn,
    UnknownColumn,
    DerivedColumn,
    MergedCells,
    Width,
    Formula,
    Number,
    Digits,
    Date,
    Flag,
    Code,
    Year,
    Required,
    Range,
    Organisation,
    Scope,
    Person,
    RowCheck,
    Duplicate,
    Sum,
    LeftBehind,
}

impl Rule {
    /// The stable word in findings files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Encoding => "encoding",
            Self::TooLarge => "too-large",
            Self::Mapping => "mapping",
            Self::Header => "header",
            Self::MissingColumn => "missing-column",
            Self::UnknownColumn => "unknown-column",
            Self::DerivedColumn => "derived-column",
            Self::MergedCells => "merged-cells",
            Self::Width => "width",
            Self::Formula => "formula",
            Self::Number => "number",
            Self::Digits => "digits",
            Self::Date => "date",
            Self::Flag => "flag",
            Self::Code => "code",
            Self::Year => "year",
            Self::Required => "required",
            Self::Range => "range",
            Self::Organisation => "organisation",
            Self::Scope => "scope",
            Self::Person => "identifier",
            Self::RowCheck => "row-check",
            Self::Duplicate => "duplicate",
            Self::Sum => "sum",
            Self::LeftBehind => "left-behind",
        }
    }
}

/// The Chinese word for a rule of a findings file, the checks of `model::codes` and of organisations included.
pub(super) fn title_zh(rule: &str) -> &'static str {
    match rule {
        "file" => "文件",
        "encoding" => "字符编码",
        "too-large" => "超出文件限制",
        "mapping" => "映射文件",
        "header" => "表头",
        "missing-column" => "缺少列",
        "unknown-column" => "未识别的列",
        "derived-column" => "系统计算的列",
        "merged-cells" => "合并单元格",
        "width" => "列数不符",
        "formula" => "公式或错误值",
        "number" => "不是数字",
        "digits" => "小数位过多",
        "date" => "不是日期",
        "flag" => "不是“是”或“否”",
        "code" => "不在代码表中",
        "year" => "年度",
        "required" => "必填",
        "range" => "超出范围",
        "organisation" => "机构代码",
        "scope" => "超出报送范围",
        "identifier" => "个人标识",
        "row-check" => "行内校验",
        "duplicate" => "重复",
        "sum" => "跨行合计",
        "length" => "长度",
        "characters" => "字符",
        "prefix" => "首字母",
        "checksum" => "校验码",
        "region" => "地区码",
        "birth-date" => "出生日期码",
        "kind" => "学校类别码",
        "province" => "省级代码",
        // Of lists of organisations and events.
        "columns" => "列",
        "size" => "行数",
        "text" => "文字",
        "unreadable" => "无法读取",
        "missing" => "缺少内容",
        "word" => "用词",
        "code_list" => "不在代码表中",
        "level" => "层级",
        "period" => "起止日期",
        "circle" => "上级循环",
        "parent" => "上级机构",
        "unknown" => "未登记的机构",
        "children" => "下级机构",
        "event" => "事件",
        "parties" => "事件涉及的机构",
        "left-behind" => "遗留的记录",
        _ => "其他",
    }
}

/// The parts of a finding that its place does not say.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) found: String,
    pub(super) expected: String,
    pub(super) hint: String,
}

impl Fault {
    pub(super) fn new(
        rule: Rule,
        found: impl Into<String>,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { rule, found: found.into(), expected: expected.into(), hint: hint.into() }
    }

    /// An error about the file as a whole.
    pub(super) fn of_file(self, file: &str) -> Finding {
        self.at(file, None, None, Severity::Error)
    }

    pub(super) fn at(
        self,
        file: &str,
        row: Option<u64>,
        column: Option<&str>,
        severity: Severity,
    ) -> Finding {
        Finding {
            file: file.to_owned(),
            row,
            column: column.map(str::to_owned),
            rule: self.rule.as_str(),
            found: self.found,
            expected: self.expected,
            hint: self.hint,
            severity,
        }
    }
}

/// At most the first characters of a text from a file, without line breaks: fit for a finding.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String =
        text.chars().take(LONGEST).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
