//! Users: accounts, as their provisioning system sees them.

use std::collections::BTreeMap;

use haihe_scim::{Kind, Patch, Resource, ScimError, ScimType, Search, USER_WITHOUT_PASSWORD};
use jiff::Timestamp;
use model::Entropy;
use serde_json::{Map, Value as Json, json};
use store::{Store, StoreError};

use super::{Kept, Listed, Row, ScimFault, dress, listing, not_found, stale, taken};
use crate::accounts::{self, AccountError, Login};
use crate::audit::{self, Entry};
use crate::connection::{Connection, Value};
use crate::id::{AccountId, PersonId};
use crate::people::PersonName;
use crate::purpose::Purpose;
use crate::service_tokens::Client;

pub(super) const FROM: &str = "scim_users kept JOIN accounts ON accounts.id = kept.id \
                    JOIN organisation_paths scope ON scope.code = accounts.home";

/// The groups of members, of which as many are named as there are places.
const GROUPS_OF: &str = "SELECT scim_members.member, scim_groups.id, scim_groups.document FROM scim_members \
                         JOIN scim_groups ON scim_groups.id = scim_members.scim_group WHERE scim_members.member IN";

/// The users of a client's part of the organisations.
#[derive(Clone, Copy, Debug)]
pub struct Users<'a> {
    pub store: &'a Store,
    pub client: &'a Client,
    /// Address of the service.
    pub base: &'a str,
}

/// What an account takes from a resource.
struct Said {
    login: Login,
    name: PersonName,
    active: bool,
}

