//! Parquet files, read through the lake.

use std::path::Path;

use csv::StringRecord;
use lake::{ForeignTable, LakeError};

use super::{Fault, Limits, Rule, Sink, Stopped, separated};

pub(super) fn read(path: &Path, limits: &Limits, sink: &mut dyn Sink) -> Result<(), Stopped> {
    let damaged = |_: LakeError| Stopped::whole(damaged());
    let mut table = ForeignTable::open(path).map_err(damaged)?;
    if table.columns().len() > limits.columns {
        return Err(Stopped::whole(separated::too_wide(table.columns().len(), limits)));
    }
    sink.begin(true);
    let mut number = 1;
    let mut record: StringRecord = table.columns().iter().map(String::as_str).collect();
    let mut goes_on = sink.row(number, &record).is_continue();
    while goes_on {
        let Some(rows) = table.next_rows().map_err(damaged)? else { break };
        for row in rows {
            number += 1;
            record.clear();
            row.iter().for_each(|it| record.push_field(it.as_deref().unwrap_or_default()));
            goes_on = sink.row(number, &record).is_continue();
            if !goes_on {
                break;
            }
        }
    }
    sink.end();
    Ok(())
}

fn damaged() -> Fault {
    Fault::new(
        Rule::File,
        "损坏的 Parquet 文件 / a damaged Parquet file",
        "完整、无嵌套列的 Parquet 文件 / a whole Parquet file with flat columns",
        "重新写出，或把表格导出为 CSV / write it again, or export the table as CSV",
    )
}
