//! What may be done, and what may be seen of a person.

use std::collections::BTreeSet;
use std::fmt;

/// An enumeration whose values have a code each, in one place.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $value:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$about])* $value,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == code)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

coded! {
    /// One thing that a role may do, within the part of the organisations that it is held for.
    Permission {
        /// Figures that are not published yet.
        ReadFigures = "figures.read",
        /// Rows that schools and districts reported.
        ReadRecords = "records.read",
        SubmitRecords = "records.submit",
        ApproveRecords = "records.approve",
        ReadAccounts = "accounts.read",
        /// Invite, suspend and open again.
        ManageAccounts = "accounts.manage",
        EndSessions = "sessions.end",
        ReadPeople = "people.read",
        CorrectPeople = "people.correct",
        ReadGrants = "grants.read",
        /// Give and revoke, within what the role may grant or appoint.
        GiveGrants = "grants.give",
        ReadAudit = "audit.read",
        /// Policies for passwords, second factors and lockout.
        SetPolicies = "policies.set",
        /// Keys, addresses, identity providers.
        Configure = "system.configure",
        RecordOrganisations = "organisations.record",
        ReadRosters = "rosters.read",
        ImportRosters = "rosters.import",
        ReadApplications = "applications.read",
        /// Register an application of one's own.
        RegisterApplications = "applications.register",
        /// Approve and withdraw applications of others.
        ManageApplications = "applications.manage",
        ReadCases = "cases.read",
        BeginCases = "cases.begin",
        /// Take the steps of a case that the procedure gives the role.
        ActOnCases = "cases.act",
        DecideCases = "cases.decide",
        /// Requests of persons for correction and deletion.
        DecideRequests = "requests.decide",
        /// Data that the law wants kept longer.
        SetHolds = "holds.set",
    }
}

coded! {
    /// A class of personal data: who may see a row may still not see all of it.
    PersonalField {
        Name = "name",
        IdentityNumber = "identity_number",
        StudentNumber = "student_number",
        BirthDate = "birth_date",
        Sex = "sex",
        /// Telephone and mail address.
        Contact = "contact",
        Address = "address",
        Guardian = "guardian",
        Health = "health",
        SpecialNeeds = "special_needs",
        /// Marks, tests, awards.
        Results = "results",
        Employment = "employment",
    }
}

/// One of the three powers that nobody may hold two of (GB/T 22239-2019, 8.1.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    System,
    Security,
    Audit,
}

impl Permission {
    /// The power that a permission makes up.
    pub fn power(self) -> Option<Power> {
        const POWERS: [(Permission, Power); 3] = [
            (Permission::Configure, Power::System),
            (Permission::SetPolicies, Power::Security),
            (Permission::ReadAudit, Power::Audit),
        ];
        POWERS.iter().find(|it| it.0 == self).map(|it| it.1)
    }
}

/// Which classes of personal data may be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldMask(BTreeSet<PersonalField>);

impl FieldMask {
    pub fn shows(&self, field: PersonalField) -> bool {
        self.0.contains(&field)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = PersonalField> {
        self.0.iter().copied()
    }

    /// What either shows.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// What both show.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// What this shows and the other does not.
    pub fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = PersonalField> + 'a {
        self.0.difference(&other.0).copied()
    }
}

impl FromIterator<PersonalField> for FieldMask {
    fn from_iter<I: IntoIterator<Item = PersonalField>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}
