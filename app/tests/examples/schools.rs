//! `examples/small-schools`: a file of schools in another place, from its rows to its figures.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::centre::{Centre, Row, root, shared};

const FOLDER: &str = "examples/small-schools";
const YEAR: u16 = 2024;
/// Indicators that give a field of the expected totals by their value, and to how many digits.
const VALUES: [(&str, &str, u8); 9] = [
    ("SS-01", "schools", 0),
    ("SS-02", "students", 0),
    ("SS-03", "classes", 0),
    ("SS-04", "avg_class", 3),
    ("SS-05", "max_school", 0),
    ("SS-14", "teachers", 0),
    ("SS-15", "stu_per_teacher", 3),
    ("SS-23", "cv_weighted", 4),
    ("SS-24", "cv_unweighted", 4),
];
/// Indicators that give one by their numerator.
const NUMERATORS: [(&str, &str); 2] =
    [("SS-06", "schools_under_100"), ("SS-08", "schools_over_2000")];

#[test]
fn the_real_file_gives_the_expected_figures() {
    let file = shared("tw/primary_schools_113.csv");
    let expected = shared("tw/primary_schools_113.expected.json");
    let Some((file, expected)) = file.zip(expected) else { return on_the_fixture() };
    let centre = filled(&file);
    check(&centre, &expected);

    let whole = |indicator| centre.figure(indicator, "region", YEAR);
    assert_eq!(whole("SS-01").numerator(), 2_668);
    assert_eq!(whole("SS-03").numerator(), 52_398);
    assert_eq!(whole("SS-02").numerator(), 1_202_761);
    assert_eq!(whole("SS-18").numerator(), 623_204);
    assert_eq!(whole("SS-18").denominator() - whole("SS-18").numerator(), 579_557);
    assert_eq!(whole("SS-14").numerator(), 100_374);
    assert_eq!(whole("SS-21").denominator(), 213_751);
    assert_eq!(whole("SS-04").value.as_deref(), Some("22.954"));
    assert_eq!(whole("SS-15").value.as_deref(), Some("11.983"));
    assert_eq!(whole("SS-16").value.as_deref(), Some("8.3453"));
    assert_eq!(whole("SS-08").numerator(), 60);
    assert_eq!(whole("SS-06").numerator(), 1_031);
    assert_eq!(whole("SS-07").numerator(), 517);
    assert_eq!(whole("SS-09").numerator(), 13);
    assert_eq!(whole("SS-05").numerator(), 3_220);
    let grades = ["SS-27", "SS-28", "SS-29", "SS-30", "SS-31", "SS-32"].map(whole);
    let pupils = [181_971, 195_906, 206_317, 209_646, 198_119, 210_802];
    let classes = [8_060, 8_462, 8_940, 9_023, 8_756, 9_157];
    assert_eq!(grades.each_ref().map(|it| it.numerator()), pupils);
    assert_eq!(grades.each_ref().map(|it| it.denominator()), classes);
    let remote = ["SS-10", "SS-11", "SS-12"].map(|it| whole(it).numerator());
    assert_eq!(remote, [642 + 159 + 108, 159 + 108, 108]);
    assert_eq!(whole("SS-23").value.as_deref(), Some("0.5578"));
    assert_eq!(whole("SS-24").value.as_deref(), Some("0.9550"));
    assert_eq!((whole("SS-25").numerator(), whole("SS-25").denominator()), (11, 22));
    assert_eq!((whole("SS-26").numerator(), whole("SS-26").denominator()), (5, 22));
    // Schools that have a number of six years before.
    assert_eq!((whole("SS-22").numerator(), whole("SS-22").denominator()), (1_186_203, 1_151_877));
}

#[test]
fn the_invented_file_gives_its_own() {
    on_the_fixture();
}

fn on_the_fixture() {
    let folder = root().join(FOLDER);
    check(&filled(&folder.join("fixture.csv")), &folder.join("fixture.expected.json"));
}

