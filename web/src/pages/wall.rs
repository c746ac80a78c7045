//! `/wall`: the scoreboard for a big screen, read from ten metres and left alone for days.

use askama::Template;
use model::target::Status;

use super::scoreboard::Group;
use super::scoreboard_row::Row;
use crate::charts::mark::Mark;
use crate::frame::{Frame, Section};
use crate::problem::Problem;
use crate::text::Text;
use crate::visit::Visit;

/// Rows that fit on a screen and can still be read from afar.
const ROWS: usize = 8;

/// The big screen, ready to be shown.
#[derive(Debug, Template)]
#[template(path = "pages/wall.html")]
pub(crate) struct WallPage {
    t: Text,
    frame: Frame,
    plan: String,
    place: String,
    year: String,
    counts: Vec<(Status, Mark, usize, String)>,
    screens: Vec<Screen>,
}

/// What stands on the screen at one time.
#[derive(Debug)]
struct Screen {
    name: String,
    rows: Vec<Row>,
}

impl WallPage {
    pub(crate) fn new(visit: &Visit, year: Option<&str>) -> Result<Self, Problem> {
        let t = visit.t();
        let year = visit.year(year)?;
        let whole = visit.whole(year)?;
        let board = visit.published.scoreboard(&whole.code, year);
        let board = board.ok_or_else(Problem::nothing_published)?;
        let root = whole.code.as_str();
        let mut screens = Vec::new();
        for group in board.groups.iter().filter(|it| it.is_table) {
            let Group { name, rows, .. } = Group::new(t, group, root, root, year);
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                screens
                    .push(Screen { name: name.clone(), rows: rows.by_ref().take(ROWS).collect() });
            }
        }
        let counts = Status::ALL.into_iter().filter_map(|it| {
            let count = *board.counts.get(&it)?;
            (count > 0).then(|| (it, Mark::new(it), count, t.status(it)))
        });
        Ok(Self {
            t,
            frame: visit.frame(Section::Scoreboard),
            plan: t.of(&visit.published.plan().name).to_owned(),
            place: t.of(&whole.name).to_owned(),
            year: year.to_string(),
            counts: counts.collect(),
            screens,
        })
    }
}
