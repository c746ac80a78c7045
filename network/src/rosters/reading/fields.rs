//! Fields that lists can be filtered and sorted by: a fixed list for each collection.

use haihe_oneroster::{Collection, Comparison, File, Filter, Minor, OneRosterError, Term};
use jiff::Timestamp;

use crate::condition::Condition;
use crate::connection::Value;

/// A field as JSON names it, and its column.
type Fields = &'static [(&'static str, &'static str)];

const COMMON: Fields = &[("sourcedId", "kept.sourced_id"), ("status", "kept.status")];
/// Kept as microseconds, not as a text.
const MODIFIED: (&str, &str) = ("dateLastModified", "kept.modified_at");

const ORGS: Fields = &[
    ("name", "kept.name"),
    ("type", "kept.type"),
    ("identifier", "kept.identifier"),
    ("parent.sourcedId", "kept.parent"),
];
const SESSIONS: Fields = &[
    ("title", "kept.title"),
    ("type", "kept.type"),
    ("startDate", "kept.begins_on"),
    ("endDate", "kept.ends_on"),
    ("schoolYear", "kept.school_year"),
    ("parent.sourcedId", "kept.parent"),
];
const COURSES: Fields = &[
    ("title", "kept.title"),
    ("courseCode", "kept.course_code"),
    ("grades", "kept.grades"),
    ("subjects", "kept.subjects"),
    ("subjectCodes", "kept.subject_codes"),
    ("org.sourcedId", "kept.org"),
    ("schoolYear.sourcedId", "kept.school_year"),
];
const CLASSES: Fields = &[
    ("title", "kept.title"),
    ("classCode", "kept.class_code"),
    ("classType", "kept.class_type"),
    ("location", "kept.location"),
    ("grades", "kept.grades"),
    ("subjects", "kept.subjects"),
    ("subjectCodes", "kept.subject_codes"),
    ("periods", "kept.periods"),
    ("course.sourcedId", "kept.course"),
    ("school.sourcedId", "kept.school"),
    ("terms.sourcedId", "kept.terms"),
];
const USERS: Fields = &[
    ("username", "kept.username"),
    ("enabledUser", "kept.enabled_user"),
    ("givenName", "kept.given_name"),
    ("familyName", "kept.family_name"),
    ("middleName", "kept.middle_name"),
    ("preferredFirstName", "kept.preferred_given_name"),
    ("preferredMiddleName", "kept.preferred_middle_name"),
    ("preferredLastName", "kept.preferred_family_name"),
    ("identifier", "kept.identifier"),
    ("email", "kept.email"),
    ("sms", "kept.sms"),
    ("phone", "kept.phone"),
    ("grades", "kept.grades"),
    ("userMasterIdentifier", "kept.master_identifier"),
    ("primaryOrg.sourcedId", "kept.primary_org"),
    ("pronouns", "kept.pronouns"),
];
const ENROLLMENTS: Fields = &[
    ("role", "kept.role"),
    ("primary", "kept.main"),
    ("beginDate", "kept.begins_on"),
    ("endDate", "kept.ends_on"),
    ("user.sourcedId", "kept.roster_user"),
    ("class.sourcedId", "kept.class"),
    ("school.sourcedId", "kept.school"),
];
const DEMOGRAPHICS: Fields = &[("birthDate", "kept.born_on"), ("sex", "kept.sex")];

/// The file whose objects a collection holds.
pub(super) const fn file(collection: Collection) -> File {
    match collection {
        Collection::AcademicSessions | Collection::GradingPeriods | Collection::Terms => {
            File::AcademicSessions
        }
        Collection::Classes => File::Classes,
        Collection::Courses => File::Courses,
        Collection::Demographics => File::Demographics,
        Collection::Enrollments => File::Enrollments,
        Collection::Orgs | Collection::Schools => File::Orgs,
        Collection::Students | Collection::Teachers | Collection::Users => File::Users,
    }
}

const fn fields(collection: Collection) -> Fields {
    match file(collection) {
        File::Orgs => ORGS,
        File::AcademicSessions => SESSIONS,
        File::Courses => COURSES,
        File::Classes => CLASSES,
        File::Users | File::Roles => USERS,
        File::Enrollments => ENROLLMENTS,
        File::Demographics => DEMOGRAPHICS,
    }
}

