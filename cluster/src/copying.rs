//! Copies tables to the store, so that executors, and any other reader of Delta tables, find them there.
//!
//! Data files first and the entry that names them last, entry after entry: whoever reads a version in the store finds
//! its files, and a copy that was cut short goes on with the first entry that is not there.

use std::fs;

use anyhow::{Context, Result, bail};
use futures::{StreamExt, TryStreamExt, stream};
use lake::{Entry, Lake, Order};
use object_store::{ObjectStoreExt, PutPayload};

use crate::bucket::Bucket;

/// Files on their way at once.
const AT_ONCE: usize = 8;

/// What was copied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Copied {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

/// Brings the table of an order up to the order's version.
pub(crate) async fn bring(lake: &Lake, bucket: &Bucket, order: &Order) -> Result<Copied> {
    let dataset = order.dataset();
    let there = newest(bucket, dataset).await?;
    if let Some(newest) = there {
        is_the_same(lake, bucket, dataset, newest).await?;
    }
    let mut copied = Copied::default();
    for entry in lake.entries(dataset, there, order.version())? {
        let files = stream::iter(&entry.files)
            .map(|file| copy(lake, bucket, dataset, file))
            .buffer_unordered(AT_ONCE);
        let sizes: Vec<u64> = files.try_collect().await?;
        copied.files += sizes.len() + 1;
        copied.bytes += sizes.iter().sum::<u64>();
        copied.bytes += copy(lake, bucket, dataset, &entry.path).await?;
    }
    Ok(copied)
}

/// The last version that the store has an entry of. Entries are put in order, so it has all before.
async fn newest(bucket: &Bucket, dataset: &str) -> Result<Option<u64>> {
    let folder = bucket.place(dataset, "_delta_log");
    let entries = bucket.store.list(Some(&folder));
    let versions = entries.map_ok(|it| it.location.filename()?.strip_suffix(".json")?.parse().ok());
    let versions: Vec<Option<u64>> = match versions.try_collect().await {
        Ok(versions) => versions,
        Err(error) => bail!(
            "the store cannot be read at {folder} ({}); look at its name, the AWS_* variables, and whether it runs",
            cause(&error)
        ),
    };
    Ok(versions.into_iter().flatten().max())
}

/// Holds what two tables have in common against each other: one was not copied from the other if it differs.
async fn is_the_same(lake: &Lake, bucket: &Bucket, dataset: &str, newest: u64) -> Result<()> {
    for version in [0, newest] {
        let path = Entry::path_of(version);
        let here = fs::read(lake.table_folder(dataset).join(&path)).unwrap_or_default();
        let there = bucket.store.get(&bucket.place(dataset, &path)).await?.bytes().await?;
        if here != there {
            bail!(
                "the store has another table of {dataset}: its version {version} is not that of the data folder; give every data folder a prefix of its own"
            );
        }
    }
    Ok(())
}

/// What is behind an error of the store, which says all above it several times; without what a server sent with it.
fn cause(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let said = cause.to_string();
    said.split(": <").next().unwrap_or_default().to_owned()
}

async fn copy(lake: &Lake, bucket: &Bucket, dataset: &str, path: &str) -> Result<u64> {
    let file = lake.table_folder(dataset).join(path);
    let bytes = tokio::fs::read(&file)
        .await
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let size = u64::try_from(bytes.len())?;
    let place = bucket.place(dataset, path);
    let put = bucket.store.put(&place, PutPayload::from(bytes)).await;
    put.with_context(|| format!("{path} of {dataset} cannot be put into the store"))?;
    Ok(size)
}
