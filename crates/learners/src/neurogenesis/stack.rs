//! The stack of layers: its construction, the route through each level, the learning-rate scales, and the widening of
//! levels.

use super::NeurogenesisDeepLearning;
use dentate_core::{
    Active, Cause, Edit, Graph, Head, LayerId, Loss, LrScaleOf, NewLayer, Objective, Plan, PlanBuilder,
    Route, Seed, Tally, Target, Term, UnitId,
};
use serde::{Deserialize, Serialize};

/// The layers by level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Stack {
    /// The input, then the encoder's layers: `up[L]` is level L's, the last is the code.
    pub(super) up: Vec<LayerId>,
    /// The output, then the decoder's layers: `down[L]` mirrors `up[L]`; the code has no mirror.
    pub(super) down: Vec<LayerId>,
}

/// The learning-rate scales in a phase. Everything else is frozen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Rates {
    /// The parts that the level adds to those below, at 1: the connections into its encoder layer and out of its decoder
    /// layer.
    Greedy,
    /// The whole level.
    Level(f32),
    /// The weights into these new units of the level's encoder layer at 1, its decoder at this scale.
    Plastic(Vec<UnitId>, f32),
    /// The whole level at this scale; at 1 the outgoing connections of these new units of the layer below, and the incoming
    /// ones of these in its mirror.
    Wiring {
        fine: f32,
        up: Vec<UnitId>,
        down: Vec<UnitId>,
    },
}

impl Stack {
    /// The plan that builds the stack, and the resulting stack.
    pub(super) fn plan(config: &NeurogenesisDeepLearning, features: usize, seed: Seed) -> (Plan, Self) {
        let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, seed);
        let levels = config.levels();
        let mut up = vec![plan.layer(NewLayer::input(features))];
        for (i, &width) in config.widths.iter().enumerate() {
            let level = i + 1;
            up.push(plan.layer(if level == levels {
                NewLayer::hidden("code", width, config.code)
            } else {
                NewLayer {
                    width_group: Some(level as u32),
                    ..NewLayer::hidden(format!("encoder-{level}"), width, config.activation)
                }
            }));
        }
        let mut down = Vec::new();
        for level in (1..levels).rev() {
            down.push(plan.layer(NewLayer {
                width_group: Some(level as u32),
                ..NewLayer::hidden(
                    format!("decoder-{level}"),
                    config.widths[level - 1],
                    config.activation,
                )
            }));
        }
        let head = Head {
            task: None,
            classes: Vec::new(),
        };
        down.push(plan.layer(NewLayer::head("output", features, config.output, head)));
        for (from, to) in up.iter().zip(&up[1..]) {
            plan.connect(*from, *to, config.init);
        }
        let mut from = up[levels];
        for &to in &down {
            plan.connect(from, to, config.init);
            from = to;
        }
        down.reverse();
        (plan.finish(), Self { up, down })
    }

    /// The code layer and the output.
    pub(super) fn ends(&self) -> Option<(LayerId, LayerId)> {
        Some((*self.up.last()?, *self.down.first()?))
    }

    /// The route through the first `level` encoder layers and their decoders.
    pub(super) fn route(&self, level: usize) -> Route {
        let closing = self.down.get(level).map(|&down| (down, self.up[level]));
        Route {
            substitute: closing.into_iter().collect(),
            ..Route::default()
        }
    }

    /// The reconstruction loss of the input.
    pub(super) fn objective(&self) -> Objective {
        let term = |&layer| Term {
            rows: None,
            layer,
            active: Active::All,
            loss: Loss::MeanSquared,
            target: Target::Inputs,
            weight: 1.0,
            tally: Tally::None,
        };
        Objective {
            terms: self.down.first().map(term).into_iter().collect(),
            penalties: Vec::new(),
            keep: None,
        }
    }

    /// A plan that only sets learning-rate scales for a phase of `level`. Momentum and decay would change even blocks that
    /// a phase does not reach, so everything outside of it is frozen.
    pub(super) fn rates(&self, graph: &Graph, level: usize, rates: &Rates) -> Plan {
        let mut plan = PlanBuilder::new(graph, Cause::Phase, Seed(0));
        for &layer in self.up.iter().skip(1).chain(&self.down) {
            plan.lr_scale(LrScaleOf::Incoming(layer, Vec::new()), 0.0);
        }
        let (encoder, decoder) = (&self.up[1..=level], &self.down[..level]);
        let mut all = |layers: &mut dyn Iterator<Item = &LayerId>, rate| {
            for &layer in layers {
                plan.lr_scale(LrScaleOf::Incoming(layer, Vec::new()), rate);
            }
        };
        match rates {
            Rates::Greedy => all(
                &mut encoder
                    .iter()
                    .chain(decoder)
                    .filter(|&&l| l == self.up[level] || l == self.down[level - 1]),
                1.0,
            ),
            Rates::Level(rate) => all(&mut encoder.iter().chain(decoder), *rate),
            Rates::Plastic(units, fine) => {
                all(&mut decoder.iter(), *fine);
                plan.lr_scale(LrScaleOf::Incoming(self.up[level], units.clone()), 1.0);
            }
            Rates::Wiring { fine, up, down } => {
                all(&mut encoder.iter().chain(decoder), *fine);
                // The outgoing weights of a level's new units lead into the level above; the incoming ones of their mirrors
                // come from there.
                plan.lr_scale(LrScaleOf::Outgoing(self.up[level - 1], up.clone()), 1.0);
                plan.lr_scale(LrScaleOf::Incoming(self.down[level - 1], down.clone()), 1.0);
            }
        }
        plan.finish()
    }

    /// The plan that adds `count` units to a level and to its mirror.
    pub(super) fn widen(
        &self,
        graph: &Graph,
        config: &NeurogenesisDeepLearning,
        level: usize,
        count: usize,
        seed: Seed,
    ) -> Plan {
        let mut plan = PlanBuilder::new(graph, format!("level-{level}"), seed);
        for layer in [self.up.get(level), self.down.get(level)].into_iter().flatten() {
            plan.edit(Edit::Widen {
                layer: *layer,
                count,
                incoming: config.init.into(),
                outgoing: config.init.into(),
                bias: 0.0,
                classes: Vec::new(),
            });
        }
        plan.finish()
    }
}
