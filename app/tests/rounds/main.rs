//! Rounds of the office: what a case hands out becomes a figure, a letter, and nothing twice, whoever is killed; and
//! backups of all that.

#![expect(clippy::unwrap_used, reason = "the support functions of a test")]
#![expect(clippy::indexing_slicing, reason = "a row that is not there fails the test")]

mod backups;
mod centre;
mod clerk;
mod kill;
mod links;
mod procedures;
mod steps;
#[path = "../../../web/tests/it/casework/workbook.rs"]
mod workbook;

use serde_json::Value;

use self::centre::{Centre, SCHOOLS};

#[tokio::test]
async fn a_drop_out_case_to_its_end_is_a_row_that_a_figure_reads() {
    let centre = Centre::begin();
    let office = centre.office().await;
    let (first, second) = (SCHOOLS[0], SCHOOLS[1]);
    office.returned(first, 1).await;
    office.returned(first, 2).await;
    office.settled(second, 3).await;
    let said = centre.run(&["cases", "run"]);
    assert!(said.contains("case_dropouts: 3 rows taken, 0 refused"), "{said}");
    let again = centre.run(&["cases", "run"]);
    assert!(!again.contains("case_dropouts"), "{again}");

    centre.run(&["compute"]);
    assert_eq!(centre.figure("KS-01", "120000"), ("66.7".into(), "2".into(), "3".into()));
    assert_eq!(centre.figure("KS-01", "120101"), ("100.0".into(), "2".into(), "2".into()));
}

#[tokio::test]
async fn a_row_that_is_refused_waits_and_keeps_its_place() {
    let centre = Centre::begin();
    let office = centre.office().await;
    office.returned("2112000999", 1).await;
    let said = centre.run(&["cases", "run"]);
    assert!(said.contains("case_dropouts: 0 rows taken, 1 refused"), "{said}");
    // Not at every round: what it names is not known sooner for being asked.
    assert!(!centre.run(&["cases", "run"]).contains("case_dropouts"));
    assert_eq!(office.waiting().await, 1);
}

#[tokio::test]
async fn what_hinders_all_letters_does_not_hold_up_rows_and_is_told() {
    let centre = Centre::begin();
    let office = centre.office().await;
    office.instructed(SCHOOLS[0], 1).await;
    office.returned(SCHOOLS[1], 2).await;
    let folder = centre.data().join("rules/letters");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("notice.toml"), "no template").unwrap();
    let (said, beside) = centre.says(&["cases", "run"]);
    assert!(beside.contains("haihe: letters wait: "), "{beside}");
    assert!(said.contains("case_dropouts: 1 rows taken, 0 refused"), "{said}");
    std::fs::remove_file(folder.join("notice.toml")).unwrap();
    let said = centre.run(&["cases", "run"]);
    assert!(said.contains("letters: 1 issued, 0 wait"), "{said}");
}

#[tokio::test]
async fn letters_of_a_round_are_signed_by_keys_that_can_be_rotated() {
    let centre = Centre::begin();
    let office = centre.office().await;
    office.instructed(SCHOOLS[0], 1).await;
    assert!(centre.run(&["keys", "list"]).contains("no key yet"));
    let said = centre.run(&["cases", "run", "--origin", "https://haihe.example/"]);
    assert!(said.contains("letters: 1 issued, 0 wait"), "{said}");
    let listed = centre.run(&["keys", "list"]);
    assert_eq!(listed.matches("in use").count(), 1, "{listed}");
    // Certificates count whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let rotated = centre.run(&["keys", "rotate"]);
    assert_eq!((rotated.lines().count(), rotated.matches("in use").count()), (4, 1), "{rotated}");
    assert!(centre.run(&["keys", "root"]).starts_with("-----BEGIN CERTIFICATE-----"));

    let documents = centre.documents();
    assert_eq!(documents.len(), 2);
    let keys = std::fs::read_to_string(centre.data().join("secrets/letters.pem")).unwrap();
    let keys = documents::Keys::read(&keys).unwrap();
    for document in &documents {
        let verdict = documents::verify(document, &keys);
        assert!(matches!(verdict, documents::Verdict::Retired { .. }), "{verdict:?}");
    }
    let number = office.letter_number(&documents[0]).await;
    assert!(centre.run(&["cases", "revoke", &number, "--why", "重发"]).contains("taken back"));
    assert!(!centre.succeeds(&["cases", "revoke", &number, "--why", "重发"]));
}

/// The figure of an organisation: value, numerator, denominator.
pub(crate) fn figure(printed: &str, code: &str) -> (String, String, String) {
    let figures: Value = serde_json::from_str(printed).unwrap();
    let rows = figures["rows"].as_array().unwrap();
    let row = rows.iter().find(|it| it["code"] == code).unwrap();
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    (text("value"), text("numerator"), text("denominator"))
}
