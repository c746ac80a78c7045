use proptest::prelude::*;
use store::testing;

use super::*;
use crate::accounts;
use crate::testing::{Counting, at};

/// An owner with a known device, and everybody else.
struct Gate {
    store: Store,
    key: CentreKey,
    login: Login,
    account: AccountId,
    device: Token,
    entropy: Counting,
}

const HOME: &str = "192.0.2.0/24";
const ELSEWHERE: &str = "198.51.100.0/24";

/// An account's owner has signed in from a device.
async fn know(store: &Store, account: AccountId, device: &Token) {
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.unwrap();
        let batch = and_known(Batch::default(), account, device, at(0));
        transaction.run(batch).await.unwrap();
        transaction.commit().await.unwrap();
    });
}

impl Gate {
    async fn new() -> Self {
        let (store, mut entropy) = (testing::open().await, Counting::default());
        let login: Login = "owner".parse().unwrap();
        let (name, home) = ("王".parse().unwrap(), "120101".parse().unwrap());
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        let device = Token::new(&mut entropy);
        know(&store, account, &device).await;
        Self { store, key: CentreKey::new([1; 32]), login, account, device, entropy }
    }

    async fn admit(&self, device: Option<&Token>, network: &str, at: i64) -> Result<Try, Wait> {
        let (login, account) = (&self.login, Some(self.account));
        let trier = Trier { login, account, device, network };
        admit(&self.store, &self.key, &trier, crate::testing::at(at)).await.unwrap()
    }

    async fn nobody(&self, login: &str, network: &str, at: i64) -> Result<Try, Wait> {
        let login = login.parse().unwrap();
        let trier = Trier { login: &login, account: None, device: None, network };
        admit(&self.store, &self.key, &trier, crate::testing::at(at)).await.unwrap()
    }

    /// Fails as often as it is let through at one instant.
    async fn fail(&self, network: &str, times: u32, at: i64) -> u32 {
        let mut let_through = 0;
        for _ in 0..times {
            let_through += u32::from(self.admit(None, network, at).await.is_ok());
        }
        let_through
    }
}

