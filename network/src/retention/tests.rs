use std::collections::BTreeSet;

use jiff::Timestamp;
use model::OrgCode;
use store::{Store, on_db};

use super::erasure::ERASE;
use super::{
    Carried, DataClass, Decision, HoldError, RequestError, RequestId, RequestKind, Rules, ask,
    decide, foresee, holds_of, lift, open, read, read_over, requests_of, run, set,
};
use crate::accounts;
use crate::audit::{self, Actor, Asked, Entry, reference_of, verify};
use crate::grants::{self, Authority, give};
use crate::id::{AccountId, PersonId};
use crate::invitations::usual;
use crate::personal::Reading;
use crate::purpose::Purpose;
use crate::roles::{Permission, Reach, Roles};
use crate::scope::{PathRange, Scope};
use crate::testing::{Counting, at};

/// A city in which somebody has an account at school 7.
struct Office {
    store: Store,
    entropy: Counting,
    account: AccountId,
    person: PersonId,
    roles: Roles,
    /// Protects personal data in district 120101.
    officer: AccountId,
}

impl Office {
    async fn new() -> Self {
        let store = store::testing::open().await;
        let said = crate::organisations::testing::numbered();
        crate::record(&store, &said, at(0), jiff::tz::Offset::UTC).await.unwrap();
        let mut entropy = Counting::default();
        let (login, name) = ("zhang".parse().unwrap(), "张三".parse().unwrap());
        let account =
            accounts::open(&store, &login, &name, &school(), at(0), &mut entropy).await.unwrap();
        let person = accounts::find(&store, account).await.unwrap().unwrap().person;
        let roles = Roles::national();
        let mut office = Self { store, entropy, account, person, roles, officer: account };
        office.officer = office.officer_of("officer", "120101").await;
        office
    }

    /// Somebody who protects personal data at an organisation.
    async fn officer_of(&mut self, login: &str, organisation: &str) -> AccountId {
        let (login, name) = (login.parse().unwrap(), "李四".parse().unwrap());
        let home = organisation.parse().unwrap();
        let (store, entropy) = (&self.store, &mut self.entropy);
        let account = accounts::open(store, &login, &name, &home, at(0), entropy).await.unwrap();
        self.appoint(account, organisation).await;
        account
    }

    async fn appoint(&mut self, account: AccountId, organisation: &str) {
        let role = self.roles.get(&"data_protection_officer".parse().unwrap()).unwrap();
        let home = organisation.parse().unwrap();
        let wanted = usual(role, account, &home, at(0), "岗位任命".to_owned()).unwrap();
        let (store, roles, entropy) = (&self.store, &self.roles, &mut self.entropy);
        give(store, roles, Actor::System, &wanted, entropy, at(0)).await.unwrap();
    }

    /// What somebody decides of a request.
    async fn decided_by(
        &self,
        account: AccountId,
        request: RequestId,
        why: &str,
    ) -> Result<(), RequestError> {
        let by = Authority::of(account, &self.roles);
        decide(&self.store, by, request, Decision::Granted, why, at(2)).await
    }

    async fn ask(&mut self, kind: &RequestKind) -> Result<RequestId, RequestError> {
        let by = Actor::Account(self.account);
        let home = school();
        ask(&self.store, by, self.person, kind, &home, at(1), &mut self.entropy).await
    }

    /// By somebody else, who may decide in district 120101.
    async fn decide(&self, request: RequestId, decision: Decision) -> Result<(), RequestError> {
        let by = Authority::of(self.officer, &self.roles);
        decide(&self.store, by, request, decision, "已核实", at(2)).await
    }

    async fn run(&self, seconds: i64) -> Carried {
        run(&self.store, &Rules::national(), at(seconds)).await.unwrap()
    }

    async fn name(&self) -> Option<String> {
        let person = crate::people::find(&self.store, self.person).await.unwrap();
        person.map(|it| it.name.as_str().to_owned())
    }

    async fn count(&self, sql: &'static str) -> i64 {
        on_db!(self.store, pool => sqlx::query_scalar(sql).fetch_one(pool).await).unwrap()
    }

    async fn execute(&self, sql: &'static str) {
        on_db!(self.store, pool => sqlx::query(sql).execute(pool).await.map(|_| ())).unwrap();
    }
}

fn school() -> OrgCode {
    "7".parse().unwrap()
}

fn day(number: i64) -> Timestamp {
    at(number * 86_400)
}

