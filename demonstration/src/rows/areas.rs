//! Rows that a district reports of itself as a whole.

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::civil::Date;
use model::block::Block;
use model::plan::Plan;

use crate::chance::Chance;
use crate::sheet::{Sheet, Slips};
use crate::{City, days, wide};

/// One district's rows of one dataset and year: the columns after area and year.
pub(crate) struct AreaRows {
    pub(crate) dataset: &'static str,
    pub(crate) year: i64,
    pub(crate) district: usize,
    pub(crate) columns: Vec<(&'static str, Column)>,
}

/// Values of one column.
pub(crate) enum Column {
    Numbers(Vec<Option<i64>>),
    Codes(Vec<String>),
}

impl Column {
    fn counts(values: impl IntoIterator<Item = u64>) -> Self {
        let number = |it: u64| Some(i64::try_from(it).unwrap_or(0));
        Self::Numbers(values.into_iter().map(number).collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Codes(values) => values.len(),
        }
    }
}

impl AreaRows {
    /// The rows as a block of their dataset.
    pub(crate) fn block(&self, city: &City, plan: &Plan) -> Result<Block> {
        let dataset = plan.datasets.get(self.dataset);
        let dataset =
            dataset.with_context(|| format!("the plan has no dataset {}", self.dataset))?;
        let count = self.columns.first().map_or(0, |(_, it)| it.len());
        let records = 0..u32::try_from(count).unwrap_or(0);
        let chance = Chance::new(city.number, &[42, wide(self.district)]);
        let mut sheet = Sheet::new(dataset, &city.settings.faults, records, Slips::None, chance);
        let area = Arc::new(vec![city.districts[self.district].code.clone()]);
        sheet.words("area", &area, |_| Some(0))?;
        sheet.all("year", |_| self.year)?;
        for (name, column) in &self.columns {
            match column {
                Column::Numbers(values) => sheet.numbers(name, |it| values[it])?,
                Column::Codes(values) => {
                    let mut codes: Vec<&str> = values.iter().map(String::as_str).collect();
                    codes.sort_unstable();
                    codes.dedup();
                    let place = |it: usize| codes.iter().position(|code| *code == values[it]);
                    sheet.codes(name, &codes, |it| {
                        place(it).and_then(|it| u32::try_from(it).ok())
                    })?;
                }
            }
        }
        Ok(sheet.finish())
    }
}

impl City {
    /// All rows about districts, by dataset and year.
    pub(crate) fn area_rows(&self) -> Vec<AreaRows> {
        let mut all = Vec::new();
        let first = i64::from(self.first);
        for year in -1..=i64::try_from(self.roll.years.len()).unwrap_or(1) - 1 {
            for (district, count) in self.residents(year).into_iter().enumerate() {
                let columns = vec![("persons", Column::counts([count]))];
                all.push(AreaRows {
                    dataset: "population_totals",
                    year: first + year,
                    district,
                    columns,
                });
            }
        }
        for (before, counts) in self.history().into_iter().enumerate() {
            let year = first - 8 + i64::try_from(before).unwrap_or(0);
            for (district, count) in counts.into_iter().enumerate() {
                let columns = vec![("pupils", Column::counts([count]))];
                all.push(AreaRows { dataset: "grade_one_history", year, district, columns });
            }
        }
        for year in 0..self.roll.years.len() {
            self.rows_of_year(year, &mut all);
        }
        all
    }

    fn rows_of_year(&self, index: usize, all: &mut Vec<AreaRows>) {
        let year = i64::from(self.first) + i64::try_from(index).unwrap_or(0);
        let mut push = |dataset, district, columns| {
            all.push(AreaRows { dataset, year, district, columns });
        };
        for (district, ages) in self.ages(index).into_iter().enumerate() {
            let columns = vec![
                ("age", Column::counts(0..wide(ages.len()))),
                ("persons", Column::counts(ages)),
            ];
            push("population", district, columns);
        }
        for (district, it) in self.cohorts(index).into_iter().enumerate() {
            let columns = vec![
                ("transferred_in", Column::counts([it.came])),
                ("transferred_out", Column::counts([it.left])),
                ("died", Column::counts([it.died])),
            ];
            push("cohort_changes", district, columns);
        }
        let of_all = self.attainment_of_all(index);
        let of_working = self.attainment_of_working(index);
        for (district, of_all) in of_all.into_iter().enumerate() {
            let working = of_working.as_ref().map(|it| it[district].clone()).unwrap_or_default();
            let ages = std::iter::repeat_n("all", of_all.len())
                .chain(std::iter::repeat_n("working", working.len()))
                .map(str::to_owned)
                .collect();
            let (levels, persons): (Vec<String>, Vec<u64>) =
                of_all.into_iter().chain(working).unzip();
            let columns = vec![
                ("level", Column::Codes(levels)),
                ("age_group", Column::Codes(ages)),
                ("persons", Column::counts(persons)),
            ];
            push("attainment", district, columns);
        }
        for (district, levels) in self.new_entrants(index).into_iter().flatten().enumerate() {
            let (levels, persons): (Vec<String>, Vec<u64>) = levels.into_iter().unzip();
            let columns =
                vec![("level", Column::Codes(levels)), ("persons", Column::counts(persons))];
            push("new_entrants", district, columns);
        }
        let [balanced, universal] = [self.balanced(index), self.universal(index)];
        for district in 0..self.districts.len() {
            let standing = [balanced[district], universal[district]];
            let since =
                [self.since(district, Self::balanced), self.since(district, Self::universal)];
            let word = |national: bool, soon: bool| match (national, soon) {
                (true, _) => "national",
                (false, true) => "city",
                (false, false) => "district",
            };
            let soon = [since[0].is_some(), since[1].is_some()];
            let columns = vec![
                ("kind", Column::Codes(vec!["balanced".to_owned(), "preschool".to_owned()])),
                (
                    "recognition",
                    Column::Codes(
                        (0..2).map(|it| word(standing[it], soon[it]).to_owned()).collect(),
                    ),
                ),
                (
                    "recognised_on",
                    Column::Numbers((0..2).map(|it| since[it].filter(|_| standing[it])).collect()),
                ),
            ];
            push("recognised_districts", district, columns);
        }
    }

    /// The day a district was recognised, if it ever is.
    fn since(&self, district: usize, marks: impl Fn(&Self, usize) -> Vec<bool>) -> Option<i64> {
        let year = (0..self.roll.years.len()).find(|it| marks(self, *it)[district])?;
        let year = i16::try_from(usize::from(self.first) + year).ok()?;
        let day = i8::try_from(10 + district % 16).ok()?;
        Date::new(year, 11, day).ok().map(days)
    }
}
