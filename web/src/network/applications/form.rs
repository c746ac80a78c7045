//! What the form of an application says, and what it says again when something was wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use model::{Bilingual, OrgCode};
use network::applications::{ApplicationCode, Authentication, Registration, Subject};
use network::openid::{Algorithm, Claim};
use network::roles::Roles;
use serde::Deserialize;

use crate::network::lines::Choice;
use crate::network::openid::shown;
use crate::network::visitor::Visitor;
use crate::text::Text;

/// A form as it was filled in, by the names of its controls.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(in crate::network) struct Filled(BTreeMap<String, String>);

impl Filled {
    /// What stands in an empty form.
    pub(super) fn new(visitor: &Visitor) -> Self {
        let home = visitor.account.home.as_str();
        let said = [("owner", home), ("organisations", home), ("proof", "on"), ("consent", "on")];
        let said = said.into_iter().chain([("data-name", "on")]);
        Self(said.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// What the register says of an application.
    pub(super) fn of(it: &Registration) -> Self {
        let mut said = BTreeMap::new();
        let mut put = |name: &str, value: &str| said.insert(name.to_owned(), value.to_owned());
        put("name_zh", &it.name.zh);
        put("name_en", &it.name.en);
        put("purpose_zh", &it.purpose.zh);
        put("purpose_en", &it.purpose.en);
        put("owner", it.owner.as_str());
        let organisations: Vec<&str> = it.organisations.iter().map(OrgCode::as_str).collect();
        put("organisations", &organisations.join(" "));
        put("home", it.home.as_deref().unwrap_or_default());
        put("redirects", &it.redirects.join("\n"));
        put("logout_redirects", &it.logout_redirects.join("\n"));
        put("notices", it.notices.as_deref().unwrap_or_default());
        put("authentication", it.authentication.as_str());
        put("algorithm", it.algorithm.as_str());
        put("keys", it.keys.as_deref().unwrap_or_default());
        put("services", &joined(&it.services));
        match &it.subject {
            Subject::Pairwise { sector } => put("sector", sector),
            Subject::Public => put("public", "on"),
        };
        for (name, is_on) in
            [("proof", it.proof_required), ("consent", it.consent_asked), ("offline", it.offline)]
        {
            if is_on {
                put(name, "on");
            }
        }
        for claim in &it.data {
            put(&format!("data-{claim}"), "on");
        }
        for role in &it.roles {
            put(&format!("role-{role}"), "on");
        }
        Self(said)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |it| it.trim())
    }

    fn is_on(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    fn words(&self, name: &str) -> Vec<String> {
        let marks = |it: char| it.is_whitespace() || matches!(it, ',' | '，' | '、' | ';');
        self.text(name).split(marks).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }

    fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|it| !it.is_empty()).map(str::to_owned)
    }

    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn code(&self, t: Text) -> Result<ApplicationCode, Vec<String>> {
        self.text("code").parse().map_err(|_| vec![t.get("applications-no-code")])
    }

    /// What is to be said of an application; `before`: what the register says of it.
    ///
    /// # Errors
    /// What cannot be read, in words; all else is for the register to say.
    pub(super) fn registration(
        &self,
        t: Text,
        visitor: &Visitor,
        code: &ApplicationCode,
        before: Option<&Registration>,
    ) -> Result<Registration, Vec<String>> {
        let mut faults = Vec::new();
        let owner = read::<OrgCode>(t, "owner", "part", self.text("owner"), &mut faults);
        let organisations = self.words("organisations");
        let organisations: Vec<_> = organisations
            .iter()
            .filter_map(|it| read::<OrgCode>(t, "organisations", "part", it, &mut faults))
            .collect();
        let authentication = self.text("authentication");
        let authentication =
            read::<Authentication>(t, "authentication", "filled", authentication, &mut faults);
        let algorithm = self.text("algorithm");
        let algorithm = read::<Algorithm>(t, "algorithm", "filled", algorithm, &mut faults);
        let (Some(owner), Some(authentication), Some(algorithm), true) =
            (owner, authentication, algorithm, faults.is_empty())
        else {
            return Err(faults);
        };
        let usual = code.as_str().to_owned();
        let sector = self.optional("sector").unwrap_or(usual);
        Ok(Registration {
            name: self.both("name"),
            purpose: self.both("purpose"),
            owner,
            // Who registered an application answers for it.
            owner_account: before.map_or(Some(visitor.account.id), |it| it.owner_account),
            home: self.optional("home"),
            data: self.data(),
            services: self.words("services").into_iter().collect(),
            roles: self.named("role-").map(str::to_owned).collect(),
            organisations: organisations.into_iter().collect(),
            redirects: self.words("redirects"),
            logout_redirects: self.words("logout_redirects"),
            notices: self.optional("notices"),
            // Whoever keeps no secret has nothing else to show.
            proof_required: self.is_on("proof") || authentication == Authentication::None,
            keys: self.optional("keys"),
            authentication,
            algorithm,
            subject: if self.is_on("public") {
                Subject::Public
            } else {
                Subject::Pairwise { sector }
            },
            consent_asked: self.is_on("consent"),
            offline: self.is_on("offline"),
        })
    }

