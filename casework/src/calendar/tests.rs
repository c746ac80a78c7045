use super::*;

fn china() -> Calendar {
    Calendar::read("china.toml", include_str!("../../../rules/calendars/china.toml")).unwrap()
}

fn check(from: &str, period: &str, expected: &str) {
    let end = china().end(from.parse().unwrap(), period.parse().unwrap());
    let shown = format!("{}{}", end.day, if end.is_estimated { " estimated" } else { "" });
    assert_eq!(shown, expected, "{period} from {from}");
}

#[test]
fn a_working_day_is_counted_across_holidays_and_the_days_that_make_up_for_them() {
    // Wednesday 2025-09-24, 10:00 in the city: Sunday the 28th makes up, 1 to 8 October are off, Saturday the 11th makes up.
    check("2025-09-24T02:00:00Z", "5 working days", "2025-09-30");
    check("2025-09-24T02:00:00Z", "7 working days", "2025-10-10");
    check("2025-09-24T02:00:00Z", "9 working days", "2025-10-13");
}

#[test]
fn the_day_begins_at_the_citys_midnight() {
    // Sunday evening in London is Monday in the city, so that the first day counted is Tuesday.
    check("2025-06-15T17:00:00Z", "1 working day", "2025-06-17");
    check("2025-06-15T15:59:00Z", "1 working day", "2025-06-16");
}

#[test]
fn months_and_years_end_on_a_day_that_exists() {
    check("2024-01-31T02:00:00Z", "1 month", "2024-02-29");
    check("2024-02-29T02:00:00Z", "1 year", "2025-02-28");
    check("2024-02-29T02:00:00Z", "3 days", "2024-03-03");
}

#[test]
fn a_year_that_is_not_published_is_counted_by_weekdays_and_said_so() {
    check("2026-12-31T02:00:00Z", "1 working day", "2027-01-01 estimated");
    check("2026-12-30T02:00:00Z", "1 working day", "2026-12-31");
}

#[test]
fn the_end_of_a_period_is_the_midnight_after_its_last_day() {
    let end = china().end("2025-06-16T02:00:00Z".parse().unwrap(), "1 day".parse().unwrap());
    assert_eq!(end.at.to_string(), "2025-06-17T16:00:00Z");
}

#[test]
fn a_reminder_is_counted_back_over_the_same_days() {
    let before = |period: &str| {
        let calendar = china();
        let at = calendar.before("2025-10-11".parse().unwrap(), period.parse().unwrap());
        calendar.day(at).to_string()
    };
    assert_eq!(before("3 working days"), "2025-09-30");
    assert_eq!(before("2 days"), "2025-10-09");
}

#[test]
fn what_is_no_calendar_is_told_with_its_line() {
    let text = "name = \"x\"\ntitle = { zh = \"甲\", en = \"x\" }\noffset = \"8\"\n[[year]]\nyear = 2025\n\
                holidays = [\"02-30\", \"10-04\"]\nworking = [\"10-06\"]\n";
    let faults = Calendar::read("x.toml", text).unwrap_err();
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    x.toml:3: `8` is no distance from UTC; write it as `+08:00`
    x.toml:6: `02-30` is no day of the year; write month and day, such as `10-01`
    x.toml:4: 2025-10-04 is a weekend; leave it out of `holidays`
    x.toml:4: 2025-10-06 is no weekend; leave it out of `working`
    ");
}

#[test]
fn what_is_no_period_is_refused() {
    for text in ["", "5", "0 days", "-1 days", "5 weeks", "1001 years", "5  days"] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
    assert_eq!("1 working days".parse::<Period>().unwrap().to_string(), "1 working day");
}
