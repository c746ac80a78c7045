//! Taking a batch of objects: what each refers to must be there, and only what is new or changed is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use haihe_oneroster::{File, Status};
use model::{Entropy, Finding, Severity};

use super::difference::FileDifference;
use super::import::Import;
use super::kept::{self, Home, Kept, Reference};
use super::statements;
use crate::connection::{Connection, Value};
use crate::id::PersonId;

/// An import under way.
pub(super) struct Intake<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) import: Import<'a>,
    /// Codes of the registry's organisations.
    pub(super) known: &'a BTreeSet<String>,
    pub(super) entropy: &'a mut dyn Entropy,
    pub(super) tell: &'a mut dyn FnMut(Finding),
}

impl fmt::Debug for Intake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake").field("import", &self.import).finish_non_exhaustive()
    }
}

/// An object on its way.
#[derive(Debug)]
struct Incoming {
    row: u64,
    id: String,
    status: Status,
    modified_at: i64,
    /// By the name of the file's column.
    cells: BTreeMap<&'static str, String>,
    organisation: String,
}

/// An object as it is kept.
#[derive(Debug)]
struct Present {
    source: String,
    status: String,
    person: String,
    organisation: String,
    cells: Vec<String>,
}

/// What objects of a file are known under which ids.
type Found = BTreeMap<File, BTreeMap<String, Target>>;

/// Where an id leads.
#[derive(Clone, Debug)]
struct Target {
    id: String,
    organisation: String,
}

