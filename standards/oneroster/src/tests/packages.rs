use std::fmt::Debug;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{class, course, demographics, enrollment, role, rows, school, teacher, term, written};
use crate::package::Limits;
use crate::{Entity, Mode, Org, Package, PackageError, Status, User};

fn check<T: Entity + Clone + PartialEq + Debug>(object: T) {
    let (read, findings) = rows::<T>(written(Mode::Bulk, [object.clone()]));
    assert_eq!((read, findings), (vec![object], Vec::new()));
}

/// A package of files as they are.
fn packed(files: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap()
}

const MANIFEST: &str = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n";

fn with_orgs(mode: &str, orgs: &str) -> Cursor<Vec<u8>> {
    let manifest = format!("{MANIFEST}file.orgs,{mode}\n");
    packed(&[("folder/manifest.csv", &manifest), ("folder/orgs.csv", orgs)])
}

fn found<T: Entity>(bytes: Cursor<Vec<u8>>) -> Vec<String> {
    rows::<T>(bytes).1.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_written_is_read_back() {
    check(school());
    check(term());
    check(course());
    check(class());
    check(teacher());
    check(role());
    check(enrollment());
    check(demographics());
}

#[test]
fn a_delta_says_what_became_of_each_row_and_when() {
    let mut gone = school();
    gone.status = Status::ToBeDeleted;
    gone.modified_at = Some("2026-11-26T10:00:00Z".parse().unwrap());
    let (read, findings) = rows::<Org>(written(Mode::Delta, [gone.clone(), school()]));
    assert_eq!(read, [gone]);
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "orgs.csv:3 dateLastModified: found nothing, expected an instant; correct the cell where the file comes from"
        ]
    );
}

#[test]
fn a_row_that_is_wrong_is_told_by_file_row_and_column() {
    let header = Org::COLUMNS.join(",");
    let text = format!(
        "\u{feff}{header}\r\n1,,,名,town,,\r\n\r\n2,,,,school,,\r\n3,,\r\n,,,名,school,,\r\n"
    );
    insta::assert_snapshot!(found::<Org>(with_orgs("bulk", &text)).join("\n"), @r"
    orgs.csv:2 type: found `town`, expected one of department school district local state national or a word after ext:; correct the cell where the file comes from
    orgs.csv:4 name: found nothing, expected a value; correct the cell where the file comes from
    orgs.csv:5: found 3 cells, expected 7 cells; put a text that holds a comma between quotation marks
    orgs.csv:6 sourcedId: found nothing, expected a value; correct the cell where the file comes from
    ");
}

#[test]
fn nobody_is_shown_in_a_finding() {
    let header = User::COLUMNS.join(",");
    let manifest = format!("{MANIFEST}file.users,bulk\n");
    let row = User::COLUMNS.iter().map(|it| if *it == "enabledUser" { "张伟" } else { "张" });
    let text = format!("{header}\n{}\n", row.collect::<Vec<_>>().join(","));
    let findings = found::<User>(packed(&[("manifest.csv", &manifest), ("users.csv", &text)]));
    assert_eq!(findings.len(), 3, "{findings:?}");
    assert!(findings.iter().all(|it| !it.contains('张')), "{findings:?}");
}

#[test]
fn columns_must_be_there_once() {
    let text = "sourcedId,status,dateLastModified,name,type,identifier,name\n";
    let findings = found::<Org>(with_orgs("bulk", text));
    let columns = "expected sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId";
    assert_eq!(findings.len(), 2);
    assert!(
        findings[0].starts_with(&format!("orgs.csv:1 name: found the column twice, {columns}"))
    );
    assert!(findings[1].starts_with("orgs.csv:1 parentSourcedId: found no such column"));
    assert!(found::<Org>(with_orgs("bulk", ""))[0].starts_with("orgs.csv: found an empty file"));
}

#[test]
fn columns_of_ones_own_are_left_alone() {
    let text = "metadata.jp.x,sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nx,1,,,名,school,,\n";
    let (read, findings) = rows::<Org>(with_orgs("bulk", text));
    assert_eq!((read.len(), findings.len()), (1, 0));
}

#[test]
fn a_manifest_that_is_wrong_opens_nothing() {
    for (files, expected) in [
        (vec![("orgs.csv", "")], "manifest.csv: found no manifest.csv"),
        (vec![("manifest.csv", "oneroster.version,1.1\n")], "manifest.csv: found `1.1`"),
        (
            vec![("manifest.csv", "oneroster.version,1.2\nfile.orgs,some\n")],
            "manifest.csv:2: found `some`, expected absent, bulk or delta",
        ),
        (
            vec![("manifest.csv", "oneroster.version,1.2\nfile.pupils,bulk\n")],
            "manifest.csv:2: found `pupils`, expected a file of OneRoster 1.2",
        ),
        (
            vec![("manifest.csv", "oneroster.version,1.2\nfile.orgs,bulk\n")],
            "orgs.csv: found no such file",
        ),
    ] {
        let (package, findings) = Package::open(packed(&files)).unwrap();
        assert!(package.is_none(), "{files:?}");
        assert!(findings[0].to_string().starts_with(expected), "{}", findings[0]);
    }
}

#[test]
fn absent_files_and_those_of_other_services_are_left_alone() {
    let manifest = format!("{MANIFEST}file.orgs,absent\nfile.results,bulk\n");
    let (package, findings) = Package::open(packed(&[("manifest.csv", &manifest)])).unwrap();
    assert_eq!(findings, []);
    assert!(package.unwrap().table::<Org>().unwrap().is_none());
}

#[test]
fn a_package_is_bounded() {
    let many: Vec<_> = (0..70).map(|it| (format!("{it}.csv"), "")).collect();
    let many: Vec<_> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let error = Package::open(packed(&many)).unwrap_err();
    assert!(matches!(error, PackageError::TooManyFiles { most: 64 }));

    let bomb = written(Mode::Bulk, std::iter::repeat_with(school).take(2000));
    let limits = Limits { bytes: 1000, ..Limits::default() };
    let (package, _) = Package::open_within(bomb, limits).unwrap();
    let mut package = package.unwrap();
    let mut table = package.table::<Org>().unwrap().unwrap();
    let mut last = None;
    while let Some(read) = table.next_row().unwrap() {
        last = read.findings.first().map(ToString::to_string);
    }
    let expected =
        "orgs.csv: found more, expected at most 1000 bytes; split the package by organisation";
    assert_eq!(last.as_deref(), Some(expected));
}

#[test]
fn what_is_no_package_is_an_error() {
    assert!(matches!(
        Package::open(Cursor::new(b"PK not really".to_vec())),
        Err(PackageError::Zip(_))
    ));
}
