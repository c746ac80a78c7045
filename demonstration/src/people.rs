//! Residents, students of higher education, and what a district reports of itself as a whole.

use std::collections::BTreeMap;

use model::Decimal;

use super::apportion::{apportion, divides, per_of, percent_of, times, whole_of};
use super::chance::Chance;
use super::paths::Way;
use super::quotas::Report;
use super::schools::Stage;
use super::{City, wide};

/// Years of schooling by level, as the indicators of mean years count them.
const YEARS: [(&str, u64); 7] = [
    ("none", 0),
    ("primary", 6),
    ("junior", 9),
    ("senior", 12),
    ("college", 15),
    ("bachelor", 16),
    ("postgraduate", 19),
];

/// Nine years of compulsory school lie between grade one and grade nine: eight years apart.
const COHORT: usize = 8;

/// What became of the pupils who are in grade nine in a year.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cohort {
    pub(crate) came: u64,
    pub(crate) left: u64,
    pub(crate) died: u64,
    /// In grade one eight years before.
    pub(crate) began: u64,
}

impl City {
    /// Residents by district at the end of a year; -1 is the year before the first.
    pub(crate) fn residents(&self, year: i64) -> Vec<u64> {
        let mut residents: Vec<u64> = self.districts.iter().map(|it| it.population).collect();
        if year < 0 {
            return apportion(self.scale.of(self.settings.population_before), &residents);
        }
        let place = |code: &str| self.districts.iter().position(|it| it.code == code).unwrap_or(0);
        for passed in 1..=year {
            for count in &mut residents {
                let change = i64::try_from(*count).unwrap_or(0) * self.settings.population_change;
                *count = count.saturating_add_signed(change / 10_000);
            }
            for it in &self.settings.boundaries {
                if i64::from(it.year) - i64::from(self.first) == passed {
                    let moved = residents[place(&it.from)] * u64::from(it.schools) / 100;
                    residents[place(&it.from)] -= moved;
                    residents[place(&it.to)] += moved;
                }
            }
        }
        residents
    }

    /// Reported pupils of some stages by district.
    fn pupils(&self, year: usize, report: Report, stages: &[Stage]) -> Vec<u64> {
        let mut counts = vec![0; self.districts.len()];
        for (at, school) in self.schools.iter().enumerate() {
            if !self.reports(report, year, at) {
                continue;
            }
            for stage in stages.iter().filter(|it| school.teaches(**it)) {
                counts[school.district_in(year)] +=
                    wide(self.roll.years[year].of_stage(at, *stage));
            }
        }
        counts
    }

    /// Effects of districts on an indicator, per 1,000; `wealth` in tenths.
    fn district_effects(&self, purpose: u64, wealth: i64) -> Vec<i64> {
        let effect = |(at, it): (usize, &super::schools::District)| {
            let own = Chance::new(self.number, &[30, purpose, wide(at)]).around(500);
            (it.wealth * wealth / 10 + own).clamp(-1200, 1200)
        };
        self.districts.iter().enumerate().map(effect).collect()
    }

    /// Wholes by district of which the city's parts are the way's percent, the districts' nearly so.
    fn wholes(&self, way: &Way, year: usize, parts: &[u64], effects: &[i64]) -> Vec<u64> {
        let percent = way.at(year).unwrap_or(Decimal::from_integer(100));
        let middle = i64::try_from(percent.units_at(2)).unwrap_or(1) * 1000;
        let weights: Vec<u64> = parts
            .iter()
            .zip(effects)
            .map(|(part, effect)| {
                let share = (middle + way.spread() * effect).max(1000);
                part * 1_000_000 / u64::try_from(share / 1000).unwrap_or(1)
            })
            .collect();
        apportion(whole_of(parts.iter().sum(), percent), &weights)
    }

