//! How each kind of object is kept: its table, its columns, and what it refers to.

use haihe_oneroster::{
    AcademicSession, Class, Course, Demographics, Enrollment, Entity, File, Org, Role, User,
};

/// A column that holds the id, or the ids, of other objects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// As the file names it.
    pub(super) column: &'static str,
    pub(super) to: File,
    /// Whether objects of the same file may come later: they are looked for when all of it is in.
    pub(super) later: bool,
}

/// Which organisation an object belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// None: it is the same for all, or follows from other objects.
    Nowhere,
    /// The organisation of the registry that has its id or its identifier.
    Registry,
    /// That of the roster's organisation in this column.
    Of(&'static str),
}

/// An object that is kept.
pub(super) trait Kept: Entity {
    const TABLE: &'static str;
    /// Columns of the file and of the table, but for the first three, which all have; what is not here is not kept.
    const KEPT: &'static [(&'static str, &'static str)];
    const REFERENCES: &'static [Reference];
    const HOME: Home;
    /// Whether each is a person.
    const IS_PERSON: bool = false;
}

const fn to(column: &'static str, to: File) -> Reference {
    Reference { column, to, later: false }
}

const fn later(column: &'static str, to: File) -> Reference {
    Reference { column, to, later: true }
}

impl Kept for Org {
    const TABLE: &'static str = "roster_orgs";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("name", "name"),
        ("type", "type"),
        ("identifier", "identifier"),
        ("parentSourcedId", "parent"),
    ];
    const REFERENCES: &'static [Reference] = &[later("parentSourcedId", File::Orgs)];
    const HOME: Home = Home::Registry;
}

impl Kept for AcademicSession {
    const TABLE: &'static str = "roster_academic_sessions";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("title", "title"),
        ("type", "type"),
        ("startDate", "begins_on"),
        ("endDate", "ends_on"),
        ("parentSourcedId", "parent"),
        ("schoolYear", "school_year"),
    ];
    const REFERENCES: &'static [Reference] = &[later("parentSourcedId", File::AcademicSessions)];
    const HOME: Home = Home::Nowhere;
}

impl Kept for Course {
    const TABLE: &'static str = "roster_courses";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("schoolYearSourcedId", "school_year"),
        ("title", "title"),
        ("courseCode", "course_code"),
        ("grades", "grades"),
        ("orgSourcedId", "org"),
        ("subjects", "subjects"),
        ("subjectCodes", "subject_codes"),
    ];
    const REFERENCES: &'static [Reference] =
        &[to("orgSourcedId", File::Orgs), to("schoolYearSourcedId", File::AcademicSessions)];
    const HOME: Home = Home::Of("orgSourcedId");
}

impl Kept for Class {
    const TABLE: &'static str = "roster_classes";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("title", "title"),
        ("grades", "grades"),
        ("courseSourcedId", "course"),
        ("classCode", "class_code"),
        ("classType", "class_type"),
        ("location", "location"),
        ("schoolSourcedId", "school"),
        ("termSourcedIds", "terms"),
        ("subjects", "subjects"),
        ("subjectCodes", "subject_codes"),
        ("periods", "periods"),
    ];
    const REFERENCES: &'static [Reference] = &[
        to("schoolSourcedId", File::Orgs),
        to("courseSourcedId", File::Courses),
        to("termSourcedIds", File::AcademicSessions),
    ];
    const HOME: Home = Home::Of("schoolSourcedId");
}

impl Kept for User {
    const TABLE: &'static str = "roster_users";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("enabledUser", "enabled_user"),
        ("username", "username"),
        ("userIds", "user_ids"),
        ("givenName", "given_name"),
        ("familyName", "family_name"),
        ("middleName", "middle_name"),
        ("identifier", "identifier"),
        ("email", "email"),
        ("sms", "sms"),
        ("phone", "phone"),
        ("agentSourcedIds", "agents"),
        ("grades", "grades"),
        ("userMasterIdentifier", "master_identifier"),
        ("resourceSourcedIds", "resources"),
        ("preferredGivenName", "preferred_given_name"),
        ("preferredMiddleName", "preferred_middle_name"),
        ("preferredFamilyName", "preferred_family_name"),
        ("primaryOrgSourcedId", "primary_org"),
        ("pronouns", "pronouns"),
    ];
    const REFERENCES: &'static [Reference] = &[to("primaryOrgSourcedId", File::Orgs)];
    const HOME: Home = Home::Nowhere;
    const IS_PERSON: bool = true;
}

impl Kept for Role {
    const TABLE: &'static str = "roster_roles";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("userSourcedId", "roster_user"),
        ("roleType", "role_type"),
        ("role", "role"),
        ("beginDate", "begins_on"),
        ("endDate", "ends_on"),
        ("orgSourcedId", "org"),
        ("userProfileSourcedId", "profile"),
    ];
    const REFERENCES: &'static [Reference] =
        &[to("orgSourcedId", File::Orgs), to("userSourcedId", File::Users)];
    const HOME: Home = Home::Of("orgSourcedId");
}

impl Kept for Enrollment {
    const TABLE: &'static str = "roster_enrollments";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("classSourcedId", "class"),
        ("schoolSourcedId", "school"),
        ("userSourcedId", "roster_user"),
        ("role", "role"),
        ("primary", "main"),
        ("beginDate", "begins_on"),
        ("endDate", "ends_on"),
    ];
    const REFERENCES: &'static [Reference] = &[
        to("schoolSourcedId", File::Orgs),
        to("classSourcedId", File::Classes),
        to("userSourcedId", File::Users),
    ];
    const HOME: Home = Home::Of("schoolSourcedId");
}

impl Kept for Demographics {
    const TABLE: &'static str = "roster_demographics";
    const KEPT: &'static [(&'static str, &'static str)] = &[
        ("birthDate", "born_on"),
        ("sex", "sex"),
        ("americanIndianOrAlaskaNative", "american_indian_or_alaska_native"),
        ("asian", "asian"),
        ("blackOrAfricanAmerican", "black_or_african_american"),
        ("nativeHawaiianOrOtherPacificIslander", "native_hawaiian_or_other_pacific_islander"),
        ("white", "white"),
        ("demographicRaceTwoOrMoreRaces", "two_or_more_races"),
        ("hispanicOrLatinoEthnicity", "hispanic_or_latino"),
        ("countryOfBirthCode", "country_of_birth"),
        ("stateOfBirthAbbreviation", "state_of_birth"),
        ("cityOfBirth", "city_of_birth"),
        ("publicSchoolResidenceStatus", "residence_status"),
    ];
    const REFERENCES: &'static [Reference] = &[to("sourcedId", File::Users)];
    const HOME: Home = Home::Nowhere;
}

/// The table that a file's objects are kept in.
pub(super) const fn table(file: File) -> &'static str {
    match file {
        File::Orgs => Org::TABLE,
        File::AcademicSessions => AcademicSession::TABLE,
        File::Courses => Course::TABLE,
        File::Classes => Class::TABLE,
        File::Users => User::TABLE,
        File::Roles => Role::TABLE,
        File::Enrollments => Enrollment::TABLE,
        File::Demographics => Demographics::TABLE,
    }
}
