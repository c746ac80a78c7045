//! The `claims` parameter: claims asked for one by one (OpenID Connect Core 5.5).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::openid::data::Claim;
use crate::openid::refusal::{Code, Denial};

/// What the parameter asks for. Claims that are unknown here are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::openid) struct Wanted {
    pub(super) userinfo: BTreeSet<Claim>,
    pub(super) id_token: BTreeSet<Claim>,
    pub(super) essential_acr: BTreeSet<String>,
    pub(super) subject: Option<String>,
}

impl Wanted {
    pub(super) fn parse(text: &str) -> Result<Self, Denial> {
        const FLAW: Denial =
            Denial::new(Code::InvalidRequest, "claims must be an object of userinfo and id_token");

        let Ok(Value::Object(members)) = serde_json::from_str(text) else {
            return Err(FLAW);
        };
        let part = |name| match members.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(part)) => Ok(part.clone()),
            Some(_) => Err(FLAW),
        };
        let (userinfo, id_token) = (part("userinfo")?, part("id_token")?);
        let claims =
            |part: &Map<String, Value>| part.keys().filter_map(|it| it.parse().ok()).collect();
        let subject = id_token.get("sub").or_else(|| userinfo.get("sub"));
        Ok(Self {
            userinfo: claims(&userinfo),
            id_token: claims(&id_token),
            essential_acr: id_token.get("acr").map(essential).unwrap_or_default(),
            subject: subject.and_then(|it| it.get("value")?.as_str()).map(str::to_owned),
        })
    }
}

/// The values of which one is essential.
fn essential(claim: &Value) -> BTreeSet<String> {
    if claim.get("essential").and_then(Value::as_bool) != Some(true) {
        return BTreeSet::new();
    }
    let many = claim.get("values").and_then(Value::as_array).into_iter().flatten();
    let values = claim.get("value").into_iter().chain(many);
    values.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}
