//! One file, and the tables in it.
//!
//! The reader asks an [`Entry`] for the keys it knows; whatever was not asked for is an error, and
//! every error is collected, so that one look at the list mends the whole file.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use model::exact::Decimal;
use model::text::{Bilingual, Place};
use model::year::Year;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::{Fault, choices};

/// One file and the errors found in it.
#[derive(Debug)]
pub struct Page<'a> {
    file: &'a str,
    text: &'a str,
    /// Byte at which every line but the first begins.
    breaks: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

/// A text and its place.
#[derive(Clone, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    pub place: Place,
}

impl<'a> Page<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { file, text, breaks, faults: RefCell::default() }
    }

    /// Reads the file; what cannot be read is an error and left out.
    pub fn parse(&self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let place = self.place(error.span().unwrap_or(0..0));
            let what = error.message().lines().next().unwrap_or("no TOML").to_owned();
            self.add(Fault { place, what, hint: "write it as TOML 1.0".to_owned() });
        }
        table
    }

    pub fn place(&self, span: Range<usize>) -> Place {
        let line = self.breaks.partition_point(|it| *it <= span.start) + 1;
        Place { file: self.file.to_owned(), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    pub fn add(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    pub fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }
}

/// One table of a file.
#[derive(Debug)]
pub struct Entry<'a> {
    page: &'a Page<'a>,
    table: &'a DeTable<'a>,
    place: Place,
    asked: RefCell<BTreeSet<&'static str>>,
    faults_before: Cell<usize>,
}

impl<'a> Entry<'a> {
    pub fn root(page: &'a Page<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::new(page, table.get_ref(), 0..0)
    }

    fn new(page: &'a Page<'a>, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        let faults_before = Cell::new(page.faults.borrow().len());
        Self { page, table, place: page.place(span), asked: RefCell::default(), faults_before }
    }

    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Adds an error about this table.
    pub fn fault(&self, what: impl Into<String>, hint: impl Into<String>) {
        self.page.add(Fault::at(&self.place, what, hint));
    }

    /// Adds an error about a place in the same file.
    pub fn fault_at(&self, place: &Place, what: impl Into<String>, hint: impl Into<String>) {
        self.page.add(Fault::at(place, what, hint));
    }