/// Fields that are shown, but not kept as a column of their own.
const fn shown_besides(collection: Collection) -> &'static [&'static str] {
    match file(collection) {
        File::Orgs | File::AcademicSessions => &["children"],
        File::Users | File::Roles => &["userIds", "roles", "agents"],
        File::Demographics => &[
            "americanIndianOrAlaskaNative",
            "asian",
            "blackOrAfricanAmerican",
            "nativeHawaiianOrOtherPacificIslander",
            "white",
            "demographicRaceTwoOrMoreRaces",
            "hispanicOrLatinoEthnicity",
            "countryOfBirthCode",
            "stateOfBirthAbbreviation",
            "cityOfBirth",
            "publicSchoolResidenceStatus",
        ],
        File::Courses | File::Classes | File::Enrollments => &[],
    }
}

/// Whether objects of a collection may show a field.
pub(super) fn is_shown(collection: Collection, field: &str) -> bool {
    let kept = COMMON.iter().chain([&MODIFIED]).chain(fields(collection));
    kept.into_iter().any(|(name, _)| name.strip_suffix(".sourcedId").unwrap_or(name) == field)
        || shown_besides(collection).contains(&field)
}

/// The condition that a filter asks for.
pub(super) fn condition(
    collection: Collection,
    filter: &Filter,
) -> Result<Condition, OneRosterError> {
    let mut any = Vec::new();
    for terms in &filter.any {
        let all: Result<Vec<_>, _> = terms.iter().map(|it| term(collection, it)).collect();
        any.push(Condition::all(all?));
    }
    Ok(Condition::any(any))
}

fn term(collection: Collection, term: &Term) -> Result<Condition, OneRosterError> {
    let refused = |description: String| OneRosterError::new(Minor::InvalidFilterField, description);
    if term.field == MODIFIED.0 {
        let at: Timestamp = term.with.parse().map_err(|_| {
            refused("`dateLastModified` is an instant such as 2026-09-01T08:00:00Z".to_owned())
        })?;
        let value = Value::Number(at.as_microsecond());
        return match text(term.by) {
            Some(text) => Ok(Condition::on(MODIFIED.1, text, [value])),
            None => Err(refused("an instant cannot be compared by ~".to_owned())),
        };
    }
    let column = column(collection, &term.field).ok_or_else(|| unknown(&term.field))?;
    let value = || Value::from(term.with.as_str());
    Ok(match text(term.by) {
        Some(text) => Condition::on(column, text, [value()]),
        // Everything contains nothing.
        None if term.with.is_empty() => Condition::always(),
        None => Condition::on(column, "REPLACE(#, ?, '') <> #", [value()]),
    })
}

/// A comparison as SQL has it; `None` when it has it not.
const fn text(by: Comparison) -> Option<&'static str> {
    match by {
        Comparison::Equal => Some("# = ?"),
        Comparison::NotEqual => Some("# <> ?"),
        Comparison::Greater => Some("# > ?"),
        Comparison::GreaterOrEqual => Some("# >= ?"),
        Comparison::Less => Some("# < ?"),
        Comparison::LessOrEqual => Some("# <= ?"),
        Comparison::Contains => None,
    }
}

fn column(collection: Collection, field: &str) -> Option<&'static str> {
    let mut all = COMMON.iter().chain(fields(collection));
    all.find(|(name, _)| *name == field).map(|(_, column)| *column)
}

/// The column to sort by.
pub(super) fn sorted_by(
    collection: Collection,
    field: &str,
) -> Result<&'static str, OneRosterError> {
    if field == MODIFIED.0 {
        return Ok(MODIFIED.1);
    }
    column(collection, field).ok_or_else(|| {
        let OneRosterError { description, .. } = unknown(field);
        OneRosterError::new(Minor::InvalidSort, description)
    })
}

fn unknown(field: &str) -> OneRosterError {
    let shown: String = field.chars().take(60).collect();
    let description = format!("lists cannot be filtered or sorted by `{shown}`");
    OneRosterError::new(Minor::InvalidFilterField, description)
}
