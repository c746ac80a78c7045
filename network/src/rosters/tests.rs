use std::io::Cursor;

use haihe_oneroster::{
    AcademicSession, Class, ClassKind, Course, Demographics, Enrollment, EnrollmentRole, Entity,
    File, Mode, Org, OrgKind, PackageWriter, Role, RoleKind, SessionKind, Sex, Status, User,
    UserRole,
};
use jiff::civil::date;
use model::Finding;
use store::{Store, on_db, testing};

use super::{Difference, Import, MergeError, Outcome, RosterError, import, merge};
use crate::testing::{Counting, at};

mod importing;
mod merging;
mod reading;

/// A registry that knows a district and two schools.
async fn registry() -> Store {
    let store = testing::open().await;
    let list = "\
code,name_zh,name_en,level,kind,parent,valid_from
120101,和平区,Heping,district,district,,2020-01-01
2112000123,第一中学,First School,school,junior,120101,2020-01-01
2112000124,第二中学,Second School,school,junior,120101,2020-01-01
";
    let (list, findings) = crate::read_list("organisations.csv", list.as_bytes());
    assert_eq!(findings, []);
    crate::record(&store, &list.changes(), at(-1000), jiff::tz::Offset::UTC).await.unwrap();
    store
}

/// A school's roster: three pupils and a teacher in one class.
#[derive(Clone)]
struct Roster {
    orgs: Vec<Org>,
    sessions: Vec<AcademicSession>,
    courses: Vec<Course>,
    classes: Vec<Class>,
    users: Vec<User>,
    roles: Vec<Role>,
    enrollments: Vec<Enrollment>,
    demographics: Vec<Demographics>,
}

impl Roster {
    fn new() -> Self {
        let people = ["t1", "p1", "p2", "p3"];
        let is_teacher = |id: &str| id == "t1";
        Self {
            orgs: vec![org("d", "120101", None), org("s", "2112000123", Some("d"))],
            sessions: vec![
                session("y", SessionKind::SchoolYear, None),
                session("t", SessionKind::Term, Some("y")),
            ],
            courses: vec![course()],
            classes: vec![class("c1"), class("c2")],
            users: people.iter().map(|it| user(it)).collect(),
            roles: people.iter().map(|it| role(it, is_teacher(it))).collect(),
            enrollments: people.iter().map(|it| enrollment(it, is_teacher(it))).collect(),
            demographics: vec![demographics("p1")],
        }
    }

    fn packed(self, mode: Mode) -> Cursor<Vec<u8>> {
        let mut writer = PackageWriter::new(Cursor::new(Vec::new()), mode);
        writer.add(self.orgs).unwrap();
        writer.add(self.sessions).unwrap();
        writer.add(self.courses).unwrap();
        writer.add(self.classes).unwrap();
        writer.add(self.users).unwrap();
        writer.add(self.roles).unwrap();
        writer.add(self.enrollments).unwrap();
        writer.add(self.demographics).unwrap();
        writer.finish("a school").unwrap()
    }
}

fn packed<T: Entity>(mode: Mode, rows: impl IntoIterator<Item = T>) -> Cursor<Vec<u8>> {
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), mode);
    writer.add(rows).unwrap();
    writer.finish("a school").unwrap()
}

async fn taken(
    store: &Store,
    package: Cursor<Vec<u8>>,
    how: Import<'_>,
) -> (Outcome, Vec<Finding>) {
    let mut findings = Vec::new();
    let entropy = &mut Counting::default();
    let outcome = import(store, package, how, entropy, &mut |it| findings.push(it)).await.unwrap();
    (outcome, findings)
}

fn from(source: &str, seconds: i64) -> Import<'_> {
    Import { source, is_dry: false, at: at(seconds) }
}

/// Rows added, changed, unchanged, removed and refused, of all files.
fn counts(difference: &Difference) -> [u64; 5] {
    let it = difference.total();
    [it.added, it.changed, it.unchanged, it.removed, it.refused]
}

async fn one(store: &Store, sql: &'static str) -> String {
    on_db!(store, pool => sqlx::query_scalar(sql).fetch_one(pool).await).unwrap()
}

