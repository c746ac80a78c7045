//! For tests: a small city, people in it, and the procedures that are shipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use model::dataset::{Column, ColumnKind, Dataset, Disclosure, Period, PersonId};
use model::text::{Bilingual, Place};
use network::AccountId;
use network::purpose::Purpose;
use network::roles::Roles;
use network::scope::{PathRange, Scope};
use network::testing::Counting;
use store::{Store, on_db};

use crate::actor::Actor;
use crate::calendar::Calendar;
use crate::office::Office;
use crate::procedure::Files;
use crate::procedure::check::{Surroundings, blanks};

/// Code and path of every organisation of the city.
const ORGANISATIONS: [(&str, &str, &str); 10] = [
    ("12", "/12/", "city"),
    ("120101", "/12/120101/", "district"),
    ("120102", "/12/120102/", "district"),
    ("120103", "/12/120103/", "district"),
    ("120104", "/12/120104/", "district"),
    ("120105", "/12/120105/", "district"),
    ("2112000101", "/12/120101/2112000101/", "school"),
    ("2112000102", "/12/120101/2112000102/", "school"),
    ("2112000201", "/12/120102/2112000201/", "school"),
    ("4112000001", "/12/4112000001/", "school"),
];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names of the procedures that are shipped.
pub(crate) fn shipped() -> Vec<String> {
    let entries = fs::read_dir(root().join("procedures")).unwrap();
    let folders =
        entries.map(|it| it.unwrap().path()).filter(|it| it.join("procedure.toml").is_file());
    let mut names: Vec<String> =
        folders.map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

pub(crate) fn files(name: &str) -> Files {
    Files::read(&root().join("procedures").join(name)).unwrap()
}

pub(crate) fn china() -> Calendar {
    let text = fs::read_to_string(root().join("rules/calendars/china.toml")).unwrap();
    Calendar::read("china.toml", &text).unwrap()
}

/// What the shipped procedures meet: roles, calendars, templates and datasets of this repository.
pub(crate) fn surroundings() -> Surroundings {
    let mut datasets = BTreeMap::new();
    for folder in ["rules/datasets", "procedures/datasets"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let dataset = dataset(&fs::read_to_string(entry.unwrap().path()).unwrap());
            datasets.insert(dataset.name.clone(), dataset);
        }
    }
    Surroundings {
        roles: Roles::national().iter().map(|it| it.code.to_string()).collect(),
        calendars: BTreeSet::from(["china".to_owned()]),
        letters: letters(),
        datasets,
    }
}

fn letters() -> BTreeMap<String, BTreeSet<String>> {
    let entries = fs::read_dir(root().join("rules/letters")).unwrap().map(|it| it.unwrap().path());
    let named = |it: PathBuf| {
        let name = it.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, blanks(&fs::read_to_string(it).unwrap()))
    };
    entries.filter(|it| it.extension().is_some_and(|it| it == "toml")).map(named).collect()
}

/// As much of a dataset's declaration as the check of a procedure asks for.
fn dataset(text: &str) -> Dataset {
    let table: toml::Table = text.parse().unwrap();
    let word = |of: &toml::Table, key: &str| {
        of.get(key).and_then(|it| it.as_str()).unwrap_or_default().to_owned()
    };
    let columns = table["column"].as_array().unwrap().iter().map(|column| {
        let column = column.as_table().unwrap();
        let codes = column.get("items").and_then(|it| it.as_array()).cloned().unwrap_or_default();
        let items = codes.iter().map(|it| model::dataset::CodeItem {
            code: word(it.as_table().unwrap(), "code"),
            title: Bilingual::default(),
            also: Vec::new(),
        });
        Column {
            name: word(column, "name"),
            title: Bilingual::default(),
            kind: match column["kind"].as_str().unwrap() {
                "organisation" => ColumnKind::Organisation,
                "other_organisation" => ColumnKind::OtherOrganisation,
                "year" => ColumnKind::Year,
                "integer" => ColumnKind::Integer,
                "decimal" => ColumnKind::Decimal { scale: 2 },
                "code" => ColumnKind::Code { items: items.collect() },
                "flag" => ColumnKind::Flag,
                "date" => ColumnKind::Date,
                "text" => ColumnKind::Text,
                "person" => ColumnKind::Person(PersonId::Local),
                _ => ColumnKind::CreditCode,
            },
            unit: None,
            required: column.get("required").and_then(|it| it.as_bool()) == Some(true),
            disclosure: word(column, "disclosure").parse().unwrap_or(Disclosure::Personal),
            range: None,
            range_warns: false,
            place: Place::default(),
        }
    });
    Dataset {
        name: word(&table, "name"),
        title: Bilingual::default(),
        platform: word(&table, "platform"),
        period: Period::CalendarYear,
        reference: word(&table, "reference").parse().unwrap(),
        columns: columns.collect(),
        key: Vec::new(),
        dimensions: Vec::new(),
        expected: None,
        checks: Vec::new(),
        sums: Vec::new(),
        derived: None,
        place: Place::default(),
    }
}

/// An office in a database of the test's own, with the city's organisations.
pub(crate) async fn office() -> Office {
    office_of(store::testing::open().await).await
}

pub(crate) async fn office_of(store: Store) -> Office {
    for (code, path, level) in ORGANISATIONS {
        on_db!(store, pool => {
            sqlx::query("INSERT INTO organisation_paths (code, path, level) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(code).bind(path).bind(level)
                .execute(pool).await.map(|_| ())
        })
        .unwrap();
    }
    Office::new(store, [china()])
}

pub(crate) fn path(code: &str) -> &'static str {
    ORGANISATIONS.iter().find(|it| it.0 == code).unwrap().1
}

/// An account that holds a role of the network at an organisation and all below it.
pub(crate) fn actor(grant: &str, at: &str, entropy: &mut Counting) -> Actor {
    let account = AccountId::new(time("2020-01-01T00:00"), entropy);
    let range = PathRange::of(path(at), network::roles::Reach::Subtree);
    let scope = Scope::of([(range.clone(), [].into_iter().collect())]);
    let purpose: Purpose = "administration".parse().unwrap();
    Actor::holding(
        account,
        Some(path(at).to_owned()),
        vec![(grant.to_owned(), range)],
        purpose,
        scope,
    )
}

/// An instant by the city's clock.
pub(crate) fn time(text: &str) -> Timestamp {
    let civil: DateTime = text.parse().unwrap();
    Offset::constant(8).to_timestamp(civil).unwrap()
}
