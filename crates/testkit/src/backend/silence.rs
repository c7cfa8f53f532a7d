//! The law of the meters of silence.

use super::compare::fine;
use super::fixture::{grow, mild_cases};
use super::law::{Make, check_law, skip};
use dentate_core::{
    Edit, Init, Layer, Meter, MeterKind, Moment, Normalisation, Optimizer, Plan, Purpose, Seed, Silences,
    Slot,
};
use proptest::prelude::*;

/// A unit's silence is counted row by row from its outputs, and entered into its histogram where it ends, in steps and in gradients for an update; new units begin at 0, and
/// saved counts continue.
pub fn silence_is_counted_by_rows(make: Make) {
    check_law(
        make,
        "silence_is_counted_by_rows",
        48,
        mild_cases(),
        |mut case| {
            case.route = 0;
            // If training passes have the same outputs as others, these can be compared.
            for map in case.shape.space.iter_mut().flat_map(|space| &mut space.maps) {
                map.dropout = 0.0;
                if map.normalisation == Normalisation::BatchNorm {
                    map.normalisation = Normalisation::None;
                }
            }
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let same = |l: &Layer| l.normalisation != Normalisation::BatchNorm && l.dropout == 0.0;
            if !fixture.graph.layers().all(same) {
                return skip();
            }
            let with_loss = fixture.objective.terms.iter().map(|t| t.layer).collect();
            let below = fixture.graph.ancestors(&with_loss);
            let metered = |l: &&Layer| below.contains(&l.id) && fixture.graph.replaceable(l.id);
            let Some((layer, width, positions)) = fixture
                .graph
                .hidden()
                .find(metered)
                .map(|l| (l.id, l.width(), l.outputs().positions()))
            else {
                return skip();
            };
            let of = MeterKind::Silence;
            let decay = 0.0;
            let meters = [of, MeterKind::Silences].map(|of| Meter { layer, of, decay });
            fine(fixture.backend.watch(&meters))?;
            // Most of the units get no input, in turns.
            fixture
                .route
                .gates
                .insert(layer, (0..width).map(|u| f32::from(u % 3 == 0)).collect());
            let mut wanted = vec![0u32; width];
            let mut ended = vec![vec![0f32; Silences::BUCKETS]; width];
            for step in 0..5 {
                if step == 2 {
                    let mut plan = Plan::new("replace", Seed(0));
                    plan.edits.push(Edit::Replace {
                        layer,
                        units: vec![fixture.graph.layer(layer).expect("it is there").units[width - 1].id],
                        incoming: Init::He.into(),
                        outgoing: Init::Uniform(0.3).into(),
                        bias: 0.1,
                        fold_mean: Vec::new(),
                    });
                    grow(
                        &mut *fixture.backend,
                        &mut fixture.graph,
                        &plan,
                        Moment::default(),
                    )?;
                    wanted[width - 1] = 0;
                    ended[width - 1].fill(0.0);
                }
                if step == 3 {
                    // Another backend continues.
                    let snapshot = fixture.backend.snapshot();
                    fixture.backend = make.backend();
                    fine(fixture.backend.restore(&fixture.graph, &snapshot))?;
                    fine(fixture.backend.load(&fixture.data))?;
                    fixture.route.gates.clear();
                }
                let outputs = fine(fixture.backend.forward(&fixture.rows, &fixture.route, &[layer]))?;
                for row in outputs[0].rows() {
                    let row = row.to_vec();
                    let units = wanted.iter_mut().zip(&mut ended);
                    for ((wanted, ended), h) in units.zip(row.chunks(positions)) {
                        if h.iter().all(|h| *h == 0.0) {
                            *wanted += 1;
                        } else {
                            ended[Silences::bucket(*wanted)] += 1.0;
                            *wanted = 0;
                        }
                    }
                }
                let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
                let update = Purpose::Update;
                if step % 2 == 0 {
                    fine(
                        fixture
                            .backend
                            .gradient(rows, route, objective, Slot::GRADIENT, update),
                    )?;
                    fine(
                        fixture
                            .backend
                            .update(Slot::GRADIENT, &Optimizer::sgd(0.01), None),
                    )?;
                } else {
                    fine(
                        fixture
                            .backend
                            .step(rows, route, objective, &Optimizer::sgd(0.01)),
                    )?;
                }
                // Passes that are not of an update do not count.
                fine(
                    fixture
                        .backend
                        .gradient(rows, route, objective, Slot::GRADIENT, Purpose::ReadOnly),
                )?;
                let found = fine(fixture.backend.readings(layer))?;
                for (unit, found) in Silences::units(&found.values[&MeterKind::Silences], width).enumerate() {
                    prop_assert_eq!(found.current(), wanted[unit], "after step {}", step);
                    // Without the buckets that no unit has.
                    let (counted, left_out) = ended[unit].split_at(found.counts().len());
                    prop_assert_eq!(found.counts(), counted, "after step {}", step);
                    prop_assert!(left_out.iter().all(|count| *count == 0.0), "after step {}", step);
                }
                let wanted: Vec<f32> = wanted.iter().map(|n| *n as f32).collect();
                prop_assert_eq!(&found.values[&of], &wanted, "after step {}", step);
            }
            Ok(())
        },
    );
}
