//! Rows about teachers.

use anyhow::Result;
use model::block::Block;

use crate::chance::mix;
use crate::desk::{Desk, full};
use crate::schools::Stage;
use crate::{at, wide};

const STAGES: [&str; 6] = ["preschool", "primary", "junior", "senior", "vocational", "higher"];
const DEGREES: [&str; 5] = ["below_college", "college", "bachelor", "master", "doctor"];
const SUBJECTS: [&str; 12] = [
    "chinese",
    "mathematics",
    "english",
    "science",
    "society",
    "pe",
    "music",
    "art",
    "arts",
    "technology",
    "vocational",
    "other",
];
/// Of a hundred teachers of primary, junior and senior schools, those of each subject but the last two.
const LOAD: [[u64; 10]; 3] = [
    [30, 22, 11, 6, 6, 9, 5, 5, 2, 4],
    [17, 17, 16, 16, 14, 7, 3, 3, 2, 5],
    [16, 16, 16, 22, 17, 5, 2, 2, 1, 3],
];

/// One teacher in one year.
struct Teacher {
    school: u32,
    key: i64,
    stage: Stage,
    full_time: bool,
    /// `None` where it is not stated.
    degree: Option<u32>,
    subject: u32,
    bits: u64,
    /// Specialised courses and dual qualification, at vocational schools.
    vocational: Option<(bool, bool)>,
}

impl Desk<'_> {
    /// The teachers of the desk's schools, by school.
    fn teachers_here(&self) -> Vec<Teacher> {
        let mut teachers = Vec::new();
        let mut chance = self.chance(62);
        for (order, school) in self.schools.iter().enumerate() {
            let it = &self.city.schools[*school];
            let mut dual = self.quotas.dual[*school];
            for stage in Stage::ALL {
                let staff = self.quotas.staff[*school][stage.position()];
                let mut unknown = chance.marks(staff.full_time, staff.unknown).into_iter();
                let mut high = staff.degree.map(|it| chance.marks(staff.known(), it).into_iter());
                let is_vocational = stage == Stage::Vocational || self.city.kind(it) == "college";
                let mut specialised = chance
                    .marks(staff.full_time, dual.specialised.min(staff.full_time))
                    .into_iter();
                let mut rest = [dual.specialised, dual.all - dual.specialised.min(dual.all)];
                for post in 0..staff.full_time + staff.part_time {
                    let full_time = post < staff.full_time;
                    let (number, since) = self.holder(&it.code, stage, post);
                    let bits = mix(self.city.number
                        ^ mix(wide(*school) << 24 | wide(post) << 4 | wide(stage.position()))
                        ^ since);
                    let known = full_time && !unknown.next().unwrap_or(false);
                    let asked = if known { high.as_mut().and_then(Iterator::next) } else { None };
                    let vocational = (full_time && is_vocational).then(|| {
                        let special = specialised.next().unwrap_or(false);
                        let slot = usize::from(!special);
                        let both = chance.place(rest[slot]) < dual.dual[slot];
                        rest[slot] = rest[slot].saturating_sub(1);
                        dual.dual[slot] -= usize::from(both);
                        (special, both)
                    });
                    teachers.push(Teacher {
                        school: u32::try_from(order).unwrap_or(0),
                        key: (self.pseudonym)(&number),
                        stage,
                        full_time,
                        degree: if known || !full_time {
                            Some(degree(stage, asked, bits))
                        } else {
                            None
                        },
                        subject: subject(stage, bits),
                        bits,
                        vocational,
                    });
                }
            }
        }
        teachers
    }

    /// Number of the teacher who holds a post this year, and the year the post was last filled in.
    fn holder(&self, school: &str, stage: Stage, post: usize) -> (String, u64) {
        let leaving = self.city.settings.teachers.leaving;
        let filled = |year: usize| {
            let draw = mix(wide(year) << 32
                ^ mix(wide(post) << 3 | wide(stage.position()))
                ^ hash(school));
            year == 0 || draw % 1000 < leaving
        };
        let since = wide((0..=self.year).rev().find(|it| filled(*it)).unwrap_or(0));
        (format!("T{school}-{}{post:04}-{since}", stage.position()), since)
    }

    pub(crate) fn teachers(&self) -> Result<[Option<(&'static str, Block)>; 2]> {
        let teachers = self.teachers_here();
        let number = |it: usize| u32::try_from(it).unwrap_or(0);
        let records: Vec<(u32, u32)> =
            teachers.iter().enumerate().map(|(at, it)| (it.school, number(at))).collect();
        let mut sheet = self.sheet("teachers", &records, 20)?;
        self.head(&mut sheet, "school", |it| teachers[it].school)?;
        sheet.all("teacher", |it| teachers[it].key)?;
        sheet.codes("stage", &STAGES, |it| Some(number(teachers[it].stage.position())))?;
        sheet.all("full_time", |it| i64::from(teachers[it].full_time))?;
        sheet.codes("degree", &DEGREES, |it| teachers[it].degree)?;
        sheet.codes("subject", &SUBJECTS, |it| Some(teachers[it].subject))?;
        sheet.all("backbone", |it| {
            let teacher = &teachers[it];
            let school = &self.city.schools[self.schools[at(teacher.school)]];
            let share = u64::try_from(190 + school.wealth / 12).unwrap_or(120).max(60);
            i64::from(teacher.full_time && (teacher.bits >> 20) % 1000 < share)
        })?;
        sheet.all("licensed", |it| i64::from(!(teachers[it].bits >> 32).is_multiple_of(200)))?;
        sheet.all("training_hours", |it| {
            let teacher = &teachers[it];
            let hours = i64::try_from((teacher.bits >> 40) % 70).unwrap_or(0) + 38;
            hours - if self.is_stale(teacher.school) { 6 } else { 0 }
        })?;
        sheet.leave_out("subject", |_| true)?;
        sheet.leave_out("backbone", |_| true)?;
        sheet.leave_out("licensed", |_| true)?;
        sheet.leave_out("training_hours", |_| true)?;
        sheet.spoil("training_hours", 9_999)?;
        let dual = self.dual_qualification(&teachers)?;
        Ok([full("teachers", sheet), dual])
    }

    fn dual_qualification(&self, teachers: &[Teacher]) -> Result<Option<(&'static str, Block)>> {
        let vocational = teachers.iter().enumerate().filter(|(_, it)| it.vocational.is_some());
        let records: Vec<(u32, u32)> =
            vocational.map(|(at, it)| (it.school, u32::try_from(at).unwrap_or(0))).collect();
        let mut sheet = self.sheet("dual_qualification", &records, 21)?;
        self.head(&mut sheet, "school", |it| teachers[it].school)?;
        sheet.all("teacher", |it| teachers[it].key)?;
        sheet.numbers("specialised", |it| teachers[it].vocational.map(|(it, _)| i64::from(it)))?;
        sheet
            .numbers("dual_qualified", |it| teachers[it].vocational.map(|(_, it)| i64::from(it)))?;
        Ok(full("dual_qualification", sheet))
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0, |sum, it| mix(sum ^ u64::from(it)))
}

