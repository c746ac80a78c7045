//! A centre under `examples/keeping-in-school`, and cases that are taken to their end in its registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use casework::calendar::Calendar;
use casework::cases::{self, Asked, CaseId};
use casework::expression::Value;
use casework::procedure::Files;
use casework::{Actor, Office, letters, outbox};
use jiff::Timestamp;
use network::audit::Actor as Auditing;
use network::invitations::usual;
use network::passwords::Policies;
use network::roles::{Reach, Roles};
use network::scope::{PathRange, Scope};
use network::sessions::{self, Origin};
use network::testing::Counting;
use network::{AccountId, accounts, grants};
use store::Store;
use tempfile::TempDir;

pub(crate) const SCHOOLS: [&str; 2] = ["2112000001", "2112000002"];

/// The last was opened within the school year: it was not there on 1 September, when the year is counted.
const ROLL: &str = "code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to
120000,示例市,A City,city,,,,,,,2000-01-01,
120101,东区,East,district,,,,,120000,,2000-01-01,
120102,西区,West,district,,,,,120000,,2000-01-01,
2112000001,第一小学,First Primary,school,primary,education_department,primary,urban,120101,,2010-01-01,
2112000002,第二小学,Second Primary,school,primary,education_department,primary,urban,120102,,2010-01-01,
2112000999,新办小学,New Primary,school,primary,education_department,primary,urban,120102,,2025-12-01,
";

pub(crate) struct Centre {
    folder: TempDir,
    registry: Option<String>,
}

impl Centre {
    pub(crate) fn begin() -> Self {
        let centre = Self::of_plan("examples/keeping-in-school");
        let roll = centre.folder.path().join("roll.csv");
        fs::write(&roll, ROLL).unwrap();
        centre.run(&["import", "organisations", roll.to_str().unwrap()]);
        centre
    }

    /// A centre without organisations.
    pub(crate) fn of_plan(plan: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // It waits for the database, which a test that is waited for itself may not do.
        let registry = std::thread::spawn(store::testing::address).join().unwrap();
        let centre = Self { folder, registry };
        centre.run(&["init", "--plan", plan]);
        centre
    }

    /// A centre that is made of a backup, beside the one it was made of, in the same kind of database.
    pub(crate) fn restored(backups: &Path, words: &[&str]) -> Self {
        let registry = std::thread::spawn(store::testing::address).join().unwrap();
        Self::of_backup(backups, words, registry)
    }

    /// A centre that is made of a backup with its registry in a file.
    pub(crate) fn restored_into_a_file(backups: &Path) -> Self {
        Self::of_backup(backups, &[], None)
    }

    fn of_backup(backups: &Path, words: &[&str], registry: Option<String>) -> Self {
        let centre = Self { folder: tempfile::tempdir().unwrap(), registry };
        centre.run(&[&["restore", backups.to_str().unwrap()], words].concat());
        centre
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of the registry.
    fn address(&self) -> String {
        let file = || format!("sqlite:{}", self.data().join("haihe.db").display());
        self.registry.clone().unwrap_or_else(file)
    }

    pub(crate) async fn office(&self) -> Desk {
        let store = Store::open(&self.address()).await.unwrap();
        let calendar = include_str!("../../../rules/calendars/china.toml");
        let calendar = Calendar::read("china.toml", calendar).unwrap();
        let office = Office::new(store.clone(), [calendar]);
        let files = Files::read(&root().join("procedures/drop-out")).unwrap();
        office.publish("drop-out", &files, time("2025-08-01T00:00:00Z")).await.unwrap();
        Desk { office, store, chance: Mutex::new(Counting::default()) }
    }

    pub(crate) fn figure(&self, indicator: &str, code: &str) -> (String, String, String) {
        let level = if code.ends_with("0000") { "city" } else { "district" };
        let words = ["figures", "--indicator", indicator, "--level", level, "--year", "2025"];
        super::figure(&self.run(&[&words[..], &["--format", "json"]].concat()), code)
    }

    /// The bytes of all documents that were kept.
    pub(crate) fn documents(&self) -> Vec<Vec<u8>> {
        let folder = self.data().join("letters");
        let folders = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
        let files = folders.flat_map(|it| fs::read_dir(it).unwrap().map(|it| it.unwrap().path()));
        files.map(|it| fs::read(it).unwrap()).collect()
    }

    pub(crate) fn run(&self, words: &[&str]) -> String {
        self.says(words).0
    }

    /// What a command answers, and what it says beside. A round may find something to complain of.
    pub(crate) fn says(&self, words: &[&str]) -> (String, String) {
        let output = self.command(words).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (said, beside) = (text(output.stdout), text(output.stderr));
        let may_refuse = words.starts_with(&["cases", "run"]);
        let is_done = output.status.success() || (may_refuse && output.status.code() == Some(1));
        assert!(is_done, "haihe {}: {}\n{said}{beside}", words.join(" "), output.status);
        (said, beside)
    }

    /// What a command says that does nothing.
    pub(crate) fn refused(&self, words: &[&str]) -> String {
        let output = self.command(words).stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success(), "haihe {} succeeds", words.join(" "));
        String::from_utf8(output.stderr).unwrap()
    }

