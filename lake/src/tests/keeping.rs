//! What stays in a table's folder and what goes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::*;

#[tokio::test]
async fn what_a_killed_writer_left_goes_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    assert_eq!(lake.sweep(&dataset()).unwrap(), 0);
    let named = data_files(folder.path());
    let fixed: [Row; 1] = [("s1", 12, Some("G1"), None, Some(8), Some(1))];
    table.write_partition(year(), "d1", &block(&fixed), Mode::Upsert).unwrap();
    assert_eq!(data_files(folder.path()).len(), named.len() + 1);
    // As a kill does, this ends the writer without a commit.
    drop(table);
    assert_eq!(lake.sweep(&dataset()).unwrap(), 1);
    assert_eq!(data_files(folder.path()), named);
    assert_eq!(lake.sweep(&dataset()).unwrap(), 0);
}

#[tokio::test]
async fn nothing_goes_while_a_writer_runs() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let killed = written(&lake, &ROWS, Mode::Upsert).await;
    let running = lake.table(&dataset()).await.unwrap();
    let fixed: [Row; 1] = [("s1", 12, Some("G1"), None, Some(8), Some(1))];
    killed.write_partition(year(), "d1", &block(&fixed), Mode::Upsert).unwrap();
    // The same rows against the same version: both writers mean the same file.
    let write = running.write_partition(year(), "d1", &block(&fixed), Mode::Upsert).unwrap();
    drop(killed);
    assert_eq!(lake.sweep(&dataset()).unwrap(), 0);
    running.commit(vec![write], BTreeMap::new(), Timestamp::UNIX_EPOCH).await.unwrap();
    drop(running);
    assert_eq!(lake.sweep(&dataset()).unwrap(), 0);
    let after = lake.table(&dataset()).await.unwrap();
    assert_eq!(states(&lake, &after).0.iter().count(), 2);
}

#[tokio::test]
async fn a_version_can_be_read_however_many_came_after_it_and_however_long_ago() {
    const A_YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let first = written(&lake, &ROWS, Mode::Upsert).await;
    // The library makes a checkpoint of every hundredth version.
    for points in 0..110 {
        let fixed: [Row; 1] = [("s1", 12, Some("G1"), None, Some(points), Some(1))];
        if points == 105 {
            for entry in fs::read_dir(folder.path().join("lake/pupils/_delta_log")).unwrap() {
                let file = fs::File::options().append(true).open(entry.unwrap().path()).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH + 40 * A_YEAR).unwrap();
            }
        }
        written(&lake, &fixed, Mode::Upsert).await;
    }
    let old = lake.table_at(&dataset(), first.version()).await.unwrap();
    assert_eq!(old.files(), first.files());
}

#[tokio::test]
async fn states_are_prepared_for_the_version_they_were_prepared_for() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = written(&lake, &ROWS, Mode::Upsert).await;
    let measures = measures();
    let measures: Vec<&Measure> = measures.iter().collect();
    let is_prepared =
        |version: u64| lake.has_prepared_states(&dataset(), version, &measures).unwrap();
    assert!(!is_prepared(table.version()));
    assert_eq!(lake.prepare_states(&table, &measures, &|_| {}).unwrap(), 1);
    assert!(is_prepared(table.version()) && !is_prepared(table.version() + 1));
    assert_eq!(lake.newest_version(&dataset()).await.unwrap(), table.version());
    fs::remove_dir_all(folder.path().join("states")).unwrap();
    assert!(!is_prepared(table.version()));
}

#[tokio::test]
async fn kept_states_of_any_version_are_found_without_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let measures = measures();
    let measures: Vec<&Measure> = measures.iter().collect();
    let kept = |version| lake.kept_states(&dataset(), version, &measures).unwrap();
    let mut versions = Vec::new();
    for points in 0..40 {
        let fixed = [("s1", 12, Some("G1"), None, Some(points), Some(1))];
        let table = written(&lake, if points == 0 { &ROWS } else { &fixed }, Mode::Upsert).await;
        assert_eq!(kept(table.version()), None);
        assert_eq!(lake.prepare_states(&table, &measures, &|_| {}).unwrap(), 1);
        versions.push((table.version(), states(&lake, &table)));
    }
    fs::rename(folder.path().join("lake"), folder.path().join("elsewhere")).unwrap();
    for (version, (states, scanned)) in versions {
        assert_eq!((kept(version), scanned), (Some(states), 0));
    }
    let pack = find(&folder.path().join("states"), "pack");
    for file in fs::read_dir(pack.parent().unwrap()).unwrap().map(|it| it.unwrap().path()) {
        if file.extension().is_some_and(|it| it == "pack") {
            fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(kept(1), None);
}

fn data_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.join("lake")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "parquet") {
                found.push(path);
            }
        }
    }
    found.retain(|it| !it.to_string_lossy().contains("_delta_log"));
    found.sort();
    found
}
