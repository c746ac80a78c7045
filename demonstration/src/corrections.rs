//! Corrected school files, ready to be imported: each changes a figure of the city.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::civil::Date;
use model::Decimal;
use model::block::Block;
use model::dataset::{Column, ColumnKind, Dataset};
use model::plan::Plan;

use super::City;
use super::desk::{Desk, View};
use super::schools::{Care, Stage};

impl City {
    /// Writes the files into a folder, CSV with Chinese headers, and tells their paths.
    ///
    /// A private kindergarten that is public by now; a district's schools that have got full
    /// wireless coverage; a school whose grade sits in three large classes. All of the last year.
    pub fn write_corrections(&self, plan: &Plan, folder: &Path) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} could not be made", folder.display()))?;
        let files = [
            ("kindergartens.csv", self.kindergarten(plan)?),
            ("wireless_coverage.csv", self.wireless(plan)?),
            ("classes.csv", self.crowded(plan)?),
        ];
        let mut written = Vec::new();
        for (name, table) in files {
            let path = folder.join(name);
            let mut writer = csv::Writer::from_path(&path)
                .with_context(|| format!("{} could not be written", path.display()))?;
            for row in table {
                writer.write_record(&row)?;
            }
            writer.flush()?;
            written.push(path);
        }
        Ok(written)
    }

    fn last(&self) -> usize {
        self.quotas.len() - 1
    }

    /// The right rows of a district in the last year.
    fn right(
        &self,
        plan: &Plan,
        district: usize,
        take: impl Fn(&Desk<'_>) -> Result<Option<(&'static str, Block)>>,
    ) -> Result<Block> {
        let year = self.last();
        // No row of these files is about a person.
        let keys = vec![0; self.roll.pupils.len()];
        let pseudonym = |_: &str| 0;
        let view = (year, district, View::Right);
        let desk = Desk::new((self, plan), &pseudonym, &keys, &self.quotas[year], view);
        Ok(take(&desk)?.map(|(_, block)| block).unwrap_or_default())
    }

    /// The largest private kindergarten, taken over by the education department.
    fn kindergarten(&self, plan: &Plan) -> Result<Vec<Vec<String>>> {
        let year = self.last();
        let children = |it: &usize| self.roll.years[year].of_stage(*it, Stage::Preschool);
        let private = (0..self.schools.len()).filter(|it| {
            self.schools[*it].care == Care::Private && self.schools[*it].is_open(year)
        });
        let largest =
            private.max_by_key(children).context("the city has no private kindergarten")?;
        let school = &self.schools[largest];
        let block = self.right(plan, school.district_in(year), |it| it.kindergartens())?;
        let table = Table::new(plan, "kindergartens")?;
        let mut rows = table.rows(&block, |row| row.first() == Some(&school.code));
        for row in &mut rows {
            table.set(row, "founder", "education_department");
        }
        Ok(table.with_header(rows))
    }

    /// The district with the most schools that lack coverage, all covered.
    fn wireless(&self, plan: &Plan) -> Result<Vec<Vec<String>>> {
        let year = self.last();
        let mut lacking = vec![0_usize; self.districts.len()];
        for (school, covered) in self.schools.iter().zip(&self.quotas[year].wireless) {
            lacking[school.district_in(year)] += usize::from(*covered == Some(false));
        }
        let most = (0..lacking.len()).max_by_key(|it| lacking[*it]).unwrap_or(0);
        let block = self.right(plan, most, |it| it.wireless_coverage())?;
        let table = Table::new(plan, "wireless_coverage")?;
        let full = table.word("coverage", "full");
        let mut rows = table.rows(&block, |row| !row.contains(&full));
        for row in &mut rows {
            table.set(row, "coverage", "full");
        }
        Ok(table.with_header(rows))
    }

    /// A grade of four classes that in truth sits in three, each of 56 pupils or more.
    fn crowded(&self, plan: &Plan) -> Result<Vec<Vec<String>>> {
        let year = self.last();
        let roll = &self.roll.years[year];
        let sits = |school: &usize, grade: u8| {
            let classes = self.quotas[year].classes[school * 15 + usize::from(grade)];
            self.reports(super::quotas::Report::Classes, year, *school)
                && classes == 4
                && (168..=186).contains(&roll.size(*school, grade))
        };
        let mut found = None;
        for school in (0..self.schools.len()).filter(|it| self.schools[*it].is_compulsory()) {
            found = found.or((3..12).find(|it| sits(&school, *it)).map(|grade| (school, grade)));
        }
        let (school, grade) = found.context("the city has no grade of four full classes")?;
        let block = self.right(plan, self.schools[school].district_in(year), |it| it.classes())?;
        let table = Table::new(plan, "classes")?;
        let (code, word) = (&self.schools[school].code, super::rows::GRADES[usize::from(grade)]);
        let word = table.word("grade", word);
        let mut rows = table.rows(&block, |row| row.first() == Some(code) && row.contains(&word));
        let pupils = roll.size(school, grade);
        for (order, row) in rows.iter_mut().enumerate() {
            let here = if order < 3 { (pupils + 2 - order) / 3 } else { 0 };
            table.set(row, "pupils", &here.to_string());
        }
        Ok(table.with_header(rows))
    }
}

