use super::*;
use crate::statistics::Untested;
use crate::suite::tests_support::{compared, suite_of_values};

fn of(methods: &[&[f64]]) -> Vec<Pair> {
    let methods = methods.iter().map(|seeds| seeds.to_vec()).collect();
    let mut suite = suite_of_values(&[methods], 1000);
    suite.manifest.control = Some("m0".into());
    pairs(&compared(&suite)[0])
}

const BEST: [f64; 6] = [0.90, 0.92, 0.91, 0.93, 0.90, 0.92];
const MIDDLE: [f64; 6] = [0.85, 0.86, 0.87, 0.86, 0.85, 0.88];
const WORST: [f64; 6] = [0.70, 0.74, 0.72, 0.71, 0.73, 0.72];

#[test]
fn every_method_meets_every_other_and_the_better_comes_first() {
    let all = of(&[&MIDDLE, &WORST, &BEST]);
    assert_eq!(all.len(), 3);
    for pair in &all {
        assert!(
            pair.one < pair.other && pair.paired.difference.mean > 0.0,
            "{pair:?}"
        );
        assert!(pair.significant && pair.bootstrap.is_some(), "{pair:?}");
        assert_eq!((pair.sign_flip.p, pair.size.superiority), (2.0 / 64.0, 1.0));
    }
    // Holm over three pairs: the smallest p of all is multiplied by 3.
    let smallest = all.iter().map(|p| p.paired.p.unwrap()).fold(1.0, f64::min);
    let adjusted = all.iter().filter_map(|p| p.adjusted).fold(1.0, f64::min);
    assert!((adjusted - 3.0 * smallest).abs() < 1e-15);
}

#[test]
fn too_few_seeds_have_a_difference_and_no_verdict() {
    let all = of(&[&BEST[..3], &WORST[..3]]);
    assert_eq!(all[0].paired.p, Err(Untested::TooFewSeeds));
    assert_eq!((all[0].adjusted, all[0].significant), (None, false));
    assert_eq!((all[0].sign_flip.p, all[0].sign_flip.least), (0.25, 0.25));
    assert_eq!(all[0].bootstrap, None);
}

/// A method that is the same on every seed, but for a row, cannot be told from another, and counts in the correction.
#[test]
fn what_has_no_spread_counts_and_has_no_verdict() {
    let shifted: Vec<f64> = BEST.iter().map(|v| v + 0.001).collect();
    let all = of(&[&BEST, &shifted, &WORST]);
    let alike = all
        .iter()
        .find(|p| p.paired.p == Err(Untested::NoSpread))
        .unwrap();
    assert_eq!((alike.adjusted, alike.size.cohen), (None, None));
    let tested = all.iter().filter_map(|p| Some((p.paired.p.ok()?, p.adjusted?)));
    for (p, adjusted) in tested {
        assert!(adjusted >= 2.0 * p, "{p} {adjusted}");
    }
}

#[test]
fn methods_that_share_no_seed_make_no_pair() {
    let mut suite = suite_of_values(&[vec![BEST.to_vec(), WORST.to_vec()]], 100);
    for run in suite.runs.iter_mut().filter(|run| run.method == 1) {
        run.entry.seed += 100;
    }
    assert!(pairs(&compared(&suite)[0]).is_empty());
}

/// Of reports on sixteen alike methods few claim any difference, against the control, the runner-up or any other. `cargo run --release
/// -p dentate-eval --example nulls` makes more of them, from files.
#[test]
fn alike_methods_are_rarely_told_apart() {
    let mut random = crate::statistics::random::Random(7);
    let mut uniform = || (random.bits() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
    let (mut reports, mut claims) = (0, 0);
    for _ in 0..3 {
        for (seeds, rows) in [3, 5, 8, 20]
            .into_iter()
            .flat_map(|n| [(n, 50), (n, 200), (n, 10_000)])
        {
            let luck: Vec<f64> = (0..seeds).map(|_| 0.8 + 0.02 * normal()).collect();
            let methods = (0..16).map(|_| {
                let value =
                    |luck: &f64| ((luck + 0.02 * normal()) * f64::from(rows)).round() / f64::from(rows);
                luck.iter().map(value).collect()
            });
            let mut suite = suite_of_values(&[methods.collect()], rows as u32);
            suite.manifest.control = Some("m0".into());
            let c = &compared(&suite)[0];
            let all = pairs(c);
            assert_eq!(all.len(), 120);
            let claim = all.iter().any(|p| p.significant)
                || c.rows
                    .iter()
                    .any(|r| r.against_control.is_some_and(|v| v.significant))
                || c.lead
                    .is_some_and(|l| l.runner_up.is_some_and(|(_, v)| v.is_some_and(|v| v.significant)));
            assert!(!claim || seeds >= 5, "three seeds tell nothing");
            reports += 1;
            claims += usize::from(claim);
        }
    }
    // Of 36 at 5 % each, five or more would be claimed in 3 % of cases.
    assert!(claims <= 4, "{claims} of {reports}");
}
