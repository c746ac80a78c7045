//! How many of what in which school and year, so that the city's figures are the ones on their ways.

use model::Decimal;

use super::apportion::{apportion_within, divides, percent_of};
use super::chance::{Chance, mix};
use super::paths::Way;
use super::schools::{School, Stage};
use super::{City, whole, wide};

mod staff;

/// Datasets that a school may fail to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    Enrolments,
    Classes,
    Institutions,
    Resources,
    Teachers,
    Fitness,
    Vision,
    Wireless,
    Kindergartens,
}

/// Outcome of the fitness test in one school: pupils of each sort.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FitnessQuota {
    pub(crate) absent: usize,
    pub(crate) exempt: usize,
    /// A result is missing, so there is no grade.
    pub(crate) ungraded: usize,
    pub(crate) graded: usize,
    /// Good or excellent.
    pub(crate) good: usize,
}

/// Outcome of the autumn vision screening in one school, kindergarten classes apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VisionQuota {
    pub(crate) absent: usize,
    /// One eye could not be read, so there is no result.
    pub(crate) incomplete: usize,
    pub(crate) complete: usize,
    pub(crate) myopic: usize,
}

/// Full-time teachers of one school and stage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Staff {
    pub(crate) full_time: usize,
    pub(crate) part_time: usize,
    /// Of the full-time teachers, those whose degree is not stated.
    pub(crate) unknown: usize,
    /// Of those with a known degree, those with the one that an indicator asks for; `None` where none asks.
    pub(crate) degree: Option<usize>,
}

impl Staff {
    pub(crate) const fn known(self) -> usize {
        self.full_time - self.unknown
    }
}

/// Vocational teachers of one school.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DualQuota {
    pub(crate) all: usize,
    pub(crate) specialised: usize,
    /// Dual-qualified, of the specialised and of the others.
    pub(crate) dual: [usize; 2],
}

/// Postgraduates of one university.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PostgraduateQuota {
    pub(crate) all: usize,
    pub(crate) professional: usize,
    /// Of them, those of whom a supervisor is not stated.
    pub(crate) unknown: usize,
    /// Of the rest, those with a supervisor on the campus and one from industry.
    pub(crate) both: usize,
}

/// All that is fixed beforehand about one year, by school.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quotas {
    pub(crate) fitness: Vec<FitnessQuota>,
    pub(crate) vision: Vec<VisionQuota>,
    pub(crate) staff: Vec<[Staff; 6]>,
    pub(crate) dual: Vec<DualQuota>,
    pub(crate) postgraduates: Vec<PostgraduateQuota>,
    /// `None` where the school does not report; full coverage or not.
    pub(crate) wireless: Vec<Option<bool>>,
    pub(crate) zoned: Vec<bool>,
    /// Classes of every grade, at school × 15 + grade.
    pub(crate) classes: Vec<u8>,
}

/// Parts of a thousand that a pupil of each grade is likely short-sighted, from the last year of kindergarten on.
const SHORT_SIGHT: [u64; 15] =
    [0, 0, 110, 210, 290, 360, 430, 500, 560, 640, 690, 730, 770, 790, 810];

/// Likelihood in units of the pupil's own leaning.
pub(crate) fn short_sight(grade: u8) -> u32 {
    u32::try_from(SHORT_SIGHT[usize::from(grade)] * 65).unwrap_or(0)
}

impl City {
    /// Whether a school reports a dataset in a year.
    pub(crate) fn reports(&self, report: Report, year: usize, school: usize) -> bool {
        let certain =
            matches!(report, Report::Enrolments | Report::Institutions | Report::Kindergartens);
        if report == Report::Wireless || (certain && year == 0) {
            return true;
        }
        let tests = matches!(report, Report::Fitness | Report::Vision);
        let rate = self.settings.faults.silent * if tests { 2 } else { 1 };
        let draw = mix(self.number ^ mix(wide(school * 64 + year * 1024 * 1024) + report.order()));
        draw % 10_000 >= u64::from(rate)
    }

    /// Effect of a school on an indicator, per 1,000: what its wealth and its own way make of it.
    pub(crate) fn effects(&self, purpose: u64, wealth: i64) -> Vec<i64> {
        let districts: Vec<i64> = (0..self.districts.len())
            .map(|it| Chance::new(self.number, &[20, purpose, wide(it)]).around(700))
            .collect();
        let effect = |(at, school): (usize, &School)| {
            let own = Chance::new(self.number, &[21, purpose, wide(at)]).around(300);
            let effect = school.wealth * wealth / 100 + districts[school.district] + own;
            effect.clamp(-1800, 1800)
        };
        self.schools.iter().enumerate().map(effect).collect()
    }

