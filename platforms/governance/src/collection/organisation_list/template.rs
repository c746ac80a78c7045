//! Templates: a text with the names of columns in braces.

use super::super::cells::folded;

/// A text that is made of fixed parts and cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// Folded name of a column.
    Cell(String),
}

/// Why a text is no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsound {
    /// A brace that opens or closes nothing.
    Brace,
    /// Nothing between two braces.
    NoName,
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, Unsound> {
        let mut parts = Vec::new();
        let mut left = text;
        while let Some((before, after)) = left.split_once('{') {
            let (name, rest) = after.split_once('}').ok_or(Unsound::Brace)?;
            if name.contains('{') || before.contains('}') {
                return Err(Unsound::Brace);
            }
            let name = folded(name);
            if name.is_empty() {
                return Err(Unsound::NoName);
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Cell(name));
            left = rest;
        }
        if left.contains('}') {
            return Err(Unsound::Brace);
        }
        if !left.is_empty() {
            parts.push(Part::Text(left.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Folded names of the columns it takes cells of.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|it| match it {
            Part::Cell(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with its cells filled in; empty where all of its cells are empty.
    pub(super) fn fill<'a>(&self, cell: impl Fn(&str) -> &'a str) -> String {
        let has_cells = self.columns().next().is_some();
        if has_cells && self.columns().all(|it| cell(it).is_empty()) {
            return String::new();
        }
        let parts = self.parts.iter().map(|it| match it {
            Part::Text(text) => text.as_str(),
            Part::Cell(name) => cell(name),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Unsound>) {
        let filled = Template::parse(text).map(|it| {
            it.fill(|name| match name {
                "county" => "1",
                "town" => "淡水區",
                _ => "",
            })
        });
        assert_eq!(filled.as_deref().map_err(|it| *it), expected);
    }

    #[test]
    fn cells_stand_in_braces() {
        check("TW", Ok("TW"));
        check("", Ok(""));
        check("{county}", Ok("1"));
        check("{ County }-{town}", Ok("1-淡水區"));
        check("x{county}y", Ok("x1y"));
        check("{county}-{nothing}", Ok("1-"));
        check("-{nothing}-", Ok(""));
    }

    #[test]
    fn a_stray_brace_is_unsound() {
        check("{county", Err(Unsound::Brace));
        check("county}", Err(Unsound::Brace));
        check("}{county}", Err(Unsound::Brace));
        check("{county{town}}", Err(Unsound::Brace));
        check("{ }", Err(Unsound::NoName));
    }
}
