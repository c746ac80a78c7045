mod chain;
mod concurrency;
mod drawing;
mod reading;
mod script;
mod shipped;
mod time;

#[tokio::test]
async fn the_database_accepts_every_sql_file() {
    store::testing::check_sql_files(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).await;
}
