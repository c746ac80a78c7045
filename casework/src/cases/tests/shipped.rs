//! Every procedure that is shipped is sound, and does what its own tests say.

use std::fs;

use super::script::Script;
use crate::procedure::check::check;
use crate::procedure::{StepKind, load, of_files};
use crate::testing::{files, root, shipped, surroundings};

#[test]
fn nine_procedures_are_shipped_and_sound() {
    let names = shipped();
    assert_eq!(names.len(), 9, "{names:?}");
    let around = surroundings();
    let mut faults = Vec::new();
    for name in names {
        match load(&root().join("procedures").join(&name)) {
            Ok(procedure) => {
                faults.extend(check(&procedure, &around).iter().map(|it| format!("{name}/{it}")))
            }
            Err(found) => faults.extend(found.iter().map(|it| format!("{name}/{it}"))),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A page offers what takes a case on before all else: no refusal may pass for that.
#[test]
fn what_says_no_is_told_from_what_takes_a_case_on() {
    let mut refusing = Vec::new();
    for name in shipped() {
        let procedure = of_files(&name, &files(&name)).unwrap();
        let steps = procedure.transitions.iter().filter(|it| it.kind == StepKind::Refuse);
        refusing.extend(steps.map(|it| format!("{name} {} {}", it.name, it.title.zh)));
    }
    insta::assert_snapshot!(refusing.join("\n"), @r"
    data-correction reject 区级不同意
    data-correction refuse 不予更正
    hazard-rectification void 不属实
    preschool-recognition not_recognise 登记未通过
    pupil-transfer refuse 不予转学
    research-incubation decline 不予立项
    research-incubation stop 终止
    selection not_nominated 不推荐
    selection not_eligible 不符合资格
    selection decline 不入选
    selection uphold_objection 异议成立
    ");
}

#[tokio::test]
async fn every_procedure_does_what_its_tests_say() {
    let mut failed = Vec::new();
    for name in shipped() {
        let folder = root().join("procedures").join(&name).join("tests");
        let mut count = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let script = Script::read(&fs::read_to_string(&path).unwrap());
            count += 1;
            if let Err(what) = script.run(&name).await {
                failed.push(format!("{}: {what}", path.display()));
            }
        }
        assert!(count > 0, "{name} has no test");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Every transition of every shipped procedure is taken in some test.
#[test]
fn the_tests_take_most_transitions() {
    let mut untaken = Vec::new();
    let mut all = 0;
    for name in shipped() {
        let procedure = of_files(&name, &files(&name)).unwrap();
        let folder = root().join("procedures").join(&name).join("tests");
        let texts: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|it| fs::read_to_string(it.unwrap().path()).unwrap())
            .collect();
        for transition in procedure.transitions.iter().filter(|it| !it.is_of_the_clock()) {
            all += 1;
            let taken = format!("do = \"{}\"", transition.name);
            if !texts.iter().any(|it| it.contains(&taken)) {
                untaken.push(format!("{name}: {}", transition.name));
            }
        }
    }
    assert!(untaken.len() * 3 < all, "{} of {all}:\n{}", untaken.len(), untaken.join("\n"));
}