/// A centre with the whole file in it.
fn filled(file: &Path) -> Centre {
    let centre = Centre::begin(FOLDER);
    let schools = u64::try_from(fs::read_to_string(file).unwrap().lines().count() - 1).unwrap();
    let import =
        |dataset: &str| centre.import(dataset, file, &format!("{FOLDER}/{dataset}.mapping.toml"));
    import("organisations");
    for (dataset, rows) in [("schools", 1), ("grades", 6), ("pupils", 12)] {
        let (said, findings) = import(dataset);
        let rows = rows * schools;
        let all = format!("{dataset}: {rows} rows read: {rows} added");
        assert!(said.starts_with(&all), "{said}");
        assert!(said.contains(" 0 refused (0 errors,"), "{said}");
        // Pupils without a class, and classes without pupils: kept, and told.
        let told = |word: &str| findings.iter().filter(|it| it[5].contains(word)).count();
        let (of_pupils, of_classes) = (told("a class where"), told("pupils where"));
        let expected = if dataset == "grades" { (2, 3) } else { (0, 0) };
        assert_eq!((of_pupils, of_classes), expected, "{dataset}: {findings:?}");
        assert_eq!(findings.len(), of_pupils + of_classes, "{dataset}: {findings:?}");
    }
    let (said, _) = import("grades");
    assert!(said.contains(&format!("0 replaced, {} unchanged", 6 * schools)), "{said}");
    assert!(said.ends_with("nothing changed\n"), "{said}");
    centre.run(&["compute"]);
    centre
}

/// Holds the figures of a centre against the totals of its file.
fn check(centre: &Centre, expected: &Path) {
    let expected: Value = serde_json::from_str(&fs::read_to_string(expected).unwrap()).unwrap();
    let counties = expected["by_county"].as_object().unwrap();
    for (indicator, field, digits) in VALUES {
        let close = |value: f64, expected: &Value, of: &str| {
            let off = (value - expected.as_f64().unwrap()).abs();
            let half = 0.500_1 * 0.1_f64.powi(digits.into());
            assert!(off <= half, "{indicator} {of}: {value}, expected {expected}");
        };
        let whole = centre.figure(indicator, "region", YEAR);
        close(whole.value(), &expected["all"][field], "all");
        let rows = centre.figures(indicator, "county", YEAR);
        assert_eq!(rows.len(), counties.len());
        for (county, row) in &rows {
            close(row.value(), &counties[county][field], county);
        }
    }
    for (indicator, field) in NUMERATORS {
        let whole = centre.figure(indicator, "region", YEAR);
        assert_eq!(Some(whole.numerator()), expected["all"][field].as_i64(), "{indicator}");
        for (county, row) in &centre.figures(indicator, "county", YEAR) {
            assert_eq!(Some(row.numerator()), counties[county][field].as_i64(), "{county}");
        }
    }
    teachers(centre, &expected);
    grades(centre, &expected);
    remoteness(centre, &expected);
    balance(centre, counties);
    levels(centre);
    other_years(centre);
}

/// Teachers per 100 pupils. The expected ones are the means that the variation goes round: teachers of
/// a school without pupils are not in them.
fn teachers(centre: &Centre, expected: &Value) {
    let check = |of: &str, totals: &Value, all: &Row, mean: &Row| {
        let [teachers, pupils] = ["teachers", "students"].map(|it| totals[it].as_i64().unwrap());
        assert_eq!((all.numerator(), all.denominator()), (teachers, pupils), "{of}");
        let mean: f64 = mean.denominator.as_deref().unwrap().parse().unwrap();
        let off = (100.0 * mean - totals["teachers_per_100"].as_f64().unwrap()).abs();
        assert!(off < 0.001, "{of}: {mean}");
    };
    let whole = |indicator| centre.figure(indicator, "region", YEAR);
    check("all", &expected["all"], &whole("SS-16"), &whole("SS-23"));
    let counties = |indicator| centre.figures(indicator, "county", YEAR);
    let means = counties("SS-23");
    for (county, all) in &counties("SS-16") {
        check(county, &expected["by_county"][county], all, &means[county]);
    }
}