#[tokio::test]
async fn a_name_is_corrected_when_it_was_asked_for_and_granted() {
    let mut office = Office::new().await;
    let request = office.ask(&RequestKind::CorrectName("张叁".parse().unwrap())).await.unwrap();
    assert_eq!(office.run(2).await, Carried::default());
    office.decide(request, Decision::Granted).await.unwrap();
    assert_eq!(office.name().await.as_deref(), Some("张三"));
    assert_eq!(office.run(3).await, Carried { requests: 1, ..Carried::default() });
    assert_eq!(office.name().await.as_deref(), Some("张叁"));
    assert_eq!(office.run(4).await, Carried::default(), "it is done once");
    let own = requests_of(&office.store, office.person).await.unwrap();
    assert_eq!((own[0].decision, own[0].ended_at), (Some(Decision::Granted), Some(at(3))));
    let values = "SELECT COUNT(*) FROM personal_requests WHERE value IS NOT NULL";
    assert_eq!(office.count(values).await, 0);
}

#[tokio::test]
async fn a_deleted_person_leaves_the_log_and_nothing_else() {
    let mut office = Office::new().await;
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "person.read")
        .about_person(office.person, &mut office.entropy);
    audit::record(&office.store, &entry, at(0)).await.unwrap();
    let request = office.ask(&RequestKind::Delete).await.unwrap();
    office.decide(request, Decision::Granted).await.unwrap();
    assert!(reference_of(&office.store, office.person).await.unwrap().is_some());
    assert_eq!(office.run(3).await.requests, 1);

    assert_eq!(office.name().await, None);
    assert_eq!(accounts::find(&office.store, office.account).await.unwrap(), None);
    assert_eq!(reference_of(&office.store, office.person).await.unwrap(), None);
    let log = audit::entries(&office.store, &Asked::default(), 100).await.unwrap();
    let actions: Vec<&str> = log.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "request.carry-out",
            "request.decide",
            "request.ask",
            "person.read",
            "grant.give",
            "account.open",
            "account.open"
        ]
    );
    assert_eq!(verify(&office.store, None, None).await.unwrap().fault, None);
    let left = "SELECT COUNT(*) FROM personal_requests WHERE person IS NOT NULL";
    assert_eq!(office.count(left).await, 0);
}

#[tokio::test]
async fn a_legal_hold_keeps_everything_until_it_is_lifted() {
    let mut office = Office::new().await;
    let why = "（2026）津0101民初1号";
    let (by, account) = (Authority::PROGRAM, office.account);
    let hold = set(&office.store, by, account, why, at(0), &mut office.entropy).await.unwrap();
    let request = office.ask(&RequestKind::Delete).await.unwrap();
    office.decide(request, Decision::Granted).await.unwrap();
    assert_eq!(office.run(3).await, Carried { held: 1, ..Carried::default() });
    assert!(requests_of(&office.store, office.person).await.unwrap()[0].is_held);
    accounts::close(&office.store, Actor::System, office.account, at(3)).await.unwrap();
    assert_eq!(office.run(86_400 * 9_000).await.persons, 0, "nor does its age take it away");
    assert!(office.name().await.is_some());

    lift(&office.store, by, hold, at(5)).await.unwrap();
    let again = lift(&office.store, by, hold, at(6)).await;
    assert!(matches!(again, Err(HoldError::NoHold)));
    let holds = holds_of(&office.store, office.person).await.unwrap();
    assert_eq!(holds[0].lifted_at, Some(at(5)));
    assert_eq!(office.run(7).await.requests, 1);
    assert_eq!(office.name().await, None);
}

#[tokio::test]
async fn a_legal_hold_keeps_no_name_from_being_put_right() {
    let mut office = Office::new().await;
    let (by, why) = (Authority::PROGRAM, "（2026）津0101民初1号");
    set(&office.store, by, office.account, why, at(0), &mut office.entropy).await.unwrap();
    let request = office.ask(&RequestKind::CorrectName("张叁".parse().unwrap())).await.unwrap();
    let deletion = office.ask(&RequestKind::Delete).await.unwrap();
    let held = async |office: &Office| -> Vec<bool> {
        let requests = requests_of(&office.store, office.person).await.unwrap();
        requests.iter().map(|it| it.is_held).collect()
    };
    assert_eq!(held(&office).await, [true, false], "the latest first");
    office.decide(request, Decision::Granted).await.unwrap();
    assert_eq!(office.run(3).await, Carried { requests: 1, ..Carried::default() });
    assert_eq!(office.name().await.as_deref(), Some("张叁"));
    office.decide(deletion, Decision::Refused).await.unwrap();
    assert_eq!(held(&office).await, [false, false], "nor what was refused");
}

