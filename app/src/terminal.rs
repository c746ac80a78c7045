//! What is said on the terminal: answers on the standard output, all else beside it.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use unicode_width::UnicodeWidthStr;

/// Prints an answer.
pub(crate) fn answer(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

/// Says how it goes, beside the answer. Whoever closed their end does not hear it, and nothing is stopped by that.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says what went wrong and what to do.
pub(crate) fn complain(text: &str) {
    remark(&format!("haihe: {text}"));
}

/// Says everything that is amiss in a folder, and how much it is.
pub(crate) fn complain_of<T: Display>(faults: &[T], folder: &Path) {
    for fault in faults {
        complain(&fault.to_string());
    }
    let word = if faults.len() == 1 { "error" } else { "errors" };
    complain(&format!("{} {word} in {}", faults.len(), folder.display()));
}

/// A table with a head, columns as wide as their widest cell; Chinese characters take two places.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    rows: Vec<Vec<String>>,
    to_the_right: Vec<usize>,
}

impl Grid {
    pub(crate) fn new(head: &[&str], to_the_right: &[usize]) -> Self {
        let head = head.iter().map(|it| (*it).to_owned()).collect();
        Self { rows: vec![head], to_the_right: to_the_right.to_vec() }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// A line of its own, across all columns.
    pub(crate) fn heading(&mut self, text: &str) {
        self.rows.push(vec![text.to_owned()]);
    }

    pub(crate) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter(|it| it.len() > 1);
            cells.filter_map(|it| it.get(column)).map(|it| it.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let rule: String = "─".repeat(widths.iter().map(|it| it + 2).sum::<usize>());
        let mut text = String::new();
        for (position, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let wanted = widths.get(column).copied().unwrap_or(0);
                let blank = " ".repeat(wanted.saturating_sub(cell.width()));
                let right = self.to_the_right.contains(&column);
                let padded =
                    if right { format!("{blank}{cell}") } else { format!("{cell}{blank}") };
                line.push_str(&padded);
                line.push_str("  ");
            }
            text.push_str(line.trim_end());
            text.push('\n');
            if position == 0 {
                text.push_str(&rule);
                text.push('\n');
            }
        }
        text
    }
}