    /// Parts of `wholes` that add up to the way's percent of all, the rest of the units likewise.
    fn on_way(&self, way: &Way, year: usize, wholes: &[u64], effects: &[i64]) -> Vec<u64> {
        let percent = way.at(year).unwrap_or(Decimal::ZERO);
        let total = percent_of(wholes.iter().sum(), percent);
        apportion_within(total, &way.weights(percent, wholes, effects), wholes)
    }

    /// Fixes a year.
    pub(crate) fn quotas(&self, year: usize) -> Quotas {
        let staff = self.staff(year);
        Quotas {
            fitness: self.fitness_quotas(year),
            vision: self.vision_quotas(year),
            dual: self.dual_quotas(year, &staff),
            staff,
            postgraduates: self.postgraduate_quotas(year),
            wireless: self.wireless_quotas(year),
            zoned: self.zoned(year),
            classes: self.class_counts(year),
        }
    }

    fn fitness_quotas(&self, year: usize) -> Vec<FitnessQuota> {
        let roll = &self.roll.years[year];
        let mut carry = [0_usize; 3];
        let mut quotas: Vec<FitnessQuota> = (0..self.schools.len())
            .map(|school| {
                if !self.reports(Report::Fitness, year, school) {
                    return FitnessQuota::default();
                }
                let stages = [Stage::Primary, Stage::Junior, Stage::Senior];
                let taught = stages.into_iter().filter(|it| self.schools[school].teaches(*it));
                let pupils: usize = taught.map(|it| roll.of_stage(school, it)).sum();
                let mut part = |slot: usize, per_thousand: usize| {
                    let exact = pupils * per_thousand + carry[slot];
                    carry[slot] = exact % 1000;
                    exact / 1000
                };
                let (absent, exempt, ungraded) = (part(0, 48), part(1, 11), part(2, 28));
                let graded = pupils.saturating_sub(absent + exempt + ungraded);
                FitnessQuota { absent, exempt, ungraded, graded, good: 0 }
            })
            .collect();
        let graded: Vec<u64> = quotas.iter().map(|it| wide(it.graded)).collect();
        let good = self.on_way(&self.ways.fitness, year, &graded, &self.effects(1, 150));
        for (quota, good) in quotas.iter_mut().zip(good) {
            quota.good = whole(good);
        }
        quotas
    }

    fn vision_quotas(&self, year: usize) -> Vec<VisionQuota> {
        let Some(percent) = self.ways.myopia.at(year) else { return Vec::new() };
        let roll = &self.roll.years[year];
        let effects = self.effects(2, 110);
        let mut carry = [0; 2];
        let mut quotas = Vec::with_capacity(effects.len());
        let mut weights = Vec::with_capacity(effects.len());
        for (school, effect) in effects.iter().enumerate() {
            let known = self.reports(Report::Vision, year, school);
            let taught = known && !self.schools[school].teaches(Stage::Vocational);
            let grades = if taught { 3..15 } else { 0..0 };
            let pupils: usize = grades.clone().map(|grade| roll.size(school, grade)).sum();
            let likely: u64 =
                grades.map(|it| wide(roll.size(school, it)) * SHORT_SIGHT[usize::from(it)]).sum();
            let mut part = |slot: usize, per_thousand: usize| {
                let exact = pupils * per_thousand + carry[slot];
                carry[slot] = exact % 1000;
                exact / 1000
            };
            let (absent, incomplete) = (part(0, 75), part(1, 60));
            let complete = pupils.saturating_sub(absent + incomplete);
            quotas.push(VisionQuota { absent, incomplete, complete, myopic: 0 });
            // A spread in hundredths of a percent is so many ten-thousandths of the pupils.
            let more = 10_000_000 + self.ways.myopia.spread() * effect;
            weights.push(likely * u64::try_from(more).unwrap_or(0) / 1_000_000);
        }
        let caps: Vec<u64> = quotas.iter().map(|it| wide(it.complete)).collect();
        let total = percent_of(caps.iter().sum(), percent);
        for (quota, myopic) in quotas.iter_mut().zip(apportion_within(total, &weights, &caps)) {
            quota.myopic = whole(myopic);
        }
        quotas
    }

