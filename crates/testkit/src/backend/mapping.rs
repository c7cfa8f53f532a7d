//! Laws of expressions over slots.

use super::compare::{Outcome, all_admit, cells, fine, same_bits};
use super::fixture::{Fixture, mild_cases};
use super::freezing::freeze_some;
use super::law::{Make, check_law};
use crate::generators::{block, expressions, reductions};
use crate::naive::{Arrays, Number, Rounded, Values, expression, over_all, values};
use dentate_core::{
    BackendError, Expr, Optimizer, Over, Parameter, Purpose, Reduction, Seed, Slot, SlotKind,
};
use ndarray::Array2;
use proptest::prelude::*;
use std::collections::BTreeSet;

const A: Slot = Slot::new(SlotKind::Statistic, 3);
const B: Slot = Slot::new(SlotKind::Importance, 4);
const EMPTY: Slot = Slot::new(SlotKind::Statistic, 9);

/// Fill two slots with values. Some are 0, so that something is divided by them.
fn put(fixture: &mut Fixture) -> Outcome {
    for (slot, name) in [(A, "a"), (B, "b")] {
        fixture.put(slot, |p, shape| {
            let mut values = block(shape, Seed(1).derive(&format!("{name} {p:?}")));
            values.mapv_inplace(|x| if x.abs() < 0.1 { 0.0 } else { x });
            values
        })?;
    }
    Ok(())
}

/// Written values and reductions equal those of loops over the nodes; also when written into a slot that is read.
pub fn expressions_match_loops(make: Make) {
    let strategy = (
        mild_cases(),
        expressions(vec![A, B, Slot::WEIGHT]),
        reductions(),
        any::<bool>(),
    );
    check_law(
        make,
        "expressions_match_loops",
        96,
        strategy,
        |(case, expr, by, onto)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            put(&mut fixture)?;
            fixture.naive.set(Slot::WEIGHT, &fixture.weights);
            let wanted = expression(&fixture.naive, &expr);
            let found = fine(fixture.backend.reduce(by, &expr))?;
            let one = over_all(by, &wanted);
            prop_assert!(
                one.admits(found as f32),
                "{:?} of all: {} against {:?}",
                by,
                found,
                one
            );
            let into = if onto { A } else { Slot::new(SlotKind::Anchor, 5) };
            fine(fixture.backend.map(into, &expr))?;
            all_admit("an expression", &wanted, &fixture.slot(into))?;
            let read = fixture.slot(B);
            same_bits("what is only read", &read, &fixture.naive.arrays(B))?;
            // A copy is equal to the bit.
            fine(fixture.backend.map(B, &Slot::WEIGHT.into()))?;
            let copy = fixture.slot(B);
            same_bits("a copy", &fixture.weights, &copy)?;
            let before = fixture.slot(into);
            for refused in [
                Expr::slot(EMPTY),
                Expr::slot(A) * EMPTY,
                Expr::slot(EMPTY).sum(Over::All),
            ] {
                let error = BackendError::EmptySlot(EMPTY);
                prop_assert_eq!(fixture.backend.map(into, &refused), Err(error.clone()));
                prop_assert_eq!(fixture.backend.reduce(by, &refused), Err(error));
            }
            prop_assert_eq!(fixture.backend.dot(A, EMPTY), Err(BackendError::EmptySlot(EMPTY)));
            prop_assert_eq!(
                fixture.backend.update(EMPTY, &Optimizer::sgd(0.1), None),
                Err(BackendError::EmptySlot(EMPTY))
            );
            let large = (0..Expr::MOST_NODES).fold(Expr::slot(A), |sum, _| sum + 1.0);
            let refused = fixture.backend.map(into, &large);
            prop_assert!(
                matches!(refused, Err(BackendError::Expression(_))),
                "{:?}",
                refused
            );
            same_bits("what was refused", &before, &fixture.slot(into))
        },
    );
}