fn org(id: &str, identifier: &str, parent: Option<&str>) -> Org {
    Org {
        sourced_id: id.to_owned(),
        status: Status::Active,
        modified_at: None,
        name: format!("机构 {id}"),
        kind: if parent.is_none() { OrgKind::District } else { OrgKind::School },
        identifier: Some(identifier.to_owned()),
        parent: parent.map(str::to_owned),
    }
}

fn session(id: &str, kind: SessionKind, parent: Option<&str>) -> AcademicSession {
    AcademicSession {
        sourced_id: id.to_owned(),
        status: Status::Active,
        modified_at: None,
        title: format!("学期 {id}"),
        kind,
        begins_on: date(2026, 9, 1),
        ends_on: date(2027, 7, 10),
        parent: parent.map(str::to_owned),
        school_year: 2027,
    }
}

fn course() -> Course {
    Course {
        sourced_id: "m".to_owned(),
        status: Status::Active,
        modified_at: None,
        school_year: Some("y".to_owned()),
        title: "数学".to_owned(),
        code: None,
        grades: vec!["07".to_owned()],
        org: "s".to_owned(),
        subjects: vec!["数学, 几何".to_owned()],
        subject_codes: Vec::new(),
    }
}

fn class(id: &str) -> Class {
    Class {
        sourced_id: id.to_owned(),
        status: Status::Active,
        modified_at: None,
        title: format!("七年级 {id}"),
        grades: vec!["07".to_owned()],
        course: "m".to_owned(),
        code: None,
        kind: ClassKind::Scheduled,
        location: None,
        school: "s".to_owned(),
        terms: vec!["t".to_owned()],
        subjects: Vec::new(),
        subject_codes: Vec::new(),
        periods: Vec::new(),
    }
}

fn user(id: &str) -> User {
    User {
        sourced_id: id.to_owned(),
        status: Status::Active,
        modified_at: None,
        enabled: true,
        username: Some(id.to_owned()),
        user_ids: Vec::new(),
        given_name: "伟".to_owned(),
        family_name: "张".to_owned(),
        middle_name: None,
        identifier: None,
        email: Some(format!("{id}@school.example")),
        sms: None,
        phone: None,
        agents: Vec::new(),
        grades: Vec::new(),
        password: Some("secret".to_owned()),
        master_identifier: None,
        resources: Vec::new(),
        preferred_given_name: None,
        preferred_middle_name: None,
        preferred_family_name: None,
        primary_org: Some("s".to_owned()),
        pronouns: None,
    }
}

fn role(user: &str, is_teacher: bool) -> Role {
    Role {
        sourced_id: format!("r-{user}"),
        status: Status::Active,
        modified_at: None,
        user: user.to_owned(),
        kind: RoleKind::Primary,
        role: if is_teacher { UserRole::Teacher } else { UserRole::Student },
        begins_on: None,
        ends_on: None,
        org: "s".to_owned(),
        profile: None,
    }
}

fn enrollment(user: &str, is_teacher: bool) -> Enrollment {
    Enrollment {
        sourced_id: format!("e-{user}"),
        status: Status::Active,
        modified_at: None,
        class: "c1".to_owned(),
        school: "s".to_owned(),
        user: user.to_owned(),
        role: if is_teacher { EnrollmentRole::Teacher } else { EnrollmentRole::Student },
        primary: is_teacher.then_some(true),
        begins_on: None,
        ends_on: None,
    }
}

fn demographics(user: &str) -> Demographics {
    Demographics {
        sourced_id: user.to_owned(),
        status: Status::Active,
        modified_at: None,
        born_on: Some(date(2013, 5, 6)),
        sex: Some(Sex::Female),
        american_indian_or_alaska_native: None,
        asian: None,
        black_or_african_american: None,
        native_hawaiian_or_other_pacific_islander: None,
        white: None,
        two_or_more_races: None,
        hispanic_or_latino: None,
        country_of_birth: None,
        state_of_birth: None,
        city_of_birth: None,
        residence_status: None,
    }
}
