use super::*;
use dentate_core::{DataId, Samples, Targets};
use proptest::prelude::*;

/// A row for each label.
fn data(labels: &[u32]) -> Dataset {
    let targets = Targets::Classes {
        labels: labels.to_vec(),
        classes: 10,
    };
    let samples = Samples::Floats(vec![0.0; labels.len()]);
    Dataset::new(DataId(0), samples, vec![1], targets).unwrap()
}

fn all(labels: &[u32]) -> Vec<u32> {
    (0..labels.len() as u32).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_draw_is_of_distinct_rows_of_every_class(
        labels in prop::collection::vec(prop::sample::select(vec![0_u32, 0, 0, 0, 1, 1, 7]), 4..60), more in 0_usize..60, seed: u64,
        task in 0_u32..5,
    ) {
        let data = data(&labels);
        let distinct = labels.iter().collect::<BTreeSet<_>>().len();
        let count = (distinct + more).min(labels.len());
        let drawn = Drawn { train: Some(count as u32), test: Some(count as u32), seed: Seed(seed), same: false };
        for rows in [drawn.train(&data, all(&labels), task).unwrap(), drawn.test(&data, all(&labels)).unwrap()] {
            prop_assert_eq!(rows.len(), count);
            prop_assert!(rows.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(rows.iter().all(|row| (*row as usize) < labels.len()));
            let found: BTreeSet<_> = rows.iter().map(|row| &labels[*row as usize]).collect();
            prop_assert_eq!(found.len(), distinct);
        }
        prop_assert_eq!(drawn.train(&data, all(&labels), task).unwrap(), drawn.train(&data, all(&labels), task).unwrap());
    }
}

/// Each row but the first of its class is as likely as any other.
#[test]
fn rows_are_drawn_evenly() {
    let labels: Vec<u32> = (0..40).map(|row| row % 2).collect();
    let data = data(&labels);
    let mut counts = [0_u32; 40];
    let draws = 4000;
    for seed in 0..draws {
        let drawn = Drawn {
            train: Some(10),
            ..Drawn::all(Seed(seed))
        };
        for row in drawn.train(&data, all(&labels), 0).unwrap() {
            counts[row as usize] += 1;
        }
    }
    // A quarter of the rows: the standard deviation of a count is about 27.
    assert!(counts.iter().all(|n| n.abs_diff(1000) < 140), "{counts:?}");
}

#[test]
fn tasks_have_rows_of_their_own_unless_they_are_the_same() {
    let labels: Vec<u32> = (0..60).map(|row| row % 3).collect();
    let data = data(&labels);
    for same in [false, true] {
        let drawn = Drawn {
            train: Some(20),
            same,
            ..Drawn::all(Seed(1))
        };
        let of = |task| drawn.train(&data, all(&labels), task).unwrap();
        assert_eq!(of(0) == of(1), same);
        assert_eq!(of(1) == of(2), same);
    }
}

#[test]
fn a_number_that_is_not_there_is_refused() {
    let labels = [0, 1, 2, 0, 1];
    for (count, refused) in [(2, true), (3, false), (5, false), (6, true)] {
        let drawn = Drawn {
            train: Some(count),
            ..Drawn::all(Seed(1))
        };
        let found = drawn.train(&data(&labels), all(&labels), 0);
        assert_eq!(found.is_err(), refused, "{count}");
        if let Err(error) = found {
            assert_eq!(error.key, "rows_per_task");
            assert!(error.range.contains("from 3 to 5"), "{error}");
        }
    }
}

/// The facts of a data set that is not loaded yet lead to the same refusals as drawing from it.
#[test]
fn a_number_that_cannot_be_is_refused_before_data_is_loaded() {
    use crate::data::Digits;
    use crate::spec::AnyStream;
    use crate::{Permuted, PermutedLabels, RandomLabels, Split};
    let digits = || Digits {
        train: 25,
        test: 20,
        generator_seed: 1,
    };
    for (rows, fits) in [(9, false), (10, true), (25, true), (26, false)] {
        let streams: [Box<dyn AnyStream>; 3] = [
            Box::new(Permuted::new(digits(), 2).rows_per_task(rows)),
            Box::new(PermutedLabels::new(digits(), 2).rows_per_task(rows)),
            Box::new(RandomLabels::new(digits(), 2).rows_per_task(rows)),
        ];
        assert!(streams.iter().all(|s| s.validate().is_ok() == fits), "{rows}");
        let test = Permuted::new(digits(), 2).test_rows(rows);
        assert_eq!(test.validate().is_ok(), rows == 10, "{rows} of 20 test rows");
    }
    // The first five classes have three rows each, the others two.
    let split = Split::new(digits()).classes_per_task(5);
    for (rows, first, second) in [
        (4, false, false),
        (5, true, true),
        (10, true, true),
        (15, true, false),
    ] {
        let alone = split.clone().classes([0..5]).rows_per_task(rows);
        assert_eq!(alone.validate().is_ok(), first, "{rows}");
        assert_eq!(
            split.clone().rows_per_task(rows).validate().is_ok(),
            second,
            "{rows}"
        );
        let shuffled = split.clone().shuffle_classes().rows_per_task(rows);
        assert_eq!(shuffled.validate().is_ok(), second, "{rows}");
    }
}