/// Several slots written at once have the bits that they have when each is written from the same values, also where they are read
/// for one another; one of them twice is refused.
pub fn slots_written_at_once_read_what_was_there(make: Make) {
    let slots = || vec![A, B, Slot::WEIGHT];
    let strategy = (mild_cases(), expressions(slots()), expressions(slots()));
    check_law(
        make,
        "slots_written_at_once_read_what_was_there",
        48,
        strategy,
        |(case, first, second)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            put(&mut fixture)?;
            let [alone, other] = [5, 6].map(|index| Slot::new(SlotKind::Statistic, index));
            // Swapped, and each made of both.
            for [first, second] in [[Expr::slot(B), Expr::slot(A)], [first, second]] {
                fine(fixture.backend.map(alone, &first))?;
                fine(fixture.backend.map(other, &second))?;
                let wanted = [fixture.slot(alone), fixture.slot(other)];
                let twice = fixture
                    .backend
                    .map_all(&[(A, &first), (B, &second), (A, &second)]);
                prop_assert_eq!(twice, Err(BackendError::WrittenTwice(A)));
                fine(fixture.backend.map_all(&[(A, &first), (B, &second)]))?;
                same_bits("the first of two", &wanted[0], &fixture.slot(A))?;
                same_bits("the second of two", &wanted[1], &fixture.slot(B))?;
            }
            let before = [fixture.slot(A), fixture.slot(B)];
            let refused = fixture
                .backend
                .map_all(&[(A, &Expr::constant(1.0)), (B, &Expr::slot(EMPTY))]);
            prop_assert_eq!(refused, Err(BackendError::EmptySlot(EMPTY)));
            same_bits("what was refused", &before[0], &fixture.slot(A))?;
            same_bits("what was refused", &before[1], &fixture.slot(B))?;
            prop_assert!(fixture.backend.has(A) && fixture.backend.has(Slot::WEIGHT));
            prop_assert!(!fixture.backend.has(EMPTY));
            Ok(())
        },
    );
}

/// A write into the parameters keeps the bits of entries that do not learn, and writes all others.
pub fn expressions_leave_what_is_frozen(make: Make) {
    let strategy = (mild_cases(), prop::collection::vec(any::<u16>(), 0..4));
    check_law(
        make,
        "expressions_leave_what_is_frozen",
        48,
        strategy,
        |(case, freeze)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            freeze_some(&mut fixture, &freeze)?;
            fine(
                fixture
                    .backend
                    .map(Slot::WEIGHT, &(Expr::slot(Slot::WEIGHT) * 0.5 + 3.0)),
            )?;
            let found = fixture.slot(Slot::WEIGHT);
            for (parameter, grid) in fixture.naive.grids() {
                for (i, row) in grid.iter().enumerate() {
                    for (j, cell) in row.iter().enumerate() {
                        let before = fixture.weights[&parameter][(i, j)];
                        let wanted = match fixture.naive.rate(*cell) {
                            0.0 => before,
                            _ => before * 0.5 + 3.0,
                        };
                        let found = found[&parameter][(i, j)];
                        prop_assert_eq!(found.to_bits(), wanted.to_bits(), "{} at {} {}", parameter, i, j);
                    }
                }
            }
            Ok(())
        },
    );
}

/// Products of three slots equal those of loops, also when written into one that is read; entries that do not learn keep their
/// bits.
pub fn products_match_loops(make: Make) {
    let strategy = (mild_cases(), prop::sample::select(vec![A, B, Slot::WEIGHT]));
    check_law(make, "products_match_loops", 32, strategy, |(case, into)| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        put(&mut fixture)?;
        let before = [A, B, Slot::WEIGHT].map(|slot| fixture.slot(slot));
        let [a, b, c] = &before;
        let mut wanted: Values<Rounded> = values(a);
        for (p, wanted) in &mut wanted {
            let exact = |of: &Arrays, at: (usize, usize)| Rounded::of(f64::from(of[p][at]));
            let (rows, columns) = wanted.dim();
            // Whichever product comes first: both bounds hold for either.
            *wanted = Array2::from_shape_fn((rows, columns), |(i, j)| {
                let mut sum = Rounded::of(0.0);
                for k in 0..columns {
                    for l in 0..rows {
                        sum = sum + exact(a, (i, k)) * exact(b, (l, k)) * exact(c, (l, j));
                    }
                }
                sum
            });
        }
        fine(fixture.backend.multiply(into, A, B, Slot::WEIGHT))?;
        let found = fixture.slot(into);
        for (parameter, grid) in fixture.naive.grids() {
            for ((i, j), found) in found[&parameter].indexed_iter() {
                if into == Slot::WEIGHT && fixture.naive.rate(grid[i][j]) == 0.0 {
                    prop_assert_eq!(found.to_bits(), c[&parameter][(i, j)].to_bits());
                } else {
                    let wanted = wanted[&parameter][(i, j)];
                    prop_assert!(
                        wanted.admits(*found),
                        "{}: {} against {:?}",
                        parameter,
                        found,
                        wanted
                    );
                }
            }
        }
        let refused = fixture.backend.multiply(into, A, EMPTY, B);
        prop_assert_eq!(refused, Err(BackendError::EmptySlot(EMPTY)));
        // A product is reached where all three slots are.
        fixture.objective.terms.truncate(1);
        fixture.objective.penalties.clear();
        let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
        let purpose = Purpose::ReadOnly;
        fine(
            fixture
                .backend
                .gradient(rows, route, objective, Slot::GRADIENT, purpose),
        )?;
        fine(fixture.backend.multiply(A, Slot::WEIGHT, Slot::GRADIENT, B))?;
        let mut unreached = fixture.backend.snapshot().unreached;
        prop_assert_eq!(unreached.remove(&A), unreached.remove(&Slot::GRADIENT));
        Ok(())
    });
}

