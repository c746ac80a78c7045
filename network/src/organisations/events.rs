//! A list of events in a file.

use std::io::Read;

use jiff::Timestamp;
use model::Finding;
use model::organisation::{Event, EventKind, History};

use super::changes::Changes;
use super::sheet::{self, Fault, Findings, Row};
use super::{Listed, apply};

const COLUMNS: [&str; 6] = ["kind", "on", "from", "to", "note_zh", "note_en"];

/// The sound part of a list of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventList {
    pub file: String,
    pub events: Vec<Listed<Event>>,
}

/// Reads a list of events: CSV in UTF-8 with the header `kind,on,from,to,note_zh,note_en`; codes are joined by `;`.
pub fn read_events(file: &str, reader: impl Read) -> (EventList, Vec<Finding>) {
    let mut findings = Findings::new(file);
    let mut list = EventList { file: file.to_owned(), events: Vec::new() };
    let needed = ["kind", "on", "from", "to"];
    sheet::read(reader, &COLUMNS, &needed, &mut findings, |row, findings| {
        if row.is_sound
            && let Some(what) = read_row(row, findings)
        {
            list.events.push(Listed { row: row.number, what });
        }
    });
    (list, findings.into_list())
}

impl EventList {
    /// Applies the events, by day, to what is known and to `changes`, which are recorded with them.
    ///
    /// Gives `changes` with all that the events bring about, and what does not fit:
    ///
    /// | kind | `from` | `to` | brings about |
    /// |---|---|---|---|
    /// | `opening` | | what opened | nothing: its row tells the rest |
    /// | `closure` | what closed | | the end of its versions and memberships |
    /// | `merger` | what went into it | one | the end of `from`, but for `to`; their children go to `to` |
    /// | `split` | one | its parts | the end of `from`, but for `to`; its children must have been given places |
    /// | `move` | what moved | old and new parent | the new parent from that day on |
    /// | `boundary_change` | giving and receiving | what changed place | the new parent from that day on |
    /// | `rename` | what is renamed | | nothing: its row tells the new name |
    ///
    /// An event that has been applied already brings about nothing more.
    pub fn apply(
        &self,
        known: &History,
        changes: &Changes,
        known_at: Timestamp,
    ) -> (Changes, Vec<Finding>) {
        apply::apply(self, known, changes, known_at)
    }
}

fn read_row(row: &Row<'_>, findings: &mut Findings) -> Option<Event> {
    let kind = row.needed("kind", findings)?;
    let Some(kind) = EventKind::parse(kind) else {
        let names = EventKind::ALL.map(EventKind::as_str).join(", ");
        let hint = "使用所列词语之一 / write one of these words";
        let fault =
            Fault { rule: "code_list", column: "kind", found: kind, expected: &names, hint };
        findings.error(row.number, fault);
        return None;
    };
    let on = row.day("on", findings)?;
    let from = row.codes("from", findings)?;
    let to = row.codes("to", findings)?;
    let (sound, expected) = match kind {
        EventKind::Merger => {
            (!from.is_empty() && to.len() == 1, "from 多个、to 一个 / several in from, one in to")
        }
        EventKind::Split => {
            (from.len() == 1 && to.len() > 1, "from 一个、to 多个 / one in from, several in to")
        }
        EventKind::Move => (
            !from.is_empty() && to.len() == 2,
            "to 为原上级与新上级 / the old and the new parent in to",
        ),
        EventKind::BoundaryChange => (
            from.len() == 2,
            "from 为划出与划入机构 / the giving and the receiving organisation in from",
        ),
        EventKind::Opening => (
            !to.is_empty() && from.is_empty(),
            "to 为新设机构、from 留空 / what opened in to, nothing in from",
        ),
        EventKind::Closure => (
            !from.is_empty() && to.is_empty(),
            "from 为终止机构、to 留空 / what closed in from, nothing in to",
        ),
        EventKind::Rename => (
            !from.is_empty() && (to.is_empty() || to == from),
            "from 为更名机构 / what is renamed in from",
        ),
    };
    if !sound {
        let found =
            format!("from {0} 个、to {1} 个 / {0} in from, {1} in to", from.len(), to.len());
        let hint = "多个代码用“;”连接 / join several codes by `;`";
        findings.error(
            row.number,
            Fault { rule: "parties", column: "", found: &found, expected, hint },
        );
        return None;
    }
    Some(Event { on, kind, from, to, note: row.bilingual("note_zh", "note_en") })
}