    fn wireless_quotas(&self, year: usize) -> Vec<Option<bool>> {
        let basic = |school: &School| {
            school.is_open(year)
                && !school.teaches(Stage::Vocational)
                && (school.is_compulsory()
                    || school.teaches(Stage::Preschool)
                    || school.teaches(Stage::Senior)
                    || self.kind(school) == "special")
        };
        let due: Vec<usize> =
            (0..self.schools.len()).filter(|it| basic(&self.schools[*it])).collect();
        let mut chance = Chance::new(self.number, &[22, wide(year)]);
        let percent = self.ways.wireless.at(year).unwrap_or(Decimal::ZERO);
        // So many schools are silent that the share of the rest can be the printed one.
        let least = due.len() * 8 / 1000 + 1;
        let silent = (least..due.len() / 8).find(|it| divides(wide(due.len() - it), percent));
        let silent = chance.marks(due.len(), silent.unwrap_or(least));
        let effects = self.effects(3, 100);
        let mut wholes = vec![0; self.schools.len()];
        for (school, silent) in due.iter().zip(&silent) {
            wholes[*school] = u64::from(!silent);
        }
        let full = self.best(&self.ways.wireless, year, &wholes, &effects);
        (0..wholes.len()).map(|it| (wholes[it] == 1).then_some(full[it])).collect()
    }

    /// Marks the way's percent of the units that count, those with the greatest effects first,
    /// after each district got its share.
    fn best(&self, way: &Way, year: usize, counts: &[u64], effects: &[i64]) -> Vec<bool> {
        let mut wholes = vec![0; self.districts.len()];
        let mut sums = vec![0_i64; self.districts.len()];
        for ((school, count), effect) in self.schools.iter().zip(counts).zip(effects) {
            wholes[school.district] += count;
            sums[school.district] += if *count > 0 { *effect } else { 0 };
        }
        let means: Vec<i64> = sums
            .iter()
            .zip(&wholes)
            .map(|(sum, whole)| sum / i64::try_from(*whole).unwrap_or(1).max(1))
            .collect();
        let shares = self.on_way(way, year, &wholes, &means);
        let mut marked = vec![false; counts.len()];
        for (district, share) in shares.into_iter().enumerate() {
            let mut units: Vec<(i64, usize)> = (0..counts.len())
                .filter(|it| counts[*it] > 0 && self.schools[*it].district == district)
                .map(|it| (-effects[it], it))
                .collect();
            units.sort_unstable();
            for (_, unit) in units.into_iter().take(whole(share)) {
                marked[unit] = true;
            }
        }
        marked
    }

    fn zoned(&self, year: usize) -> Vec<bool> {
        let counts: Vec<u64> = (0..self.schools.len())
            .map(|it| {
                let school = &self.schools[it];
                let counts = school.is_compulsory()
                    && school.is_open(year)
                    && self.reports(Report::Institutions, year, it);
                u64::from(counts)
            })
            .collect();
        self.best(&self.ways.zones, year, &counts, &self.effects(4, 40))
    }

    /// Classes of every grade; so many of them too large as the way says.
    fn class_counts(&self, year: usize) -> Vec<u8> {
        let roll = &self.roll.years[year];
        let mut counts = Vec::with_capacity(self.schools.len() * super::roll::GRADES);
        let mut compulsory = 0;
        let mut near = Vec::new();
        for (at, school) in self.schools.iter().enumerate() {
            let reported = self.reports(Report::Classes, year, at);
            for grade in 0..15 {
                let pupils = roll.size(at, grade);
                let classes = super::roll::classes(school, at, grade, pupils);
                let counted = matches!(school.stage_of(grade), Stage::Primary | Stage::Junior);
                if counted && reported && classes > 0 {
                    compulsory += wide(classes);
                    if classes > 1 && (56..=62).contains(&(pupils / (classes - 1))) {
                        near.push(counts.len());
                    }
                }
                counts.push(u8::try_from(classes).unwrap_or(u8::MAX));
            }
        }
        let percent = self.ways.large_classes.at(year).unwrap_or(Decimal::ZERO);
        let mut large = percent_of(compulsory, percent);
        let mut chance = Chance::new(self.number, &[23, wide(year)]);
        while large > 0 && !near.is_empty() {
            let place = near.swap_remove(chance.place(near.len()));
            counts[place] -= 1;
            large = large.saturating_sub(u64::from(counts[place]));
        }
        counts
    }
}

impl Report {
    const fn order(self) -> u64 {
        match self {
            Self::Enrolments => 0,
            Self::Classes => 1,
            Self::Institutions => 2,
            Self::Resources => 3,
            Self::Teachers => 4,
            Self::Fitness => 5,
            Self::Vision => 6,
            Self::Wireless => 7,
            Self::Kindergartens => 8,
        }
    }
}
