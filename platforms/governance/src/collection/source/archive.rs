//! Archives: a workbook's parts are weighed before any of them is believed.
//!
//! A workbook is a ZIP archive. What its directory says of the sizes may be a lie, and what reads
//! the parts keeps some of them in memory whole; so every part is unpacked once here, counted and
//! thrown away.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::{Fault, Limits, Rule, Stopped};

/// Refuses an archive that would not fit in memory, or whose parts lie about themselves.
pub(super) fn weigh(path: &Path, limits: &Limits) -> Result<(), Stopped> {
    let damaged = |_| Stopped::whole(damaged());
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(damaged)?;
    if archive.len() > limits.parts {
        return Err(too_large(
            format!("{0} 个部件 / {0} parts", archive.len()),
            format!("至多 {0} 个部件 / at most {0} parts", limits.parts),
        ));
    }
    for position in 0..archive.len() {
        let mut part = archive.by_index(position).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.into_owned();
        if climbs(&name) {
            return Err(Stopped::whole(Fault::new(
                Rule::File,
                "名称指向工作簿之外的部件 / a part whose name leads out of the workbook",
                "工作簿之内的名称 / names within the workbook",
                "此文件不是表格软件写出的：请重新导出表格 / this file was not written by a spreadsheet program: export the table again",
            )));
        }
        let is_sheet =
            name.contains("worksheets/") && !name.to_lowercase().ends_with("sharedstrings.xml");
        let most = if is_sheet { limits.sheet_bytes } else { limits.part_bytes };
        if part.size() > most {
            return Err(too_large(
                format!("解压后 {0} 字节 / {0} bytes unpacked", part.size()),
                format!("至多 {most} 字节 / at most {most} bytes"),
            ));
        }
        if is_sheet {
            weigh_sheet(&mut part, limits)?;
        } else {
            weigh_other(&mut part, limits)?;
        }
    }
    Ok(())
}

/// A name that is absolute or goes upwards.
fn climbs(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains(':')
        || name.split(['/', '\\']).any(|it| it == "..")
}

pub(super) fn damaged() -> Fault {
    Fault::new(
        Rule::File,
        "损坏的工作簿 / a damaged workbook",
        "完整的 .xlsx 文件 / a whole .xlsx file",
        "在表格软件中打开，另存为 .xlsx 后再导入 / open it in a spreadsheet program, save it again as .xlsx and import that",
    )
}

fn too_large(found: String, expected: String) -> Stopped {
    Stopped::whole(Fault::new(
        Rule::TooLarge,
        found,
        expected,
        "只把表格复制到新工作簿，或存为 CSV / copy the table alone into a new workbook, or save it as CSV",
    ))
}

/// A sheet is streamed, so only its single texts and its merged cells must be few and short.
fn weigh_sheet(part: &mut dyn Read, limits: &Limits) -> Result<(), Stopped> {
    let (mut total, mut run, mut merged) = (0, 0, 0_usize);
    unpack(part, |bytes| {
        total += count(bytes);
        if total > limits.sheet_bytes {
            return Err(lie(limits.sheet_bytes));
        }
        for tag in bytes.split_inclusive(|it| *it == b'<') {
            run += count(tag);
            merged += usize::from(tag.starts_with(b"mergeCell "));
            if run > limits.row_bytes {
                let most = format!("至多 {0} 字节 / at most {0} bytes", limits.row_bytes);
                return Err(too_large(
                    "超出允许长度的单元格 / a cell longer than allowed".to_owned(),
                    most,
                ));
            }
            if tag.ends_with(b"<") {
                run = 0;
            }
        }
        if merged > MERGED {
            return Err(too_large(
                format!("超过 {MERGED} 处合并单元格 / more than {MERGED} merged cells"),
                "无合并单元格的表 / a table without merged cells".to_owned(),
            ));
        }
        Ok(())
    })
}

/// Any other part is held in memory, and may promise more strings than it has.
fn weigh_other(part: &mut dyn Read, limits: &Limits) -> Result<(), Stopped> {
    let (mut total, mut promised) = (0, 0);
    // The last bytes of the chunk before: the attribute may be cut.
    let mut seen = Vec::new();
    unpack(part, |bytes| {
        total += count(bytes);
        if total > limits.part_bytes {
            return Err(lie(limits.part_bytes));
        }
        seen.extend_from_slice(bytes);
        promised = promised.max(largest_count(&seen));
        seen.drain(..seen.len().saturating_sub(COUNT.len() + 40));
        Ok(())
    })?;
    // A string takes at least `<si/>`.
    if promised > total / 5 + 1 {
        return Err(too_large(
            format!("声称有 {promised} 个字符串 / {promised} strings promised"),
            "与实有数一致 / as many as there are".to_owned(),
        ));
    }
    Ok(())
}

/// The attribute for which the reader sets memory aside before it sees a string.
const COUNT: &[u8] = b"uniqueCount";

/// Most merged cells of a sheet.
const MERGED: usize = 100_000;

fn unpack(
    part: &mut dyn Read,
    mut look: impl FnMut(&[u8]) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let mut chunk = vec![0; 1 << 16];
    loop {
        let read = part.read(&mut chunk).map_err(|_| Stopped::whole(damaged()))?;
        match chunk.get(..read) {
            None | Some([]) => return Ok(()),
            Some(bytes) => look(bytes)?,
        }
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn lie(most: u64) -> Stopped {
    too_large(
        "大于所声称大小的部件 / a part larger than it says".to_owned(),
        format!("至多 {most} 字节 / at most {most} bytes"),
    )
}

/// The largest count that an attribute in these bytes states.
fn largest_count(bytes: &[u8]) -> u64 {
    let mut largest = 0;
    let mut left = bytes;
    while let Some(at) = left.windows(COUNT.len()).position(|it| it == COUNT) {
        left = left.get(at + COUNT.len()..).unwrap_or_default();
        let digits: String = left
            .iter()
            .skip_while(|it| it.is_ascii_whitespace() || matches!(it, b'=' | b'"' | b'\''))
            .take_while(|it| it.is_ascii_digit())
            .take(20)
            .map(|it| char::from(*it))
            .collect();
        if !digits.is_empty() {
            largest = largest.max(digits.parse().unwrap_or(u64::MAX));
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out() {
        for name in ["../x", "/etc/passwd", "xl/../../x", "..\\x", "C:\\x", "xl/worksheets/.."] {
            assert!(climbs(name), "{name}");
        }
        for name in ["xl/workbook.xml", "[Content_Types].xml", "_rels/.rels", "xl\\workbook.xml"] {
            assert!(!climbs(name), "{name}");
        }
    }

    #[test]
    fn counts_are_found_however_written() {
        assert_eq!(largest_count(br#"<sst count="3" uniqueCount = '12'>"#), 12);
        assert_eq!(largest_count(b"uniqueCount=\"99999999999999999999999\""), u64::MAX);
        assert_eq!(largest_count(b"nothing"), 0);
    }
}
