//! Time limits of a case: begun, moved and closed as it goes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::standing::{Running, Standing};
use crate::calendar::{Calendar, End};
use crate::expression::Value;
use crate::form::Values;
use crate::procedure::{Deadline, Due, Procedure};

/// The time limits of a case that comes to stand elsewhere, or whose form changed.
pub(crate) fn after(
    procedure: &Procedure,
    calendar: &Calendar,
    case: &Standing,
    marking: &BTreeSet<String>,
    form: &Values,
    at: Timestamp,
) -> Vec<Running> {
    let mut all = case.deadlines.clone();
    for deadline in &procedure.deadlines {
        let runs = !deadline.states.is_disjoint(marking);
        let had = all.iter().any(|it| it.name == deadline.name);
        let open = all.iter_mut().find(|it| it.name == deadline.name && it.closed_at.is_none());
        match open {
            Some(open) if !runs => open.closed_at = Some(at),
            Some(open) => renewed(open, deadline, calendar, form, at),
            None if runs && !(had && deadline.is_once) => {
                all.extend(begun(deadline, calendar, form, at));
            }
            None => {}
        }
    }
    all
}

/// A limit that is begun; none while the field it depends on is empty.
fn begun(
    deadline: &Deadline,
    calendar: &Calendar,
    form: &Values,
    at: Timestamp,
) -> Option<Running> {
    let end = end(deadline, calendar, form, at)?;
    let mut running = Running {
        name: deadline.name.clone(),
        started_at: at,
        due_at: end.at,
        due_on: end.day,
        is_estimated: end.is_estimated,
        next_at: end.at,
        reminders: 0,
        overdue_at: None,
        closed_at: None,
    };
    // A reminder that would have gone out before the limit began does not.
    running.reminders = passed(deadline, calendar, end.day, at);
    running.next_at = next(deadline, calendar, &running);
    Some(running)
}

/// A limit that ends on a day of the form moves with that day.
fn renewed(
    open: &mut Running,
    deadline: &Deadline,
    calendar: &Calendar,
    form: &Values,
    at: Timestamp,
) {
    let moves = matches!(deadline.due, Due::On(_)) || open.is_estimated;
    let Some(end) = end(deadline, calendar, form, open.started_at).filter(|_| moves) else {
        return;
    };
    if end.at == open.due_at && end.is_estimated == open.is_estimated {
        return;
    }
    open.due_at = end.at;
    open.due_on = end.day;
    open.is_estimated = end.is_estimated;
    open.overdue_at = open.overdue_at.filter(|_| end.at <= at);
    open.reminders = passed(deadline, calendar, end.day, at);
    open.next_at = next(deadline, calendar, open);
}

/// The end of a limit whose years were not published when it began.
pub(crate) fn settled(
    running: &Running,
    deadline: &Deadline,
    calendar: &Calendar,
    at: Timestamp,
) -> Option<Running> {
    if !running.is_estimated || running.closed_at.is_some() {
        return None;
    }
    let mut moved = running.clone();
    renewed(&mut moved, deadline, calendar, &Values::new(), at);
    (moved != *running).then_some(moved)
}

fn end(deadline: &Deadline, calendar: &Calendar, form: &Values, from: Timestamp) -> Option<End> {
    match &deadline.due {
        Due::After(period) => Some(calendar.end(from, *period)),
        Due::On(field) => {
            let Value::Text(day) = form.get(field)? else { return None };
            let day: Date = day.parse().ok()?;
            let at = calendar.midnight(day.tomorrow().ok()?);
            Some(End { at, day, is_estimated: false })
        }
    }
}

/// Instants of the reminders, the earliest first.
fn reminders(deadline: &Deadline, calendar: &Calendar, due_on: Date) -> Vec<Timestamp> {
    let mut all: Vec<Timestamp> =
        deadline.remind.iter().map(|it| calendar.before(due_on, *it)).collect();
    all.sort_unstable();
    all
}

fn passed(deadline: &Deadline, calendar: &Calendar, due_on: Date, at: Timestamp) -> u32 {
    let passed = reminders(deadline, calendar, due_on).iter().filter(|it| **it <= at).count();
    u32::try_from(passed).unwrap_or(u32::MAX)
}

/// When a limit is to be looked at next: its next reminder, its end, and never once it is overdue.
pub(crate) fn next(deadline: &Deadline, calendar: &Calendar, running: &Running) -> Timestamp {
    if running.overdue_at.is_some() {
        return Timestamp::MAX;
    }
    let sent = usize::try_from(running.reminders).unwrap_or(usize::MAX);
    let next = reminders(deadline, calendar, running.due_on).get(sent).copied();
    next.unwrap_or(running.due_at).min(running.due_at)
}
