//! Rows about pupils on roll, and about their classes.

use anyhow::Result;
use model::block::Block;

use crate::desk::{Desk, Place, full};
use crate::quotas::Report;
use crate::roll::{Arrival, Pupil};
use crate::schools::Stage;
use crate::{at, wide};

/// Codes of the grades, from the first year of kindergarten on.
pub(crate) const GRADES: [&str; 15] =
    ["K1", "K2", "K3", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12"];

/// Codes of the stages that have pupils.
pub(crate) const STAGES: [&str; 5] = ["preschool", "primary", "junior", "senior", "vocational"];

/// Code of a stage.
pub(crate) const fn stage_word(stage: Stage) -> u32 {
    match stage {
        Stage::Preschool => 0,
        Stage::Primary => 1,
        Stage::Junior => 2,
        Stage::Senior => 3,
        Stage::Vocational | Stage::Higher => 4,
    }
}

impl Desk<'_> {
    /// Stage that a pupil is in.
    pub(crate) fn stage(&self, place: &Place) -> Stage {
        self.city.schools[self.schools[at(place.school)]].stage_of(place.grade)
    }

    pub(crate) fn enrolments(&self) -> Result<Option<(&'static str, Block)>> {
        let mut records = Vec::with_capacity(self.places.len());
        for order in 0..self.schools.len() {
            if self.reports(Report::Enrolments, order) {
                let places = self.starts[order]..self.starts[order + 1];
                let school = u32::try_from(order).unwrap_or(0);
                records.extend(places.map(|it| (school, u32::try_from(it).unwrap_or(0))));
            }
        }
        let mut sheet = self.sheet("enrolments", &records, 1)?;
        let places = &self.places;
        let flag = |it: usize, mark: u8| Some(i64::from(places[it].pupil.is(mark)));
        self.head(&mut sheet, "school", |it| {
            let place = &places[it];
            self.site(place.school, place.grade, usize::from(place.class))
        })?;
        sheet.all("pupil", |it| places[it].key)?;
        sheet.codes("stage", &STAGES, |it| Some(stage_word(self.stage(&places[it]))))?;
        sheet.codes("grade", &GRADES, |it| Some(u32::from(places[it].grade)))?;
        sheet.all("class_number", |it| i64::from(places[it].class))?;
        sheet.codes("sex", &["F", "M"], |it| Some(u32::from(places[it].pupil.is(Pupil::MALE))))?;
        sheet.all("birth", |it| i64::from(places[it].pupil.birth))?;
        sheet.numbers("migrant", |it| flag(it, Pupil::MIGRANT))?;
        sheet.numbers("boarding", |it| {
            let place = &places[it];
            let school = &self.city.schools[self.schools[at(place.school)]];
            // Who boards, boards as long as the school is the same; late corrections are about this.
            let share = [10, 30, 45][school.class] * u16::from(place.grade.saturating_sub(5)) * 60;
            let boards = place.pupil.vigour.wrapping_mul(31) < share;
            Some(i64::from(boards && !self.is_stale(place.school)))
        })?;
        sheet.codes("arrival", &["entered", "promoted", "transferred_in", "moved_in"], |it| {
            Some(match places[it].arrival {
                Arrival::Entered => 0,
                Arrival::Promoted => 1,
                Arrival::TransferredIn => 2,
                Arrival::MovedIn => 3,
            })
        })?;
        for column in ["class_number", "sex", "birth", "migrant", "boarding", "arrival"] {
            sheet.leave_out(column, |_| true)?;
        }
        sheet.spoil("class_number", 900)?;
        Ok(full("enrolments", sheet))
    }

    pub(crate) fn classes(&self) -> Result<Option<(&'static str, Block)>> {
        struct Class {
            school: u32,
            grade: u8,
            number: usize,
            pupils: usize,
            /// Pupils of the grade on the same site.
            of_grade: usize,
        }
        let roll = &self.city.roll.years[self.year];
        let (mut classes, mut records) = (Vec::new(), Vec::new());
        for (order, at) in self.schools.iter().enumerate() {
            if !self.reports(Report::Classes, order) {
                continue;
            }
            let school = u32::try_from(order).unwrap_or(0);
            for grade in 0..15 {
                let of_grade = roll.size(*at, grade);
                let count = usize::from(self.quotas.classes[at * 15 + usize::from(grade)]);
                // The places with a class: see `Desk::new`.
                let begins = |it: usize| (it * of_grade).div_ceil(count);
                let site = |number: usize| self.site(school, grade, number);
                for number in 1..=count {
                    let pupils = |it: usize| begins(it) - begins(it - 1);
                    let beside = (1..=count).filter(|it| site(*it) == site(number));
                    records.push((school, u32::try_from(classes.len()).unwrap_or(0)));
                    classes.push(Class {
                        school,
                        grade,
                        number,
                        pupils: pupils(number),
                        of_grade: beside.map(pupils).sum(),
                    });
                }
            }
        }
        let count = |it: usize| i64::try_from(it).unwrap_or(0);
        let mut sheet = self.sheet("classes", &records, 2)?;
        self.head(&mut sheet, "school", |it| {
            let class = &classes[it];
            self.site(class.school, class.grade, class.number)
        })?;
        sheet.codes("stage", &STAGES, |it| {
            let class = &classes[it];
            let school = &self.city.schools[self.schools[at(class.school)]];
            Some(stage_word(school.stage_of(class.grade)))
        })?;
        sheet.codes("grade", &GRADES, |it| Some(u32::from(classes[it].grade)))?;
        sheet.all("class_number", |it| count(classes[it].number))?;
        sheet.all("pupils", |it| count(classes[it].pupils))?;
        sheet.all("grade_pupils", |it| count(classes[it].of_grade))?;
        sheet.spoil("pupils", 900)?;
        Ok(full("classes", sheet))
    }

    /// Pupils of one of the desk's schools.
    pub(crate) fn pupils(&self, order: usize) -> u64 {
        wide(self.of(order).len())
    }
}
