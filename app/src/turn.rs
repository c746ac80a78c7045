//! The turn to do what is done in the background: of all processes of a registry one has it at a time, wherever their data
//! folders are.
//!
//! A lock of the data folder goes back at once when its process is killed. A lease of the registry goes back when its time
//! is over. The file of the lock says who had it last, so that whoever has the lock now need not wait for that one's lease.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use model::Entropy;
use store::leases::{self, Lease};

use crate::centre::Centre;
use crate::surroundings::SystemEntropy;

/// What this process is called.
static HOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes);
    bytes.iter().map(|it| format!("{it:02x}")).collect()
});

/// Something that is done in the background, by one at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Duty {
    pub(crate) name: &'static str,
    /// How long whoever does it may be silent before another takes its place.
    pub(crate) lasts: Duration,
}

/// Time of cases, letters, rows for the lake.
pub(crate) const ROUNDS: Duty = Duty { name: "cases", lasts: Duration::from_secs(40) };
/// Days of the audit log, periods of retention.
pub(crate) const UPKEEP: Duty = Duty { name: "upkeep", lasts: Duration::from_secs(1_500) };

/// The turn; the lock of the folder is given back when it is dropped, the lease stays until its time is over.
#[derive(Debug)]
pub(crate) struct Turn {
    centre: Centre,
    duty: Duty,
    #[expect(dead_code, reason = "held open for its lock")]
    lock: File,
}

impl Turn {
    /// The turn, when nobody else has it.
    pub(crate) async fn take(centre: &Centre, duty: Duty, at: Timestamp) -> Result<Option<Self>> {
        let file = open(centre, duty)?;
        match file.try_lock() {
            Ok(()) => Self::with(centre, duty, file, at).await,
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("the turn could not be locked"),
        }
    }

    /// Waits for a process of the same data folder to be done with the turn.
    ///
    /// # Errors
    /// When a process of another data folder has it, which would not be done soon.
    pub(crate) async fn wait(centre: &Centre, duty: Duty, at: Timestamp) -> Result<Self> {
        let file = open(centre, duty)?;
        file.lock().context("the turn could not be locked")?;
        let Some(turn) = Self::with(centre, duty, file, at).await? else {
            bail!(
                "a server with another data folder does this for the registry; do it there, or stop that server and \
                 wait {} seconds",
                duty.lasts.as_secs()
            );
        };
        Ok(turn)
    }

    async fn with(
        centre: &Centre,
        duty: Duty,
        mut lock: File,
        at: Timestamp,
    ) -> Result<Option<Self>> {
        let mut last = String::new();
        lock.read_to_string(&mut last).context("the turn's file could not be read")?;
        if !lease(centre, duty, last.trim(), at).await? {
            return Ok(None);
        }
        if last != *HOLDER {
            lock.set_len(0)
                .and_then(|()| lock.rewind())
                .and_then(|()| lock.write_all(HOLDER.as_bytes()))
                .context("the turn's file could not be written")?;
        }
        Ok(Some(Self { centre: centre.clone(), duty, lock }))
    }

    /// Says that this process is still there; whether the turn is still had.
    pub(crate) async fn renew(&self, at: Timestamp) -> Result<bool> {
        lease(&self.centre, self.duty, "", at).await
    }
}

/// Gives back what this process has, so that others need not wait.
pub(crate) async fn give_back(centre: &Centre) {
    for duty in [ROUNDS, UPKEEP] {
        if let Err(error) = leases::give_back(&centre.store, duty.name, &HOLDER).await {
            tracing::warn!(error = %error, "a turn could not be given back; it ends by itself");
        }
    }
}

async fn lease(centre: &Centre, duty: Duty, gone: &str, at: Timestamp) -> Result<bool> {
    let until = at.checked_add(duty.lasts)?.as_microsecond();
    let lease = Lease { name: duty.name, holder: &HOLDER, gone, until };
    Ok(leases::take(&centre.store, lease, at.as_microsecond()).await?)
}

fn open(centre: &Centre, duty: Duty) -> Result<File> {
    let path: PathBuf = centre.data.join(format!("{}.lock", duty.name));
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).open(&path);
    opened.with_context(|| format!("{} could not be made", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Place;

    /// Data folders on one registry, as machines of one city have them.
    async fn centres(folders: usize) -> Vec<(tempfile::TempDir, Centre)> {
        let mut centres = Vec::new();
        let registry = tempfile::tempdir().unwrap();
        let own = format!("sqlite:{}", registry.path().join("haihe.db").display());
        let address = tokio::task::spawn_blocking(store::testing::address).await.unwrap();
        let database = address.unwrap_or(own);
        for _ in 0..folders {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path().to_owned();
            let centre = Centre::begin(&Place { data, database: Some(database.clone()) }).await;
            centres.push((folder, centre.unwrap()));
        }
        // The registry's folder stays as long as the process.
        std::mem::forget(registry);
        centres
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + seconds).unwrap()
    }

    /// As another process left the file of a folder.
    fn left_by(centre: &Centre, holder: &str) {
        std::fs::write(centre.data.join("cases.lock"), holder).unwrap();
    }

    async fn leased(centre: &Centre, holder: &str, from: i64) -> bool {
        let until = at(from + 40).as_microsecond();
        let lease = Lease { name: "cases", holder, gone: "", until };
        leases::take(&centre.store, lease, at(from).as_microsecond()).await.unwrap()
    }

    #[tokio::test]
    async fn two_data_folders_on_one_registry_take_turns_and_whoever_dies_is_followed() {
        let centres = centres(2).await;
        let [(_, here), (_, there)] = centres.as_slice() else { panic!("there are two") };
        assert!(leased(there, "the other process", 0).await);
        assert!(Turn::take(here, ROUNDS, at(10)).await.unwrap().is_none());
        let refused = Turn::wait(here, ROUNDS, at(10)).await.unwrap_err().to_string();
        assert!(refused.contains("another data folder"), "{refused}");
        assert!(leased(there, "the other process", 20).await, "it goes on");
        assert!(Turn::take(here, ROUNDS, at(59)).await.unwrap().is_none());
        // It is silent for longer than the lease lasts.
        let turn = Turn::take(here, ROUNDS, at(60)).await.unwrap().unwrap();
        assert!(!leased(there, "the other process", 70).await);
        assert!(turn.renew(at(90)).await.unwrap());
        assert!(!leased(there, "the other process", 120).await);
        drop(turn);
        give_back(here).await;
        assert!(leased(there, "the other process", 121).await);
    }

    #[tokio::test]
    async fn in_one_data_folder_nobody_waits_for_whoever_was_killed() {
        let centres = centres(1).await;
        let (_, here) = &centres[0];
        assert!(leased(here, "the killed process", 0).await);
        left_by(here, "the killed process");
        let turn = Turn::take(here, ROUNDS, at(1)).await.unwrap().unwrap();
        assert!(Turn::take(here, ROUNDS, at(2)).await.unwrap().is_none(), "it is locked");
        drop(turn);
        assert!(Turn::wait(here, ROUNDS, at(3)).await.is_ok());
        assert!(!leased(here, "the killed process", 4).await);
    }
}
