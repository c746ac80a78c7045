//! Adding objects to a file behind what is there: an incremental update (ISO 32000-1, 7.5.6).

use std::collections::BTreeMap;

use super::{ObjectId, Pdf, PdfError};

/// A file that grows. What was there before stays as it is, byte for byte.
#[derive(Debug)]
pub struct Update<'a> {
    pdf: &'a Pdf<'a>,
    bytes: Vec<u8>,
    next: u32,
    places: BTreeMap<ObjectId, usize>,
}

impl<'a> Update<'a> {
    pub fn new(pdf: &'a Pdf<'a>) -> Result<Self, PdfError> {
        let mut bytes = pdf.bytes.to_vec();
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Ok(Self { pdf, bytes, next: pdf.next_object()?, places: BTreeMap::new() })
    }

    /// A number for an object that will be [put](Self::put).
    pub fn number(&mut self) -> ObjectId {
        let id = ObjectId(self.next);
        self.next += 1;
        id
    }

    /// Writes an object, new or in place of an older one.
    pub fn put(&mut self, id: ObjectId, body: &[u8]) {
        self.places.insert(id, self.bytes.len());
        self.bytes.extend_from_slice(format!("{} 0 obj\n", id.0).as_bytes());
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Says in the catalog that there is a form with this one field. `false` when the file has a form already.
    pub fn add_form(&mut self, field: ObjectId) -> Result<bool, PdfError> {
        let (id, catalog) = self.pdf.catalog()?;
        if catalog.get(b"AcroForm").is_some() {
            return Ok(false);
        }
        let form = format!("<< /Fields [{} 0 R] /SigFlags 3 >>", field.0);
        let body = written(catalog.entries().chain([(&b"AcroForm"[..], form.as_bytes())]));
        self.put(id, &body);
        Ok(true)
    }

    /// The page at a position, counted from 0.
    pub fn page(&self, position: usize) -> Result<ObjectId, PdfError> {
        Ok(self.pdf.page(position)?.0)
    }

    /// Puts one more annotation on a page.
    pub fn annotate(&mut self, page: usize, annotation: ObjectId) -> Result<(), PdfError> {
        let (id, page) = self.pdf.page(page)?;
        let mut annotations = match page.get(b"Annots") {
            None => b"[".to_vec(),
            Some(list) => {
                let list = list.trim_ascii_end().strip_suffix(b"]");
                list.ok_or(PdfError::Lacks("a plain list of annotations"))?.to_vec()
            }
        };
        annotations.extend_from_slice(format!(" {} 0 R]", annotation.0).as_bytes());
        let others = page.entries().filter(|it| it.0 != b"Annots");
        let body = written(others.chain([(&b"Annots"[..], &annotations[..])]));
        self.put(id, &body);
        Ok(())
    }

    /// The whole file. `revision` goes into its identifier.
    pub fn finish(mut self, revision: [u8; 16]) -> Vec<u8> {
        let table = self.bytes.len();
        let mut text = "xref\n".to_owned();
        for (id, place) in &self.places {
            text.push_str(&format!("{} 1\n{place:010} 00000 n \n", id.0));
        }
        text.push_str("trailer\n");
        self.bytes.extend_from_slice(text.as_bytes());

        let ours = ["Size", "Prev", "ID"].map(str::as_bytes);
        let size = self.next.to_string();
        let previous = self.pdf.table.to_string();
        let identifier = self.identifier(revision);
        let kept = self.pdf.trailer.entries().filter(|it| !ours.contains(&it.0));
        let values = [size.as_bytes(), previous.as_bytes(), identifier.as_bytes()];
        let body = written(kept.chain(ours.into_iter().zip(values)));
        self.bytes.extend_from_slice(&body);
        self.bytes.extend_from_slice(format!("\nstartxref\n{table}\n%%EOF\n").as_bytes());
        self.bytes
    }

    /// The identifier the file had, and a new one for this revision.
    fn identifier(&self, revision: [u8; 16]) -> String {
        let revision = super::hex(&revision);
        let old = self.pdf.trailer.get(b"ID").and_then(|it| {
            let inner = it.strip_prefix(b"[")?.trim_ascii_start();
            let end = inner.iter().position(|it| *it == b'>')?;
            let first = std::str::from_utf8(inner.get(..=end)?).ok()?;
            first.starts_with('<').then(|| first.to_owned())
        });
        format!("[{} <{revision}>]", old.unwrap_or_else(|| format!("<{revision}>")))
    }
}

/// A dictionary as it is written.
fn written<'b>(entries: impl Iterator<Item = (&'b [u8], &'b [u8])>) -> Vec<u8> {
    let mut body = b"<<".to_vec();
    for (name, value) in entries {
        body.extend_from_slice(b"\n/");
        body.extend_from_slice(name);
        body.push(b' ');
        body.extend_from_slice(value);
    }
    body.extend_from_slice(b"\n>>");
    body
}
