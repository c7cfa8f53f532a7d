//! Laws of gradients: those that updates use, and those that are only computed.

use super::compare::{Outcome, fine, same_bits};
use super::fixture::{Fixture, mild_cases, optimizers};
use super::keeping::hold_back;
use super::law::{Make, check_law};
use dentate_core::{
    Active, Loss, Meter, MeterKind, Objective, Optimizer, Purpose, Slot, SlotKind, Snapshot, Target,
};
use proptest::prelude::*;

/// The slot that gradients are written to; it is not compared.
const INTO: Slot = Slot::new(SlotKind::Statistic, 7);

/// Meters of every kind at every hidden layer.
fn watch(fixture: &mut Fixture) -> Outcome {
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
    let at = |layer| {
        KINDS.map(|of| Meter {
            layer,
            of,
            decay: 0.9,
        })
    };
    let meters: Vec<Meter> = fixture.graph.hidden().flat_map(|l| at(l.id)).collect();
    fine(fixture.backend.watch(&meters))
}

/// Compute a gradient and, if there is one, an update from it.
fn apart(fixture: &mut Fixture, optimizer: &Optimizer) -> Outcome {
    let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
    let value = fine(
        fixture
            .backend
            .gradient(rows, route, objective, INTO, Purpose::Update),
    )?;
    if value.is_finite() {
        fine(fixture.backend.update(INTO, optimizer, objective.keep))?;
    }
    Ok(())
}

/// The objective with one target that is out of range.
fn beyond(fixture: &Fixture) -> Objective {
    let mut objective = fixture.objective.clone();
    let term = &mut objective.terms[0];
    let rows = term.rows.clone().map_or(fixture.rows.len(), |r| r.len());
    let width = fixture.naive.layers[&term.layer].features();
    let mut values = ndarray::Array2::zeros((rows, width));
    values[(rows - 1, width - 1)] = f32::INFINITY;
    (term.loss, term.active) = (Loss::MeanSquared, Active::All);
    term.target = Target::Given(values);
    objective
}

/// Check that two snapshots are equal bit for bit, apart from the gradient. The count of work includes all calls, and is
/// compared only if `work` is set.
fn same(mut a: Snapshot, mut b: Snapshot, work: bool) -> Outcome {
    for snapshot in [&mut a, &mut b] {
        snapshot.slots.remove(&INTO);
        snapshot.unreached.remove(&INTO);
        if !work {
            snapshot.stats.multiply_adds = 0;
        }
    }
    let slots = |s: &Snapshot| s.slots.keys().copied().collect::<Vec<_>>();
    prop_assert_eq!(slots(&a), slots(&b));
    for (slot, arrays) in &a.slots {
        same_bits(&format!("{slot}"), arrays, &b.slots[slot])?;
    }
    prop_assert_eq!(&a.clocks, &b.clocks);
    prop_assert_eq!(&a.unreached, &b.unreached);
    for ((meter, a), (_, b)) in a.meters.iter().zip(&b.meters) {
        let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(a), bits(b), "{:?}", meter);
    }
    prop_assert_eq!(a.meters.len(), b.meters.len());
    prop_assert_eq!(&a.metered, &b.metered);
    prop_assert_eq!(a.updates, b.updates);
    prop_assert_eq!(&a.stats, &b.stats);
    Ok(())
}

/// A fused step equals a gradient and an update, to the bit and in all state: parameters, moments and their ages, running
/// statistics, meters and ages, counts. After a loss that is not finite neither has changed anything.
pub fn a_step_is_a_gradient_and_an_update(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<bool>());
    check_law(
        make,
        "a_step_is_a_gradient_and_an_update",
        64,
        strategy,
        |(case, optimizer, held)| {
            let (Some(mut fused), Some(mut parts)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            watch(&mut fused)?;
            watch(&mut parts)?;
            if held {
                hold_back(&mut fused)?;
                hold_back(&mut parts)?;
            }
            for _ in 0..3 {
                fused.step(&optimizer)?;
                apart(&mut parts, &optimizer)?;
            }
            for layer in fused.graph.hidden().map(|l| l.id).collect::<Vec<_>>() {
                let (a, b) = (fused.backend.readings(layer), parts.backend.readings(layer));
                prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
            }
            same(fused.backend.snapshot(), parts.backend.snapshot(), true)?;
            fused.objective = beyond(&fused);
            parts.objective = fused.objective.clone();
            fused.step(&optimizer)?;
            apart(&mut parts, &optimizer)?;
            // The separate gradient need not wait for the loss before its backward pass, so it may do more work.
            same(fused.backend.snapshot(), parts.backend.snapshot(), false)?;
            // An update from an invalid gradient leaves its inputs as they are.
            let before = parts.backend.snapshot();
            fine(parts.backend.update(INTO, &optimizer, parts.objective.keep))?;
            let after = parts.backend.snapshot();
            prop_assert_eq!(&before.clocks, &after.clocks);
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                if let (Some(a), Some(b)) = (before.slots.get(&slot), after.slots.get(&slot)) {
                    same_bits(&format!("{slot}"), a, b)?;
                }
            }
            Ok(())
        },
    );
}

/// A check of the gradient gets the same gradient as the update's own pass, and changes nothing, whatever the loss; the next
/// step is as if there had been no check.
pub fn a_read_only_gradient_changes_nothing(make: Make) {
    let strategy = (mild_cases(), optimizers());
    check_law(
        make,
        "a_read_only_gradient_changes_nothing",
        48,
        strategy,
        |(case, optimizer)| {
            let (Some(mut looked), Some(mut plain)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            watch(&mut looked)?;
            watch(&mut plain)?;
            for _ in 0..2 {
                let before = looked.backend.snapshot();
                let bad = beyond(&looked);
                for objective in [&bad, &looked.objective] {
                    let (rows, route) = (&looked.rows, &looked.route);
                    fine(
                        looked
                            .backend
                            .gradient(rows, route, objective, INTO, Purpose::ReadOnly),
                    )?;
                    same(before.clone(), looked.backend.snapshot(), false)?;
                }
                let (rows, route) = (&plain.rows, &plain.route);
                let objective = &plain.objective;
                let copy = case.fixture(make)?;
                if let Some(mut copy) = copy {
                    let now = plain.backend.snapshot();
                    fine(copy.backend.restore(&copy.graph, &now))?;
                    fine(
                        copy.backend
                            .gradient(rows, route, objective, INTO, Purpose::Update),
                    )?;
                    same_bits("the gradient", &copy.slot(INTO), &looked.slot(INTO))?;
                }
                looked.step(&optimizer)?;
                plain.step(&optimizer)?;
                same(looked.backend.snapshot(), plain.backend.snapshot(), false)?;
            }
            Ok(())
        },
    );
}
