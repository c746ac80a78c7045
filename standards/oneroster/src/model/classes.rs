//! What is taught, when, and who takes part.

use jiff::civil::Date;

use crate::cell::words;
use crate::model::entity;

words! {
    /// How long a period is, and what for.
    SessionKind {
        "gradingPeriod" => GradingPeriod,
        "semester" => Semester,
        "schoolYear" => SchoolYear,
        "term" => Term,
    }
}

words! {
    /// Whether a class stays together or is made for one subject.
    ClassKind {
        "homeroom" => Homeroom,
        "scheduled" => Scheduled,
    }
}

words! {
    /// As what somebody takes part in a class.
    EnrollmentRole {
        "administrator" => Administrator,
        "proctor" => Proctor,
        "student" => Student,
        "teacher" => Teacher,
    }
}

entity! {
    /// A school year, or a part of one.
    AcademicSession in AcademicSessions {
        title: String => "title",
        kind: SessionKind => "type",
        begins_on: Date => "startDate",
        ends_on: Date => "endDate",
        parent: Option<String> => "parentSourcedId",
        /// The calendar year in which the school year ends.
        school_year: i16 => "schoolYear",
    }
}

entity! {
    /// What is taught, whoever teaches it.
    Course in Courses {
        school_year: Option<String> => "schoolYearSourcedId",
        title: String => "title",
        code: Option<String> => "courseCode",
        grades: Vec<String> => "grades",
        org: String => "orgSourcedId",
        subjects: Vec<String> => "subjects",
        subject_codes: Vec<String> => "subjectCodes",
    }
}

entity! {
    /// A course as it is held in one school.
    Class in Classes {
        title: String => "title",
        grades: Vec<String> => "grades",
        course: String => "courseSourcedId",
        code: Option<String> => "classCode",
        kind: ClassKind => "classType",
        location: Option<String> => "location",
        school: String => "schoolSourcedId",
        terms: Vec<String> => "termSourcedIds",
        subjects: Vec<String> => "subjects",
        subject_codes: Vec<String> => "subjectCodes",
        periods: Vec<String> => "periods",
    }
}

entity! {
    /// Somebody's part in a class.
    Enrollment in Enrollments {
        class: String => "classSourcedId",
        school: String => "schoolSourcedId",
        user: String => "userSourcedId",
        role: EnrollmentRole => "role",
        /// Whether this is the teacher in charge.
        primary: Option<bool> => "primary",
        begins_on: Option<Date> => "beginDate",
        ends_on: Option<Date> => "endDate",
    }
}
