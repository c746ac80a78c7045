//! Standings, scoreboards and rankings.

use model::indicator::{Definition, Kind};
use model::target::{Direction, Status, Target};

use super::city::{City, baseline, number, org, target, term, year};
use crate::figures::Trend;
use crate::figures::json::{FiguresObject, ScoreboardObject};

/// Two districts whose share of the whole grows by two points a year, the second from further below.
fn growing() -> City {
    let mut city = City::new(&[0, 0, 0]);
    city.dataset("facts", "district", &[], &["part", "whole"]);
    for at in 2020..=2023_u16 {
        let grown = 2 * i128::from(at - 2020);
        city.fact("facts", at, "11", &[], &[Some(60 + grown), Some(100)]);
        city.fact("facts", at, "12", &[], &[Some(40 + grown), Some(100)]);
    }
    let share = city.indicator("share", Kind::Share, vec![term("part")], vec![term("whole")]);
    share.baseline = baseline(2020, "50");
    share.targets = vec![target(Target::AtLeast { value: number("60"), by: year(2025) })];
    city
}

#[test]
fn a_district_is_held_against_its_own_baseline() {
    let published = growing().publish();
    let city = published.standing("share", &org("1"), year(2022)).unwrap();
    assert_eq!(city.judgement.unwrap().status, Status::OnTrack);
    assert_eq!(city.judgement.unwrap().distance, Some(number("6")));
    assert_eq!(city.path, Some(number("54")));
    assert_eq!(city.change.unwrap().trend, Trend::Better);
    assert_eq!(city.change.unwrap().by, number("2"));
    assert_eq!(city.series.len(), 6);
    let ahead = published.standing("share", &org("11"), year(2022)).unwrap();
    assert_eq!(ahead.judgement.unwrap().status, Status::Met);
    let below = published.standing("share", &org("12"), year(2022)).unwrap();
    assert_eq!(below.judgement.unwrap().status, Status::Behind);
    assert_eq!(below.path, Some(number("48")));
    let silent = published.standing("share", &org("13"), year(2022)).unwrap();
    assert_eq!(silent.judgement.unwrap().status, Status::NoData);
    assert_eq!(silent.change, None);
}

#[test]
fn a_year_of_a_history_is_judged_as_a_ranking_of_that_year() {
    let published = growing().publish();
    for code in ["11", "12", "13"] {
        let standing = published.standing("share", &org(code), year(2023)).unwrap();
        for at in 2020..=2025 {
            let ranking = published.ranking("share", "district", None, year(at)).unwrap();
            let ranked = ranking.rows.iter().find(|it| it.org.code == org(code)).unwrap();
            assert_eq!(standing.judged(year(at)), ranked.judgement, "{code} in {at}");
        }
        assert_eq!(standing.judged(year(2026)), None);
    }
}

#[test]
fn lower_may_be_better_in_trends_and_ranks() {
    let mut city = growing();
    city.plan.indicators[0].direction = Direction::Down;
    city.plan.indicators[0].targets =
        vec![target(Target::AtMost { value: number("48.5"), by: year(2025) })];
    let published = city.publish();
    let standing = published.standing("share", &org("1"), year(2021)).unwrap();
    assert_eq!(standing.change.unwrap().trend, Trend::Worse);
    assert_eq!(standing.judgement.unwrap().status, Status::Behind);
    let ranking = published.ranking("share", "district", None, year(2021)).unwrap();
    let codes: Vec<_> = ranking.rows.iter().map(|it| (it.place, it.org.code.as_str())).collect();
    assert_eq!(codes, [(Some(1), "12"), (Some(2), "11"), (None, "13")]);
}