/// Writes rows of a dataset the way a school's clerk does: with the titles of columns and codes.
struct Table<'a> {
    dataset: &'a Dataset,
}

impl<'a> Table<'a> {
    fn new(plan: &'a Plan, name: &str) -> Result<Self> {
        let dataset = plan.datasets.get(name);
        let dataset = dataset.with_context(|| format!("the plan has no dataset {name}"))?;
        Ok(Self { dataset })
    }

    /// The rows of a block that are wanted.
    fn rows(&self, block: &Block, wanted: impl Fn(&Vec<String>) -> bool) -> Vec<Vec<String>> {
        let row = |at: usize| {
            let columns = self.dataset.columns.iter().zip(&block.columns);
            columns.map(move |(column, cells)| match cells.word(at) {
                Some(word) => titled(column, word),
                None => cells.number(at).map_or(String::new(), |it| number(column, it)),
            })
        };
        (0..block.len()).map(|at| row(at).collect()).filter(|it| wanted(it)).collect()
    }

    fn with_header(&self, rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
        let header = self.dataset.columns.iter().map(|it| it.title.zh.clone()).collect();
        std::iter::once(header).chain(rows).collect()
    }

    /// A code of a column as it is written.
    fn word(&self, name: &str, code: &str) -> String {
        self.dataset.column(name).map_or_else(|| code.to_owned(), |it| titled(it, code))
    }

    fn set(&self, row: &mut [String], name: &str, value: &str) {
        let place = self.dataset.columns.iter().position(|it| it.name == name);
        if let Some(cell) = place.and_then(|it| row.get_mut(it)) {
            *cell = self.word(name, value);
        }
    }
}

fn titled(column: &Column, word: &str) -> String {
    let ColumnKind::Code { items } = &column.kind else { return word.to_owned() };
    let item = items.iter().find(|it| it.code == word);
    item.map_or_else(|| word.to_owned(), |it| it.title.zh.clone())
}

fn number(column: &Column, number: i64) -> String {
    match &column.kind {
        ColumnKind::Decimal { scale } => Decimal::new(i128::from(number), *scale).to_string(),
        ColumnKind::Flag => if number == 1 { "是" } else { "否" }.to_owned(),
        ColumnKind::Date => {
            let days = i32::try_from(number).unwrap_or(0);
            let start = Date::constant(1970, 1, 1);
            start.saturating_add(jiff::Span::new().days(days)).to_string()
        }
        ColumnKind::Organisation
        | ColumnKind::OtherOrganisation
        | ColumnKind::Year
        | ColumnKind::Integer
        | ColumnKind::Code { .. }
        | ColumnKind::Text
        | ColumnKind::Person(_)
        | ColumnKind::CreditCode => number.to_string(),
    }
}
