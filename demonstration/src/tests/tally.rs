//! Counts the rows of the city as the plan's measures do, without the lake: slow, plain, apart.

use std::collections::{BTreeMap, BTreeSet};

use model::block::Block;
use model::dataset::{ColumnKind, Dataset};
use model::organisation::Organisation;
use model::plan::Plan;

use crate::{Batch, Wave};

/// Sums by name and year, over the rows that a check would accept.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) sums: BTreeMap<(&'static str, i64), i64>,
    seen: BTreeMap<(&'static str, i64), BTreeSet<(i64, i64)>>,
    /// Rows, rows sent twice, rows with a value out of range, and cells of optional columns, empty or not.
    pub(super) rows: BTreeMap<&'static str, u64>,
    pub(super) doubled: u64,
    pub(super) impossible: u64,
    pub(super) late: u64,
    pub(super) cells: u64,
    pub(super) empty: u64,
}

/// One row with its columns by name.
struct Row<'a> {
    dataset: &'a Dataset,
    block: &'a Block,
    at: usize,
}

impl<'a> Row<'a> {
    fn place(&self, name: &str) -> usize {
        self.dataset.columns.iter().position(|it| it.name == name).unwrap()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.block.columns[self.place(name)].number(self.at)
    }

    fn word(&self, name: &str) -> Option<&'a str> {
        self.block.columns[self.place(name)].word(self.at)
    }

    fn flag(&self, name: &str) -> bool {
        self.number(name) == Some(1)
    }

    /// Whether all values lie in their ranges.
    fn is_possible(&self) -> bool {
        self.dataset.columns.iter().enumerate().all(|(place, column)| {
            let scale = if let ColumnKind::Decimal { scale } = column.kind { scale } else { 0 };
            let value = self.block.columns[place].number(self.at);
            match (&column.range, value) {
                (Some((low, high)), Some(value)) => {
                    let value = model::Decimal::new(i128::from(value), scale);
                    *low <= value && value <= *high
                }
                _ => true,
            }
        })
    }

    /// What tells the row from others, as two numbers.
    fn key(&self) -> (i64, i64) {
        let mut key = (0_i64, 0_i64);
        for name in &self.dataset.key {
            let part = match self.word(name) {
                Some(word) => word.bytes().fold(7, |sum: i64, it| {
                    sum.wrapping_mul(1_000_003).wrapping_add(i64::from(it))
                }),
                None => self.number(name).unwrap_or(-1),
            };
            key = (key.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(part), key.1 ^ part);
        }
        key
    }
}

const COMPULSORY: [&str; 5] =
    ["primary", "nine_year", "junior", "complete_secondary", "twelve_year"];

impl Tally {
    pub(super) fn add(
        &mut self,
        plan: &Plan,
        schools: &BTreeMap<String, Organisation>,
        batch: &Batch,
    ) {
        let dataset = &plan.datasets[batch.dataset];
        *self.rows.entry(batch.dataset).or_default() += u64::try_from(batch.block.len()).unwrap();
        for column in &batch.block.columns {
            assert_eq!(
                column.len(),
                batch.block.len(),
                "{} has columns of one length",
                batch.dataset
            );
        }
        for at in 0..batch.block.len() {
            let row = Row { dataset, block: &batch.block, at };
            let year = row.number("year").unwrap();
            assert_eq!(year, i64::from(batch.year.number()));
            let seen = self.seen.entry((batch.dataset, year)).or_default();
            if batch.wave == Wave::Late {
                assert!(
                    seen.contains(&row.key()) || year > 2020,
                    "a correction is of an earlier row"
                );
                self.late += 1;
                continue;
            }
            if !row.is_possible() {
                self.impossible += 1;
                continue;
            }
            if !seen.insert(row.key()) {
                self.doubled += 1;
                continue;
            }
            self.count(&row, year, schools);
        }
    }

    fn put(&mut self, name: &'static str, year: i64, count: i64) {
        *self.sums.entry((name, year)).or_default() += count;
    }

    pub(super) fn of(&self, name: &'static str, year: i64) -> i64 {
        self.sums.get(&(name, year)).copied().unwrap_or(0)
    }

