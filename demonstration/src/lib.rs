//! The demonstration city: a whole city's records, made from one printed number.
//!
//! **Invariant:** the same plan, settings, size and number give the same rows, whatever the number
//! of threads. Names of places, totals and ways of indicators come from the plan's folder.

#![expect(
    clippy::indexing_slicing,
    reason = "positions are made together with the lists they point into, and row by row get() costs"
)]

use anyhow::{Context, Result, ensure};
use model::organisation::Organisation;
use model::plan::{Level, Plan};

pub mod accounts;
mod apportion;
mod campuses;
pub mod cases;
mod chance;
mod corrections;
mod desk;
mod generate;
mod names;
mod organisations;
mod paths;
mod people;
mod quotas;
mod results;
mod roll;
mod rows;
mod schools;
mod settings;
mod sheet;

pub use self::generate::{Batch, Pseudonym, Wave};
pub use self::organisations::Organisations;
pub use self::settings::Settings;

use self::paths::Ways;
use self::quotas::Quotas;
use self::roll::Roll;
use self::schools::{District, School};

/// How large the city is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A tenth.
    Small,
    /// The whole city.
    Whole,
    /// Ten times the city: as many institutions and pupils as a province has.
    Large,
}

impl Size {
    const fn scale(self) -> Scale {
        match self {
            Self::Small => Scale { times: 1, divide: 10 },
            Self::Whole => Scale { times: 1, divide: 1 },
            Self::Large => Scale { times: 10, divide: 1 },
        }
    }
}

/// How many there are for each that the settings count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    times: u64,
    divide: u64,
}

impl Scale {
    pub(crate) const fn of(self, count: u64) -> u64 {
        count * self.times / self.divide
    }
}

/// A demonstration city: who there is, and all that later becomes rows.
#[derive(Clone, Debug)]
pub struct City {
    number: u64,
    first: u16,
    scale: Scale,
    settings: Settings,
    ways: Ways,
    /// Code of the city itself.
    city: String,
    school_level: String,
    districts: Vec<District>,
    schools: Vec<School>,
    zone_counts: Vec<usize>,
    roll: Roll,
    /// By year.
    quotas: Vec<Quotas>,
}

impl City {
    /// Makes the city of a plan. `given`: the organisations of the plan's folder.
    pub fn new(
        plan: &Plan,
        settings: &Settings,
        given: &[Organisation],
        size: Size,
        number: u64,
    ) -> Result<Self> {
        let first = plan.baseline_year;
        let years = plan.years().count();
        ensure!(
            years == settings.pupils.entering_preschool.len() + 1,
            "demo.toml and the plan differ in their years"
        );
        let scale = size.scale();
        let ways = Ways::new(plan, &settings.paths)?;
        let level = |it: Option<&Level>| it.map(|it| it.code.clone()).unwrap_or_default();
        let whole = level(plan.levels.first());
        let city = given.iter().find(|it| it.level == whole);
        let city = city.with_context(|| format!("organisations.csv has no {whole}"))?;
        let districts = districts(settings, given, scale)?;
        let schools =
            schools::found(settings, &districts, &ways, scale, (first.number(), years), number)?;
        let day = first.on(model::year::MonthDay::SCHOOL_YEAR);
        let roll = roll::enrol(
            &settings.pupils,
            &schools,
            (districts.len(), scale),
            &ways,
            (u16::try_from(days(day)).unwrap_or(0), number),
        );
        let mut made = Self {
            number,
            first: first.number(),
            scale,
            settings: settings.clone(),
            ways,
            city: city.code.to_string(),
            school_level: level(schools_stand_on(plan, settings)),
            zone_counts: Self::count_zones(&schools, districts.len()),
            districts,
            schools,
            roll,
            quotas: Vec::new(),
        };
        made.quotas = (0..years).map(|year| made.quotas(year)).collect();
        Ok(made)
    }
}

/// The last level of the plan, but for that of campuses.
fn schools_stand_on<'a>(plan: &'a Plan, settings: &Settings) -> Option<&'a Level> {
    let campuses = settings.campuses.as_ref().map(|it| it.level.as_str());
    plan.levels.iter().rev().find(|it| Some(it.code.as_str()) != campuses)
}

fn districts(settings: &Settings, given: &[Organisation], scale: Scale) -> Result<Vec<District>> {
    let district = |it: &settings::DistrictSetting| {
        let organisation = given.iter().find(|organisation| organisation.code.as_str() == it.code);
        let organisation = organisation.with_context(|| {
            format!("demo.toml names {}, which organisations.csv does not", it.code)
        })?;
        Ok(District {
            code: it.code.clone(),
            name: organisation.name.clone(),
            population: scale.of(it.population),
            children: it.children,
            wealth: (it.wealth - 100) * 10,
            schools: it.schools,
        })
    };
    settings.districts.iter().map(district).collect()
}

/// Days since 1970-01-01.
fn days(date: jiff::civil::Date) -> i64 {
    let start = jiff::civil::Date::constant(1970, 1, 1);
    start.until(date).map_or(0, |it| i64::from(it.get_days()))
}

/// A 32-bit position.
fn at(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
