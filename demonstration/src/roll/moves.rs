//! How the roll goes on: entry, promotion, moves between schools, arrival and departure.

use super::{Arrival, Births, Roll, SchoolYear, Seat};
use crate::apportion::{apportion, percent_of};
use crate::chance::Chance;
use crate::paths::{Way, Ways};
use crate::schools::{Care, School, Stage};
use crate::settings::Pupils;
use crate::{Scale, whole, wide};

/// What the roll is made from.
struct Maker<'a> {
    pupils: &'a Pupils,
    schools: &'a [School],
    districts: usize,
    scale: Scale,
    ways: &'a Ways,
    births: Births,
    roll: Roll,
}

/// Makes the roll of all years. `first_day`: 1 September of the first year, in days since 1970.
pub(crate) fn enrol(
    pupils: &Pupils,
    schools: &[School],
    (districts, scale): (usize, Scale),
    ways: &Ways,
    (first_day, number): (u16, u64),
) -> Roll {
    let births = Births {
        first_day,
        serials: vec![vec![0; usize::from(first_day) + 3000]; districts],
        chance: Chance::new(number, &[10]),
    };
    let roll = Roll::default();
    let mut maker = Maker { pupils, schools, districts, scale, ways, births, roll };
    maker.begin();
    for year in 1..=pupils.entering_preschool.len() {
        maker.go_on(year, number);
    }
    maker.roll
}

