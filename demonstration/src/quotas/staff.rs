//! Teachers, and the students of universities, by school and year.

use super::{DualQuota, PostgraduateQuota, Report, Staff};
use crate::apportion::{apportion, apportion_within, divides, percent_of};
use crate::schools::{School, Stage};
use crate::{City, whole, wide};
use model::Decimal;

impl City {
    /// Teachers by school and stage; with the degrees that indicators ask for.
    pub(super) fn staff(&self, year: usize) -> Vec<[Staff; 6]> {
        let setting = &self.settings.teachers;
        let roll = &self.roll.years[year];
        let students = self.students(year);
        let tenths = |stage| match stage {
            Stage::Preschool => setting.preschool,
            Stage::Primary => setting.primary,
            Stage::Junior => setting.junior,
            Stage::Senior => setting.senior,
            Stage::Vocational => setting.vocational,
            Stage::Higher => setting.higher,
        };
        let mut all = Vec::with_capacity(self.schools.len());
        let mut carry = 0;
        for (at, school) in self.schools.iter().enumerate() {
            let mut staff = [Staff::default(); 6];
            let reported = school.is_open(year) && self.reports(Report::Teachers, year, at);
            if reported && self.kind(school) == "special" {
                staff[Stage::Primary.position()].full_time = 24;
            }
            for stage in school.stages.iter().filter(|_| reported) {
                let pupils = if *stage == Stage::Higher {
                    students[at]
                } else {
                    wide(roll.of_stage(at, *stage))
                };
                // A wealthy school has more teachers to its pupils.
                let richer = u64::try_from(1000 + school.wealth / 6).unwrap_or(1000).max(700);
                let full_time = (pupils * 10 * richer / 1000).div_ceil(tenths(*stage).max(1));
                let exact = full_time * u64::from(self.settings.faults.missing) + carry;
                carry = exact % 10_000;
                staff[stage.position()] = Staff {
                    full_time: whole(full_time),
                    unknown: whole(exact / 10_000),
                    part_time: whole((full_time * setting.part_time + wide(at % 1000)) / 1000),
                    degree: None,
                };
            }
            all.push(staff);
        }
        self.rural_degrees(year, &mut all);
        self.university_degrees(year, &mut all);
        all
    }

    /// Bachelors and above among the teachers of compulsory education in towns and villages.
    fn rural_degrees(&self, year: usize, all: &mut [[Staff; 6]]) {
        let compulsory = [Stage::Primary.position(), Stage::Junior.position()];
        let rural = |school: &School| school.class > 0;
        let known =
            |staff: &[Staff; 6]| compulsory.iter().map(|it| staff[*it].known()).sum::<usize>();
        let count = |(school, staff): (&School, &[Staff; 6])| {
            if rural(school) { wide(known(staff)) } else { 0 }
        };
        // A few more do not state their degree, until the share of the rest can be the printed one.
        let percent = self.ways.rural_bachelor.at(year).unwrap_or(Decimal::ZERO);
        let total: u64 = self.schools.iter().zip(all.iter()).map(count).sum();
        let silent = (0..total / 20).find(|it| divides(total - it, percent)).unwrap_or(0);
        let somewhere = self.schools.iter().zip(all.iter_mut()).filter(|(school, _)| rural(school));
        let posts = somewhere.flat_map(|(_, staff)| staff.iter_mut().skip(compulsory[0]).take(2));
        let posts = posts.filter(|it| it.known() > 1);
        posts.take(whole(silent)).for_each(|it| it.unknown += 1);
        let wholes: Vec<u64> = self.schools.iter().zip(all.iter()).map(count).collect();
        let parts = self.on_way(&self.ways.rural_bachelor, year, &wholes, &self.effects(5, 130));
        for ((school, staff), part) in self.schools.iter().zip(all.iter_mut()).zip(parts) {
            if !rural(school) {
                continue;
            }
            let here = compulsory.map(|it| wide(staff[it].known()));
            // Junior teachers have the higher degrees.
            let shared = apportion_within(part, &[here[0], here[1] * 3], &here);
            for (slot, part) in compulsory.iter().zip(shared) {
                staff[*slot].degree = Some(whole(part));
            }
        }
    }

