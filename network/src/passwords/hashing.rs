//! How a password is kept: argon2id (RFC 9106), as a PHC string that names its own parameters.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, CustomizedPasswordHasher, Params, PasswordVerifier, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use model::Entropy;

use super::{Password, room};

/// What hashing costs: memory, passes over it, lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// What comparing a password with its hash says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed at another cost than is asked for now: hash it anew.
    RightAtAnotherCost,
}

/// A hash that could not be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error("argon2id does not work at this cost; see `[cost]` of the password policies")]
    Cost,
    #[error("a kept password is no argon2id hash")]
    Unreadable,
}

/// Hashes a password. Takes tens of milliseconds of a processor and megabytes: not for a thread that serves others.
///
/// # Errors
/// [`HashError::Cost`].
pub fn hash(
    password: &Password,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<String, HashError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let hash = Argon2::default().hash_password_customized(
        password.reveal().as_bytes(),
        &salt,
        Some(Algorithm::Argon2id.ident().as_str()),
        Some(Version::V0x13.into()),
        params(cost)?,
    );
    hash.map(|it| it.to_string()).map_err(|_| HashError::Cost)
}

/// Compares a password with what is kept of one. Takes as long as [`hash`].
///
/// # Errors
/// [`HashError::Unreadable`] when what is kept is no hash of ours.
pub fn verify(password: &Password, phc: &str, cost: Cost) -> Result<Verdict, HashError> {
    let kept = PasswordHash::new(phc).map_err(|_| HashError::Unreadable)?;
    let kept_at = Params::try_from(&kept).map_err(|_| HashError::Unreadable)?;
    let algorithm = Algorithm::try_from(kept.algorithm.as_str());
    let is_same = algorithm == Ok(Algorithm::Argon2id)
        && (kept_at.m_cost(), kept_at.t_cost(), kept_at.p_cost())
            == (cost.memory_kib, cost.passes, cost.lanes);
    let bytes = password.reveal().as_bytes();
    let right = match (&kept.salt, &kept.hash) {
        (Some(salt), Some(hash)) if is_same && kept.version == Some(Version::V0x13.into()) => {
            let mut output = vec![0; hash.as_bytes().len()];
            fill(kept_at, bytes, salt, &mut output).is_ok()
                && verify_slices_are_equal(&output, hash.as_bytes()).is_ok()
        }
        // At another cost, which is hashed once more with ours if it is right.
        _ => Argon2::default().verify_password(bytes, &kept).is_ok(),
    };
    Ok(match (right, is_same) {
        (false, _) => Verdict::Wrong,
        (true, true) => Verdict::Right,
        (true, false) => Verdict::RightAtAnotherCost,
    })
}

/// Takes as long as [`verify`] and is always wrong, so that the time does not tell whether somebody has an account.
///
/// # Errors
/// [`HashError::Cost`].
pub fn verify_nobody(password: &Password, cost: Cost) -> Result<Verdict, HashError> {
    fill(params(cost)?, password.reveal().as_bytes(), &[0; 16], &mut [0; 32])?;
    Ok(Verdict::Wrong)
}

/// Hashes into an output, in a room that is kept.
fn fill(params: Params, password: &[u8], salt: &[u8], output: &mut [u8]) -> Result<(), HashError> {
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = room::within(blocks, |it| {
        argon2.hash_password_into_with_memory(password, salt, output, it)
    });
    done.map_err(|_| HashError::Cost)
}

fn params(cost: Cost) -> Result<Params, HashError> {
    Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| HashError::Cost)
}
