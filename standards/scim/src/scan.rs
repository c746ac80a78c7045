//! A text, taken apart from its beginning.

/// What is left of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan<'a> {
    pub(crate) rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(crate) fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// Takes a mark that must stand here.
    pub(crate) fn take(&mut self, mark: char) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes a word in any case, when something that is no part of a name follows it.
    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let Some((head, rest)) = self.rest.split_at_checked(word.len()) else { return false };
        if !head.eq_ignore_ascii_case(word) || rest.starts_with(is_part_of_name) {
            return false;
        }
        self.rest = rest;
        true
    }

    /// Takes all characters that `belong`.
    pub(crate) fn take_while(&mut self, belong: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|it| !belong(it)).unwrap_or(self.rest.len());
        let (head, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        head
    }

    /// Takes a JSON string, its quotation marks included.
    pub(crate) fn take_string(&mut self) -> Option<&'a str> {
        let mut escaped = false;
        for (at, mark) in self.rest.char_indices().skip(1) {
            match mark {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let (head, rest) = self.rest.split_at_checked(at + 1)?;
                    self.rest = rest;
                    return Some(head);
                }
                _ => {}
            }
        }
        None
    }
}

/// What attribute names and URNs are made of.
pub(crate) fn is_part_of_name(mark: char) -> bool {
    mark.is_ascii_alphanumeric() || matches!(mark, '_' | '-' | '$' | ':' | '.')
}
