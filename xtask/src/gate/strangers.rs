//! What programs of others say about what we make: standards are what strangers understand.

mod applications;
mod contract;
mod provisioning;
mod scanning;
mod signatures;

/// Asks each of them.
pub(super) fn ask() -> anyhow::Result<()> {
    signatures::judge()?;
    applications::sign_in()?;
    contract::hold()?;
    provisioning::check()?;
    scanning::look()
}
