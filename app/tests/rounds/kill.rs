//! Rounds killed at random instants: steps of the clock, letters and rows are there once, all of them.

use std::thread::sleep;
use std::time::{Duration, Instant};

use casework::cases::{self, Chain};
use casework::{letters, outbox};

use super::centre::{Centre, SCHOOLS, time};

const KILLS: u32 = 15;

#[tokio::test]
async fn rounds_killed_at_random_instants_lose_nothing_and_do_nothing_twice() {
    let centre = Centre::begin();
    let desk = centre.office().await;
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    // How long one takes when it is let alone.
    desk.watched(SCHOOLS[0], 900).await;
    let start = Instant::now();
    centre.run(&["cases", "run"]);
    let longest = start.elapsed();
    let mut watched = Vec::new();
    let mut instructed = Vec::new();
    let mut killed = 0;
    for round in 0..KILLS {
        let school = if round % 2 == 0 { SCHOOLS[0] } else { SCHOOLS[1] };
        // The clock has been looked at for this one; what is due of the next is left to the process.
        instructed.push(desk.instructed(school, 100 + round).await);
        desk.settled(school, 200 + round).await;
        watched.push(desk.watched(school, round).await);
        let mut process = centre.start(&["cases", "run"]);
        sleep(chance.up_to(longest * 2));
        process.kill().unwrap();
        killed += u32::from(!process.wait().unwrap().success());
    }
    assert!(killed >= KILLS / 3, "only {killed} of {KILLS} were still running when killed");
    centre.run(&["cases", "run"]);
    assert!(outbox::letters(&desk.office, 10).await.unwrap().is_empty());
    assert_eq!(desk.waiting().await, 0);

    let at = time("2026-02-10T00:00:00Z");
    for (case, clerk) in &watched {
        assert_eq!(cases::verify(&desk.office, *case).await.unwrap(), Chain::Sound);
        let history = cases::history(&desk.office, clerk, *case, at).await.unwrap();
        assert_eq!(history.iter().filter(|it| it.name == "stable").count(), 1);
    }
    for (case, clerk) in &instructed {
        let issued = letters::issued_of(&desk.office, clerk, *case).await.unwrap();
        assert_eq!(issued.len(), 2, "{issued:?}");
        for letter in issued {
            let folder = centre.data().join("letters");
            let read =
                letters::bytes(&desk.office, &folder, clerk, *case, &letter.number, at).await;
            assert_eq!(read.unwrap().0, letter);
        }
    }
    centre.run(&["compute"]);
    // Of the year that the cases were settled in, whatever the clock of this machine says.
    let (_, returned, closed) = centre.figure("KS-01", "120000");
    let settled = closed.parse::<u32>().unwrap() - returned.parse::<u32>().unwrap();
    assert_eq!(settled, KILLS);
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn up_to(&mut self, longest: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let thousandth = u32::try_from((bits ^ (bits >> 31)) % 1000).unwrap();
        longest * thousandth / 1000
    }
}
