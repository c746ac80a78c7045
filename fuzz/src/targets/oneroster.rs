//! OneRoster 1.2: what is asked of us, and the files of a package.

use std::io::{Cursor, Write};

use haihe_oneroster::{
    AcademicSession, Class, Course, Demographics, Enrollment, Entity, Filter, Mode, Org, Package,
    Query, Role, Table, User,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(super) fn filter(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = Query::read(|_| Some(&text));
    let Ok(filter) = Filter::parse(&text) else { return };
    let printed = filter.to_string();
    if printed.len() <= 4096 {
        assert_eq!(Filter::parse(&printed).as_ref(), Ok(&filter));
    }
}

/// The rows of every kind of file; those that are sound are read again as they are written.
pub(super) fn tables(input: &[u8]) {
    table::<Org>(input);
    table::<AcademicSession>(input);
    table::<Course>(input);
    table::<Class>(input);
    table::<User>(input);
    table::<Role>(input);
    table::<Enrollment>(input);
    table::<Demographics>(input);
}

fn table<T: Entity>(input: &[u8]) {
    let headed = [T::COLUMNS.join(",").as_bytes(), b"\n", input].concat();
    for bytes in [input, headed.as_slice()] {
        for mode in [Mode::Bulk, Mode::Delta] {
            let mut table = Table::<T, _>::new("input.csv".to_owned(), mode, bytes, 1 << 20);
            while let Ok(Some(read)) = table.next_row() {
                let Some(what) = read.what else { continue };
                let cells = what.cells();
                let cell = |column: &'static str| {
                    let at = T::COLUMNS.iter().position(|it| *it == column);
                    at.and_then(|it| cells.get(it)).map_or("", String::as_str)
                };
                assert_eq!(T::read(cell).map(|it| it.cells()).as_ref(), Ok(&cells));
            }
        }
    }
}

/// A package with the input for a manifest, and the input as a package.
pub(super) fn package(input: &[u8]) {
    open(Cursor::new(input.to_vec()));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["manifest.csv", "orgs.csv", "users.csv"] {
        let written = archive
            .start_file(name, SimpleFileOptions::default())
            .is_ok_and(|()| archive.write_all(input).is_ok());
        if !written {
            return;
        }
    }
    if let Ok(bytes) = archive.finish() {
        open(bytes);
    }
}

fn open(bytes: Cursor<Vec<u8>>) {
    let Ok((Some(mut package), _)) = Package::open(bytes) else { return };
    if let Ok(Some(mut table)) = package.table::<Org>() {
        while let Ok(Some(_)) = table.next_row() {}
    }
    if let Ok(Some(mut table)) = package.table::<User>() {
        while let Ok(Some(_)) = table.next_row() {}
    }
}
