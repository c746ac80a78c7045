//! Taking a person away.

/// What is taken away with a person, in an order in which nothing is left that refers to what is gone.
///
/// Each statement's one value is the person's id. A test holds the list against the schema: whoever adds a table that
/// refers to persons or accounts decides here what becomes of it.
pub(super) const ERASE: [(&str, &str); 30] = [
    ("openid_codes", include_str!("erase/openid_codes.sql")),
    ("openid_refresh_tokens", include_str!("erase/openid_refresh_tokens.sql")),
    ("openid_access_tokens", include_str!("erase/openid_access_tokens.sql")),
    ("openid_families", include_str!("erase/openid_families.sql")),
    ("application_consents", include_str!("erase/application_consents.sql")),
    ("person_profiles", include_str!("erase/person_profiles.sql")),
    ("former_passwords", include_str!("erase/former_passwords.sql")),
    ("passwords", include_str!("erase/passwords.sql")),
    ("totp_secrets", include_str!("erase/totp_secrets.sql")),
    ("recovery_codes", include_str!("erase/recovery_codes.sql")),
    ("passkeys", include_str!("erase/passkeys.sql")),
    ("ceremonies", include_str!("erase/ceremonies.sql")),
    ("sessions", include_str!("erase/sessions.sql")),
    ("known_devices", include_str!("erase/known_devices.sql")),
    ("invitations", include_str!("erase/invitations.sql")),
    ("outside_choices", include_str!("erase/outside_choices.sql")),
    ("outside_identities", include_str!("erase/outside_identities.sql")),
    ("legal_holds", include_str!("erase/legal_holds.sql")),
    ("grants", include_str!("erase/grants.sql")),
    ("scim_emails", include_str!("erase/scim_emails.sql")),
    ("scim_members", include_str!("erase/scim_members.sql")),
    ("scim_users", include_str!("erase/scim_users.sql")),
    ("roster_demographics", include_str!("erase/roster_demographics.sql")),
    ("roster_roles", include_str!("erase/roster_roles.sql")),
    ("roster_enrollments", include_str!("erase/roster_enrollments.sql")),
    ("roster_users", include_str!("erase/roster_users.sql")),
    ("accounts", include_str!("erase/accounts.sql")),
    ("personal_requests", include_str!("erase/personal_requests.sql")),
    ("audit_salts", include_str!("erase/audit_salts.sql")),
    ("people", include_str!("erase/people.sql")),
];

/// Takes a person away in a transaction. A macro, as it is typed for either database.
macro_rules! erase {
    ($transaction:expr, $person:expr) => {
        async {
            for (_, sql) in $crate::retention::erasure::ERASE {
                sqlx::query(sql).bind($person).execute(&mut *$transaction).await?;
            }
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(super) use erase;
