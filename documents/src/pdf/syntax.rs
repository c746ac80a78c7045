//! The little of the syntax of ISO 32000-1, 7.2 and 7.3, that is needed to find one's way.

use super::{DEPTH, ObjectId};

/// Most entries of one table of cross-references that are read.
const MOST_ENTRIES: usize = 1_000_000;

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'a>(&'a [u8]);

/// A dictionary: its names, each with its value as it is written.
#[derive(Clone, Debug)]
pub(super) struct Dictionary<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Dictionary<'a> {
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.0.iter().copied()
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.0.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    pub(super) fn number(&self, name: &[u8]) -> Option<u64> {
        Input(self.get(name)?).number()
    }

    pub(super) fn reference(&self, name: &[u8]) -> Option<ObjectId> {
        Input(self.get(name)?).reference()
    }

    /// An array of nothing but references.
    pub(super) fn references(&self, name: &[u8]) -> Option<Vec<ObjectId>> {
        let mut input = Input(self.get(name)?);
        input.word(b"[")?;
        let mut found = Vec::new();
        while input.word(b"]").is_none() {
            found.push(input.reference()?);
        }
        Some(found)
    }
}

impl<'a> Input<'a> {
    pub(super) fn at(bytes: &'a [u8], place: usize) -> Option<Self> {
        bytes.get(place..).map(Self)
    }

    /// Past white space and comments.
    fn skip_blanks(&mut self) {
        loop {
            self.take_while(is_blank);
            if self.0.first() != Some(&b'%') {
                return;
            }
            self.take_while(|it| it != b'\n' && it != b'\r');
        }
    }

    /// Past `word`, when that is what comes.
    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        self.skip_blanks();
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        self.skip_blanks();
        let digits = self.take_while(|it| it.is_ascii_digit());
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    fn reference(&mut self) -> Option<ObjectId> {
        let mut ahead = *self;
        let id = ahead.number()?;
        ahead.number()?;
        ahead.word(b"R")?;
        *self = ahead;
        u32::try_from(id).ok().map(ObjectId)
    }

    /// `12 0 obj`; says 12.
    pub(super) fn object_head(&mut self) -> Option<u32> {
        let id = self.number()?;
        self.number()?;
        self.word(b"obj")?;
        u32::try_from(id).ok()
    }

    /// A table of cross-references up to its trailer's dictionary: each object in use with its place.
    pub(super) fn table(&mut self) -> Option<Vec<(u32, usize)>> {
        self.word(b"xref")?;
        let mut entries = Vec::new();
        while self.word(b"trailer").is_none() {
            let first = self.number()?;
            let count = self.number()?;
            for id in first..first.checked_add(count)? {
                let place = self.number()?;
                self.number()?;
                if self.word(b"n").is_some() {
                    entries.push((u32::try_from(id).ok()?, usize::try_from(place).ok()?));
                } else {
                    self.word(b"f")?;
                }
                if entries.len() > MOST_ENTRIES {
                    return None;
                }
            }
        }
        Some(entries)
    }

    pub(super) fn dictionary(&mut self) -> Option<Dictionary<'a>> {
        self.word(b"<<")?;
        let mut entries = Vec::new();
        while self.word(b">>").is_none() {
            let name = self.name()?;
            entries.push((name, self.value()?));
        }
        Some(Dictionary(entries))
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        self.word(b"/")?;
        Some(self.take_while(is_regular))
    }

    /// The next value, as it is written.
    fn value(&mut self) -> Option<&'a [u8]> {
        self.skip_blanks();
        let before = self.0;
        self.skip_value(0)?;
        before.get(..before.len().checked_sub(self.0.len())?)
    }

    fn skip_value(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        if self.word(b"<<").is_some() {
            while self.word(b">>").is_none() {
                self.name()?;
                self.skip_value(depth + 1)?;
            }
        } else if self.word(b"[").is_some() {
            while self.word(b"]").is_none() {
                self.skip_value(depth + 1)?;
            }
        } else if self.word(b"(").is_some() {
            self.skip_text()?;
        } else if self.word(b"<").is_some() {
            self.take_while(|it| it.is_ascii_hexdigit() || is_blank(it));
            self.word(b">")?;
        } else if self.word(b"/").is_some() {
            self.take_while(is_regular);
        } else if self.reference().is_none() && self.take_while(is_regular).is_empty() {
            return None;
        }
        Some(())
    }

    /// Past the rest of a text in parentheses.
    fn skip_text(&mut self) -> Option<()> {
        let mut open = 1_usize;
        while open > 0 {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            match first {
                b'\\' => self.0 = rest.split_first()?.1,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
        }
        Some(())
    }

    fn take_while(&mut self, takes: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|it| !takes(*it)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest;
        taken
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !b"()<>[]{}/%".contains(&byte)
}
