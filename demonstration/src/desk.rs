//! One district's desk in one year: its schools and pupils at hand, for all datasets in turn.

use std::sync::Arc;

use anyhow::{Context, Result};
use model::block::Block;
use model::dataset::Dataset;
use model::plan::Plan;

use super::campuses::is_on_campus;
use super::chance::Chance;
use super::generate::Pseudonym;
use super::quotas::{Quotas, Report};
use super::roll::{Arrival, Pupil};
use super::sheet::{Sheet, Slips};
use super::{City, Wave, at, wide};

/// A pupil's year, with all that rows about it need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) key: i64,
    pub(crate) pupil: Pupil,
    /// Position among the schools of the desk.
    pub(crate) school: u32,
    pub(crate) number: u32,
    pub(crate) grade: u8,
    pub(crate) class: u8,
    pub(crate) arrival: Arrival,
}

/// Which rows a desk makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// As they came in, faults and all.
    Returned,
    /// Those that were corrected later, as they should be.
    Corrected,
    /// All, as they should be.
    Right,
}

impl From<Wave> for View {
    fn from(wave: Wave) -> Self {
        match wave {
            Wave::First => Self::Returned,
            Wave::Late => Self::Corrected,
        }
    }
}

/// What is at hand.
pub(crate) struct Desk<'a> {
    pub(crate) city: &'a City,
    pub(crate) plan: &'a Plan,
    pub(crate) pseudonym: &'a Pseudonym<'a>,
    pub(crate) year: usize,
    pub(crate) district: usize,
    pub(crate) view: View,
    pub(crate) quotas: &'a Quotas,
    /// Positions of its schools in the city's list, by code; and those codes.
    pub(crate) schools: Vec<usize>,
    pub(crate) codes: Arc<Vec<String>>,
    /// Position among the codes of each school's campus; campuses follow the schools.
    campuses: Vec<Option<u32>>,
    /// Which schools sent corrections later.
    pub(crate) late: Vec<bool>,
    pub(crate) places: Vec<Place>,
    /// Where each school's places begin; one more at the end.
    pub(crate) starts: Vec<usize>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        (city, plan): (&'a City, &'a Plan),
        pseudonym: &'a Pseudonym<'a>,
        keys: &[i64],
        quotas: &'a Quotas,
        (year, district, view): (usize, usize, View),
    ) -> Self {
        let here = |it: &usize| {
            city.schools[*it].is_open(year) && city.schools[*it].district_in(year) == district
        };
        let schools: Vec<usize> = (0..city.schools.len()).filter(here).collect();
        let mut codes: Vec<String> =
            schools.iter().map(|it| city.schools[*it].code.clone()).collect();
        let mut campuses = vec![None; schools.len()];
        for (school, campus) in schools.iter().zip(&mut campuses) {
            if let Some(code) = city.campus(*school) {
                *campus = u32::try_from(codes.len()).ok();
                codes.push(code);
            }
        }
        let mut chance = Chance::new(city.number, &[40, wide(year), wide(district)]);
        let late = schools
            .iter()
            .map(|_| chance.below(100) < city.settings.faults.late_schools)
            .map(|drawn| drawn && city.is_late(year, district))
            .collect();
        let roll = &city.roll.years[year];
        let mut places = Vec::with_capacity(schools.iter().map(|it| roll.school(*it).len()).sum());
        let mut starts = Vec::with_capacity(schools.len() + 1);
        for (order, school) in (0_u32..).zip(&schools) {
            starts.push(places.len());
            for grade in 0..15 {
                let seats = roll.grade(*school, grade);
                let classes = usize::from(quotas.classes[*school * 15 + usize::from(grade)]).max(1);
                for (place, seat) in seats.iter().enumerate() {
                    places.push(Place {
                        key: keys[at(seat.pupil)],
                        pupil: city.roll.pupils[at(seat.pupil)],
                        school: order,
                        number: seat.pupil,
                        grade,
                        class: u8::try_from(place * classes / seats.len() + 1).unwrap_or(99),
                        arrival: seat.arrival,
                    });
                }
            }
        }
        starts.push(places.len());
        Self {
            city,
            plan,
            pseudonym,
            year,
            district,
            view,
            quotas,
            schools,
            codes: Arc::new(codes),
            campuses,
            late,
            places,
            starts,
        }
    }

    /// Position among the codes of where a class sits: its school, or the school's campus.
    pub(crate) fn site(&self, school: u32, grade: u8, class: usize) -> u32 {
        let order = at(school);
        let of_grade = self.quotas.classes[self.schools[order] * 15 + usize::from(grade)];
        let campus = self.campuses[order].filter(|_| is_on_campus(class, usize::from(of_grade)));
        campus.unwrap_or(school)
    }

    pub(crate) fn dataset(&self, name: &str) -> Result<&'a Dataset> {
        let dataset = self.plan.datasets.get(name);
        dataset.with_context(|| format!("the plan has no dataset {name}, which the city fills"))
    }

    pub(crate) fn chance(&self, purpose: u64) -> Chance {
        Chance::new(self.city.number, &[41, purpose, wide(self.year), wide(self.district)])
    }

    /// The year as it is written.
    pub(crate) fn written(&self) -> i64 {
        i64::from(self.city.first) + i64::try_from(self.year).unwrap_or(0)
    }

    /// Places of one of the desk's schools.
    pub(crate) fn of(&self, order: usize) -> &[Place] {
        &self.places[self.starts[order]..self.starts[order + 1]]
    }

    /// A sheet for `records`, a list of (school on the desk, record); corrections have the late schools' only.
    pub(crate) fn sheet(
        &self,
        name: &str,
        records: &[(u32, u32)],
        purpose: u64,
    ) -> Result<Sheet<'a>> {
        let dataset = self.dataset(name)?;
        let faults = &self.city.settings.faults;
        let slips = match (self.view, self.year) {
            (View::Corrected | View::Right, _) => Slips::None,
            (View::Returned, 0) => Slips::Mended,
            (View::Returned, _) => Slips::HalfLost,
        };
        let wanted: Vec<u32> = records
            .iter()
            .filter(|(school, _)| self.view != View::Corrected || self.late[at(*school)])
            .map(|(_, record)| *record)
            .collect();
        Ok(Sheet::new(dataset, faults, wanted.into_iter(), slips, self.chance(purpose)))
    }

    /// Whether a row of a school stands as it was before its correction.
    pub(crate) fn is_stale(&self, school: u32) -> bool {
        self.view == View::Returned && self.late[at(school)]
    }

    /// Whether one of the desk's schools reports a dataset.
    pub(crate) fn reports(&self, report: Report, order: usize) -> bool {
        self.city.reports(report, self.year, self.schools[order])
    }

    /// Fills the columns that every dataset of schools has.
    pub(crate) fn head(
        &self,
        sheet: &mut Sheet<'_>,
        column: &str,
        school: impl Fn(usize) -> u32,
    ) -> Result<()> {
        sheet.words(column, &self.codes, |it| Some(school(it)))?;
        let year = self.written();
        sheet.all("year", |_| year)
    }
}

/// A block of a dataset, unless it has no rows.
pub(crate) fn full(name: &'static str, sheet: Sheet<'_>) -> Option<(&'static str, Block)> {
    (sheet.len() > 0).then(|| (name, sheet.finish()))
}
