//! Rows of the registry as contents: each part a line of JSON for a row, compressed.

use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use store::Store;
use store::contents::{Part, Reading, Value, Writing};

use super::contents::Contents;
use super::list::Rows;

/// How much is spent on making parts small: as much as the program zstd spends unasked.
const EFFORT: i32 = 3;

/// Keeps all rows, as they were when this began.
pub(super) async fn keep(contents: &Contents, store: &Store) -> Result<Vec<Rows>> {
    let mut reading = Reading::begin(store).await?;
    let mut kept = Vec::new();
    while let Some(part) = reading.next().await? {
        let content = contents.keep(&packed(&part)?).context("the registry could not be kept")?;
        let rows = part.rows.len();
        kept.push(Rows { table: part.table, columns: part.columns, rows, content });
    }
    Ok(kept)
}

/// Puts rows that were kept into a registry.
pub(super) async fn put(contents: &Contents, kept: &Rows, writing: &mut Writing) -> Result<()> {
    let unreadable = || format!("rows of {} could not be read", kept.table);
    let mut packed = Vec::new();
    contents.read(&kept.content, &mut packed).with_context(unreadable)?;
    let part = Part {
        table: kept.table.clone(),
        columns: kept.columns.clone(),
        rows: unpacked(&packed).with_context(unreadable)?,
    };
    Ok(writing.take(&part).await?)
}

fn packed(part: &Part) -> Result<Vec<u8>> {
    let mut into = zstd::Encoder::new(Vec::new(), EFFORT)?;
    for row in &part.rows {
        let row: Vec<Json> = row.iter().map(json).collect();
        serde_json::to_writer(&mut into, &row)?;
        into.write_all(b"\n")?;
    }
    Ok(into.finish()?)
}

fn unpacked(bytes: &[u8]) -> Result<Vec<Vec<Value>>> {
    let lines = BufReader::new(zstd::Decoder::new(bytes)?).lines();
    lines
        .map(|line| {
            let row: Vec<Json> = serde_json::from_str(&line?)?;
            row.into_iter().map(value).collect()
        })
        .collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Number(number) => Json::from(*number),
        Value::Text(text) => Json::from(text.as_str()),
    }
}

fn value(json: Json) -> Result<Value> {
    Ok(match json {
        Json::Null => Value::Missing,
        Json::String(text) => Value::Text(text),
        Json::Number(number) => {
            Value::Number(number.as_i64().context("a number that is no whole one")?)
        }
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => bail!("a value of no known kind"),
    })
}
