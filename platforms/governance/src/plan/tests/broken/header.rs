//! plan.toml and measures.toml, spoilt.

use super::Case;

const PLAN: &str = "plan/town/plan.toml";
const MEASURES: &str = "plan/town/measures.toml";

/// What is put in place of what in which file, and the errors that must be found.
pub(super) const CASES: &[Case] = &[
    (
        PLAN,
        "city = {",
        "town = {",
        r#"plan.toml:1: `city` is missing; add `city`: { zh = "…", en = "…" }
plan.toml:3: unknown key `town`; remove it, or write `baseline_year`, `city`, `code`, `first_year`, `group`, `last_year`, `level`, `name`, `offset`, `side_level`, `uses` or `vocabulary`"#,
    ),
    (
        PLAN,
        "last_year = 2025",
        "last_year = 2025\noffset = \"8\"",
        "plan.toml:6: `8` is no distance from UTC; write it as `+08:00`",
    ),
    (
        PLAN,
        r#"code = "school""#,
        r#"code = "school"
numbering = "ten""#,
        "plan.toml:15: `ten` is no numbering of organisations; write `school` or `division`, or leave it out",
    ),
    (
        PLAN,
        "last_year = 2025",
        "last_year = 9999",
        "plan.toml:5: `last_year` is 9999; write a year between 1900 and 2200",
    ),
    (
        PLAN,
        "last_year = 2025",
        "last_year = 2020",
        "plan.toml:5: the plan ends in 2020, before it begins; write the last year",
    ),
    (
        PLAN,
        "baseline_year = 2020",
        "baseline_year = 2022",
        "plan.toml:6: the baseline is 2022 and the plan begins in 2021; write the year before the plan begins",
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../../elsewhere""#,
        r#"plan.toml:7: there is no folder `../../../elsewhere`; name a folder beside the plan or beside its parent, such as "../../rules"
indicators.toml:26: `day` is no kind of organisation; declare it, or correct the name
measures.toml:3: `rolls` is no dataset; declare it, or correct the name
measures.toml:9: `rolls` is no dataset; declare it, or correct the name
organisations.csv:3: `day` is no kind of organisation; declare it, or correct the name
organisations.csv:3: `primary` is no stage; declare it, or correct the name
plan.toml:22: `kind` is no code list; declare it, or correct the name
plan.toml:23: `stage` is no code list; declare it, or correct the name"#,
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../rules", "/etc""#,
        r#"plan.toml:7: `/etc` is no relative path; name a folder beside the plan or beside its parent, such as "../../rules""#,
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../rules", "../../../..""#,
        r#"plan.toml:7: `../../../..` lies outside; name a folder beside the plan or beside its parent, such as "../../rules""#,
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../rules", "..""#,
        r#"plan.toml:7: `..` holds the plan itself; name a folder beside the plan or beside its parent, such as "../../rules""#,
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../rules", "..\\..\\rules""#,
        r#"plan.toml:7: `..\..\rules` is no relative path; name a folder beside the plan or beside its parent, such as "../../rules""#,
    ),
    (
        PLAN,
        r#""../../rules""#,
        r#""../../rules", "../../rules/""#,
        r#"plan.toml:7: `../../rules/` is used twice; name a folder beside the plan or beside its parent, such as "../../rules""#,
    ),
    (
        PLAN,
        r#"code = "school""#,
        r#"code = "city""#,
        r#"../../rules/datasets/rolls.toml:8: `school` is no level of plan.toml; write `city`, or declare it
indicators.toml:9: `school` is no level of plan.toml; write `city`, or declare it
organisations.csv:3: `school` is no level of plan.toml; write `city`, or declare it
plan.toml:13: the level `city` is declared twice; keep one of them"#,
    ),
    (
        PLAN,
        r#"kind = "kind""#,
        r#"sort = "kind""#,
        r#"../../rules/datasets/rolls.toml:8: `day` is no kind of organisation; declare it, or correct the name
indicators.toml:26: `day` is no kind of organisation; declare it, or correct the name
organisations.csv:3: `day` is no kind of organisation; declare it, or correct the name
plan.toml:22: organisations have no attribute `sort`; write `kind`, `founder`, `stage`, `area_class` or `hierarchy`"#,
    ),
    (
        PLAN,
        r#"stage = "stage""#,
        r#"stage = "stages""#,
        r#"organisations.csv:3: `primary` is no stage; declare it, or correct the name
plan.toml:23: `stages` is no code list; did you mean `stage`"#,
    ),
    (
        PLAN,
        r#"code = "town""#,
        r#"code = "Town 1""#,
        "plan.toml:1: `Town 1` cannot be the code of a plan; use lower-case letters, digits and `-`, 60 at most",
    ),
    (
        PLAN,
        "first_year = 2021",
        "first_year = 2021.5",
        "plan.toml:4: `first_year` is float, not a whole number; write a whole number",
    ),
    (
        MEASURES,
        r#"dataset = "rolls""#,
        r#"dataset = "roles""#,
        "measures.toml:3: `roles` is no dataset; did you mean `rolls`",
    ),
    (
        MEASURES,
        r#"aggregate = "sum""#,
        r#"aggregate = "average""#,
        "measures.toml:4: `average` is no aggregate; write `count`, `sum`, `sum_of_squares`, `minimum`, `maximum` or `distinct`",
    ),
    (
        MEASURES,
        r#"name = "boarders""#,
        r#"name = "pupils""#,
        r#"indicators.toml:25: `boarders` is no measure; write `pupils`, or declare it
measures.toml:8: the measure `pupils` is declared twice; keep one of them, or rename it"#,
    ),
    (
        MEASURES,
        r#"of = "pupils"
where"#,
        "where",
        r#"measures.toml:7: a sum needs `of`; add of = "…": the expression that is taken together"#,
    ),
    (
        MEASURES,
        r#"where = "boarding""#,
        r#"where = "stage IN ('primary', 'primry') OR stage = 'senior'""#,
        r#"measures.toml:12: `primry` is no code of `stage`; did you mean `primary`
measures.toml:12: `senior` is no code of `stage`; did you mean `junior`"#,
    ),
    (
        MEASURES,
        r#"aggregate = "sum""#,
        r#"aggregate = "count""#,
        "measures.toml:5: a count takes no `of`; remove it, or write a sum",
    ),
];