    /// Residents by district and single age.
    pub(crate) fn ages(&self, year: usize) -> Vec<Vec<u64>> {
        let residents = self.residents(i64::try_from(year).unwrap_or(0));
        let children = self.pupils(year, Report::Kindergartens, &[Stage::Preschool]);
        let effects = self.district_effects(1, 4);
        let three = self.wholes(&self.ways.preschool_gross, year, &children, &effects);
        let seniors = self.pupils(year, Report::Enrolments, &[Stage::Senior, Stage::Vocational]);
        let all: u64 = seniors.iter().sum();
        // Senior schools draw from other districts: their own young people lie between.
        let at_home = apportion(all, &residents);
        let between: Vec<u64> =
            seniors.iter().zip(&at_home).map(|(here, home)| (here * 7 + home * 3) / 10).collect();
        let mut between = between;
        let short = all - between.iter().sum::<u64>();
        between[0] += short;
        let effects = self.district_effects(2, 4);
        let fifteen = self.wholes(&self.ways.senior_gross, year, &between, &effects);
        let converted: u64 = self.converted(year).into_iter().map(|(_, _, it)| it).sum();
        let percent = self.ways.higher_gross.at(year).unwrap_or(Decimal::from_integer(100));
        // Converted students are counted in hundredths.
        let eighteen = apportion(per_of(converted, percent, 1), &residents);
        (0..self.districts.len())
            .map(|it| {
                self.by_age(
                    residents[it],
                    [(3, 3, three[it]), (15, 3, fifteen[it]), (18, 5, eighteen[it])],
                )
            })
            .collect()
    }

    /// Single ages that add up to `residents`, some groups of ages (first, count, persons) given.
    fn by_age(&self, residents: u64, given: [(usize, usize, u64); 3]) -> Vec<u64> {
        let weight = |age: usize| {
            let reached =
                self.settings.residents.ages.iter().rev().find(|[from, _]| *from <= wide(age));
            reached.map_or(0, |[_, weight]| *weight)
        };
        let fixed =
            |age: usize| given.iter().any(|(from, count, _)| (*from..from + count).contains(&age));
        let rest = residents.saturating_sub(given.iter().map(|(_, _, it)| it).sum());
        let weights: Vec<u64> =
            (0..=100).map(|it| if fixed(it) { 0 } else { weight(it) }).collect();
        let mut ages = apportion(rest, &weights);
        for (from, count, persons) in given {
            for (age, part) in (from..from + count).zip(apportion(persons, &vec![1; count])) {
                ages[age] = part;
            }
        }
        ages
    }

    /// Students by kind and institution, in the order of the kinds' weight in the totals.
    pub(crate) fn higher(&self, year: usize) -> Vec<(&'static str, Vec<u64>)> {
        let setting = &self.settings.students;
        let universities = self.university_sizes(year, "university");
        let colleges = self.university_sizes(year, "college");
        let grown = |it: u64| self.scale.of(it) * (1000 + 12 * wide(year)) / 1000;
        let postgraduates = self.postgraduates(year);
        let before: u64 = self.residents(i64::try_from(year).unwrap_or(0) - 1).iter().sum();
        let rate = self.ways.higher_per_100k.at(year).unwrap_or(Decimal::ZERO);
        let vocational = grown(setting.vocational_college);
        let adult = grown(setting.adult);
        let others = vocational + postgraduates.iter().sum::<u64>() + adult;
        let undergraduate = times(before, rate, 100_000).saturating_sub(others);
        let both: Vec<u64> = universities.iter().zip(&colleges).map(|(a, b)| a * 2 + b).collect();
        let first: Vec<u64> = {
            let largest = universities.iter().copied().max().unwrap_or(0);
            universities.iter().map(|it| u64::from(*it == largest)).collect()
        };
        vec![
            ("undergraduate", apportion(undergraduate, &universities)),
            ("vocational_college", apportion(vocational, &colleges)),
            ("postgraduate", postgraduates),
            ("adult", apportion(adult, &both)),
            ("online", apportion(grown(setting.online), &universities)),
            ("self_study", apportion(grown(setting.self_study), &both)),
            ("military", apportion(grown(setting.military), &first)),
        ]
    }

