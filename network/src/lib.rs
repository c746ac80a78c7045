//! Who is who: organisations in time, people and their accounts, recorded in the registry.
//!
//! **Invariant:** what was once recorded is never changed, but for the instant at which something later took
//! its place. So what was known at an earlier instant can always be read again.

pub mod accounts;
pub mod administration;
pub mod applications;
pub mod audit;
pub mod batch;
pub mod ceremonies;
mod condition;
mod connection;
pub mod grants;
pub mod id;
pub mod invitations;
pub mod lockout;
pub mod openid;
pub mod organisations;
pub mod outside;
pub mod passkeys;
pub mod passwords;
pub mod people;
pub mod personal;
pub mod profiles;
pub mod purpose;
pub mod recovery_codes;
pub mod retention;
pub mod roles;
pub mod rosters;
mod rows;
pub mod scim;
pub mod scope;
pub mod secret;
pub mod service_tokens;
pub mod sessions;
pub mod sign_in;
pub mod testing;
pub mod totp;

pub use self::id::{AccountId, InvitationId, PersonId, SessionId};
pub use self::organisations::{
    Changes, EventList, KeptHistory, LIST_COLUMNS, Listed, NetworkError, OrganisationList,
    Recording, check_order, export, history, may_paths_be_due, path_of, read_events, read_list,
    record, refresh_paths, settle,
};
pub use self::purpose::Purpose;
