//! Rows of a dataset from a table of text.
//!
//! A column of the table that the dataset does not have is an error, but for `rows`: so many rows
//! like this one. A column of the dataset that the table does not have is missing in every row, but
//! for those of the key: they are numbered, so that no two rows are one.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::block::{Block, Cells};
use model::dataset::{Column, ColumnKind, Dataset};
use model::organisation::{ADMINISTRATIVE, History};
use model::{Decimal, Year};

use super::centre::org;

/// One row: a text for each column of the dataset.
type Row = Vec<Option<String>>;

/// The rows by partition: year, and the district of the row's organisation.
pub(super) fn blocks(
    dataset: &Dataset,
    csv: &str,
    history: &History,
) -> BTreeMap<(Year, String), Block> {
    let mut partitions: BTreeMap<(Year, String), Vec<Row>> = BTreeMap::new();
    for row in rows(dataset, csv) {
        let cell = |of: fn(&ColumnKind) -> bool| {
            let position = dataset.columns.iter().position(|it| of(&it.kind)).unwrap();
            row[position].clone().unwrap()
        };
        let year: Year = cell(|it| *it == ColumnKind::Year).parse().unwrap();
        let code = org(&cell(|it| *it == ColumnKind::Organisation));
        let tree = history.tree(ADMINISTRATIVE, year.on(dataset.reference), jiff::Timestamp::MAX);
        let area = tree.ancestor_at(&code, "district").or(tree.get(&code));
        let area = area.unwrap_or_else(|| panic!("no organisation {code} in {year}"));
        partitions.entry((year, area.code.to_string())).or_default().push(row);
    }
    let block = |rows: Vec<Row>| {
        let cells = |(position, column): (usize, &Column)| {
            cells(column, rows.iter().map(|it| it[position].as_deref()))
        };
        Block {
            columns: dataset.columns.iter().enumerate().map(cells).collect(),
            rows: (2..).take(rows.len()).collect(),
        }
    };
    partitions.into_iter().map(|(partition, rows)| (partition, block(rows))).collect()
}

fn rows(dataset: &Dataset, csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> =
        reader.headers().unwrap().iter().map(|it| it.trim().to_owned()).collect();
    for name in &header {
        let known = name == "rows" || dataset.column(name).is_some();
        assert!(known, "{} has no column {name}", dataset.name);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let given = |name: &str| {
            let position = header.iter().position(|it| it == name)?;
            Some(record[position].trim().to_owned())
        };
        let times = given("rows").map_or(1, |it| it.parse().unwrap());
        for _ in 0..times {
            let serial = rows.len() + 1;
            let cell = |column: &Column| match given(&column.name) {
                Some(text) => Some(text).filter(|it| !it.is_empty()),
                None => dataset.key.contains(&column.name).then(|| serial.to_string()),
            };
            rows.push(dataset.columns.iter().map(cell).collect());
        }
    }
    rows
}

fn cells<'a>(column: &Column, texts: impl Iterator<Item = Option<&'a str>>) -> Cells {
    let number = |text: &str| -> i64 {
        let exact = || -> Decimal { text.parse().unwrap_or_else(|_| panic!("{text}")) };
        match &column.kind {
            ColumnKind::Decimal { scale } => exact().units_at(*scale).try_into().unwrap(),
            ColumnKind::Flag => match text {
                "yes" => 1,
                "no" => 0,
                other => panic!("{other} is neither yes nor no"),
            },
            ColumnKind::Date => {
                let day: jiff::civil::Date = text.parse().unwrap();
                let epoch = jiff::civil::date(1970, 1, 1);
                epoch.until(day).unwrap().get_days().into()
            }
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Code { .. }
            | ColumnKind::Text
            | ColumnKind::Person(_)
            | ColumnKind::CreditCode => exact().units_at(0).try_into().unwrap(),
        }
    };
    match &column.kind {
        ColumnKind::Year
        | ColumnKind::Integer
        | ColumnKind::Decimal { .. }
        | ColumnKind::Flag
        | ColumnKind::Date
        | ColumnKind::Person(_) => Cells::Numbers(texts.map(|it| it.map(number)).collect()),
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Code { .. }
        | ColumnKind::Text
        | ColumnKind::CreditCode => {
            let mut words: Vec<String> = Vec::new();
            let at = texts.map(|text| {
                let text = text?;
                if let ColumnKind::Code { items } = &column.kind {
                    let known = items.iter().any(|it| it.code == text);
                    assert!(known, "{text} is no code of {}", column.name);
                }
                let position = words.iter().position(|it| it == text).unwrap_or_else(|| {
                    words.push(text.to_owned());
                    words.len() - 1
                });
                Some(u32::try_from(position).unwrap())
            });
            let at = at.collect();
            Cells::Words { at, words: Arc::new(words) }
        }
    }
}
