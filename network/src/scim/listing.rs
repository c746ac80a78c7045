//! Searching: the total, and the part of it that was asked for.

use haihe_scim::{Kind, Search};
use store::StoreError;

use super::conditions::{condition, sorted_by};
use super::{Kept, Row, ScimFault};
use crate::condition::Condition;
use crate::connection::{Connection, Value};
use crate::scope::Scope;

/// Most resources of one answer.
pub const MOST_RESULTS: u32 = 1000;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    pub total: u64,
    pub resources: Vec<Kept>,
}

/// Columns of a row, as texts.
const COLUMNS: &str = "kept.id, kept.document, CAST(kept.version AS TEXT), CAST(kept.created_at AS TEXT), \
                       CAST(kept.modified_at AS TEXT)";

/// Rows of a table that is called `kept`, and joined with where each stands.
pub(super) async fn search(
    connection: &mut Connection,
    kind: &Kind,
    from: &'static str,
    scope: &Scope,
    search: &Search,
    (skipped, most): (u64, u32),
) -> Result<(u64, Vec<Row>), ScimFault> {
    let searching = || StoreError::doing("search provisioned resources");

    let filter = search.filter.as_ref().map(|it| condition(kind, it)).transpose()?;
    let wanted = Condition::all([Condition::within(scope)].into_iter().chain(filter));
    let (wanted, values) = wanted.numbered(1);
    let order = match &search.order {
        None => "kept.id".to_owned(),
        Some(order) => {
            let direction = if order.descending { "DESC" } else { "ASC" };
            format!("{} {direction}, kept.id", sorted_by(kind, &order.by)?)
        }
    };
    let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {from} WHERE {wanted}");
    let counted = connection.texts(count, values.clone()).await.map_err(searching())?;
    let total = counted.into_iter().flatten().next().unwrap_or_default();
    let total = total.parse().map_err(StoreError::unreadable("count"))?;
    if most == 0 || skipped >= total {
        return Ok((total, Vec::new()));
    }
    let place = values.len();
    let sql = format!(
        "SELECT {COLUMNS} FROM {from} WHERE {wanted} ORDER BY {order} LIMIT ${} OFFSET ${}",
        place + 1,
        place + 2
    );
    let skipped = Value::Number(i64::try_from(skipped).unwrap_or(i64::MAX));
    let window = [Value::Number(i64::from(most)), skipped];
    let rows = connection.texts(sql, values.into_iter().chain(window)).await.map_err(searching())?;
    let rows: Result<Vec<Row>, StoreError> = rows.into_iter().map(Row::read).collect();
    Ok((total, rows?))
}

/// One row, when it is in the scope.
pub(super) async fn find(
    connection: &mut Connection,
    from: &'static str,
    scope: &Scope,
    id: &str,
) -> Result<Option<Row>, StoreError> {
    let wanted = [Condition::new("kept.id = ?", [id.into()]), Condition::within(scope)];
    let (wanted, values) = Condition::all(wanted).numbered(1);
    let sql = format!("SELECT {COLUMNS} FROM {from} WHERE {wanted}");
    let rows = connection.texts(sql, values).await;
    let rows = rows.map_err(StoreError::doing("read a provisioned resource"))?;
    rows.into_iter().next().map(Row::read).transpose()
}
