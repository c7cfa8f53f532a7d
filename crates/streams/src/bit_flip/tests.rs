use super::{BitFlip, Target};
use crate::data::DataEnv;
use crate::spec::StreamRecipe;
use crate::stream::Part;
use dentate_core::Seed;

fn small() -> BitFlip {
    BitFlip {
        bits: 8,
        slow: 5,
        experiences: 6,
        train: 400,
        test: 20,
        units: 30,
        beta: 0.7,
    }
}

fn inputs(part: &Part) -> Vec<Vec<f32>> {
    let all = part.data.gather(&part.rows.to_vec());
    all.rows().into_iter().map(|row| row.to_vec()).collect()
}

#[test]
fn one_slow_bit_flips_at_each_boundary_and_the_others_are_drawn_anew() {
    let stream = small().build(&DataEnv::default(), Seed(3)).unwrap();
    let mut before: Option<Vec<f32>> = None;
    for experience in &stream.experiences {
        let rows = inputs(&experience.train);
        let slow = rows[0][..5].to_vec();
        assert!(
            rows.iter()
                .chain(&inputs(&experience.test))
                .all(|row| row[..5] == slow)
        );
        for fast in 5..8 {
            let ones = rows.iter().filter(|row| row[fast] == 1.0).count();
            assert!((140..260).contains(&ones), "bit {fast} is 1 in {ones} of 400");
        }
        if let Some(before) = before {
            let flipped = before.iter().zip(&slow).filter(|(a, b)| a != b).count();
            assert_eq!(flipped, 1);
        }
        before = Some(slow);
    }
}

#[test]
fn targets_are_what_the_threshold_network_says() {
    // One unit of weights 1, -1 and 1 for the constant: it fires where 1 + a - b > 3 * 0.5 - 1.
    let target = Target {
        incoming: vec![vec![1.0, -1.0, 1.0]],
        thresholds: vec![0.5],
        outgoing: vec![-1.0],
    };
    let of = |a, b| target.of(&[a, b]);
    assert_eq!(
        [of(0.0, 0.0), of(1.0, 0.0), of(0.0, 1.0), of(1.0, 1.0)],
        [-1.0, -1.0, 0.0, -1.0]
    );
    // Drawn thresholds follow the formula, and targets are the same function in every experience.
    let (of, seed) = (small(), Seed(5));
    let target = Target::draw(&of, seed);
    for (row, threshold) in target.incoming.iter().zip(&target.thresholds) {
        let negative = row.iter().filter(|v| **v < 0.0).count() as f32;
        assert!((threshold - (9.0 * 0.7 - negative)).abs() < 1e-6);
    }
    let stream = of.build(&DataEnv::default(), seed).unwrap();
    for experience in &stream.experiences {
        let values = experience.train.data.values().unwrap();
        for (row, y) in inputs(&experience.train).iter().zip(values.rows()) {
            assert_eq!(target.of(row), y[0]);
        }
    }
}
