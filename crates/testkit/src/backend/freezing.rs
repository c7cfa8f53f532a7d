//! Laws of learning-rate scales: frozen parameters keep every bit and cost nothing.

use super::compare::{Outcome, same_bits};
use super::fixture::{Fixture, grow, mild_cases, optimizers};
use super::law::{Make, check_law};
use crate::naive::{Cell, Network};
use dentate_core::{Edit, Graph, LrScaleOf, Moment, Optimizer, Plan, Seed, Slot};
use proptest::prelude::*;

/// Freeze layers, or all or half of their units.
pub(super) fn freeze_some(fixture: &mut Fixture, picks: &[u16]) -> Outcome {
    let layers: Vec<_> = fixture.graph.layers().map(|l| l.id).collect();
    let mut plan = Plan::new("freeze", Seed(0));
    for &pick in picks {
        let id = layers[pick as usize % layers.len()];
        let units = fixture
            .graph
            .layer(id)
            .map(|l| l.units[..l.width() / 2].iter().map(|u| u.id).collect());
        let of = match pick % 3 {
            0 => LrScaleOf::Layer(id),
            1 => LrScaleOf::Incoming(id, Vec::new()),
            _ => LrScaleOf::Incoming(id, units.unwrap_or_default()),
        };
        plan.edits.push(Edit::SetLrScale { of, lr_scale: 0.0 });
    }
    grow(
        &mut *fixture.backend,
        &mut fixture.graph,
        &plan,
        Moment::default(),
    )?;
    fixture.naive = Network::of(&fixture.graph);
    Ok(())
}

/// Parameters with a learning-rate scale of 0 keep every bit, as do their moments, whatever the optimizer, its decay and the
/// penalties.
pub fn frozen_parameters_keep_every_bit(make: Make) {
    let strategy = (
        mild_cases(),
        optimizers(),
        prop::collection::vec(any::<u16>(), 1..4),
    );
    check_law(
        make,
        "frozen_parameters_keep_every_bit",
        64,
        strategy,
        |(case, optimizer, freeze)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture.step(&optimizer)?;
            freeze_some(&mut fixture, &freeze)?;
            let before = fixture.backend.snapshot();
            for _ in 0..3 {
                fixture.step(&optimizer)?;
            }
            let after = fixture.backend.snapshot();
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                let (Some(a), Some(b)) = (before.slots.get(&slot), after.slots.get(&slot)) else {
                    continue;
                };
                for (parameter, grid) in fixture.naive.grids() {
                    for (i, row) in grid.iter().enumerate() {
                        for (j, cell) in row.iter().enumerate() {
                            let (a, b) = (a[&parameter][(i, j)], b[&parameter][(i, j)]);
                            // Statistics move where their unit learns.
                            let own = match *cell {
                                Cell::Mean(u) | Cell::Variance(u) => Cell::Scale(u),
                                cell => cell,
                            };
                            let frozen = fixture.naive.rate(own) == 0.0;
                            prop_assert!(
                                !frozen || a.to_bits() == b.to_bits(),
                                "{} {:?}: {} {}",
                                slot,
                                cell,
                                a,
                                b
                            );
                        }
                    }
                }
            }
            Ok(())
        },
    );
}

/// Freezing everything but the heads of the objective makes a step cheaper, and freezing everything makes it as cheap as a
/// forward pass to them.
pub fn what_is_frozen_costs_nothing(make: Make) {
    check_law(
        make,
        "what_is_frozen_costs_nothing",
        48,
        mild_cases(),
        |mut case| {
            case.pull = false;
            case.route = 0;
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let layers: Vec<_> = fixture.graph.layers().map(|l| l.id).collect();
            let cost =
                |fixture: &mut Fixture, rate: f32, of: &dyn Fn(&Graph, dentate_core::LayerId) -> bool| {
                    let mut plan = Plan::new("rates", Seed(0));
                    for &id in layers.iter().filter(|id| of(&fixture.graph, **id)) {
                        for of in [LrScaleOf::Layer(id), LrScaleOf::Incoming(id, Vec::new())] {
                            plan.edits.push(Edit::SetLrScale { of, lr_scale: rate });
                        }
                        plan.edits.push(Edit::SetLrScale {
                            of: LrScaleOf::Outgoing(id, Vec::new()),
                            lr_scale: 0.0,
                        });
                    }
                    let connections: Vec<_> = fixture
                        .graph
                        .connections()
                        .filter(|c| of(&fixture.graph, c.to))
                        .map(|c| c.id)
                        .collect();
                    for id in connections {
                        plan.edits.push(Edit::SetLrScale {
                            of: LrScaleOf::Connection(id),
                            lr_scale: rate,
                        });
                    }
                    super::fixture::grow(
                        &mut *fixture.backend,
                        &mut fixture.graph,
                        &plan,
                        Moment::default(),
                    )?;
                    fixture.backend.drain();
                    fixture.step(&Optimizer::sgd(1e-3))?;
                    Ok::<u64, TestCaseError>(fixture.backend.drain().multiply_adds)
                };
            let all = cost(&mut fixture, 1.0, &|_, _| true)?;
            let heads = cost(&mut fixture, 0.0, &|g, id| {
                g.layer(id).is_some_and(|l| l.head().is_none())
            })?;
            let none = cost(&mut fixture, 0.0, &|_, _| true)?;
            let with_loss = fixture.objective.terms.iter().flat_map(|t| match t.target {
                dentate_core::Target::Layer(other) => vec![t.layer, other],
                _ => vec![t.layer],
            });
            let with_loss = with_loss.collect();
            let forward = fixture.graph.multiply_adds_to(&with_loss) * fixture.rows.len() as u64;
            prop_assert!(heads <= all, "{} > {}", heads, all);
            // Parameters that feed only a layer that is treated as constant do not learn anyway.
            let below = fixture
                .graph
                .ancestors(&fixture.objective.terms.iter().map(|t| t.layer).collect());
            let inner = fixture.graph.connections().any(|c| {
                let costs = c.link != dentate_core::Link::Direct;
                costs
                    && below.contains(&c.to)
                    && fixture.graph.layer(c.to).is_some_and(|l| l.head().is_none())
            });
            prop_assert!(!inner || heads < all, "{} hidden layers learn for nothing", heads);
            prop_assert!(
                none <= heads && none <= forward,
                "{} for a forward pass of {}",
                none,
                forward
            );
            Ok(())
        },
    );
}

/// Setting learning-rate scales on a graph and refreshing the backend equals applying a plan that sets them.
pub fn rates_can_be_set_without_a_plan(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<u16>(), 0f32..2.0);
    check_law(
        make,
        "rates_can_be_set_without_a_plan",
        24,
        strategy,
        |(case, optimizer, pick, rate)| {
            let (Some(mut planned), Some(mut told)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            let layers: Vec<_> = planned.graph.layers().map(|l| l.id).collect();
            let of = LrScaleOf::Incoming(layers[pick as usize % layers.len()], Vec::new());
            let mut plan = Plan::new("rates", Seed(0));
            plan.edits.push(Edit::SetLrScale { of, lr_scale: rate });
            super::fixture::grow(
                &mut *planned.backend,
                &mut planned.graph,
                &plan,
                Moment::default(),
            )?;
            told.backend.set_rates(&planned.graph);
            planned.step(&optimizer)?;
            told.step(&optimizer)?;
            let (a, b) = (planned.slot(Slot::WEIGHT), told.slot(Slot::WEIGHT));
            same_bits("weights", &a, &b)
        },
    );
}