#[tokio::test]
async fn a_few_failures_are_free_and_then_each_waits_longer() {
    let gate = Gate::new().await;
    assert_eq!(gate.fail(ELSEWHERE, 20, 0).await, 5);
    let mut waits = Vec::new();
    let mut now = 0;
    for _ in 0..14 {
        let wait = gate.admit(None, ELSEWHERE, now).await.unwrap_err();
        let until = wait.until.as_second() - at(0).as_second();
        waits.push(until - now);
        assert!(gate.admit(None, ELSEWHERE, until - 1).await.is_err() || until - now == 1);
        assert!(gate.admit(None, ELSEWHERE, until).await.is_ok());
        now = until;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
}

#[tokio::test]
async fn of_many_who_come_at_once_nobody_waits_for_another() {
    let gate = Gate::new().await;
    assert!(gate.nobody("one", HOME, 10).await.is_ok());
    // It came a moment earlier and is counted later.
    assert!(gate.nobody("other", HOME, 9).await.is_ok());
}

#[tokio::test]
async fn an_attacker_does_not_delay_the_owners_known_device() {
    let gate = Gate::new().await;
    for second in 0..200 {
        for network in [ELSEWHERE, HOME, "203.0.113.0/24"] {
            let _ = gate.admit(None, network, second).await;
        }
    }
    assert!(gate.admit(None, HOME, 200).await.is_err());
    assert!(gate.admit(Some(&gate.device), HOME, 200).await.is_ok());
}

#[tokio::test]
async fn an_attacker_elsewhere_does_not_delay_an_unknown_device_at_home() {
    let gate = Gate::new().await;
    gate.fail(ELSEWHERE, 500, 0).await;
    assert!(gate.admit(None, HOME, 0).await.is_ok());
}

#[tokio::test]
async fn a_made_up_device_has_no_allowance_of_its_own() {
    let mut gate = Gate::new().await;
    let mut let_through = 0;
    for _ in 0..50 {
        let made_up = Token::new(&mut gate.entropy);
        let_through += u32::from(gate.admit(Some(&made_up), ELSEWHERE, 0).await.is_ok());
    }
    assert_eq!(let_through, 5);
}

#[tokio::test]
async fn another_accounts_device_is_not_this_ones() {
    let mut gate = Gate::new().await;
    let (login, name): (Login, _) = ("attacker".parse().unwrap(), "李".parse().unwrap());
    let home = "120101".parse().unwrap();
    let other = accounts::open(&gate.store, &login, &name, &home, at(0), &mut gate.entropy);
    let other = other.await.unwrap();
    let device = Token::new(&mut gate.entropy);
    know(&gate.store, other, &device).await;
    let mut let_through = 0;
    for _ in 0..50 {
        let_through += u32::from(gate.admit(Some(&device), ELSEWHERE, 0).await.is_ok());
    }
    assert_eq!(let_through, 5);
}

#[tokio::test]
async fn a_stolen_device_is_slowed_down_too() {
    let gate = Gate::new().await;
    let mut let_through = 0;
    for _ in 0..50 {
        let_through += u32::from(gate.admit(Some(&gate.device), HOME, 0).await.is_ok());
    }
    assert_eq!(let_through, 5);
}

#[tokio::test]
async fn many_logins_tried_from_one_network_wait_too() {
    let gate = Gate::new().await;
    let mut let_through = 0;
    for number in 0..300 {
        let login = format!("user{number}");
        let_through += u32::from(gate.nobody(&login, ELSEWHERE, 0).await.is_ok());
    }
    assert_eq!(let_through, 100);
}

#[tokio::test]
async fn whether_somebody_has_an_account_makes_no_difference() {
    let gate = Gate::new().await;
    for second in 0..30 {
        let one = gate.admit(None, HOME, second).await.is_ok();
        let other = gate.nobody("nobody-at-all", ELSEWHERE, second).await.is_ok();
        assert_eq!(one, other, "{second}");
    }
}

#[tokio::test]
async fn success_is_forgiven_but_not_the_networks_other_failures() {
    let gate = Gate::new().await;
    for number in 0..99 {
        let _ = gate.nobody(&format!("user{number}"), HOME, 0).await;
    }
    let admitted = gate.admit(None, HOME, 0).await.unwrap();
    succeeded(&gate.store, &admitted).await.unwrap();
    let _ = gate.nobody("user100", HOME, 0).await.unwrap();
    assert!(gate.nobody("user101", HOME, 0).await.is_err());
}

#[tokio::test]
async fn failures_are_forgotten_after_a_day() {
    let gate = Gate::new().await;
    gate.fail(ELSEWHERE, 50, 0).await;
    assert_eq!(gate.fail(ELSEWHERE, 50, 24 * 3600).await, 5);
    forget(&gate.store, at(24 * 3600 + 1)).await.unwrap();
    assert_eq!(gate.fail(ELSEWHERE, 50, 24 * 3600 + 2).await, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tries_at_the_same_time_are_counted_before_they_are_answered() {
    let gate = std::sync::Arc::new(Gate::new().await);
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let gate = std::sync::Arc::clone(&gate);
            tokio::spawn(async move { gate.admit(None, ELSEWHERE, 0).await.is_ok() })
        })
        .collect();
    let mut let_through = 0;
    for task in tasks {
        let_through += u32::from(task.await.unwrap());
    }
    assert_eq!(let_through, 5);
}

#[derive(Clone, Debug)]
enum Step {
    Attack { network: u8, device: bool },
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, any::<bool>()).prop_map(|(network, device)| Step::Attack { network, device }),
        1 => (0..2_000_i64).prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever an attacker does, from wherever, an owner who fails fewer times than is free never waits.
    #[test]
    fn no_attack_delays_an_owner(steps in prop::collection::vec(step(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut gate = Gate::new().await;
            let mut now = 0;
            for step in steps {
                match step {
                    Step::Pass(seconds) => now += seconds,
                    Step::Attack { network, device } => {
                        let made_up = device.then(|| Token::new(&mut gate.entropy));
                        let network = [HOME, ELSEWHERE, "2001:db8::/48"][usize::from(network)];
                        let _ = gate.admit(made_up.as_ref(), network, now).await;
                    }
                }
            }
            for _ in 0..5 {
                assert!(gate.admit(Some(&gate.device), HOME, now).await.is_ok());
            }
        });
    }
}
