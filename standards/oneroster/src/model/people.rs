//! Users, what they are at which organisation, and demographics.

use jiff::civil::Date;

use crate::cell::words;
use crate::model::entity;

words! {
    /// Whether a role is the main one at an organisation.
    RoleKind {
        "primary" => Primary,
        "secondary" => Secondary,
    }
}

words! {
    /// What somebody is at an organisation.
    UserRole {
        "aide" => Aide,
        "counselor" => Counselor,
        "districtAdministrator" => DistrictAdministrator,
        "guardian" => Guardian,
        "parent" => Parent,
        "principal" => Principal,
        "proctor" => Proctor,
        "relative" => Relative,
        "siteAdministrator" => SiteAdministrator,
        "student" => Student,
        "systemAdministrator" => SystemAdministrator,
        "teacher" => Teacher,
    }
}

words! {
    /// As registered.
    Sex {
        "male" => Male,
        "female" => Female,
        "unspecified" => Unspecified,
        "other" => Other,
    }
}

entity! {
    /// A person with an account.
    User in Users {
        enabled: bool => "enabledUser",
        username: Option<String> => "username",
        /// Ids of other systems, such as `{LDAP:zhang.wei}`.
        user_ids: Vec<String> => "userIds",
        given_name: String => "givenName",
        family_name: String => "familyName",
        middle_name: Option<String> => "middleName",
        identifier: Option<String> => "identifier",
        email: Option<String> => "email",
        sms: Option<String> => "sms",
        phone: Option<String> => "phone",
        /// Persons who act for this one, or for whom this one acts.
        agents: Vec<String> => "agentSourcedIds",
        grades: Vec<String> => "grades",
        password: Option<String> => "password",
        master_identifier: Option<String> => "userMasterIdentifier",
        resources: Vec<String> => "resourceSourcedIds",
        preferred_given_name: Option<String> => "preferredGivenName",
        preferred_middle_name: Option<String> => "preferredMiddleName",
        preferred_family_name: Option<String> => "preferredFamilyName",
        primary_org: Option<String> => "primaryOrgSourcedId",
        pronouns: Option<String> => "pronouns",
    }
}

entity! {
    /// What a user is at an organisation.
    Role in Roles {
        user: String => "userSourcedId",
        kind: RoleKind => "roleType",
        role: UserRole => "role",
        begins_on: Option<Date> => "beginDate",
        ends_on: Option<Date> => "endDate",
        org: String => "orgSourcedId",
        profile: Option<String> => "userProfileSourcedId",
    }
}

entity! {
    /// Demographics of the user of the same id.
    Demographics in Demographics {
        born_on: Option<Date> => "birthDate",
        sex: Option<Sex> => "sex",
        american_indian_or_alaska_native: Option<bool> => "americanIndianOrAlaskaNative",
        asian: Option<bool> => "asian",
        black_or_african_american: Option<bool> => "blackOrAfricanAmerican",
        native_hawaiian_or_other_pacific_islander: Option<bool> => "nativeHawaiianOrOtherPacificIslander",
        white: Option<bool> => "white",
        two_or_more_races: Option<bool> => "demographicRaceTwoOrMoreRaces",
        hispanic_or_latino: Option<bool> => "hispanicOrLatinoEthnicity",
        country_of_birth: Option<String> => "countryOfBirthCode",
        state_of_birth: Option<String> => "stateOfBirthAbbreviation",
        city_of_birth: Option<String> => "cityOfBirth",
        residence_status: Option<String> => "publicSchoolResidenceStatus",
    }
}
