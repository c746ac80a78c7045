//! Made-up results of the fitness test whose grade is known beforehand.

use anyhow::{Context, Result};
use model::codes::Sex;
use model::fitness::{Event, Grade, Group, Results, Tables};
use model::plan::Plan;

use super::chance::Chance;

/// Results of one made-up pupil.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Tenths of a centimetre and of a kilogram.
    pub(crate) height: i32,
    pub(crate) weight: i32,
    pub(crate) events: [Option<i32>; Event::ALL.len()],
    /// Tenths of a point.
    pub(crate) total: u16,
}

/// Samples by sex, school grade and fitness grade.
#[derive(Clone, Debug)]
pub(crate) struct Samples(Vec<Vec<Sample>>);

/// Samples of each sex, grade and outcome.
const DEPTH: usize = 700;
/// The four outcomes, from the best down.
pub(crate) const OUTCOMES: [Grade; 4] = [Grade::Excellent, Grade::Good, Grade::Pass, Grade::Fail];
/// Scores there are rows for.
const SCORES: [u16; 20] =
    [100, 95, 90, 85, 80, 78, 76, 74, 72, 70, 68, 66, 64, 62, 60, 50, 40, 30, 20, 10];

impl Samples {
    /// Draws samples and scores them by the tables of the plan's rules.
    pub(crate) fn new(plan: &Plan, number: u64) -> Result<Self> {
        let folder =
            plan.rules.get("fitness-2014").context("the plan has no rules fitness-2014")?;
        let file = |name: &str| {
            let text = folder.get(name).map(String::as_str);
            text.with_context(|| format!("rules fitness-2014 have no {name}"))
        };
        let tables = Tables::read(
            file("scoring.csv")?,
            file("bmi.csv")?,
            file("weights.csv")?,
            file("bonus.csv")?,
        )?;
        let mut all = Vec::with_capacity(96);
        for (order, sex) in (0_u64..).zip([Sex::Female, Sex::Male]) {
            for (grade, group) in (0_u64..).zip(Group::ALL.into_iter().take(12)) {
                let mut chance = Chance::new(number, &[50, order, grade]);
                all.extend(pools(&tables, sex, group, grade, &mut chance));
            }
        }
        anyhow::ensure!(
            all.iter().all(|it| !it.is_empty()),
            "some fitness grade cannot be reached"
        );
        Ok(Self(all))
    }

    /// A sample of a pupil in grade 1 to 12 with an outcome, by any number.
    pub(crate) fn of(&self, male: bool, grade: u8, outcome: usize, draw: u32) -> &Sample {
        let pool = &self.0[(usize::from(male) * 12 + usize::from(grade) - 1) * 4 + outcome];
        &pool[super::at(draw) % pool.len()]
    }
}

/// Samples of one sex and group for each outcome.
fn pools(
    tables: &Tables,
    sex: Sex,
    group: Group,
    grade: u64,
    chance: &mut Chance,
) -> [Vec<Sample>; 4] {
    let mut pools: [Vec<Sample>; 4] = Default::default();
    let events: Vec<Event> = tables.events(sex, group).map(|(event, _)| event).collect();
    // Where in the list of scores the results of each outcome lie.
    let middles = [1, 4, 9, 16];
    for attempt in 0..DEPTH * 24 {
        let aim = attempt % 4;
        if pools[aim].len() >= DEPTH {
            continue;
        }
        let sample = draw(tables, (sex, group, grade), &events, middles[aim], chance);
        let Some((sample, outcome)) = sample else { continue };
        if let Some(pool) = OUTCOMES.iter().position(|it| *it == outcome)
            && pools[pool].len() < DEPTH
        {
            pools[pool].push(sample);
        }
    }
    pools
}

fn draw(
    tables: &Tables,
    (sex, group, grade): (Sex, Group, u64),
    events: &[Event],
    middle: i64,
    chance: &mut Chance,
) -> Option<(Sample, Grade)> {
    let years = i64::try_from(grade).unwrap_or(0);
    // Growth slows down after fourteen, for girls a little sooner.
    let (most, least) = if sex == Sex::Male { (1735, 1205) } else { (1618, 1195) };
    let grown = least + (most - least) * years * (20 - years) / 99;
    let height = (grown.min(most) + chance.around(130)).max(1000);
    let (normal_from, normal_to) = tables.normal_bmi(sex, group)?;
    let (from, to) = (i64::from(normal_from), i64::from(normal_to));
    // The better the results, the likelier a normal weight.
    let bmi = match chance.below(100) {
        it if i64::from(it) < 96 - middle * 3 => chance.between(from, to),
        it if it % 4 == 0 => chance.between(from - 14, from - 1),
        _ => chance.between(to + 1, to + 70),
    };
    let height = i32::try_from(height).ok()?;
    let weight = i32::try_from(bmi * i64::from(height) * i64::from(height) / 1_000_000 + 1).ok()?;
    let mut results = Results::new(sex, group).with_body(Some(height), Some(weight));
    let last = i64::try_from(SCORES.len()).unwrap_or(0) - 1;
    for event in events {
        let place = (middle + chance.around(5)).clamp(0, last);
        let score = SCORES[usize::try_from(place).unwrap_or(0)];
        let threshold = tables.result_for(*event, sex, group, score);
        let next = SCORES.iter().rev().find(|it| **it > score);
        let threshold = threshold.or_else(|| tables.result_for(*event, sex, group, *next?))?;
        results = results
            .with(*event, Some(around(tables, (sex, group), *event, (score, threshold), chance)));
    }
    let scored = tables.score(&results)?;
    let mut values = [None; Event::ALL.len()];
    for (value, event) in values.iter_mut().zip(Event::ALL) {
        *value = results.of(event);
    }
    Some((Sample { height, weight, events: values, total: scored.total }, scored.grade))
}

/// A result between the threshold of its score and that of the next.
fn around(
    tables: &Tables,
    (sex, group): (Sex, Group),
    event: Event,
    (score, threshold): (u16, i32),
    chance: &mut Chance,
) -> i32 {
    let better = SCORES.iter().rev().filter(|it| **it > score);
    let next = better.filter_map(|it| tables.result_for(event, sex, group, *it)).next();
    let width = next.map_or(4, |it| (it - threshold).abs()).max(1);
    let beyond = i32::try_from(chance.below(width.unsigned_abs())).unwrap_or(0);
    if event.less_is_better() { threshold - beyond } else { threshold + beyond }
}
