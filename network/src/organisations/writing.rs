//! A revision, written to the registry.

use model::OrgCode;
use model::organisation::Event;

/// Writes a revision in a transaction. A macro, as it is typed for either database.
macro_rules! write_down {
    ($transaction:expr, $revision:expr, $at:expr) => {
        async {
            use $crate::organisations::writing::{day, insert, parties};

            for it in &$revision.old_versions {
                sqlx::query(include_str!("organisations/supersede_version.sql"))
                    .bind($at)
                    .bind(it.code.as_str())
                    .bind(day(it.valid_from))
                    .execute(&mut *$transaction)
                    .await?;
            }
            for it in &$revision.old_memberships {
                sqlx::query(include_str!("organisations/supersede_membership.sql"))
                    .bind($at)
                    .bind(&it.hierarchy)
                    .bind(it.child.as_str())
                    .bind(day(it.valid_from))
                    .execute(&mut *$transaction)
                    .await?;
            }
            for (recorded_at, position) in &$revision.old_events {
                sqlx::query(include_str!("organisations/supersede_event.sql"))
                    .bind($at)
                    .bind(recorded_at)
                    .bind(position)
                    .execute(&mut *$transaction)
                    .await?;
            }
            insert!($transaction, "organisations/add_version.sql", $revision.new_versions, it => [
                it.code.as_str(),
                day(it.valid_from),
                $at,
                it.valid_to.map(day),
                &it.name.zh,
                &it.name.en,
                &it.level,
                &it.kind,
                &it.founder,
                it.stages.join(";"),
                &it.area_class,
            ]);
            insert!($transaction, "organisations/add_membership.sql", $revision.new_memberships, it => [
                &it.hierarchy,
                it.child.as_str(),
                day(it.valid_from),
                $at,
                it.valid_to.map(day),
                it.parent.as_str(),
            ]);
            let events: Vec<_> = (0_i64..).zip(&$revision.new_events).collect();
            insert!($transaction, "organisations/add_event.sql", events, it => [
                $at,
                it.0,
                day(it.1.on),
                it.1.kind.as_str(),
                &it.1.note.zh,
                &it.1.note.en,
            ]);
            let parties: Vec<_> = parties(&$revision.new_events);
            insert!($transaction, "organisations/add_event_party.sql", parties, it => [
                $at,
                it.event,
                it.side,
                it.position,
                it.code.as_str(),
            ]);
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(super) use write_down;

/// Inserts many rows with few statements.
macro_rules! insert {
    ($transaction:expr, $sql:literal, $rows:expr, $row:ident => [$($value:expr),+ $(,)?]) => {
        for rows in $rows.chunks(store::ROWS_AT_ONCE) {
            let mut query = sqlx::query(store::widened(include_str!($sql), rows.len()));
            for $row in rows {
                query = query$(.bind($value))+;
            }
            query.execute(&mut *$transaction).await?;
        }
    };
}
pub(super) use insert;

/// A day as it is kept.
pub(super) fn day(day: jiff::civil::Date) -> String {
    day.to_string()
}

/// An organisation's part in an event.
#[derive(Debug)]
pub(super) struct Party<'a> {
    pub(super) event: i64,
    pub(super) side: &'static str,
    pub(super) position: i64,
    pub(super) code: &'a OrgCode,
}

pub(super) fn parties<'a>(events: &[&'a Event]) -> Vec<Party<'a>> {
    let side = |event, side, codes: &'a [OrgCode]| {
        let numbered = (0_i64..).zip(codes);
        numbered.map(move |(position, code)| Party { event, side, position, code })
    };
    (0_i64..)
        .zip(events)
        .flat_map(|(event, it)| side(event, "from", &it.from).chain(side(event, "to", &it.to)))
        .collect()
}
