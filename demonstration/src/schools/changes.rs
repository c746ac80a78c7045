//! What becomes of schools: mergers, moves with a boundary, new names.

use anyhow::{Result, ensure};

use super::{District, School, Stage};
use crate::chance::Chance;
use crate::names::invent;
use crate::settings::Settings;
use crate::wide;

/// One in a hundred goes into a neighbour every year.
pub(super) fn merge(schools: &mut [School], settings: &Settings, years: usize, number: u64) {
    for (kind, setting) in settings.kinds.iter().enumerate() {
        if !matches!(setting.kind.as_str(), "kindergarten" | "primary" | "junior") {
            continue;
        }
        for year in 1..years {
            let mut chance = Chance::new(number, &[3, wide(kind), wide(year)]);
            let open: Vec<usize> = (0..schools.len())
                .filter(|it| {
                    let school = &schools[*it];
                    school.kind == kind
                        && school.is_open(year)
                        && school.opened == 0
                        && school.closed.is_none()
                })
                .collect();
            let count = (open.len() * 11 / 1000).max(usize::from(setting.kind == "primary"));
            for _ in 0..count {
                let from = open[chance.place(open.len())];
                let near = |it: &&usize| {
                    let (a, b) = (&schools[from], &schools[**it]);
                    **it != from
                        && a.district == b.district
                        && a.care == b.care
                        && a.class == b.class
                        && b.closed.is_none()
                };
                // A school that took another in stays, so that no pupil is led through a closed door.
                let taken = schools.iter().any(|it| it.into == Some(from));
                let Some(into) = open.iter().find(near).copied() else { continue };
                if taken || schools[from].closed.is_some() {
                    continue;
                }
                schools[from].closed = Some(year);
                schools[from].into = Some(into);
            }
        }
    }
}

/// Schools on the edge of a district go over to its neighbour.
pub(super) fn redraw(
    schools: &mut [School],
    settings: &Settings,
    districts: &[District],
    (first, number): (u16, u64),
) -> Result<()> {
    for (order, boundary) in settings.boundaries.iter().enumerate() {
        let place = |code: &str| districts.iter().position(|it| it.code == code).unwrap_or(0);
        let (from, to) = (place(&boundary.from), place(&boundary.to));
        let year = boundary.year.checked_sub(first).map(usize::from);
        let Some(year) = year else { continue };
        let mut chance = Chance::new(number, &[4, wide(order)]);
        let mut moved = 0;
        for at in 0..schools.len() {
            let school = &schools[at];
            let stays = school.district != from
                || school.stages.first().is_none_or(|it| *it == Stage::Higher)
                || school.opened > 0
                || school.into.is_some()
                || schools.iter().any(|it| it.into == Some(at));
            if !stays && chance.below(100) < boundary.schools {
                schools[at].moved = Some((year, to));
                moved += 1;
            }
        }
        if moved == 0 {
            let first = schools.iter_mut().find(|it| {
                it.district == from
                    && it.teaches(Stage::Primary)
                    && it.into.is_none()
                    && it.opened == 0
            });
            if let Some(school) = first {
                school.moved = Some((year, to));
                moved += 1;
            }
        }
        ensure!(moved > 0, "no school can go from {} to {}", boundary.from, boundary.to);
    }
    Ok(())
}

/// A few schools take another name every year.
pub(super) fn rename(schools: &mut [School], settings: &Settings, years: usize, number: u64) {
    let mut chance = Chance::new(number, &[5]);
    let mut of_kind: Vec<usize> = (0..settings.kinds.len())
        .map(|kind| schools.iter().filter(|it| it.kind == kind).count())
        .collect();
    for year in 1..years {
        for school in schools.iter_mut() {
            if !school.is_open(year) || school.opened == year || !chance.happens(40) {
                continue;
            }
            let suffix = &settings.kinds[school.kind].suffix;
            school.names.push((year, invent(&settings.names, of_kind[school.kind], suffix)));
            of_kind[school.kind] += 1;
        }
    }
}
