use super::*;

/// Year and cut in June; the tree of the year on the cut.
#[track_caller]
fn check(history: &History, year: i32, cut: i32, expected: &str) {
    let june = |year: i32| day(&format!("{year}-06-01"));
    let tree = history.tree_on_cut(ADMINISTRATIVE, june(year), june(cut), at(0));
    assert_eq!(drawn(&tree), expected);
}

/// The boundary between d1 and d2 is redrawn in 2022: s2 changes place. s4 opens in 2023, s3 closes in 2021.
fn redrawn() -> History {
    history(
        &[
            "c 2000..",
            "d1 2000..",
            "d2 2000..",
            "s1 2000..",
            "s2 2000..",
            "s3 2000..2021",
            "s4 2023..",
        ],
        &[
            "d1<c 2000..",
            "d2<c 2000..",
            "s1<d1 2000..",
            "s2<d1 2000..2022",
            "s2<d2 2022..",
            "s3<d1 2000..2021",
            "s4<d2 2023..",
        ],
        &["boundary_change 2022 d1;d2>s2"],
    )
}

#[test]
fn a_boundary_change_on_the_old_and_the_new_cut() {
    let history = redrawn();
    check(&history, 2020, 2020, "c c/d1 c/d1/s1 c/d1/s2 c/d1/s3 c/d2");
    check(&history, 2020, 2024, "c c/d1 c/d1/s1 c/d1/s3 c/d2 c/d2/s2");
    check(&history, 2024, 2020, "c c/d1 c/d1/s1 c/d1/s2 c/d2 c/d2/s4");
    check(&history, 2024, 2024, "c c/d1 c/d1/s1 c/d2 c/d2/s2 c/d2/s4");
}

#[test]
fn on_its_own_cut_a_year_is_as_it_was() {
    let history = redrawn();
    for year in ["1999", "2020", "2021", "2022", "2023"] {
        let on = day(&format!("{year}-01-01"));
        let plain = history.tree(ADMINISTRATIVE, on, at(0));
        assert_eq!(drawn(&history.tree_on_cut(ADMINISTRATIVE, on, on, at(0))), drawn(&plain));
    }
}

#[test]
fn one_that_was_not_there_keeps_the_nearest_parent() {
    // Opened after the old cut: its first parent. Closed before the new one: its last.
    let history = history(
        &["c 2000..", "d1 2000..", "d2 2000..", "d3 2000..", "s1 2010..2016"],
        &[
            "d1<c 2000..",
            "d2<c 2000..",
            "d3<c 2000..",
            "s1<d1 2010..2012",
            "s1<d2 2012..2014",
            "s1<d3 2014..2016",
        ],
        &[],
    );
    check(&history, 2015, 2005, "c c/d1 c/d1/s1 c/d2 c/d3");
    check(&history, 2015, 2013, "c c/d1 c/d2 c/d2/s1 c/d3");
    check(&history, 2011, 2020, "c c/d1 c/d2 c/d3 c/d3/s1");
}

#[test]
fn a_gap_in_time_is_filled_from_the_nearer_side() {
    let history = history(
        &["c 2000..", "d1 2000..", "d2 2000..", "s1 2000.."],
        &["d1<c 2000..", "d2<c 2000..", "s1<d1 2000..2002", "s1<d2 2010.."],
        &[],
    );
    check(&history, 2001, 2004, "c c/d1 c/d1/s1 c/d2");
    check(&history, 2001, 2008, "c c/d1 c/d2 c/d2/s1");
}

/// d1 and d2 become d3 in 2015. s3 opens after it, s1 closes before it.
fn merged() -> History {
    history(
        &[
            "c 2000..",
            "d1 2000..2015",
            "d2 2000..2015",
            "d3 2015..",
            "s1 2000..2014",
            "s2 2000..",
            "s3 2016..",
        ],
        &[
            "d1<c 2000..2015",
            "d2<c 2000..2015",
            "d3<c 2015..",
            "s1<d1 2000..2014",
            "s2<d2 2000..2015",
            "s2<d3 2015..",
            "s3<d3 2016..",
        ],
        &["merger 2015 d1;d2>d3"],
    )
}