#[test]
fn equal_values_share_a_place() {
    let mut city = City::new(&[0, 0, 0, 0]);
    city.dataset("facts", "district", &[], &["part"]);
    for (code, value) in [("11", 5), ("12", 9), ("13", 9), ("14", 1)] {
        city.fact("facts", 2021, code, &[], &[Some(value)]);
    }
    city.indicator("count", Kind::Count, vec![term("part")], vec![]);
    let published = city.publish();
    let ranking = published.ranking("count", "district", Some(&org("1")), year(2021)).unwrap();
    let places: Vec<_> = ranking.rows.iter().map(|it| it.place.unwrap()).collect();
    assert_eq!(places, [1, 1, 3, 4]);
    let within = published.ranking("count", "district", Some(&org("12")), year(2021)).unwrap();
    assert_eq!(within.rows.len(), 1);
}

#[test]
fn the_number_set_for_the_city_does_not_bind_a_districts_count() {
    let mut city = growing();
    let count = city.indicator("count", Kind::Count, vec![term("part")], vec![]);
    count.targets = vec![target(Target::AtLeast { value: number("500"), by: year(2025) })];
    let published = city.publish();
    let of = |code: &str| published.standing("count", &org(code), year(2023)).unwrap().judgement;
    assert_eq!(of("11"), None);
    assert_eq!(of("1").unwrap().status, Status::Behind);
}

#[test]
fn two_definitions_and_two_targets_stand_side_by_side() {
    let mut city = growing();
    let share = &mut city.plan.indicators[0];
    let first = share.definitions[0].clone();
    share.definitions.push(Definition { version: 2, kind: Kind::Ratio, ..first.clone() });
    share.definitions.push(Definition { version: 3, kind: Kind::Count, ..first });
    let mut other = target(Target::Exceed { value: number("60"), by: year(2025) });
    share.targets.push(other.clone());
    other.definition = Some(2);
    share.targets.push(other);
    let published = city.publish();
    let standing = published.standing("share", &org("1"), year(2023)).unwrap();
    let shown: Vec<_> = standing
        .alternatives
        .iter()
        .map(|it| {
            let value = it.figure.as_ref().unwrap().value.unwrap().to_string();
            (it.definition.version, value, it.judgement.map(|it| it.status))
        })
        .collect();
    assert_eq!(
        shown,
        [
            (1, "56.0".to_owned(), Some(Status::OnTrack)),
            (2, "0.6".to_owned(), Some(Status::Behind)),
            (3, "112.0".to_owned(), None),
        ]
    );
}

#[test]
fn a_scoreboard_counts_every_status() {
    let mut city = growing();
    city.indicator("quiet", Kind::Count, vec![term("part")], vec![]);
    let published = city.publish();
    let board = published.scoreboard(&org("12"), year(2023)).unwrap();
    assert_eq!(board.groups.len(), 1);
    assert_eq!(board.groups[0].standings.len(), 2);
    assert_eq!(board.counts.len(), Status::ALL.len());
    assert_eq!(board.counts[&Status::Behind], 1);
    assert_eq!(board.counts.values().sum::<usize>(), 1);
    assert!(published.scoreboard(&org("99"), year(2023)).is_none());
}

#[test]
fn a_release_gives_the_same_bytes_whoever_asks_first() {
    let board = |warm: bool| {
        let published = growing().publish();
        if warm {
            let _ = published.ranking("share", "district", None, year(2023));
            let _ = published.on_cut(year(2021)).series("share", None, &org("11"));
        }
        let board = published.scoreboard(&org("1"), year(2022)).unwrap();
        serde_json::to_string_pretty(&ScoreboardObject::of(&published, &board)).unwrap()
    };
    assert_eq!(board(false), board(true));
}

#[test]
fn figures_as_csv() {
    let published = growing().publish();
    let object = FiguresObject::of(&published, "share", "district", None, &[year(2022)]).unwrap();
    assert_eq!(
        crate::figures::csv::figures(&object),
        "code,name_zh,name_en,year,value,numerator,denominator,reported,expected,observation,status,distance\r\n\
         11,11,11,2022,64.0,64,100,1,1,reported,met,0.0\r\n\
         12,12,12,2022,44.0,44,100,1,1,reported,behind,16.0\r\n\
         13,13,13,2022,,,,0,1,missing,no_data,\r\n"
    );
}