    fn count(&mut self, row: &Row<'_>, year: i64, schools: &BTreeMap<String, Organisation>) {
        for (place, column) in row.dataset.columns.iter().enumerate() {
            let tests = row.dataset.name == "fitness_tests" || column.name == "recognised_on";
            if !column.required && !tests {
                let cells = &row.block.columns[place];
                self.cells += 1;
                self.empty +=
                    u64::from(cells.number(row.at).is_none() && cells.word(row.at).is_none());
            }
        }
        let one = i64::from;
        let school = |name: &str| &schools[row.word(name).unwrap()];
        match row.dataset.name.as_str() {
            "kindergartens" => {
                let children = row.number("children").unwrap();
                let public = row.word("founder") != Some("private");
                self.put("children", year, children);
                self.put("public", year, if public { children } else { 0 });
                self.put(
                    "inclusive",
                    year,
                    if public || row.flag("inclusive") { children } else { 0 },
                );
            }
            "population" => {
                let (age, persons) = (row.number("age").unwrap(), row.number("persons").unwrap());
                self.put("by_age", year, persons);
                for (name, ages) in [("3-5", 3..=5), ("15-17", 15..=17), ("18-22", 18..=22)] {
                    self.put(name, year, if ages.contains(&age) { persons } else { 0 });
                }
            }
            "population_totals" => self.put("residents", year, row.number("persons").unwrap()),
            "enrolments" => {
                let stage = row.word("stage").unwrap();
                let senior = matches!(stage, "senior" | "vocational");
                self.put("senior", year, one(senior));
                self.put("primary", year, one(stage == "primary"));
                self.put("junior", year, one(stage == "junior"));
                self.put("preschool", year, one(stage == "preschool"));
                self.put("ninth", year, one(row.word("grade") == Some("G9")));
            }
            "grade_one_history" => self.put("first", year, row.number("pupils").unwrap()),
            "cohort_changes" => {
                for name in ["transferred_in", "transferred_out", "died"] {
                    self.put(name, year, row.number(name).unwrap());
                }
            }
            "higher_enrolments" => {
                self.put("converted", year, row.number("converted").unwrap());
                let counted = ["undergraduate", "vocational_college", "postgraduate", "adult"];
                let counts = counted.contains(&row.word("kind").unwrap());
                self.put(
                    "students",
                    year,
                    if counts { row.number("students").unwrap() } else { 0 },
                );
            }
            "attainment" if row.word("age_group") == Some("working") => {
                self.schooling(row, year, ["working_years", "working"]);
            }
            "new_entrants" => self.schooling(row, year, ["entrants_years", "entrants"]),
            "lifelong_participations" => {
                self.put("lifelong", year, row.number("participations").unwrap());
            }
            "institutions" => {
                let compulsory = COMPULSORY.contains(&school("school").kind.as_str());
                self.put("compulsory_schools", year, one(compulsory));
            }
            "school_zones" => {
                // Once for a school, whatever it belongs to.
                let first = row.word("kind") == Some("zone");
                self.put("zoned", year, one(first));
            }
            "classes" => {
                let compulsory = matches!(row.word("stage"), Some("primary" | "junior"));
                self.put("classes", year, one(compulsory));
                self.put("large", year, one(compulsory && row.number("pupils").unwrap() >= 56));
                self.put("class_pupils", year, row.number("pupils").unwrap());
            }
            "teachers" => self.teacher(row, year, &school("school").area_class),
            "recognised_districts" => {
                let national = row.word("recognition") == Some("national");
                self.put("balanced", year, one(national && row.word("kind") == Some("balanced")));
            }
            "fitness_tests" => {
                let graded = !row.flag("exempt") && row.word("fitness_grade").is_some();
                let good = matches!(row.word("fitness_grade"), Some("excellent" | "good"));
                self.put("graded", year, one(graded));
                self.put("good", year, one(graded && good));
            }
            "vision_screenings" if row.word("round") == Some("autumn") => self.eyes(row, year),
            "wireless_coverage" => {
                self.put("measured", year, 1);
                self.put("covered", year, one(row.word("coverage") == Some("full")));
            }
            "dual_qualification" => {
                self.put("vocational_teachers", year, 1);
                self.put("dual", year, one(row.flag("dual_qualified")));
            }
            "postgraduates" => {
                let known = ["campus_supervisor", "industry_supervisor"];
                let known = known.iter().all(|it| row.number(it).is_some());
                let counts = known && row.word("degree_type") == Some("professional");
                let both = row.flag("campus_supervisor") && row.flag("industry_supervisor");
                self.put("professional", year, one(counts));
                self.put("two", year, one(counts && both));
            }
            _ => {}
        }
    }

