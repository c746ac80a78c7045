use std::collections::BTreeSet;

use haihe_scim::{Filter, Limits, Patch, ScimError, Search};
use jiff::Timestamp;
use model::OrgCode;
use serde_json::{Value, json};
use store::{Store, testing};

use super::{Groups, Kept, ScimFault, Users};
use crate::accounts::{self, Login};
use crate::secret::Token;
use crate::service_tokens::{self, Client, Interface, Issue, ServiceTokenError};
use crate::testing::{Counting, at};

mod filtering;
mod groups;
mod tokens;
mod users;

const BASE: &str = "https://city.example/scim/v2";

/// A registry that knows a city with two districts, and the source of chance.
struct City {
    store: Store,
    entropy: Counting,
}

impl City {
    async fn new() -> Self {
        let store = testing::open().await;
        let list = "\
code,name_zh,name_en,level,kind,parent,valid_from
120000,天津市,Tianjin,city,city,,2020-01-01
120101,和平区,Heping,district,district,120000,2020-01-01
120102,河东区,Hedong,district,district,120000,2020-01-01
2112000123,第一中学,First School,school,junior,120101,2020-01-01
";
        let (list, findings) = crate::read_list("organisations.csv", list.as_bytes());
        assert_eq!(findings, []);
        crate::record(&store, &list.changes(), at(-1000), jiff::tz::Offset::UTC).await.unwrap();
        Self { store, entropy: Counting::default() }
    }

    async fn token(&mut self, organisation: &str) -> Token {
        let organisation: OrgCode = organisation.parse().unwrap();
        let issue = Issue {
            interface: Interface::Scim,
            name: "人事系统",
            organisation: &organisation,
            datasets: &BTreeSet::new(),
            expires_at: at(10_000),
        };
        service_tokens::issue(&self.store, issue, at(0), &mut self.entropy).await.unwrap().1
    }

    async fn client(&mut self, organisation: &str) -> Client {
        let token = self.token(organisation).await;
        let client = service_tokens::client(&self.store, &token, Interface::Scim, at(1)).await;
        client.unwrap().unwrap()
    }

    fn users<'a>(&'a self, client: &'a Client) -> Users<'a> {
        Users { store: &self.store, client, base: BASE }
    }

    fn groups<'a>(&'a self, client: &'a Client) -> Groups<'a> {
        Groups { store: &self.store, client, base: BASE }
    }
}

fn user(name: &str) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name})
}

fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|it| json!({"value": it})).collect();
    let schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
    json!({"schemas": schemas, "displayName": name, "members": members})
}

fn patch(operations: Value) -> Patch {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    Patch::read(&json!({"schemas": schemas, "Operations": operations})).unwrap()
}

fn id(kept: &Kept) -> String {
    kept.resource.text("id", None).unwrap().to_owned()
}

/// Status and `scimType` of a refusal.
fn refused<T: std::fmt::Debug>(result: Result<T, ScimFault>) -> (u16, &'static str) {
    match result.unwrap_err() {
        ScimFault::Client(ScimError { status, kind, .. }) => {
            (status, kind.map_or("", haihe_scim::ScimType::as_str))
        }
        ScimFault::Store(error) => panic!("{error:?}"),
    }
}

async fn is_open(store: &Store, login: &str) -> bool {
    let login: Login = login.parse().unwrap();
    let account = accounts::of_login(store, &login).await.unwrap().unwrap();
    account.closed_at.is_none()
}

fn now() -> Timestamp {
    at(5)
}
