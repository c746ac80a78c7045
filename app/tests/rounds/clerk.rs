//! Clerks at a browser, who send again what was not answered, and turn to another server where there is one.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use casework::cases::CaseId;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};

use super::centre::{Centre, SCHOOLS};
use super::workbook::workbook;

/// Rows of one sheet.
const ROWS: u32 = 15;
const SHEET: &str = "/cases/new/drop-out/sheet";

/// How people reach the centre, whichever server answers.
const ORIGIN: &str = "http://haihe.test";

/// The server, once it answers.
pub(super) fn serve(centre: &Centre, port: u16) -> Child {
    let mut server = centre.start(&["serve", "--origin", ORIGIN, "--port", &port.to_string()]);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(server.try_wait().unwrap().is_none(), "the server ended by itself");
        sleep(Duration::from_millis(20));
    }
    server
}

/// A working day.
#[derive(Default)]
pub(super) struct Day(AtomicBool);

impl Day {
    pub(super) fn end(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a clerk asks for.
enum Deed {
    /// A visit, told by a note that nobody else writes; as it was sent, when it was.
    Visit { case: CaseId, note: String, sent: Option<String> },
    /// A sheet of these pupils.
    Sheet { pupils: Vec<String>, sent: Option<Vec<u8>> },
}

/// A clerk at a browser, who sends again what was not answered.
pub(super) struct Clerk {
    number: u32,
    pub(super) cookie: String,
    cases: [CaseId; 2],
    deeds: u32,
    under_way: Option<Deed>,
    /// Notes and pupils of what was acknowledged.
    pub(super) visits: BTreeSet<String>,
    pub(super) pupils: BTreeSet<String>,
}

impl Clerk {
    pub(super) fn new(number: u32, token: &str, cases: [CaseId; 2]) -> Self {
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

    /// Works until no server is left, or until the day is over.
    pub(super) async fn work(mut self, site: Site, day: Arc<Day>) -> Self {
        while !day.is_over() {
            if self.under_way.is_none() {
                self.under_way = Some(self.next());
            }
            if self.go_on(&site).await.is_err() && !site.turn() {
                return self;
            }
        }
        self
    }

    /// Ends what was under way when the server was gone.
    pub(super) async fn finish(&mut self, site: &Site) {
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

/// The site as a browser reaches it, by any of its servers; no link is followed by itself.
pub(super) struct Site {
    client: Client,
    ports: Vec<u16>,
    /// Which of the servers is asked.
    asked: AtomicUsize,
}

impl Site {
    pub(super) fn new(ports: Vec<u16>) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, ports, asked: AtomicUsize::default() }
    }

    /// Asks the next server from now on; false when there is no other.
    fn turn(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.ports.len() > 1
    }

    fn address(&self, path: &str) -> String {
        let asked = self.asked.load(Ordering::Relaxed) % self.ports.len();
        format!("http://127.0.0.1:{}{path}", self.ports[asked])
    }

    pub(super) async fn open(&self, path: &str, cookie: &str) -> reqwest::Result<String> {
        let asked = self.client.get(self.address(path));
        let answer = asked.header("cookie", cookie).header("accept", "text/html").send().await?;
        let status = answer.status();
        let page = answer.text().await?;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        Ok(page)
    }

    fn post(&self, path: &str, cookie: &str) -> RequestBuilder {
        self.client
            .post(self.address(path))
            .header("origin", ORIGIN)
            .header("accept", "text/html")
            .header("cookie", cookie)
    }
}
