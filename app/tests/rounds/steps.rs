//! Steps that people take over HTTP while the server is killed at random instants: what was acknowledged is there, what
//! was not is there once when it is sent again, and no row of a sheet is a case that was begun and not handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use casework::Actor;
use casework::cases::{self, CaseId, Chain};
use casework::lists::{self, Filter};
use jiff::Timestamp;
use network::audit::{Asked, entries};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};

use super::centre::{Centre, Desk, SCHOOLS};
use super::kill::Chance;
use super::workbook::workbook;

const KILLS: u32 = 12;
const CLERKS: u32 = 4;
/// Rows of one sheet.
const ROWS: u32 = 15;
/// How long a server is let alone at most, once it answers.
const LONGEST: Duration = Duration::from_millis(1_500);
const SHEET: &str = "/cases/new/drop-out/sheet";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_a_server_that_is_killed_are_neither_lost_nor_taken_twice() {
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
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let site = Site::new(port);
    for _ in 0..KILLS {
        let mut server = serve(&centre, port);
        let at_work: Vec<_> =
            clerks.drain(..).map(|it| tokio::spawn(it.work(site.clone()))).collect();
        tokio::time::sleep(chance.up_to(LONGEST)).await;
        server.kill().unwrap();
        server.wait().unwrap();
        for clerk in at_work {
            clerks.push(clerk.await.unwrap());
        }
    }
    // Whatever was under way comes to its end.
    let mut server = serve(&centre, port);
    for clerk in &mut clerks {
        clerk.finish(&site).await;
    }
    server.kill().unwrap();
    server.wait().unwrap();

    let visits: usize = clerks.iter().map(|it| it.visits.len()).sum();
    let sheets: usize = clerks.iter().map(|it| it.pupils.len()).sum();
    assert!(visits > 40 && sheets > 40, "too little was done: {visits} visits, {sheets} pupils");
    every_visit_is_there_once(&desk, &visited, &clerks).await;
    every_row_is_a_case_that_was_handed_in(&desk, &visited[0].1, &clerks).await;
    assert!(centre.succeeds(&["audit", "verify"]));
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

/// The server, once it answers.
fn serve(centre: &Centre, port: u16) -> Child {
    let mut server = centre.start(&["serve", "--port", &port.to_string()]);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(server.try_wait().unwrap().is_none(), "the server ended by itself");
        sleep(Duration::from_millis(20));
    }
    server
}

/// What a clerk asks for.
enum Deed {
    /// A visit, told by a note that nobody else writes; as it was sent, when it was.
    Visit { case: CaseId, note: String, sent: Option<String> },
    /// A sheet of these pupils.
    Sheet { pupils: Vec<String>, sent: Option<Vec<u8>> },
}

/// A clerk at a browser, who sends again what was not answered.
struct Clerk {
    number: u32,
    cookie: String,
    cases: [CaseId; 2],
    deeds: u32,
    under_way: Option<Deed>,
    /// Notes and pupils of what was acknowledged.
    visits: BTreeSet<String>,
    pupils: BTreeSet<String>,
}

impl Clerk {
    fn new(number: u32, token: &str, cases: [CaseId; 2]) -> Self {
        Self {
            number,
            cookie: format!("haihe-session={token}"),
            cases,
            deeds: 0,
            under_way: None,
            visits: BTreeSet::new(),
            pupils: BTreeSet::new(),
        }
    }

    /// Works until the server is gone.
    async fn work(mut self, site: Site) -> Self {
        loop {
            if self.under_way.is_none() {
                self.under_way = Some(self.next());
            }
            if self.go_on(&site).await.is_err() {
                return self;
            }
        }
    }

    /// Ends what was under way when the server was gone.
    async fn finish(&mut self, site: &Site) {
        while self.under_way.is_some() {
            self.go_on(site).await.unwrap();
        }
    }

    fn next(&mut self) -> Deed {
        self.deeds += 1;
        let (clerk, deed) = (self.number, self.deeds);
        if deed % 3 == 0 {
            let pupil = |row| format!("G{clerk:04}{deed:09}{row:05}");
            return Deed::Sheet { pupils: (0..ROWS).map(pupil).collect(), sent: None };
        }
        let [shared, own] = self.cases;
        let case = if deed % 3 == 1 { shared } else { own };
        Deed::Visit { case, note: format!("第{clerk}-{deed}次"), sent: None }
    }

    /// Asks once more for what is under way; an error when nobody answers.
    async fn go_on(&mut self, site: &Site) -> reqwest::Result<()> {
        match self.under_way.take() {
            Some(Deed::Visit { case, note, sent }) => self.visit(site, case, note, sent).await,
            Some(Deed::Sheet { pupils, sent }) => self.hand_in(site, pupils, sent).await,
            None => Ok(()),
        }
    }

