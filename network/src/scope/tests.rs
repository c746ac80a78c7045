mod properties;

use super::{PathRange, Scope};
use crate::roles::{FieldMask, PersonalField, Reach};

fn below(path: &str) -> PathRange {
    PathRange::of(path, Reach::Subtree)
}

fn alone(path: &str) -> PathRange {
    PathRange::of(path, Reach::Alone)
}

fn mask(fields: &[PersonalField]) -> FieldMask {
    fields.iter().copied().collect()
}

fn scope(ranges: impl IntoIterator<Item = PathRange>) -> Scope {
    Scope::of(ranges.into_iter().map(|it| (it, FieldMask::default())))
}

#[test]
fn a_neighbour_whose_code_begins_alike_is_not_within() {
    let range = below("/12/120101/");
    assert_eq!((range.from(), range.until()), ("/12/120101/", "/12/1201010"));
    for path in ["/12/120101/", "/12/120101/7/", "/12/120101/x0000097/", "/12/120101/0/"] {
        assert!(range.holds(path), "{path}");
    }
    for path in ["/12/1201010/", "/12/1201010/7/", "/12/12010/", "/12/120102/", "/12/", "/120101/"]
    {
        assert!(!range.holds(path), "{path}");
    }
}

#[test]
fn an_organisation_alone_is_without_what_stands_below_it() {
    let range = alone("/12/120101/");
    assert!(range.holds("/12/120101/"));
    for path in ["/12/120101/0/", "/12/120101/9/", "/12/1201010/", "/12/12010/", "/12/"] {
        assert!(!range.holds(path), "{path}");
    }
}

#[test]
fn ranges_that_overlap_or_touch_are_one() {
    let joined = scope([below("/1/2/"), below("/1/"), alone("/1/3/"), below("/2/"), alone("/3/")]);
    assert_eq!(joined.ranges(), [below("/1/"), below("/2/"), alone("/3/")]);
    assert!(joined.covers(&below("/1/2/")));
    assert!(!joined.covers(&below("/3/")));
}

#[test]
fn a_scope_of_nothing_sees_nothing() {
    let nothing = Scope::nothing();
    assert!(nothing.is_empty() && !nothing.holds("/1/") && nothing.fields().is_empty());
    assert_eq!(nothing.sql("WHERE scope.path >= $1 AND scope.path < $2").unwrap().0, "WHERE 1 = 0");
}

#[test]
fn everything_is_within_the_scope_of_the_program_itself() {
    let everything = Scope::everything();
    for path in ["/1/", "/x0000097/", "/9/9/9/"] {
        assert!(everything.holds(path));
    }
}

/// Wide with few fields and narrow with many is neither wide with many.
#[test]
fn what_is_seen_of_persons_is_told_by_where_they_are() {
    use PersonalField::{Health, Name};

    let scope = Scope::of([(below("/1/"), mask(&[Name])), (below("/1/2/"), mask(&[Name, Health]))]);
    assert_eq!(scope.fields_at("/1/3/"), mask(&[Name]));
    assert_eq!(scope.fields_at("/1/2/7/"), mask(&[Name, Health]));
    assert_eq!(scope.fields_at("/2/"), mask(&[]));
    assert_eq!(scope.fields(), mask(&[Name]));
    assert!(scope.shows(Health, &below("/1/2/7/")) && !scope.shows(Health, &below("/1/")));
}