impl Users<'_> {
    pub const KIND: Kind = USER_WITHOUT_PASSWORD;

    /// Opens an account for a new person.
    ///
    /// # Errors
    /// `uniqueness` when the login name is taken, by whomever.
    pub async fn create(
        &self,
        sent: &Json,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Kept, ScimFault> {
        const RECORD: &str = include_str!("../people/record.sql");
        const OPEN: &str = include_str!("../accounts/open.sql");
        const ADD: &str = include_str!("add_user.sql");
        let creating = || StoreError::doing("provision an account");

        let resource = Resource::read(&Self::KIND, sent)?;
        let said = said(&resource)?;
        let person = PersonId::new(at, entropy);
        let id = AccountId::new(at, entropy);
        let mut connection = Connection::begin(self.store).await.map_err(creating())?;
        let instant = || Value::Number(at.as_microsecond());
        let values = [person.to_string().into(), said.name.as_str().into(), instant()];
        connection.execute(RECORD.to_owned(), values).await.map_err(creating())?;
        let values = [
            id.to_string().into(),
            person.to_string().into(),
            said.login.as_str().into(),
            self.client.home.as_str().into(),
            instant(),
        ];
        if connection.execute(OPEN.to_owned(), values).await.map_err(creating())? == 0 {
            return Err(taken("userName").into());
        }
        let mut values = columns(&resource, &said, id);
        values.extend([instant(), instant()]);
        connection.execute(ADD.to_owned(), values).await.map_err(creating())?;
        self.write_emails(&mut connection, &resource, id).await.map_err(creating())?;
        if !said.active {
            open_or_close(&mut connection, id, false, at).await?;
        }
        let values = [person.to_string().into(), audit::salt(entropy).into()];
        let salt = audit::sql::ADD_SALT.to_owned();
        connection.execute(salt, values).await.map_err(creating())?;
        let entry = self.entry("account.provision").about_owner(id);
        connection.append(&entry, at).await.map_err(creating())?;
        let kept = self.one(&mut connection, &id.to_string()).await?;
        connection.commit().await.map_err(creating())?;
        Ok(kept)
    }

    /// A user.
    pub async fn read(&self, id: &str, at: Timestamp) -> Result<Kept, ScimFault> {
        let reading = || StoreError::doing("read a provisioned account");
        let mut connection = Connection::begin(self.store).await.map_err(reading())?;
        let kept = self.one(&mut connection, id).await?;
        let entry = self.entry("account.read").about_owner(crate::rows::parsed("id", id)?).rows(1);
        connection.append(&entry, at).await.map_err(reading())?;
        connection.commit().await.map_err(reading())?;
        Ok(kept)
    }

    /// Users that a search finds.
    pub async fn search(&self, search: &Search, at: Timestamp) -> Result<Listed, ScimFault> {
        let (skipped, most) = search.window(listing::MOST_RESULTS);
        self.search_window(search, (u64::from(skipped), most), at).await
    }

    /// The same, with another part of them.
    pub async fn search_window(
        &self,
        search: &Search,
        window: (u64, u32),
        at: Timestamp,
    ) -> Result<Listed, ScimFault> {
        let searching = || StoreError::doing("search provisioned accounts");
        let mut connection = Connection::begin(self.store).await.map_err(searching())?;
        let scope = &self.client.scope;
        let kind = &Self::KIND;
        let (total, rows) =
            listing::search(&mut connection, kind, FROM, scope, search, window).await?;
        let found = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let entry = self.entry("account.search").rows(found);
        let entry = entry.about_owners(rows.iter().map(|it| it.id.clone()));
        let resources = self.dressed(&mut connection, rows).await.map_err(searching())?;
        connection.append(&entry, at).await.map_err(searching())?;
        connection.commit().await.map_err(searching())?;
        Ok(Listed { total, resources })
    }

    /// Puts a user in place of what was said before.
    pub async fn replace(
        &self,
        id: &str,
        sent: &Json,
        if_match: Option<&str>,
        at: Timestamp,
    ) -> Result<Kept, ScimFault> {
        let mut resource = Resource::read(&Self::KIND, sent)?;
        // What is not said stays open.
        if resource.members().get("active").is_none() {
            resource.set("active", true.into());
        }
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

    /// Closes the account and forgets what was said of it. The account's own entry stays, so that its name is not given
    /// to another person.
    pub async fn delete(
        &self,
        id: &str,
        if_match: Option<&str>,
        at: Timestamp,
    ) -> Result<(), ScimFault> {
        let deleting = || StoreError::doing("take a provisioned account away");
        let mut connection = Connection::begin(self.store).await.map_err(deleting())?;
        let row = self.row(&mut connection, id, if_match).await?;
        let account: AccountId = crate::rows::parsed("id", &row.id)?;
        open_or_close(&mut connection, account, false, at).await?;
        for sql in [
            include_str!("delete_emails.sql"),
            include_str!("delete_memberships.sql"),
            include_str!("delete_user.sql"),
        ] {
            connection.execute(sql.to_owned(), [id.into()]).await.map_err(deleting())?;
        }
        let entry = self.entry("account.deprovision").about_owner(account);
        connection.append(&entry, at).await.map_err(deleting())?;
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
        const RENAME: &str = include_str!("rename_account.sql");
        const NAME: &str = include_str!("name_person.sql");
        const CHANGE: &str = include_str!("change_user.sql");
        let changing = || StoreError::doing("change a provisioned account");

        let mut connection = Connection::begin(self.store).await.map_err(changing())?;
        let row = self.row(&mut connection, id, if_match).await?;
        let before = Resource::from_kept(row.document);
        let resource = make(&before)?;
        if resource == before {
            return self.one(&mut connection, id).await;
        }
        let said = said(&resource)?;
        let account: AccountId = crate::rows::parsed("id", &row.id)?;
        let values = [said.login.as_str().into(), id.into()];
        if connection.execute(RENAME.to_owned(), values).await.map_err(changing())? == 0 {
            return Err(taken("userName").into());
        }
        let values = [said.name.as_str().into(), id.into()];
        connection.execute(NAME.to_owned(), values).await.map_err(changing())?;
        open_or_close(&mut connection, account, said.active, at).await?;
        let mut values = columns(&resource, &said, account);
        values.extend([Value::Number(at.as_microsecond()), Value::Number(row.version.0)]);
        if connection.execute(CHANGE.to_owned(), values).await.map_err(changing())? == 0 {
            return Err(stale().into());
        }
        connection
            .execute(include_str!("delete_emails.sql").to_owned(), [id.into()])
            .await
            .map_err(changing())?;
        self.write_emails(&mut connection, &resource, account).await.map_err(changing())?;
        let entry = self.entry("account.change").about_owner(account);
        connection.append(&entry, at).await.map_err(changing())?;
        let kept = self.one(&mut connection, id).await?;
        connection.commit().await.map_err(changing())?;
        Ok(kept)
    }

    /// A row of the client's own part, of the version that the client knows.
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
        let dressed = self.dressed(connection, vec![row]).await;
        let dressed = dressed.map_err(StoreError::doing("read a provisioned account"))?;
        dressed.into_iter().next().ok_or_else(|| not_found(id).into())
    }

    /// Rows as resources, with the groups that each belongs to.
    async fn dressed(
        &self,
        connection: &mut Connection,
        rows: Vec<Row>,
    ) -> Result<Vec<Kept>, sqlx::Error> {
        let ids: Vec<&str> = rows.iter().map(|it| it.id.as_str()).collect();
        let mut groups: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for ids in ids.chunks(store::ROWS_AT_ONCE) {
            let places: Vec<String> = (1..=ids.len()).map(|it| format!("${it}")).collect();
            let sql = format!("{GROUPS_OF} ({})", places.join(", "));
            let values = ids.iter().map(|it| Value::from(*it));
            for row in connection.texts(sql, values).await? {
                let Ok([member, group, document]) = <[String; 3]>::try_from(row) else { continue };
                let document: Map<String, Json> =
                    serde_json::from_str(&document).unwrap_or_default();
                groups.entry(member).or_default().push(json!({
                    "value": group,
                    "$ref": format!("{}/Groups/{group}", self.base),
                    "display": document.get("displayName").cloned().unwrap_or_default(),
                    "type": "direct",
                }));
            }
        }
        let dressed = rows.into_iter().map(|row| {
            let mut resource = Resource::from_kept(row.document.clone());
            if let Some(groups) = groups.remove(&row.id) {
                resource.set("groups", groups.into());
            }
            dress(&mut resource, &Self::KIND, &row, self.base);
            Kept { resource, version: row.version }
        });
        Ok(dressed.collect())
    }

    async fn write_emails(
        &self,
        connection: &mut Connection,
        resource: &Resource,
        id: AccountId,
    ) -> Result<(), sqlx::Error> {
        const ADD: &str = include_str!("add_email.sql");

        let emails = resource.members().get("emails").and_then(Json::as_array);
        for (position, email) in (0_i64..).zip(emails.into_iter().flatten()) {
            let part = |name| email.get(name).and_then(Json::as_str).map(str::to_lowercase);
            let values = [
                Value::Text(id.to_string()),
                Value::Number(position),
                Value::Text(part("value").unwrap_or_default()),
                Value::Text(part("type").unwrap_or_default()),
            ];
            connection.execute(ADD.to_owned(), values).await?;
        }
        Ok(())
    }

    fn entry(&self, action: &'static str) -> Entry {
        Entry::new(self.client.actor(), Purpose::OPERATION, action).at(&self.client.home)
    }
}

