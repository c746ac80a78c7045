//! Taking predicates apart and cutting rows into groups changes nothing but the time it takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use proptest::prelude::*;

use super::bits;
use super::comparison::Comparison;
use super::groups::{Assigned, Groups, position};
use super::predicate::{Answers, Leaves};
use crate::expression::{Expect, Planner, evaluate_mask};
use crate::schema::{PRECISION, words};

const PREDICATES: [&str; 17] = [
    "stage = 'primary'",
    "stage IN ('primary', 'junior') AND size >= 3",
    "stage IS NULL OR boards",
    "NOT boards",
    "stage <> 'junior' AND NOT (boards AND size > 1)",
    "boards OR (size IS NOT NULL AND 2 * size + seats <= 5)",
    "boards OR 2 * size + seats < 5",
    "size > seats AND stage NOT IN ('primary')",
    "CASE stage WHEN 'primary' THEN true WHEN 'junior' THEN NULL ELSE false END",
    "school = 'A' AND stage = 'primary' AND size = 1",
    "boards OR (area < 5 AND 2 * area + yard <= -1)",
    "2 * area + yard < -1 OR area - yard > 0.125 OR 1 - area = yard",
    "area <> yard AND 1.5 >= area",
    "NOT area > 2.5 * yard - 0.5",
    // What the engine is left with: products beyond 64 bits, and numbers that are no decimals.
    "area * yard < area",
    "area * 1000000 > yard",
    "area >= size AND size + seats > 3",
];

/// School, stage, size, seats, whether it boards, area and yard.
type Row =
    (Option<u8>, Option<u8>, Option<i64>, Option<i64>, Option<bool>, Option<i128>, Option<i128>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = || proptest::option::of(1..5_i64);
    const LONGEST: i128 = 999_999_999_999_999_999;
    let decimal = || {
        let any = prop_oneof![8 => -300..300_i128, 1 => -LONGEST..=LONGEST, 1 => Just(LONGEST)];
        proptest::option::of(any)
    };
    let row = (
        proptest::option::weighted(0.95, 0..3_u8),
        proptest::option::of(0..3_u8),
        number(),
        number(),
        any::<Option<bool>>(),
        decimal(),
        decimal(),
    );
    // Some rows again and again, so that there are long stretches too.
    let stretch = (row, 1..40_usize).prop_map(|(row, times)| vec![row; times]);
    proptest::collection::vec(stretch, 0..20).prop_map(|it| it.concat())
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("school", words(), true),
        Field::new("stage", words(), true),
        Field::new("size", DataType::Int64, true),
        Field::new("seats", DataType::Int64, true),
        Field::new("boards", DataType::Boolean, true),
        Field::new("area", DataType::Decimal128(PRECISION, 2), true),
        Field::new("yard", DataType::Decimal128(PRECISION, 2), true),
    ]))
}

fn batch(rows: &[Row]) -> RecordBatch {
    let dictionary = |keys: Int32Array, values: [&str; 3]| -> ArrayRef {
        let values = Arc::new(StringArray::from_iter_values(values));
        Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values).unwrap())
    };
    let schools = rows.iter().map(|it| it.0.map(i32::from)).collect();
    let stages = rows.iter().map(|it| it.1.map(i32::from)).collect();
    let columns: Vec<ArrayRef> = vec![
        dictionary(schools, ["A", "B", "C"]),
        dictionary(stages, ["primary", "junior", "senior"]),
        Arc::new(rows.iter().map(|it| it.2).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|it| it.3).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|it| it.4).collect::<BooleanArray>()),
        decimals(rows.iter().map(|it| it.5).collect(), 2),
        decimals(rows.iter().map(|it| it.6).collect(), 2),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn decimals(numbers: Decimal128Array, scale: i8) -> ArrayRef {
    Arc::new(numbers.with_precision_and_scale(PRECISION, scale).unwrap())
}

/// The same rows with decimals as narrow as they lie in files.
fn narrow(batch: &RecordBatch) -> RecordBatch {
    let narrow = DataType::Decimal64(PRECISION, 2);
    let is_wide = |it: &ArrayRef| matches!(it.data_type(), DataType::Decimal128(..));
    let columns = batch
        .columns()
        .iter()
        .map(|it| if is_wide(it) { cast(it, &narrow).unwrap() } else { Arc::clone(it) });
    let columns: Vec<ArrayRef> = columns.collect();
    let fields = schema();
    let fields = fields.fields().iter().zip(&columns);
    let fields = fields.map(|(field, it)| Field::new(field.name(), it.data_type().clone(), true));
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns).unwrap()
}

