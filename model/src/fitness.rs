//! National student fitness standard (国家学生体质健康标准, 2014 revision): raw results to a grade.
//!
//! The tables are an argument, read from `rules/`: a revision of the standard is other data, not
//! other code. All arithmetic is in integers.

use crate::codes::Sex;
use crate::exact::Decimal;

mod event;
mod grade;
mod reading;
#[cfg(test)]
mod tests;

pub use self::event::Event;
pub use self::grade::{Grade, Group};
pub use self::reading::TablesError;

/// Most that bonus points add to the total, over all events.
const MOST_BONUS: u16 = 20;

/// The raw results of one pupil; `None` where an event was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Results {
    pub sex: Sex,
    pub group: Group,
    /// Body height in tenths of a centimetre.
    pub height: Option<i32>,
    /// Body weight in tenths of a kilogram.
    pub weight: Option<i32>,
    events: [Option<i32>; Event::ALL.len()],
}

impl Results {
    pub const fn new(sex: Sex, group: Group) -> Self {
        Self { sex, group, height: None, weight: None, events: [None; Event::ALL.len()] }
    }

    /// Height in tenths of a centimetre and weight in tenths of a kilogram.
    #[must_use]
    pub const fn with_body(self, height: Option<i32>, weight: Option<i32>) -> Self {
        Self { height, weight, ..self }
    }

    /// A result in the unit of [`Event::scale`]: 8.05 s over 50 m is 805.
    #[must_use]
    pub fn with(mut self, event: Event, result: Option<i32>) -> Self {
        if let Some(place) = self.events.get_mut(event.index()) {
            *place = result;
        }
        self
    }

    pub fn of(&self, event: Event) -> Option<i32> {
        self.events.get(event.index()).copied().flatten()
    }
}

/// What a pupil's results come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Standard score and bonus together, in tenths of a point, rounded half up; at most 1200.
    pub total: u16,
    pub grade: Grade,
    /// Weighted sum of the scores of all events, in hundredths of a point; at most 10000.
    pub standard: u16,
    /// Bonus points, at most 20.
    pub bonus: u16,
    /// Body mass index in tenths of kg/m², rounded half up.
    pub bmi: i32,
}

impl Scored {
    /// The total as it is written: `85.3`.
    pub fn total(&self) -> Decimal {
        Decimal::new(i128::from(self.total), 1)
    }
}

/// The tables of one edition of the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// One card for each sex and group, at [`Tables::index`].
    cards: Vec<Card>,
}

/// All that is asked of one sex in one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Card {
    bmi: Bands,
    /// Weight of the body mass index, in percent.
    bmi_weight: u16,
    disciplines: Vec<Discipline>,
}

/// Bands of the body mass index, in tenths of kg/m², and their scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bands {
    normal_from: i32,
    normal_to: i32,
    obese_from: i32,
    underweight: u16,
    normal: u16,
    overweight: u16,
    obese: u16,
}

/// One event on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Discipline {
    event: Event,
    /// In percent; 0 where the table has thresholds and the group is not tested.
    weight: u16,
    /// Score and least sufficient result in table units, from the best score down.
    ladder: Vec<(u16, i32)>,
    /// Bonus points and how far beyond the best threshold they begin, from the fewest up.
    bonus: Vec<(u16, i32)>,
}

impl Tables {
    /// Scores one pupil's results.
    ///
    /// `None` when a result that the pupil's group is tested in is missing: a missing result is
    /// not a score of zero.
    pub fn score(&self, results: &Results) -> Option<Scored> {
        let card = self.card(results.sex, results.group)?;
        let bmi = body_mass_index(results.height?, results.weight?)?;
        let mut standard = card.bmi.score(bmi) * card.bmi_weight;
        let mut bonus = 0;
        for discipline in card.disciplines.iter().filter(|it| it.weight > 0) {
            let result = discipline.event.tabled(results.of(discipline.event)?);
            standard += discipline.score(result) * discipline.weight;
            bonus += discipline.bonus(result);
        }
        let bonus = bonus.min(MOST_BONUS);
        // Rounded to a tenth before it is graded: 89.95 is excellent.
        let total = (standard + bonus * 100 + 5) / 10;
        Some(Scored { total, grade: Grade::of_total(total), standard, bonus, bmi })
    }