    /// Every key that was not asked for is an error.
    pub fn done(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|it| !asked.contains(it.get_ref().as_ref())) {
            let place = self.page.place(key.span());
            let what = format!("unknown key `{}`", short(key.get_ref()));
            let hint = format!("remove it, or write {}", choices(asked.iter().copied()));
            self.page.add(Fault { place, what, hint });
        }
    }

    /// Whether nothing was found amiss since this table was opened.
    pub fn is_sound(&self) -> bool {
        self.page.faults.borrow().len() == self.faults_before.get()
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    pub fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Where a key's value stands; the table's own place when it is absent.
    pub fn place_of(&self, key: &'static str) -> Place {
        self.value(key).map_or_else(|| self.place(), |it| self.page.place(it.span()))
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'a>>, expected: &str) {
        let place = self.page.place(value.span());
        let what = format!("`{key}` is {}, not {expected}", value.get_ref().type_str());
        self.page.add(Fault { place, what, hint: format!("write {expected}") });
    }

    /// Says that a key is missing when `found` is nothing though nothing was written.
    fn need<T>(&self, key: &'static str, expected: &str, found: Option<T>) -> Option<T> {
        if found.is_none() && !self.has(key) {
            self.fault(format!("`{key}` is missing"), format!("add `{key}`: {expected}"));
        }
        found
    }

    pub fn word(&self, key: &'static str) -> Option<Word<'a>> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(key, value, "a text");
            return None;
        };
        Some(Word { text, place: self.page.place(value.span()) })
    }

    pub fn need_word(&self, key: &'static str) -> Option<Word<'a>> {
        let found = self.need(key, "a text", self.word(key))?;
        if found.text.trim().is_empty() {
            self.fault_at(&found.place, format!("`{key}` is empty"), "write a text");
            return None;
        }
        Some(found)
    }

    pub fn need_text(&self, key: &'static str) -> Option<String> {
        self.need_word(key).map(|it| it.text.to_owned())
    }

    /// A text in both languages, `{ zh = "…", en = "…" }`.
    pub fn bilingual(&self, key: &'static str) -> Option<Bilingual> {
        let entry = self.entry(key)?;
        let (zh, en) = (entry.need_text("zh"), entry.need_text("en"));
        entry.done();
        Some(Bilingual { zh: zh?, en: en? })
    }

    pub fn need_bilingual(&self, key: &'static str) -> Option<Bilingual> {
        self.need(key, "{ zh = \"…\", en = \"…\" }", self.bilingual(key))
    }

    /// A text in both languages, or one text as it was written before it was asked for in both.
    pub fn need_bilingual_or_text(&self, key: &'static str) -> Option<Bilingual> {
        match self.value(key).and_then(|it| it.get_ref().as_str()) {
            Some(_) => self.need_text(key).map(|it| Bilingual::new(it, "")),
            None => self.need_bilingual(key),
        }
    }

    pub fn integer(&self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        let number = value.get_ref().as_integer();
        let number = number.and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok());
        if number.is_none() {
            self.wrong(key, value, "a whole number");
        }
        number
    }

    /// A whole number that fits its type.
    pub fn small<T: TryFrom<i64>>(&self, key: &'static str) -> Option<T> {
        let number = self.integer(key)?;
        let fits = T::try_from(number).ok();
        if fits.is_none() {
            let place = self.place_of(key);
            self.fault_at(
                &place,
                format!("`{key}` is {number}"),
                "write a smaller number, not negative",
            );
        }
        fits
    }

    pub fn need_small<T: TryFrom<i64>>(&self, key: &'static str) -> Option<T> {
        self.need(key, "a whole number", self.small(key))
    }

    /// True or false; `default` when it is not written.
    pub fn flag(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.value(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, value, "true or false");
            default
        })
    }

    /// An exact number, written as a text or a number.
    pub fn decimal(&self, key: &'static str) -> Option<Decimal> {
        let value = self.value(key)?;
        let found = self.decimal_of(value);
        if found.is_none() {
            self.wrong(key, value, "a decimal number such as \"12.3\"");
        }
        found
    }

    pub fn need_decimal(&self, key: &'static str) -> Option<Decimal> {
        self.need(key, "a decimal number such as \"12.3\"", self.decimal(key))
    }

    fn decimal_of(&self, value: &Spanned<DeValue<'a>>) -> Option<Decimal> {
        let value = value.get_ref();
        let text = value.as_str();
        let text =
            text.or_else(|| value.as_integer().filter(|it| it.radix() == 10).map(|it| it.as_str()));
        let text = text.or_else(|| value.as_float().map(|it| it.as_str()));
        text?.parse().ok()
    }

    pub fn year(&self, key: &'static str) -> Option<Year> {
        let number = self.integer(key)?;
        let year = u16::try_from(number).ok().and_then(Year::new);
        if year.is_none() {
            let place = self.place_of(key);
            self.fault_at(
                &place,
                format!("`{key}` is {number}"),
                "write a year between 1900 and 2200",
            );
        }
        year
    }

    pub fn need_year(&self, key: &'static str) -> Option<Year> {
        self.need(key, "a year such as 2025", self.year(key))
    }

    pub fn words(&self, key: &'static str) -> Vec<Word<'a>> {
        let mut words = Vec::new();
        for value in self.array(key) {
            match value.get_ref().as_str() {
                Some(text) => words.push(Word { text, place: self.page.place(value.span()) }),
                None => self.wrong(key, value, "a list of texts"),
            }
        }
        words
    }

    pub fn texts(&self, key: &'static str) -> Vec<String> {
        self.words(key).into_iter().map(|it| it.text.to_owned()).collect()
    }

    pub fn decimals(&self, key: &'static str) -> Vec<Decimal> {
        let mut numbers = Vec::new();
        for value in self.array(key) {
            match self.decimal_of(value) {
                Some(number) => numbers.push(number),
                None => self.wrong(key, value, "a list of decimal numbers"),
            }
        }
        numbers
    }

    fn array(&self, key: &'static str) -> impl Iterator<Item = &'a Spanned<DeValue<'a>>> + use<'a> {
        let value = self.value(key);
        let array = value.and_then(|it| it.get_ref().as_array());
        if let (Some(value), None) = (value, array) {
            self.wrong(key, value, "a list");
        }
        array.into_iter().flat_map(|it| it.iter())
    }

    /// A table within this one.
    pub fn entry(&self, key: &'static str) -> Option<Self> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value, "a table");
            return None;
        };
        Some(Self::new(self.page, table, value.span()))
    }

    /// A list of tables within this one.
    pub fn entries(&self, key: &'static str) -> Vec<Self> {
        let mut entries = Vec::new();
        for value in self.array(key) {
            match value.get_ref().as_table() {
                Some(table) => entries.push(Self::new(self.page, table, value.span())),
                None => self.wrong(key, value, "a list of tables"),
            }
        }
        entries
    }

    /// A table of lists of texts, whose keys are the writer's own.
    pub fn lists(&self, key: &'static str) -> Vec<(Word<'a>, Vec<Word<'a>>)> {
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let mut lists = Vec::new();
        for (name, value) in entry.table {
            let place = |span| self.page.place(span);
            let mut words = Vec::new();
            let items = value.get_ref().as_array().into_iter().flat_map(|it| it.iter());
            for item in items.chain(value.get_ref().as_str().map(|_| value)) {
                match item.get_ref().as_str() {
                    Some(text) => words.push(Word { text, place: place(item.span()) }),
                    None => self.wrong(key, item, "a text"),
                }
            }
            if words.is_empty() {
                self.wrong(key, value, "a list of texts");
            }
            lists.push((Word { text: name.get_ref(), place: place(name.span()) }, words));
        }
        lists
    }
}

/// A text cut to a length that fits a message.
pub fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
