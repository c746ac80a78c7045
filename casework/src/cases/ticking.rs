//! What time does to cases: reminders, time limits that end, steps of the clock.

use jiff::Timestamp;
use model::Entropy;
use network::audit::{self, Entry};
use network::purpose::Purpose;
use store::{StoreError, on_db};

use super::altering::Altering;
use super::decide::{Asked, By, Deciding, Effects};
use super::entry::StepText;
use super::standing::Running;
use super::{CaseError, CaseId, Refusal, limits, rows};
use crate::form::Values;
use crate::office::Office;
use crate::procedure::Deadline;

/// Cases that are looked at in one go.
const AT_ONCE: i64 = 200;

/// What a look at the clock did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    pub reminded: u32,
    pub overdue: u32,
    /// Steps of the clock.
    pub taken: u32,
    /// Time limits that moved, as the holidays of their year are known now.
    pub moved: u32,
}

/// One thing that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Reminded,
    Overdue,
    Taken,
    /// The clock's step was not possible and is tried again later.
    Postponed,
    Moved,
}

/// Does all that is due at an instant, each thing in a transaction of its own.
///
/// The same instant again does nothing more; a program that was stopped half-way goes on where it was.
pub async fn tick(
    office: &Office,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Ticked, CaseError> {
    const DUE: &str = include_str!("sql/due.sql");

    let mut ticked = Ticked::default();
    settle(office, at, entropy, &mut ticked).await?;
    let mut last = String::new();
    loop {
        let ids: Vec<String> = on_db!(office.store, pool => {
            sqlx::query_scalar(DUE)
                .bind(at.as_microsecond())
                .bind(AT_ONCE)
                .bind(&last)
                .fetch_all(pool)
                .await
        })
        .map_err(StoreError::doing("read what is due"))?;
        let Some(id) = ids.last() else { return Ok(ticked) };
        last.clone_from(id);
        for id in &ids {
            let case: CaseId = rows::parsed("case_id", id)?;
            while let Some(due) = one(office, case, at, entropy).await? {
                ticked.count(due);
            }
        }
    }
}

impl Ticked {
    const fn count(&mut self, due: Due) {
        match due {
            Due::Reminded => self.reminded += 1,
            Due::Overdue => self.overdue += 1,
            Due::Taken => self.taken += 1,
            Due::Moved => self.moved += 1,
            Due::Postponed => {}
        }
    }
}

/// Does the earliest thing that is due in a case; `None` when there is nothing.
async fn one(
    office: &Office,
    id: CaseId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<Due>, CaseError> {
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    let mut found = None;
    let entry = Entry::new(audit::Actor::System, Purpose::OPERATION, "case.tick").about("case", id);
    let altering = Altering { office, id, change: &Values::new(), seed, entry, at };
    let answer = altering
        .run(entropy, |deciding| {
            let Some((due, effects)) = due(deciding) else { return Ok(None) };
            found = Some(due);
            Ok(Some(effects))
        })
        .await;
    match answer {
        Ok(_) => Ok(found),
        // Somebody brought the case to another version; it is found again.
        Err(CaseError::Refused(Refusal::Stale)) => Ok(None),
        Err(CaseError::Refused(Refusal::QuotaFull | Refusal::Open(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

fn due(deciding: &Deciding<'_>) -> Option<(Due, Effects)> {
    let case = deciding.case;
    let open =
        case.deadlines.iter().filter(|it| it.closed_at.is_none() && it.next_at <= deciding.at);
    let running = open.min_by_key(|it| (it.next_at, it.started_at))?;
    let deadline = deciding.procedure.deadlines.iter().find(|it| it.name == running.name);
    let Some(deadline) = deadline else {
        // A newer version of the procedure knows no such limit.
        return Some(told(deciding, running, Due::Postponed, "closed", |it| {
            it.closed_at = Some(deciding.at)
        }));
    };
    if running.due_at > deciding.at {
        return Some(told(deciding, running, Due::Reminded, "remind", |it| {
            it.reminders += 1;
            it.next_at = limits::next(deadline, deciding.calendar, it);
        }));
    }
    if let Some(effects) = taken(deciding, deadline) {
        return Some((Due::Taken, effects));
    }
    let (kind, word) = match running.overdue_at {
        None => (Due::Overdue, "overdue"),
        Some(_) => return Some(postponed(deciding, running)),
    };
    let next = again(deciding, deadline);
    Some(told(deciding, running, kind, word, |it| {
        it.overdue_at = Some(deciding.at);
        it.next_at = next;
    }))
}

/// The step of the clock that follows a limit, when it can be taken.
fn taken(deciding: &Deciding<'_>, deadline: &Deadline) -> Option<Effects> {
    let asked = Asked { step: deadline.then.clone()?, ..Asked::default() };
    deciding.step(By::Clock, &asked).ok()
}

/// A step of the clock that waits for something is tried again with the next day.
fn again(deciding: &Deciding<'_>, deadline: &Deadline) -> Timestamp {
    if deadline.then.is_none() {
        return Timestamp::MAX;
    }
    let today = deciding.calendar.day(deciding.at);
    today.tomorrow().map_or(Timestamp::MAX, |it| deciding.calendar.midnight(it))
}

fn postponed(deciding: &Deciding<'_>, running: &Running) -> (Due, Effects) {
    let deadline = deciding.procedure.deadlines.iter().find(|it| it.name == running.name);
    let next = deadline.map_or(Timestamp::MAX, |it| again(deciding, it));
    told(deciding, running, Due::Postponed, "wait", |it| it.next_at = next)
}

/// A limit that changes, with the entry that tells of it.
fn told(
    deciding: &Deciding<'_>,
    running: &Running,
    due: Due,
    kind: &str,
    change: impl Fn(&mut Running),
) -> (Due, Effects) {
    let mut after = deciding.case.clone();
    let same = |it: &&mut Running| it.name == running.name && it.started_at == running.started_at;
    after.deadlines.iter_mut().filter(same).for_each(change);
    let text = StepText { kind, name: &running.name, role: "", note: "" };
    (due, deciding.told(after, &text, None))
}

/// Moves limits that were estimated and are known now.
async fn settle(
    office: &Office,
    at: Timestamp,
    entropy: &mut dyn Entropy,
    ticked: &mut Ticked,
) -> Result<(), CaseError> {
    const ESTIMATED: &str = include_str!("sql/estimated.sql");

    let mut last = String::new();
    loop {
        let ids: Vec<String> = on_db!(office.store, pool => {
            sqlx::query_scalar(ESTIMATED).bind(&last).fetch_all(pool).await
        })
        .map_err(StoreError::doing("read estimated time limits"))?;
        let Some(id) = ids.last() else { return Ok(()) };
        last.clone_from(id);
        for id in &ids {
            let id: CaseId = rows::parsed("case_id", id)?;
            while settled(office, id, at, entropy).await? {
                ticked.count(Due::Moved);
            }
        }
    }
}

async fn settled(
    office: &Office,
    id: CaseId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<bool, CaseError> {
    let mut found = false;
    let entry = Entry::new(audit::Actor::System, Purpose::OPERATION, "case.tick").about("case", id);
    let altering = Altering { office, id, change: &Values::new(), seed: [0; 32], entry, at };
    altering
        .run(entropy, |deciding| {
            let moved = deciding.case.deadlines.iter().find_map(|running| {
                let deadline =
                    deciding.procedure.deadlines.iter().find(|it| it.name == running.name)?;
                Some((running, limits::settled(running, deadline, deciding.calendar, at)?))
            });
            let Some((running, moved)) = moved else { return Ok(None) };
            found = true;
            let (_, effects) =
                told(deciding, running, Due::Moved, "moved", |it| it.clone_from(&moved));
            Ok(Some(effects))
        })
        .await?;
    Ok(found)
}
