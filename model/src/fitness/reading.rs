//! The standard's tables from the text of four CSV files.

use std::fmt::Display;

use super::{Bands, Card, Discipline, Event, Group, Tables};
use crate::codes::Sex;
use crate::exact::Decimal;

/// A table of the standard cannot be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} table, line {line}: {what}")]
pub struct TablesError {
    /// `scoring`, `bmi`, `weights` or `bonus`.
    pub table: &'static str,
    /// Line of the file; 0 when the table as a whole is meant.
    pub line: usize,
    pub what: String,
}

impl Tables {
    /// Reads the tables from the text of their CSV files, with a header line each.
    ///
    /// - `scoring`: `item,sex,grade,score,threshold`
    /// - `bmi`: `sex,grade,normal_min,normal_max,overweight_min,overweight_max,obese_min` and the
    ///   four scores; the grade `U` stands for all university years
    /// - `weights`: `grades,item,weight_pct`; `pull_up(M)/sit_up_1min(F)` gives one weight to a
    ///   different event of each sex
    /// - `bonus`: `item,sex,grades,bonus_points,beyond_100_by`
    ///
    /// Fails unless the weights of every card add up to 100, every weighted event has thresholds,
    /// and thresholds fall with the score.
    pub fn read(scoring: &str, bmi: &str, weights: &str, bonus: &str) -> Result<Self, TablesError> {
        let mut tables = Self { cards: vec![Card::default(); 2 * Group::ALL.len()] };
        for row in Row::all("scoring", scoring) {
            tables.take_threshold(&row)?;
        }
        for row in Row::all("bmi", bmi) {
            tables.take_bands(&row)?;
        }
        for row in Row::all("weights", weights) {
            tables.take_weight(&row)?;
        }
        for row in Row::all("bonus", bonus) {
            tables.take_bonus(&row)?;
        }
        tables.check()?;
        Ok(tables)
    }

    fn take_threshold(&mut self, row: &Row<'_>) -> Result<(), TablesError> {
        let (event, sex, group) = (row.event(0)?, row.sex(1)?, row.group(2)?);
        let step = (row.points(3)?, row.number(4, event.table_scale())?);
        let card = self.card_mut(sex, group, row)?;
        let discipline = card.discipline_mut(event);
        if let Some((score, threshold)) = discipline.ladder.last()
            && !(step.0 < *score && event.reaches(*threshold, step.1) && *threshold != step.1)
        {
            return Err(row.wrong("scores and thresholds must go from the best down"));
        }
        discipline.ladder.push(step);
        Ok(())
    }

    fn take_bands(&mut self, row: &Row<'_>) -> Result<(), TablesError> {
        let bands = Bands {
            normal_from: row.number(2, 1)?,
            normal_to: row.number(3, 1)?,
            obese_from: row.number(6, 1)?,
            normal: row.points(7)?,
            underweight: row.points(8)?,
            overweight: row.points(9)?,
            obese: row.points(10)?,
        };
        if !(bands.normal_from <= bands.normal_to && bands.normal_to < bands.obese_from) {
            return Err(row.wrong("the bands must follow each other"));
        }
        let groups = match row.text(1)? {
            "U" => vec!["U12", "U34"],
            grade => vec![grade],
        };
        for group in groups {
            let group = Group::parse(group).ok_or_else(|| row.unknown("grade", group))?;
            self.card_mut(row.sex(0)?, group, row)?.bmi = bands;
        }
        Ok(())
    }

    fn take_weight(&mut self, row: &Row<'_>) -> Result<(), TablesError> {
        let weight = row.points(2)?;
        for group in row.groups(0)? {
            for sex in [Sex::Male, Sex::Female] {
                let card = self.card_mut(sex, group, row)?;
                match event_for(row.text(1)?, sex) {
                    "bmi" => card.bmi_weight = weight,
                    name => {
                        let event = Event::parse(name).ok_or_else(|| row.unknown("item", name))?;
                        card.discipline_mut(event).weight = weight;
                    }
                }
            }
        }
        Ok(())
    }

