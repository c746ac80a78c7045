//! One cell of a file as a value, and back.

use jiff::Timestamp;
use jiff::civil::Date;

/// Longest cell, in bytes.
pub(crate) const LONGEST: usize = 16 * 1024;

/// A type that stands in a cell.
pub(crate) trait Cell: Sized {
    /// Reads a cell; an error says what was expected.
    fn read(text: &str) -> Result<Self, &'static str>;

    fn write(&self) -> String;
}

impl Cell for String {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a value") } else { Ok(text.to_owned()) }
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl<T: Cell> Cell for Option<T> {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Ok(None) } else { T::read(text).map(Some) }
    }

    fn write(&self) -> String {
        self.as_ref().map_or_else(String::new, Cell::write)
    }
}

/// Values after one another, with commas between them; one that holds a comma is itself quoted.
impl Cell for Vec<String> {
    fn read(text: &str) -> Result<Self, &'static str> {
        let mut values = Self::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix('"') {
                let mut value = String::new();
                let mut after = quoted;
                loop {
                    let (head, tail) = after.split_once('"').ok_or("a closed quotation mark")?;
                    value.push_str(head);
                    match tail.strip_prefix('"') {
                        Some(more) => {
                            value.push('"');
                            after = more;
                        }
                        None => {
                            rest = tail.trim_start();
                            break;
                        }
                    }
                }
                rest = match rest.strip_prefix(',') {
                    Some(more) => more.trim_start(),
                    None if rest.is_empty() => rest,
                    None => return Err("a comma after a quotation mark"),
                };
                values.push(value);
            } else {
                let (head, tail) = rest.split_once(',').unwrap_or((rest, ""));
                if !head.trim().is_empty() {
                    values.push(head.trim().to_owned());
                }
                rest = tail.trim_start();
            }
        }
        Ok(values)
    }

    fn write(&self) -> String {
        let quoted = |it: &String| {
            if it.contains([',', '"']) || it.trim() != it || it.is_empty() {
                format!("\"{}\"", it.replace('"', "\"\""))
            } else {
                it.clone()
            }
        };
        self.iter().map(quoted).collect::<Vec<_>>().join(",")
    }
}

impl Cell for bool {
    fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            _ if text.eq_ignore_ascii_case("true") => Ok(true),
            _ if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err("true or false"),
        }
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Cell for Date {
    fn read(text: &str) -> Result<Self, &'static str> {
        let is_short = text.len() == 10;
        text.parse().ok().filter(|_| is_short).ok_or("a day such as 2026-09-01")
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Cell for Timestamp {
    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "an instant such as 2026-09-01T08:00:00Z")
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// The calendar year in which a school year ends.
impl Cell for i16 {
    fn read(text: &str) -> Result<Self, &'static str> {
        let year = text.parse().ok().filter(|it| (1900..=2200).contains(it));
        year.filter(|_| text.len() == 4)
            .ok_or("the year in which the school year ends, such as 2026")
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// A closed list of words, which others may extend by words that begin with `ext:`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($variant,)+
            /// A word of somebody's own, after `ext:`.
            Extended(String),
        }

        impl $name {
            /// All words of the standard.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Extended(word) => word,
                }
            }

            /// Reads a word; `None` when it is none.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($word => Some(Self::$variant),)+
                    _ if text.len() > 4 && text.starts_with("ext:") => {
                        Some(Self::Extended(text.to_owned()))
                    }
                    _ => None,
                }
            }
        }

        impl $crate::cell::Cell for $name {
            fn read(text: &str) -> Result<Self, &'static str> {
                Self::parse(text).ok_or(concat!("one of ", $($word, " ",)+ "or a word after ext:"))
            }

            fn write(&self) -> String {
                self.as_str().to_owned()
            }
        }
    };
}
pub(crate) use words;
