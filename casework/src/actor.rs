//! Who acts: an account with what it holds, and which parts it may take in a case.

use std::collections::BTreeSet;

use model::dataset::Disclosure;
use network::AccountId;
use network::grants::Holdings;
use network::purpose::Purpose;
use network::scope::{PathRange, Scope};

use crate::cases::Standing;
use crate::procedure::{Holder, Procedure, Role};

/// Whoever asks for something, with what he holds at that instant.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account: AccountId,
    /// Where the organisation stands that the account belongs to.
    pub home: Option<String>,
    /// What he handles cases for.
    pub purpose: Purpose,
    held: Vec<(String, PathRange)>,
    /// Whose cases he may read besides those he is a party to.
    pub scope: Scope,
}

impl Actor {
    /// An account with its grants; `scope` is where it may read cases.
    pub fn new(
        account: AccountId,
        home: Option<String>,
        holdings: &Holdings,
        purpose: Purpose,
        scope: Scope,
    ) -> Self {
        let held = holdings.grants().iter().map(|it| (it.role.to_string(), it.range()));
        Self::holding(account, home, held.collect(), purpose, scope)
    }

    /// An account that holds roles of the network, each for the organisations of a range.
    pub fn holding(
        account: AccountId,
        home: Option<String>,
        held: Vec<(String, PathRange)>,
        purpose: Purpose,
        scope: Scope,
    ) -> Self {
        Self { account, home, purpose, held, scope }
    }

    /// As the audit log names him.
    pub(crate) const fn audited(&self) -> network::audit::Actor {
        network::audit::Actor::Account(self.account)
    }

    /// Fields that are hidden from every role he has in a case.
    pub(crate) fn hidden(&self, procedure: &Procedure, case: &Standing) -> BTreeSet<String> {
        let mut roles = procedure.roles.iter().filter(|it| self.plays(procedure, it, case));
        let first = roles.next().map(|it| hidden_from(procedure, it)).unwrap_or_default();
        roles.fold(first, |hidden, role| {
            hidden.intersection(&hidden_from(procedure, role)).cloned().collect()
        })
    }

    /// Roles of the network, and where they are held.
    pub fn held(&self) -> &[(String, PathRange)] {
        &self.held
    }

    /// Whether one of a role's grants is held for the organisation at a path.
    fn holds_grant(&self, role: &Role, path: &str) -> bool {
        let deep = |range| role.depth.is_none_or(|it| i64::from(it) == crate::lists::depth(range));
        self.held
            .iter()
            .any(|(grant, range)| role.grants.contains(grant) && deep(range) && range.holds(path))
    }

    /// Whether a case may be begun in a role for the organisation at a path.
    pub(crate) fn may_begin(&self, role: &Role, path: &str) -> bool {
        match role.holder {
            Holder::Granted | Holder::Beginner => self.holds_grant(role, path),
            Holder::Assigned | Holder::Public => false,
        }
    }

    /// Whether a part may be taken in a case, as far as grants, assignments and kinship go.
    pub(crate) fn plays(&self, procedure: &Procedure, role: &Role, case: &Standing) -> bool {
        let holds = match role.holder {
            Holder::Granted => {
                let path = case.path_of(role.over.as_deref().unwrap_or_default());
                path.is_some_and(|it| self.holds_grant(role, it))
            }
            Holder::Beginner => case.beginner == self.account,
            Holder::Assigned => case.assigned.contains(&(role.name.clone(), self.account)),
            Holder::Public => {
                let mut public = case.entered.keys().filter_map(|it| procedure.state(it));
                public.any(|it| it.is_public)
                    && self.held.iter().any(|(grant, _)| role.grants.contains(grant))
            }
        };
        holds && !(role.is_stranger && self.is_kin(case))
    }

    /// Whether the account belongs to the case's organisation or a part of it.
    pub(crate) fn is_kin(&self, case: &Standing) -> bool {
        let own = case.path_of("");
        matches!((own, &self.home), (Some(own), Some(home)) if home.starts_with(own))
    }

    /// The role that keeps somebody out of this one, because he acted in it.
    pub(crate) fn apart<'a>(
        &self,
        procedure: &'a Procedure,
        role: &Role,
        case: &Standing,
    ) -> Option<&'a Role> {
        procedure.roles.iter().find(|other| {
            let apart =
                role.apart_from.contains(&other.name) || other.apart_from.contains(&role.name);
            apart && case.acted.contains(&(other.name.clone(), self.account))
        })
    }

    /// The roles in which the account may act in a case.
    pub fn roles<'a>(&self, procedure: &'a Procedure, case: &Standing) -> Vec<&'a Role> {
        let roles = procedure.roles.iter();
        roles
            .filter(|it| {
                self.plays(procedure, it, case) && self.apart(procedure, it, case).is_none()
            })
            .collect()
    }

    /// Whether the account may see a case at all.
    pub fn sees(&self, procedure: &Procedure, case: &Standing) -> bool {
        self.account == case.beginner
            || procedure.roles.iter().any(|it| self.plays(procedure, it, case))
    }

    /// Whether it is a party to a case, and not only the public that may object: it sees history, files and letters.
    pub fn is_party(&self, procedure: &Procedure, case: &Standing) -> bool {
        let mut roles = procedure.roles.iter().filter(|it| it.holder != Holder::Public);
        self.account == case.beginner || roles.any(|it| self.plays(procedure, it, case))
    }
}

fn hidden_from(procedure: &Procedure, role: &Role) -> BTreeSet<String> {
    let fields = procedure.form.fields.values();
    let closed = fields
        .filter(|it| role.holder == Holder::Public && it.disclosure != Disclosure::Public)
        .map(|it| it.name.clone());
    role.hidden.iter().cloned().chain(closed).collect()
}
