//! Rule `fitness-2014`: raw results to total score and grade (国家学生体质健康标准, 2014 revision).

use std::sync::Arc;

use model::block::{Block, Cells};
use model::codes::Sex;
use model::dataset::{ColumnKind, Dataset};
use model::fitness::{Event, Grade, Group, Results, Tables};

use super::DerivationError;

/// Where the rule's columns stand in its dataset.
#[derive(Clone, Debug)]
pub(super) struct Fitness {
    tables: Arc<Tables>,
    sex: usize,
    grade: usize,
    exempt: usize,
    height: usize,
    weight: usize,
    events: Vec<(Event, usize)>,
    score: usize,
    /// Column of the grade of fitness, its codes, and the position of each grade among them.
    fitness_grade: usize,
    codes: Arc<Vec<String>>,
}

impl Fitness {
    pub(super) fn new(
        dataset: &Dataset,
        rule: &str,
        tables: Tables,
    ) -> Result<Self, DerivationError> {
        let position = |column: &'static str| {
            let position = dataset.columns.iter().position(|it| it.name == column);
            position.ok_or_else(|| DerivationError::NoColumn {
                dataset: dataset.name.clone(),
                rule: rule.to_owned(),
                column,
            })
        };
        let events = Event::ALL.iter().map(|it| Ok((*it, position(it.column())?)));
        let fitness_grade = position("fitness_grade")?;
        let codes = match dataset.columns.get(fitness_grade).map(|it| &it.kind) {
            Some(ColumnKind::Code { items }) => items.iter().map(|it| it.code.clone()).collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            tables: Arc::new(tables),
            sex: position("sex")?,
            grade: position("grade")?,
            exempt: position("exempt")?,
            height: position("height_cm")?,
            weight: position("weight_kg")?,
            events: events.collect::<Result<_, DerivationError>>()?,
            score: position("score")?,
            fitness_grade,
            codes: Arc::new(codes),
        })
    }

    /// A pupil who is exempt, or has not taken all events of the grade, gets neither.
    pub(super) fn fill(&self, block: &mut Block) {
        let sexes = by_word(block, self.sex, Sex::parse);
        let groups = by_word(block, self.grade, Group::parse);
        let mut scores = Vec::with_capacity(block.len());
        let mut grades = Vec::with_capacity(block.len());
        for row in 0..block.len() {
            let scored = word(block, self.sex, row, &sexes)
                .zip(word(block, self.grade, row, &groups))
                .filter(|_| number(block, self.exempt, row) != Some(1))
                .and_then(|(sex, group)| self.tables.score(&self.results(block, row, sex, group)));
            scores.push(scored.map(|it| i64::from(it.total)));
            grades.push(scored.and_then(|it| self.position(it.grade)));
        }
        if let Some(cells) = block.columns.get_mut(self.score) {
            *cells = Cells::Numbers(scores);
        }
        if let Some(cells) = block.columns.get_mut(self.fitness_grade) {
            *cells = Cells::Words { at: grades, words: Arc::clone(&self.codes) };
        }
    }

    fn results(&self, block: &Block, row: usize, sex: Sex, group: Group) -> Results {
        let body = Results::new(sex, group)
            .with_body(number(block, self.height, row), number(block, self.weight, row));
        self.events
            .iter()
            .fold(body, |it, (event, column)| it.with(*event, number(block, *column, row)))
    }

    fn position(&self, grade: Grade) -> Option<u32> {
        let position = self.codes.iter().position(|it| it == grade.as_str())?;
        u32::try_from(position).ok()
    }
}

fn number(block: &Block, column: usize, row: usize) -> Option<i32> {
    let number = block.columns.get(column)?.number(row)?;
    i32::try_from(number).ok()
}

/// What each word of a column means.
fn by_word<T>(block: &Block, column: usize, parse: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
    match block.columns.get(column) {
        Some(Cells::Words { words, .. }) => words.iter().map(|it| parse(it)).collect(),
        Some(Cells::Numbers(_)) | None => Vec::new(),
    }
}

fn word<T: Copy>(block: &Block, column: usize, row: usize, meanings: &[Option<T>]) -> Option<T> {
    match block.columns.get(column)? {
        Cells::Words { at, .. } => {
            let position = usize::try_from(at.get(row).copied().flatten()?).ok()?;
            meanings.get(position).copied().flatten()
        }
        Cells::Numbers(_) => None,
    }
}