impl Intake<'_> {
    /// Takes objects of one file.
    pub(super) async fn take<T: Kept>(
        &mut self,
        batch: Vec<(u64, T)>,
        difference: &mut FileDifference,
    ) -> Result<(), sqlx::Error> {
        let mut incoming: Vec<Incoming> =
            batch.iter().map(|(row, what)| self.incoming(*row, what)).collect();
        self.refuse_doubles::<T>(&mut incoming, difference).await?;
        self.leave_merged::<T>(&mut incoming, difference).await?;
        let found = self.find_references::<T>(&incoming).await?;
        let mut sound = Vec::with_capacity(incoming.len());
        for mut it in incoming {
            match self.settle::<T>(&mut it, &found) {
                Ok(()) => sound.push(it),
                Err(finding) => {
                    difference.refused += 1;
                    (self.tell)(*finding);
                }
            }
        }
        self.write::<T>(sound, difference).await
    }

    fn incoming<T: Kept>(&self, row: u64, what: &T) -> Incoming {
        let cells = T::COLUMNS.iter().copied().zip(what.cells()).collect();
        let modified_at = what.modified_at().unwrap_or(self.import.at).as_microsecond();
        Incoming {
            row,
            id: what.sourced_id().to_owned(),
            status: what.status(),
            modified_at,
            cells,
            organisation: String::new(),
        }
    }

    /// Of two rows with one id the first counts.
    async fn refuse_doubles<T: Kept>(
        &mut self,
        incoming: &mut Vec<Incoming>,
        difference: &mut FileDifference,
    ) -> Result<(), sqlx::Error> {
        if incoming.is_empty() {
            return Ok(());
        }
        let kind = T::FILE.name();
        let ids = incoming.iter().map(|it| it.id.as_str());
        let values = std::iter::once(kind).chain(ids).map(Value::from);
        let marked = self.connection.texts(statements::marked(incoming.len()), values).await?;
        let mut seen: BTreeSet<String> = marked.into_iter().flatten().collect();
        let mut first = Vec::with_capacity(incoming.len());
        for it in std::mem::take(incoming) {
            if seen.insert(it.id.clone()) {
                first.push(it);
                continue;
            }
            difference.refused += 1;
            (self.tell)(finding::<T>(
                it.row,
                "sourcedId",
                "duplicate",
                "an id that an earlier row has",
                "each id once",
                "delete one of the rows where the file comes from",
                Severity::Error,
            ));
        }
        let ids = first.iter().flat_map(|it| [Value::from(kind), Value::from(it.id.as_str())]);
        self.connection.execute(statements::mark(first.len()), ids).await?;
        *incoming = first;
        Ok(())
    }

    /// An id that was merged into another is not taken up again.
    async fn leave_merged<T: Kept>(
        &mut self,
        incoming: &mut Vec<Incoming>,
        difference: &mut FileDifference,
    ) -> Result<(), sqlx::Error> {
        let ids: Vec<&str> = incoming.iter().map(|it| it.id.as_str()).collect();
        let merged = self.merged(T::FILE, &ids).await?;
        for it in incoming.iter().filter(|it| merged.contains_key(&it.id)) {
            difference.unchanged += 1;
            (self.tell)(finding::<T>(
                it.row,
                "sourcedId",
                "merged",
                "an id that was merged into another",
                "the id that is in use",
                "merge the two where the file comes from as well",
                Severity::Warning,
            ));
        }
        incoming.retain(|it| !merged.contains_key(&it.id));
        Ok(())
    }

    async fn merged(
        &mut self,
        file: File,
        ids: &[&str],
    ) -> Result<BTreeMap<String, String>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let values = std::iter::once(file.name()).chain(ids.iter().copied()).map(Value::from);
        let rows = self.connection.texts(statements::merged(ids.len()), values).await?;
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// Looks up everything that a batch refers to.
    async fn find_references<T: Kept>(
        &mut self,
        incoming: &[Incoming],
    ) -> Result<Found, sqlx::Error> {
        let mut wanted: BTreeMap<File, BTreeSet<String>> = BTreeMap::new();
        for reference in T::REFERENCES.iter().filter(|it| !it.later) {
            for it in incoming.iter().filter(|it| it.status == Status::Active) {
                wanted.entry(reference.to).or_default().extend(ids_of(it, reference));
            }
        }
        let mut found = Found::new();
        for (file, ids) in wanted {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            for ids in ids.chunks(store::ROWS_AT_ONCE) {
                let merged = self.merged(file, ids).await?;
                let now: Vec<&str> =
                    ids.iter().map(|it| merged.get(*it).map_or(*it, String::as_str)).collect();
                let has_organisation = file == File::Orgs;
                let sql = statements::in_use(kept::table(file), has_organisation, now.len());
                let values = now.iter().map(|it| Value::from(*it));
                let rows = self.connection.texts(sql, values).await?;
                let in_use: BTreeMap<String, String> = rows.into_iter().filter_map(pair).collect();
                let targets = ids.iter().zip(&now).filter_map(|(old, id)| {
                    let organisation = in_use.get(*id)?.clone();
                    Some(((*old).to_owned(), Target { id: (*id).to_owned(), organisation }))
                });
                found.entry(file).or_default().extend(targets);
            }
        }
        Ok(found)
    }

    /// Puts the ids in use in place of those named, and finds the organisation.
    fn settle<T: Kept>(&self, it: &mut Incoming, found: &Found) -> Result<(), Box<Finding>> {
        if it.status == Status::ToBeDeleted {
            return Ok(());
        }
        for reference in T::REFERENCES.iter().filter(|it| !it.later) {
            let mut ids = Vec::new();
            for id in ids_of(it, reference) {
                let target = found.get(&reference.to).and_then(|them| them.get(&id));
                let target = target.ok_or_else(|| orphan::<T>(it.row, reference))?;
                if T::HOME == Home::Of(reference.column) {
                    it.organisation.clone_from(&target.organisation);
                }
                ids.push(target.id.clone());
            }
            if reference.column != "sourcedId" {
                it.cells.insert(reference.column, ids.join(","));
            }
        }
        if T::HOME == Home::Registry {
            let named =
                ["identifier", "sourcedId"].into_iter().filter_map(|name| it.cells.get(name));
            let code = named.into_iter().find(|it| self.known.contains(*it)).cloned();
            it.organisation = code.ok_or_else(|| {
                Box::new(finding::<T>(
                    it.row,
                    "identifier",
                    "organisation",
                    "an organisation that the registry does not know",
                    "the code of an organisation of the registry",
                    "import the organisation first, with haihe import organisations",
                    Severity::Error,
                ))
            })?;
        }
        Ok(())
    }

    /// Writes what is new or changed.
    async fn write<T: Kept>(
        &mut self,
        sound: Vec<Incoming>,
        difference: &mut FileDifference,
    ) -> Result<(), sqlx::Error> {
        if sound.is_empty() {
            return Ok(());
        }
        let values = sound.iter().map(|it| Value::from(it.id.as_str()));
        let rows = self.connection.texts(statements::of_ids::<T>(sound.len()), values).await?;
        let present: BTreeMap<String, Present> = rows.into_iter().filter_map(present).collect();
        let mut written = Vec::new();
        let mut count = 0;
        for mut it in sound {
            let before = present.get(&it.id);
            if before.is_some_and(|before| before.source != self.import.source) {
                difference.refused += 1;
                (self.tell)(finding::<T>(
                    it.row,
                    "sourcedId",
                    "source",
                    "an id that belongs to another source",
                    "an id of this source",
                    "give it an id of its own, or import it from the source it belongs to",
                    Severity::Error,
                ));
                continue;
            }
            let Some(change) = change::<T>(&mut it, before) else {
                difference.unchanged += 1;
                continue;
            };
            match change {
                Change::Added => difference.added += 1,
                Change::Changed => difference.changed += 1,
                Change::Removed => difference.removed += 1,
            }
            let person = match before {
                _ if !T::IS_PERSON => None,
                Some(before) => Some(before.person.clone()),
                None => Some(self.record_person(&it).await?),
            };
            count += 1;
            written.extend(self.values::<T>(it, person));
        }
        if count > 0 {
            self.connection.execute(statements::upsert::<T>(count), written).await?;
        }
        Ok(())
    }

    /// A person for a user that is new.
    async fn record_person(&mut self, it: &Incoming) -> Result<String, sqlx::Error> {
        const SQL: &str = include_str!("add_person.sql");

        let id = PersonId::new(self.import.at, self.entropy).to_string();
        let part = |name| it.cells.get(name).map_or("", String::as_str);
        let (family, given) = (part("familyName"), part("givenName"));
        // Names of Chinese characters are written without a space.
        let is_latin = given.is_ascii();
        let name = if is_latin { format!("{given} {family}") } else { format!("{family}{given}") };
        let at = Value::Number(self.import.at.as_microsecond());
        let values = [id.as_str().into(), name.trim().into(), at];
        self.connection.execute(SQL.to_owned(), values).await?;
        Ok(id)
    }

    fn values<T: Kept>(&self, it: Incoming, person: Option<String>) -> Vec<Value> {
        let Incoming { id, status, modified_at, mut cells, organisation, .. } = it;
        let mut values = vec![
            Value::Text(id),
            self.import.source.into(),
            status.as_str().into(),
            Value::Number(modified_at),
        ];
        values.extend(person.map(Value::Text));
        if T::HOME != Home::Nowhere {
            values.push(Value::Text(organisation));
        }
        let kept = T::KEPT.iter().map(|(name, _)| cells.remove(name).unwrap_or_default());
        values.extend(kept.map(Value::Text));
        values
    }
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug)]
enum Change {
    Added,
    Changed,
    Removed,
}