#[tokio::test]
async fn a_refused_request_ends_and_can_be_asked_again() {
    let mut office = Office::new().await;
    let request = office.ask(&RequestKind::Delete).await.unwrap();
    assert!(matches!(office.ask(&RequestKind::Delete).await, Err(RequestError::Open)));
    office.decide(request, Decision::Refused).await.unwrap();
    assert!(matches!(office.decide(request, Decision::Granted).await, Err(RequestError::NotOpen)));
    assert_eq!(office.run(3).await, Carried::default());
    assert!(office.name().await.is_some());
    office.ask(&RequestKind::Delete).await.unwrap();
}

#[tokio::test]
async fn only_who_may_decides_and_nobody_the_own() {
    let mut office = Office::new().await;
    let request = office.ask(&RequestKind::Delete).await.unwrap();
    let range = |path| Scope::of([(PathRange::of(path, Reach::Subtree), Default::default())]);
    for scope in [Scope::nothing(), range("/12/1201010/")] {
        assert!(open(&office.store, &scope, 9).await.unwrap().is_empty());
    }
    assert_eq!(open(&office.store, &range("/12/120101/"), 9).await.unwrap().len(), 1);
    let neighbour = office.officer_of("neighbour", "1201010").await;
    for stranger in [AccountId::new(at(0), &mut office.entropy), neighbour] {
        let answer = office.decided_by(stranger, request, "已核实").await;
        assert!(matches!(answer, Err(RequestError::NotOpen)));
        let last = audit::entries(&office.store, &Asked::default(), 1).await.unwrap();
        assert_eq!(
            (last[0].action.as_str(), last[0].outcome.as_str()),
            ("request.decide", "refused")
        );
    }
    office.appoint(office.account, "120101").await;
    let answer = office.decided_by(office.account, request, "已核实").await;
    assert!(matches!(answer, Err(RequestError::Oneself)));
    let answer = office.decided_by(office.officer, request, " ").await;
    assert!(matches!(answer, Err(RequestError::Reason)));
}

#[tokio::test]
async fn a_hold_is_set_seen_and_lifted_in_the_own_part_only() {
    let mut office = Office::new().await;
    let neighbour = office.officer_of("neighbour", "1201010").await;
    let roles = Roles::national();
    let (here, there) = (Authority::of(office.officer, &roles), Authority::of(neighbour, &roles));
    let account = office.account;
    let (store, entropy) = (&office.store, &mut office.entropy);
    let outside = set(store, there, account, "案件一", at(1), entropy).await;
    assert!(matches!(outside, Err(HoldError::NotYours)));
    let empty = set(store, here, account, " ", at(1), entropy).await;
    assert!(matches!(empty, Err(HoldError::Reason)));
    let hold = set(store, here, account, "案件一", at(1), entropy).await.unwrap();
    let seen = async |account: AccountId| {
        let own = grants::held(store, account, at(1)).await.unwrap();
        let scope = own.scope(&roles, Permission::SetHolds);
        let reading = Reading::of(scope, account, Purpose::SECURITY, "hold.read", at(1));
        super::held(store, &reading, 9).await.unwrap()
    };
    assert_eq!(seen(neighbour).await, []);
    let held = seen(office.officer).await;
    assert_eq!((held[0].id, held[0].name.as_deref(), held.len()), (hold, Some("张三"), 1));
    assert!(matches!(lift(store, there, hold, at(2)).await, Err(HoldError::NoHold)));
    lift(store, here, hold, at(2)).await.unwrap();
    assert_eq!(seen(office.officer).await, []);
}

#[tokio::test]
async fn what_is_older_than_its_period_goes_and_the_log_says_how_much() {
    let office = Office::new().await;
    office
        .execute(
            "INSERT INTO sign_in_failures (kind, key, failures, last_at) \
             VALUES ('network', 'a', 3, 1790000000000000), ('network', 'b', 3, 1792592000000000)",
        )
        .await;
    let rules = Rules::national();
    assert!(run(&office.store, &rules, day(30)).await.unwrap().aged.is_empty());
    let late = day(30) + jiff::SignedDuration::from_secs(1);
    let foreseen = foresee(&office.store, &rules, late).await.unwrap();
    assert_eq!(office.count("SELECT COUNT(*) FROM sign_in_failures").await, 2, "only foreseen");
    let carried = run(&office.store, &rules, late).await.unwrap();
    assert_eq!(foreseen, carried);
    assert_eq!(carried.aged, [(DataClass::SignInFailures, 1)].into());
    assert_eq!(office.count("SELECT COUNT(*) FROM sign_in_failures").await, 1);
    let log = audit::entries(&office.store, &Asked::default(), 9).await.unwrap();
    assert_eq!((log[0].object.as_deref(), log[0].row_count), (Some("sign_in_failures"), Some(1)));
}

