mod events;
mod lists;
mod paths;
mod properties;
mod recording;
pub(super) mod support;

#[tokio::test]
async fn the_database_accepts_every_sql_file() {
    store::testing::check_sql_files("src").await;
}
