//! Code lists and datasets, spoilt.

use super::Case;

const CODES: &str = "rules/codes.toml";
const DATASET: &str = "rules/datasets/rolls.toml";

/// What is put in place of what in which file, and the errors that must be found.
pub(super) const CASES: &[Case] = &[
    (
        CODES,
        r#"code = "junior""#,
        r#"code = "primary""#,
        "../../rules/codes.toml:9: the code `primary` is in the list twice; keep one of them",
    ),
    (
        CODES,
        r#"name = "stage""#,
        r#"name = "kind""#,
        r#"../../rules/codes.toml:5: the list `kind` is declared twice; keep one of them
../../rules/datasets/rolls.toml:8: `day` is no kind of organisation; write `junior` or `primary`, or declare it
../../rules/datasets/rolls.toml:28: `stage` is no code list; write `kind`, or add it to codes.toml
indicators.toml:26: `day` is no kind of organisation; write `junior` or `primary`, or declare it
organisations.csv:3: `day` is no kind of organisation; write `junior` or `primary`, or declare it
organisations.csv:3: `primary` is no stage; declare it, or correct the name
plan.toml:23: `stage` is no code list; write `kind`, or declare it"#,
    ),
    (
        DATASET,
        r#"range = ["0", "9999"]
disclosure = "aggregate""#,
        r#"range = ["0", "9999"]"#,
        r#"../../rules/datasets/rolls.toml:32: the column has no disclosure class; add disclosure = "public", "aggregate" or "personal""#,
    ),
    (
        DATASET,
        r#"disclosure = "aggregate""#,
        r#"disclosure = "secret""#,
        "../../rules/datasets/rolls.toml:37: `secret` is not one of public, aggregate, personal; write one of the three",
    ),
    (
        DATASET,
        r#"kind = "integer"
range = ["0", "9999"]
disclosure = "aggregate""#,
        r#"kind = "person"
identifier = "student"
disclosure = "public""#,
        r#"../../rules/datasets/rolls.toml:37: `pupils` identifies a person; write disclosure = "personal""#,
    ),
    (
        DATASET,
        r#"kind = "integer"
range = ["0", "9999"]"#,
        r#"kind = "person"
identifier = "passport"
required = 1"#,
        r#"../../rules/datasets/rolls.toml:36: `passport` identifies no person; write `identity`, `student` or `local`
../../rules/datasets/rolls.toml:37: `required` is integer, not true or false; write true or false"#,
    ),
    (
        DATASET,
        r#"kind = "integer"
range = ["0", "9999"]"#,
        r#"kind = "decimal"
scale = 12"#,
        "../../rules/datasets/rolls.toml:36: a scale of 12; write 1 to 9 digits after the point",
    ),
    (
        DATASET,
        r#"kind = "integer"
range = ["0", "9999"]"#,
        r#"kind = "number""#,
        "../../rules/datasets/rolls.toml:35: `number` is no kind of column; write `organisation`, `other_organisation`, `year`, `integer`, `decimal`, `code`, `flag`, `date`, `text`, `person` or `credit_code`",
    ),
    (
        DATASET,
        r#"range = ["0", "9999"]"#,
        r#"range = ["9999", "0"]"#,
        r#"../../rules/datasets/rolls.toml:36: `range` is not a least and a greatest value; write range = ["0", "100"]"#,
    ),
    (
        DATASET,
        r#"[[column]]
name = "boarding""#,
        r#"[[column]]
name = "pupils"
title = { zh = "学生", en = "Pupils" }
kind = "flag"
disclosure = "public"

[[column]]
name = "boarding""#,
        "../../rules/datasets/rolls.toml:39: the column `pupils` is declared twice; keep one of them",
    ),
    (
        DATASET,
        r#"key = ["school", "stage"]"#,
        r#"key = ["school", "pupils", "class"]"#,
        r#"../../rules/datasets/rolls.toml:6: `class` is no column of this dataset; write `boarding`, `pupils`, `school`, `stage` or `year`
../../rules/datasets/rolls.toml:6: the key column `pupils` is not required; add required = true to it"#,
    ),
    (
        DATASET,
        r#"dimensions = ["stage"]"#,
        r#"dimensions = ["stage", "pupils"]"#,
        "../../rules/datasets/rolls.toml:7: the dimension `pupils` is neither a code nor a flag; keep states apart by code lists and flags only",
    ),
    (
        DATASET,
        r#"kind = "organisation""#,
        r#"kind = "text""#,
        r#"../../rules/datasets/rolls.toml:1: 0 columns of kind `organisation`; declare exactly one column with kind = "organisation""#,
    ),
    (
        DATASET,
        r#"list = "stage""#,
        r#"list = "stages""#,
        "../../rules/datasets/rolls.toml:28: `stages` is no code list; write `kind` or `stage`, or add it to codes.toml",
    ),
    (
        DATASET,
        r#"list = "stage""#,
        r#"list = "stage"
only = ["senior"]"#,
        r#"../../rules/datasets/rolls.toml:29: `senior` is not in the list `stage`; write `primary` or `junior`
indicators.toml:21: `primary` is no `stage` of `rolls`; write nothing"#,
    ),
    (
        DATASET,
        r#"period = "school_year"
reference = "09-01""#,
        r#"period = "term"
reference = "02-29""#,
        r#"../../rules/datasets/rolls.toml:4: `term` is no period; write `school_year` or `calendar_year`
../../rules/datasets/rolls.toml:5: `02-29` is not a day of the year, written like 09-01; write month and day"#,
    ),
    (
        DATASET,
        r#"level = "school", kinds = ["day"]"#,
        r#"level = "ward", kinds = ["night"]"#,
        r#"../../rules/datasets/rolls.toml:8: `night` is no kind of organisation; write `day`, or declare it
../../rules/datasets/rolls.toml:8: `ward` is no level of plan.toml; write `city` or `school`, or declare it"#,
    ),
    (
        DATASET,
        "expected = ",
        r#"derived = { rule = "none", columns = ["score"] }
expected = "#,
        r#"../../rules/datasets/rolls.toml:8: `none` is no folder of rule tables; write `tables`, or declare it
../../rules/datasets/rolls.toml:8: the derived column `score` is not declared; add a [[column]] for it"#,
    ),
    (
        DATASET,
        "[[column]]",
        r#"[[sum]]
group = ["grade"]
sum = "boarding"
equals = "pupils"
hint = { zh = "核对", en = "check" }

[[column]]"#,
        r#"../../rules/datasets/rolls.toml:11: `grade` is no column of this dataset; write `school`, `year`, `stage`, `pupils` or `boarding`
../../rules/datasets/rolls.toml:12: `boarding` holds no whole numbers; add up whole numbers only"#,
    ),
    (
        DATASET,
        r#"name = "rolls""#,
        r#"name = "../rolls""#,
        r#"../../rules/datasets/rolls.toml:1: `../rolls` cannot be the name of a dataset; use lower-case letters, digits and `_`, 60 at most
measures.toml:3: `rolls` is no dataset; write `../rolls`, or declare it
measures.toml:9: `rolls` is no dataset; write `../rolls`, or declare it"#,
    ),
];