fn grades(centre: &Centre, expected: &Value) {
    for grade in 1..=6 {
        let row = centre.figure(&format!("SS-{}", 26 + grade), "region", YEAR);
        let grade = format!("G{grade}");
        assert_eq!(Some(row.numerator()), expected["grade_students"][&grade].as_i64(), "{grade}");
        assert_eq!(Some(row.denominator()), expected["grade_classes"][&grade].as_i64(), "{grade}");
    }
    let of = |grades: &[&str]| -> i64 {
        grades.iter().map(|it| expected["grade_students"][it].as_i64().unwrap()).sum()
    };
    let cohort = |indicator| {
        let row = centre.figure(indicator, "region", YEAR);
        (row.numerator(), row.denominator())
    };
    assert_eq!(cohort("SS-19"), (of(&["G1"]), of(&["G6"])));
    assert_eq!(cohort("SS-20"), (of(&["G1", "G2", "G3"]), of(&["G4", "G5", "G6"])));
    assert_eq!(cohort("SS-21"), (of(&["G1"]), expected["graduates"].as_i64().unwrap()));
}

fn remoteness(centre: &Centre, expected: &Value) {
    let [remote, very, extremely] =
        ["SS-10", "SS-11", "SS-12"].map(|it| centre.figure(it, "region", YEAR).numerator());
    let schools = centre.figure("SS-01", "region", YEAR).numerator();
    let classes = [
        ("none", schools - remote),
        ("偏遠", remote - very),
        ("特偏", very - extremely),
        ("極偏", extremely),
    ];
    for (class, found) in classes {
        assert_eq!(Some(found), expected["remote"][class].as_i64(), "{class}");
    }
}

/// At 0.50 a county passes, and the whole counts those that do.
fn balance(centre: &Centre, counties: &serde_json::Map<String, Value>) {
    for (variation, passing, field) in
        [("SS-23", "SS-25", "cv_weighted"), ("SS-24", "SS-26", "cv_unweighted")]
    {
        let passes = |county: &str| counties[county][field].as_f64().unwrap() <= 0.5;
        for (county, row) in &centre.figures(variation, "county", YEAR) {
            let expected = if passes(county) { "met" } else { "missed" };
            assert_eq!(row.status.as_deref(), Some(expected), "{variation} {county}");
        }
        let all = centre.figure(passing, "region", YEAR);
        let expected = counties.keys().filter(|it| passes(it)).count();
        assert_eq!(usize::try_from(all.numerator()).unwrap(), expected, "{passing}");
        assert_eq!(usize::try_from(all.denominator()).unwrap(), counties.len());
        for (county, row) in &centre.figures(passing, "county", YEAR) {
            assert_eq!(row.numerator() == 1, passes(county), "{passing} {county}");
        }
    }
}

/// Every level adds up to the one above it, down to the school.
fn levels(centre: &Centre) {
    let words = ["figures", "--indicator", "SS-02", "--year", "2024", "--format", "csv", "--level"];
    let sum = |level: &str| -> (usize, i64) {
        let printed = centre.run(&[&words[..], &[level]].concat());
        let mut reader = csv::Reader::from_reader(printed.as_bytes());
        let values: Vec<i64> = reader.records().map(|it| it.unwrap()[4].parse().unwrap()).collect();
        (values.len(), values.iter().sum())
    };
    let (_, whole) = sum("region");
    let (counties, of_counties) = sum("county");
    let (townships, of_townships) = sum("township");
    let (schools, of_schools) = sum("school");
    assert_eq!([of_counties, of_townships, of_schools], [whole; 3]);
    assert!(counties < townships && townships < schools);
    // How many schools there are is asked of no school, and an empty table would not say so.
    let asked = ["figures", "--indicator", "SS-01", "--level", "school"];
    let expected =
        "haihe: SS-01 has no figures of level school; it has those of region, county, township\n";
    assert_eq!(centre.fail(&asked), (Some(2), expected.to_owned()));
}

/// A year that the plan does not have is no empty scoreboard.
fn other_years(centre: &Centre) {
    let figures = ["figures", "--indicator", "SS-02", "--level", "county"];
    let commands = [&["scoreboard", "--year"], &["explain", "SS-02", "--year"][..]];
    let cut = [&figures[..], &["--cut"]].concat();
    let year = [&figures[..], &["--year"]].concat();
    for words in [commands[0], commands[1], &cut, &year] {
        let (code, said) = centre.fail(&[words, &["2050"]].concat());
        assert_eq!(code, Some(2), "{said}");
        assert!(said.starts_with("haihe: 2050 is not a year of the plan; it has 20"), "{said}");
    }
}
