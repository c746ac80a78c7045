//! Backups, and centres that are made of them after everything was lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::centre::{Centre, SCHOOLS};
use super::kill::Chance;

const KILLS: u32 = 8;

fn backup(centre: &Centre, folder: &Path) -> String {
    centre.run(&["backup", folder.to_str().unwrap()])
}

/// Instants at which backups were made, as they are listed.
fn made(centre: &Centre, folder: &Path) -> Vec<String> {
    let listed = centre.run(&["restore", folder.to_str().unwrap(), "--list"]);
    let lines = listed.lines().skip(2).map(|it| it.split_whitespace().next().unwrap().to_owned());
    lines.collect()
}

/// All files under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_centre_that_lost_everything_is_as_it_was_at_any_backup() {
    let centre = Centre::begin();
    let kept = tempfile::tempdir().unwrap();
    let office = centre.office().await;
    office.returned(SCHOOLS[0], 1).await;
    office.instructed(SCHOOLS[0], 2).await;
    centre.run(&["cases", "run"]);
    centre.run(&["compute"]);
    let said = backup(&centre, kept.path());
    assert!(said.contains("rows of the registry"), "{said}");
    let (figure, letters) = (centre.figure("KS-01", "120000"), centre.documents());
    assert_eq!(letters.len(), 2);

    office.settled(SCHOOLS[1], 3).await;
    centre.run(&["cases", "run"]);
    centre.run(&["compute"]);
    backup(&centre, kept.path());
    let later = centre.figure("KS-01", "120000");
    assert_ne!(later, figure);
    let made = made(&centre, kept.path());
    assert_eq!(made.len(), 2);
    drop(office);
    drop(centre);

    let newest = Centre::restored(kept.path(), &[]);
    assert_eq!(newest.figure("KS-01", "120000"), later);
    let before = Centre::restored(kept.path(), &["--at", &made[0]]);
    assert_eq!(before.figure("KS-01", "120000"), figure);
    assert_eq!(before.documents(), letters);
    for centre in [&newest, &before] {
        assert!(centre.run(&["audit", "verify"]).contains("as it was written"));
        // Nothing is to be computed anew, and work goes on.
        assert!(centre.run(&["compute"]).contains("nothing changed"));
        centre.run(&["cases", "run"]);
    }
    let office = before.office().await;
    // Ids that look random were used in the registry before it was lost.
    office.pass_over(40);
    office.settled(SCHOOLS[1], 3).await;
    before.run(&["cases", "run"]);
    before.run(&["compute"]);
    assert_eq!(before.figure("KS-01", "120000"), later);
}

#[tokio::test]
async fn a_backup_of_either_database_is_taken_by_a_file() {
    let centre = Centre::begin();
    let kept = tempfile::tempdir().unwrap();
    centre.office().await.returned(SCHOOLS[0], 1).await;
    centre.run(&["cases", "run"]);
    centre.run(&["compute"]);
    backup(&centre, kept.path());
    let file = Centre::restored_into_a_file(kept.path());
    assert_eq!(file.figure("KS-01", "120000"), centre.figure("KS-01", "120000"));
    assert!(file.run(&["audit", "verify"]).contains("as it was written"));
}

#[test]
fn a_centre_whose_registry_is_elsewhere_is_not_begun_anew_in_a_file() {
    let centre = Centre::begin();
    let settings = centre.data().join("centre.toml");
    let said = fs::read_to_string(&settings).unwrap();
    // As a centre on PostgreSQL says it, whichever database this test has.
    let mark = "registry_elsewhere = true";
    if !said.contains(mark) {
        fs::write(&settings, format!("{mark}\n{said}")).unwrap();
    }
    let said = Centre::run_without_database(&["scoreboard"], &centre.data());
    assert!(said.contains("--database"), "{said}");
}

