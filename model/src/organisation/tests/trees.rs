use super::*;

fn city() -> History {
    history(
        &[
            "c 2000..",
            "d1 2000..",
            "d2 2000..",
            "z1 2000..",
            "s1 2000..",
            "s2 2000..",
            "s3 2000..",
            "u 2000..",
        ],
        &[
            "d1<c 2000..",
            "d2<c 2000..",
            "z1<d1 2000..",
            "s1<d1 2000..",
            "s2<d1 2000..",
            "s3<d2 2000..",
            "school-zone:s1<z1 2000..",
            "group:s3<s1 2000..",
        ],
        &[],
    )
}

fn drawn_of(hierarchy: &str) -> String {
    drawn(&city().tree(hierarchy, day("2020-01-01"), at(1)))
}

#[test]
fn the_administrative_tree() {
    assert_eq!(drawn_of(ADMINISTRATIVE), "c c/d1 c/d1/s1 c/d1/s2 c/d1/z1 c/d2 c/d2/s3 u");
}

/// Who is in no zone stays where they are, so that the city is the same city.
#[test]
fn another_hierarchy_refines_the_administrative_one() {
    assert_eq!(drawn_of("school-zone"), "c c/d1 c/d1/s2 c/d1/z1 c/d1/z1/s1 c/d2 c/d2/s3 u");
    assert_eq!(drawn_of("group"), "c c/d1 c/d1/s1 c/d1/s1/s3 c/d1/s2 c/d1/z1 c/d2 u");
    assert_eq!(drawn_of("no-such"), drawn_of(ADMINISTRATIVE));
}

#[test]
fn what_a_tree_tells() {
    let tree = city().tree(ADMINISTRATIVE, day("2020-01-01"), at(1));
    let codes = |found: Vec<&Organisation>| {
        found.iter().map(|it| it.code.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(tree.len(), 8);
    assert!(!tree.is_empty());
    assert_eq!(codes(tree.roots().collect()), "c u");
    assert_eq!(codes(tree.at_level("school").collect()), "s1 s2 s3 u");
    assert_eq!(codes(tree.children(&code("d1")).collect()), "s1 s2 z1");
    assert_eq!(codes(tree.path(&code("s1")).collect()), "s1 d1 c");
    assert_eq!(codes(tree.parent(&code("s1")).into_iter().collect()), "d1");
    assert_eq!(codes(tree.ancestor_at(&code("s1"), "city").into_iter().collect()), "c");
    assert_eq!(codes(tree.ancestor_at(&code("d1"), "district").into_iter().collect()), "d1");
    assert!(tree.is_within(&code("s1"), &code("c")) && tree.is_within(&code("c"), &code("c")));
    assert!(!tree.is_within(&code("s1"), &code("d2")) && !tree.is_within(&code("c"), &code("s1")));
    for (position, node) in tree.iter().enumerate() {
        assert_eq!(tree.position(&node.organisation.code), Some(position));
        assert_eq!(tree.get(&node.organisation.code), Some(&*node.organisation));
        let listed = |parent: usize| tree.node(parent).unwrap().children.contains(&position);
        assert!(node.parent.is_none_or(listed));
    }
    let nobody = code("nobody");
    assert!(
        tree.get(&nobody).is_none() && tree.parent(&nobody).is_none() && tree.node(8).is_none()
    );
    assert_eq!((tree.path(&nobody).count(), tree.children(&nobody).count()), (0, 0));
}

#[test]
fn a_period_ends_before_its_end() {
    let history = history(&["c 2000..", "s1 2020..2022"], &["s1<c 2020..2022"], &[]);
    let there = |on: &str| history.tree(ADMINISTRATIVE, day(on), at(0)).get(&code("s1")).is_some();
    assert!(
        !there("2019-12-31") && there("2020-01-01") && there("2021-12-31") && !there("2022-01-01")
    );
}

#[test]
fn a_circle_is_opened_where_it_would_close() {
    let history = history(
        &["c 2000..", "a 2000..", "b 2000..", "e 2000.."],
        &["a<b 2000..", "b<e 2000..", "e<a 2000.."],
        &[],
    );
    let tree = history.tree(ADMINISTRATIVE, day("2020-01-01"), at(0));
    assert_eq!(drawn(&tree), "c e e/b e/b/a");
}

#[test]
fn a_circle_through_two_hierarchies_keeps_the_links_of_the_one_asked_for() {
    let history = history(
        &["c 2000..", "d1 2000..", "z1 2000.."],
        &["d1<c 2000..", "z1<d1 2000..", "area:d1<z1 2000.."],
        &[],
    );
    assert_eq!(drawn(&history.tree("area", day("2020-01-01"), at(0))), "c z1 z1/d1");
}

#[test]
fn a_parent_that_is_gone_leaves_a_root() {
    let history = history(&["d1 2000..2010", "s1 2000.."], &["s1<d1 2000.."], &[]);
    assert_eq!(drawn(&history.tree(ADMINISTRATIVE, day("2010-01-01"), at(0))), "s1");
}

#[test]
fn a_tree_of_given_parents() {
    let known = city().on(day("2020-01-01"), at(0));
    let parents = [("s1", "c"), ("s2", "s1"), ("s1x", "c"), ("s3", "nobody")];
    let parents = parents.map(|(child, parent)| (code(child), code(parent))).into();
    assert_eq!(drawn(&Tree::new(known, &parents)), "c c/s1 c/s1/s2 d1 d2 s3 u z1");
}
