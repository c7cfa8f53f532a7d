use super::*;
use crate::ids::{ConnectionId, LayerId};
use std::collections::BTreeSet;

#[test]
fn it_is_what_libraries_say() {
    let noise = Noise::of(3, Parameter::Weight(ConnectionId(1)));
    for row in 0..300 {
        for column in 0..100 {
            let second = row / 16 % 2 == 1;
            let first_row = if second { row - 16 } else { row };
            let drawn = mix(noise.0 ^ (first_row << 32 | column));
            let u = (drawn >> 40 | 1) as f64 / f64::from(1 << 24);
            let eighth = (drawn & 0x00ff_ffff) as f64 / f64::from(1 << 24);
            let (sin, cos) = (eighth * std::f64::consts::FRAC_PI_4).sin_cos();
            // Bit 32 exchanges the coordinates; bits 31 and 30 are their signs.
            let exchanged = drawn >> 32 & 1 == 1;
            let along = if second == exchanged { cos } else { sin };
            let sign = if drawn >> (31 - u32::from(second)) & 1 == 1 {
                -1.0
            } else {
                1.0
            };
            let wanted = sign * (-2.0 * u.ln()).sqrt() * along;
            let found = f64::from(noise.at(row as usize, column as usize));
            assert!((found - wanted).abs() < 2e-6, "{found} against {wanted}");
        }
    }
}

#[test]
fn a_column_at_once_has_the_same_bits() {
    let noise = Noise::of(9, Parameter::Bias(LayerId(1)));
    for (first, length) in [(0, 0), (0, 1), (0, 16), (32, 17), (0, 31), (64, 32), (1024, 100)] {
        let mut out = vec![0.0; length];
        noise.down(first, 7, &mut out);
        for (i, found) in out.iter().enumerate() {
            assert_eq!(found.to_bits(), noise.at(first + i, 7).to_bits(), "{first} {i}");
        }
    }
}

#[test]
fn it_is_normal_and_independent() {
    let noise = Noise::of(5, Parameter::Bias(LayerId(2)));
    let all: Vec<f64> = (0..1000 * 1000)
        .map(|i| f64::from(noise.at(i / 1000, i % 1000)))
        .collect();
    let n = all.len() as f64;
    let moment = |k: i32| all.iter().map(|x| x.powi(k)).sum::<f64>() / n;
    for (k, wanted) in [(1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)] {
        // Six standard deviations of the k-th moment of `n` numbers.
        let deviation = [1.0f64, 2.0, 15.0, 96.0][k as usize - 1].sqrt() / n.sqrt();
        assert!(
            (moment(k) - wanted).abs() < 6.0 * deviation,
            "moment {k}: {}",
            moment(k)
        );
    }
    // The next column, the next row, and the row that takes the other coordinate of the same point.
    for lag in [1, 1000, 16_000] {
        let along = all.iter().zip(&all[lag..]).map(|(a, b)| a * b).sum::<f64>() / n;
        assert!(along.abs() < 6.0 / n.sqrt(), "neighbours at {lag}: {along}");
        // Nor is one large where the other is.
        let squares = all
            .iter()
            .zip(&all[lag..])
            .map(|(a, b)| (a * a - 1.0) * (b * b - 1.0));
        let together = squares.sum::<f64>() / n;
        assert!(together.abs() < 12.0 / n.sqrt(), "squares at {lag}: {together}");
    }
}

#[test]
fn every_block_and_seed_has_its_own() {
    let (c, l) = (ConnectionId(1), LayerId(1));
    let blocks = [
        Parameter::Weight(c),
        Parameter::Gain(c),
        Parameter::Bias(l),
        Parameter::Scale(l),
        Parameter::Shift(l),
        Parameter::Mean(l),
        Parameter::Variance(l),
    ];
    let at = |seed| blocks.map(|block| Noise::of(seed, block).at(0, 0).to_bits());
    let all: BTreeSet<u32> = at(1).into_iter().chain(at(2)).collect();
    assert_eq!(all.len(), 14);
}
