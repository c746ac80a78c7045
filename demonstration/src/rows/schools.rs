//! Rows that institutions report of themselves.

use anyhow::Result;
use jiff::civil::Date;
use model::Year;
use model::block::Block;

use crate::chance::mix;
use crate::desk::{Desk, full};
use crate::quotas::Report;
use crate::schools::{Care, School, Stage};
use crate::{at, days, wide};

/// What one school has for one segment; areas and money in hundredths.
struct Resources {
    school: u32,
    junior: bool,
    teaching: i64,
    sports: i64,
    equipment: i64,
    rooms: i64,
}

impl Desk<'_> {
    fn school(&self, order: u32) -> &School {
        &self.city.schools[self.schools[at(order)]]
    }

    /// The desk's schools that report a dataset and meet a condition.
    fn reporting(&self, report: Report, meets: impl Fn(&School) -> bool) -> Vec<(u32, u32)> {
        (0..self.schools.len())
            .filter(|it| self.reports(report, *it) && meets(&self.city.schools[self.schools[*it]]))
            .filter_map(|it| u32::try_from(it).ok())
            .map(|it| (it, it))
            .collect()
    }

    /// A day of the year's school year.
    fn day(&self, month: i8, day: i8) -> i64 {
        let year = u16::try_from(self.written()).ok().and_then(Year::new);
        let year = year.map_or(0, |it| i16::try_from(it.number()).unwrap_or(0));
        days(Date::new(year, month, day).unwrap_or_default())
    }

    /// A number of a school that stays the same over the years.
    fn own(&self, order: u32, purpose: u64) -> u64 {
        mix(self.city.number ^ mix(wide(self.schools[at(order)]) << 8 | purpose))
    }

    fn classes_of(&self, order: u32) -> i64 {
        let first = self.schools[at(order)] * 15;
        self.quotas.classes[first..first + 15].iter().map(|it| i64::from(*it)).sum()
    }

    pub(crate) fn institutions(&self) -> Result<Option<(&'static str, Block)>> {
        let records = self.reporting(Report::Institutions, |_| true);
        let students = self.city.students(self.year);
        let number = |it: u64| i64::try_from(it).unwrap_or(0);
        let pupils = |it: usize| {
            let school = &self.city.schools[self.schools[it]];
            match self.city.kind(school) {
                "special" => number(60 + self.own(u32::try_from(it).unwrap_or(0), 1) % 90),
                _ if school.teaches(Stage::Higher) => number(students[self.schools[it]]),
                _ => number(self.pupils(it)),
            }
        };
        let mut sheet = self.sheet("institutions", &records, 10)?;
        self.head(&mut sheet, "school", |it| u32::try_from(it).unwrap_or(0))?;
        sheet.all("classes", |it| {
            let counted = self.classes_of(u32::try_from(it).unwrap_or(0));
            if counted > 0 { counted } else { (pupils(it) + 34) / 35 }.min(500)
        })?;
        sheet.all("pupils", pupils)?;
        sheet.all("teachers", |it| {
            let staff = &self.quotas.staff[self.schools[it]];
            number(wide(staff.iter().map(|it| it.full_time).sum()))
        })?;
        sheet.all("boarding", |it| {
            let school = &self.city.schools[self.schools[it]];
            i64::from(
                school.teaches(Stage::Senior) || school.teaches(Stage::Higher) || school.class == 2,
            )
        })?;
        sheet.leave_out("boarding", |_| true)?;
        sheet.spoil("teachers", 99_999)?;
        Ok(full("institutions", sheet))
    }

    pub(crate) fn kindergartens(&self) -> Result<Option<(&'static str, Block)>> {
        let records = self.reporting(Report::Kindergartens, |it| it.teaches(Stage::Preschool));
        let mut sheet = self.sheet("kindergartens", &records, 11)?;
        let small = |it: usize| u32::try_from(it).unwrap_or(0);
        let inclusive = |it: usize| self.school(small(it)).care == Care::Inclusive;
        let children = |it: usize| i64::try_from(self.pupils(it)).unwrap_or(0);
        const FOUNDERS: [&str; 7] = [
            "education_department",
            "other_department",
            "local_enterprise",
            "institution",
            "army",
            "collective",
            "private",
        ];
        self.head(&mut sheet, "school", small)?;
        sheet.codes("founder", &FOUNDERS, |it| {
            let founder = &self.school(small(it)).founder;
            FOUNDERS.iter().position(|it| it == founder).map(small)
        })?;
        sheet.all("inclusive", |it| i64::from(inclusive(it)))?;
        sheet.all("places", |it| {
            let classes = self.classes_of(small(it)) * 30;
            let places =
                children(it) * 21 / 20 + i64::try_from(self.own(small(it), 2) % 30).unwrap_or(0);
            places.max(classes)
        })?;
        sheet.all("children", children)?;
        sheet.all("classes", |it| self.classes_of(small(it)))?;
        sheet.all("fee", |it| {
            let spread = i64::try_from(self.own(small(it), 3) % 40).unwrap_or(0);
            let yuan = match self.school(small(it)).care {
                Care::Public => 560 + spread * 12,
                Care::Inclusive => 980 + spread * 20,
                Care::Private => 2300 + spread * 90,
            };
            yuan * 100
        })?;
        sheet.numbers("recognised_on", |it| {
            let day = self.own(small(it), 4) % 900;
            let start = days(Date::constant(2017, 9, 1));
            inclusive(it).then_some(start + i64::try_from(day).unwrap_or(0))
        })?;
        for column in ["places", "classes", "fee"] {
            sheet.leave_out(column, |_| true)?;
        }
        sheet.spoil("children", 90_000)?;
        Ok(full("kindergartens", sheet))
    }

    pub(crate) fn resources(&self) -> Result<Option<(&'static str, Block)>> {
        let (mut all, mut records) = (Vec::new(), Vec::new());
        let roll = &self.city.roll.years[self.year];
        for (school, _) in self.reporting(Report::Resources, |it| it.is_compulsory()) {
            let it = self.school(school);
            for (junior, stage) in [(false, Stage::Primary), (true, Stage::Junior)] {
                let pupils = roll.of_stage(self.schools[at(school)], stage);
                if !it.teaches(stage) || pupils == 0 {
                    continue;
                }
                let pupils = i64::try_from(pupils).unwrap_or(0);
                // Around the national limits; wealth and years make more of it.
                let rich = 1000 + it.wealth / 3 + i64::try_from(self.year).unwrap_or(0) * 22;
                let per_pupil = |limit: i64, purpose: u64| {
                    let spread = i64::try_from(self.own(school, purpose) % 800).unwrap_or(0);
                    pupils * limit * (rich * 3 / 4 + spread) / 1000
                };
                let limits =
                    if junior { [580, 1020, 250_000, 240] } else { [450, 750, 200_000, 230] };
                records.push((school, u32::try_from(all.len()).unwrap_or(0)));
                all.push(Resources {
                    school,
                    junior,
                    teaching: per_pupil(limits[0], 5),
                    // Inner-city grounds are small.
                    sports: per_pupil(limits[1], 6) * [85, 110, 130][it.class] / 100,
                    equipment: per_pupil(limits[2], 7),
                    rooms: (per_pupil(limits[3], 8) + 9_999) / 10_000,
                });
            }
        }
        let mut sheet = self.sheet("resources", &records, 12)?;
        self.head(&mut sheet, "school", |it| all[it].school)?;
        sheet.codes("segment", &["primary", "junior"], |it| Some(u32::from(all[it].junior)))?;
        sheet.all("teaching_area", |it| all[it].teaching)?;
        sheet.all("sports_area", |it| all[it].sports)?;
        sheet.all("equipment_value", |it| all[it].equipment)?;
        sheet.all("multimedia_rooms", |it| all[it].rooms)?;
        for column in ["teaching_area", "sports_area", "equipment_value", "multimedia_rooms"] {
            sheet.leave_out(column, |_| true)?;
        }
        sheet.spoil("multimedia_rooms", -5)?;
        Ok(full("resources", sheet))
    }

    pub(crate) fn wireless_coverage(&self) -> Result<Option<(&'static str, Block)>> {
        let covered = |it: usize| self.quotas.wireless[self.schools[it]];
        let records: Vec<(u32, u32)> = (0..self.schools.len())
            .filter(|it| covered(*it).is_some())
            .filter_map(|it| u32::try_from(it).ok())
            .map(|it| (it, it))
            .collect();
        let mut sheet = self.sheet("wireless_coverage", &records, 13)?;
        let small = |it: usize| u32::try_from(it).unwrap_or(0);
        self.head(&mut sheet, "school", small)?;
        sheet.codes("coverage", &["none", "partial", "full"], |it| {
            let partly = u32::from(self.own(small(it), 9) % 10 < 7 || self.year > 2);
            Some(if covered(it) == Some(true) { 2 } else { partly })
        })?;
        sheet.all("measured_on", |it| {
            self.day(9, 1) + i64::try_from(self.own(small(it), 10) % 28).unwrap_or(0)
        })?;
        sheet.leave_out("measured_on", |_| true)?;
        Ok(full("wireless_coverage", sheet))
    }

    pub(crate) fn school_zones(&self) -> Result<Option<(&'static str, Block)>> {
        let mut zones = Vec::new();
        let (mut members, mut records) = (Vec::new(), Vec::new());
        for (order, school) in self.schools.iter().enumerate() {
            for (group, zone) in self.city.zones_of(self.year, *school, self.quotas) {
                let at = zones.iter().position(|it| *it == zone).unwrap_or_else(|| {
                    zones.push(zone);
                    zones.len() - 1
                });
                let order = u32::try_from(order).unwrap_or(0);
                records.push((order, u32::try_from(members.len()).unwrap_or(0)));
                members.push((order, u32::try_from(at).unwrap_or(0), group));
            }
        }
        let mut sheet = self.sheet("school_zones", &records, 14)?;
        self.head(&mut sheet, "school", |it| members[it].0)?;
        let zones = std::sync::Arc::new(zones);
        sheet.words("zone", &zones, |it| Some(members[it].1))?;
        sheet.codes("kind", &["zone", "group"], |it| Some(u32::from(members[it].2)))?;
        Ok(full("school_zones", sheet))
    }
}
