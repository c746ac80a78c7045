//! What is read of a PDF file, and what is not.

use proptest::prelude::*;

use super::*;

/// A file of one page, as plain as they come.
pub(crate) fn one_page() -> Vec<u8> {
    file(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Title (a \\) (nested) one) >>",
    ])
}

/// A file of these objects, the first of which is its catalog.
fn file(objects: &[&str]) -> Vec<u8> {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = text.len();
    let size = objects.len() + 1;
    text.push_str(&table);
    text.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    text.into_bytes()
}

#[test]
fn pages_are_found_through_their_tree() {
    let bytes = file(&[
        "<< /Pages 2 0 R >>",
        "<< /Kids [3 0 R 4 0 R] >>",
        "<< /Kids [5 0 R] >>",
        "<< /Type /Page >>",
        "<< /Type /Page >>",
    ]);
    let pdf = Pdf::read(&bytes).unwrap();
    let pages = [0, 1].map(|it| pdf.page(it).unwrap().0);
    assert_eq!(pages, [ObjectId(5), ObjectId(4)]);
    assert_eq!(pdf.page(2).unwrap_err(), PdfError::Lacks("the page"));
}

#[test]
fn pages_that_contain_themselves_come_to_an_end() {
    let bytes = file(&["<< /Pages 2 0 R >>", "<< /Kids [2 0 R 2 0 R] >>"]);
    assert_eq!(Pdf::read(&bytes).unwrap().page(0).unwrap_err(), PdfError::Lacks("the page"));
}

#[test]
fn what_is_added_stands_behind_what_was_there() {
    let before = one_page();
    let pdf = Pdf::read(&before).unwrap();
    let mut update = Update::new(&pdf).unwrap();
    let added = update.number();
    update.put(added, b"<< /Type /Annot >>");
    update.annotate(0, added).unwrap();
    let after = update.finish([7; 16]);
    assert!(after.starts_with(&before));

    let read = Pdf::read(&after).unwrap();
    let (_, page) = read.page(0).unwrap();
    assert_eq!(page.references(b"Annots"), Some(vec![added]));
    assert_eq!(page.get(b"Title"), Some(&b"(a \\) (nested) one)"[..]));
    assert_eq!(read.next_object().unwrap(), added.0 + 1);
}

#[test]
fn other_files_are_refused_by_what_they_lack() {
    assert_eq!(Pdf::read(b"PK\x03\x04").unwrap_err(), PdfError::NotPdf);
    assert_eq!(Pdf::read(b"%PDF-1.7\n").unwrap_err(), PdfError::NoTable);
    let encrypted = String::from_utf8(one_page()).unwrap().replace("/Size", "/Encrypt 9 0 R /Size");
    assert_eq!(Pdf::read(encrypted.as_bytes()).unwrap_err(), PdfError::Encrypted);
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut file = b"%PDF-1.7\nxref\n0 1\n".to_vec();
        file.extend(bytes);
        file.extend(b"\nstartxref\n9\n");
        if let Ok(pdf) = Pdf::read(&file) {
            let _ = pdf.page(0);
        }
    }

    #[test]
    fn a_broken_file_is_read_or_refused(at in 0_usize..400, byte in any::<u8>()) {
        let mut file = one_page();
        let at = at % file.len();
        file[at] = byte;
        if let Ok(pdf) = Pdf::read(&file) {
            let _ = pdf.page(0);
            let _ = Update::new(&pdf).map(|mut it| it.add_form(ObjectId(9)));
        }
    }
}
