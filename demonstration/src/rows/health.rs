//! Rows of the fitness test and of the vision screenings.

use anyhow::Result;
use model::block::Block;
use model::fitness::{Event, Grade};

use super::pupils::{GRADES, STAGES, stage_word};
use crate::chance::mix;
use crate::desk::{Desk, full};
use crate::quotas::{Report, short_sight};
use crate::results::{OUTCOMES, Samples};
use crate::roll::Pupil;
use crate::{at, wide};

/// What came of a fitness test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Exempt,
    /// One result is missing.
    Ungraded,
    /// Position among the outcomes, from the best down.
    Graded(u8),
}

/// One pupil's fitness test.
struct Test {
    place: u32,
    outcome: Outcome,
    draw: u32,
}

/// One pupil's eyes in a year.
#[derive(Clone, Copy)]
struct Eyes {
    place: u32,
    myopic: bool,
    /// One eye was not read in autumn.
    incomplete: bool,
    again: bool,
    draw: u64,
}

/// Marks the `count` greatest of some keys, ties by their order.
fn greatest(keys: &mut [u64], count: usize, mut mark: impl FnMut(usize)) {
    if count == 0 || keys.is_empty() {
        return;
    }
    let from = keys.len() - count.min(keys.len());
    keys.select_nth_unstable(from);
    for key in &keys[from..] {
        mark(at(u32::try_from(key & 0xFFFF_FFFF).unwrap_or(0)));
    }
}

