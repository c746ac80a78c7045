//! Steps that people take over HTTP while the server is killed at random instants: what was acknowledged is there, what
//! was not is there once when it is sent again, and no row of a sheet is a case that was begun and not handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

use casework::Actor;
use casework::cases::{self, CaseId, Chain};
use casework::lists::{self, Filter};
use jiff::Timestamp;
use network::audit::{Asked, entries};
use tokio::task::JoinHandle;

use super::centre::{Centre, Desk, SCHOOLS};
use super::clerk::{Clerk, Day, Site, serve};
use super::kill::Chance;

const KILLS: u32 = 12;
const CLERKS: u32 = 4;
/// What the scoreboard says before anything was computed.
const NO_RELEASE: &str = "还没有发布过数据";
/// How long a server is let alone at most, once it answers.
const LONGEST: Duration = Duration::from_millis(1_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_a_server_that_is_killed_are_neither_lost_nor_taken_twice() {
    let mut office = Clerks::begin().await;
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let [port] = ports();
    for _ in 0..KILLS {
        let server = serve(&office.centre, port);
        let at_work = office.set_to_work(&[port], &Arc::default());
        tokio::time::sleep(chance.up_to(LONGEST)).await;
        kill(server);
        office.come_back(at_work).await;
    }
    // Whatever was under way comes to its end.
    let server = serve(&office.centre, port);
    office.finish(&Site::new(vec![port])).await;
    kill(server);
    office.nothing_is_lost_or_there_twice().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_servers_on_one_registry_any_goes_on_where_another_was_killed() {
    let mut office = Clerks::begin().await;
    let mut chance = Chance(0x9ddf_ea08_eb38_2d69);
    let ports: [u16; 2] = ports();
    let mut servers = ports.map(|port| Some(serve(&office.centre, port)));
    let day = Arc::new(Day::default());
    let at_work = office.set_to_work(&ports, &day);
    for turn in 0..KILLS {
        tokio::time::sleep(chance.up_to(LONGEST)).await;
        let (port, server) = if turn % 2 == 0 { (0, 1) } else { (1, 0) };
        kill(servers[port].take().unwrap());
        assert!(servers[server].as_mut().unwrap().try_wait().unwrap().is_none());
        servers[port] = Some(serve(&office.centre, ports[port]));
    }
    day.end();
    office.come_back(at_work).await;
    // Whoever signed in at one is signed in at each, and a newer release is served by all of them.
    office.centre.run(&["compute"]);
    for port in ports {
        let each = Site::new(vec![port]);
        office.finish(&each).await;
        while each.open("/?lang=zh-CN", "").await.unwrap().contains(NO_RELEASE) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    servers.into_iter().flatten().for_each(kill);
    office.nothing_is_lost_or_there_twice().await;
}

/// Ports that nobody listens at.
fn ports<const N: usize>() -> [u16; N] {
    // All of them are held until the last is known, so that they differ.
    let held = [(); N].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    held.map(|it| it.local_addr().unwrap().port())
}

fn kill(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

/// A centre, and clerks who work on its cases.
struct Clerks {
    centre: Centre,
    desk: Desk,
    visited: Vec<(CaseId, Actor)>,
    clerks: Vec<Clerk>,
}

impl Clerks {
    async fn begin() -> Self {
        let centre = Centre::begin();
        let desk = centre.office().await;
        // Begun now: no time limit ends while the server looks at the clock.
        let now = Timestamp::now();
        let mut visited = vec![desk.reported_at(SCHOOLS[0], 900, now).await];
        let mut clerks = Vec::new();
        for number in 0..CLERKS {
            visited.push(desk.reported_at(SCHOOLS[0], 901 + number, now).await);
            let login = format!("clerk-{number}");
            let token = desk.signed_in(&login, SCHOOLS[0], now).await;
            // One case that all of them work on, and one that nobody else does.
            let own = visited.last().unwrap().0;
            clerks.push(Clerk::new(number, &token, [visited[0].0, own]));
        }
        Self { centre, desk, visited, clerks }
    }

    fn set_to_work(&mut self, ports: &[u16], day: &Arc<Day>) -> Vec<JoinHandle<Clerk>> {
        let set = |it: Clerk| tokio::spawn(it.work(Site::new(ports.to_vec()), Arc::clone(day)));
        self.clerks.drain(..).map(set).collect()
    }

    async fn come_back(&mut self, at_work: Vec<JoinHandle<Clerk>>) {
        for clerk in at_work {
            self.clerks.push(clerk.await.unwrap());
        }
    }

    async fn finish(&mut self, site: &Site) {
        for clerk in &mut self.clerks {
            clerk.finish(site).await;
        }
    }

    async fn nothing_is_lost_or_there_twice(&self) {
        let Self { centre, desk, visited, clerks } = self;
        let visits: usize = clerks.iter().map(|it| it.visits.len()).sum();
        let sheets: usize = clerks.iter().map(|it| it.pupils.len()).sum();
        assert!(
            visits > 40 && sheets > 40,
            "too little was done: {visits} visits, {sheets} pupils"
        );
        every_visit_is_there_once(desk, visited, clerks).await;
        every_row_is_a_case_that_was_handed_in(desk, &visited[0].1, clerks).await;
        assert!(centre.succeeds(&["audit", "verify"]));
    }
}

async fn every_visit_is_there_once(desk: &Desk, visited: &[(CaseId, Actor)], clerks: &[Clerk]) {
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for (case, actor) in visited {
        assert_eq!(cases::verify(&desk.office, *case).await.unwrap(), Chain::Sound);
        let history = cases::history(&desk.office, actor, *case, Timestamp::now()).await.unwrap();
        for step in history.iter().filter(|it| it.name == "visit") {
            *found.entry(step.note.clone()).or_default() += 1;
        }
        // The audit log knows each of them, and no other.
        let asked = Asked {
            action: Some("case.step".to_owned()),
            object: Some(case.to_string()),
            ..Asked::default()
        };
        let told = entries(&desk.store, &asked, 10_000).await.unwrap().len();
        assert_eq!(told, history.iter().filter(|it| it.name != "begin").count());
    }
    let done: BTreeSet<&String> = clerks.iter().flat_map(|it| &it.visits).collect();
    assert_eq!(found.keys().collect::<BTreeSet<_>>(), done);
    assert!(found.values().all(|it| *it == 1), "taken twice: {found:?}");
}

async fn every_row_is_a_case_that_was_handed_in(desk: &Desk, actor: &Actor, clerks: &[Clerk]) {
    let (mut pupils, mut numbers) = (BTreeMap::new(), BTreeSet::new());
    let mut filter = Filter::default();
    loop {
        let lines = lists::list(&desk.office, actor, &filter).await.unwrap();
        let Some(last) = lines.last() else { break };
        filter.after = Some(last.id);
        for line in lines {
            assert!(line.states.contains("school"), "{} was begun and not handed in", line.number);
            assert_eq!(cases::verify(&desk.office, line.id).await.unwrap(), Chain::Sound);
            let open = cases::get(&desk.office, actor, line.id, Timestamp::now()).await.unwrap();
            let pupil = open.case.form["pupil_number"].to_string();
            *pupils.entry(pupil).or_insert(0) += 1;
            let (_, number) = line.number.rsplit_once('-').unwrap();
            numbers.insert(number.parse::<usize>().unwrap());
        }
    }
    assert!(pupils.values().all(|it| *it == 1), "a row twice: {pupils:?}");
    for pupil in clerks.iter().flat_map(|it| &it.pupils) {
        assert!(pupils.contains_key(pupil), "the row of {pupil} is lost");
    }
    // No number was used up by a case that is not there.
    assert_eq!(
        numbers.iter().copied().collect::<Vec<_>>(),
        (1..=numbers.len()).collect::<Vec<_>>()
    );
}
