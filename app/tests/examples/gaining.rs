//! A plan folder whose dataset is asked for one thing more, after its first year was published.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use super::centre::Centre;

const YEAR: u16 = 2024;

const PLAN: &str = r#"code = "town"
name = { zh = "规划", en = "Plan" }
city = { zh = "城", en = "Town" }
first_year = 2024
last_year = 2025
baseline_year = 2024

[[level]]
code = "city"
name = { zh = "市", en = "City" }

[[level]]
code = "district"
name = { zh = "区", en = "District" }

[[level]]
code = "school"
name = { zh = "学校", en = "School" }

[[group]]
code = "all"
name = { zh = "全部", en = "All" }
"#;

const ORGANISATIONS: &str =
    "code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to
100,城,Town,city,,,,,,,2000-01-01,
110,东区,East,district,,,,,100,,2000-01-01,
111,第一小学,First,school,,,,,110,,2000-01-01,
112,第二小学,Second,school,,,,,110,,2000-01-01,
";

const CLASSES: &str = r#"name = "classes"
title = { zh = "班级", en = "Classes" }
platform = "governance"
period = "school_year"
reference = "09-01"
key = ["school", "class"]
dimensions = []

[[column]]
name = "school"
title = { zh = "学校", en = "School" }
kind = "organisation"
required = true
disclosure = "public"

[[column]]
name = "year"
title = { zh = "学年", en = "School year" }
kind = "year"
required = true
disclosure = "public"

[[column]]
name = "class"
title = { zh = "班", en = "Class" }
kind = "text"
required = true
disclosure = "public"
"#;

const BOARDERS: &str = r#"
[[column]]
name = "boarders"
title = { zh = "寄宿生数", en = "Boarders" }
kind = "integer"
disclosure = "public"
"#;

const PUPILS: &str = r#"
[[column]]
name = "pupils"
title = { zh = "学生数", en = "Pupils" }
kind = "integer"
required = true
disclosure = "public"
"#;

/// The plan folder, which somebody works on.
struct Plan {
    folder: TempDir,
}

impl Plan {
    fn begin() -> Self {
        let plan = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(plan.path().join("datasets")).unwrap();
        plan.write("plan.toml", PLAN);
        plan.write("organisations.csv", ORGANISATIONS);
        plan.write("datasets/classes.toml", &[CLASSES, PUPILS].concat());
        plan.counts(&["pupils"]);
        plan
    }

    /// One indicator for each column, its sum.
    fn counts(&self, columns: &[&str]) {
        let measure = |it: &&str| {
            format!(
                "[[measure]]\nname = \"{it}\"\ndataset = \"classes\"\naggregate = \"sum\"\nof = \"{it}\"\n"
            )
        };
        let indicator = |(number, it): (usize, &&str)| {
            format!(
                "[[indicator]]\ncode = \"{it}\"\nnumber = {number}\ngroup = \"all\"\n\
                 name = {{ zh = \"{it}\", en = \"{it}\" }}\nunit = {{ zh = \"人\", en = \"pupils\" }}\n\
                 decimals = 0\ndirection = \"up\"\nfinest_level = \"school\"\n\
                 [[indicator.definition]]\nversion = 1\nkind = \"count\"\n\
                 label = {{ zh = \"和\", en = \"Sum\" }}\nnumerator = [{{ measure = \"{it}\" }}]\n\
                 source = {{ zh = \"自定\", en = \"ours\" }}\n"
            )
        };
        let measures: String = columns.iter().map(measure).collect();
        let indicators: String = (1..).zip(columns).map(indicator).collect();
        self.write("measures.toml", &measures);
        self.write("indicators.toml", &indicators);
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("plans/town")
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }
}

#[test]
fn a_dataset_gains_a_column_and_what_was_published_stays_as_it_was() {
    let plan = Plan::begin();
    let town = plan.path().display().to_string();
    let centre = Centre::begin(&town);
    let file = |name: &str, text: &str| -> PathBuf {
        let path = centre.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let import = |path: &Path| centre.run(&["import", "classes", path.to_str().unwrap()]);
    let numerators = |indicator: &str, level: &str| -> Vec<Option<String>> {
        centre.figures(indicator, level, YEAR).into_values().map(|it| it.numerator).collect()
    };
    let some = |it: &str| Some(it.to_owned());

    import(&file(
        "first.csv",
        "school,year,class,pupils\n111,2024,1,40\n111,2024,2,38\n112,2024,1,30\n",
    ));
    centre.run(&["compute"]);
    let published = Timestamp::now().to_string();
    let board = |as_of: &[&str]| {
        centre.run(&[&["scoreboard", "--year", "2024", "--format", "json"], as_of].concat())
    };
    let before = board(&[]);

    // Asked for from now on, between two columns that were there.
    plan.write("datasets/classes.toml", &[CLASSES, BOARDERS, PUPILS].concat());
    plan.counts(&["pupils", "boarders"]);
    centre.run(&["init", "--plan", &town]);
    centre.run(&["compute"]);
    assert_eq!(numerators("pupils", "city"), [some("108")]);
    // Nobody was asked yet, which is something else than no boarders.
    assert_eq!(numerators("boarders", "school"), [None, None]);

    let said = import(&file(
        "second.csv",
        "school,year,class,pupils,boarders\n111,2024,1,40,12\n111,2024,2,38,0\n",
    ));
    assert!(said.contains("2 rows read: 0 added, 2 replaced, 0 unchanged"), "{said}");
    centre.run(&["compute"]);
    assert_eq!(numerators("pupils", "city"), [some("108")]);
    assert_eq!(numerators("boarders", "district"), [some("12")]);
    let schools = centre.figures("boarders", "school", YEAR);
    assert_eq!(schools["第一小学"].numerator, some("12"));
    assert_eq!(schools["第二小学"].numerator, None);

    assert_eq!(board(&["--as-of", &published]), before);
    let now: Value = serde_json::from_str(&board(&[])).unwrap();
    assert_eq!(now["groups"][0]["standings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_plan_that_would_lose_or_bend_what_was_reported_is_not_put_in_force() {
    let plan = Plan::begin();
    let town = plan.path().display().to_string();
    let centre = Centre::begin(&town);
    let settings = || fs::read_to_string(centre.data().join("centre.toml")).unwrap();
    let before = settings();
    let refused = |datasets: &[&str], expected: &str| {
        plan.write("datasets/classes.toml", &datasets.concat());
        let (code, errors) = centre.fail(&["init", "--plan", &town]);
        assert_eq!(code, Some(1), "{errors}");
        assert!(errors.contains(expected), "{errors}");
        assert_eq!(settings(), before);
    };
    let required = BOARDERS.replace("disclosure", "required = true\ndisclosure");
    refused(
        &[CLASSES, PUPILS, &required],
        "the table of classes was written under another declaration: \
         it has no column boarders, which is required; declare it with required = false",
    );
    let decimal = PUPILS.replace("\"integer\"", "\"decimal\"\nscale = 1");
    refused(&[CLASSES, &decimal], "its column pupils holds whole numbers, not decimal(18,1)");
    plan.counts(&["boarders"]);
    refused(&[CLASSES, BOARDERS], "it has a column pupils that is not declared");
    plan.counts(&["pupils"]);
    let key = CLASSES.replace("\"school\", \"class\"", "\"school\"");
    refused(&[&key, PUPILS], "its rows are told apart by school class, not by school");
}
