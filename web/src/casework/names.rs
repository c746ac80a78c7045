//! Names that pages show for accounts and organisations.

use std::collections::{BTreeMap, BTreeSet};

use model::{OrgCode, organisation::Organisation};
use network::{AccountId, accounts};

use crate::app::App;
use crate::problem::Problem;
use crate::text::Text;

/// Names of accounts; whoever has none is shown as nobody.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<AccountId, String>);

impl Names {
    /// Looks accounts up, each once.
    pub(super) async fn of(
        app: &App,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<Self, Problem> {
        let wanted: BTreeSet<AccountId> = accounts.into_iter().collect();
        let mut found = BTreeMap::new();
        for id in wanted {
            let account = accounts::find(app.store(), id).await;
            let account = account.map_err(|it| Problem::ours(&it))?;
            found.extend(account.map(|it| (id, it.name.as_str().to_owned())));
        }
        Ok(Self(found))
    }

    pub(super) fn get(&self, id: AccountId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| "–".to_owned())
    }
}

/// Name of an organisation as the release in force knows it; its code otherwise.
pub(super) fn organisation(app: &App, t: Text, code: &OrgCode) -> String {
    crate::network::start::home(app, t, code)
}

/// The same for a code that somebody wrote.
pub(super) fn organisation_of(app: &App, t: Text, code: &str) -> String {
    code.parse().map_or_else(|_| code.to_owned(), |it| organisation(app, t, &it))
}

/// The code somebody means: by the code itself or by a name that only one organisation has.
pub(super) fn meant(app: &App, text: &str) -> String {
    let text = text.trim();
    let Some(published) = app.current() else { return text.to_owned() };
    let tree = published.tree(published.latest_year());
    let is_named = |it: &Organisation| {
        it.name.zh == text || (!it.name.en.is_empty() && it.name.en.eq_ignore_ascii_case(text))
    };
    let mut named = tree.iter().map(|it| &*it.organisation).filter(|it| is_named(it));
    match (named.next(), named.next()) {
        (Some(one), None) => one.code.as_str().to_owned(),
        _ => text.to_owned(),
    }
}