    async fn visit(
        &mut self,
        site: &Site,
        case: CaseId,
        note: String,
        sent: Option<String>,
    ) -> reqwest::Result<()> {
        let path = format!("/cases/{case}");
        let again = |sent| Some(Deed::Visit { case, note: note.clone(), sent });
        let body = if let Some(body) = sent {
            body
        } else {
            self.under_way = again(None);
            let page = site.open(&path, &self.cookie).await?;
            if page.contains(&note) {
                // What was not answered was done all the same.
                self.visits.insert(note);
                self.under_way = None;
                return Ok(());
            }
            format!(
                "csrf={}&revision={}&do=step:visit&f.visits=1&f.visit_notes=x&note={note}",
                hidden(&page, "csrf"),
                hidden(&page, "revision"),
            )
        };
        // Sent again as it was, when nobody answers: of two who take it one is too late.
        self.under_way = again(Some(body.clone()));
        let answer = site.post(&path, &self.cookie).body(body);
        let answer = answer.header("content-type", "application/x-www-form-urlencoded").send();
        match answer.await?.status() {
            StatusCode::SEE_OTHER => {
                self.visits.insert(note);
                self.under_way = None;
            }
            StatusCode::UNPROCESSABLE_ENTITY => self.under_way = again(None),
            status => assert!(status.is_redirection(), "{status} to a visit"),
        }
        Ok(())
    }

    async fn hand_in(
        &mut self,
        site: &Site,
        pupils: Vec<String>,
        sent: Option<Vec<u8>>,
    ) -> reqwest::Result<()> {
        let again = |sent| Some(Deed::Sheet { pupils: pupils.clone(), sent });
        let body = if let Some(body) = sent {
            body
        } else {
            self.under_way = again(None);
            let page = site.open(SHEET.trim_end_matches("/sheet"), &self.cookie).await?;
            sheet(&hidden(&page, "csrf"), &pupils)
        };
        self.under_way = again(Some(body.clone()));
        let answer = site.post(SHEET, &self.cookie).body(body);
        let answer = answer.header("content-type", "multipart/form-data; boundary=parted").send();
        let answer = answer.await?;
        let status = answer.status();
        let page = answer.text().await?;
        // When it is sent again, rows that were taken before have an open case already.
        let is_taken = status == StatusCode::OK
            || (status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("KC-"));
        assert!(is_taken, "{status} to a sheet: {page}");
        self.pupils.extend(pupils);
        self.under_way = None;
        Ok(())
    }
}

/// A form with a sheet, as a browser sends it.
fn sheet(csrf: &str, pupils: &[String]) -> Vec<u8> {
    let header = ["organisation", "pupil", "pupil_number", "grade", "absent_since"];
    let header = header.iter().map(|it| (*it).to_owned()).collect();
    let row = |pupil: &String| {
        let cells = [SCHOOLS[0], "李小河", pupil, "5", "2026-09-01"];
        cells.iter().map(|it| (*it).to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(pupils.iter().map(row)).collect();
    let field = |name: &str, value: &str| {
        format!("--parted\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let head = field("csrf", csrf)
        + &field("do", "take")
        + "--parted\r\ncontent-disposition: form-data; name=\"sheet\"; filename=\"a.xlsx\"\r\n\r\n";
    [head.as_bytes(), &workbook(&rows), b"\r\n--parted--\r\n"].concat()
}

/// The value of a hidden control.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let after = page.split(&mark).nth(1);
    assert!(after.is_some(), "no {name} on {page}");
    after.unwrap().split('"').next().unwrap().to_owned()
}

/// The site as a browser reaches it; no link is followed by itself.
#[derive(Clone)]
struct Site {
    client: Client,
    port: u16,
}

impl Site {
    fn new(port: u16) -> Self {
        Self { client: Client::builder().redirect(Policy::none()).build().unwrap(), port }
    }

    async fn open(&self, path: &str, cookie: &str) -> reqwest::Result<String> {
        let asked = self.client.get(format!("http://127.0.0.1:{}{path}", self.port));
        let answer = asked.header("cookie", cookie).header("accept", "text/html").send().await?;
        let status = answer.status();
        let page = answer.text().await?;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        Ok(page)
    }

    fn post(&self, path: &str, cookie: &str) -> RequestBuilder {
        self.client
            .post(format!("http://127.0.0.1:{}{path}", self.port))
            .header("origin", format!("http://localhost:{}", self.port))
            .header("accept", "text/html")
            .header("cookie", cookie)
    }
}
