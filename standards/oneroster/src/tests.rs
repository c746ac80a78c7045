use std::io::Cursor;

use jiff::civil::date;

use crate::{
    AcademicSession, Class, ClassKind, Course, Demographics, Enrollment, EnrollmentRole, Entity,
    Finding, Mode, Org, OrgKind, Package, PackageWriter, Role, RoleKind, SessionKind, Sex, Status,
    User, UserRole,
};

mod packages;
mod properties;
mod queries;

fn school() -> Org {
    Org {
        sourced_id: "2112000123".to_owned(),
        status: Status::Active,
        modified_at: None,
        name: "第一中学".to_owned(),
        kind: OrgKind::School,
        identifier: Some("2112000123".to_owned()),
        parent: Some("120101".to_owned()),
    }
}

fn term() -> AcademicSession {
    AcademicSession {
        sourced_id: "2026-1".to_owned(),
        status: Status::Active,
        modified_at: None,
        title: "上学期".to_owned(),
        kind: SessionKind::Term,
        begins_on: date(2026, 9, 1),
        ends_on: date(2027, 1, 20),
        parent: Some("2026".to_owned()),
        school_year: 2027,
    }
}

fn course() -> Course {
    Course {
        sourced_id: "math".to_owned(),
        status: Status::Active,
        modified_at: None,
        school_year: Some("2026".to_owned()),
        title: "数学".to_owned(),
        code: Some("M7".to_owned()),
        grades: vec!["07".to_owned(), "08".to_owned()],
        org: "2112000123".to_owned(),
        subjects: vec!["数学, 几何".to_owned()],
        subject_codes: Vec::new(),
    }
}

fn class() -> Class {
    Class {
        sourced_id: "c1".to_owned(),
        status: Status::Active,
        modified_at: None,
        title: "七（1）班数学".to_owned(),
        grades: vec!["07".to_owned()],
        course: "math".to_owned(),
        code: None,
        kind: ClassKind::Scheduled,
        location: None,
        school: "2112000123".to_owned(),
        terms: vec!["2026-1".to_owned()],
        subjects: Vec::new(),
        subject_codes: Vec::new(),
        periods: vec!["1".to_owned(), "3".to_owned()],
    }
}

fn teacher() -> User {
    User {
        sourced_id: "u1".to_owned(),
        status: Status::Active,
        modified_at: None,
        enabled: true,
        username: Some("zhang.wei".to_owned()),
        user_ids: vec!["{LDAP:zhang.wei}".to_owned()],
        given_name: "伟".to_owned(),
        family_name: "张".to_owned(),
        middle_name: None,
        identifier: None,
        email: Some("zhang.wei@school.example".to_owned()),
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
        primary_org: Some("2112000123".to_owned()),
        pronouns: None,
    }
}

fn role() -> Role {
    Role {
        sourced_id: "r1".to_owned(),
        status: Status::Active,
        modified_at: None,
        user: "u1".to_owned(),
        kind: RoleKind::Primary,
        role: UserRole::Teacher,
        begins_on: Some(date(2020, 8, 1)),
        ends_on: None,
        org: "2112000123".to_owned(),
        profile: None,
    }
}

fn enrollment() -> Enrollment {
    Enrollment {
        sourced_id: "e1".to_owned(),
        status: Status::Active,
        modified_at: None,
        class: "c1".to_owned(),
        school: "2112000123".to_owned(),
        user: "u1".to_owned(),
        role: EnrollmentRole::Teacher,
        primary: Some(true),
        begins_on: None,
        ends_on: None,
    }
}

fn demographics() -> Demographics {
    Demographics {
        sourced_id: "u1".to_owned(),
        status: Status::Active,
        modified_at: None,
        born_on: Some(date(1980, 2, 29)),
        sex: Some(Sex::Male),
        american_indian_or_alaska_native: None,
        asian: Some(true),
        black_or_african_american: None,
        native_hawaiian_or_other_pacific_islander: None,
        white: None,
        two_or_more_races: None,
        hispanic_or_latino: None,
        country_of_birth: Some("CN".to_owned()),
        state_of_birth: None,
        city_of_birth: None,
        residence_status: None,
    }
}

fn written<T: Entity>(mode: Mode, rows: impl IntoIterator<Item = T>) -> Cursor<Vec<u8>> {
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), mode);
    writer.add(rows).unwrap();
    writer.finish("a school").unwrap()
}

/// All rows of a package that was opened without findings, and what was found in them.
fn rows<T: Entity>(bytes: Cursor<Vec<u8>>) -> (Vec<T>, Vec<Finding>) {
    let (package, findings) = Package::open(bytes).unwrap();
    let mut package = package.unwrap_or_else(|| panic!("{findings:?}"));
    let mut table = package.table::<T>().unwrap().unwrap();
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    while let Some(read) = table.next_row().unwrap() {
        rows.extend(read.what);
        findings.extend(read.findings);
    }
    (rows, findings)
}