impl Desk<'_> {
    /// The tests of all pupils of the desk, by school.
    fn tests(&self) -> (Vec<Test>, Vec<(u32, u32)>) {
        let (mut tests, mut records) = (Vec::with_capacity(self.places.len()), Vec::new());
        let mut chance = self.chance(60);
        let mut keys = Vec::new();
        for (order, school) in self.schools.iter().enumerate() {
            let quota = self.quotas.fitness[*school];
            let mut left = quota.absent + quota.exempt + quota.ungraded + quota.graded;
            if left == 0 {
                continue;
            }
            let (mut absent, mut exempt, mut ungraded) =
                (quota.absent, quota.exempt, quota.ungraded);
            keys.clear();
            for place in self.starts[order]..self.starts[order + 1] {
                if self.places[place].grade < 3 || left == 0 {
                    continue;
                }
                let draw = chance.place(left);
                left -= 1;
                let outcome = if draw < absent {
                    absent -= 1;
                    continue;
                } else if draw < absent + exempt {
                    exempt -= 1;
                    Outcome::Exempt
                } else if draw < absent + exempt + ungraded {
                    ungraded -= 1;
                    Outcome::Ungraded
                } else {
                    // Who was fit stays likely to be.
                    let fit = u64::from(self.places[place].pupil.vigour)
                        + u64::from(chance.below(30_000));
                    keys.push(fit << 32 | wide(tests.len()));
                    Outcome::Graded(2)
                };
                let test = Test {
                    place: u32::try_from(place).unwrap_or(0),
                    outcome,
                    draw: u32::try_from(chance.next() & 0xFFFF_FFFF).unwrap_or(0),
                };
                records.push((
                    u32::try_from(order).unwrap_or(0),
                    u32::try_from(tests.len()).unwrap_or(0),
                ));
                tests.push(test);
            }
            let fail = (quota.graded - quota.good) * 7 / 100;
            greatest(&mut keys, quota.graded - fail, |it| tests[it].outcome = Outcome::Graded(3));
            // All but the last `fail` were marked; those are the ones that fail.
            for key in &keys {
                let test = &mut tests[at(u32::try_from(key & 0xFFFF_FFFF).unwrap_or(0))];
                let passed = test.outcome == Outcome::Graded(3);
                test.outcome = Outcome::Graded(if passed { 2 } else { 3 });
            }
            greatest(&mut keys, quota.good, |it| tests[it].outcome = Outcome::Graded(1));
            greatest(&mut keys, quota.good * 17 / 100, |it| tests[it].outcome = Outcome::Graded(0));
        }
        (tests, records)
    }

    pub(crate) fn fitness_tests(&self, samples: &Samples) -> Result<Option<(&'static str, Block)>> {
        let (tests, records) = self.tests();
        let mut sheet = self.sheet("fitness_tests", &records, 3)?;
        let place = |it: usize| &self.places[at(tests[it].place)];
        let sample = |it: usize| {
            let (test, place) = (&tests[it], place(it));
            let outcome = match test.outcome {
                Outcome::Exempt => return None,
                Outcome::Ungraded => 2,
                Outcome::Graded(outcome) => usize::from(outcome),
            };
            let male = place.pupil.is(Pupil::MALE);
            Some(samples.of(male, place.grade - 2, outcome, test.draw))
        };
        let drawn: Vec<_> = (0..tests.len()).map(sample).collect();
        let graded = |it: usize| matches!(tests[it].outcome, Outcome::Graded(_));
        // Which result an ungraded pupil lacks: vital capacity, 50 m or sit-and-reach, which all are tested in.
        let lacks = |it: usize, event: usize| {
            tests[it].outcome == Outcome::Ungraded && at(tests[it].draw) % 3 == event
        };
        self.head(&mut sheet, "school", |it| place(it).school)?;
        sheet.all("pupil", |it| place(it).key)?;
        sheet.codes("sex", &["F", "M"], |it| Some(u32::from(place(it).pupil.is(Pupil::MALE))))?;
        sheet.codes("grade", &GRADES, |it| Some(u32::from(place(it).grade)))?;
        sheet.all("exempt", |it| i64::from(tests[it].outcome == Outcome::Exempt))?;
        sheet.numbers("height_cm", |it| drawn[it].map(|it| i64::from(it.height)))?;
        sheet.numbers("weight_kg", |it| drawn[it].map(|it| i64::from(it.weight)))?;
        for (order, event) in Event::ALL.into_iter().enumerate() {
            sheet.numbers(event.column(), |it| {
                let result = drawn[it].and_then(|sample| sample.events[order]).map(i64::from);
                result.filter(|_| !lacks(it, order))
            })?;
        }
        sheet.numbers("score", |it| {
            drawn[it].filter(|_| graded(it)).map(|it| i64::from(it.total))
        })?;
        let words = OUTCOMES.map(Grade::as_str);
        sheet.codes("fitness_grade", &words, |it| match tests[it].outcome {
            Outcome::Graded(outcome) => Some(u32::from(outcome)),
            Outcome::Exempt | Outcome::Ungraded => None,
        })?;
        sheet.spoil("height_cm", 9990)?;
        Ok(full("fitness_tests", sheet))
    }

    /// The eyes of all pupils of the desk, by school: who is short-sighted stays so.
    fn eyes(&self) -> (Vec<Eyes>, Vec<(u32, u32)>) {
        let (mut eyes, mut records) = (Vec::with_capacity(self.places.len()), Vec::new());
        let mut chance = self.chance(61);
        let mut keys = Vec::new();
        for (order, school) in self.schools.iter().enumerate() {
            let Some(quota) = self.quotas.vision.get(*school) else { continue };
            if !self.reports(Report::Vision, order) {
                continue;
            }
            keys.clear();
            let (mut absent, mut incomplete) = (quota.absent, quota.incomplete);
            let mut left = absent + incomplete + quota.complete;
            let school = u32::try_from(order).unwrap_or(0);
            for place in self.starts[order]..self.starts[order + 1] {
                let it = &self.places[place];
                let likely = u64::from(it.pupil.sight) + u64::from(short_sight(it.grade));
                let mut eye = Eyes {
                    place: u32::try_from(place).unwrap_or(0),
                    myopic: likely > 65_536,
                    incomplete: false,
                    again: chance.happens(9000),
                    draw: mix(u64::from(it.number) ^ mix(wide(self.year)) ^ self.city.number),
                };
                if it.grade < 3 {
                    // Of the kindergarten, the last year is screened.
                    if it.grade < 2 || chance.happens(1200) {
                        continue;
                    }
                } else if left == 0 {
                    continue;
                } else {
                    let draw = chance.place(left);
                    left -= 1;
                    if draw < absent {
                        absent -= 1;
                        continue;
                    }
                    eye.incomplete = draw < absent + incomplete;
                    if eye.incomplete {
                        incomplete -= 1;
                    } else {
                        keys.push(likely << 32 | wide(eyes.len()));
                        eye.myopic = false;
                    }
                }
                records.push((school, u32::try_from(eyes.len()).unwrap_or(0)));
                eyes.push(eye);
            }
            greatest(&mut keys, quota.myopic, |it| eyes[it].myopic = true);
        }
        (eyes, records)
    }

    /// Both rounds of the year's screening.
    pub(crate) fn vision_screenings(&self) -> Result<Option<(&'static str, Block)>> {
        let (eyes, autumn) = self.eyes();
        let half = u32::try_from(eyes.len()).unwrap_or(0);
        // Record numbers from `half` on are the spring round of the same pupils.
        let mut records = Vec::with_capacity(autumn.len() * 2);
        for (school, record) in autumn {
            records.push((school, record));
            if eyes[at(record)].again {
                records.push((school, record + half));
            }
        }
        let mut sheet = self.sheet("vision_screenings", &records, 4)?;
        let half = at(half);
        let eye = |it: usize| &eyes[if it < half { it } else { it - half }];
        let place = |it: usize| &self.places[at(eye(it).place)];
        self.head(&mut sheet, "school", |it| place(it).school)?;
        sheet.all("pupil", |it| place(it).key)?;
        sheet.codes("round", &["autumn", "spring"], |it| Some(u32::from(it >= half)))?;
        sheet.codes("stage", &STAGES, |it| Some(stage_word(self.stage(place(it)))))?;
        let see = |it: usize, right: bool| {
            let eye = eye(it);
            sight(eye.myopic, eye.draw, right, it >= half, self.is_stale(place(it).school))
        };
        let seen: Vec<[Seen; 2]> =
            (0..half * 2).map(|it| [see(it, true), see(it, false)]).collect();
        for (order, side) in ["right", "left"].into_iter().enumerate() {
            let read = |it: usize| {
                let eye = eye(it);
                let lacks = it < half && eye.incomplete && eye.draw % 2 == wide(order);
                (!lacks).then_some(seen[it][order])
            };
            sheet.numbers(&format!("acuity_{side}"), |it| read(it).map(|it| it.acuity))?;
            sheet.numbers(&format!("sphere_{side}"), |it| read(it).map(|it| it.sphere))?;
            sheet.numbers(&format!("cylinder_{side}"), |it| read(it).map(|it| it.cylinder))?;
        }
        sheet.all("orthokeratology", |it| i64::from(wears_lenses(eye(it))))?;
        // In autumn values are missing where the quota says; in spring anywhere.
        for side in ["right", "left"] {
            for reading in ["acuity", "sphere", "cylinder"] {
                sheet.leave_out(&format!("{reading}_{side}"), |it| it >= half)?;
            }
        }
        sheet.leave_out("orthokeratology", |it| !wears_lenses(eye(it)))?;
        sheet.spoil("acuity_right", 530)?;
        Ok(full("vision_screenings", sheet))
    }
}

