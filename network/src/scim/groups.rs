//! Groups: names for sets of users and of other groups.

use std::collections::BTreeMap;

use haihe_scim::{GROUP, Kind, Patch, Resource, ScimError, ScimType, Search};
use jiff::Timestamp;
use model::Entropy;
use serde_json::{Value as Json, json};
use store::{Store, StoreError};

use super::{Kept, Listed, Row, ScimFault, dress, listing, not_found, stale, users};
use crate::audit::Entry;
use crate::connection::{Connection, Value};
use crate::purpose::Purpose;
use crate::service_tokens::Client;

crate::id! {
    /// A group.
    GroupId
}

const FROM: &str =
    "scim_groups kept JOIN organisation_paths scope ON scope.code = kept.organisation";

/// Members of a group: whether each is a user or a group.
type Members = BTreeMap<String, &'static str>;

/// The groups of a client's part of the organisations.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    pub store: &'a Store,
    pub client: &'a Client,
    /// Address of the service.
    pub base: &'a str,
}

impl Groups<'_> {
    pub const KIND: Kind = GROUP;

    /// Makes a group.
    pub async fn create(
        &self,
        sent: &Json,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Kept, ScimFault> {
        const ADD: &str = include_str!("add_group.sql");
        let creating = || StoreError::doing("make a group");

        let mut resource = Resource::read(&Self::KIND, sent)?;
        let id = GroupId::new(at, entropy).to_string();
        let mut connection = Connection::begin(self.store).await.map_err(creating())?;
        let members = self.checked(&mut connection, resource.take("members")).await?;
        let instant = || Value::Number(at.as_microsecond());
        let [external_id, name, document] = columns(&resource);
        let home = Value::from(self.client.home.as_str());
        let values = [id.as_str().into(), home, external_id, name, document, instant(), instant()];
        connection.execute(ADD.to_owned(), values).await.map_err(creating())?;
        write_members(&mut connection, &id, &Members::new(), &members).await.map_err(creating())?;
        self.append(&mut connection, "group.make", &id, at).await.map_err(creating())?;
        let kept = self.one(&mut connection, &id).await?;
        connection.commit().await.map_err(creating())?;
        Ok(kept)
    }

    /// A group.
    pub async fn read(&self, id: &str) -> Result<Kept, ScimFault> {
        let reading = StoreError::doing("read a group");
        let mut connection = Connection::begin(self.store).await.map_err(reading)?;
        self.one(&mut connection, id).await
    }

    /// Groups that a search finds.
    pub async fn search(&self, search: &Search) -> Result<Listed, ScimFault> {
        let (skipped, most) = search.window(listing::MOST_RESULTS);
        self.search_window(search, (u64::from(skipped), most)).await
    }

    /// The same, with another part of them.
    pub async fn search_window(
        &self,
        search: &Search,
        window: (u64, u32),
    ) -> Result<Listed, ScimFault> {
        let searching = StoreError::doing("search groups");
        let mut connection = Connection::begin(self.store).await.map_err(searching)?;
        let scope = &self.client.scope;
        let (total, rows) =
            listing::search(&mut connection, &Self::KIND, FROM, scope, search, window).await?;
        let mut resources = Vec::with_capacity(rows.len());
        for row in rows {
            let members = members_of(&mut connection, &row.id).await?;
            resources.push(self.dressed(row, &members));
        }
        Ok(Listed { total, resources })
    }

    /// Puts a group in place of what was said before.
    pub async fn replace(
        &self,
        id: &str,
        sent: &Json,
        if_match: Option<&str>,
        at: Timestamp,
    ) -> Result<Kept, ScimFault> {
        let resource = Resource::read(&Self::KIND, sent)?;
        self.change(id, if_match, at, |_| Ok(resource)).await
    }

    /// Makes the changes of a patch, all or none.
    pub async fn patch(
        &self,
        id: &str,
        patch: &Patch,
        if_match: Option<&str>,
        at: Timestamp,
    ) -> Result<Kept, ScimFault> {
        self.change(id, if_match, at, |before| patch.apply(&Self::KIND, before)).await
    }

    /// Takes a group away. Its members stay.
    pub async fn delete(
        &self,
        id: &str,
        if_match: Option<&str>,
        at: Timestamp,
    ) -> Result<(), ScimFault> {
        let deleting = || StoreError::doing("take a group away");
        let mut connection = Connection::begin(self.store).await.map_err(deleting())?;
        self.row(&mut connection, id, if_match).await?;
        for sql in [
            include_str!("delete_members.sql"),
            include_str!("delete_memberships.sql"),
            include_str!("delete_group.sql"),
        ] {
            connection.execute(sql.to_owned(), [id.into()]).await.map_err(deleting())?;
        }
        self.append(&mut connection, "group.remove", id, at).await.map_err(deleting())?;
        connection.commit().await.map_err(deleting())?;
        Ok(())
    }

    async fn change(
        &self,
        id: &str,
        if_match: Option<&str>,
        at: Timestamp,
        make: impl FnOnce(&Resource) -> Result<Resource, ScimError>,
    ) -> Result<Kept, ScimFault> {
        const CHANGE: &str = include_str!("change_group.sql");
        let changing = || StoreError::doing("change a group");

        let mut connection = Connection::begin(self.store).await.map_err(changing())?;
        let row = self.row(&mut connection, id, if_match).await?;
        let members = members_of(&mut connection, id).await?;
        let mut before = Resource::from_kept(row.document);
        if !members.is_empty() {
            before.set("members", self.shown(&members));
        }
        let mut resource = make(&before)?;
        if resource == before {
            return self.one(&mut connection, id).await;
        }
        let wanted = self.checked(&mut connection, resource.take("members")).await?;
        let [external_id, name, document] = columns(&resource);
        let instant = Value::Number(at.as_microsecond());
        let version = Value::Number(row.version.0);
        let values = [id.into(), external_id, name, document, instant, version];
        if connection.execute(CHANGE.to_owned(), values).await.map_err(changing())? == 0 {
            return Err(stale().into());
        }
        write_members(&mut connection, id, &members, &wanted).await.map_err(changing())?;
        self.append(&mut connection, "group.change", id, at).await.map_err(changing())?;
        let kept = self.one(&mut connection, id).await?;
        connection.commit().await.map_err(changing())?;
        Ok(kept)
    }

    async fn row(
        &self,
        connection: &mut Connection,
        id: &str,
        if_match: Option<&str>,
    ) -> Result<Row, ScimFault> {
        let row = listing::find(connection, FROM, &self.client.scope, id).await?;
        let row = row.ok_or_else(|| not_found(id))?;
        match if_match {
            Some(header) if !row.version.is_in(header) => Err(stale().into()),
            _ => Ok(row),
        }
    }

    async fn one(&self, connection: &mut Connection, id: &str) -> Result<Kept, ScimFault> {
        let row = self.row(connection, id, None).await?;
        let members = members_of(connection, id).await?;
        Ok(self.dressed(row, &members))
    }

    fn dressed(&self, row: Row, members: &Members) -> Kept {
        let mut resource = Resource::from_kept(row.document.clone());
        if !members.is_empty() {
            resource.set("members", self.shown(members));
        }
        dress(&mut resource, &Self::KIND, &row, self.base);
        Kept { resource, version: row.version }
    }

    fn shown(&self, members: &Members) -> Json {
        let each = members.iter().map(|(id, kind)| {
            json!({"value": id, "type": kind, "$ref": format!("{}/{kind}s/{id}", self.base)})
        });
        each.collect()
    }

    /// Members that are there, within the client's own part.
    async fn checked(
        &self,
        connection: &mut Connection,
        members: Option<Json>,
    ) -> Result<Members, ScimFault> {
        let mut checked = Members::new();
        let members = members.as_ref().and_then(Json::as_array);
        for member in members.into_iter().flatten() {
            let id = member.get("value").and_then(Json::as_str).unwrap_or_default();
            if checked.contains_key(id) {
                continue;
            }
            let scope = &self.client.scope;
            let kind = if listing::find(connection, users::FROM, scope, id).await?.is_some() {
                "User"
            } else if listing::find(connection, FROM, scope, id).await?.is_some() {
                "Group"
            } else {
                let detail = "a member is the id of a user or a group that is there";
                return Err(ScimError::of(ScimType::InvalidValue, detail).into());
            };
            checked.insert(id.to_owned(), kind);
        }
        Ok(checked)
    }

    async fn append(
        &self,
        connection: &mut Connection,
        action: &'static str,
        id: &str,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let actor = self.client.actor();
        let entry = Entry::new(actor, Purpose::OPERATION, action).at(&self.client.home);
        connection.append(&entry.about("group", id), at).await
    }
}

