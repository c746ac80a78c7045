//! `examples/tianjin-census`: published totals come in, published shares come out.

use std::fs;
use std::path::{Path, PathBuf};

use model::Decimal;

use super::centre::{Centre, Row, shared};

const FOLDER: &str = "examples/tianjin-census";
const CITY_PLAN: &str = "plan/tianjin-2021-2025";
/// Invented, in the shape of the published files.
const DISTRICTS: &str = "\
code,name,group,pop_2020,source,age_0_14_pct,age_15_59_pct,age_60_plus_pct
120101,和平区,中心城区,1200,M,,,
120102,河东区,中心城区,1800,M,,,
120110,东丽区,环城四区,2500,D,,,
120116,滨海新区,滨海新区,2500,W,14.26,68.59,17.15
120114,武清区,远郊五区,2000,W,,,
";
const TOTALS: &str = "\
year,series,unit,value,source,note
2020,population_census_total,person,10000,derived,
2020,population_group_中心城区,person,3000,W1,
2010,population_census_total,person,8000,W3,
2010,population_0_14,person,800,W3,
2010,attain_college_plus,person,1600,W3,
2010,attain_senior_secondary,person,2000,W3,
2010,attain_junior_secondary,person,2400,W3,
2010,attain_primary,person,400,W3,
2020,attain_college_plus,person,2700,W2,
2020,attain_senior_secondary,person,1800,W2,
2020,attain_junior_secondary,person,3200,W2,
2020,attain_primary,person,1600,W2,
2020,enrol_higher_education_regular,person,412,W2,
2020,enrol_general_secondary,person,700,W2,senior + junior must add up
2020,enrol_senior_secondary_general,person,300,W2,
2020,enrol_junior_secondary,person,400,W2,
2022,enrol_primary,10k,77.09,W2,
2022,schools_primary,school,884,W2,
2005,enrol_primary,person,533003,W4,
";

/// The two files, and what was published from them.
struct Source {
    districts: PathBuf,
    totals: PathBuf,
    /// Residents of the four functional areas, and their shares of the city in percent.
    areas: [(&'static str, i64, &'static str); 4],
    residents: [(u16, i64); 2],
    /// Persons per 100,000 with college or above, senior, junior and primary schooling.
    attainment: [(u16, [i64; 4]); 2],
    secondary: Vec<(u16, i64)>,
    students: i64,
}

/// The published files; `None` where they are absent.
fn published() -> Option<Source> {
    Some(Source {
        districts: shared("cn/tianjin_census2020_district.csv")?,
        totals: shared("cn/tianjin_published_totals.csv")?,
        areas: [
            ("中心城区", 4_057_215, "29.26"),
            ("环城四区", 3_889_860, "28.05"),
            ("滨海新区", 2_067_318, "14.91"),
            ("远郊五区", 3_851_616, "27.78"),
        ],
        residents: [(2020, 13_866_009), (2010, 12_938_224)],
        // Of primary schooling the share of 2010 was not published; it is 2,205,871 of the total.
        attainment: [
            (2020, [26_940, 17_719, 32_294, 16_123]),
            (2010, [17_480, 20_654, 38_150, 17_049]),
        ],
        secondary: vec![
            (2017, 425_844),
            (2018, 440_094),
            (2019, 461_993),
            (2020, 490_386),
            (2021, 531_559),
        ],
        students: 4_126,
    })
}