/// What an account takes from a resource.
fn said(resource: &Resource) -> Result<Said, ScimError> {
    let invalid = |name: &str, reason: &str| {
        ScimError::of(ScimType::InvalidValue, format!("`{name}` cannot be used here: {reason}"))
    };
    let user_name = resource.text("userName", None).unwrap_or_default();
    let login: Login = user_name
        .parse()
        .map_err(|it: accounts::NotALogin| invalid("userName", &it.to_string()))?;
    let part = |name| resource.text("name", Some(name));
    let joined = match (part("familyName"), part("givenName")) {
        // Names of Chinese characters are written without a space.
        (Some(family), Some(given)) if !given.is_ascii() => Some(format!("{family}{given}")),
        (Some(family), Some(given)) => Some(format!("{given} {family}")),
        (family, given) => family.or(given).map(str::to_owned),
    };
    let shown = resource.text("displayName", None).or_else(|| part("formatted"));
    let name = shown.map(str::to_owned).or(joined).unwrap_or_else(|| user_name.to_owned());
    let name: PersonName = name
        .parse()
        .map_err(|it: crate::people::NotAName| invalid("displayName", &it.to_string()))?;
    let active = resource.members().get("active").and_then(Json::as_bool).unwrap_or(true);
    Ok(Said { login, name, active })
}

/// `id, external_id, user_name_key, display_name_key, family_name_key, given_name_key, active, document`
fn columns(resource: &Resource, said: &Said, id: AccountId) -> Vec<Value> {
    let folded = |text: Option<&str>| Value::Text(text.unwrap_or_default().to_lowercase());
    vec![
        Value::Text(id.to_string()),
        resource.text("externalId", None).unwrap_or_default().into(),
        folded(resource.text("userName", None)),
        folded(resource.text("displayName", None)),
        folded(resource.text("name", Some("familyName"))),
        folded(resource.text("name", Some("givenName"))),
        Value::Number(i64::from(said.active)),
        Value::Text(Json::Object(resource.members().clone()).to_string()),
    ]
}

/// Opens an account again, or closes it and ends all its sessions.
async fn open_or_close(
    connection: &mut Connection,
    id: AccountId,
    open: bool,
    at: Timestamp,
) -> Result<(), ScimFault> {
    let done = if open {
        accounts::reopen_in(connection, id).await
    } else {
        accounts::close_in(connection, id, at).await
    };
    done.map_err(|error| match error {
        AccountError::Store(error) => error.into(),
        AccountError::NoAccount | AccountError::LoginTaken => not_found(&id.to_string()).into(),
    })
}
