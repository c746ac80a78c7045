//! A filter as a condition of a query. Which attributes there are is a fixed list.

use haihe_scim::{
    AttributePath, Comparison, Filter, Kind, Literal, ScimError, ScimType, Target, USER,
};

use crate::condition::Condition;
use crate::connection::Value;

/// How an attribute is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// As it is.
    Exact(&'static str),
    /// In small letters.
    Folded(&'static str),
    /// 0 or 1.
    Flag(&'static str),
    /// Microseconds.
    Instant(&'static str),
    /// In a table of its own: small letters of a column of `scim_emails`.
    Email(&'static str),
}

const EMAILS: &str = "SELECT 1 FROM scim_emails WHERE scim_emails.account = kept.id";

/// The condition that a filter asks for, on a table called `kept`.
///
/// # Errors
/// `invalidFilter` for attributes that are not there or not kept apart.
pub(super) fn condition(kind: &Kind, filter: &Filter) -> Result<Condition, ScimError> {
    filter.check(kind)?;
    of(kind, filter)
}

fn of(kind: &Kind, filter: &Filter) -> Result<Condition, ScimError> {
    Ok(match filter {
        Filter::Or(filters) => Condition::any(each(kind, filters)?),
        Filter::And(filters) => Condition::all(each(kind, filters)?),
        Filter::Not(inner) => of(kind, inner)?.not(),
        Filter::Present(path) => present(column(kind, path)?),
        Filter::Compare { path, by, with } => match column(kind, path)? {
            Column::Email(column) => compare_email(column, *by, with),
            column @ (Column::Exact(_)
            | Column::Folded(_)
            | Column::Flag(_)
            | Column::Instant(_)) => compare(column, *by, with, path)?,
        },
        Filter::Has { path, like } if is_email(kind, path) => {
            Condition::exists(EMAILS, of_email(like)?)
        }
        Filter::Has { path, .. } => return Err(not_kept(path)),
    })
}

fn each(kind: &Kind, filters: &[Filter]) -> Result<Vec<Condition>, ScimError> {
    filters.iter().map(|it| of(kind, it)).collect()
}

/// Within the brackets of `emails[…]`.
fn of_email(filter: &Filter) -> Result<Condition, ScimError> {
    let each = |filters: &[Filter]| filters.iter().map(of_email).collect::<Result<Vec<_>, _>>();
    let part = |path: &AttributePath| match path.name.to_ascii_lowercase().as_str() {
        "value" => Ok(Column::Folded("scim_emails.value_key")),
        "type" => Ok(Column::Folded("scim_emails.type_key")),
        _ => Err(not_kept(path)),
    };
    Ok(match filter {
        Filter::Or(filters) => Condition::any(each(filters)?),
        Filter::And(filters) => Condition::all(each(filters)?),
        Filter::Not(inner) => of_email(inner)?.not(),
        Filter::Present(path) => present(part(path)?),
        Filter::Compare { path, by, with } => compare(part(path)?, *by, with, path)?,
        Filter::Has { path, .. } => return Err(not_kept(path)),
    })
}

fn present(column: Column) -> Condition {
    match column {
        Column::Exact(column) | Column::Folded(column) => Condition::on(column, "# <> ''", []),
        Column::Flag(_) | Column::Instant(_) => Condition::always(),
        Column::Email(column) => Condition::exists(EMAILS, Condition::on(column, "# <> ''", [])),
    }
}

/// One of the addresses is enough; for inequality none may be equal.
fn compare_email(column: &'static str, by: Comparison, with: &Literal) -> Condition {
    let inner = |by| match with {
        Literal::Text(text) => text_condition(column, by, &text.to_lowercase()),
        Literal::Null | Literal::Boolean(_) | Literal::Number(_) => None,
    };
    let nothing = || Condition::exists(EMAILS, Condition::on(column, "# <> ''", [])).not();
    match (by, with) {
        (Comparison::Equal, Literal::Null) => nothing(),
        (Comparison::NotEqual, Literal::Null) => nothing().not(),
        (Comparison::NotEqual, _) => inner(Comparison::Equal)
            .map_or_else(Condition::always, |it| Condition::exists(EMAILS, it).not()),
        _ => inner(by).map_or_else(Condition::never, |it| Condition::exists(EMAILS, it)),
    }
}

fn compare(
    column: Column,
    by: Comparison,
    with: &Literal,
    path: &AttributePath,
) -> Result<Condition, ScimError> {
    let found = match (column, with) {
        (_, Literal::Null) if by == Comparison::Equal => Some(present(column).not()),
        (_, Literal::Null) => Some(present(column)),
        (Column::Exact(column), Literal::Text(text)) => text_condition(column, by, text),
        (Column::Folded(column), Literal::Text(text)) => {
            text_condition(column, by, &text.to_lowercase())
        }
        (Column::Flag(column), Literal::Boolean(flag)) => {
            let value = [Value::Number(i64::from(*flag))];
            let equal = Condition::on(column, "# = ?", value);
            Some(if by == Comparison::NotEqual { equal.not() } else { equal })
        }
        (Column::Instant(column), Literal::Text(text)) => instant_condition(column, by, text),
        _ => None,
    };
    found.ok_or_else(|| {
        let detail = format!("`{path}` cannot be compared by {}", by.as_str());
        ScimError::of(ScimType::InvalidFilter, detail)
    })
}

/// Texts are compared where both databases compare alike: for equality and for their parts, not for their order.
fn text_condition(column: &'static str, by: Comparison, text: &str) -> Option<Condition> {
    let value = || Value::from(text);
    Some(match by {
        Comparison::Equal => Condition::on(column, "# = ?", [value()]),
        Comparison::NotEqual => Condition::on(column, "# <> ?", [value()]),
        // Everything that is there contains nothing.
        _ if text.is_empty() => Condition::on(column, "# <> ''", []),
        Comparison::Contains => Condition::on(column, "REPLACE(#, ?, '') <> #", [value()]),
        Comparison::StartsWith => {
            Condition::on(column, "SUBSTR(#, 1, LENGTH(?)) = ?", [value(), value()])
        }
        Comparison::EndsWith => Condition::on(
            column,
            "LENGTH(#) >= LENGTH(?) AND SUBSTR(#, LENGTH(#) - LENGTH(?) + 1) = ?",
            [value(), value(), value()],
        ),
        Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Less
        | Comparison::LessOrEqual => return None,
    })
}

fn instant_condition(column: &'static str, by: Comparison, text: &str) -> Option<Condition> {
    let at: jiff::Timestamp = text.parse().ok()?;
    let text = match by {
        Comparison::Equal => "# = ?",
        Comparison::NotEqual => "# <> ?",
        Comparison::Greater => "# > ?",
        Comparison::GreaterOrEqual => "# >= ?",
        Comparison::Less => "# < ?",
        Comparison::LessOrEqual => "# <= ?",
        Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith => return None,
    };
    Some(Condition::on(column, text, [Value::Number(at.as_microsecond())]))
}

fn is_email(kind: &Kind, path: &AttributePath) -> bool {
    let found = kind.find(path);
    kind.name == USER.name
        && found.is_some_and(|it| it.attribute.name == "emails" && it.part.is_none())
}

/// The column of an attribute; sorting uses it too.
fn column(kind: &Kind, path: &AttributePath) -> Result<Column, ScimError> {
    let target = kind.find(path).ok_or_else(|| not_kept(path))?;
    find(kind, &target).ok_or_else(|| not_kept(path))
}

fn find(kind: &Kind, target: &Target) -> Option<Column> {
    if target.extension.is_some() {
        return None;
    }
    let is_user = kind.name == USER.name;
    let part = target.part.map(|it| it.name);
    Some(match (target.attribute.name, part) {
        ("id", None) => Column::Exact("kept.id"),
        ("externalId", None) => Column::Exact("kept.external_id"),
        ("displayName", None) => Column::Folded("kept.display_name_key"),
        ("meta", Some("created")) => Column::Instant("kept.created_at"),
        ("meta", Some("lastModified")) => Column::Instant("kept.modified_at"),
        ("userName", None) if is_user => Column::Folded("kept.user_name_key"),
        ("active", None) if is_user => Column::Flag("kept.active"),
        ("name", Some("familyName")) if is_user => Column::Folded("kept.family_name_key"),
        ("name", Some("givenName")) if is_user => Column::Folded("kept.given_name_key"),
        ("emails", None | Some("value")) if is_user => Column::Email("scim_emails.value_key"),
        ("emails", Some("type")) if is_user => Column::Email("scim_emails.type_key"),
        _ => return None,
    })
}

/// The column to sort by.
pub(super) fn sorted_by(kind: &Kind, path: &AttributePath) -> Result<&'static str, ScimError> {
    let target = kind.find(path).ok_or_else(|| not_sorted(path))?;
    match find(kind, &target).ok_or_else(|| not_sorted(path))? {
        Column::Exact(column)
        | Column::Folded(column)
        | Column::Flag(column)
        | Column::Instant(column) => Ok(column),
        Column::Email(_) => Err(not_sorted(path)),
    }
}

fn not_kept(path: &AttributePath) -> ScimError {
    let detail = format!("resources cannot be filtered by `{path}` here");
    ScimError::of(ScimType::InvalidFilter, detail)
}

fn not_sorted(path: &AttributePath) -> ScimError {
    let detail = format!("resources cannot be sorted by `{path}` here");
    ScimError::of(ScimType::InvalidValue, detail)
}