/// One in thirty of the short-sighted wears lenses at night.
const fn wears_lenses(eyes: &Eyes) -> bool {
    eyes.myopic && !eyes.incomplete && (eyes.draw >> 40).is_multiple_of(30)
}

/// What a screening finds of one eye: tenths, and hundredths of a dioptre.
#[derive(Clone, Copy)]
struct Seen {
    acuity: i64,
    sphere: i64,
    cylinder: i64,
}

/// A short-sighted pupil's right eye is always short-sighted; the left one mostly.
///
/// Spherical equivalents of short-sighted eyes are -0.75 or below, of others -0.25 or above, so
/// that no reading of the limit at -0.50 changes the figure.
fn sight(myopic: bool, draw: u64, right: bool, spring: bool, stale: bool) -> Seen {
    let bits = if right { draw } else { mix(draw) };
    let part = |shift: u32, bound: u64| i64::try_from((bits >> shift) % bound).unwrap_or(0);
    let cylinder = -25 * part(4, 5);
    if myopic && (right || part(8, 10) > 0) {
        // A quarter of a dioptre more in spring, for some; the stale record was read a step off.
        let more = if spring { 25 * part(12, 2) } else { 0 } + if stale { 25 } else { 0 };
        let sphere = -75 - 25 * (part(16, 9) + part(20, 9)) - more;
        let acuity = (49 + sphere.div_euclid(45)).clamp(36, 49);
        return Seen { acuity, sphere, cylinder };
    }
    let sphere = 25 * part(16, 6) + (-cylinder + 1) / 2;
    let acuity = if part(24, 12) == 0 { 49 - part(28, 3) } else { 50 + part(28, 3) };
    Seen { acuity, sphere: sphere - sphere.rem_euclid(25), cylinder }
}
