use super::block::{At, Block, drawn, largest};
use super::density::{Shape, live_numbers};
use super::*;
use dentate_core::Seed;
use ndarray::Array2;
use proptest::prelude::*;

/// A block of 4 × 6 with distinct magnitudes: where it is live, and where it is frozen.
fn blocks() -> impl Strategy<Value = (Block, Array2<f32>)> {
    let values = || proptest::collection::vec(-1000i32..1000, 24);
    let bits = |share: f64| proptest::collection::vec(proptest::bool::weighted(share), 24);
    (values(), values(), bits(0.4), bits(0.1)).prop_map(|(weights, gradients, live, frozen)| {
        let grid = |values: Vec<i32>| {
            // A distinct fraction for each place makes magnitudes differ.
            let all = values
                .into_iter()
                .enumerate()
                .map(|(i, v)| v as f32 + i as f32 / 64.0);
            Array2::from_shape_vec((4, 6), all.collect()).unwrap()
        };
        let flags = |bits| Array2::from_shape_vec((4, 6), bits).unwrap();
        let (live, frozen) = (flags(live), flags(frozen));
        let mut weights: Array2<f32> = grid(weights);
        ndarray::Zip::from(&mut weights)
            .and(&live)
            .and(&frozen)
            .for_each(|w, live, frozen| {
                if !*live && !*frozen {
                    *w = 0.0;
                }
            });
        (
            Block {
                weights,
                live,
                frozen,
            },
            grid(gradients),
        )
    })
}

/// RigL by plain loops: drop the smallest one by one, then take the largest gradient one by one.
fn by_loops(
    block: &Block,
    gradients: &Array2<f32>,
    drop: usize,
    number: usize,
) -> (Array2<bool>, Array2<f32>) {
    let (mut live, mut weights) = (block.live.clone(), block.weights.clone());
    for _ in 0..drop {
        let mut least: Option<At> = None;
        for i in 0..4 {
            for j in 0..6 {
                let smaller = least.is_none_or(|at| weights[[i, j]].abs() < weights[at].abs());
                if live[[i, j]] && !block.frozen[[i, j]] && smaller {
                    least = Some((i, j));
                }
            }
        }
        if let Some(at) = least {
            live[at] = false;
        }
    }
    let mut count = live.iter().filter(|l| **l).count();
    while count < number {
        let mut most: Option<At> = None;
        for i in 0..4 {
            for j in 0..6 {
                let larger = most.is_none_or(|at| gradients[[i, j]].abs() > gradients[at].abs());
                if !live[[i, j]] && !block.frozen[[i, j]] && larger {
                    most = Some((i, j));
                }
            }
        }
        let Some(at) = most else { break };
        live[at] = true;
        count += 1;
    }
    for i in 0..4 {
        for j in 0..6 {
            if !live[[i, j]] && !block.frozen[[i, j]] {
                weights[[i, j]] = 0.0;
            }
        }
    }
    (live, weights)
}