#[test]
fn merged_districts_are_one_on_the_new_cut() {
    // What the districts themselves reported in 2010 counts for their heir, who alone is listed.
    let history = merged();
    check(&history, 2010, 2020, "[c/d3/d1] [c/d3/d2] c c/d3 c/d3/s1 c/d3/s2");
    let tree = history.tree_on_cut(ADMINISTRATIVE, day("2010-06-01"), day("2020-06-01"), at(0));
    let listed: Vec<&str> = tree.at_level("district").map(|it| it.code.as_str()).collect();
    assert_eq!(listed, ["d3"]);
    let children: Vec<&str> = tree.children(&code("d3")).map(|it| it.code.as_str()).collect();
    assert_eq!(children, ["s1", "s2"]);
    let heir = tree.ancestor_at(&code("d1"), "district").map(|it| it.code.as_str());
    assert_eq!(heir, Some("d3"));
}

#[test]
fn a_district_made_of_two_stands_beside_them_on_the_old_cut() {
    // s3 opened in d3: nobody can say in which of the two it would have been.
    check(&merged(), 2020, 2010, "c c/d1 c/d2 c/d2/s2 c/d3 c/d3/s3");
}

#[test]
fn a_split_district_is_whole_on_the_old_cut() {
    let history = history(
        &[
            "c 2000..",
            "d1 2000..2015",
            "d2 2015..",
            "d3 2015..",
            "s1 2000..",
            "s2 2000..",
            "s3 2016..",
            "s4 2000..2010",
        ],
        &[
            "d1<c 2000..2015",
            "d2<c 2015..",
            "d3<c 2015..",
            "s1<d1 2000..2015",
            "s1<d2 2015..",
            "s2<d1 2000..2015",
            "s2<d3 2015..",
            "s3<d3 2016..",
            "s4<d1 2000..2010",
        ],
        &["split 2015 d1>d2;d3"],
    );
    check(&history, 2020, 2009, "[c/d1/d2] [c/d1/d3] c c/d1 c/d1/s1 c/d1/s2 c/d1/s3");
    // s4 was gone before the split, and so stands for what cannot be told.
    check(&history, 2009, 2020, "c c/d1 c/d1/s4 c/d2 c/d2/s1 c/d3 c/d3/s2");
}

/// d1 is split in 2015. s3 went into s2 before it and s5 into s4 on the very day; s1 became s6 and s7.
#[test]
fn where_a_district_was_split_a_school_that_is_gone_stands_beside_its_heir() {
    let history = history(
        &[
            "c 2000..",
            "d1 2000..2015",
            "d2 2015..",
            "d3 2015..",
            "s1 2000..2018",
            "s2 2000..",
            "s3 2000..2010",
            "s4 2000..",
            "s5 2000..2015",
            "s6 2018..",
            "s7 2018..",
        ],
        &[
            "d1<c 2000..2015",
            "d2<c 2015..",
            "d3<c 2015..",
            "s1<d1 2000..2015",
            "s1<d2 2015..2018",
            "s2<d1 2000..2015",
            "s2<d2 2015..",
            "s3<d1 2000..2010",
            "s4<d1 2000..2015",
            "s4<d3 2015..",
            "s5<d1 2000..2015",
            "s6<d2 2018..",
            "s7<d2 2018..",
        ],
        &["merger 2010 s3>s2", "merger 2015 s5>s4", "split 2015 d1>d2;d3", "split 2018 s1>s6;s7"],
    );
    let new = "c c/d1 c/d2 c/d2/s1 c/d2/s2 c/d2/s3 c/d3 c/d3/s4 c/d3/s5";
    check(&history, 2009, 2020, new);
    let old = "[c/d1/d2] [c/d1/d3] c c/d1 c/d1/s2 c/d1/s4 c/d1/s6 c/d1/s7";
    check(&history, 2020, 2009, old);
}