    fn schooling(&mut self, row: &Row<'_>, year: i64, names: [&'static str; 2]) {
        let persons = row.number("persons").unwrap();
        let years = match row.word("level").unwrap() {
            "primary" => 6,
            "junior" => 9,
            "senior" => 12,
            "college" => 15,
            "bachelor" | "college_plus" => 16,
            "postgraduate" => 19,
            _ => 0,
        };
        self.put(names[0], year, persons * years);
        self.put(names[1], year, persons);
    }

    fn teacher(&mut self, row: &Row<'_>, year: i64, class: &str) {
        let known = row.flag("full_time") && row.word("degree").is_some();
        let at_least = |degrees: &[&str]| known && degrees.contains(&row.word("degree").unwrap());
        match row.word("stage").unwrap() {
            "primary" | "junior" if class != "urban" => {
                self.put("rural_teachers", year, i64::from(known));
                let bachelor = at_least(&["bachelor", "master", "doctor"]);
                self.put("rural_bachelors", year, i64::from(bachelor));
            }
            "higher" => {
                self.put("lecturers", year, i64::from(known));
                self.put("masters", year, i64::from(at_least(&["master", "doctor"])));
            }
            _ => {}
        }
    }

    fn eyes(&mut self, row: &Row<'_>, year: i64) {
        if !matches!(row.word("stage"), Some("primary" | "junior" | "senior" | "vocational")) {
            return;
        }
        let lenses = row.flag("orthokeratology");
        let of = |side: &str| {
            let acuity = row.number(&format!("acuity_{side}"))?;
            let sphere = row.number(&format!("sphere_{side}"))?;
            let cylinder = row.number(&format!("cylinder_{side}"))?;
            Some(acuity < 50 && 2 * sphere + cylinder <= -100)
        };
        let (right, left) = (of("right"), of("left"));
        if lenses || (right.is_some() && left.is_some()) {
            self.put("screened", year, 1);
            let myopic = lenses || right == Some(true) || left == Some(true);
            self.put("myopic", year, i64::from(myopic));
        }
    }

    /// Numerator, denominator and factor of an indicator of the plan's table.
    pub(super) fn quotient(&self, number: u16, year: i64) -> (i64, i64, i64) {
        let of = |name| self.of(name, year);
        match number {
            1 => (of("children"), of("3-5"), 100),
            2 => (
                of("ninth") - of("transferred_in") + of("transferred_out"),
                self.of("first", year - 8) - of("died"),
                100,
            ),
            3 => (of("senior"), of("15-17"), 100),
            // Converted students are in hundredths.
            4 => (of("converted"), of("18-22"), 1),
            5 => (of("students"), self.of("residents", year - 1), 100_000),
            6 => (of("working_years"), of("working"), 1),
            7 => (of("entrants_years"), of("entrants"), 1),
            8 => (of("lifelong"), 1, 1),
            9 => (of("public"), of("children"), 100),
            10 => (of("inclusive"), of("children"), 100),
            11 => (of("zoned"), of("compulsory_schools"), 100),
            12 => (of("large"), of("classes"), 100),
            13 => (of("rural_bachelors"), of("rural_teachers"), 100),
            14 => (of("balanced"), 16, 100),
            15 => (of("good"), of("graded"), 100),
            16 => (of("myopic"), of("screened"), 100),
            17 => (of("covered"), of("measured"), 100),
            18 => (of("dual"), of("vocational_teachers"), 100),
            19 => (of("masters"), of("lecturers"), 100),
            20 => (of("two"), of("professional"), 100),
            other => panic!("the plan's table has no indicator {other}"),
        }
    }
}
