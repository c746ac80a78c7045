//! Field names of the JSON objects: others read them, so they stay.

use std::collections::BTreeSet;

use model::indicator::{Definition, Kind};
use model::target::Target;
use serde_json::Value;

use super::city::{City, baseline, number, org, target, term, year};
use crate::figures::Published;
use crate::figures::json::{FiguresObject, ScoreboardObject};

fn published() -> Published {
    let mut city = City::new(&[0]);
    city.dataset("facts", "district", &[], &["part", "whole"]);
    for at in [2020, 2021] {
        city.fact("facts", at, "11", &[], &[Some(9), Some(10)]);
    }
    let share = city.indicator("share", Kind::Share, vec![term("part")], vec![term("whole")]);
    share.baseline = baseline(2020, "90");
    share.targets = vec![target(Target::AtLeast { value: number("93"), by: year(2025) })];
    let first = share.definitions[0].clone();
    share.definitions.push(Definition { version: 2, kind: Kind::Ratio, ..first });
    city.publish()
}

/// Every path of names in a value; the members of a list share one.
fn paths(value: &Value, above: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{above}.{name}");
                paths(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(members) => members.iter().for_each(|it| paths(it, above, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The names below a place, without those that lead on into other objects.
fn names(value: &Value, below: &str) -> String {
    let mut found = BTreeSet::new();
    paths(value, "", &mut found);
    let prefix = format!("{below}.");
    let own = found.iter().filter_map(|it| it.strip_prefix(&prefix)).filter(|it| !it.contains('.'));
    own.collect::<Vec<_>>().join(" ")
}

const FIGURE: &str = "coverage denominator numerator observation value year";
const TARGET: &str = "by clauses label printed type value";

#[test]
fn of_the_scoreboard() {
    let published = published();
    let board = published.scoreboard(&org("1"), year(2021)).unwrap();
    let value = serde_json::to_value(ScoreboardObject::of(&published, &board)).unwrap();
    let check = |below: &str, expected: &str| assert_eq!(names(&value, below), expected, "{below}");
    check("", "counts groups organisation release year");
    check(".release", "id known_at plan plan_version recorded_at tables");
    check(".organisation", "code level name");
    check(".counts", "behind met missed no_data not_due on_track");
    check(".groups", "code counts is_table name standings");
    check(
        ".groups.standings",
        "alternatives change definition distance figure indicator path series status target",
    );
    check(
        ".groups.standings.indicator",
        "baseline binding clauses code decimals direction finest_level group name number unit",
    );
    check(".groups.standings.indicator.baseline", "printed value year");
    check(".groups.standings.definition", "kind label note source version");
    check(".groups.standings.figure", FIGURE);
    check(".groups.standings.figure.coverage", "expected reported");
    check(".groups.standings.series", FIGURE);
    check(".groups.standings.target", TARGET);
    check(".groups.standings.change", "by trend");
    check(".groups.standings.alternatives", "definition distance figure status target");
}

#[test]
fn of_figures() {
    let published = published();
    let object = FiguresObject::of(&published, "share", "district", None, &[year(2021)]).unwrap();
    let value = serde_json::to_value(object).unwrap();
    assert_eq!(names(&value, ""), "definition hierarchy indicator level release rows");
    let row = "code coverage denominator distance name numerator observation status value year";
    assert_eq!(names(&value, ".rows"), row);
}