impl Maker<'_> {
    /// Seats of a new pupil; the pupil's number is its place on the roll.
    fn admit(&mut self, seats: &mut Vec<Seat>, year: usize, seat: (usize, u8, Arrival)) {
        let (school, grade, arrival) = seat;
        let district = self.schools[school].district_in(year);
        let pupil = u32::try_from(self.roll.pupils.len()).unwrap_or(u32::MAX);
        let born = self.births.pupil(year, grade, district);
        self.roll.pupils.push(born);
        seats.push(Seat { pupil, school: u16::try_from(school).unwrap_or(0), grade, arrival });
    }

    /// The first year: every grade has its printed size.
    fn begin(&mut self) {
        let pupils = self.pupils;
        let mut quotas: Vec<(u8, Vec<u64>)> = Vec::new();
        let total: u64 = pupils.preschool.iter().map(|it| self.scale.of(*it)).sum();
        for (grade, quota) in self.kindergarten_quotas(0, total).into_iter().enumerate() {
            quotas.push((u8::try_from(grade).unwrap_or(0), quota));
        }
        for (stage, sizes) in [
            (Stage::Primary, &pupils.primary),
            (Stage::Junior, &pupils.junior),
            (Stage::Senior, &pupils.senior),
            (Stage::Vocational, &pupils.vocational),
        ] {
            for (grade, size) in (stage.grades().0..).zip(sizes) {
                quotas.push((grade, apportion(self.scale.of(*size), &self.sizes(stage, 0))));
            }
        }
        let mut seats = Vec::new();
        for school in 0..self.schools.len() {
            for (grade, quota) in &quotas {
                for _ in 0..quota[school] {
                    let arrival = match grade {
                        0 | 3 | 9 | 12 => Arrival::Entered,
                        _ => Arrival::Promoted,
                    };
                    self.admit(&mut seats, 0, (school, *grade, arrival));
                }
            }
        }
        self.roll.years.push(SchoolYear::new(&seats, self.schools.len()));
    }

    /// Weights of the schools that take pupils of a stage in a year.
    fn sizes(&self, stage: Stage, year: usize) -> Vec<u64> {
        let weight = |it: &School| if it.is_open(year) { it.size[stage.position()] } else { 0 };
        self.schools.iter().map(weight).collect()
    }

    /// Children by grade and kindergarten, so that public and inclusive shares are the printed ones.
    fn kindergarten_quotas(&self, year: usize, total: u64) -> Vec<Vec<u64>> {
        let [public, inclusive] = self.shares(year, total);
        let sizes = self.sizes(Stage::Preschool, year);
        let mut grades = vec![vec![0; self.schools.len()]; 3];
        for (care, children) in [
            (Care::Public, public),
            (Care::Inclusive, inclusive - public),
            (Care::Private, total - inclusive),
        ] {
            let weights = self.of_care(care, &sizes);
            for (grade, part) in apportion(children, &self.pupils.preschool).into_iter().enumerate()
            {
                for (quota, more) in grades[grade].iter_mut().zip(apportion(part, &weights)) {
                    *quota += more;
                }
            }
        }
        grades
    }

    fn of_care(&self, care: Care, sizes: &[u64]) -> Vec<u64> {
        let kept = |(school, size): (&School, &u64)| if school.care == care { *size } else { 0 };
        self.schools.iter().zip(sizes).map(kept).collect()
    }

    /// Children in public, and in public or inclusive, kindergartens.
    fn shares(&self, year: usize, total: u64) -> [u64; 2] {
        let share = |way: &Way| way.at(year).map_or(0, |it| percent_of(total, it));
        let public = share(&self.ways.public_preschool);
        [public, share(&self.ways.inclusive_preschool).max(public)]
    }

    /// New children by kindergarten, so that all grades together keep to the shares.
    fn first_year_quotas(&self, year: usize, entering: u64, staying: &[Seat]) -> Vec<u64> {
        let already = |care: Care| {
            let here =
                |it: &&Seat| it.grade <= 2 && self.schools[usize::from(it.school)].care == care;
            wide(staying.iter().filter(here).count())
        };
        let [a, b, c] = [already(Care::Public), already(Care::Inclusive), already(Care::Private)];
        let total = entering + a + b + c;
        let [public, inclusive] = self.shares(year, total);
        let public_new = public.saturating_sub(a).min(entering);
        let inclusive_new = (inclusive - public).saturating_sub(b).min(entering - public_new);
        let sizes = self.sizes(Stage::Preschool, year);
        let mut quota = vec![0; self.schools.len()];
        for (care, part) in [
            (Care::Public, public_new),
            (Care::Inclusive, inclusive_new),
            (Care::Private, entering - public_new - inclusive_new),
        ] {
            let parts = apportion(part, &self.of_care(care, &sizes));
            for (quota, more) in quota.iter_mut().zip(parts) {
                *quota += more;
            }
        }
        quota
    }

    /// One year on.
    fn go_on(&mut self, year: usize, number: u64) {
        let mut chance = Chance::new(number, &[11, wide(year)]);
        let before = std::mem::take(&mut self.roll.years[year - 1]);
        let mut seats = Vec::with_capacity(before.seats.len() * 21 / 20);
        let mut leavers: [Vec<(u32, u16)>; 3] = Default::default();
        let wheels = Wheels::new(self.schools, self.districts, year);
        for seat in &before.seats {
            let mut school = usize::from(seat.school);
            if let Some(into) =
                self.schools[school].into.filter(|_| !self.schools[school].is_open(year))
            {
                school = into;
            }
            let here = u16::try_from(school).unwrap_or(0);
            match seat.grade {
                2 => leavers[0].push((seat.pupil, here)),
                8 => leavers[1].push((seat.pupil, here)),
                11 => leavers[2].push((seat.pupil, here)),
                14 => {}
                grade => {
                    let roll = chance.below(10_000);
                    let (leaving, moving) = (self.pupils.leaving, self.pupils.moving);
                    if roll < leaving {
                        continue;
                    }
                    let mut seat = Seat {
                        grade: grade + 1,
                        school: here,
                        arrival: Arrival::Promoted,
                        ..*seat
                    };
                    if roll < leaving + moving {
                        let stage = self.schools[school].stage_of(grade);
                        let district = self.schools[school].district_in(year);
                        let other = wheels.pick(stage, district, &mut chance);
                        if let Some(other) = other.filter(|it| *it != school) {
                            seat.school = u16::try_from(other).unwrap_or(0);
                            seat.arrival = Arrival::TransferredIn;
                        }
                    }
                    seats.push(seat);
                    if roll >= 10_000 - self.pupils.arriving {
                        self.admit(
                            &mut seats,
                            year,
                            (usize::from(seat.school), grade + 1, Arrival::MovedIn),
                        );
                    }
                }
            }
        }
        self.roll.years[year - 1] = before;
        let pupils = self.pupils;
        let entering = |list: &[u64]| list.get(year - 1).map_or(0, |it| self.scale.of(*it));
        let first = self.first_year_quotas(year, entering(&pupils.entering_preschool), &seats);
        let (primary, senior) =
            (entering(&pupils.entering_primary), entering(&pupils.entering_senior));
        let vocational = entering(&pupils.entering_vocational);
        for (school, quota) in first.into_iter().enumerate() {
            for _ in 0..quota {
                self.admit(&mut seats, year, (school, 0, Arrival::Entered));
            }
        }
        let [kindergarten, sixth, ninth] = leavers;
        let quota = apportion(primary, &self.sizes(Stage::Primary, year));
        self.pass_on(&mut seats, year, 3, (kindergarten, quota), &mut chance);
        let quota = apportion(wide(sixth.len()), &self.sizes(Stage::Junior, year));
        self.pass_on(&mut seats, year, 9, (sixth, quota), &mut chance);
        let mut quota = apportion(senior, &self.sizes(Stage::Senior, year));
        for (sum, more) in
            quota.iter_mut().zip(apportion(vocational, &self.sizes(Stage::Vocational, year)))
        {
            *sum += more;
        }
        self.pass_on(&mut seats, year, 12, (ninth, quota), &mut chance);
        self.roll.years.push(SchoolYear::new(&seats, self.schools.len()));
    }

    /// Leads the leavers of one stage into the places of the next.
    ///
    /// First those whose own school goes on, then within the district, then across; places that
    /// stay free go to pupils from outside, and who finds none leaves the city.
    fn pass_on(
        &mut self,
        seats: &mut Vec<Seat>,
        year: usize,
        grade: u8,
        (leavers, mut places): (Vec<(u32, u16)>, Vec<u64>),
        chance: &mut Chance,
    ) {
        let mut without: Vec<Vec<u32>> = vec![Vec::new(); self.districts];
        for (pupil, school) in leavers {
            let at = usize::from(school);
            if places[at] > 0 && chance.happens(9000) {
                places[at] -= 1;
                seats.push(Seat { pupil, school, grade, arrival: Arrival::Entered });
            } else {
                without[self.schools[at].district_in(year)].push(pupil);
            }
        }
        let mut surplus = Vec::new();
        let mut free: Vec<Vec<usize>> = vec![Vec::new(); self.districts];
        for (school, places) in places.iter().enumerate() {
            free[self.schools[school].district_in(year)]
                .extend(std::iter::repeat_n(school, whole(*places)));
        }
        let mut open = Vec::new();
        for (pupils, places) in without.into_iter().zip(free) {
            let marks = chance.marks(pupils.len(), places.len().min(pupils.len()));
            let mut places = places.into_iter();
            for (pupil, mark) in pupils.into_iter().zip(marks) {
                match if mark { places.next() } else { None } {
                    Some(school) => {
                        let school = u16::try_from(school).unwrap_or(0);
                        seats.push(Seat { pupil, school, grade, arrival: Arrival::Entered });
                    }
                    None => surplus.push(pupil),
                }
            }
            open.extend(places);
        }
        let mut surplus = surplus.into_iter();
        for school in open {
            match surplus.next() {
                Some(pupil) => {
                    let school = u16::try_from(school).unwrap_or(0);
                    seats.push(Seat { pupil, school, grade, arrival: Arrival::Entered });
                }
                None => self.admit(seats, year, (school, grade, Arrival::MovedIn)),
            }
        }
    }
}