/// d1 and d2 become d3 in 2015, in which s1 is split: its parts stand where it stood.
#[test]
fn where_districts_were_merged_a_new_school_stands_beside_the_one_that_it_came_from() {
    let history = history(
        &[
            "c 2000..",
            "d1 2000..2015",
            "d2 2000..2015",
            "d3 2015..",
            "s1 2000..2018",
            "s2 2018..",
            "s3 2018..",
        ],
        &[
            "d1<c 2000..2015",
            "d2<c 2000..2015",
            "d3<c 2015..",
            "s1<d2 2000..2015",
            "s1<d3 2015..2018",
            "s2<d3 2018..",
            "s3<d3 2018..",
        ],
        &["merger 2015 d1;d2>d3", "split 2018 s1>s2;s3"],
    );
    check(&history, 2020, 2010, "c c/d1 c/d2 c/d2/s2 c/d2/s3 c/d3");
}

#[test]
fn heirs_are_followed_through_several_changes() {
    let history = history(
        &["c 2000..", "d1 2000..2010", "d2 2010..2015", "d3 2015..", "s1 2000..2005"],
        &["d1<c 2000..2010", "d2<c 2010..2015", "d3<c 2015..", "s1<d1 2000..2005"],
        &["merger 2010 d1>d2", "merger 2015 d2>d3"],
    );
    check(&history, 2004, 2020, "[c/d3/d1] c c/d3 c/d3/s1");
    check(&history, 2004, 2012, "[c/d2/d1] c c/d2 c/d2/s1");
}

#[test]
fn heirs_that_lead_in_a_circle_end() {
    let history = history(
        &["c 2000..", "d1 2000..2010", "d2 2000..2010", "s1 2000.."],
        &["s1<d1 2000..2010"],
        &["merger 2010 d1>d2", "merger 2010 d2>d1"],
    );
    check(&history, 2020, 2020, "c s1");
    check(&history, 2005, 2020, "c d1 d1/s1 d2");
}

#[test]
fn a_campus_of_a_school_that_is_gone_stays_in_its_district() {
    let history = history(
        &["c 2000..", "d1 2000..", "d2 2000..", "s1 2000..2015", "s2 2000..", "k1 2000.."],
        &[
            "d1<c 2000..",
            "d2<c 2000..",
            "s1<d1 2000..2015",
            "s2<d2 2000..",
            "k1<s1 2000..2015",
            "k1<s2 2015..",
        ],
        &["merger 2015 s1;s2>s2"],
    );
    check(&history, 2020, 2010, "c c/d1 c/d1/k1 c/d2 c/d2/s2");
}

#[test]
fn names_above_the_schools_are_those_of_the_cut() {
    let mut renamed = version("d1 2015..");
    renamed.name = Bilingual::new("new", "new");
    let history = History::new(
        [version("c 2000.."), version("d1 2000..2015"), renamed, version("s1 2000..")]
            .map(|it| Recorded::new(it, at(0)))
            .into(),
        ["d1<c 2000..", "s1<d1 2000.."].map(|it| Recorded::new(membership(it), at(0))).into(),
        Vec::new(),
    );
    let tree = history.tree_on_cut(ADMINISTRATIVE, day("2010-06-01"), day("2020-06-01"), at(0));
    assert_eq!(tree.get(&code("d1")).unwrap().name.en, "new");
}

#[test]
fn a_zone_of_the_cut_under_the_districts_of_the_cut() {
    let history = history(
        &["c 2000..", "d1 2000..", "z1 2000..2015", "z2 2015..", "s1 2000.."],
        &[
            "d1<c 2000..",
            "z1<d1 2000..2015",
            "z2<d1 2015..",
            "s1<d1 2000..",
            "zone:s1<z1 2000..2015",
            "zone:s1<z2 2015..",
        ],
        &[],
    );
    let on_cut =
        |cut: &str| drawn(&history.tree_on_cut("zone", day("2010-06-01"), day(cut), at(0)));
    assert_eq!(on_cut("2010-06-01"), "c c/d1 c/d1/z1 c/d1/z1/s1");
    // z1 is of the year only; nothing tells what became of it.
    assert_eq!(on_cut("2020-06-01"), "c c/d1 c/d1/z1 c/d1/z2 c/d1/z2/s1");
}