/// Position of a degree; `asked`: whether it is one that an indicator asks for.
fn degree(stage: Stage, asked: Option<bool>, bits: u64) -> u32 {
    let draw = bits % 100;
    match (stage, asked) {
        (Stage::Higher, Some(true)) => {
            if draw < 46 {
                4
            } else {
                3
            }
        }
        (Stage::Higher, _) => 2,
        (_, Some(true)) => {
            if draw < 9 {
                3
            } else {
                2
            }
        }
        (_, Some(false)) => {
            if draw < 8 {
                0
            } else {
                1
            }
        }
        (Stage::Preschool, None) => match draw {
            0..12 => 0,
            12..58 => 1,
            _ => 2,
        },
        (Stage::Primary | Stage::Junior, None) => match draw {
            0..7 => 1,
            7..86 => 2,
            _ => 3,
        },
        (Stage::Senior | Stage::Vocational, None) => match draw {
            0..3 => 1,
            3..70 => 2,
            70..98 => 3,
            _ => 4,
        },
    }
}

fn subject(stage: Stage, bits: u64) -> u32 {
    let load = match stage {
        Stage::Primary => &LOAD[0],
        Stage::Junior => &LOAD[1],
        Stage::Senior => &LOAD[2],
        Stage::Vocational => return if (bits >> 12).is_multiple_of(3) { 11 } else { 10 },
        Stage::Preschool | Stage::Higher => return 11,
    };
    let mut draw = (bits >> 12) % 100;
    for (subject, share) in (0..).zip(load) {
        if draw < *share {
            return subject;
        }
        draw -= share;
    }
    0
}
