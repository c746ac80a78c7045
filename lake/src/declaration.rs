//! A dataset's declaration, held against the table that was made under an earlier one.
//!
//! A law or a year may ask one thing more: a table gains the column, and the rows that are there have it empty. Whatever
//! else differs would have rows say what nobody reported, or lose what somebody did.

use std::collections::BTreeSet;

use deltalake_core::kernel::{DataType, StructField};
use deltalake_core::table::state::DeltaTableState;
use model::dataset::{Column, Dataset};

use crate::LakeError;
use crate::schema::{AREA, delta_column, is_person};

/// Names the key of a table's rows in its configuration. A table without it was made before it was noted.
const KEY: &str = "haihe.key";

/// What a table's configuration says of its rows.
pub(crate) fn configuration(dataset: &Dataset) -> [(&'static str, Option<String>); 1] {
    [(KEY, Some(dataset.key.join(" ")))]
}

/// The declared columns that a version of the table does not have: nothing stands in them.
///
/// # Errors
/// When a column holds something else than is declared, or one that is not there may not be empty.
pub(crate) fn empty<'a>(
    dataset: &'a Dataset,
    there: &DeltaTableState,
) -> Result<Vec<&'a Column>, LakeError> {
    let schema = there.schema();
    let is_noted = noted_key(there).is_some();
    let mut empty = Vec::new();
    for column in &dataset.columns {
        let name = &column.name;
        let Some(field) = schema.field(name) else {
            if column.required {
                let what = format!("it has no column {name}, which is required");
                let hint =
                    "declare it with required = false: the rows that are there have it empty";
                return Err(refused(dataset, what, hint));
            }
            empty.push(column);
            continue;
        };
        let declared = delta_column(column);
        let is_same = field.data_type() == declared.data_type()
            && (!is_noted || is_person(field) == is_person(&declared));
        if !is_same {
            let what =
                format!("its column {name} holds {}, not {}", holds(field), holds(&declared));
            let hint = "declare it as it was, and what is new as a column of another name";
            return Err(refused(dataset, what, hint));
        }
    }
    Ok(empty)
}

/// The declared columns that the table has to gain before rows are written under this declaration.
///
/// # Errors
/// When anything else differs: a column that is not declared would be lost with every partition that is written anew.
pub(crate) fn gained<'a>(
    dataset: &'a Dataset,
    there: &DeltaTableState,
) -> Result<Vec<&'a Column>, LakeError> {
    let gained = empty(dataset, there)?;
    let schema = there.schema();
    let is_declared = |it: &&StructField| it.name() == AREA || dataset.column(it.name()).is_some();
    if let Some(other) = schema.fields().find(|it| !is_declared(it)) {
        let what = format!("it has a column {} that is not declared", other.name());
        let hint = "declare it again, with required = false if it is to stay empty; if the plan has just been changed, run this again";
        return Err(refused(dataset, what, hint));
    }
    let words = |it: &str| it.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let declared = dataset.key.join(" ");
    if let Some(noted) = noted_key(there)
        && words(&noted) != words(&declared)
    {
        let what = format!("its rows are told apart by {noted}, not by {declared}");
        let hint = "declare the key as it was, or a dataset of another name";
        return Err(refused(dataset, what, hint));
    }
    Ok(gained)
}

fn noted_key(there: &DeltaTableState) -> Option<String> {
    there.metadata().configuration().get(KEY).cloned()
}

fn refused(dataset: &Dataset, what: String, hint: &str) -> LakeError {
    LakeError::Declaration { dataset: dataset.name.clone(), what, hint: hint.to_owned() }
}

/// What stands in a column, for who declares it.
fn holds(field: &StructField) -> String {
    if is_person(field) {
        return "persons".to_owned();
    }
    let words = [
        (DataType::STRING, "words"),
        (DataType::LONG, "whole numbers"),
        (DataType::INTEGER, "years"),
        (DataType::BOOLEAN, "yes or no"),
        (DataType::DATE, "days"),
    ];
    let word = words.iter().find(|(kind, _)| kind == field.data_type());
    word.map_or_else(|| field.data_type().to_string(), |(_, word)| (*word).to_owned())
}
