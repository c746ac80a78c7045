//! Records that an organisation leaves behind: it was there when they were true, and by what is recorded now it was not.
//!
//! A school that merged last summer has its rolls of the autumn under the old code. They stay where they are, and
//! are in no figure any more until somebody hands them in under the new one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use lake::{Lake, LakeError};
use model::finding::{Finding, Severity};
use model::organisation::{History, holds};
use model::plan::Plan;
use model::{OrgCode, Year};

use super::rule::{Fault, Rule};

/// Warns of records that `after`, which is about to be recorded, takes out of all figures, and `before` did not.
pub async fn left_behind(
    lake: &Lake,
    plan: &Plan,
    file: &str,
    (before, after): (&History, &History),
    known_at: Timestamp,
) -> Result<Vec<Finding>, LakeError> {
    let periods = |history: &History, code: &OrgCode| -> Vec<(Date, Option<Date>)> {
        history.versions(code, known_at).map(|it| (it.valid_from, it.valid_to)).collect()
    };
    let changed = before.codes().map(|it| (it, periods(before, it), periods(after, it)));
    let changed: Vec<_> = changed.filter(|(_, before, after)| before != after).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let stands = |periods: &[(Date, Option<Date>)], day: Date| {
        periods.iter().any(|(from, to)| holds(*from, *to, day))
    };
    let mut left: BTreeMap<(&OrgCode, Year), Vec<(&str, u64)>> = BTreeMap::new();
    for dataset in plan.datasets.values() {
        let table = lake.table(dataset).await?;
        for year in table.years() {
            let day = year.on(dataset.reference);
            let gone = changed.iter().filter(|it| stands(&it.1, day) && !stands(&it.2, day));
            let gone: BTreeSet<&OrgCode> = gone.map(|it| it.0).collect();
            let rows = table.rows_of(year, &gone)?;
            for code in gone {
                if let Some(rows) = rows.get(code) {
                    left.entry((code, year)).or_default().push((&dataset.name, *rows));
                }
            }
        }
    }
    Ok(left.into_iter().map(|((code, year), rows)| finding(file, code, year, &rows)).collect())
}

fn finding(file: &str, code: &OrgCode, year: Year, rows: &[(&str, u64)]) -> Finding {
    let all: u64 = rows.iter().map(|it| it.1).sum();
    let datasets: Vec<&str> = rows.iter().map(|it| it.0).collect();
    let fault = Fault::new(
        Rule::LeftBehind,
        format!(
            "{code} 的 {year} 年记录 {all} 行（{0}） / rows of {code} in {year}: {all} ({0})",
            datasets.join(", ")
        ),
        "记录所属之日存在的机构 / an organisation that is there on the day the records are of",
        "这些记录不再计入任何指标：请以承接机构的代码重新导入 / they are in no figure any more: import them anew under the code of the organisation that took its place",
    );
    fault.at(file, None, None, Severity::Warning)
}
