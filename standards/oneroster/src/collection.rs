//! The twelve collections of the rostering service.

use crate::model::{SessionKind, UserRole};

/// A collection, as an address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collection {
    AcademicSessions,
    GradingPeriods,
    Terms,
    Classes,
    Courses,
    Demographics,
    Enrollments,
    Orgs,
    Schools,
    Students,
    Teachers,
    Users,
}

impl Collection {
    pub const ALL: [Self; 12] = [
        Self::AcademicSessions,
        Self::GradingPeriods,
        Self::Terms,
        Self::Classes,
        Self::Courses,
        Self::Demographics,
        Self::Enrollments,
        Self::Orgs,
        Self::Schools,
        Self::Students,
        Self::Teachers,
        Self::Users,
    ];

    /// Its part of an address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::AcademicSessions => "academicSessions",
            Self::GradingPeriods => "gradingPeriods",
            Self::Terms => "terms",
            Self::Classes => "classes",
            Self::Courses => "courses",
            Self::Demographics => "demographics",
            Self::Enrollments => "enrollments",
            Self::Orgs => "orgs",
            Self::Schools => "schools",
            Self::Students => "students",
            Self::Teachers => "teachers",
            Self::Users => "users",
        }
    }

    /// The collection of an address.
    pub fn parse(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.path() == path)
    }

    /// The whole collection of which it is the part of one type or role.
    pub const fn whole(self) -> Self {
        match self {
            Self::GradingPeriods | Self::Terms => Self::AcademicSessions,
            Self::Schools => Self::Orgs,
            Self::Students | Self::Teachers => Self::Users,
            Self::AcademicSessions
            | Self::Classes
            | Self::Courses
            | Self::Demographics
            | Self::Enrollments
            | Self::Orgs
            | Self::Users => self,
        }
    }

    /// The type of session it holds only.
    pub const fn session_kind(self) -> Option<SessionKind> {
        match self {
            Self::GradingPeriods => Some(SessionKind::GradingPeriod),
            Self::Terms => Some(SessionKind::Term),
            Self::AcademicSessions
            | Self::Classes
            | Self::Courses
            | Self::Demographics
            | Self::Enrollments
            | Self::Orgs
            | Self::Schools
            | Self::Students
            | Self::Teachers
            | Self::Users => None,
        }
    }

    /// The role its users have.
    pub const fn user_role(self) -> Option<UserRole> {
        match self {
            Self::Students => Some(UserRole::Student),
            Self::Teachers => Some(UserRole::Teacher),
            Self::AcademicSessions
            | Self::GradingPeriods
            | Self::Terms
            | Self::Classes
            | Self::Courses
            | Self::Demographics
            | Self::Enrollments
            | Self::Orgs
            | Self::Schools
            | Self::Users => None,
        }
    }

    /// What JSON calls a list of it.
    pub const fn list_name(self) -> &'static str {
        self.whole().path()
    }

    /// What JSON calls one of it.
    pub const fn item_name(self) -> &'static str {
        match self {
            Self::AcademicSessions | Self::GradingPeriods | Self::Terms => "academicSession",
            Self::Classes => "class",
            Self::Courses => "course",
            Self::Demographics => "demographics",
            Self::Enrollments => "enrollment",
            Self::Orgs | Self::Schools => "org",
            Self::Students | Self::Teachers | Self::Users => "user",
        }
    }
}
