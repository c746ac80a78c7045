//! What the database says is seen, against the tree walked by hand: 10,000 trees, each with grants of its own.

use std::collections::BTreeSet;

use model::organisation::{ADMINISTRATIVE, History, Membership, Organisation, Tree};
use model::{Bilingual, OrgCode};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use store::{Store, on_db};

use crate::grants::{Grant, Revocation, held};
use crate::id::AccountId;
use crate::organisations::testing;
use crate::roles::{Permission, Reach, Roles};
use crate::scope;
use crate::testing::{Counting, at};
use crate::{Changes, Purpose};

const FORESTS: u64 = 50;
const TREES: usize = 50;

/// Codes that are each other's beginnings, or differ in case and sign only.
const PARTS: [&str; 10] = ["0", "1", "10", "01", "9", "x", "X", "-", "中", "a"];

/// A tree: of each node the code and the parent, which is before it or none; and grants at its nodes.
#[derive(Clone, Debug)]
struct Planted {
    nodes: Vec<(Vec<Index>, Option<Index>)>,
    grants: Vec<AnyGrant>,
}

/// Organisation, role, whether with what is below, from when, how long, and when it was revoked.
type AnyGrant = (Index, Index, bool, i64, Option<i64>, Option<i64>);

fn any_tree() -> impl Strategy<Value = Planted> {
    let code = proptest::collection::vec(any::<Index>(), 1..4);
    let node = (code, proptest::option::weighted(0.9, any::<Index>()));
    let end = || proptest::option::weighted(0.3, -5..5_i64);
    let grant = (any::<Index>(), any::<Index>(), any::<bool>(), -4..2_i64, end(), end());
    (proptest::collection::vec(node, 1..10), proptest::collection::vec(grant, 0..5))
        .prop_map(|(nodes, grants)| Planted { nodes, grants })
}

/// A forest as it was planted, and the grants in it.
struct Forest {
    history: History,
    tree: Tree,
    grants: Vec<Grant>,
    accounts: Vec<AccountId>,
}

impl Forest {
    fn of(trees: &[Planted], roles: &Roles, entropy: &mut Counting) -> Self {
        let mut said = Changes::default();
        let mut taken: BTreeSet<OrgCode> = BTreeSet::new();
        let (mut grants, mut accounts) = (Vec::new(), Vec::new());
        for planted in trees {
            let mut own: Vec<OrgCode> = Vec::new();
            for (parts, parent) in &planted.nodes {
                let text: String = parts.iter().map(|it| *it.get(&PARTS)).collect();
                // As short as they can be, so that neighbours are close.
                let free = (0..).map(|it| format!("{text}{}", "0".repeat(it)).parse().unwrap());
                let code: OrgCode = free.into_iter().find(|it| !taken.contains(it)).unwrap();
                taken.insert(code.clone());
                said.add_version(organisation(&code));
                if let Some(parent) = parent.filter(|_| !own.is_empty()) {
                    said.add_membership(membership(&code, parent.get(&own)));
                }
                own.push(code);
            }
            let account = AccountId::new(at(0), entropy);
            accounts.push(account);
            for (place, role, subtree, from, until, revoked) in &planted.grants {
                let role = role.index(roles.iter().count());
                grants.push(Grant {
                    id: crate::grants::GrantId::new(at(0), entropy),
                    account,
                    role: roles.iter().nth(role).unwrap().code.clone(),
                    organisation: place.get(&own).clone(),
                    reach: if *subtree { Reach::Subtree } else { Reach::Alone },
                    purpose: Purpose::OPERATION,
                    valid_from: at(*from),
                    valid_until: until.map(|it| at(from + 1 + it.abs())),
                    granted_by: None,
                    granted_at: at(-9),
                    reason: "a test".to_owned(),
                    revoked: revoked.map(|it| Revocation {
                        by: None,
                        at: at(it),
                        reason: "a test".to_owned(),
                    }),
                    path: String::new(),
                });
            }
        }
        let history = said.preview(&History::default(), at(0));
        let tree = history.tree(ADMINISTRATIVE, "2026-09-21".parse().unwrap(), at(0));
        Self { history, tree, grants, accounts }
    }