proptest! {
    #[test]
    fn a_predicate_is_true_where_its_parts_say_so(rows in rows()) {
        let batch = batch(&rows);
        let planner = Planner::over(schema());
        let mut leaves = Leaves::over(schema());
        let compiled = PREDICATES.map(|it| planner.compile(it, Expect::Predicate).unwrap());
        let taken: Vec<_> =
            compiled.iter().zip(PREDICATES).map(|(it, sql)| leaves.take(it, sql)).collect();
        // All of one batch, as a scan asks them: a later one finds what an earlier one asked.
        let mut answers = Answers::of(&leaves, &batch);
        for ((predicate, compiled), sql) in taken.iter().zip(&compiled).zip(PREDICATES) {
            let whole = evaluate_mask(&compiled.expression, &batch).unwrap();
            let whole: Vec<bool> = whole.iter().map(|it| it == Some(true)).collect();
            let parts: Vec<bool> = answers.mask(predicate).unwrap().iter().collect();
            prop_assert_eq!(parts, whole, "{}", sql);
        }
    }

    /// As they are read where nothing else is asked of them.
    #[test]
    fn decimals_in_64_bits_are_compared_as_those_in_128(rows in rows()) {
        let wide = batch(&rows);
        let narrow = narrow(&wide);
        let planner = Planner::over(schema());
        for sql in ["2 * area + yard <= -1", "area < 5", "1.5 >= area - yard", "area = yard", "area <> 0.5"] {
            let compiled = planner.compile(sql, Expect::Predicate).unwrap();
            let comparison = Comparison::of(&compiled.expression, &schema()).unwrap();
            let of_wide = comparison.true_rows(&wide).unwrap();
            prop_assert_eq!(comparison.true_rows(&narrow).unwrap(), of_wide, "{}", sql);
        }
    }

    #[test]
    fn a_bit_is_set_where_its_row_is_true(rows in proptest::collection::vec(any::<i64>(), 0..200)) {
        let bits: Vec<bool> = bits::of(&rows, |it| it % 3 == 0).iter().collect();
        prop_assert_eq!(bits, rows.iter().map(|it| it % 3 == 0).collect::<Vec<_>>());
    }

    #[test]
    fn every_row_is_in_the_group_of_its_words(rows in rows(), split in 0..100_usize) {
        let mut groups = Groups::default();
        let mut found: BTreeMap<usize, u64> = BTreeMap::new();
        let mut all: Vec<Option<usize>> = Vec::new();
        let (first, second) = rows.split_at(split.min(rows.len()));
        for rows in [first, second] {
            let assigned = groups.assign(&batch(rows), "school", &["stage".to_owned()]);
            assigned.each(|group, rows| {
                if group < groups.len() {
                    *found.entry(group).or_default() += u64::try_from(rows).unwrap();
                }
            });
            let mut of_rows = vec![None; rows.len()];
            match assigned {
                Assigned::Stretches(runs) => {
                    for (group, first, length) in runs {
                        of_rows[first..first + length].fill(Some(group));
                    }
                }
                Assigned::Rows(groups) => {
                    of_rows = groups.into_iter().map(|it| Some(position(it))).collect();
                }
            }
            all.extend(of_rows.into_iter().map(|it| it.filter(|it| *it < groups.len())));
        }
        let mut expected: BTreeMap<(String, Vec<Option<String>>), u64> = BTreeMap::new();
        let mut names = Vec::new();
        for (school, stage, ..) in &rows {
            let word = |at: &u8, words: [&str; 3]| words[usize::from(*at)].to_owned();
            let stage = stage.as_ref().map(|it| word(it, ["primary", "junior", "senior"]));
            let name = school.as_ref().map(|it| (word(it, ["A", "B", "C"]), vec![stage]));
            if let Some(name) = &name {
                *expected.entry(name.clone()).or_default() += 1;
            }
            names.push(name);
        }
        let named: Vec<_> = groups.into_named().collect();
        let places: BTreeMap<_, _> = named.iter().map(|(name, group, _)| (name.clone(), *group)).collect();
        let should: Vec<_> = names.iter().map(|it| it.as_ref().map(|name| places[name])).collect();
        prop_assert_eq!(all, should);
        prop_assert!(named.iter().all(|(_, group, rows)| found.get(group) == Some(rows)));
        let counted: BTreeMap<_, _> = named.into_iter().map(|(name, _, rows)| (name, rows)).collect();
        prop_assert_eq!(counted, expected);
    }
}

#[test]
fn decimals_are_compared_in_64_bits_where_nothing_outgrows_them() {
    let planner = Planner::over(schema());
    let is_taken = |sql: &str| {
        let compiled = planner.compile(sql, Expect::Predicate).unwrap();
        Comparison::of(&compiled.expression, &schema()).is_some()
    };
    for sql in ["2 * area + yard <= -1", "area < 5", "1.5 >= area - yard", "area = yard"] {
        assert!(is_taken(sql), "{sql}");
    }
    for sql in ["area * yard < area", "area * 100 > 1", "size < 5", "area < size", "area < 0.125"] {
        assert!(!is_taken(sql), "{sql}");
    }
}
