use super::{BitFlip, Target, Thresholds};
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
        thresholds: Thresholds::Code,
    }
}

fn inputs(part: &Part) -> Vec<Vec<f32>> {
    let all = part.data.gather(&part.rows.to_vec()).unwrap();
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
    // Targets are the same function in every experience.
    let (of, seed) = (small(), Seed(5));
    let target = Target::draw(&of, seed);
    let stream = of.build(&DataEnv::default(), seed).unwrap();
    for experience in &stream.experiences {
        let values = experience.train.data.values().unwrap();
        for (row, y) in inputs(&experience.train).iter().zip(values.rows()) {
            assert_eq!(target.of(row), y[0]);
        }
    }
}

/// The two thresholds computed in another way, from the number of bits that have to match the weights for a unit to fire.
#[test]
fn units_fire_at_the_matches_of_the_code_or_of_the_text() {
    for (thresholds, with_plus, with_minus) in
        [(Thresholds::Code, 13.2, 16.2), (Thresholds::Text, 13.7, 14.7)]
    {
        let of: BitFlip = BitFlip {
            thresholds,
            ..serde_json::from_str("{}").unwrap()
        };
        let target = Target::draw(&of, Seed(7));
        let mut seen = [0, 0];
        for (weights, &threshold) in target.incoming.iter().zip(&target.thresholds) {
            let (&constant, weights) = weights.split_last().unwrap();
            seen[usize::from(constant > 0.0)] += 1;
            for matching in 0..=20 {
                // The first of the bits match, up to this number, the others do not.
                let bits: Vec<f32> = (0..)
                    .zip(weights)
                    .map(|(j, &v)| f32::from(u8::from((v > 0.0) == (j < matching))))
                    .collect();
                let sum: f32 = weights.iter().zip(&bits).map(|(v, x)| v * x).sum();
                let most = if constant > 0.0 { with_plus } else { with_minus };
                let fires = sum + constant > threshold;
                assert_eq!(
                    fires,
                    f64::from(matching) > most,
                    "{thresholds:?}: {matching} match"
                );
            }
        }
        assert!(
            seen.iter().all(|&n| n > 30),
            "both signs of the constant: {seen:?}"
        );
    }
    let named: BitFlip = serde_json::from_str(r#"{"thresholds":"text"}"#).unwrap();
    assert_eq!(named.thresholds, Thresholds::Text);
    let usual: BitFlip = serde_json::from_str("{}").unwrap();
    assert_eq!(usual.thresholds, Thresholds::Code);
}

/// A linear learner with step size 0.001 reaches about the error of the published figure, 0.88, on the code's targets, and 1.4
/// times as much on the text's. A separate simulation, of 200 target networks, gave 0.85 and 1.19; single networks
/// differed by 0.25 and 0.30. The tolerance here is two standard errors of twelve.
#[test]
fn a_linear_learner_is_left_with_the_published_error() {
    let error = |thresholds, seed| {
        let of = BitFlip {
            thresholds,
            experiences: 4,
            ..serde_json::from_str("{}").unwrap()
        };
        let stream = of.build(&DataEnv::default(), Seed(seed)).unwrap();
        let mut weights = [0.0_f32; 21];
        let (mut sum, mut count) = (0.0_f64, 0);
        for (at, experience) in stream.experiences.iter().enumerate() {
            let values = experience.train.data.values().unwrap();
            for (bits, y) in inputs(&experience.train).iter().zip(values.rows()) {
                let answer: f32 = weights[20] + bits.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>();
                let off = y[0] - answer;
                // The first part is spent on finding the weights at all.
                if at > 0 {
                    sum += f64::from(off * off);
                    count += 1;
                }
                for (w, x) in weights.iter_mut().zip(bits.iter().chain(&[1.0])) {
                    *w += 0.001 * off * x;
                }
            }
        }
        sum / f64::from(count)
    };
    let mean = |thresholds| (0..12).map(|seed| error(thresholds, seed)).sum::<f64>() / 12.0;
    let (code, text) = (mean(Thresholds::Code), mean(Thresholds::Text));
    println!("code {code:.3}, text {text:.3}");
    assert!((0.71..0.99).contains(&code), "code: {code}");
    assert!((1.02..1.37).contains(&text), "text: {text}");
    // The networks are the same, so their quotient is more precise.
    assert!((1.2..1.6).contains(&(text / code)), "{}", text / code);
}
