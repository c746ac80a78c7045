//! A cell as a finding shows it.

use jiff::ToSpan;
use jiff::civil::Date;
use model::block::Cells;
use model::dataset::{Column, ColumnKind, Disclosure};
use model::exact::Decimal;

use super::super::rule::excerpt;

/// The cell in the words of its column; a person's is never shown.
pub(super) fn shown(column: &Column, cells: &Cells, row: usize) -> String {
    if column.disclosure == Disclosure::Personal || matches!(column.kind, ColumnKind::Person(_)) {
        return "not shown".to_owned();
    }
    if let Some(word) = cells.word(row) {
        return excerpt(word);
    }
    let Some(number) = cells.number(row) else { return "missing".to_owned() };
    match column.kind {
        ColumnKind::Flag => if number == 0 { "no" } else { "yes" }.to_owned(),
        ColumnKind::Decimal { scale } => Decimal::new(i128::from(number), scale).to_string(),
        ColumnKind::Date => day(number),
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

fn day(days_since_1970: i64) -> String {
    let day = i32::try_from(days_since_1970)
        .ok()
        .and_then(|it| Date::constant(1970, 1, 1).checked_add(it.days()).ok());
    day.map_or_else(|| "no day".to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::super::samples;
    use super::*;

    #[track_caller]
    fn check(column: &str, cell: Option<i64>, expected: &str) {
        let dataset = samples::pupils();
        let mut column = dataset.column(column).unwrap().clone();
        assert_eq!(shown(&column, &Cells::Numbers(vec![cell]), 0), expected);
        column.disclosure = Disclosure::Personal;
        assert_eq!(shown(&column, &Cells::Numbers(vec![cell]), 0), "not shown");
    }

    #[test]
    fn a_cell_is_shown_in_the_words_of_its_column() {
        check("year", Some(2024), "2024");
        check("boarding", Some(1), "yes");
        check("boarding", Some(0), "no");
        check("boarding", None, "missing");
    }

    #[test]
    fn dates_and_decimals() {
        let dataset = samples::pupils();
        let shown_as = |name: &str, number| {
            let mut column = dataset.column(name).unwrap().clone();
            column.disclosure = Disclosure::Public;
            shown(&column, &Cells::Numbers(vec![Some(number)]), 0)
        };
        assert_eq!(shown_as("birth", 18_506), "2020-09-01");
        assert_eq!(shown_as("birth", i64::MAX), "no day");
        assert_eq!(shown_as("height_cm", 1502), "150.2");
    }
}
