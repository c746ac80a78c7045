//! Who is who: organisations in time, recorded in the registry.
//!
//! **Invariant:** what was once recorded is never changed, but for the instant at which something later took
//! its place. So what was known at an earlier instant can always be read again.

pub mod organisations;

pub use self::organisations::{
    Changes, EventList, LIST_COLUMNS, Listed, NetworkError, OrganisationList, Recording, export,
    history, read_events, read_list, record, settle,
};
