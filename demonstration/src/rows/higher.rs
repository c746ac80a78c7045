//! Rows about universities and colleges, and about lifelong learning.

use anyhow::Result;
use model::block::Block;

use crate::apportion::apportion;
use crate::chance::mix;
use crate::desk::{Desk, full};
use crate::wide;

const KINDS: [&str; 7] = [
    "undergraduate",
    "vocational_college",
    "postgraduate",
    "adult",
    "online",
    "self_study",
    "military",
];
const ACTIVITIES: [&str; 5] = ["course", "lecture", "online", "exam", "community"];

impl Desk<'_> {
    pub(crate) fn postgraduates(&self) -> Result<Option<(&'static str, Block)>> {
        struct Student {
            school: u32,
            key: i64,
            professional: bool,
            doctor: bool,
            campus: Option<i64>,
            industry: Option<i64>,
        }
        let (mut students, mut records) = (Vec::new(), Vec::new());
        let mut chance = self.chance(63);
        for (order, school) in self.schools.iter().enumerate() {
            let quota = self.quotas.postgraduates[*school];
            let mut unknown = chance.marks(quota.professional, quota.unknown).into_iter();
            let known = quota.professional - quota.unknown;
            let mut both = chance.marks(known, quota.both).into_iter();
            let code = &self.city.schools[*school].code;
            let order = u32::try_from(order).unwrap_or(0);
            for place in 0..quota.all {
                let professional = place < quota.professional;
                // A place is held for three years.
                let since = self.year - (self.year + place) % 3.min(self.year + 1);
                let bits =
                    mix(self.city.number ^ mix(wide(place) << 20 | wide(*school)) ^ wide(since));
                let stated = !professional || !unknown.next().unwrap_or(false);
                let has_both = professional && stated && both.next().unwrap_or(false);
                let campus = has_both || !bits.is_multiple_of(20);
                // Without one from industry, or without one on the campus.
                let industry = has_both || (!campus && bits.is_multiple_of(3));
                records.push((order, u32::try_from(students.len()).unwrap_or(0)));
                students.push(Student {
                    school: order,
                    key: (self.pseudonym)(&format!("P{code}-{place:05}-{since}")),
                    professional,
                    doctor: (bits >> 8) % 100 < if professional { 4 } else { 34 },
                    campus: Some(i64::from(campus)),
                    industry: stated.then_some(i64::from(industry)),
                });
            }
        }
        let mut sheet = self.sheet("postgraduates", &records, 22)?;
        self.head(&mut sheet, "school", |it| students[it].school)?;
        sheet.all("student", |it| students[it].key)?;
        sheet.codes("degree_type", &["academic", "professional"], |it| {
            Some(u32::from(students[it].professional))
        })?;
        sheet.codes("level", &["master", "doctor"], |it| Some(u32::from(students[it].doctor)))?;
        sheet.numbers("campus_supervisor", |it| students[it].campus)?;
        sheet.numbers("industry_supervisor", |it| students[it].industry)?;
        sheet.leave_out("campus_supervisor", |it| !students[it].professional)?;
        Ok(full("postgraduates", sheet))
    }

    pub(crate) fn higher_enrolments(&self) -> Result<Option<(&'static str, Block)>> {
        let kinds = self.city.higher(self.year);
        let (mut rows, mut records) = (Vec::new(), Vec::new());
        for (order, school) in self.schools.iter().enumerate() {
            for (kind, students) in &kinds {
                if students[*school] > 0 {
                    let order = u32::try_from(order).unwrap_or(0);
                    let at = KINDS.iter().position(|it| it == kind).unwrap_or(0);
                    records.push((order, u32::try_from(rows.len()).unwrap_or(0)));
                    let converted = students[*school] * self.city.conversion(kind);
                    rows.push((
                        order,
                        u32::try_from(at).unwrap_or(0),
                        students[*school],
                        converted,
                    ));
                }
            }
        }
        let number = |it: u64| i64::try_from(it).unwrap_or(0);
        let mut sheet = self.sheet("higher_enrolments", &records, 23)?;
        self.head(&mut sheet, "school", |it| rows[it].0)?;
        sheet.codes("kind", &KINDS, |it| Some(rows[it].1))?;
        sheet.all("students", |it| number(rows[it].2))?;
        sheet.all("converted", |it| number(rows[it].3))?;
        Ok(full("higher_enrolments", sheet))
    }

    pub(crate) fn lifelong_participations(&self) -> Result<Option<(&'static str, Block)>> {
        let city = self.city;
        let Some(total) = city.ways.lifelong.at(self.year) else { return Ok(None) };
        let adult = |school: usize| {
            let it = &city.schools[school];
            city.kind(it) == "adult" && it.is_open(self.year)
        };
        // Every provider of the city, month and activity has its weight; the desk takes its own.
        let providers: Vec<usize> = (0..city.schools.len()).filter(|it| adult(*it)).collect();
        let mut weights = Vec::with_capacity(providers.len() * 60);
        for provider in &providers {
            let size = 40 + mix(wide(*provider) ^ city.number) % 100;
            for month in 1..=12_u64 {
                for activity in [26, 9, 38, 4, 23] {
                    let season = if month == 2 || month == 8 { 60 } else { 100 };
                    let own = 80
                        + mix(wide(*provider) << 16 ^ month << 8 ^ activity ^ wide(self.year)) % 40;
                    weights.push(size * season * activity * own);
                }
            }
        }
        let total = u64::try_from(total.units_at(0)).unwrap_or(0);
        let parts = apportion(total, &weights);
        let (mut rows, mut records) = (Vec::new(), Vec::new());
        for (place, provider) in providers.iter().enumerate() {
            let Some(order) = self.schools.iter().position(|it| it == provider) else { continue };
            let order = u32::try_from(order).unwrap_or(0);
            for slot in 0..60 {
                records.push((order, u32::try_from(rows.len()).unwrap_or(0)));
                rows.push((order, slot / 5 + 1, slot % 5, parts[place * 60 + slot]));
            }
        }
        let mut sheet = self.sheet("lifelong_participations", &records, 24)?;
        self.head(&mut sheet, "provider", |it| rows[it].0)?;
        sheet.all("month", |it| i64::try_from(rows[it].1).unwrap_or(0))?;
        sheet.codes("activity", &ACTIVITIES, |it| u32::try_from(rows[it].2).ok())?;
        sheet.all("participations", |it| i64::try_from(rows[it].3).unwrap_or(0))?;
        sheet.spoil("month", 13)?;
        Ok(full("lifelong_participations", sheet))
    }
}
