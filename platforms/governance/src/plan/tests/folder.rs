//! A small sound plan folder that tests then spoil.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::plan::{PlanError, load};

/// `plan/town` and the `rules` it uses, in a folder of their own.
#[derive(Debug)]
pub(super) struct Folder {
    root: TempDir,
}

const FILES: [(&str, &str); 11] = [
    (
        "plan/town/plan.toml",
        r#"code = "town"
name = { zh = "规划", en = "Plan" }
city = { zh = "城", en = "Town" }
first_year = 2021
last_year = 2025
baseline_year = 2020
uses = ["../../rules"]

[[level]]
code = "city"
name = { zh = "市", en = "City" }

[[level]]
code = "school"
name = { zh = "学校", en = "School" }

[[group]]
code = "all"
name = { zh = "全部", en = "All" }

[vocabulary]
kind = "kind"
stage = "stage"
"#,
    ),
    (
        "plan/town/measures.toml",
        r#"[[measure]]
name = "pupils"
dataset = "rolls"
aggregate = "sum"
of = "pupils"

[[measure]]
name = "boarders"
dataset = "rolls"
aggregate = "sum"
of = "pupils"
where = "boarding"
"#,
    ),
    (
        "plan/town/indicators.toml",
        r#"[[indicator]]
code = "A"
number = 1
group = "all"
name = { zh = "寄宿率", en = "Boarders" }
unit = { zh = "%", en = "%" }
decimals = 1
direction = "up"
finest_level = "school"
clauses = ["1-01"]
baseline = { year = 2020, value = "50" }

[[indicator.target]]
type = "at_least"
value = "60"
by = 2025
printed = "60"
label = { zh = "表", en = "Table" }
clauses = ["1-02"]

[[indicator.definition]]
version = 1
kind = "share"
label = { zh = "寄宿", en = "Boarders" }
numerator = [{ measure = "boarders", dimensions = { stage = ["primary"] } }]
denominator = [{ measure = "pupils", kinds = ["day"] }]
source = { zh = "自定", en = "ours" }
"#,
    ),
    (
        "plan/town/clauses.toml",
        r#"[[section]]
id = "1"
heading = "目标"
sentences = 2

[[section]]
id = "T"
heading = "指标表"
sentences = 1
"#,
    ),
    (
        "plan/town/tasks.toml",
        r#"[[task]]
id = "1"
name = { zh = "任务", en = "Task" }

[[task.subtask]]
id = "1.1"
name = { zh = "子任务", en = "Sub-task" }
clauses = ["1-01"]
projects = ["B1"]
"#,
    ),
    (
        "plan/town/projects.toml",
        r#"[[project]]
id = "B1"
number = 1
name = { zh = "专栏", en = "Box" }
subtask = "1.1"

[[project.quantity]]
id = "Q1"
what = { zh = "学校", en = "schools" }
comparison = "at_least"
value = "3"
clause = "1-02"
indicator = "A"
"#,
    ),
    (
        "plan/town/map.toml",
        r#"[[tile]]
organisation = "100"
row = 1
column = 1
label = { zh = "城", en = "Town" }
"#,
    ),
    (
        "plan/town/organisations.csv",
        "code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to\n\
         100,城,Town,city,,,,,,,2000-01-01,\n\
         200,校,School,school,day,,primary,,100,,2000-01-01,\n",
    ),
    (
        "rules/codes.toml",
        r#"[[list]]
name = "kind"
items = [{ code = "day", zh = "走读", en = "Day school" }]

[[list]]
name = "stage"
items = [
  { code = "primary", zh = "小学", en = "Primary" },
  { code = "junior", zh = "初中", en = "Junior" },
]
"#,
    ),
    (
        "rules/datasets/rolls.toml",
        r#"name = "rolls"
title = { zh = "学生", en = "Rolls" }
platform = "management"
period = "school_year"
reference = "09-01"
key = ["school", "stage"]
dimensions = ["stage"]
expected = { level = "school", kinds = ["day"] }

[[column]]
name = "school"
title = { zh = "学校", en = "School" }
kind = "organisation"
required = true
disclosure = "public"

[[column]]
name = "year"
title = { zh = "年", en = "Year" }
kind = "year"
required = true
disclosure = "public"

[[column]]
name = "stage"
title = { zh = "学段", en = "Stage" }
kind = "code"
list = "stage"
required = true
disclosure = "public"

[[column]]
name = "pupils"
title = { zh = "学生", en = "Pupils" }
kind = "integer"
range = ["0", "9999"]
disclosure = "aggregate"

[[column]]
name = "boarding"
title = { zh = "寄宿", en = "Boarding" }
kind = "flag"
disclosure = "aggregate"
"#,
    ),
    ("rules/tables/limits.csv", "a,b\n1,2\n"),
];

impl Folder {
    pub(super) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = Self { root };
        for (path, text) in FILES {
            folder.write(path, text);
        }
        folder
    }

    pub(super) fn path(&self) -> PathBuf {
        self.root.path().join("plan/town")
    }

    pub(super) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(super) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts `to` in place of `from` in a file.
    pub(super) fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root.path().join(path)).unwrap();
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// The errors found, one a line.
    pub(super) fn errors(&self) -> String {
        match load(&self.path()) {
            Ok(_) => "sound".to_owned(),
            Err(errors) => lines(&errors),
        }
    }
}

pub(super) fn lines(errors: &[PlanError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