/// The invented files, written into a centre's folder.
fn invented(centre: &Centre) -> Source {
    let file = |name: &str, text: &str| {
        let path = centre.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    Source {
        districts: file("districts.csv", DISTRICTS),
        totals: file("totals.csv", TOTALS),
        areas: [
            ("中心城区", 3_000, "30.00"),
            ("环城四区", 2_500, "25.00"),
            ("滨海新区", 2_500, "25.00"),
            ("远郊五区", 2_000, "20.00"),
        ],
        residents: [(2020, 10_000), (2010, 8_000)],
        attainment: [
            (2020, [27_000, 18_000, 32_000, 16_000]),
            (2010, [20_000, 25_000, 30_000, 5_000]),
        ],
        secondary: vec![(2020, 700)],
        students: 4_120,
    }
}

fn import(centre: &Centre, dataset: &str, file: &Path, mapping: &str) {
    let mapping = format!("{FOLDER}/{mapping}.mapping.toml");
    let (said, findings) = centre.import(dataset, file, &mapping);
    assert_eq!(findings, Vec::<Vec<String>>::new(), "{dataset}: {said}");
}

#[test]
fn the_published_shares_come_out() {
    let centre = Centre::begin(FOLDER);
    check_shares(&centre, &published().unwrap_or_else(|| invented(&centre)));
}

#[test]
fn invented_shares_come_out() {
    let centre = Centre::begin(FOLDER);
    check_shares(&centre, &invented(&centre));
}

#[test]
fn the_citys_own_plan_takes_the_same_facts() {
    let centre = Centre::begin(CITY_PLAN);
    check_residents(&centre, &published().unwrap_or_else(|| invented(&centre)));
}

#[test]
fn the_citys_own_plan_takes_invented_facts() {
    let centre = Centre::begin(CITY_PLAN);
    check_residents(&centre, &invented(&centre));
}

fn check_shares(centre: &Centre, source: &Source) {
    import(centre, "organisations", &source.districts, "organisations");
    import(centre, "organisations", &source.districts, "areas");
    import(centre, "population_totals", &source.districts, "population_totals");
    import(centre, "population_totals", &source.totals, "population_2010");
    import(centre, "attainment", &source.totals, "attainment");
    import(centre, "published_enrolments", &source.totals, "published_enrolments");
    centre.run(&["compute"]);

    for (year, residents) in source.residents {
        assert_eq!(centre.figure("TC-01", "city", year).numerator(), residents, "{year}");
    }
    for (year, expected) in source.attainment {
        let per = ["TC-02", "TC-03", "TC-04", "TC-05"].map(|it| centre.figure(it, "city", year));
        let per = per.map(|it| it.value.unwrap().parse::<i64>().unwrap());
        assert_eq!(per, expected, "{year}");
    }
    for (year, expected) in &source.secondary {
        assert_eq!(centre.figure("TC-06", "city", *year).numerator(), *expected, "{year}");
    }
    let students = centre.figure("TC-07", "city", 2020).value.unwrap();
    assert_eq!(students, source.students.to_string());
    check_areas(centre, source, ("TC-01", 2020), Row::numerator);
    let districts = centre.figures("TC-01", "district", 2020);
    let residents = districts.values().filter(|it| it.value.is_some()).map(Row::numerator);
    assert_eq!(residents.sum::<i64>(), source.residents[0].1);
}

/// The same population facts under the city's own plan: residents are what its fifth indicator
/// divides by, a year later.
fn check_residents(centre: &Centre, source: &Source) {
    import(centre, "organisations", &source.districts, "areas");
    import(centre, "population_totals", &source.districts, "population_totals");
    import(centre, "attainment", &source.totals, "attainment");
    centre.run(&["compute"]);
    let residents = centre.figure("IND-05", "city", 2021).denominator();
    assert_eq!(residents, source.residents[0].1);
    check_areas(centre, source, ("IND-05", 2021), Row::denominator);
}

/// Added up along the functional areas: residents of each, and their shares of the city.
fn check_areas(
    centre: &Centre,
    source: &Source,
    (indicator, year): (&str, u16),
    side: impl Fn(&Row) -> i64,
) {
    let figures = |level| centre.figures_along("functional-area", indicator, level, year);
    let city = figures("city");
    assert_eq!(city.values().map(&side).collect::<Vec<_>>(), [source.residents[0].1]);
    let areas = figures("functional_area");
    assert_eq!(areas.len(), source.areas.len());
    for (name, residents, share) in source.areas {
        assert_eq!(side(&areas[name]), residents, "{name}");
        let part = Decimal::from_integer(residents);
        let share_of = part.ratio(Decimal::from_integer(source.residents[0].1), 100, 2);
        assert_eq!(share_of.unwrap().to_string(), share, "{name}");
    }
}