    /// Kind, students by institution, and all of the kind in hundredths of a converted student.
    pub(crate) fn converted(&self, year: usize) -> Vec<(&'static str, Vec<u64>, u64)> {
        self.higher(year)
            .into_iter()
            .map(|(kind, students)| {
                let all = students.iter().sum::<u64>() * self.conversion(kind);
                (kind, students, all)
            })
            .collect()
    }

    /// Hundredths of a student that one of a kind counts for.
    pub(crate) fn conversion(&self, kind: &str) -> u64 {
        self.settings.students.converted.get(kind).copied().unwrap_or(100)
    }

    /// Persons of all ages by level and district.
    pub(crate) fn attainment_of_all(&self, year: usize) -> Vec<Vec<(String, u64)>> {
        let shares = &self.settings.residents.all;
        let residents = self.residents(i64::try_from(year).unwrap_or(0));
        residents
            .into_iter()
            .map(|residents| {
                let share =
                    |(level, per): (&String, &u64)| (level.clone(), residents * per / 100_000);
                shares.iter().map(share).collect()
            })
            .collect()
    }

    /// Persons of 16 to 59 by level and district.
    pub(crate) fn attainment_of_working(&self, year: usize) -> Option<Vec<Vec<(String, u64)>>> {
        let persons: Vec<u64> = self.ages(year).iter().map(|it| it[16..60].iter().sum()).collect();
        let effects = self.district_effects(3, 20);
        self.schooling(
            &self.ways.working_age_years,
            year,
            &persons,
            &self.settings.residents.working,
            &effects,
        )
    }

    /// New entrants to work by level and district.
    pub(crate) fn new_entrants(&self, year: usize) -> Option<Vec<Vec<(String, u64)>>> {
        let residents = self.residents(i64::try_from(year).unwrap_or(0));
        let persons: Vec<u64> =
            residents.iter().map(|it| it * self.settings.residents.entering / 10_000).collect();
        let effects = self.district_effects(4, 15);
        self.schooling(
            &self.ways.new_labour_years,
            year,
            &persons,
            &self.settings.residents.entrants,
            &effects,
        )
    }

    /// Persons by level, brought to the way's mean years of schooling.
    fn schooling(
        &self,
        way: &Way,
        year: usize,
        persons: &[u64],
        shares: &BTreeMap<String, u64>,
        effects: &[i64],
    ) -> Option<Vec<Vec<(String, u64)>>> {
        let mean = way.at(year)?;
        let all = times(persons.iter().sum(), mean, 1);
        let wanted = apportion(all, &way.weights(mean, persons, effects));
        let levels = YEARS.map(|(level, _)| level);
        let weights: Vec<u64> =
            levels.iter().map(|it| shares.get(*it).copied().unwrap_or(0)).collect();
        let mut counts: Vec<Vec<u64>> = persons.iter().map(|it| apportion(*it, &weights)).collect();
        for (counts, wanted) in counts.iter_mut().zip(wanted) {
            let short = wanted.cast_signed() - years_of(counts).cast_signed();
            lift(counts, short);
        }
        // Where a district had nobody left to lift, the others make up for it.
        for it in 0..counts.len() {
            let reached: u64 = counts.iter().map(|it| years_of(it)).sum();
            lift(&mut counts[it], all.cast_signed() - reached.cast_signed());
        }
        let named =
            |counts: Vec<u64>| levels.iter().map(|it| (*it).to_owned()).zip(counts).collect();
        Some(counts.into_iter().map(named).collect())
    }

