//! Releases: what was published together stays published.

mod versions;

pub use self::versions::Release;