#[tokio::test]
async fn a_person_goes_when_the_last_account_was_closed_long_enough() {
    let office = Office::new().await;
    accounts::close(&office.store, Actor::System, office.account, at(0)).await.unwrap();
    assert_eq!(run(&office.store, &Rules::national(), day(1_095)).await.unwrap().persons, 0);
    let late = day(1_095) + jiff::SignedDuration::from_secs(1);
    assert_eq!(run(&office.store, &Rules::national(), late).await.unwrap().persons, 1);
    assert_eq!(office.name().await, None);
}

#[test]
fn the_national_periods_are_sound() {
    let (rules, findings) = read("retention.toml", include_str!("../../../rules/retention.toml"));
    assert_eq!(findings, []);
    assert_eq!(rules.iter().count(), DataClass::ALL.len());
}

#[test]
fn what_is_wrong_with_periods_is_found_with_its_line() {
    let text = include_str!("../../../rules/retention.toml");
    let after = |old: &str, new: &str| {
        let findings = read("retention.toml", &text.replacen(old, new, 1)).1;
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let findings = [
        after("code = \"sessions\"", "code = \"session\""),
        after("days = 183", "days = 0"),
        after("action = \"delete\"", "action = \"burn\""),
        after("action = \"keep\"", "action = \"delete\""),
        after("answer_within_days = 30", "answer_within_days = 300"),
        after("code = \"known_devices\"", "code = \"sessions\""),
        after("law =", "laws ="),
        read("retention.toml", "answer_within_days = 30").1.len().to_string(),
    ];
    insta::assert_snapshot!(findings.join("\n--\n"));
}

/// Of every table that refers to persons or accounts, somebody has decided what becomes of it when a person goes.
#[tokio::test]
async fn every_table_about_persons_has_its_place_in_their_deletion() {
    /// What stays, because it says what an account did and not who it is of.
    const STAYS: [&str; 2] = ["audit_entries", "audit_keys"];
    const COLUMNS: [&str; 3] = ["person", "account", "login"];

    let store = store::testing::open().await;
    let sql = match store.pool() {
        store::Pool::Sqlite(_) => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table'"
        }
        store::Pool::Postgres(_) => {
            "SELECT table_name::TEXT, column_name::TEXT FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
    };
    let columns: Vec<(String, String)> =
        on_db!(store, pool => sqlx::query_as(sql).fetch_all(pool).await).unwrap();
    let about: BTreeSet<String> = columns
        .into_iter()
        .filter(|(table, column)| COLUMNS.contains(&column.as_str()) || table == "people")
        // What was done in a case is a record of the authority, kept by the rules of its procedure.
        .filter(|(table, _)| !table.starts_with("case_"))
        .map(|(table, _)| table)
        .collect();
    let decided: BTreeSet<String> =
        ERASE.iter().map(|it| it.0).chain(STAYS).map(str::to_owned).collect();
    let open: Vec<_> = about.difference(&decided).collect();
    assert!(open.is_empty(), "nobody decided what becomes of {open:?} when a person is deleted");
}

#[test]
fn a_city_says_other_periods_in_the_place_of_the_national_ones() {
    let national = ("retention.toml", super::NATIONAL);
    let own = "answer_within_days = 15\n\n[[class]]\ncode = \"sessions\"\n\
               title = { zh = \"会话\", en = \"Sessions\" }\nlaw = \"本市规定\"\n\
               from = { zh = \"结束\", en = \"their end\" }\ndays = 365\naction = \"delete\"\n";
    let (rules, findings) = read_over(&[national, ("city.toml", own)]);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(rules.answer_within_days, 15);
    assert_eq!(rules.get(DataClass::Sessions).unwrap().days, Some(365));
    assert_eq!(rules.iter().count(), DataClass::ALL.len());
    for (old, new, line) in [("365", "0", 8), ("sessions", "session", 4), ("15", "91", 1)] {
        let text = own.replace(old, new);
        let findings = read_over(&[national, ("city.toml", &text)]).1;
        assert_eq!((findings.len(), findings[0].file.as_str()), (1, "city.toml"), "{new}");
        assert_eq!(findings[0].row, Some(line), "{new}");
    }
}
