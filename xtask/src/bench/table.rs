//! Tables of a report: numbers that are not those of an engine's runs.

use serde::Serialize;

use super::aim::plain;
use super::spread::Spread;

/// A table under its title.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// What a reader has to know beside the numbers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
}

/// What stands in a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    Spread(Spread),
}

impl Table {
    pub(super) fn new(title: &str, columns: &[&'static str]) -> Self {
        let (title, columns) = (title.to_owned(), columns.to_vec());
        Self { title, columns, rows: Vec::new(), note: String::new() }
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// As Markdown.
    pub(super) fn text(&self) -> String {
        let mut text = format!("## {}\n\n| {} |\n|", self.title, self.columns.join(" | "));
        text += &" --- |".repeat(self.columns.len());
        text.push('\n');
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(Cell::text).collect();
            text += &format!("| {} |\n", cells.join(" | "));
        }
        text.push('\n');
        if !self.note.is_empty() {
            text += &format!("{}\n\n", self.note);
        }
        text
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => plain(*number),
            Self::Spread(Spread { median, least, most }) => {
                format!("{} ({}–{})", plain(*median), plain(*least), plain(*most))
            }
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Spread> for Cell {
    fn from(spread: Spread) -> Self {
        Self::Spread(spread)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_table_is_markdown() {
        let mut table = Table::new("Reads", &["read", "ms"]);
        table.row(["a page".into(), 1.25.into()]);
        assert_eq!(table.text(), "## Reads\n\n| read | ms |\n| --- | --- |\n| a page | 1.25 |\n\n");
    }
}