/// A written block is reached where its slots are, and a sum where either side is.
pub fn expressions_reach_what_their_slots_do(make: Make) {
    check_law(
        make,
        "expressions_reach_what_their_slots_do",
        32,
        mild_cases(),
        |case| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            // With one term, most networks have something that is not reached.
            fixture.objective.terms.truncate(1);
            fixture.objective.penalties.clear();
            let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
            let purpose = Purpose::ReadOnly;
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, Slot::GRADIENT, purpose),
            )?;
            let mut left = |slot| {
                fixture
                    .backend
                    .snapshot()
                    .unreached
                    .remove(&slot)
                    .unwrap_or_default()
            };
            let as_gradient: BTreeSet<Parameter> = left(Slot::GRADIENT);
            let (g, w) = (|| Expr::slot(Slot::GRADIENT), || Expr::slot(Slot::WEIGHT));
            let cases = [
                (2.0 * g(), false),
                (g() * w(), false),
                (w().max(g()), false),
                (w() * g().sum(Over::Block), false),
                (w() * g().norm(Over::Row), false),
                (g().sum(Over::Column), false),
                (w() + g(), true),
                (g().norm(Over::All), true),
                (g() + Expr::noise(1), true),
                (w(), true),
            ];
            for (expr, everywhere) in cases {
                fine(fixture.backend.map(A, &expr))?;
                let found = fixture
                    .backend
                    .snapshot()
                    .unreached
                    .remove(&A)
                    .unwrap_or_default();
                let wanted = if everywhere {
                    BTreeSet::new()
                } else {
                    as_gradient.clone()
                };
                prop_assert_eq!(found, wanted, "{:?}", expr);
            }
            fine(fixture.backend.map(A, &Expr::reached(Slot::GRADIENT)))?;
            for (parameter, found) in fixture.slot(A) {
                let wanted = f32::from(!as_gradient.contains(&parameter));
                prop_assert!(
                    found.iter().all(|found| *found == wanted),
                    "{} of {}",
                    found,
                    parameter
                );
            }
            Ok(())
        },
    );
}

/// Division by 0, roots of negative numbers and NaN give what they give in floating point; subnormal numbers become 0.
pub fn what_is_not_finite_is_stored_as_it_is(make: Make) {
    check_law(
        make,
        "what_is_not_finite_is_stored_as_it_is",
        8,
        mild_cases(),
        |case| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let all = |value: f32| move |_: Parameter, shape| Array2::from_elem(shape, value);
            fixture.put(A, all(0.0))?;
            fixture.put(B, all(f32::NAN))?;
            let (a, b) = (|| Expr::slot(A), || Expr::slot(B));
            let (yes, infinite, nan) = (1.0f32, f32::INFINITY, f32::NAN);
            let cases = [
                (1.0 / a(), infinite),
                (-1.0 / a(), -infinite),
                (a() / a(), nan),
                ((a() - 1.0).sqrt(), nan),
                (b().max(a()), nan),
                (a().max(b()), nan),
                (b().min(a()), nan),
                (a().min(b()), nan),
                (b().sign(), 0.0),
                (b().greater(a()), 0.0),
                (a().greater(b()), 0.0),
                (b().select(1.0, 2.0), yes),
                (a().select(b(), 1.0), yes),
                ((a() + 1.0).select(1.0, b()), yes),
                (b().reduce(Reduction::Max, Over::All), nan),
                (b().reduce(Reduction::Min, Over::Block), nan),
                (b().reduce(Reduction::Max, Over::Row), nan),
                (b().reduce(Reduction::Min, Over::Column), nan),
                (b().sum(Over::All), nan),
                (b().sigmoid(), nan),
                ((1.0 / a()).sigmoid(), 1.0),
                ((-1.0 / a()).sigmoid(), 0.0),
                ((a() + 1e-30) * 1e-9, 0.0),
                ((a() + 1e-30) * 1e-9 * 1e9, 1e-30),
            ];
            let into = Slot::new(SlotKind::Statistic, 5);
            for (expr, wanted) in cases {
                fine(fixture.backend.map(into, &expr))?;
                let found: Arrays = fixture.slot(into);
                for (at, found) in cells(&found) {
                    let right = found == wanted
                        || (found.is_nan() && wanted.is_nan())
                        || (found - wanted).abs() <= 1e-6 * wanted.abs();
                    prop_assert!(right, "{:?} at {:?}: {} against {}", expr, at, found, wanted);
                }
            }
            Ok(())
        },
    );
}
