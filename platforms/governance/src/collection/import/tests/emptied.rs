//! A file without a column takes away what the rows that it replaces had there.

use super::*;

const WHOLE: &str = "\
school,year,stage,grade,class_number,pupils,grade_pupils
S1,2024,primary,G1,1,30,58
S1,2024,primary,G1,2,28,58
S1,2024,primary,G2,1,31,
S3,2022,junior,G3,1,40,40
";

/// Of the same classes: one as it was, one with more pupils, one that had nothing to lose, one that is new.
const SHORT: &str = "\
school,year,stage,grade,class_number,pupils
S1,2024,primary,G1,1,30
S1,2024,primary,G1,2,29
S1,2024,primary,G2,1,32
S1,2024,primary,G2,2,33
";

fn lost(outcome: &Outcome) -> Vec<String> {
    let of_column = outcome.findings.iter().filter(|it| it.row.is_none());
    of_column.map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_column_tells_what_is_lost_also_when_it_is_tried() {
    let mut city = City::new(samples::classes());
    assert!(lost(&city.import("whole.csv", WHOLE).await).is_empty());
    let warning = "short.csv grade_pupils: warning: \
        found 被替换的 2 行在此列有值 / rows that are replaced and have a value there: 2, \
        expected 列 grade_pupils（年级学生数） / a column grade_pupils (grade pupils); \
        替换后这些值不再保留：请补上该列，或先用 --dry-run 核对 / these values are gone when the rows are replaced: \
        add the column to the file; --dry-run tells before anything is changed";
    city.dry_run = true;
    assert_eq!(lost(&city.import("short.csv", SHORT).await), [warning]);
    city.dry_run = false;
    let outcome = city.import("short.csv", SHORT).await;
    assert_eq!(lost(&outcome), [warning]);
    assert_eq!((outcome.replaced, outcome.added), (3, 1));
    // Now there is nothing left to lose.
    assert!(lost(&city.import("short.csv", SHORT).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_has_the_column_may_empty_it() {
    let city = City::new(samples::classes());
    city.import("whole.csv", WHOLE).await;
    let emptied = WHOLE.replace(",58", ",");
    let outcome = city.import("emptied.csv", emptied).await;
    assert_eq!(outcome.replaced, 2);
    assert!(lost(&outcome).is_empty());
}