    /// What an account sees, by walking up from every organisation.
    fn seen(&self, account: AccountId, roles: &Roles, permission: Permission) -> Vec<String> {
        let grants: Vec<&Grant> = self
            .grants
            .iter()
            .filter(|it| it.account == account)
            .filter(|it| it.valid_from <= at(0))
            .filter(|it| it.valid_until.is_none_or(|until| at(0) < until))
            .filter(|it| it.revoked.as_ref().is_none_or(|it| at(0) < it.at))
            .filter(|it| roles.get(&it.role).unwrap().may(permission))
            .collect();
        let sees = |code: &OrgCode| {
            grants.iter().any(|it| match it.reach {
                Reach::Alone => it.organisation == *code,
                Reach::Subtree => self.tree.is_within(code, &it.organisation),
            })
        };
        let codes = self.tree.iter().map(|it| &it.organisation.code);
        codes.filter(|it| sees(it)).map(ToString::to_string).collect()
    }
}

fn organisation(code: &OrgCode) -> Organisation {
    Organisation {
        code: code.clone(),
        name: Bilingual::default(),
        level: "school".to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from: "2000-01-01".parse().unwrap(),
        valid_to: None,
    }
}

fn membership(child: &OrgCode, parent: &OrgCode) -> Membership {
    Membership {
        hierarchy: ADMINISTRATIVE.to_owned(),
        child: child.clone(),
        parent: parent.clone(),
        valid_from: "2000-01-01".parse().unwrap(),
        valid_to: None,
    }
}

/// Puts grants into the registry as they are, as many at once as it takes.
async fn keep(store: &Store, grants: &[Grant]) {
    const ADD: &str = "INSERT INTO grants (id, account, role, organisation, reach, purpose, valid_from, \
                       valid_until, granted_at, reason, revoked_at, revoked_for) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    for some in grants.chunks(store::ROWS_AT_ONCE) {
        on_db!(store, pool => {
            let mut query = sqlx::query(store::widened(ADD, some.len()));
            for it in some {
                query = query
                    .bind(it.id.to_string())
                    .bind(it.account.to_string())
                    .bind(it.role.as_str())
                    .bind(it.organisation.as_str())
                    .bind(it.reach.as_str())
                    .bind(it.purpose.as_str())
                    .bind(it.valid_from.as_microsecond())
                    .bind(it.valid_until.map(|it| it.as_microsecond()))
                    .bind(it.granted_at.as_microsecond())
                    .bind(&it.reason)
                    .bind(it.revoked.as_ref().map(|it| it.at.as_microsecond()))
                    .bind(it.revoked.as_ref().map(|it| &it.reason));
            }
            query.execute(pool).await.map(|_| ())
        })
        .unwrap();
    }
}

async fn all_is_seen_that_should_be_and_nothing_else(seed: u64) {
    const SEEN: &str = "SELECT scope.code FROM organisation_paths scope \
                        WHERE scope.path >= $1 AND scope.path < $2";

    let store = store::testing::open().await;
    let roles = Roles::national();
    let mut entropy = Counting::default();
    let config = Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let forests = proptest::collection::vec(any_tree(), TREES);
    let (mut some, mut none) = (0, 0);
    for _ in 0..FORESTS {
        let planted = forests.new_tree(&mut runner).unwrap().current();
        let forest = Forest::of(&planted, &roles, &mut entropy);
        testing::keep_paths(&store, &forest.history, at(0)).await;
        keep(&store, &forest.grants).await;
        for account in &forest.accounts {
            let holdings = held(&store, *account, at(0)).await.unwrap();
            for permission in [Permission::ReadPeople, Permission::BeginCases] {
                let scope = holdings.scope(&roles, permission);
                let sql = scope.sql(SEEN).unwrap();
                let mut seen: Vec<String> = on_db!(store, pool => {
                    scope::within!(scope, sqlx::query_scalar(sql)).fetch_all(pool).await
                })
                .unwrap();
                seen.sort();
                let expected = forest.seen(*account, &roles, permission);
                assert_eq!(seen, expected, "{planted:?} {:?}", holdings.grants());
                if seen.is_empty() { none += 1 } else { some += 1 }
            }
        }
    }
    assert!(some > 1_000 && none > 1_000, "{some} saw something, {none} nothing");
}

#[tokio::test]
async fn the_first_quarter_of_ten_thousand_trees_shows_what_it_should() {
    all_is_seen_that_should_be_and_nothing_else(1).await;
}

#[tokio::test]
async fn the_second_quarter_of_ten_thousand_trees_shows_what_it_should() {
    all_is_seen_that_should_be_and_nothing_else(2).await;
}

#[tokio::test]
async fn the_third_quarter_of_ten_thousand_trees_shows_what_it_should() {
    all_is_seen_that_should_be_and_nothing_else(3).await;
}

#[tokio::test]
async fn the_fourth_quarter_of_ten_thousand_trees_shows_what_it_should() {
    all_is_seen_that_should_be_and_nothing_else(4).await;
}