/// `external_id, display_name_key, document`
fn columns(resource: &Resource) -> [Value; 3] {
    [
        resource.text("externalId", None).unwrap_or_default().into(),
        resource.text("displayName", None).unwrap_or_default().to_lowercase().into(),
        Json::Object(resource.members().clone()).to_string().into(),
    ]
}

async fn members_of(connection: &mut Connection, group: &str) -> Result<Members, StoreError> {
    const SQL: &str = include_str!("members_of.sql");

    let rows = connection.texts(SQL.to_owned(), [group.into()]).await;
    let rows = rows.map_err(StoreError::doing("read the members of a group"))?;
    let pairs = rows.into_iter().filter_map(|row| <[String; 2]>::try_from(row).ok());
    Ok(pairs.map(|[id, kind]| (id, if kind == "Group" { "Group" } else { "User" })).collect())
}

/// Writes what differs: a change of one member of a large group stays a small one.
async fn write_members(
    connection: &mut Connection,
    group: &str,
    before: &Members,
    after: &Members,
) -> Result<(), sqlx::Error> {
    const ADD: &str = include_str!("add_member.sql");
    const DELETE: &str = include_str!("delete_member.sql");

    for member in before.keys().filter(|it| !after.contains_key(*it)) {
        let values = [group.into(), member.as_str().into()];
        connection.execute(DELETE.to_owned(), values).await?;
    }
    for (member, kind) in after.iter().filter(|(it, _)| !before.contains_key(*it)) {
        let values = [group.into(), member.as_str().into(), (*kind).into()];
        connection.execute(ADD.to_owned(), values).await?;
    }
    Ok(())
}
