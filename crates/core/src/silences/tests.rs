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
    let units: Vec<_> = Silences::units(&reading).collect();
    assert_eq!((units.len(), units[0].current(), units[1].current()), (2, 7, 1));
    assert_eq!((units[0].counts()[0], units[1].counts()[39]), (3.0, 5.0));
    assert_eq!(units[0].counts().len(), Silences::BUCKETS);
}
