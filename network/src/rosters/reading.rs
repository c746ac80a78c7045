//! Reading rosters: what is in a client's part of the organisations, list by list and object by object.

use haihe_oneroster::{
    AcademicSession, Class, Collection, Course, Demographics, Enrollment, File, Links, Minor,
    OneRosterError, Org, Query, Role, User, json,
};
use jiff::Timestamp;
use serde_json::Value as Json;
use store::{Store, StoreError};

use self::conditions::{Lists, scoped};
use super::kept::{self, Kept};
use super::statements;
use crate::audit::Entry;
use crate::condition::Condition;
use crate::connection::{Connection, Value};
use crate::purpose::Purpose;
use crate::service_tokens::Client;

mod conditions;
mod fields;

pub use self::conditions::Of;

/// Why a client does not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum RosterFault {
    #[error(transparent)]
    Client(#[from] OneRosterError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    pub total: u64,
    pub objects: Vec<Json>,
}

/// The rosters of a client's part of the organisations.
#[derive(Clone, Copy, Debug)]
pub struct Rosters<'a> {
    pub store: &'a Store,
    pub client: &'a Client,
    pub links: Links<'a>,
}

impl Rosters<'_> {
    /// Objects of a collection, of all there are or of those that belong to others.
    ///
    /// # Errors
    /// `unknownobject` when one of the others is not there.
    pub async fn list(
        &self,
        collection: Collection,
        of: &[Of],
        query: &Query,
        at: Timestamp,
    ) -> Result<Page, RosterFault> {
        let listing = || StoreError::doing("list rosters");
        query.fields.check(|it| fields::is_shown(collection, it))?;
        let mut connection = Connection::begin(self.store).await.map_err(listing())?;
        let mut belonging = Vec::new();
        for it in of {
            belonging.push(self.current(&mut connection, it).await?);
        }
        let conditions = conditions::of(collection, &belonging)?;
        let filter =
            query.filter.as_ref().map(|it| fields::condition(collection, it)).transpose()?;
        let order = match &query.sort {
            None => "kept.sourced_id",
            Some(field) => fields::sorted_by(collection, field)?,
        };
        let lists = Lists {
            condition: Condition::all(conditions.into_iter().chain(filter)),
            order,
            descending: query.descending,
            limit: query.limit,
            offset: query.offset,
        };
        let page = self.page(&mut connection, collection, lists).await?;
        self.append(&mut connection, collection, page.objects.len(), at).await?;
        connection.commit().await.map_err(listing())?;
        let objects = page.objects.into_iter().map(|it| query.fields.of(it)).collect();
        Ok(Page { total: page.total, objects })
    }

    /// One object. An id that was merged into another leads to the other.
    pub async fn find(
        &self,
        collection: Collection,
        id: &str,
        at: Timestamp,
    ) -> Result<Json, RosterFault> {
        let reading = || StoreError::doing("read a roster");
        let mut connection = Connection::begin(self.store).await.map_err(reading())?;
        let id = self.merged(&mut connection, collection, id).await?;
        let mut conditions = conditions::of(collection, &[])?;
        conditions.push(Condition::new("kept.sourced_id = ?", [id.as_str().into()]));
        let lists = Lists {
            condition: Condition::all(conditions),
            order: "kept.sourced_id",
            descending: false,
            limit: 1,
            offset: 0,
        };
        let page = self.page(&mut connection, collection, lists).await?;
        let object = page.objects.into_iter().next().ok_or_else(unknown)?;
        self.append(&mut connection, collection, 1, at).await?;
        connection.commit().await.map_err(reading())?;
        Ok(object)
    }

    /// What others belong to: it must be there, and may have been merged into another.
    async fn current(&self, connection: &mut Connection, of: &Of) -> Result<Of, RosterFault> {
        let collection = of.collection();
        let id = self.merged(connection, collection, of.id()).await?;
        let mut conditions = conditions::of(collection, &[])?;
        conditions.push(Condition::new("kept.sourced_id = ?", [id.as_str().into()]));
        let lists = Lists {
            condition: Condition::all(conditions),
            order: "kept.sourced_id",
            descending: false,
            limit: 1,
            offset: 0,
        };
        let found = self.page(connection, collection, lists).await?;
        if found.total == 0 { Err(unknown().into()) } else { Ok(of.with(id)) }
    }

    async fn merged(
        &self,
        connection: &mut Connection,
        collection: Collection,
        id: &str,
    ) -> Result<String, StoreError> {
        let values = [fields::file(collection).name().into(), id.into()];
        let rows = connection.texts(statements::merged(1), values).await;
        let rows = rows.map_err(StoreError::doing("read a roster"))?;
        Ok(rows.into_iter().flatten().nth(1).unwrap_or_else(|| id.to_owned()))
    }

    async fn page(
        &self,
        connection: &mut Connection,
        collection: Collection,
        lists: Lists,
    ) -> Result<Page, StoreError> {
        let links = self.links;
        match fields::file(collection) {
            File::Orgs => {
                let (total, found) = self.rows::<Org>(connection, lists).await?;
                let mut objects = Vec::with_capacity(found.len());
                for it in found {
                    let children = children(connection, Org::TABLE, &it.sourced_id).await?;
                    objects.push(json::org(links, &it, &children));
                }
                Ok(Page { total, objects })
            }
            File::AcademicSessions => {
                let (total, found) = self.rows::<AcademicSession>(connection, lists).await?;
                let mut objects = Vec::with_capacity(found.len());
                for it in found {
                    let table = AcademicSession::TABLE;
                    let children = children(connection, table, &it.sourced_id).await?;
                    objects.push(json::academic_session(links, &it, &children));
                }
                Ok(Page { total, objects })
            }
            File::Courses => {
                let (total, found) = self.rows::<Course>(connection, lists).await?;
                let objects = found.iter().map(|it| json::course(links, it)).collect();
                Ok(Page { total, objects })
            }
            File::Classes => {
                let (total, found) = self.rows::<Class>(connection, lists).await?;
                let objects = found.iter().map(|it| json::class(links, it)).collect();
                Ok(Page { total, objects })
            }
            File::Enrollments => {
                let (total, found) = self.rows::<Enrollment>(connection, lists).await?;
                let objects = found.iter().map(|it| json::enrollment(links, it)).collect();
                Ok(Page { total, objects })
            }
            File::Demographics => {
                let (total, found) = self.rows::<Demographics>(connection, lists).await?;
                Ok(Page { total, objects: found.iter().map(json::demographics).collect() })
            }
            File::Users | File::Roles => {
                let (total, found) = self.rows::<User>(connection, lists).await?;
                let mut objects = Vec::with_capacity(found.len());
                for users in found.chunks(store::ROWS_AT_ONCE) {
                    let roles = roles(connection, users).await?;
                    objects.extend(users.iter().map(|user| {
                        let is_theirs = |it: &&Role| it.user == user.sourced_id;
                        let theirs: Vec<Role> = roles.iter().filter(is_theirs).cloned().collect();
                        json::user(links, user, &theirs)
                    }));
                }
                Ok(Page { total, objects })
            }
        }
    }

    /// How many there are, and those that were asked for.
    async fn rows<T: Kept>(
        &self,
        connection: &mut Connection,
        lists: Lists,
    ) -> Result<(u64, Vec<T>), StoreError> {
        let listing = || StoreError::doing("list rosters");
        let within = scoped(T::FILE, &self.client.scope);
        let (from, wanted) = (conditions::from(T::FILE), Condition::all([within, lists.condition]));
        let (wanted, values) = wanted.numbered(1);
        let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {from} WHERE {wanted}");
        let total = connection.texts(count, values.clone()).await.map_err(listing())?;
        let total = total.into_iter().flatten().next().unwrap_or_default();
        let total = total.parse().map_err(StoreError::unreadable("count"))?;
        let direction = if lists.descending { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT {} FROM {from} WHERE {wanted} ORDER BY {} {direction}, kept.sourced_id LIMIT ${} OFFSET ${}",
            columns::<T>(),
            lists.order,
            values.len() + 1,
            values.len() + 2
        );
        let window = [Value::Number(lists.limit.into()), Value::Number(lists.offset.into())];
        let rows =
            connection.texts(sql, values.into_iter().chain(window)).await.map_err(listing())?;
        let read: Result<Vec<T>, StoreError> = rows.iter().map(|it| read(it)).collect();
        Ok((total, read?))
    }

    /// Notes that persons were read, where they were.
    async fn append(
        &self,
        connection: &mut Connection,
        collection: Collection,
        found: usize,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if !fields::file(collection).is_about_persons() {
            return Ok(());
        }
        let entry = Entry::new(self.client.actor(), Purpose::OPERATION, "roster.read");
        let entry = entry.at(&self.client.home);
        let entry = entry.rows(u64::try_from(found).unwrap_or(u64::MAX));
        connection.append(&entry, at).await.map_err(StoreError::doing("note who reads a roster"))
    }
}

