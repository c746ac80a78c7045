//! Importing a package: read as a stream, written in one transaction.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use haihe_oneroster::{
    AcademicSession, Class, Course, Demographics, Enrollment, Mode, Org, Package, Role, User,
};
use jiff::Timestamp;
use model::{Entropy, Finding, Severity};
use store::{Store, StoreError};

use super::difference::{Difference, FileDifference};
use super::intake::Intake;
use super::kept::Kept;
use super::{RosterError, orphans, statements};
use crate::audit::{Actor, Entry};
use crate::connection::{Connection, Value};
use crate::purpose::Purpose;

/// What is to be done with a package.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Whose package it is: what another source said stays as it is.
    pub source: &'a str,
    /// Tells what would change, and changes nothing.
    pub is_dry: bool,
    pub at: Timestamp,
}

/// What became of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub difference: Difference,
    /// Whether the package was one at all; if not, nothing of it was taken.
    pub is_package: bool,
    pub errors: u64,
    pub warnings: u64,
}

/// Imports a package. Rows that are wrong are refused one by one, and told to `found`; all others are taken in one
/// transaction. The same package again changes nothing.
///
/// Where all there is was announced, what the source has no more is taken out of use; but not when one of the file's rows
/// was refused, as it may be the very one.
pub async fn import<R: Read + Seek>(
    store: &Store,
    package: R,
    import: Import<'_>,
    entropy: &mut dyn Entropy,
    found: &mut dyn FnMut(Finding),
) -> Result<Outcome, RosterError> {
    let mut outcome =
        Outcome { difference: Difference::default(), is_package: false, errors: 0, warnings: 0 };
    let mut tell = |finding: Finding| {
        match finding.severity {
            Severity::Error => outcome.errors += 1,
            Severity::Warning => outcome.warnings += 1,
        }
        found(finding);
    };
    let (package, findings) = Package::open(package)?;
    findings.into_iter().for_each(|it| tell(finding(it)));
    let Some(mut package) = package else { return Ok(outcome) };

    let importing = || StoreError::doing("import a roster");
    let mut connection = Connection::begin(store).await.map_err(importing())?;
    let known = known_organisations(&mut connection).await.map_err(importing())?;
    let mut difference = Difference::default();
    macro_rules! take {
        ($($kind:ty),+) => {$(
            let mut intake = Intake {
                connection: &mut connection,
                import,
                known: &known,
                entropy: &mut *entropy,
                tell: &mut tell,
            };
            let taken = of_file::<$kind, R>(&mut package, &mut intake).await?;
            difference.files.extend(taken.map(|it| (<$kind as haihe_oneroster::Entity>::FILE, it)));
        )+};
    }
    take!(Org, AcademicSession, Course, Class, User, Role, Enrollment, Demographics);
    for finding in orphans::report(&mut connection).await.map_err(importing())? {
        tell(finding);
    }
    connection.execute("DELETE FROM roster_marks".to_owned(), []).await.map_err(importing())?;
    if import.is_dry {
        connection.roll_back().await.map_err(importing())?;
    } else if !difference.is_empty() {
        note(&mut connection, import, difference.total()).await.map_err(importing())?;
        connection.commit().await.map_err(importing())?;
    }
    outcome.difference = difference;
    outcome.is_package = true;
    Ok(outcome)
}

/// Takes one file; `None` when it is absent.
async fn of_file<T: Kept, R: Read + Seek>(
    package: &mut Package<R>,
    intake: &mut Intake<'_>,
) -> Result<Option<FileDifference>, RosterError> {
    let importing = || StoreError::doing("import a roster");
    let Some(mut table) = package.table::<T>()? else { return Ok(None) };
    let mode = table.mode;
    let mut difference = FileDifference::default();
    let mut batch = Vec::with_capacity(store::ROWS_AT_ONCE);
    while let Some(read) = table.next_row()? {
        difference.rows += 1;
        match read.what {
            Some(what) => batch.push((read.row, what)),
            None => difference.refused += 1,
        }
        read.findings.into_iter().for_each(|it| (intake.tell)(finding(it)));
        if batch.len() == store::ROWS_AT_ONCE {
            intake.take(std::mem::take(&mut batch), &mut difference).await.map_err(importing())?;
        }
    }
    intake.take(batch, &mut difference).await.map_err(importing())?;
    if mode == Mode::Bulk && difference.refused == 0 {
        let values = [
            Value::Number(intake.import.at.as_microsecond()),
            intake.import.source.into(),
            T::FILE.name().into(),
        ];
        let sql = statements::remove_unmarked(T::TABLE);
        difference.removed += intake.connection.execute(sql, values).await.map_err(importing())?;
    }
    Ok(Some(difference))
}

/// Codes of all organisations of the registry as it knows them now.
async fn known_organisations(connection: &mut Connection) -> Result<BTreeSet<String>, sqlx::Error> {
    const SQL: &str = include_str!("known_organisations.sql");

    let rows = connection.texts(SQL.to_owned(), []).await?;
    Ok(rows.into_iter().flatten().collect())
}

async fn note(
    connection: &mut Connection,
    import: Import<'_>,
    total: FileDifference,
) -> Result<(), sqlx::Error> {
    const SQL: &str = include_str!("add_import.sql");

    let number = |it: u64| Value::Number(i64::try_from(it).unwrap_or(i64::MAX));
    let values = [
        Value::Number(import.at.as_microsecond()),
        import.source.into(),
        number(total.added),
        number(total.changed),
        number(total.removed),
        number(total.refused),
    ];
    connection.execute(SQL.to_owned(), values).await?;
    let written = total.added + total.changed + total.removed;
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "roster.import").rows(written);
    connection.append(&entry, import.at).await
}

fn finding(found: haihe_oneroster::Finding) -> Finding {
    Finding {
        file: found.file,
        row: found.row,
        column: found.column.map(str::to_owned),
        rule: found.rule,
        found: found.found,
        expected: found.expected,
        hint: found.hint.to_owned(),
        severity: Severity::Error,
    }
}