/// How an object differs from what is kept; `None` when it does not.
fn change<T: Kept>(it: &mut Incoming, before: Option<&Present>) -> Option<Change> {
    let is_gone = it.status == Status::ToBeDeleted;
    let Some(before) = before else { return (!is_gone).then_some(Change::Added) };
    if is_gone {
        // What was known of it stays, so that others can still be told what is gone.
        for ((name, _), cell) in T::KEPT.iter().zip(&before.cells) {
            it.cells.insert(name, cell.clone());
        }
        it.organisation.clone_from(&before.organisation);
        return (before.status == "active").then_some(Change::Removed);
    }
    let same_cells = T::KEPT
        .iter()
        .zip(&before.cells)
        .all(|((name, _), cell)| it.cells.get(name).is_some_and(|it| it == cell));
    let same = same_cells && before.organisation == it.organisation && before.status == "active";
    (!same).then_some(Change::Changed)
}

/// The ids in a column.
fn ids_of(it: &Incoming, reference: &Reference) -> Vec<String> {
    let cell = it.cells.get(reference.column).map_or("", String::as_str);
    cell.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn pair(row: Vec<String>) -> Option<(String, String)> {
    let [one, other] = <[String; 2]>::try_from(row).ok()?;
    Some((one, other))
}

fn present(row: Vec<String>) -> Option<(String, Present)> {
    let mut texts = row.into_iter();
    let id = texts.next()?;
    let source = texts.next()?;
    let status = texts.next()?;
    let person = texts.next()?;
    let organisation = texts.next()?;
    Some((id, Present { source, status, person, organisation, cells: texts.collect() }))
}

fn orphan<T: Kept>(row: u64, reference: &Reference) -> Box<Finding> {
    let found = format!("an id that is not in use among {}", reference.to.name());
    Box::new(finding::<T>(
        row,
        reference.column,
        "orphan",
        &found,
        "the id of an object that is there",
        "add what it refers to, or delete the row",
        Severity::Error,
    ))
}

/// A finding that shows nobody: an id may be a number of a person.
fn finding<T: Kept>(
    row: u64,
    column: &str,
    rule: &'static str,
    found: &str,
    expected: &str,
    hint: &str,
    severity: Severity,
) -> Finding {
    Finding {
        file: format!("{}.csv", T::FILE.name()),
        row: Some(row),
        column: Some(column.to_owned()),
        rule,
        found: found.to_owned(),
        expected: expected.to_owned(),
        hint: hint.to_owned(),
        severity,
    }
}
