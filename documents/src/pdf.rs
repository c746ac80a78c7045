//! Reading as much of a PDF file as a signature needs, and adding to it without touching what is there.
//!
//! It reads the plain form that our letters have: one table of cross-references after another, no
//! object streams, no encryption. Anything else is refused by name, never guessed at.

use std::collections::BTreeMap;

mod syntax;
mod update;

use self::syntax::{Dictionary, Input};
pub use self::update::Update;

/// How deep objects, and pages, may be nested.
const DEPTH: usize = 24;
/// Most cross-reference tables that are followed: one for each time the file was added to.
const MOST_TABLES: usize = 16;

/// Why a PDF file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    #[error("the file does not begin like a PDF; bring the PDF file itself")]
    NotPdf,
    #[error(
        "the PDF has no table of cross-references that can be read; save it again without compressed objects"
    )]
    NoTable,
    #[error("the PDF is encrypted; save it again without a password")]
    Encrypted,
    #[error("the PDF lacks {0}; it may have been cut short")]
    Lacks(&'static str),
}

/// The number of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(pub u32);

/// A PDF file, read as far as its cross-references and its trailer.
#[derive(Debug)]
pub struct Pdf<'a> {
    bytes: &'a [u8],
    /// Where each object begins.
    places: BTreeMap<ObjectId, usize>,
    trailer: Dictionary<'a>,
    /// Where the newest table of cross-references begins.
    table: usize,
}

impl<'a> Pdf<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, PdfError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(PdfError::NotPdf);
        }
        let table = last_table(bytes).ok_or(PdfError::NoTable)?;
        let mut places = BTreeMap::new();
        let mut newest = None;
        let mut next = Some(table);
        for _ in 0..MOST_TABLES {
            let Some(at) = next else { break };
            let mut input = Input::at(bytes, at).ok_or(PdfError::NoTable)?;
            let entries = input.table().ok_or(PdfError::NoTable)?;
            for (id, place) in entries {
                // Newer tables are read first.
                places.entry(ObjectId(id)).or_insert(place);
            }
            let trailer = input.dictionary().ok_or(PdfError::NoTable)?;
            next = trailer.number(b"Prev").and_then(|it| usize::try_from(it).ok());
            newest.get_or_insert(trailer);
        }
        let trailer = newest.ok_or(PdfError::NoTable)?;
        if trailer.get(b"Encrypt").is_some() {
            return Err(PdfError::Encrypted);
        }
        Ok(Self { bytes, places, trailer, table })
    }

    /// The number of the next object that is added.
    fn next_object(&self) -> Result<u32, PdfError> {
        let size = self.trailer.number(b"Size").and_then(|it| u32::try_from(it).ok());
        let known = self.places.keys().next_back().map_or(Some(0), |it| it.0.checked_add(1));
        // Room is left for the numbers of what is added.
        let next = size.zip(known).map(|(size, known)| size.max(known));
        next.filter(|it| *it < u32::MAX / 2).ok_or(PdfError::Lacks("its trailer"))
    }

    fn catalog(&self) -> Result<(ObjectId, Dictionary<'a>), PdfError> {
        let root = self.trailer.reference(b"Root").ok_or(PdfError::Lacks("its catalog"))?;
        Ok((root, self.dictionary(root).ok_or(PdfError::Lacks("its catalog"))?))
    }

    /// The dictionary that an object is.
    fn dictionary(&self, id: ObjectId) -> Option<Dictionary<'a>> {
        let mut input = Input::at(self.bytes, *self.places.get(&id)?)?;
        (input.object_head()? == id.0).then_some(())?;
        input.dictionary()
    }

    /// A page by its position, counted from 0.
    fn page(&self, position: usize) -> Result<(ObjectId, Dictionary<'a>), PdfError> {
        let (_, catalog) = self.catalog()?;
        let root = catalog.reference(b"Pages").ok_or(PdfError::Lacks("its pages"))?;
        let mut left = position;
        let mut seen = 0;
        self.page_below(root, &mut left, &mut seen, 0).ok_or(PdfError::Lacks("the page"))
    }

    fn page_below(
        &self,
        id: ObjectId,
        left: &mut usize,
        seen: &mut usize,
        depth: usize,
    ) -> Option<(ObjectId, Dictionary<'a>)> {
        // Pages that contain themselves would be visited for ever.
        *seen += 1;
        if depth > DEPTH || *seen > self.places.len() {
            return None;
        }
        let node = self.dictionary(id)?;
        let Some(children) = node.references(b"Kids") else {
            if *left == 0 {
                return Some((id, node));
            }
            *left -= 1;
            return None;
        };
        children.into_iter().find_map(|child| self.page_below(child, left, seen, depth + 1))
    }
}

/// Where the last `startxref` of a file points.
fn last_table(bytes: &[u8]) -> Option<usize> {
    let word = b"startxref";
    let at = bytes.windows(word.len()).rposition(|it| it == word)?;
    let mut input = Input::at(bytes, at.checked_add(word.len())?)?;
    usize::try_from(input.number()?).ok()
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests;