    /// Masters and doctors among the teachers of universities and colleges.
    fn university_degrees(&self, year: usize, all: &mut [[Staff; 6]]) {
        let slot = Stage::Higher.position();
        let wholes: Vec<u64> = all.iter().map(|it| wide(it[slot].known())).collect();
        let mut effects = self.effects(6, 30);
        for (effect, school) in effects.iter_mut().zip(&self.schools) {
            *effect += if self.kind(school) == "college" { -1400 } else { 500 };
        }
        let parts = self.on_way(&self.ways.university_masters, year, &wholes, &effects);
        for (staff, part) in all.iter_mut().zip(parts) {
            staff[slot].degree = Some(whole(part));
        }
    }

    pub(super) fn dual_quotas(&self, year: usize, staff: &[[Staff; 6]]) -> Vec<DualQuota> {
        let all: Vec<u64> = self
            .schools
            .iter()
            .zip(staff)
            .map(|(school, staff)| match self.kind(school) {
                "vocational" => wide(staff[Stage::Vocational.position()].full_time),
                "college" => wide(staff[Stage::Higher.position()].full_time),
                _ => 0,
            })
            .collect();
        let dual = self.on_way(&self.ways.dual_teachers, year, &all, &self.effects(7, 70));
        let quota = |(all, dual): (u64, u64)| {
            // Two of three teach specialised courses, and most of the dual-qualified do.
            let specialised = all * 2 / 3;
            let inside = apportion_within(
                dual,
                &[specialised * 8, (all - specialised) * 2],
                &[specialised, all - specialised],
            );
            DualQuota {
                all: whole(all),
                specialised: whole(specialised),
                dual: [whole(inside[0]), whole(inside[1])],
            }
        };
        all.iter().copied().zip(dual).map(quota).collect()
    }

    pub(super) fn postgraduate_quotas(&self, year: usize) -> Vec<PostgraduateQuota> {
        if self.ways.dual_supervisors.at(year).is_none() {
            return vec![PostgraduateQuota::default(); self.schools.len()];
        }
        let all = self.postgraduates(year);
        let share = Decimal::new(i128::from(self.settings.students.professional), 0);
        let professional = apportion_within(percent_of(all.iter().sum(), share), &all, &all);
        let missing = u64::from(self.settings.faults.missing);
        let known: Vec<u64> = professional.iter().map(|it| it - it * missing / 10_000).collect();
        let both = self.on_way(&self.ways.dual_supervisors, year, &known, &self.effects(8, 60));
        (0..all.len())
            .map(|it| PostgraduateQuota {
                all: whole(all[it]),
                professional: whole(professional[it]),
                unknown: whole(professional[it] - known[it]),
                both: whole(both[it]),
            })
            .collect()
    }

    /// Postgraduates of every university.
    pub(crate) fn postgraduates(&self, year: usize) -> Vec<u64> {
        let setting = &self.settings.students;
        let mut total = self.scale.of(setting.postgraduate);
        for _ in 0..year {
            total += total * setting.postgraduate_growth / 10_000;
        }
        apportion(total, &self.university_sizes(year, "university"))
    }

    /// Sizes of the institutions of a kind of higher education; a few are much larger than the rest.
    pub(crate) fn university_sizes(&self, year: usize, kind: &str) -> Vec<u64> {
        let size = |(at, school): (usize, &School)| {
            let here = school.is_open(year) && self.kind(school) == kind;
            let size = school.size[Stage::Higher.position()];
            if here { size * (2 + wide(at) % 7) } else { 0 }
        };
        self.schools.iter().enumerate().map(size).collect()
    }

    /// Full-time students of every university and college.
    pub(crate) fn students(&self, year: usize) -> Vec<u64> {
        let mut students = vec![0; self.schools.len()];
        for (_, by_school) in self.higher(year).iter().take(3) {
            for (sum, more) in students.iter_mut().zip(by_school) {
                *sum += more;
            }
        }
        students
    }
}
