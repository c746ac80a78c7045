//! Rows of all datasets, as a school or district would have reported them.

pub(crate) mod areas;
mod health;
mod higher;
mod pupils;
pub(crate) use self::pupils::GRADES;
mod schools;
mod staff;

use anyhow::Result;
use model::block::Block;

use super::desk::Desk;
use super::results::Samples;

/// Hands every block of one desk to `take`, one dataset after another.
pub(crate) fn of_desk(
    desk: &Desk<'_>,
    samples: &Samples,
    take: &mut dyn FnMut(&'static str, Block) -> Result<()>,
) -> Result<()> {
    let mut give = |block: Option<(&'static str, Block)>| match block {
        Some((name, block)) => take(name, block),
        None => Ok(()),
    };
    give(desk.institutions()?)?;
    give(desk.kindergartens()?)?;
    give(desk.resources()?)?;
    give(desk.wireless_coverage()?)?;
    give(desk.school_zones()?)?;
    give(desk.classes()?)?;
    give(desk.enrolments()?)?;
    for block in desk.teachers()? {
        give(block)?;
    }
    give(desk.postgraduates()?)?;
    give(desk.higher_enrolments()?)?;
    give(desk.lifelong_participations()?)?;
    give(desk.fitness_tests(samples)?)?;
    give(desk.vision_screenings()?)
}
