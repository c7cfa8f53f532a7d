//! The random cases of most laws: a network that has grown, data, an objective and a route.

use super::compare::{Outcome, fine};
use super::law::{Make, skip};
use crate::generators::{
    Goal, Intent, Rowset, Shape, Temper, goals, intents, objective, plan, rowset, shapes,
};
use crate::naive::{Arrays, Batch, Network, run, values};
use dentate_core::{
    Backend, Dataset, Graph, LayerId, Moment, Objective, Optimizer, Plan, Route, Rows, Seed, Slot, Snapshot,
    Target, TaskId,
};
use proptest::prelude::*;

/// The description of a fixture.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) shape: Shape,
    pub(super) history: Vec<Intent>,
    pub(super) rowset: Rowset,
    pub(super) labels: bool,
    pub(super) goals: Vec<Goal>,
    pub(super) route: u16,
    pub(super) pull: bool,
}

/// Any fixture.
pub(super) fn cases() -> impl Strategy<Value = Case> {
    let parts = (
        shapes(),
        intents(5),
        rowset(),
        any::<bool>(),
        goals(),
        any::<u16>(),
        any::<bool>(),
    );
    parts.prop_map(|(shape, history, rowset, labels, goals, route, pull)| Case {
        shape,
        history,
        rowset,
        labels,
        goals,
        route,
        pull,
    })
}

/// Any fixture whose data are of moderate size.
pub(super) fn mild_cases() -> impl Strategy<Value = Case> {
    cases().prop_map(|mut case| {
        if case.rowset.temper == Temper::Huge {
            case.rowset.temper = Temper::Plain;
        }
        case
    })
}

/// Slots that penalties use.
pub(super) const IMPORTANCE: Slot = Slot::new(dentate_core::SlotKind::Importance, 1);
pub(super) const ANCHOR: Slot = Slot::new(dentate_core::SlotKind::Anchor, 1);

/// The slot that routes mask by.
pub(super) const MASK: Slot = Slot::new(dentate_core::SlotKind::Mask, 1);

/// A fixture: a backend, and a naive model with the same state.
pub(super) struct Fixture {
    pub(super) backend: Box<dyn Backend>,
    pub(super) graph: Graph,
    pub(super) naive: Network,
    pub(super) weights: Arrays,
    pub(super) data: Dataset,
    pub(super) rows: Rows,
    pub(super) batch: Batch,
    pub(super) route: Route,
    /// Layers that the route computes.
    pub(super) reached: Vec<LayerId>,
    pub(super) objective: Objective,
}

/// A backend with a graph built by a plan.
pub(super) fn build(make: Make, plan: &Plan) -> Result<(Box<dyn Backend>, Graph), TestCaseError> {
    let (graph, receipt) = Graph::empty()
        .apply(plan, Moment::default())
        .expect("a shape is well-formed");
    let mut backend = make.backend();
    fine(backend.apply(&graph, &receipt))?;
    Ok((backend, graph))
}

/// Apply a plan to a graph and a backend.
pub(super) fn grow(backend: &mut dyn Backend, graph: &mut Graph, plan: &Plan, moment: Moment) -> Outcome {
    let (after, receipt) = graph
        .apply(plan, moment)
        .map_err(|e| TestCaseError::fail(e.to_string()))?;
    fine(backend.apply(&after, &receipt))?;
    *graph = after;
    Ok(())
}

impl Case {
    /// The fixture, or `None` if the route leaves nothing for the objective.
    pub(super) fn fixture(&self, make: Make) -> Result<Option<Fixture>, TestCaseError> {
        let (mut backend, mut graph) = build(make, &self.shape.plan())?;
        let history = plan(&graph, &self.history, Seed(1));
        grow(&mut *backend, &mut graph, &history, Moment::default())?;
        let weights = backend.snapshot().slots.remove(&Slot::WEIGHT).unwrap_or_default();
        let mut naive = Network::of(&graph);
        naive.set(Slot::WEIGHT, &weights);
        let route = self.route(&graph);
        let entry = route.entry.or(graph.input().map(|l| l.id));
        let Some(features) = entry.and_then(|id| graph.layer(id)).map(|l| l.features()) else {
            return skip().map(|()| None);
        };
        let classes = graph.named(Shape::CLASSES).map_or(1, |l| l.width());
        let outputs = graph.named(Shape::VALUES).map_or(1, |l| l.width());
        let data = if self.labels {
            self.rowset.classes(3, features, classes)
        } else {
            self.rowset.values(3, features, outputs)
        };
        fine(backend.load(&data))?;
        // The last row occurs twice, and in two segments.
        let count = self.rowset.rows as u32;
        let mut rows = Rows::of(data.id(), TaskId(0), (0..count).collect());
        rows.push(data.id(), TaskId(1), count - 1);
        let batch = Batch::read(std::slice::from_ref(&data), &rows);
        let unmasked = Route {
            mask: None,
            ..route.clone()
        };
        let once = run::<f64>(&naive, &values(&weights), &batch.inputs[0], &unmasked);
        let reached: Vec<LayerId> = once.after.keys().copied().collect();
        let mut objective = objective(&graph, &self.goals, rows.len(), self.labels, Seed(2));
        objective.terms.retain(|t| {
            let from = match t.target {
                Target::Layer(id) => reached.contains(&id),
                Target::Inputs => graph.layer(t.layer).is_some_and(|l| l.features() == features),
                _ => true,
            };
            // A label of a class that was pruned, or values of another width, would be refused.
            let known = match &t.target {
                Target::Labels { unit_of } => batch
                    .labels
                    .iter()
                    .flatten()
                    .all(|&l| unit_of.get(l as usize).is_some_and(Option::is_some)),
                _ => true,
            };
            from && known && once.before.contains_key(&t.layer)
        });
        if objective.terms.is_empty() {
            // Any layer that the route does compute.
            let Some(&layer) = once.before.keys().next_back() else {
                return skip().map(|()| None);
            };
            // On a grid with pooling, there are fewer outputs than summed inputs.
            let given = crate::generators::block((rows.len(), once.after[&layer].len()), Seed(4));
            objective.terms.push(dentate_core::Term {
                rows: None,
                layer,
                active: dentate_core::Active::All,
                loss: dentate_core::Loss::MeanSquared,
                target: Target::Given(given),
                weight: 1.0,
                tally: dentate_core::Tally::None,
            });
        }
        if self.pull {
            objective.penalties = vec![dentate_core::Penalty {
                importance: (!(self.route / 4).is_multiple_of(3)).then_some(IMPORTANCE),
                anchor: (!(self.route / 16).is_multiple_of(3)).then_some(ANCHOR),
                strength: 0.5,
            }];
        }
        let masks = route.mask.is_some();
        let mut fixture = Fixture {
            backend,
            graph,
            naive,
            weights,
            data,
            rows,
            batch,
            route,
            reached,
            objective,
        };
        if masks {
            // Most entries are 1, some 0, some 0.5.
            fixture.put(MASK, |p, shape| {
                let drawn = crate::generators::block(shape, Seed(7).derive(&format!("{p:?}")));
                drawn.mapv(|x| [1.0, 1.0, 0.5, 0.0][(4.0 * x.abs()) as usize % 4])
            })?;
        }
        if self.pull {
            fixture.put(IMPORTANCE, |p, shape| {
                crate::generators::positive(shape, Seed(8).derive(&format!("{p:?}")))
            })?;
            fixture.put(ANCHOR, |p, shape| {
                crate::generators::block(shape, Seed(9).derive(&format!("{p:?}")))
            })?;
        }
        Ok(Some(fixture))
    }

