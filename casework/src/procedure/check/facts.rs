//! Rows a case hands to the lake fit the datasets that take them.

use declarations::{Fault, choices};
use model::Decimal;
use model::dataset::{Column, ColumnKind, Dataset, Disclosure};

use super::Surroundings;
use crate::expression::{Expression, Kind, Name};
use crate::form::FieldKind;
use crate::procedure::{CASE_WORDS, Fact, Procedure};

pub(super) fn check(procedure: &Procedure, around: &Surroundings, faults: &mut Vec<Fault>) {
    for fact in &procedure.facts {
        let Some(dataset) = around.datasets.get(&fact.dataset) else {
            let what = format!("there is no dataset `{}`", fact.dataset);
            let known = choices(around.datasets.keys().map(String::as_str));
            let hint =
                format!("let the plan's `uses` name the folder that declares it, or write {known}");
            faults.push(Fault::at(&fact.place, what, hint));
            continue;
        };
        if fact.on.is_empty() {
            let what = format!("no step hands out rows of `{}`", fact.dataset);
            faults.push(Fault::at(&fact.place, what, "name transitions in `on`"));
        }
        columns(procedure, fact, dataset, faults);
    }
}

fn columns(procedure: &Procedure, fact: &Fact, dataset: &Dataset, faults: &mut Vec<Fault>) {
    let mut add = |what: String, hint: String| faults.push(Fault::at(&fact.place, what, hint));
    for (name, value) in &fact.columns {
        let Some(column) = dataset.column(name) else {
            let known = choices(dataset.columns.iter().map(|it| it.name.as_str()));
            add(format!("`{}` has no column `{name}`", dataset.name), format!("write {known}"));
            continue;
        };
        let Ok(kind) = value.kind(&|it| kind_of(procedure, it)) else { continue };
        let fits = match column.kind {
            ColumnKind::Integer | ColumnKind::Year => kind == Kind::Integer,
            ColumnKind::Decimal { .. } => matches!(kind, Kind::Integer | Kind::Decimal),
            ColumnKind::Flag => kind == Kind::Flag,
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Code { .. }
            | ColumnKind::Date
            | ColumnKind::Text
            | ColumnKind::Person(_)
            | ColumnKind::CreditCode => kind == Kind::Text,
        };
        if !fits {
            let what = format!("the column `{name}` is given {}", kind.word());
            add(what, "write what the column holds".to_owned());
        }
        let given = places(procedure, value);
        if let ColumnKind::Decimal { scale } = column.kind
            && given > scale
        {
            let what = format!(
                "the column `{name}` holds {scale} digits after the point and is given {given}"
            );
            add(what, "ask for fewer in the form, or declare more in the dataset".to_owned());
        }
        if let Some(code) = stray(column, value) {
            let what = format!("`{code}` is no code of the column `{name}`");
            add(what, "write one of the column's codes".to_owned());
        }
        if let Some(field) = leak(procedure, column, value) {
            let what =
                format!("the personal field `{field}` goes into the column `{name}`, which is not");
            add(what, "leave it out, or declare the column personal".to_owned());
        }
    }
    for column in dataset.columns.iter().filter(|it| it.required) {
        if !fact.columns.iter().any(|(name, _)| *name == column.name) {
            let what = format!("the column `{}` of `{}` gets no value", column.name, dataset.name);
            add(what, "add it to `columns`".to_owned());
        }
    }
}

fn kind_of(procedure: &Procedure, name: &Name) -> Option<Kind> {
    match name {
        Name::Form(field) => procedure.form.field(field).map(crate::form::Field::value_kind),
        Name::Case(word) => CASE_WORDS.iter().find(|(it, _)| it == word).map(|(_, kind)| *kind),
    }
}

/// Most digits after the point that a value has; of what is only compared none are handed out.
fn places(procedure: &Procedure, value: &Expression) -> u8 {
    match value {
        Expression::If(_, then, otherwise) => {
            places(procedure, then).max(places(procedure, otherwise))
        }
        Expression::Constant(value) => value.number().map_or(0, Decimal::scale),
        Expression::Name(Name::Form(field)) => {
            match procedure.form.field(field).map(|it| &it.kind) {
                Some(FieldKind::Decimal(it)) => it.scale,
                _ => 0,
            }
        }
        Expression::Name(Name::Case(_))
        | Expression::Has(_)
        | Expression::Size(_)
        | Expression::Not(_)
        | Expression::And(..)
        | Expression::Or(..)
        | Expression::Compare(..)
        | Expression::In(..)
        | Expression::Sum(..) => 0,
    }
}

/// A constant that the column's list does not hold; one that is only compared with is not meant.
fn stray<'a>(column: &Column, value: &'a Expression) -> Option<&'a str> {
    let ColumnKind::Code { items } = &column.kind else { return None };
    if let Expression::If(_, then, otherwise) = value {
        return stray(column, then).or_else(|| stray(column, otherwise));
    }
    let Expression::Constant(crate::expression::Value::Text(code)) = value else { return None };
    (!items.iter().any(|it| it.code == *code)).then_some(code.as_str())
}

/// A personal field whose very value would be kept in a column that anyone may see.
fn leak<'a>(procedure: &Procedure, column: &Column, value: &'a Expression) -> Option<&'a str> {
    if column.disclosure == Disclosure::Personal {
        return None;
    }
    if let Expression::If(_, then, otherwise) = value {
        return leak(procedure, column, then).or_else(|| leak(procedure, column, otherwise));
    }
    let Expression::Name(Name::Form(field)) = value else { return None };
    let class = procedure.form.field(field).map(|it| it.disclosure);
    (class == Some(Disclosure::Personal)).then_some(field.as_str())
}
