-- Rosters, as OneRoster 1.2 exchanges them: who is taught what, where and by whom. All ids are those of the systems the
-- rosters come from, never change and are never used again. Each object belongs to the source it first came from.
-- Instants are microseconds since 1970 (UTC), days are written like 2024-09-01, lists have commas between their values.

CREATE TABLE roster_orgs (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    identifier TEXT NOT NULL,
    parent TEXT NOT NULL
);

CREATE TABLE roster_academic_sessions (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    begins_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    parent TEXT NOT NULL,
    school_year TEXT NOT NULL
);

CREATE TABLE roster_courses (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    school_year TEXT NOT NULL,
    title TEXT NOT NULL,
    course_code TEXT NOT NULL,
    grades TEXT NOT NULL,
    org TEXT NOT NULL,
    subjects TEXT NOT NULL,
    subject_codes TEXT NOT NULL
);

CREATE TABLE roster_classes (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    title TEXT NOT NULL,
    grades TEXT NOT NULL,
    course TEXT NOT NULL,
    class_code TEXT NOT NULL,
    class_type TEXT NOT NULL,
    location TEXT NOT NULL,
    school TEXT NOT NULL,
    terms TEXT NOT NULL,
    subjects TEXT NOT NULL,
    subject_codes TEXT NOT NULL,
    periods TEXT NOT NULL
);

CREATE INDEX roster_classes_by_course ON roster_classes (course);

CREATE INDEX roster_classes_by_school ON roster_classes (school);

-- Everything here but the ids is personal. Passwords of other systems are not kept.
CREATE TABLE roster_users (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id),
    enabled_user TEXT NOT NULL,
    username TEXT NOT NULL,
    user_ids TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    middle_name TEXT NOT NULL,
    identifier TEXT NOT NULL,
    email TEXT NOT NULL,
    sms TEXT NOT NULL,
    phone TEXT NOT NULL,
    agents TEXT NOT NULL,
    grades TEXT NOT NULL,
    master_identifier TEXT NOT NULL,
    resources TEXT NOT NULL,
    preferred_given_name TEXT NOT NULL,
    preferred_middle_name TEXT NOT NULL,
    preferred_family_name TEXT NOT NULL,
    primary_org TEXT NOT NULL,
    pronouns TEXT NOT NULL
);

CREATE INDEX roster_users_by_email ON roster_users (email);

CREATE INDEX roster_users_by_person ON roster_users (person);

CREATE TABLE roster_roles (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    roster_user TEXT NOT NULL,
    role_type TEXT NOT NULL,
    role TEXT NOT NULL,
    begins_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    org TEXT NOT NULL,
    profile TEXT NOT NULL
);

CREATE INDEX roster_roles_by_user ON roster_roles (roster_user);

CREATE INDEX roster_roles_by_organisation ON roster_roles (organisation, role);

CREATE TABLE roster_enrollments (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    class TEXT NOT NULL,
    school TEXT NOT NULL,
    roster_user TEXT NOT NULL,
    role TEXT NOT NULL,
    main TEXT NOT NULL,
    begins_on TEXT NOT NULL,
    ends_on TEXT NOT NULL
);

CREATE INDEX roster_enrollments_by_class ON roster_enrollments (class, role);

CREATE INDEX roster_enrollments_by_user ON roster_enrollments (roster_user, role);

-- The id is that of the user. Everything else is personal.
CREATE TABLE roster_demographics (
    sourced_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'tobedeleted')),
    modified_at BIGINT NOT NULL,
    born_on TEXT NOT NULL,
    sex TEXT NOT NULL,
    american_indian_or_alaska_native TEXT NOT NULL,
    asian TEXT NOT NULL,
    black_or_african_american TEXT NOT NULL,
    native_hawaiian_or_other_pacific_islander TEXT NOT NULL,
    white TEXT NOT NULL,
    two_or_more_races TEXT NOT NULL,
    hispanic_or_latino TEXT NOT NULL,
    country_of_birth TEXT NOT NULL,
    state_of_birth TEXT NOT NULL,
    city_of_birth TEXT NOT NULL,
    residence_status TEXT NOT NULL
);

-- Ids that were two and turned out to be one: who asks for the old one gets the other.
CREATE TABLE roster_aliases (
    kind TEXT NOT NULL,
    old_id TEXT NOT NULL,
    new_id TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (kind, old_id),
    CHECK (old_id <> new_id)
);

-- What an import has come by, while it runs: no row outlives its transaction.
CREATE TABLE roster_marks (
    kind TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    PRIMARY KEY (kind, sourced_id)
);

-- Imports, and what they changed.
CREATE TABLE roster_imports (
    imported_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    added BIGINT NOT NULL CHECK (added >= 0),
    changed BIGINT NOT NULL CHECK (changed >= 0),
    removed BIGINT NOT NULL CHECK (removed >= 0),
    refused BIGINT NOT NULL CHECK (refused >= 0),
    PRIMARY KEY (imported_at, source)
);