    /// Score of one result, given in the unit of [`Event::scale`]; worse than the last row is 0.
    /// `None` when the standard has no row for this sex and group.
    pub fn event_score(&self, event: Event, sex: Sex, group: Group, result: i32) -> Option<u16> {
        Some(self.discipline(event, sex, group)?.score(event.tabled(result)))
    }

    /// Score of a body mass index in tenths of kg/m².
    pub fn bmi_score(&self, sex: Sex, group: Group, bmi: i32) -> Option<u16> {
        self.card(sex, group).map(|it| it.bmi.score(bmi))
    }

    /// Bonus points of one result, given in the unit of [`Event::scale`].
    pub fn bonus(&self, event: Event, sex: Sex, group: Group, result: i32) -> Option<u16> {
        Some(self.discipline(event, sex, group)?.bonus(event.tabled(result)))
    }

    /// The worst result that still reaches `score`, in the unit of [`Event::scale`].
    ///
    /// `None` when the standard has no row for this sex and group, or none with that score.
    pub fn result_for(&self, event: Event, sex: Sex, group: Group, score: u16) -> Option<i32> {
        let discipline = self.discipline(event, sex, group)?;
        let row = discipline.ladder.iter().find(|(points, _)| *points == score)?;
        Some(discipline.event.given(row.1))
    }

    /// The events that a group is tested in, with their weights in percent.
    pub fn events(&self, sex: Sex, group: Group) -> impl Iterator<Item = (Event, u16)> {
        let disciplines = self.card(sex, group).into_iter().flat_map(|it| &it.disciplines);
        disciplines.filter(|it| it.weight > 0).map(|it| (it.event, it.weight))
    }

    /// Normal body mass index, from and to, both included, in tenths of kg/m².
    pub fn normal_bmi(&self, sex: Sex, group: Group) -> Option<(i32, i32)> {
        self.card(sex, group).map(|it| (it.bmi.normal_from, it.bmi.normal_to))
    }

    fn index(sex: Sex, group: Group) -> usize {
        let half = match sex {
            Sex::Male => 0,
            Sex::Female => Group::ALL.len(),
        };
        half + group.index()
    }

    fn card(&self, sex: Sex, group: Group) -> Option<&Card> {
        self.cards.get(Self::index(sex, group))
    }

    fn discipline(&self, event: Event, sex: Sex, group: Group) -> Option<&Discipline> {
        self.card(sex, group)?.disciplines.iter().find(|it| it.event == event)
    }
}

impl Bands {
    const fn score(&self, bmi: i32) -> u16 {
        if bmi < self.normal_from {
            self.underweight
        } else if bmi <= self.normal_to {
            self.normal
        } else if bmi < self.obese_from {
            self.overweight
        } else {
            self.obese
        }
    }
}

impl Discipline {
    fn score(&self, result: i32) -> u16 {
        // In the order of the ladder, the rows that are out of reach come first.
        let reached = self.ladder.partition_point(|(_, least)| !self.event.reaches(result, *least));
        self.ladder.get(reached).map_or(0, |(score, _)| *score)
    }

    fn bonus(&self, result: i32) -> u16 {
        let Some((_, best)) = self.ladder.first() else { return 0 };
        let beyond = if self.event.less_is_better() {
            best.saturating_sub(result)
        } else {
            result.saturating_sub(*best)
        };
        let reached = self.bonus.partition_point(|(_, by)| *by <= beyond);
        reached.checked_sub(1).and_then(|it| self.bonus.get(it)).map_or(0, |(points, _)| *points)
    }
}

/// Body mass index in tenths of kg/m², rounded half up, from tenths of a centimetre and of a
/// kilogram. `None` for a height or weight that no body has.
pub fn body_mass_index(height: i32, weight: i32) -> Option<i32> {
    if height <= 0 || weight <= 0 {
        return None;
    }
    // weight/10 kg ÷ (height/1000 m)², in tenths: weight × 10⁶ ÷ height².
    let area = i64::from(height) * i64::from(height);
    let tenths = (i64::from(weight) * 2_000_000 + area) / (area * 2);
    i32::try_from(tenths).ok()
}
