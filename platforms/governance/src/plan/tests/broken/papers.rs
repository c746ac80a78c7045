//! Clauses, tasks, projects, map and organisations, spoilt.

use super::Case;

const CLAUSES: &str = "plan/town/clauses.toml";
const TASKS: &str = "plan/town/tasks.toml";
const PROJECTS: &str = "plan/town/projects.toml";
const MAP: &str = "plan/town/map.toml";
const LIST: &str = "plan/town/organisations.csv";

/// What is put in place of what in which file, and the errors that must be found.
pub(super) const CASES: &[Case] = &[
    (
        CLAUSES,
        "sentences = 2",
        "sentences = 0",
        r#"clauses.toml:4: a section of 0 sentences; write 1 to 999
indicators.toml:10: `1-01` is no clause of clauses.toml; did you mean `T-01`
indicators.toml:19: `1-02` is no clause of clauses.toml; did you mean `T-01`
projects.toml:12: `1-02` is no clause of clauses.toml; did you mean `T-01`
tasks.toml:8: `1-01` is no clause of clauses.toml; did you mean `T-01`"#,
    ),
    (
        CLAUSES,
        r#"id = "T""#,
        r#"id = "1""#,
        "clauses.toml:6: the section `1` is there twice; keep one of them",
    ),
    (
        TASKS,
        r#"projects = ["B1"]"#,
        "",
        "tasks.toml:5: the sub-task `1.1` does not name the project `B1`; add it to `projects`",
    ),
    (
        TASKS,
        r#"projects = ["B1"]"#,
        r#"projects = ["B1", "B2"]"#,
        "tasks.toml:9: `B2` is no project; did you mean `B1`",
    ),
    (
        TASKS,
        r#"id = "1.1""#,
        r#"id = "1.2""#,
        r#"projects.toml:5: `1.1` is no sub-task; did you mean `1.2`
tasks.toml:5: the project `B1` belongs to `1.1`; remove it here, or correct it there"#,
    ),
    (
        PROJECTS,
        r#"indicator = "A""#,
        r#"indicator = "B""#,
        "projects.toml:13: `B` is no indicator; write `A`, or declare it",
    ),
    (
        PROJECTS,
        r#"comparison = "at_least""#,
        r#"comparison = "between""#,
        "projects.toml:7: a range needs two numbers in order; write `value` and a larger `value_max`",
    ),
    (
        PROJECTS,
        r#"comparison = "at_least""#,
        r#"comparison = "most""#,
        "projects.toml:10: `most` is no comparison; write `equal`, `at_least`, `more_than`, `at_most`, `about`, `between` or `event`",
    ),
    (
        PROJECTS,
        r#"clause = "1-02""#,
        r#"clause = "2-01"
year = 9999"#,
        r#"projects.toml:12: `2-01` is no clause of clauses.toml; did you mean `1-01`, `T-01` or `1-02`
projects.toml:13: `year` is 9999; write a year between 1900 and 2200"#,
    ),
    (
        MAP,
        r#"organisation = "100""#,
        r#"organisation = "300""#,
        "map.toml:2: `300` is no organisation of organisations.csv; did you mean `100` or `200`",
    ),
    (
        MAP,
        "[[tile]]",
        r#"[[tile]]
organisation = "200"
row = 1
column = 1
label = { zh = "校", en = "School" }

[[tile]]"#,
        "map.toml:7: the tile at row 1, column 1 is that of `200`; give each organisation a place of its own",
    ),
    (
        MAP,
        "[[tile]]",
        r#"[[tile]]
organisation = "100"
row = 1
column = 2
label = { zh = "城", en = "Town" }

[[tile]]"#,
        "map.toml:7: `100` has a tile already; keep one of them",
    ),
    (MAP, "row = 1", "row = -1", "map.toml:3: `row` is -1; write a smaller number, not negative"),
    (
        LIST,
        ",city,",
        ",town,",
        "organisations.csv:2: `town` is no level of plan.toml; write `city` or `school`, or declare it",
    ),
    (
        LIST,
        ",100,,2000",
        ",400,,2000",
        "organisations.csv:3: `400` is no organisation of organisations.csv; did you mean `100` or `200`",
    ),
    (
        LIST,
        r#"2000-01-01,
200"#,
        r#"2000-13-01,
200"#,
        r#"map.toml:2: `100` is no organisation of organisations.csv; did you mean `200`
organisations.csv:2: `valid_from`: found `2000-13-01`, expected 1000-01-01 至 2200-12-31 之间的日期 / a day between 1000-01-01 and 2200-12-31; 日期写法如 2024-09-01 / write the day like 2024-09-01
organisations.csv:3: `100` is no organisation of organisations.csv; did you mean `200`"#,
    ),
    (
        LIST,
        "100,城,Town,city,,,,,,,2000-01-01,",
        "100,城,Town,city,,,,,200,,2000-01-01,",
        r#"organisations.csv:2: `parent`: found `200`, expected 不在其下级的机构 / an organisation that does not stand below this one; 沿上级逐级查到循环之处，改正那一行 / follow the parents upward to where they come back, and mend that row
organisations.csv:3: `parent`: found `100`, expected 不在其下级的机构 / an organisation that does not stand below this one; 沿上级逐级查到循环之处，改正那一行 / follow the parents upward to where they come back, and mend that row"#,
    ),
    (
        LIST,
        "code,name_zh",
        "number,name_zh",
        r#"map.toml:2: `100` is no organisation of organisations.csv; declare it, or correct the name
organisations.csv:1: `code`: found 空 / nothing, expected code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to; 存为 UTF-8 编码的 CSV，首行写这些列名 / save the file as CSV in UTF-8 with these names in its first row"#,
    ),
];