    fn take_bonus(&mut self, row: &Row<'_>) -> Result<(), TablesError> {
        let event = row.event(0)?;
        let step = (row.points(3)?, row.number(4, event.table_scale())?);
        let sexes = match row.text(1)? {
            "both" => vec![Sex::Male, Sex::Female],
            _ => vec![row.sex(1)?],
        };
        for group in row.groups(2)? {
            for sex in &sexes {
                let steps = &mut self.card_mut(*sex, group, row)?.discipline_mut(event).bonus;
                if steps.last().is_some_and(|last| last.0 >= step.0 || last.1 >= step.1) {
                    return Err(row.wrong("bonus points must rise"));
                }
                steps.push(step);
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), TablesError> {
        for group in Group::ALL {
            for sex in [Sex::Male, Sex::Female] {
                let who = format!("{} {}", sex.as_str(), group.as_str());
                let fail = |table, what| Err(TablesError { table, line: 0, what });
                let Some(card) = self.card(sex, group) else { continue };
                if card.bmi == Bands::default() {
                    return fail("bmi", format!("no row for {who}"));
                }
                let weighted = card.disciplines.iter().filter(|it| it.weight > 0);
                if let Some(bare) = weighted.clone().find(|it| it.ladder.is_empty()) {
                    return fail("scoring", format!("no {} for {who}", bare.event.column()));
                }
                let sum = card.bmi_weight + weighted.map(|it| it.weight).sum::<u16>();
                if sum != 100 {
                    return fail("weights", format!("{who} has {sum} % in all, not 100"));
                }
            }
        }
        Ok(())
    }

    fn card_mut(
        &mut self,
        sex: Sex,
        group: Group,
        row: &Row<'_>,
    ) -> Result<&mut Card, TablesError> {
        self.cards.get_mut(Self::index(sex, group)).ok_or_else(|| row.wrong("no such card"))
    }
}

impl Card {
    /// The discipline of an event, made when the card has none.
    fn discipline_mut(&mut self, event: Event) -> &mut Discipline {
        let found = self.disciplines.iter().position(|it| it.event == event);
        let at = found.unwrap_or(self.disciplines.len());
        if found.is_none() {
            let (ladder, bonus) = (Vec::new(), Vec::new());
            self.disciplines.push(Discipline { event, weight: 0, ladder, bonus });
        }
        #[expect(clippy::indexing_slicing, reason = "`at` was found or has just been pushed")]
        &mut self.disciplines[at]
    }
}

/// The event that `pull_up(M)/sit_up_1min(F)` means for one sex.
fn event_for(text: &str, sex: Sex) -> &str {
    let own = format!("({})", sex.as_str());
    text.split('/').find_map(|it| it.strip_suffix(own.as_str())).unwrap_or(text)
}

/// One line of a table, without quotes: no field of these tables holds a comma.
struct Row<'a> {
    table: &'static str,
    line: usize,
    fields: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn all(table: &'static str, text: &'a str) -> impl Iterator<Item = Self> {
        let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
        lines.map(move |(at, line)| Self {
            table,
            line: at + 1,
            fields: line.split(',').map(str::trim).collect(),
        })
    }

    fn wrong(&self, what: impl Display) -> TablesError {
        TablesError { table: self.table, line: self.line, what: what.to_string() }
    }

    fn unknown(&self, what: &str, text: &str) -> TablesError {
        self.wrong(format_args!("`{text}` is no {what} of the standard"))
    }

    fn text(&self, at: usize) -> Result<&'a str, TablesError> {
        let field = self.fields.get(at).copied();
        field.ok_or_else(|| self.wrong(format_args!("column {} is missing", at + 1)))
    }

    fn event(&self, at: usize) -> Result<Event, TablesError> {
        let text = self.text(at)?;
        Event::parse(text).ok_or_else(|| self.unknown("item", text))
    }

    fn sex(&self, at: usize) -> Result<Sex, TablesError> {
        let text = self.text(at)?;
        Sex::parse(text).ok_or_else(|| self.unknown("sex", text))
    }

    fn group(&self, at: usize) -> Result<Group, TablesError> {
        let text = self.text(at)?;
        Group::parse(text).ok_or_else(|| self.unknown("grade", text))
    }

    /// The groups of a span like `G7-U34`.
    fn groups(&self, at: usize) -> Result<Vec<Group>, TablesError> {
        let text = self.text(at)?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first = Group::parse(first).ok_or_else(|| self.unknown("grade", first))?;
        let last = Group::parse(last).ok_or_else(|| self.unknown("grade", last))?;
        Ok(Group::ALL.into_iter().filter(|it| (first..=last).contains(it)).collect())
    }

    fn points(&self, at: usize) -> Result<u16, TablesError> {
        let text = self.text(at)?;
        let points = text.parse().ok().filter(|it| *it <= 100);
        points.ok_or_else(|| self.wrong(format_args!("`{text}` is not a number from 0 to 100")))
    }

    /// A number with at most `scale` digits after the point, in units of the last of them.
    fn number(&self, at: usize, scale: u8) -> Result<i32, TablesError> {
        let text = self.text(at)?;
        let wrong = || self.wrong(format_args!("`{text}` is not a number with {scale} decimals"));
        let number: Decimal = text.parse().map_err(|_| wrong())?;
        if number.rounded(scale) != number {
            return Err(wrong());
        }
        i32::try_from(number.units_at(scale)).map_err(|_| wrong())
    }
}