proptest! {
    /// The masks after a turnover are those of plain loops, and so are the weights.
    #[test]
    fn a_turnover_is_that_of_loops((block, gradients) in blocks(), share in 0.0..1.0f64) {
        let number = block.live.iter().filter(|l| **l).count();
        let movable = block.live.iter().zip(&block.frozen).filter(|(l, f)| **l && !**f).count();
        let drop = ((share * number as f64).round() as usize).min(movable);
        let (live, weights) = by_loops(&block, &gradients, drop, number);
        let mut found = block.clone();
        found.turn_over(share, number, |all, n| largest(all, n, |at| gradients[at].abs()));
        prop_assert_eq!(&found.live, &live);
        prop_assert_eq!(found.weights.mapv(f32::to_bits), weights.mapv(f32::to_bits));
    }

    /// After a change the number of live weights is exact as far as frozen ones leave room, what is dead is 0, frozen weights keep
    /// every bit, and new weights with a value are live before those without.
    #[test]
    fn a_change_leaves_the_number_exact((block, _) in blocks(), fresh in proptest::collection::vec(any::<bool>(), 24),
                                         number in 0..24usize) {
        let fresh = Array2::from_shape_vec((4, 6), fresh).unwrap();
        let mut found = block.clone();
        found.settle(number, &fresh, &mut Seed(3).random());
        let (mut held, mut free) = (0, 0);
        for (at, frozen) in block.frozen.indexed_iter() {
            if *frozen {
                held += usize::from(found.live[at]);
                prop_assert_eq!(found.weights[at].to_bits(), block.weights[at].to_bits());
                prop_assert!(!fresh[at] || found.live[at]);
            } else {
                free += 1;
                prop_assert!(found.live[at] || found.weights[at].to_bits() == 0);
                prop_assert!(found.weights[at] == 0.0 || found.weights[at].to_bits() == block.weights[at].to_bits());
            }
        }
        let count = found.live.iter().filter(|l| **l).count();
        prop_assert_eq!(count, number.clamp(held, held + free));
    }

    /// Without ties the smallest places are a sorted list's first.
    #[test]
    fn a_draw_has_no_place_twice(n in 0..30usize, seed in any::<u64>()) {
        let places: Vec<At> = (0..24).map(|i| (i / 6, i % 6)).collect();
        let mut found = drawn(places, n, &mut Seed(seed).random());
        prop_assert_eq!(found.len(), n.min(24));
        found.sort_unstable();
        found.dedup();
        prop_assert_eq!(found.len(), n.min(24));
    }
}

/// An identity layer's diagonal is live before the zeros around it.
#[test]
fn what_is_born_with_a_value_comes_first() {
    let mut block = Block {
        weights: Array2::eye(5),
        live: Array2::from_elem((5, 5), true),
        frozen: Array2::default((5, 5)),
    };
    block.settle(8, &Array2::from_elem((5, 5), true), &mut Seed(1).random());
    assert_eq!(block.weights, Array2::<f32>::eye(5));
    assert!(block.live.diag().iter().all(|live| *live));
    assert_eq!(block.live.iter().filter(|l| **l).count(), 8);
}

/// By hand: of 784-100-10 with a fifth of the weights live, ε (784 + 100) + ε (100 + 10) = 0.2 (78400 + 1000), ε = 15.976; the second
/// would have 1757 of its 1000, so it is dense, and the first has the other 14880.
#[test]
fn erdos_renyi_numbers_are_those_by_hand() {
    let shape = |rows: usize, columns: usize| Shape {
        entries: rows * columns,
        sides: rows + columns,
    };
    let numbers =
        |density, distribution, shapes: &[Shape]| live_numbers(density, distribution, shapes.iter().copied());
    let shapes = [shape(100, 784), shape(10, 100)];
    assert_eq!(numbers(0.2, Distribution::ErdosRenyi, &shapes), [14880, 1000]);
    assert_eq!(numbers(0.2, Distribution::Uniform, &shapes), [15680, 200]);
    // Nothing is beyond dense: ε = 0.1 · 15000 / 400 = 3.75.
    let shapes = [shape(100, 100), shape(50, 100), shape(50, 0)];
    assert_eq!(numbers(0.1, Distribution::ErdosRenyi, &shapes[..2]), [857, 643]);
    assert_eq!(numbers(1.0, Distribution::ErdosRenyi, &shapes), [10000, 5000, 0]);
    assert!(numbers(0.5, Distribution::ErdosRenyi, &[]).is_empty());
}

/// Half a cosine: all of the share at first, half of it half way, none from the end on.
#[test]
fn the_share_falls_by_half_a_cosine() {
    let turning = SparseTurnover {
        turnover: 0.4,
        until: Some(100),
        ..SparseTurnover::default()
    };
    for (t, wanted) in [
        (0, 0.4),
        (25, 0.341_421_356_237),
        (50, 0.2),
        (100, 0.0),
        (200, 0.0),
    ] {
        assert!((turning.share(t) - wanted).abs() < 1e-9, "{t}");
    }
}
