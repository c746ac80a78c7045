//! One block in the making: rows in order, with the faults that belong to real records.

use std::sync::Arc;

use anyhow::{Result, bail};
use model::block::{Block, Cells};
use model::dataset::{CodeItem, ColumnKind, Dataset};

use super::at;
use super::chance::Chance;
use super::settings::Faults;

/// A block of one dataset in the making.
pub(crate) struct Sheet<'a> {
    dataset: &'a Dataset,
    faults: &'a Faults,
    chance: Chance,
    /// The record behind each row; the same record twice is a row sent twice, or a slip beside its correction.
    order: Vec<u32>,
    /// Rows that get an impossible value.
    slips: Vec<usize>,
    columns: Vec<Option<Cells>>,
}

/// Which rows a block has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slips {
    /// Every slip stands beside the right row, so nothing is missing when it was refused.
    Mended,
    /// Half of the slips stand alone.
    HalfLost,
    /// Rows as they should be.
    None,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(
        dataset: &'a Dataset,
        faults: &'a Faults,
        records: impl ExactSizeIterator<Item = u32>,
        slips: Slips,
        mut chance: Chance,
    ) -> Self {
        let count = records.len();
        let (doubled, wrong) = match slips {
            Slips::None => (Vec::new(), Vec::new()),
            Slips::Mended | Slips::HalfLost => {
                (chance.strewn(count, faults.doubled), chance.strewn(count, faults.impossible))
            }
        };
        let mut order = Vec::with_capacity(count + doubled.len() + wrong.len());
        let mut places = Vec::with_capacity(wrong.len());
        let (mut doubled, mut wrong) =
            (doubled.into_iter().peekable(), wrong.into_iter().peekable());
        for (position, record) in records.enumerate() {
            if wrong.next_if_eq(&position).is_some() {
                places.push(order.len());
                order.push(record);
                if slips == Slips::HalfLost && chance.happens(5000) {
                    doubled.next_if_eq(&position);
                    continue;
                }
            }
            order.push(record);
            if doubled.next_if_eq(&position).is_some() {
                order.push(record);
            }
        }
        let columns = vec![None; dataset.columns.len()];
        Self { dataset, faults, chance, order, slips: places, columns }
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    fn place(&self, name: &str) -> Result<usize> {
        let place = self.dataset.columns.iter().position(|it| it.name == name);
        match place {
            Some(place) => Ok(place),
            None => bail!("dataset {} has no column {name}", self.dataset.name),
        }
    }

    /// Fills a column of numbers.
    pub(crate) fn numbers(
        &mut self,
        name: &str,
        mut value: impl FnMut(usize) -> Option<i64>,
    ) -> Result<()> {
        let place = self.place(name)?;
        let cells = self.order.iter().map(|it| value(at(*it))).collect();
        self.columns[place] = Some(Cells::Numbers(cells));
        Ok(())
    }

    /// Fills a column of numbers that nobody leaves out.
    pub(crate) fn all(&mut self, name: &str, mut value: impl FnMut(usize) -> i64) -> Result<()> {
        self.numbers(name, |it| Some(value(it)))
    }

    /// Fills a column of words; `value` gives the position of a record's word.
    pub(crate) fn words(
        &mut self,
        name: &str,
        words: &Arc<Vec<String>>,
        mut value: impl FnMut(usize) -> Option<u32>,
    ) -> Result<()> {
        let place = self.place(name)?;
        let at = self.order.iter().map(|it| value(at(*it))).collect();
        self.columns[place] = Some(Cells::Words { at, words: Arc::clone(words) });
        Ok(())
    }

    /// Fills a column of codes, given by their position among `codes`; unknown codes are an error.
    pub(crate) fn codes(
        &mut self,
        name: &str,
        codes: &[&str],
        value: impl FnMut(usize) -> Option<u32>,
    ) -> Result<()> {
        let place = self.place(name)?;
        if let ColumnKind::Code { items } = &self.dataset.columns[place].kind {
            let known = |code: &str| items.iter().any(|it: &CodeItem| it.code == code);
            if let Some(code) = codes.iter().find(|it| !known(it)) {
                bail!("`{code}` is not in the code list of {}.{name}", self.dataset.name);
            }
        }
        let words = Arc::new(codes.iter().map(|it| (*it).to_owned()).collect());
        self.words(name, &words, value)
    }

    /// Leaves out some values of a column, where a record may lack it.
    pub(crate) fn leave_out(&mut self, name: &str, may: impl Fn(usize) -> bool) -> Result<()> {
        let place = self.place(name)?;
        let rows = self.chance.strewn(self.order.len(), self.faults.missing);
        for row in rows {
            if !may(at(self.order[row])) {
                continue;
            }
            match &mut self.columns[place] {
                Some(Cells::Numbers(cells)) => cells[row] = None,
                Some(Cells::Words { at, .. }) => at[row] = None,
                None => {}
            }
        }
        Ok(())
    }

    /// Puts an impossible number in a column of every slip.
    pub(crate) fn spoil(&mut self, name: &str, value: i64) -> Result<()> {
        let place = self.place(name)?;
        if let Some(Cells::Numbers(cells)) = &mut self.columns[place] {
            for row in &self.slips {
                cells[*row] = Some(value);
            }
        }
        Ok(())
    }

    /// The finished block. Columns of the dataset that were never filled are empty.
    pub(crate) fn finish(self) -> Block {
        let length = self.order.len();
        let empty = |it: &model::dataset::Column| match it.kind {
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Code { .. }
            | ColumnKind::Text
            | ColumnKind::CreditCode => {
                Cells::Words { at: vec![None; length], words: Arc::new(Vec::new()) }
            }
            ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Person(_) => Cells::Numbers(vec![None; length]),
        };
        let columns = self.columns.into_iter().zip(&self.dataset.columns);
        let columns = columns.map(|(cells, it)| cells.unwrap_or_else(|| empty(it))).collect();
        // The header would be row 1 of a file.
        let rows = (2..).take(length).collect();
        Block { columns, rows }
    }
}
