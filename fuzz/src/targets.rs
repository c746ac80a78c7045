//! The parsers, each fed with bytes.

use std::io::{Cursor, Write};

use haihe_oneroster::{
    AcademicSession, Class, Course, Demographics, Enrollment, Entity, Mode, Org, Package, Query,
    Role, Table, User,
};
use haihe_scim::{Filter, GROUP, Limits, Patch, Path, Resource, Search, Selection, USER};
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A parser, and the folder of its corpus.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub feed: fn(&[u8]),
}

pub const ALL: [Target; 9] = [
    Target { name: "scim_filter", feed: scim_filter },
    Target { name: "scim_path", feed: scim_path },
    Target { name: "scim_patch", feed: scim_patch },
    Target { name: "scim_user", feed: scim_user },
    Target { name: "oneroster_filter", feed: oneroster_filter },
    Target { name: "oneroster_users", feed: oneroster_tables },
    Target { name: "oneroster_manifest", feed: oneroster_package },
    Target { name: "organisations", feed: organisations },
    Target { name: "events", feed: events },
];

fn scim_filter(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(filter) = Filter::parse(&text, Limits::default()) else { return };
    let wide = Limits { length: usize::MAX, depth: 64, terms: 128 };
    assert_eq!(Filter::parse(&filter.to_string(), wide).as_ref(), Ok(&filter));
    let _ = filter.check(&USER);
    filter.matches(&USER, &Resource::default());
}

fn scim_path(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(path) = text.parse::<Path>() else { return };
    assert_eq!(path.to_string().parse().as_ref(), Ok(&path));
}

fn scim_patch(input: &[u8]) {
    let Some(value) = json(input) else { return };
    let Ok(patch) = Patch::read(&value) else { return };
    for kind in [&USER, &GROUP] {
        let Ok(changed) = patch.apply(kind, &Resource::default()) else { continue };
        assert_eq!(Resource::read(kind, &changed.json(kind)).as_ref(), Ok(&changed));
    }
}

fn scim_user(input: &[u8]) {
    let Some(value) = json(input) else { return };
    let _ = Search::read_request(&value);
    let Ok(user) = Resource::read(&USER, &value) else { return };
    assert_eq!(Resource::read(&USER, &user.json(&USER)).as_ref(), Ok(&user));
    let _ = Selection::default().of(&USER, &user);
}

fn oneroster_filter(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = Query::read(|_| Some(&text));
    let Ok(filter) = haihe_oneroster::Filter::parse(&text) else { return };
    let printed = filter.to_string();
    if printed.len() <= 4096 {
        assert_eq!(haihe_oneroster::Filter::parse(&printed).as_ref(), Ok(&filter));
    }
}

/// The rows of every kind of file; those that are sound are read again as they are written.
fn oneroster_tables(input: &[u8]) {
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
fn oneroster_package(input: &[u8]) {
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

fn organisations(input: &[u8]) {
    let _ = network::read_list("input.csv", input);
}

fn events(input: &[u8]) {
    let _ = network::read_events("input.csv", input);
}

fn json(input: &[u8]) -> Option<Value> {
    serde_json::from_slice(input).ok()
}