    /// What a command says that does nothing to another data folder.
    pub(crate) fn refused_elsewhere(words: &[&str], data: &Path) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        command.current_dir(root()).args(words).arg("--data").arg(data);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "haihe {}", words.join(" "));
        String::from_utf8(output.stderr).unwrap()
    }

    /// What a command says to a data folder when nobody names its database.
    pub(crate) fn run_without_database(words: &[&str], data: &Path) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        command.current_dir(root()).args(words).arg("--data").arg(data);
        let output = command.env_remove("HAIHE_DATABASE").output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    }

    pub(crate) fn succeeds(&self, words: &[&str]) -> bool {
        self.command(words).stdout(Stdio::null()).status().unwrap().success()
    }

    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::null()).spawn().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        command.current_dir(root()).args(words).arg("--data").arg(self.data());
        command.envs(self.registry.iter().map(|it| ("HAIHE_DATABASE", it)));
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The office, with somebody in each role.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) store: Store,
    chance: Mutex<Counting>,
}

/// When cases begin, are reported, and come to their end: in the past, as rounds go by the clock of the machine.
const BEGUN: &str = "2025-10-09T02:00:00Z";
const CLOSED: &str = "2026-02-09T02:00:00Z";

impl Desk {
    fn chance(&self) -> Counting {
        let mut chance = self.chance.lock().unwrap();
        let mut bytes = [0; 8];
        model::Entropy::fill(&mut *chance, &mut bytes);
        let far = u64::from_be_bytes(bytes) / 4;
        *chance = Counting::beginning_at(far);
        Counting::beginning_at(far + 1)
    }

    /// Lets so many ids go unused.
    pub(crate) fn pass_over(&self, ids: usize) {
        for _ in 0..ids {
            self.chance();
        }
    }

    fn actor(&self, grant: &str, path: &str) -> Actor {
        let range = PathRange::of(path, Reach::Subtree);
        let scope = Scope::of([(range.clone(), [].into_iter().collect())]);
        Actor::holding(
            AccountId::new(time(BEGUN), &mut self.chance()),
            Some(path.to_owned()),
            vec![(grant.to_owned(), range)],
            "administration".parse().unwrap(),
            scope,
        )
    }

    /// A clerk of a school who is signed in: the session's token.
    pub(crate) async fn signed_in(&self, login: &str, school: &str, at: Timestamp) -> String {
        let (store, mut chance) = (&self.store, self.chance());
        let home = school.parse().unwrap();
        let (name, login) = (login.parse().unwrap(), login.parse().unwrap());
        let account = accounts::open(store, &login, &name, &home, at, &mut chance).await.unwrap();
        let roles = Roles::national();
        let clerk = roles.get(&"school_clerk".parse().unwrap()).unwrap();
        let wanted = usual(clerk, account, &home, at, "test".to_owned()).unwrap();
        grants::give(store, &roles, Auditing::System, &wanted, &mut chance, at).await.unwrap();
        let policies = Policies::shipped().unwrap();
        let lifetimes = &policies.policy("asvs").unwrap().lifetimes;
        let (methods, origin) = ("pwd".parse().unwrap(), Origin::default());
        let opened =
            sessions::open(store, account, methods, &origin, lifetimes, at, &mut chance).await;
        opened.unwrap().1.reveal().to_owned()
    }

