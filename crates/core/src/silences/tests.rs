use super::*;

/// Buckets are in order and without gaps, each as narrow as is said.
#[test]
fn every_length_has_the_bucket_that_begins_at_or_below_it() {
    for bucket in 0..Silences::BUCKETS {
        let first = Silences::shortest(bucket);
        assert_eq!(Silences::bucket(first), bucket);
        if bucket > 0 {
            assert_eq!(
                Silences::bucket(first - 1),
                bucket - 1,
                "what is shorter than {first}"
            );
        }
        if bucket + 1 < Silences::BUCKETS {
            let last = Silences::shortest(bucket + 1) - 1;
            assert!(
                f64::from(last) < f64::from(first) * (1.0 + 1.0 / 16.0) + f64::from(u8::from(first < 16))
            );
        }
    }
    for length in [Silences::LONGEST, Silences::LONGEST + 1, u32::MAX] {
        assert_eq!(Silences::bucket(length), Silences::BUCKETS - 1);
    }
}

#[test]
fn a_reading_is_cut_into_units() {
    let mut reading = vec![0.0; 2 * Silences::NUMBERS];
    (
        reading[0],
        reading[1],
        reading[Silences::NUMBERS],
        reading[Silences::NUMBERS + 40],
    ) = (7.0, 3.0, 1.0, 5.0);
    reading[Silences::NUMBERS + 8] = 2.0;
    // Whole, and without the buckets that no unit has.
    let short = Silences::reading(&reading);
    assert_eq!(short.len(), 2 * (1 + 40));
    for (reading, buckets) in [(&reading, Silences::BUCKETS), (&short, 40)] {
        let units: Vec<_> = Silences::units(reading, 2).collect();
        assert_eq!((units.len(), units[0].current(), units[1].current()), (2, 7, 1));
        assert_eq!((units[0].counts()[0], units[1].counts()[39]), (3.0, 5.0));
        assert_eq!(units[0].counts().len(), buckets);
        assert_eq!((units[0].completed(), units[1].completed()), (3.0, 7.0));
        // Bucket 39 begins at 46 rows.
        let longer = [0, 7, 8, 45, 46, 47, 48, 1_000_000].map(|length| units[1].at_least(length));
        assert_eq!(longer, [7.0, 7.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0]);
    }
    // Before anything has ended there are the current ones alone.
    let mut none = vec![0.0; 3 * Silences::NUMBERS];
    none[Silences::NUMBERS] = 4.0;
    let none = Silences::reading(&none);
    let current: Vec<u32> = Silences::units(&none, 3).map(|unit| unit.current()).collect();
    assert_eq!((none.len(), current), (3, vec![0, 4, 0]));
}
