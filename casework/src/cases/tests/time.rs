//! What time does: a year in a moment, the same instant twice, and years whose holidays come later.

use network::testing::Counting;

use crate::calendar::Calendar;
use crate::cases::{Asked, Ticked, begin, get, history, step, tick};
use crate::expression::Value;
use crate::lists::{Filter, inbox, list, overdue};
use crate::office::Office;
use crate::testing::{actor, files, office, root, time};

fn reported(number: &str) -> Asked {
    let change = [
        ("pupil", "李小河"),
        ("pupil_number", number),
        ("grade", "8"),
        ("absent_since", "2026-03-02"),
    ];
    let change = change.map(|(name, value)| (name.to_owned(), Value::text(value))).into();
    Asked { step: "report".to_owned(), change, ..Asked::default() }
}

#[tokio::test]
async fn a_year_passes_in_a_moment_and_the_same_instant_twice_is_once() {
    let office = office().await;
    let mut entropy = Counting::default();
    let begun_at = time("2026-01-05T09:00");
    office.publish("drop-out", &files("drop-out"), begun_at).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let city = actor("planner", "12", &mut entropy);
    let school = "2112000101".parse().unwrap();
    for number in 0..5 {
        let begun =
            begin(&office, &clerk, "drop-out", &school, begun_at, &mut entropy).await.unwrap();
        let asked = reported(&format!("G1101051949123100{number}X"));
        step(&office, &clerk, begun.id, &asked, begun_at, &mut entropy).await.unwrap();
    }
    let mut all = Ticked::default();
    let mut day = begun_at;
    for _ in 0..365 {
        day = day.checked_add(jiff::Span::new().hours(24)).unwrap();
        let ticked = tick(&office, day, &mut entropy).await.unwrap();
        assert_eq!(tick(&office, day, &mut entropy).await.unwrap(), Ticked::default(), "{day}");
        all.reminded += ticked.reminded;
        all.overdue += ticked.overdue;
        all.taken += ticked.taken;
    }
    // Each goes to the district, then to the city, and waits there overdue: two reminders, two steps of the clock.
    assert_eq!((all.reminded, all.taken, all.overdue), (10, 10, 5));
    let board = overdue(&office, &city).await.unwrap();
    let board: Vec<_> = board.iter().map(|it| (it.count, it.states.clone())).collect();
    assert_eq!(board, [(5, ["city".to_owned()].into())]);
    assert_eq!(inbox(&office, &city).await.unwrap().len(), 5);
    let listed =
        list(&office, &city, &Filter { only_overdue: true, ..Filter::default() }).await.unwrap();
    assert_eq!(listed.len(), 5);
    assert_eq!(
        history(&office, &clerk, listed[0].id, time("2026-03-03T09:00")).await.unwrap().len(),
        7
    );
}

#[tokio::test]
async fn a_limit_moves_when_the_holidays_of_its_year_are_published() {
    let store = store::testing::open().await;
    let text = std::fs::read_to_string(root().join("rules/calendars/china.toml")).unwrap();
    let (before, _) = text.split_once("[[year]]\nyear = 2026").unwrap();
    let early = Calendar::read("china.toml", before).unwrap();
    crate::testing::office_of(store.clone()).await;
    let office = Office::new(store.clone(), [early]);
    let mut entropy = Counting::default();
    let at = time("2026-02-12T09:00");
    office.publish("drop-out", &files("drop-out"), at).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let begun = begin(&office, &clerk, "drop-out", &school, at, &mut entropy).await.unwrap();
    let case = step(&office, &clerk, begun.id, &reported("G11010519491231002X"), at, &mut entropy)
        .await
        .unwrap();
    let limit = case.deadlines.last().unwrap();
    assert_eq!((limit.due_on.to_string().as_str(), limit.is_estimated), ("2026-02-26", true));

    let office = Office::new(store, [crate::testing::china()]);
    let ticked = tick(&office, time("2026-02-13T08:00"), &mut entropy).await.unwrap();
    assert_eq!(ticked, Ticked { moved: 1, ..Ticked::default() });
    let open = get(&office, &clerk, begun.id, at).await.unwrap();
    let limit = open.case.deadlines.last().unwrap();
    // The Spring Festival takes six weekdays, the 14th and 28th make up for two of them.
    assert_eq!((limit.due_on.to_string().as_str(), limit.is_estimated), ("2026-03-04", false));
}

#[tokio::test]
async fn lists_show_what_the_scope_holds_and_what_one_is_a_party_to() {
    let office = office().await;
    let mut entropy = Counting::default();
    let at = time("2026-03-02T09:00");
    office.publish("drop-out", &files("drop-out"), at).await.unwrap();
    let mut begin_at = async |code: &str| {
        let clerk = actor("school_clerk", code, &mut entropy);
        let begun = begin(&office, &clerk, "drop-out", &code.parse().unwrap(), at, &mut entropy)
            .await
            .unwrap();
        let asked = reported(&format!("G110105194912310{}", &code[7..]));
        step(&office, &clerk, begun.id, &asked, at, &mut entropy).await.unwrap();
        clerk
    };
    let one = begin_at("2112000101").await;
    begin_at("2112000102").await;
    begin_at("2112000201").await;
    let mut entropy = Counting::default();
    for _ in 0..900 {
        model::Entropy::fill(&mut entropy, &mut [0; 8]);
    }
    let count = async |actor: &crate::Actor, filter: Filter| {
        list(&office, actor, &filter).await.unwrap().len()
    };
    let district = actor("district_officer", "120101", &mut entropy);
    let city = actor("planner", "12", &mut entropy);
    let teacher = actor("teacher", "2112000101", &mut entropy);
    assert_eq!(count(&one, Filter::default()).await, 1);
    assert_eq!(count(&district, Filter::default()).await, 2);
    assert_eq!(count(&city, Filter::default()).await, 3);
    // A teacher has no part in the procedure, though the school is in scope.
    assert_eq!(count(&teacher, Filter::default()).await, 0);
    let words = |it: &str| Filter { words: it.to_owned(), ..Filter::default() };
    assert_eq!(count(&city, words("李小河")).await, 3);
    assert_eq!(count(&city, words("kc-2026-000002")).await, 1);
    assert_eq!(count(&city, words("%")).await, 0);
    let about = |it: &str| Filter { organisation: it.to_owned(), ..Filter::default() };
    assert_eq!(count(&city, about("2112000201")).await, 1);
    assert_eq!(count(&city, about("120101")).await, 2, "of all schools below it");
    assert_eq!(count(&city, about("12")).await, 3);
    assert_eq!(count(&district, about("120102")).await, 0, "and never more than one sees");
    let state = |it: &str| Filter { state: it.to_owned(), only_open: true, ..Filter::default() };
    assert_eq!(
        (count(&city, state("school")).await, count(&city, state("district")).await),
        (3, 0)
    );
    let page = list(&office, &city, &Filter::default()).await.unwrap();
    let rest = Filter { after: Some(page[0].id), ..Filter::default() };
    assert_eq!(count(&city, rest).await, 2);
}