    fn route(&self, graph: &Graph) -> Route {
        let mut route = Route::default();
        let pick = self.route as usize / 4;
        let hidden: Vec<LayerId> = graph.hidden().map(|l| l.id).collect();
        match self.route % 4 {
            1 => {
                // Rows that enter here reach another layer: one that is fed by this one alone.
                let alone = |from: &LayerId| {
                    let fed = |l: &dentate_core::Layer| graph.into_layer(l.id).map(|c| c.from).eq([*from]);
                    graph.layers().any(fed)
                };
                let open: Vec<LayerId> = hidden.into_iter().filter(alone).collect();
                if !open.is_empty() {
                    route.entry = Some(open[pick % open.len()]);
                }
            }
            2 => {
                let width = |l: LayerId| graph.layer(l).map(|l| (l.width(), l.outputs()));
                let mut pairs = Vec::new();
                for &layer in &hidden {
                    for by in graph.layers().map(|l| l.id) {
                        let behind = graph.ancestors(&[by].into()).contains(&layer);
                        if by != layer && width(layer) == width(by) && !behind {
                            pairs.push((layer, by));
                        }
                    }
                }
                if !pairs.is_empty() {
                    route.substitute = vec![pairs[pick % pairs.len()]];
                }
            }
            _ => {}
        }
        route.mask = (self.route >> 14 & 1 == 1).then_some(MASK);
        if self.route >> 15 == 1 {
            // Every other layer, whether computed or not.
            for layer in graph.layers().skip(pick % 2).step_by(2) {
                let factor = |i| [1.0, 0.0, 0.5, -1.5][(i + pick) % 4];
                route
                    .gates
                    .insert(layer.id, (0..layer.width()).map(factor).collect());
            }
        }
        route
    }
}

impl Fixture {
    /// Write values into a slot, of the backend and of the model.
    pub(super) fn put(
        &mut self,
        slot: Slot,
        value: impl Fn(dentate_core::Parameter, (usize, usize)) -> ndarray::Array2<f32>,
    ) -> Outcome {
        let arrays: Arrays = self
            .graph
            .parameters()
            .into_iter()
            .map(|(p, s)| (p, value(p, s)))
            .collect();
        let mut snapshot: Snapshot = self.backend.snapshot();
        snapshot.slots.insert(slot, arrays.clone());
        fine(self.backend.restore(&self.graph, &snapshot))?;
        self.naive.set(slot, &arrays);
        if slot == Slot::WEIGHT {
            self.weights = arrays;
        }
        Ok(())
    }

    pub(super) fn slot(&mut self, slot: Slot) -> Arrays {
        self.backend.snapshot().slots.remove(&slot).unwrap_or_default()
    }

    /// One update.
    pub(super) fn step(&mut self, optimizer: &Optimizer) -> Outcome {
        fine(
            self.backend
                .step(&self.rows, &self.route, &self.objective, optimizer),
        )
    }
}

/// Optimizers of every kind.
pub(super) fn optimizers() -> impl Strategy<Value = Optimizer> {
    prop_oneof![
        Just(Optimizer::sgd(0.05)),
        Just(Optimizer::Sgd {
            learning_rate: 0.02,
            momentum: 0.9,
            weight_decay: 0.01
        }),
        Just(Optimizer::adam(0.01)),
        Just(Optimizer::Adam {
            learning_rate: 0.01,
            beta1: 0.8,
            beta2: 0.99,
            epsilon: 1e-6,
            weight_decay: 0.02
        }),
        Just(Optimizer::AdamW {
            learning_rate: 0.01,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.1
        }),
    ]
}