    /// A text in both languages; the one that is there stands in for the other.
    fn both(&self, name: &str) -> Bilingual {
        let (zh, en) = (self.text(&format!("{name}_zh")), self.text(&format!("{name}_en")));
        Bilingual::new(if zh.is_empty() { en } else { zh }, if en.is_empty() { zh } else { en })
    }

    /// Names of the controls with a beginning that are on.
    fn named<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().filter_map(move |it| it.strip_prefix(beginning))
    }

    /// With a name goes when it was changed, with an address or a number whether it is confirmed.
    fn data(&self) -> BTreeSet<Claim> {
        let mut data: BTreeSet<Claim> =
            self.named("data-").filter_map(|it| it.parse().ok()).collect();
        for (claim, beside) in [
            (Claim::Name, Claim::UpdatedAt),
            (Claim::Email, Claim::EmailVerified),
            (Claim::PhoneNumber, Claim::PhoneNumberVerified),
        ] {
            if data.contains(&claim) {
                data.insert(beside);
            }
        }
        data
    }
}

fn joined(words: &BTreeSet<String>) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.join(" ")
}

fn read<T: FromStr>(
    t: Text,
    field: &str,
    rule: &str,
    text: &str,
    faults: &mut Vec<String>,
) -> Option<T> {
    let read = text.parse().ok();
    if read.is_none() {
        faults.push(worded(t, field, rule));
    }
    read
}

/// What is wrong with one field, in words.
pub(super) fn worded(t: Text, field: &str, rule: &str) -> String {
    let field = t.get(&format!("application-{}", field.replace('_', "-")));
    t.with(&format!("application-flaw-{rule}"), "field", field)
}

/// A form as its template shows it.
#[derive(Debug)]
pub(super) struct FormView {
    filled: Filled,
    pub(super) data: Vec<Choice>,
    pub(super) roles: Vec<Choice>,
    pub(super) authentications: Vec<Choice>,
    pub(super) algorithms: Vec<Choice>,
    /// Whether what only those set is shown who look after the register.
    pub(super) may_manage: bool,
}

impl FormView {
    pub(super) fn new(t: Text, roles: &Roles, filled: Filled, may_manage: bool) -> Self {
        let on = |name: String| filled.is_on(&name);
        let data = Claim::ALL.iter().filter_map(|it| {
            Some(Choice {
                code: it.to_string(),
                title: shown(t, *it)?,
                is_chosen: on(format!("data-{it}")),
            })
        });
        let role = roles.iter().map(|it| Choice {
            code: it.code.to_string(),
            title: t.of(&it.title).to_owned(),
            is_chosen: on(format!("role-{}", it.code)),
        });
        let authentication = Authentication::ALL.iter().map(|it| Choice {
            code: it.as_str().to_owned(),
            title: t.get(&format!("application-{}", it.as_str().replace('_', "-"))),
            is_chosen: filled.text("authentication") == it.as_str(),
        });
        let algorithm = Algorithm::ALL.iter().map(|it| Choice {
            code: it.as_str().to_owned(),
            title: it.as_str().to_owned(),
            is_chosen: filled.text("algorithm") == it.as_str(),
        });
        Self {
            data: data.collect(),
            roles: role.collect(),
            authentications: authentication.collect(),
            algorithms: algorithm.collect(),
            may_manage,
            filled,
        }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.filled.text(name)
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        self.filled.is_on(name)
    }
}
