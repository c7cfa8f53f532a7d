//! Laws of subnormal numbers.

use super::compare::{Outcome, fine};
use super::fixture::{Fixture, mild_cases, optimizers};
use super::law::{Make, check_law};
use dentate_core::{Expr, Meter, MeterKind, Parameter, Power, Purpose, Seed, Slot, SlotKind};
use ndarray::Array2;
use proptest::prelude::*;

/// The smallest normal number.
const LEAST: f32 = f32::MIN_POSITIVE;
const SQUARES: Slot = Slot::new(SlotKind::Importance, 3);
const PRODUCTS: Slot = Slot::new(SlotKind::Statistic, 3);

/// Numbers of both signs that are just normal: the next decrease makes them subnormal.
fn verge(shape: (usize, usize), seed: Seed) -> Array2<f32> {
    crate::generators::block(shape, seed).mapv(|x| LEAST.copysign(x) * (1.0 + 0.2 * x.abs().min(2.0)))
}

/// Set all decaying state to numbers that are just normal, and, if `still`, all outputs to 0, so that meters and running
/// statistics accumulate nothing.
fn push(fixture: &mut Fixture, still: bool, decay: f32, seed: Seed) -> Outcome {
    const KINDS: [MeterKind; 9] = [
        MeterKind::Activation,
        MeterKind::Magnitude,
        MeterKind::Contribution,
        MeterKind::AdaptableContribution,
        MeterKind::Gradient,
        MeterKind::CentredGradient,
        MeterKind::GradientNorm,
        MeterKind::Silence,
        MeterKind::Silences,
    ];
    let meters = |layer| KINDS.map(|of| Meter { layer, of, decay });
    let meters: Vec<Meter> = fixture.graph.hidden().flat_map(|l| meters(l.id)).collect();
    fine(fixture.backend.watch(&meters))?;
    let mut snapshot = fixture.backend.snapshot();
    for (_, values) in &mut snapshot.meters {
        values
            .iter_mut()
            .enumerate()
            .for_each(|(i, m)| *m = LEAST * (1.0 + i as f32 % 3.0));
    }
    for (parameter, shape) in fixture.graph.parameters() {
        let drawn = |name: &str| verge(shape, seed.derive(&format!("{name} {parameter:?}")));
        for slot in [Slot::FIRST_MOMENT, SQUARES, PRODUCTS] {
            let blocks = snapshot.slots.entry(slot).or_default();
            blocks.insert(parameter, drawn("first"));
        }
        let second = drawn("second").mapv(f32::abs);
        snapshot
            .slots
            .entry(Slot::SECOND_MOMENT)
            .or_default()
            .insert(parameter, second);
        let Some(weights) = snapshot
            .slots
            .get_mut(&Slot::WEIGHT)
            .and_then(|all| all.get_mut(&parameter))
        else {
            continue;
        };
        match parameter {
            Parameter::Mean(_) => *weights = drawn("mean"),
            Parameter::Variance(_) => *weights = drawn("variance").mapv(f32::abs),
            // Some weights are just normal, too.
            _ if still => weights.fill(0.0),
            _ => {
                let small = drawn("weight");
                let pairs = weights.indexed_iter_mut().zip(&small);
                pairs
                    .filter(|(((i, j), _), _)| (i + j) % 3 == 0)
                    .for_each(|((_, w), s)| *w = *s);
            }
        }
    }
    fine(fixture.backend.restore(&fixture.graph, &snapshot))
}

/// Check that nothing that is stored is subnormal.
fn settled(fixture: &mut Fixture, after: &str) -> Outcome {
    let snapshot = fixture.backend.snapshot();
    for (slot, blocks) in &snapshot.slots {
        for (parameter, block) in blocks {
            if let Some((at, x)) = block.indexed_iter().find(|(_, x)| x.is_subnormal()) {
                let text = format!("after {after}, {slot} has {x:e} at {at:?} of {parameter:?}");
                return Err(TestCaseError::fail(text));
            }
        }
    }
    for (meter, values) in &snapshot.meters {
        let found = values.iter().find(|x| x.is_subnormal());
        prop_assert!(found.is_none(), "after {}, {:?} holds {:?}", after, meter, found);
    }
    Ok(())
}

/// Moments, running means and statistics, gradients, products and weights that fall below the smallest normal number are 0.
pub fn nothing_stored_is_subnormal(make: Make) {
    let weights = prop::sample::select(vec![1.0f32, 1e-19, 1e-28, 1e-37]);
    let strategy = (mild_cases(), optimizers(), weights, any::<bool>(), 0.3f32..0.95);
    check_law(
        make,
        "nothing_stored_is_subnormal",
        64,
        strategy,
        |(case, optimizer, weight, still, decay)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture
                .objective
                .terms
                .iter_mut()
                .for_each(|term| term.weight *= weight);
            let seed = Seed(case.rowset.seed);
            push(&mut fixture, still, decay, seed)?;
            settled(&mut fixture, "a restored snapshot")?;
            for _ in 0..3 {
                fixture.step(&optimizer)?;
                settled(&mut fixture, "a step")?;
            }
            push(&mut fixture, still, decay, seed)?;
            let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, Slot::GRADIENT, Purpose::Update),
            )?;
            // Some objectives have no squared gradients, since they do not cover all rows.
            drop(
                fixture
                    .backend
                    .accumulate(rows, route, objective, Power::Squared, 0.5, SQUARES),
            );
            settled(&mut fixture, "a gradient")?;
            fine(fixture.backend.update(Slot::GRADIENT, &optimizer, None))?;
            settled(&mut fixture, "an update")?;
            let quarter = 0.25 * Expr::slot(PRODUCTS);
            fine(fixture.backend.map(PRODUCTS, &quarter))?;
            settled(&mut fixture, "an expression")?;
            // A number that is subnormal from the start is not stored as such either.
            let mut snapshot = fixture.backend.snapshot();
            let of = |shape| Array2::from_elem(shape, 0.5 * LEAST);
            let all = fixture
                .graph
                .parameters()
                .into_iter()
                .map(|(p, shape)| (p, of(shape)));
            snapshot.slots.insert(PRODUCTS, all.collect());
            for (_, values) in &mut snapshot.meters {
                values.fill(0.5 * LEAST);
            }
            fine(fixture.backend.restore(&fixture.graph, &snapshot))?;
            settled(&mut fixture, "a restored snapshot of subnormal numbers")
        },
    );
}
