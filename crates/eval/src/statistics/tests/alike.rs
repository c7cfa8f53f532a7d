//! Simulations of methods that do not differ, and of some that do: the frequency of false positives, and of detected
//! differences.

use super::*;

const REPETITIONS: u32 = 4000;

/// Pseudorandom numbers, the same on every machine (SplitMix64).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal, as the sum of twelve uniform numbers.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A model in which an accuracy is a number of rows: for each seed some luck shared by all methods, and some of each method's
/// own.
#[derive(Clone, Copy)]
struct Population {
    rows: f64,
    shared: f64,
    own: f64,
}

impl Population {
    fn accuracies(self, random: &mut Random, better: &[f64], seeds: usize) -> Vec<BTreeMap<u64, f64>> {
        let luck: Vec<f64> = (0..seeds).map(|_| 0.8 + self.shared * random.normal()).collect();
        let method = |better: &f64| {
            let of = luck.iter().map(|luck| {
                let truth = luck + better + self.own * random.normal();
                (truth * self.rows).round().clamp(0.0, self.rows) / self.rows
            });
            (0..).zip(of.collect::<Vec<f64>>()).collect()
        };
        better.iter().map(method).collect()
    }

    /// The frequency with which any of the methods differs significantly from the first.
    fn significant(self, random: &mut Random, better: &[f64], seeds: usize) -> f64 {
        let mut significant = 0;
        for _ in 0..REPETITIONS {
            let all = self.accuracies(random, better, seeds);
            let pairs = all[1..]
                .iter()
                .map(|one| Paired::of(one, &all[0], self.rows.recip()).unwrap());
            let pairs: Vec<Paired> = pairs.collect();
            let family: Vec<(usize, f64)> = (0..)
                .zip(&pairs)
                .filter_map(|(i, p)| Some((i, p.in_family()?)))
                .collect();
            let adjusted = holm(&family.iter().map(|(_, p)| *p).collect::<Vec<_>>());
            let mut verdicts = family.iter().zip(adjusted);
            significant += u32::from(verdicts.any(|((i, _), p)| pairs[*i].p.is_ok() && settles(p)));
        }
        f64::from(significant) / f64::from(REPETITIONS)
    }
}

/// From a spread of hardly a row to one of many rows.
fn populations() -> Vec<Population> {
    let mut all = Vec::new();
    for rows in [10.0, 50.0, 400.0] {
        for own in [0.2, 0.5, 1.0, 3.0] {
            for shared in [0.0, 5.0] {
                all.push(Population {
                    rows,
                    shared: shared / rows,
                    own: own / rows,
                });
            }
        }
    }
    all
}

#[test]
fn alike_methods_are_told_apart_no_more_often_than_is_promised() {
    let mut random = Random(1);
    let level = 1.0 - CONFIDENCE;
    // Four standard errors of a share estimated from so many repetitions.
    let most = level + 4.0 * (level * CONFIDENCE / f64::from(REPETITIONS)).sqrt();
    for (i, population) in populations().into_iter().enumerate() {
        for seeds in [2, 3, 4] {
            assert_eq!(
                population.significant(&mut random, &[0.0; 3], seeds),
                0.0,
                "population {i}, {seeds} seeds"
            );
        }
        for (methods, seeds) in [(2, 5), (2, 6), (2, 10), (6, 5), (6, 8)] {
            let rate = population.significant(&mut random, &vec![0.0; methods], seeds);
            assert!(
                rate <= most,
                "population {i}, {methods} methods, {seeds} seeds: {rate}"
            );
        }
    }
}

#[test]
fn a_difference_that_is_there_is_seen() {
    let mut random = Random(2);
    let population = Population {
        rows: 400.0,
        shared: 0.02,
        own: 0.01,
    };
    // Differences vary by 1.4 points over seeds.
    for (better, seeds, at_least) in [(0.05, 5, 0.95), (0.03, 8, 0.95), (0.02, 10, 0.9)] {
        let rate = population.significant(&mut random, &[0.0, better], seeds);
        assert!(rate >= at_least, "{better} with {seeds} seeds: {rate}");
    }
    assert_eq!(
        population.significant(&mut random, &[0.0, 0.5], 4),
        0.0,
        "four seeds tell nothing"
    );
}