#[test]
fn what_did_not_change_is_kept_once() {
    let centre = Centre::begin();
    let kept = tempfile::tempdir().unwrap();
    centre.run(&["compute"]);
    backup(&centre, kept.path());
    let first = files(&kept.path().join("contents"));
    backup(&centre, kept.path());
    let second = files(&kept.path().join("contents"));
    assert!(first.iter().all(|it| second.contains(it)));
    // The log has one entry more: that and what counts it.
    assert!(second.len() <= first.len() + 3, "{} and {}", first.len(), second.len());

    // Of two, the older goes, and with it what it alone named.
    let said = centre.run(&["backup", kept.path().to_str().unwrap(), "--keep", "1"]);
    assert!(said.contains("older backups let go: 2"), "{said}");
    assert_eq!(made(&centre, kept.path()).len(), 1);
    assert!(files(&kept.path().join("contents")).len() <= first.len());
    let folder = kept.path().to_str().unwrap();
    assert!(centre.run(&["restore", folder, "--check"]).contains("as it was kept"));
}

#[test]
fn a_backup_that_is_not_whole_is_refused_and_says_what_is_amiss() {
    let centre = Centre::begin();
    let kept = tempfile::tempdir().unwrap();
    backup(&centre, kept.path());
    let contents = files(&kept.path().join("contents"));
    let (altered, gone) = (&contents[0], &contents[1]);
    let mut bytes = fs::read(altered).unwrap();
    bytes.push(0);
    fs::write(altered, bytes).unwrap();
    fs::remove_file(gone).unwrap();
    let target = tempfile::tempdir().unwrap();
    let data = target.path().join("data");
    let said = Centre::refused_elsewhere(&["restore", kept.path().to_str().unwrap()], &data);
    assert!(said.contains("was altered") && said.contains("is gone"), "{said}");
    assert!(!data.exists());
}

#[test]
fn a_folder_that_holds_anything_is_left_alone() {
    let centre = Centre::begin();
    let kept = tempfile::tempdir().unwrap();
    backup(&centre, kept.path());
    let before = files(&centre.data());
    let said = centre.refused(&["restore", kept.path().to_str().unwrap()]);
    assert!(said.contains("is not empty"), "{said}");
    assert_eq!(files(&centre.data()), before);
    let said = centre.refused(&["restore", kept.path().to_str().unwrap(), "--at", "2020-01-01"]);
    assert!(said.contains("no backup of that time"), "{said}");
    let empty = tempfile::tempdir().unwrap();
    let said = centre.refused(&["restore", empty.path().to_str().unwrap()]);
    assert!(said.contains("holds no backups"), "{said}");
}

#[tokio::test]
async fn backups_killed_at_random_instants_are_whole_or_not_there() {
    let centre = Centre::begin();
    let office = centre.office().await;
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().to_str().unwrap();
    let mut chance = Chance(0x0bad_5eed_0bad_5eed);
    let start = Instant::now();
    backup(&centre, kept.path());
    let mut longest = start.elapsed();
    let mut killed = 0;
    for round in 0..KILLS {
        office.settled(SCHOOLS[0], round).await;
        // Cases and their rows go on meanwhile.
        let mut work = centre.start(&["cases", "run"]);
        let mut process = centre.start(&["backup", folder]);
        sleep(chance.up_to(longest * 2).max(Duration::from_millis(1)));
        process.kill().unwrap();
        if process.wait().unwrap().success() {
            // It had ended already: the next is killed sooner.
            longest /= 2;
        } else {
            killed += 1;
        }
        work.wait().unwrap();
    }
    assert!(killed > 0, "none of {KILLS} was still running when killed");
    for at in made(&centre, kept.path()) {
        let said = centre.run(&["restore", folder, "--at", &at, "--check"]);
        assert!(said.contains("as it was kept"), "{said}");
    }
    centre.run(&["cases", "run"]);
    backup(&centre, kept.path());
    let again = Centre::restored(kept.path(), &[]);
    again.run(&["compute"]);
    let (_, returned, closed) = again.figure("KS-01", "120000");
    assert_eq!((returned, closed), ("0".to_owned(), KILLS.to_string()));
}
