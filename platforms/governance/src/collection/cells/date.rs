//! Dates as people and spreadsheets write them.

use jiff::civil::Date;

use super::{Unreadable, plain, spreadsheet_fault};

/// Days since 1970-01-01 of a date: `2020-09-01`, `2020/9/1`, `2020.9.1`, `2020年9月1日`,
/// `20200901`, a spreadsheet's day number, each with a time of midnight behind it or none.
pub(in super::super) fn date(text: &str) -> Result<i64, Unreadable> {
    let text = plain(text);
    if let Some(fault) = spreadsheet_fault(&text) {
        return Err(fault);
    }
    let day =
        text.split_once(['T', ' ']).filter(|(_, time)| is_midnight(time)).map_or(&*text, |it| it.0);
    let parts: Vec<&str> = day
        .trim_end_matches(['日', '号'])
        .split(['-', '/', '.', '年', '月'])
        .map(str::trim)
        .collect();
    match *parts.as_slice() {
        [whole] | [whole, "0"] => from_digits(whole),
        [year, month, day] => from_parts(year, month, day),
        _ => Err(Unreadable::Shape),
    }
}

fn is_midnight(time: &str) -> bool {
    time.bytes().all(|it| matches!(it, b'0' | b':' | b'.' | b'Z'))
}

fn from_digits(digits: &str) -> Result<i64, Unreadable> {
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Unreadable::Shape);
    }
    match digits.len() {
        8 => {
            let (year, rest) = digits.split_at(4);
            let (month, day) = rest.split_at(2);
            from_parts(year, month, day)
        }
        1..=5 => from_serial(digits.parse().map_err(|_| Unreadable::Shape)?),
        _ => Err(Unreadable::Shape),
    }
}

/// A spreadsheet counts days from 1899-12-30, as it believes in a 29 February 1900; its first two
/// months are taken for a slip.
fn from_serial(serial: i64) -> Result<i64, Unreadable> {
    const EPOCH: i64 = 25_569;
    if serial > 60 { Ok(serial - EPOCH) } else { Err(Unreadable::Shape) }
}

fn from_parts(year: &str, month: &str, day: &str) -> Result<i64, Unreadable> {
    let is_plain =
        |it: &&str| !it.is_empty() && it.len() <= 4 && it.bytes().all(|it| it.is_ascii_digit());
    if ![year, month, day].iter().all(is_plain) {
        return Err(Unreadable::Shape);
    }
    if year.len() != 4 {
        return Err(Unreadable::Ambiguous);
    }
    let whole = |it: &str| it.parse::<i16>().map_err(|_| Unreadable::Shape);
    let small = |it: &str| it.parse::<i8>().map_err(|_| Unreadable::NoSuchDay);
    let date =
        Date::new(whole(year)?, small(month)?, small(day)?).map_err(|_| Unreadable::NoSuchDay)?;
    days_since_1970(date)
}

fn days_since_1970(date: Date) -> Result<i64, Unreadable> {
    let span = Date::constant(1970, 1, 1).until(date).map_err(|_| Unreadable::NoSuchDay)?;
    Ok(i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Unreadable>) {
        let shown = date(text).map(|it| {
            let days = i32::try_from(it).unwrap();
            (Date::constant(1970, 1, 1) + jiff::Span::new().days(days)).to_string()
        });
        assert_eq!(shown, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn dates_as_people_write_them() {
        for text in [
            "2020-09-01",
            "2020/9/1",
            "2020.9.1",
            "2020年9月1日",
            "20200901",
            "44075",
            "44075.0",
            "2020-09-01 00:00:00",
            "2020-09-01T00:00:00.000Z",
            "２０２０－０９－０１",
            " 2020-09-01 ",
        ] {
            check(text, Ok("2020-09-01"));
        }
        check("1880-01-01", Ok("1880-01-01"));
    }

    #[test]
    fn what_is_no_date() {
        check("2023-02-30", Err(Unreadable::NoSuchDay));
        check("2023-13-01", Err(Unreadable::NoSuchDay));
        check("2023-900-01", Err(Unreadable::NoSuchDay));
        check("20/9/1", Err(Unreadable::Ambiguous));
        check("9/1/2020", Err(Unreadable::Ambiguous));
        check("1 September 2020", Err(Unreadable::Shape));
        check("2020-09-01 13:30", Err(Unreadable::Shape));
        check("", Err(Unreadable::Shape));
        check("7", Err(Unreadable::Shape));
        check("=TODAY()", Err(Unreadable::Formula));
    }
}
