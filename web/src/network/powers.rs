//! What a visitor may do, as the registry knows it at this moment.

use network::administration::Administrator;
use network::audit::{self, Actor, Entry};
use network::grants::{self, Holdings};
use network::purpose::Purpose;
use network::roles::Permission;

use super::visitor::Visitor;
use crate::app::App;
use crate::problem::{Kind, Problem};

/// All that a visitor holds.
pub(crate) async fn held(app: &App, visitor: &Visitor) -> Result<Holdings, Problem> {
    let held = grants::held(app.store(), visitor.account.id, app.now()).await;
    held.map_err(|it| Problem::ours(&it))
}

/// All that a visitor holds, if a permission is among it; who has it not is told so, and the audit log too.
pub(crate) async fn needing(
    app: &App,
    visitor: &Visitor,
    permission: Permission,
) -> Result<Holdings, Problem> {
    let held = held(app, visitor).await?;
    if held.may(&app.surroundings().roles, permission) {
        return Ok(held);
    }
    let actor = Actor::Account(visitor.account.id);
    let entry = Entry::new(actor, Purpose::SECURITY, "page.open").about("permission", permission);
    let told = audit::record(app.store(), &entry.refused(), app.now()).await;
    told.map_err(|it| Problem::ours(&it))?;
    Err(Problem::new(Kind::NotAllowed, ""))
}

/// A visitor as somebody who looks after accounts.
pub(super) fn administrator<'a>(
    app: &'a App,
    visitor: &Visitor,
    held: &'a Holdings,
) -> Administrator<'a> {
    let roles = &app.surroundings().roles;
    Administrator { store: app.store(), roles, account: visitor.account.id, held }
}
