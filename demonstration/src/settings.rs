//! What the demonstration city is made from: `demo.toml` in the plan's folder.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use model::{Bilingual, Decimal};
use serde::Deserialize;

/// The whole file; its comments say what every number means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub(crate) population_before: u64,
    pub(crate) population_change: i64,
    #[serde(rename = "district")]
    pub(crate) districts: Vec<DistrictSetting>,
    #[serde(rename = "functional_area", default)]
    pub(crate) functional_areas: Vec<FunctionalArea>,
    #[serde(rename = "boundary", default)]
    pub(crate) boundaries: Vec<Boundary>,
    #[serde(rename = "kind")]
    pub(crate) kinds: Vec<KindSetting>,
    #[serde(default)]
    pub(crate) campuses: Option<Campuses>,
    pub(crate) pupils: Pupils,
    pub(crate) students: Students,
    pub(crate) residents: Residents,
    pub(crate) teachers: Teachers,
    pub(crate) paths: Paths,
    pub(crate) faults: Faults,
    pub(crate) names: Names,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DistrictSetting {
    pub(crate) code: String,
    pub(crate) population: u64,
    pub(crate) children: u64,
    pub(crate) wealth: i64,
    /// Urban, town and rural schools in percent.
    pub(crate) schools: [u64; 3],
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Title {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Title {
    pub(crate) fn text(&self) -> Bilingual {
        Bilingual::new(&self.zh, &self.en)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionalArea {
    pub(crate) code: String,
    pub(crate) name: Title,
    pub(crate) districts: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Boundary {
    pub(crate) year: u16,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Of a hundred schools.
    pub(crate) schools: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindSetting {
    pub(crate) kind: String,
    pub(crate) prefix: String,
    pub(crate) count: u64,
    pub(crate) stages: Vec<String>,
    /// Parts per hundred.
    pub(crate) founders: BTreeMap<String, u32>,
    pub(crate) suffix: Title,
}

/// Which schools have a campus.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Campuses {
    /// The level of the plan that campuses stand on; schools stand on the one above it.
    pub(crate) level: String,
    pub(crate) kind: String,
    pub(crate) every: usize,
    pub(crate) suffix: Title,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pupils {
    pub(crate) preschool: Vec<u64>,
    pub(crate) primary: Vec<u64>,
    pub(crate) junior: Vec<u64>,
    pub(crate) senior: Vec<u64>,
    pub(crate) vocational: Vec<u64>,
    pub(crate) entering_preschool: Vec<u64>,
    pub(crate) entering_primary: Vec<u64>,
    pub(crate) entering_senior: Vec<u64>,
    pub(crate) entering_vocational: Vec<u64>,
    pub(crate) moving: u32,
    pub(crate) leaving: u32,
    pub(crate) arriving: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Students {
    pub(crate) postgraduate: u64,
    pub(crate) vocational_college: u64,
    pub(crate) adult: u64,
    pub(crate) online: u64,
    pub(crate) self_study: u64,
    pub(crate) military: u64,
    pub(crate) converted: BTreeMap<String, u64>,
    pub(crate) postgraduate_growth: u64,
    pub(crate) professional: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Residents {
    /// First age and weight of each of the ages from it on.
    pub(crate) ages: Vec<[u64; 2]>,
    pub(crate) all: BTreeMap<String, u64>,
    pub(crate) working: BTreeMap<String, u64>,
    pub(crate) entrants: BTreeMap<String, u64>,
    pub(crate) entering: u64,
    pub(crate) came: u64,
    pub(crate) left: u64,
    pub(crate) died: u64,
    pub(crate) preschool_recognised: Vec<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Teachers {
    pub(crate) preschool: u64,
    pub(crate) primary: u64,
    pub(crate) junior: u64,
    pub(crate) senior: u64,
    pub(crate) vocational: u64,
    pub(crate) higher: u64,
    pub(crate) part_time: u64,
    pub(crate) leaving: u64,
}

/// The way of every indicator from its baseline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paths {
    pub(crate) preschool_gross: PathSetting,
    pub(crate) retention: PathSetting,
    pub(crate) senior_gross: PathSetting,
    pub(crate) higher_gross: PathSetting,
    pub(crate) higher_per_100k: PathSetting,
    pub(crate) working_age_years: PathSetting,
    pub(crate) new_labour_years: PathSetting,
    pub(crate) lifelong: PathSetting,
    pub(crate) public_preschool: PathSetting,
    pub(crate) inclusive_preschool: PathSetting,
    pub(crate) zones: PathSetting,
    pub(crate) large_classes: PathSetting,
    pub(crate) rural_bachelor: PathSetting,
    pub(crate) balanced: PathSetting,
    pub(crate) fitness: PathSetting,
    pub(crate) myopia: PathSetting,
    pub(crate) wireless: PathSetting,
    pub(crate) dual_teachers: PathSetting,
    pub(crate) university_masters: PathSetting,
    pub(crate) dual_supervisors: PathSetting,
}

impl Paths {
    pub(crate) fn all(&self) -> [&PathSetting; 20] {
        [
            &self.preschool_gross,
            &self.retention,
            &self.senior_gross,
            &self.higher_gross,
            &self.higher_per_100k,
            &self.working_age_years,
            &self.new_labour_years,
            &self.lifelong,
            &self.public_preschool,
            &self.inclusive_preschool,
            &self.zones,
            &self.large_classes,
            &self.rural_bachelor,
            &self.balanced,
            &self.fitness,
            &self.myopia,
            &self.wireless,
            &self.dual_teachers,
            &self.university_masters,
            &self.dual_supervisors,
        ]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathSetting {
    pub(crate) indicator: String,
    /// Hundredths of the indicator's unit.
    pub(crate) spread: i64,
    /// After the baseline, year by year; empty where nothing was reported.
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Faults {
    pub(crate) missing: u32,
    pub(crate) doubled: u32,
    pub(crate) impossible: u32,
    pub(crate) silent: u32,
    pub(crate) late_districts: usize,
    pub(crate) late_schools: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    pub(crate) first: Vec<String>,
    pub(crate) second: Vec<String>,
}

impl Settings {
    /// Reads `demo.toml` from a plan's folder.
    pub fn read(plan_folder: &Path) -> Result<Self> {
        let file = plan_folder.join("demo.toml");
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!("a plan without {} has no demonstration city", file.display())
        })?;
        Self::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
    }

    /// Reads the text of a `demo.toml`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let settings: Self = toml::from_str(text)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        ensure!(!self.districts.is_empty(), "give at least one [[district]]");
        for it in &self.districts {
            ensure!(it.schools.iter().sum::<u64>() == 100, "schools of {} are not 100 %", it.code);
        }
        for it in &self.kinds {
            let parts: u32 = it.founders.values().sum();
            ensure!(parts == 100, "founders of {} make {parts} parts of a hundred", it.kind);
        }
        for it in &self.boundaries {
            for code in [&it.from, &it.to] {
                ensure!(
                    self.districts.iter().any(|d| d.code == *code),
                    "no district has the code {code}"
                );
            }
        }
        if let Some(it) = &self.campuses {
            ensure!(it.every > 0, "every 0th school has a campus: give at least 1");
        }
        let pupils = &self.pupils;
        for (name, grades, count) in [
            ("preschool", &pupils.preschool, 3),
            ("primary", &pupils.primary, 6),
            ("junior", &pupils.junior, 3),
            ("senior", &pupils.senior, 3),
            ("vocational", &pupils.vocational, 3),
        ] {
            ensure!(
                grades.len() == count,
                "pupils.{name} needs {count} grades, not {}",
                grades.len()
            );
        }
        let years = pupils.entering_preschool.len();
        let same = [&pupils.entering_primary, &pupils.entering_senior, &pupils.entering_vocational];
        ensure!(same.iter().all(|it| it.len() == years), "entering pupils differ in their years");
        for it in self.paths.all() {
            ensure!(it.values.len() == years, "the path of {} needs {years} values", it.indicator);
            for value in it.values.iter().filter(|it| !it.is_empty()) {
                if let Err(error) = value.parse::<Decimal>() {
                    bail!("the path of {}: {error}", it.indicator);
                }
            }
        }
        for it in self.names.first.iter().chain(&self.names.second) {
            ensure!(
                it.split_once(' ').is_some(),
                "`{it}` needs a character, a space and its sound"
            );
        }
        Ok(())
    }
}
