//! indicators.toml, spoilt.

use super::Case;

const INDICATORS: &str = "plan/town/indicators.toml";

/// What is put in place of what in which file, and the errors that must be found.
pub(super) const CASES: &[Case] = &[
    (
        INDICATORS,
        r#"measure = "boarders""#,
        r#"measure = "borders""#,
        "indicators.toml:25: `borders` is no measure; did you mean `boarders`",
    ),
    (
        INDICATORS,
        r#"denominator = [{ measure = "pupils", kinds = ["day"] }]
"#,
        "",
        r#"indicators.toml:21: a share without a denominator; add denominator = [{ measure = "…" }]"#,
    ),
    (
        INDICATORS,
        r#"[{ measure = "pupils", kinds = ["day"] }]"#,
        r#"[{ measure = "pupils" }, { measure = "pupils", times = -1 }]"#,
        "indicators.toml:26: the terms of the denominator cancel out: it is always zero; take other measures, or other `times`",
    ),
    (
        INDICATORS,
        r#"[{ measure = "pupils", kinds = ["day"] }]"#,
        r#"[{ measure = "pupils", times = 0, years_before = 90 }]"#,
        r#"indicators.toml:26: 90 years before; write 50 at most
indicators.toml:26: a term taken no times; remove the term"#,
    ),
    (
        INDICATORS,
        r#"source = { zh = "自定", en = "ours" }"#,
        r#"source = "ours""#,
        r#"indicators.toml:21: the source of the definition is in one language; write source = { zh = "…", en = "…" }"#,
    ),
    (
        INDICATORS,
        r#"source = { zh = "自定", en = "ours" }"#,
        "",
        r#"indicators.toml:21: `source` is missing; add `source`: { zh = "…", en = "…" }"#,
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "rate""#,
        "indicators.toml:21: `per` is missing; add `per`: a whole number",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "rate"
per = 0"#,
        "indicators.toml:24: a rate per 0; write a number such as 1000",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "percent""#,
        "indicators.toml:23: `percent` is no kind of indicator; write `share`, `ratio`, `rate`, `mean`, `count`, `cohort`, `dispersion`, `units`, `pass_count` or `composite`",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "count""#,
        "indicators.toml:26: a count has no denominator; remove `denominator`",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "dispersion"
level = "city""#,
        "indicators.toml:21: a dispersion between units of the level `city`; write `school`",
    ),
    (
        INDICATORS,
        "by = 2025",
        "by = 2020",
        "indicators.toml:13: the target is due in 2020, and the baseline is of 2020; write a later year",
    ),
    (
        INDICATORS,
        "by = 2025",
        "by = 9999",
        "indicators.toml:16: `by` is 9999; write a year between 1900 and 2200",
    ),
    (
        INDICATORS,
        r#"type = "at_least""#,
        r#"type = "at_most""#,
        "indicators.toml:13: a target of type `at_most` where higher is better; correct the type, the value, the direction or the kind of the definition",
    ),
    (
        INDICATORS,
        r#"type = "at_least""#,
        r#"type = "more""#,
        "indicators.toml:14: `more` is no type of target; write `at_least`, `exceed`, `at_most`, `hold`, `all_units`, `milestones`, `never_decrease` or `deliverable`",
    ),
    (
        INDICATORS,
        r#"type = "at_least"
value = "60"
by = 2025"#,
        r#"type = "milestones"
steps = [{ by = 2023, value = "4" }, { by = 2022, value = "3" }]"#,
        r#"indicators.toml:15: 2022 does not come after 2023; write the steps in order of years
indicators.toml:15: 3 is less than the 4 of the step before; write what is reached in all by that year"#,
    ),
    (
        INDICATORS,
        r#"type = "at_least"
value = "60""#,
        r#"type = "all_units"
units = 16"#,
        "indicators.toml:13: a target of all units for a share; correct the type, the value, the direction or the kind of the definition",
    ),
    (
        INDICATORS,
        r#"type = "at_least"
value = "60""#,
        r#"type = "deliverable"
count = 16"#,
        "indicators.toml:13: a number of things to be built for a share; correct the type, the value, the direction or the kind of the definition",
    ),
    (
        INDICATORS,
        r#"value = "60""#,
        r#"value = "sixty""#,
        r#"indicators.toml:15: `value` is string, not a decimal number such as "12.3"; write a decimal number such as "12.3""#,
    ),
    (
        INDICATORS,
        r#"clauses = ["1-02"]"#,
        r#"clauses = ["1-03"]"#,
        "indicators.toml:19: `1-03` is no clause of clauses.toml; did you mean `1-01`, `1-02` or `T-01`",
    ),
    (
        INDICATORS,
        r#"group = "all""#,
        r#"group = "none""#,
        "indicators.toml:4: `none` is no group of plan.toml; write `all`, or declare it",
    ),
    (
        INDICATORS,
        r#"finest_level = "school""#,
        r#"finest_level = "ward""#,
        "indicators.toml:9: `ward` is no level of plan.toml; write `city` or `school`, or declare it",
    ),
    (
        INDICATORS,
        "decimals = 1",
        r#"decimals = 9
published = 2"#,
        r#"indicators.toml:7: too many decimals; publish 6 at most
indicators.toml:8: `published` names version 2, which there is not; write `1`"#,
    ),
    (
        INDICATORS,
        r#"stage = ["primary"]"#,
        r#"stage = ["senior"]"#,
        "indicators.toml:21: `senior` is no `stage` of `rolls`; write `primary` or `junior`",
    ),
    (
        INDICATORS,
        r#"stage = ["primary"]"#,
        r#"boarding = ["yes"]"#,
        "indicators.toml:21: `boarding` is no dimension of `rolls`; write `stage`, or cut with a measure's `where`",
    ),
    (
        INDICATORS,
        r#"kinds = ["day"]"#,
        r#"kinds = ["night"]"#,
        "indicators.toml:26: `night` is no kind of organisation; write `day`, or declare it",
    ),
    (
        INDICATORS,
        r#"direction = "up""#,
        r#"direction = "sideways""#,
        "indicators.toml:8: `sideways` is no direction; write `up` where higher is better, else `down`",
    ),
    (
        INDICATORS,
        r#"kind = "share"
label = { zh = "寄宿", en = "Boarders" }
numerator = [{ measure = "boarders", dimensions = { stage = ["primary"] } }]
denominator = [{ measure = "pupils", kinds = ["day"] }]"#,
        r#"kind = "composite"
label = { zh = "寄宿", en = "Boarders" }
parts = [{ indicator = "A", weight = "1" }]"#,
        "indicators.toml:1: `A` is made of itself; break the circle between `A`",
    ),
    (
        INDICATORS,
        r#"kind = "share"
label = { zh = "寄宿", en = "Boarders" }
numerator = [{ measure = "boarders", dimensions = { stage = ["primary"] } }]
denominator = [{ measure = "pupils", kinds = ["day"] }]"#,
        r#"kind = "composite"
label = { zh = "寄宿", en = "Boarders" }
parts = [{ indicator = "A", weight = "0" }]"#,
        r#"indicators.toml:21: the weights add up to zero; give parts = [{ indicator = "…", weight = "1" }, …]"#,
    ),
    (
        INDICATORS,
        r#"kind = "share"
label = { zh = "寄宿", en = "Boarders" }
numerator = [{ measure = "boarders", dimensions = { stage = ["primary"] } }]
denominator = [{ measure = "pupils", kinds = ["day"] }]"#,
        r#"kind = "pass_count"
level = "school"
need = 2
label = { zh = "寄宿", en = "Boarders" }
conditions = [{ indicator = "A", at_least = "1" }]"#,
        "indicators.toml:25: 2 of 1 conditions; ask for at least one and no more than there are",
    ),
    (
        INDICATORS,
        "[[indicator.target]]",
        r#"[[indicator]]
code = "A"

[[indicator.target]]"#,
        r#"indicators.toml:1: the indicator has no definition; add [[indicator.definition]]
indicators.toml:13: `decimals` is missing; add `decimals`: a whole number
indicators.toml:13: `direction` is missing; add `direction`: a text
indicators.toml:13: `finest_level` is missing; add `finest_level`: a text
indicators.toml:13: `group` is missing; add `group`: a text
indicators.toml:13: `name` is missing; add `name`: { zh = "…", en = "…" }
indicators.toml:13: `number` is missing; add `number`: a whole number
indicators.toml:13: `unit` is missing; add `unit`: { zh = "…", en = "…" }
indicators.toml:14: the indicator `A` is declared twice; keep one of them, or give it another code"#,
    ),
    (
        INDICATORS,
        r#"code = "A""#,
        r#"code = "A/../B""#,
        r#"indicators.toml:2: `A/../B` cannot be the code of an indicator; use letters, digits, `-` and `_`, 32 at most
projects.toml:13: `A` is no indicator; write `A/../B`, or declare it"#,
    ),
    (
        INDICATORS,
        r#"value = "50" }"#,
        r#"value = "50", printed = 50 }"#,
        "indicators.toml:11: `printed` is integer, not a text; write a text",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "cohort"
paired = true"#,
        "indicators.toml:24: a cohort that is `paired`; remove it: only shares, ratios, rates and means are",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "share"
expected = {}"#,
        "indicators.toml:24: `expected` names nobody; write kinds, founders, stages or area_classes, or remove it",
    ),
    (
        INDICATORS,
        r#"kind = "share""#,
        r#"kind = "units"
level = "school"
expected = { kinds = ["day"] }"#,
        "indicators.toml:25: `expected` in a definition of kind `units`; remove it: units are those of the level, and other indicators say it themselves",
    ),
];
