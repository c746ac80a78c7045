//! Procedures of the data folder are proved before any case can begin under them, against the plan in force.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::centre::{Centre, root};

/// Copies a shipped procedure into the data folder, with one text in the place of another.
fn adopt(centre: &Centre, name: &str, from: &str, to: &str) {
    let folder = centre.data().join("procedures").join(name);
    fs::create_dir_all(&folder).unwrap();
    for file in ["procedure.toml", "form.schema.json"] {
        let text = fs::read_to_string(root().join("procedures").join(name).join(file)).unwrap();
        fs::write(folder.join(file), text.replace(from, to)).unwrap();
    }
}

/// What `haihe procedure check` answers, and what it says beside.
fn checked(folder: &Path) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
    let output = command.args(["procedure", "check"]).arg(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn a_server_tells_every_fault_of_the_folders_procedures_and_does_not_start() {
    let centre = Centre::begin();
    // Nobody can come to where the district helps, and a role is nobody's.
    adopt(&centre, "drop-out", "to = [\"district\"]", "to = [\"school\"]");
    adopt(&centre, "supervision", "grants = [\"inspector\"]", "grants = [\"overseer\"]");
    let said = centre.refused(&["serve", "--port", "0"]);
    for words in ["procedures/drop-out:", "procedures/supervision:", "procedure.toml:", "overseer"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(said.contains("district"), "{said}");
    // As by hand, where the same is told of each.
    assert!(centre.refused(&["cases", "run"]).contains("overseer"));
    fs::write(centre.data().join("procedures/supervision/procedure.toml"), "name =").unwrap();
    assert!(centre.refused(&["serve", "--port", "0"]).contains("procedures/supervision:"));
}

#[test]
fn a_procedure_is_proved_by_hand_against_what_is_in_force_where_it_lies() {
    let centre = Centre::begin();
    adopt(&centre, "supervision", "grants = [\"inspector\"]", "grants = [\"overseer\"]");
    let folder = centre.data().join("procedures/supervision");
    let (_, said) = checked(&folder);
    assert!(said.contains("`overseer`") && said.contains("\nhaihe: 1 error in "), "{said}");
    // A role of the city's own.
    let role = "[[role]]\ncode = \"overseer\"\ntitle = { zh = \"视导员\", en = \"Overseer\" }\n\
                about = { zh = \"视导\", en = \"Oversees\" }\npermissions = [\"cases.read\", \"cases.act\"]\nfields = []\n\
                levels = [\"district\"]\nreaches = [\"subtree\"]\npurposes = [\"supervision\"]\n";
    fs::create_dir_all(centre.data().join("rules")).unwrap();
    fs::write(centre.data().join("rules/roles.toml"), role).unwrap();
    let (answer, said) = checked(&folder);
    assert!(answer.contains(": sound\n"), "{answer}{said}");
    assert!(checked(&folder.join("../supervision/.")).0.contains(": sound\n"));
    centre.run(&["cases", "run"]);

    // Elsewhere it meets what the program brings along: calendar and letters are there, datasets are the plan's.
    let elsewhere = tempfile::tempdir().unwrap();
    let lone = elsewhere.path().join("procedures/supervision");
    fs::create_dir_all(&lone).unwrap();
    for file in ["procedure.toml", "form.schema.json"] {
        fs::copy(root().join("procedures/supervision").join(file), lone.join(file)).unwrap();
    }
    let (_, said) = checked(&lone);
    assert!(said.contains("`case_supervision`") && said.contains("1 error in "), "{said}");
    let (_, said) = checked(&elsewhere.path().join("nowhere"));
    assert!(said.contains("nowhere cannot be read; name a folder"), "{said}");
}

#[test]
fn a_sound_procedure_of_the_folder_takes_the_place_of_the_shipped_one() {
    let centre = Centre::begin();
    adopt(&centre, "drop-out", "after = \"10 working days\"", "after = \"9 working days\"");
    centre.run(&["cases", "run"]);
}

#[test]
fn a_procedure_that_feeds_a_dataset_which_the_plan_in_force_does_not_have_keeps_the_office_shut() {
    // This plan has datasets of its own and uses no others.
    let centre = Centre::of_plan("examples/small-schools");
    adopt(&centre, "supervision", "", "");
    for command in [&["cases", "run"][..], &["serve", "--port", "0"]] {
        let said = centre.refused(command);
        let words = ["procedures/supervision:", "procedure.toml:", "`case_supervision`", "`uses`"];
        for words in words {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
    fs::remove_dir_all(centre.data().join("procedures/supervision")).unwrap();
    centre.run(&["cases", "run"]);

    // Where the plan uses the datasets of the procedures, it is another's name that is not known.
    let centre = Centre::begin();
    adopt(&centre, "supervision", "", "");
    centre.run(&["cases", "run"]);
    adopt(&centre, "supervision", "\"case_supervision\"", "\"case_inspections\"");
    let said = centre.refused(&["cases", "run"]);
    assert!(said.contains("`case_inspections`") && said.contains("`case_supervision`"), "{said}");
}