    /// A pupil who stayed away is reported.
    pub(crate) async fn reported(&self, school: &str, pupil: u32) -> (CaseId, Actor) {
        self.reported_at(school, pupil, time(BEGUN)).await
    }

    pub(crate) async fn reported_at(
        &self,
        school: &str,
        pupil: u32,
        at: Timestamp,
    ) -> (CaseId, Actor) {
        let district = if school == SCHOOLS[0] { "120101" } else { "120102" };
        let clerk = self.actor("school_clerk", &format!("/120000/{district}/{school}/"));
        let code = school.parse().unwrap();
        let mut chance = self.chance();
        let begun = cases::begin(&self.office, &clerk, "drop-out", &code, at, &mut chance).await;
        let id = begun.unwrap().id;
        let change = [
            ("pupil", Value::text(format!("李小河{pupil}"))),
            ("pupil_number", Value::text(format!("G{pupil:018}"))),
            ("grade", Value::text("5")),
            ("absent_since", Value::text("2025-10-08")),
        ];
        self.step(id, &clerk, "report", &change, "", at).await;
        (id, clerk)
    }

    /// A case whose pupil came back: a month later the clock closes it.
    pub(crate) async fn returned(&self, school: &str, pupil: u32) {
        self.watched(school, pupil).await;
        cases::tick(&self.office, time(CLOSED), &mut self.chance()).await.unwrap();
    }

    /// A case whose pupil came back, before the clock has closed it.
    pub(crate) async fn watched(&self, school: &str, pupil: u32) -> (CaseId, Actor) {
        let (id, clerk) = self.reported(school, pupil).await;
        let change =
            [("returned_on", Value::text("2025-10-10")), ("outcome", Value::text("returned"))];
        self.step(id, &clerk, "returned", &change, "", time(BEGUN)).await;
        (id, clerk)
    }

    /// A case that the district closes by law.
    pub(crate) async fn settled(&self, school: &str, pupil: u32) {
        let (id, _) = self.reported(school, pupil).await;
        let district = if school == SCHOOLS[0] { "120101" } else { "120102" };
        let officer = self.actor("district_officer", &format!("/120000/{district}/"));
        let change = [("outcome", Value::text("elsewhere"))];
        self.step(id, &officer, "settle", &change, "已转入外市学校", time(BEGUN)).await;
    }

    /// A case that went up to the city, which orders one letter.
    pub(crate) async fn instructed(&self, school: &str, pupil: u32) -> (CaseId, Actor) {
        let (id, clerk) = self.reported(school, pupil).await;
        for at in ["2025-11-09T02:00:00Z", CLOSED] {
            cases::tick(&self.office, time(at), &mut self.chance()).await.unwrap();
        }
        let planner = self.actor("planner", "/120000/");
        self.step(id, &planner, "instruct", &[], "请抓紧", time(CLOSED)).await;
        (id, clerk)
    }

    async fn step(
        &self,
        id: CaseId,
        actor: &Actor,
        name: &str,
        change: &[(&str, Value)],
        note: &str,
        at: Timestamp,
    ) {
        let open = cases::get(&self.office, actor, id, at).await.unwrap();
        let change = change.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let asked = Asked {
            step: name.to_owned(),
            revision: open.case.revision,
            change: change.collect(),
            note: note.to_owned(),
            ..Asked::default()
        };
        cases::step(&self.office, actor, id, &asked, at, &mut self.chance()).await.unwrap();
    }

    /// The number of a letter, by its document.
    pub(crate) async fn letter_number(&self, document: &[u8]) -> String {
        letters::of_hash(&self.store, document).await.unwrap().unwrap().number.to_string()
    }

    /// Rows that nobody has taken.
    pub(crate) async fn waiting(&self) -> usize {
        outbox::facts(&self.office, 1_000).await.unwrap().len()
    }
}