/// Schools by stage and district, to be drawn by their size.
struct Wheels {
    /// Running sum of sizes and school.
    slots: Vec<Vec<(u64, usize)>>,
    districts: usize,
}

impl Wheels {
    fn new(schools: &[School], districts: usize, year: usize) -> Self {
        let mut slots: Vec<Vec<(u64, usize)>> = vec![Vec::new(); Stage::ALL.len() * districts];
        for (at, school) in schools.iter().enumerate().filter(|(_, it)| it.is_open(year)) {
            for stage in &school.stages {
                let slot = &mut slots[stage.position() * districts + school.district_in(year)];
                let sum = slot.last().map_or(0, |(sum, _)| *sum);
                slot.push((sum + school.size[stage.position()].max(1), at));
            }
        }
        Self { slots, districts }
    }

    /// A school of the stage, nine times of ten in the same district.
    fn pick(&self, stage: Stage, district: usize, chance: &mut Chance) -> Option<usize> {
        let district = if chance.happens(9000) { district } else { chance.place(self.districts) };
        let slot = &self.slots[stage.position() * self.districts + district];
        let sum = slot.last()?.0;
        let at = chance.next() % sum;
        let place = slot.partition_point(|(upto, _)| *upto <= at);
        slot.get(place).map(|(_, school)| *school)
    }
}
