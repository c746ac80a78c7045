//! The indicators of the plan, each by a small table of records and the figures it should give.
//!
//! A case is a file of `tests/indicators/`, to be read and added to without knowing this program:
//! blocks of CSV between blank lines. `organisations` first; then `facts DATASET`; then
//! `figures INDICATOR YEAR`, or `figures INDICATOR version VERSION YEAR`. `#` begins a remark.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lake::Mode;
use model::Year;

use super::centre::{Centre, at, org, project, words};
use crate::figures::Published;

struct Section {
    heading: Vec<String>,
    csv: String,
    line: usize,
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open = false;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim_end();
        if text.starts_with('#') {
            continue;
        }
        if text.is_empty() {
            open = false;
        } else if open {
            let section = sections.last_mut().unwrap();
            section.csv += text;
            section.csv.push('\n');
        } else {
            let heading = text.split_whitespace().map(str::to_owned).collect();
            sections.push(Section { heading, csv: String::new(), line });
            open = true;
        }
    }
    sections
}

/// Runs a case and tells what differs; nothing when all is as expected.
async fn run(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let centre = Centre::new().await;
    let mut published: Option<Published> = None;
    let (mut wrong, mut asked) = (String::new(), 0);
    for section in sections(&text) {
        let heading: Vec<&str> = section.heading.iter().map(String::as_str).collect();
        match heading.as_slice() {
            ["organisations"] => centre.organisations(&section.csv, at(1)).await,
            ["facts", dataset] => centre.facts(dataset, &section.csv, Mode::Upsert).await,
            ["figures", indicator, rest @ .., year] => {
                let version = match rest {
                    [] => None,
                    ["version", number] => Some(number.parse().unwrap()),
                    other => panic!("{name}:{}: {other:?}", section.line),
                };
                if published.is_none() {
                    let release = centre.publish(at(2)).await.release;
                    published = Some(centre.load(release).await);
                }
                let published = published.as_ref().unwrap();
                let asked_of = Asked { indicator, version, year: year.parse().unwrap() };
                asked += 1;
                for (row, expected, found) in asked_of.differences(published, &section.csv) {
                    let line = section.line + row;
                    let _ = writeln!(wrong, "{name}:{line}: expected {expected}, found {found}");
                }
            }
            other => panic!("{name}:{}: {other:?}", section.line),
        }
    }
    assert!(asked > 0, "{name} asks for no figures");
    wrong
}

struct Asked<'a> {
    indicator: &'a str,
    version: Option<u16>,
    year: Year,
}

impl Asked<'_> {
    /// Lines whose figure is not the one expected: (line, expected, found).
    fn differences(&self, published: &Published, csv: &str) -> Vec<(usize, String, String)> {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header = reader.headers().unwrap().clone();
        let mut differences = Vec::new();
        for (row, record) in (2..).zip(reader.records()) {
            let record = record.unwrap();
            let code = org(&record[0]);
            let figure = published.figure(self.indicator, self.version, &code, self.year);
            let [value, numerator, denominator, coverage, observation] = words(figure.as_ref());
            let status = || {
                let standing = published.standing(self.indicator, &code, self.year)?;
                Some(standing.judgement?.status.as_str().to_owned())
            };
            let found = |column: &str| match column {
                "code" => code.to_string(),
                "value" => value.clone(),
                "numerator" => numerator.clone(),
                "denominator" => denominator.clone(),
                "coverage" => coverage.clone(),
                "observation" => observation.clone(),
                "status" => status().unwrap_or_default(),
                other => panic!("no column {other}"),
            };
            let found: Vec<String> = header.iter().map(|it| found(it.trim())).collect();
            let expected: Vec<String> = record.iter().map(|it| it.trim().to_owned()).collect();
            if found != expected {
                differences.push((row, expected.join(","), found.join(",")));
            }
        }
        differences
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_indicator_gives_the_figures_of_its_case() {
    let folder = project().join("platforms/governance/tests/indicators");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let names: Vec<String> =
        paths.iter().map(|it| it.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    for number in 1..=20 {
        let prefix = format!("IND-{number:02}");
        assert!(names.iter().any(|it| it.starts_with(&prefix)), "no case for {prefix}");
    }
    let mut wrong = String::new();
    for path in &paths {
        wrong += &run(path).await;
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
