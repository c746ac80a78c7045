//! Which objects a list holds: those in the scope, of the collection, and of others.

use haihe_oneroster::{Collection, File, Minor, OneRosterError};

use crate::condition::Condition;
use crate::connection::Value;
use crate::scope::Scope;

/// What a list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    School(String),
    Class(String),
    Course(String),
    Term(String),
    Student(String),
    Teacher(String),
    User(String),
}

impl Of {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::School(id)
            | Self::Class(id)
            | Self::Course(id)
            | Self::Term(id)
            | Self::Student(id)
            | Self::Teacher(id)
            | Self::User(id) => id,
        }
    }

    pub(super) const fn collection(&self) -> Collection {
        match self {
            Self::School(_) => Collection::Schools,
            Self::Class(_) => Collection::Classes,
            Self::Course(_) => Collection::Courses,
            Self::Term(_) => Collection::Terms,
            Self::Student(_) => Collection::Students,
            Self::Teacher(_) => Collection::Teachers,
            Self::User(_) => Collection::Users,
        }
    }

    /// The same, of another id.
    pub(super) fn with(&self, id: String) -> Self {
        match self {
            Self::School(_) => Self::School(id),
            Self::Class(_) => Self::Class(id),
            Self::Course(_) => Self::Course(id),
            Self::Term(_) => Self::Term(id),
            Self::Student(_) => Self::Student(id),
            Self::Teacher(_) => Self::Teacher(id),
            Self::User(_) => Self::User(id),
        }
    }
}

/// A list: which objects, in which order, and which part of them.
#[derive(Debug)]
pub(super) struct Lists {
    pub(super) condition: Condition,
    pub(super) order: &'static str,
    pub(super) descending: bool,
    pub(super) limit: u32,
    pub(super) offset: u32,
}

/// The table of a file's objects, called `kept`; joined with where each stands when it says so itself.
pub(super) const fn from(file: File) -> &'static str {
    match file {
        File::Orgs => {
            "roster_orgs kept JOIN organisation_paths scope ON scope.code = kept.organisation"
        }
        File::AcademicSessions => "roster_academic_sessions kept",
        File::Courses => {
            "roster_courses kept JOIN organisation_paths scope ON scope.code = kept.organisation"
        }
        File::Classes => {
            "roster_classes kept JOIN organisation_paths scope ON scope.code = kept.organisation"
        }
        File::Users => "roster_users kept",
        File::Roles => {
            "roster_roles kept JOIN organisation_paths scope ON scope.code = kept.organisation"
        }
        File::Enrollments => {
            "roster_enrollments kept JOIN organisation_paths scope ON scope.code = kept.organisation"
        }
        File::Demographics => "roster_demographics kept",
    }
}

const ROLES_IN_SCOPE: &str = "SELECT 1 FROM roster_roles JOIN organisation_paths scope \
                              ON scope.code = roster_roles.organisation \
                              WHERE roster_roles.roster_user = kept.sourced_id";
const ROLES: &str = "SELECT 1 FROM roster_roles WHERE roster_roles.roster_user = kept.sourced_id \
                     AND roster_roles.status = 'active'";
const CLASSES_ENROLLED: &str = "SELECT 1 FROM roster_enrollments WHERE roster_enrollments.class = kept.sourced_id \
                                AND roster_enrollments.status = 'active'";
const USERS_ENROLLED: &str = "SELECT 1 FROM roster_enrollments \
                              WHERE roster_enrollments.roster_user = kept.sourced_id \
                              AND roster_enrollments.status = 'active'";
const CLASSES_THEN: &str = "SELECT 1 FROM roster_classes \
                            WHERE REPLACE(',' || roster_classes.terms || ',', ',' || kept.sourced_id || ',', '') \
                            <> ',' || roster_classes.terms || ','";

/// What of a file's objects is in a scope. Sessions are the same for all; persons are where they have a role.
pub(super) fn scoped(file: File, scope: &Scope) -> Condition {
    match file {
        File::AcademicSessions => Condition::always(),
        File::Users | File::Demographics => {
            Condition::exists(ROLES_IN_SCOPE, Condition::within(scope))
        }
        File::Orgs | File::Courses | File::Classes | File::Roles | File::Enrollments => {
            Condition::within(scope)
        }
    }
}

/// What makes an object one of a collection, and of what the list is of.
pub(super) fn of(collection: Collection, of: &[Of]) -> Result<Vec<Condition>, OneRosterError> {
    let mut conditions = Vec::new();
    if let Some(kind) = collection.session_kind() {
        conditions.push(Condition::new("kept.type = ?", [kind.as_str().into()]));
    }
    if collection == Collection::Schools {
        conditions.push(Condition::new("kept.type = 'school'", []));
    }
    if let Some(role) = collection.user_role() {
        let role = Condition::new("roster_roles.role = ?", [role.as_str().into()]);
        conditions.push(Condition::exists(ROLES, role));
    }
    for it in of {
        conditions.push(belonging(collection, it)?);
    }
    Ok(conditions)
}

fn belonging(collection: Collection, of: &Of) -> Result<Condition, OneRosterError> {
    let id = || Value::from(of.id());
    let enrolled = |rows, text: &'static str, role: Option<&str>| {
        let role = role.map(|it| Condition::new("roster_enrollments.role = ?", [it.into()]));
        Condition::exists(
            rows,
            Condition::all([Condition::new(text, [id()])].into_iter().chain(role)),
        )
    };
    let by_user = "roster_enrollments.roster_user = ?";
    Ok(match (collection.whole(), of) {
        (Collection::Classes, Of::School(_)) | (Collection::Enrollments, Of::School(_)) => {
            Condition::new("kept.school = ?", [id()])
        }
        (Collection::Classes, Of::Course(_)) => Condition::new("kept.course = ?", [id()]),
        (Collection::Classes, Of::Term(_)) => Condition::new(
            "REPLACE(',' || kept.terms || ',', ',' || ? || ',', '') <> ',' || kept.terms || ','",
            [id()],
        ),
        (Collection::Classes, Of::Student(_)) => {
            enrolled(CLASSES_ENROLLED, by_user, Some("student"))
        }
        (Collection::Classes, Of::Teacher(_)) => {
            enrolled(CLASSES_ENROLLED, by_user, Some("teacher"))
        }
        (Collection::Classes, Of::User(_)) => enrolled(CLASSES_ENROLLED, by_user, None),
        (Collection::Enrollments, Of::Class(_)) => Condition::new("kept.class = ?", [id()]),
        (Collection::Courses, Of::School(_)) => Condition::new("kept.org = ?", [id()]),
        (Collection::Users, Of::School(_)) => {
            Condition::exists(ROLES, Condition::new("roster_roles.org = ?", [id()]))
        }
        (Collection::Users, Of::Class(_)) => {
            let role = collection.user_role();
            let role = role.as_ref().map(|it| it.as_str());
            enrolled(USERS_ENROLLED, "roster_enrollments.class = ?", role)
        }
        (Collection::AcademicSessions, Of::School(_)) => {
            Condition::exists(CLASSES_THEN, Condition::new("roster_classes.school = ?", [id()]))
        }
        (Collection::AcademicSessions, Of::Term(_)) => Condition::new("kept.parent = ?", [id()]),
        _ => return Err(OneRosterError::new(Minor::UnknownObject, "there is no such list")),
    })
}
