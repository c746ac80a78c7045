//! The roll: every pupil and child, and the seat each has in each school year.

use super::at;
use super::chance::Chance;
use super::schools::{School, Stage};

mod moves;

/// What stays with a pupil for good. 24 bytes: a city has millions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pupil {
    /// Days since 1970-01-01.
    pub(crate) birth: u16,
    /// Number among those born on the same day and first seen in the same district.
    pub(crate) serial: u16,
    /// Leaning to short sight, and to fitness; the whole range evenly.
    pub(crate) sight: u16,
    pub(crate) vigour: u16,
    /// District first seen in.
    pub(crate) region: u8,
    pub(crate) marks: u8,
}

impl Pupil {
    pub(crate) const MALE: u8 = 1;
    pub(crate) const MIGRANT: u8 = 2;

    pub(crate) const fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

/// How a pupil came to a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Entered,
    Promoted,
    TransferredIn,
    MovedIn,
}

/// A pupil's place in one school year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    pub(crate) pupil: u32,
    pub(crate) school: u16,
    pub(crate) grade: u8,
    pub(crate) arrival: Arrival,
}

/// Grades there are, from the first year of kindergarten to the last of senior secondary.
pub(crate) const GRADES: usize = 15;

/// All seats of one school year, by school and grade.
#[derive(Clone, Debug, Default)]
pub(crate) struct SchoolYear {
    pub(crate) seats: Vec<Seat>,
    /// Where the seats of (school × 15 + grade) begin; one more at the end.
    starts: Vec<u32>,
}

impl SchoolYear {
    /// Sorts seats by school and grade, keeping the order within a grade.
    fn new(unsorted: &[Seat], schools: usize) -> Self {
        let slot = |seat: &Seat| usize::from(seat.school) * GRADES + usize::from(seat.grade);
        let mut starts = vec![0_u32; schools * GRADES + 1];
        for seat in unsorted {
            starts[slot(seat) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let blank = Seat { pupil: 0, school: 0, grade: 0, arrival: Arrival::Promoted };
        let mut seats = vec![blank; unsorted.len()];
        for seat in unsorted {
            let place = &mut next[slot(seat)];
            seats[at(*place)] = *seat;
            *place += 1;
        }
        Self { seats, starts }
    }

    /// Seats of one grade of a school.
    pub(crate) fn grade(&self, school: usize, grade: u8) -> &[Seat] {
        let slot = school * GRADES + usize::from(grade);
        &self.seats[at(self.starts[slot])..at(self.starts[slot + 1])]
    }

    /// All seats of a school, by grade.
    pub(crate) fn school(&self, school: usize) -> &[Seat] {
        let (from, to) = (self.starts[school * GRADES], self.starts[(school + 1) * GRADES]);
        &self.seats[at(from)..at(to)]
    }

    pub(crate) fn size(&self, school: usize, grade: u8) -> usize {
        self.grade(school, grade).len()
    }

    /// Pupils of a stage of a school.
    pub(crate) fn of_stage(&self, school: usize, stage: Stage) -> usize {
        let (first, count) = stage.grades();
        (first..first + count).map(|grade| self.size(school, grade)).sum()
    }
}

/// The whole roll.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roll {
    pub(crate) pupils: Vec<Pupil>,
    pub(crate) years: Vec<SchoolYear>,
}

/// Makes new pupils, with a number of their own for every district and day of birth.
struct Births {
    /// 1 September of the first year, in days since 1970-01-01.
    first_day: u16,
    serials: Vec<Vec<u16>>,
    chance: Chance,
}

impl Births {
    /// A child that is in `grade` in the year; of age on 31 August.
    fn pupil(&mut self, year: usize, grade: u8, district: usize) -> Pupil {
        // Kindergarten begins at three; whoever is three on 31 August was born in these 365 days.
        let age = 4 + i64::from(grade) - i64::try_from(year).unwrap_or(0);
        let day = i64::from(self.chance.below(365));
        let birth = i64::from(self.first_day) - age * 365 - age.div_euclid(4) + day;
        let birth = u16::try_from(birth).unwrap_or(0);
        let serial = &mut self.serials[district][usize::from(birth)];
        *serial += 1;
        let bits = self.chance.next();
        let part = |shift: u32| u16::try_from(bits >> shift & 0xFFFF).unwrap_or(0);
        let male = part(0) < 34_200;
        let migrant = part(16) < 9_800;
        let marks = if male { Pupil::MALE } else { 0 } | if migrant { Pupil::MIGRANT } else { 0 };
        Pupil {
            birth,
            serial: *serial,
            sight: part(32),
            vigour: part(48),
            region: u8::try_from(district).unwrap_or(0),
            marks,
        }
    }
}

pub(crate) use self::moves::enrol;

/// Classes that a grade of so many pupils is put into.
pub(crate) fn classes(school: &School, order: usize, grade: u8, pupils: usize) -> usize {
    let limit = match school.stage_of(grade) {
        Stage::Preschool => [25, 30, 34][usize::from(grade)],
        Stage::Primary => 42 + order % 4,
        Stage::Junior => 46 + order % 5,
        Stage::Senior => 49 + order % 6,
        Stage::Vocational | Stage::Higher => 44 + order % 5,
    };
    pupils.div_ceil(limit)
}