/// Columns of an object, as texts.
fn columns<T: Kept>() -> String {
    let kept = T::KEPT.iter().map(|(_, column)| format!(", kept.{column}"));
    let kept: String = kept.collect();
    format!("kept.sourced_id, kept.status, CAST(kept.modified_at AS TEXT){kept}")
}

/// A row as the object it was.
fn read<T: Kept>(row: &[String]) -> Result<T, StoreError> {
    let instant = row.get(2).and_then(|it| it.parse().ok()).unwrap_or_default();
    let instant = crate::rows::instant("modified_at", instant)?.to_string();
    let cell = |column: &'static str| -> &str {
        let at = match column {
            "sourcedId" => Some(0),
            "status" => Some(1),
            "dateLastModified" => return instant.as_str(),
            _ => T::KEPT.iter().position(|(name, _)| *name == column).map(|it| it + 3),
        };
        at.and_then(|it| row.get(it)).map_or("", String::as_str)
    };
    T::read(cell).map_err(|faults| {
        let column = faults.first().map_or("sourced_id", |it| it.column);
        StoreError::Unreadable {
            column,
            reason: "it is no longer what it was when it came".to_owned(),
        }
    })
}

async fn children(
    connection: &mut Connection,
    table: &str,
    parent: &str,
) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "SELECT sourced_id FROM {table} WHERE parent = $1 AND status = 'active' ORDER BY sourced_id"
    );
    let rows = connection.texts(sql, [parent.into()]).await;
    Ok(rows.map_err(StoreError::doing("list rosters"))?.into_iter().flatten().collect())
}

async fn roles(connection: &mut Connection, users: &[User]) -> Result<Vec<Role>, StoreError> {
    let places: Vec<String> = (1..=users.len()).map(|it| format!("${it}")).collect();
    let sql = format!(
        "SELECT {} FROM {} kept WHERE kept.status = 'active' AND kept.roster_user IN ({}) ORDER BY kept.sourced_id",
        columns::<Role>(),
        kept::table(File::Roles),
        places.join(", ")
    );
    let values = users.iter().map(|it| Value::from(it.sourced_id.as_str()));
    let rows = connection.texts(sql, values).await.map_err(StoreError::doing("list rosters"))?;
    rows.iter().map(|it| read(it)).collect()
}

fn unknown() -> OneRosterError {
    OneRosterError::new(Minor::UnknownObject, "there is no such object")
}