    /// The cohort in grade nine of every district, such that the way's share of it is still there.
    pub(crate) fn cohorts(&self, year: usize) -> Vec<Cohort> {
        let setting = &self.settings.residents;
        let mut ninth = vec![0; self.districts.len()];
        for (at, school) in self.schools.iter().enumerate() {
            if !self.reports(Report::Enrolments, year, at) {
                continue;
            }
            ninth[school.district_in(year)] += wide(self.roll.years[year].size(at, 11));
        }
        let mut cohorts: Vec<Cohort> = ninth
            .iter()
            .zip(self.district_effects(5, 4))
            .map(|(pupils, effect)| Cohort {
                came: pupils * setting.came * (1500 + effect.unsigned_abs()) / 200_000,
                left: pupils * setting.left / 100,
                died: pupils * setting.died / 10_000,
                began: 0,
            })
            .collect();
        let stayed = |cohorts: &[Cohort]| -> Vec<u64> {
            let pairs = ninth.iter().zip(cohorts);
            pairs.map(|(all, it)| (all + it.left).saturating_sub(it.came)).collect()
        };
        // A few more came from elsewhere, until the share of the rest can be the printed one.
        let percent = self.ways.retention.at(year).unwrap_or(Decimal::from_integer(100));
        let total: u64 = stayed(&cohorts).iter().sum();
        let exact = |it: &u64| {
            let whole = whole_of(total - it, percent);
            percent_of(whole, percent) == total - it && divides(whole, percent.rounded(3))
        };
        if let Some(largest) = cohorts.iter_mut().max_by_key(|it| it.came) {
            largest.came += (0..total / 20).find(exact).unwrap_or(0);
        }
        let stayed = stayed(&cohorts);
        let began = self.wholes(&self.ways.retention, year, &stayed, &self.district_effects(6, 8));
        for (cohort, began) in cohorts.iter_mut().zip(began) {
            cohort.began = began + cohort.died;
        }
        cohorts
    }

    /// Pupils of grade one by district in each of the eight years before the first.
    pub(crate) fn history(&self) -> Vec<Vec<u64>> {
        (0..COHORT)
            .map(|year| {
                if year < self.roll.years.len() {
                    return self.cohorts(year).into_iter().map(|it| it.began).collect();
                }
                // Those who are in a lower grade in the first year began not long before.
                let grade = u8::try_from(3 + COHORT - year).unwrap_or(3);
                let mut counts = vec![0; self.districts.len()];
                for (at, school) in self.schools.iter().enumerate() {
                    counts[school.district] += wide(self.roll.years[0].size(at, grade));
                }
                counts
            })
            .collect()
    }

    /// Districts recognised for balanced education at the end of a year, wealthy ones first.
    pub(crate) fn balanced(&self, year: usize) -> Vec<bool> {
        let percent = self.ways.balanced.at(year).unwrap_or(Decimal::ZERO);
        self.first_districts(super::whole(percent_of(wide(self.districts.len()), percent)))
    }

    /// Districts recognised for universal preschool education at the end of a year.
    pub(crate) fn universal(&self, year: usize) -> Vec<bool> {
        self.first_districts(
            self.settings.residents.preschool_recognised.get(year).copied().unwrap_or(0),
        )
    }

    fn first_districts(&self, count: usize) -> Vec<bool> {
        let mut order: Vec<usize> = (0..self.districts.len()).collect();
        order.sort_by_key(|it| (-self.districts[*it].wealth, *it));
        let mut marks = vec![false; order.len()];
        for district in order.into_iter().take(count) {
            marks[district] = true;
        }
        marks
    }
}

/// Years of schooling of persons by level.
fn years_of(counts: &[u64]) -> u64 {
    counts.iter().zip(YEARS).map(|(count, (_, years))| count * years).sum()
}

/// Moves persons between levels until they have so many more years of schooling, or nearly.
///
/// From senior secondary to a bachelor's degree or back; where few are left, from below as well.
fn lift(counts: &mut [u64], years: i64) {
    let mut short = years.unsigned_abs();
    for lower in [3, 2, 1] {
        let (from, to) = if years > 0 { (lower, 5) } else { (5, lower) };
        let apart = YEARS[5].1 - YEARS[lower].1;
        let moved = (short / apart).min(counts[from] * 3 / 4);
        counts[from] -= moved;
        counts[to] += moved;
        short -= moved * apart;
    }
}
