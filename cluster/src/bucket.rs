//! The object store that the tables are in, as this machine reaches it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use url::Url;

/// How long a store may not answer before it is said to be gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// A prefix of a bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Bucket {
    /// Credentials, region and endpoint come from the `AWS_*` variables; nothing of them is ever printed.
    pub(crate) fn open(url: &Url) -> Result<Self> {
        ensure!(url.scheme() == "s3", "{url} is no store; name one as s3://BUCKET/PREFIX");
        let bucket = url.host_str().context("the store names no bucket: s3://BUCKET/PREFIX")?;
        let retry =
            RetryConfig { max_retries: 5, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let options = ClientOptions::new().with_connect_timeout(PATIENCE / 4);
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retry)
            .with_client_options(options.with_allow_http(true))
            .build()
            .with_context(|| format!("{url} cannot be reached; look at the AWS_* variables"))?;
        let prefix = Path::from_url_path(url.path())?;
        Ok(Self { store: Arc::new(store), prefix })
    }

    /// Where a file of a dataset's table is, by its path in the table's folder.
    pub(crate) fn place(&self, dataset: &str, path: &str) -> Path {
        let parts = self.prefix.parts().map(|it| it.as_ref().to_owned());
        let all = parts.chain([dataset.to_owned()]).chain(path.split('/').map(str::to_owned));
        all.collect()
    }
}
