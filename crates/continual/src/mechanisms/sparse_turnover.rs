//! Sparse turnover: only a share of the weights is live, and at intervals the smallest live ones are dropped and as many others come
//! alive.
//!
//! Evci, U., Gale, T., Menick, J., Castro, P. S. & Elsen, E. (2020). Rigging the lottery: making all tickets winners. *ICML*,
//! arXiv:1911.11134 (RigL), and Mocanu, D. C. et al. (2018). Scalable training of artificial neural networks with adaptive sparse
//! connectivity inspired by network science. *Nature Communications* 9:2383 (SET). Every `every` updates, in each connection with
//! the live weights A and `n = round(f |A|)`,
//!
//! ```text
//! D = the n smallest |w| in A
//! G = argmax |∂L/∂w|, n of those not in A \ D     (RigL: `regrow = "gradient"`)
//!     n of them at random                         (SET:  `regrow = "random"`)
//! A ← (A \ D) ∪ G,   f = turnover · ½ (1 + cos(π t / until)),   t the updates of the experience
//! ```
//!
//! L is the objective of the update before it, by a pass of its own; weights in G start at 0, and those in both D and G stay as they
//! are, as in the authors' code. A connection has `density · entries` live weights (`distribution = "uniform"`), or the share that
//! is in proportion to (inputs + outputs + kernel sides) / entries with the same total (`"erdos-renyi"`, both papers'), at most all.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `density` | share of weights that are live, in (0, 1] | 0.2 |
//! | `distribution` | how it is distributed: `uniform` or `erdos-renyi` | `uniform` |
//! | `regrow` | which weights come alive: `gradient` or `random` | `gradient` |
//! | `turnover` | share f of a connection's live weights that is dropped, in [0, 1] | 0.3 |
//! | `every` | updates between two turnovers | 100 |
//! | `until` | updates of an experience after which there is none; without it f is constant | none |
//! | `heads` | whether the connections into heads are sparse too | no |
//!
//! **Growth.** After every update the number of live weights of a connection is exact, rounded to a whole weight. The first update of a run, and that after a
//! change of the network, trains all new weights; they are then live or not by a random draw, in which those that have a value other than 0 come first: so an inserted
//! identity layer keeps its diagonal. Where units were removed or copied, the smallest live weights are dropped or others come alive at 0 until
//! the number is right. A strategy's own phase of training right after a growth trains all its new weights.
//!
//! **Preserves** a dead weight, bit for bit 0, and its moments; biases, gains, normalisations, frozen weights, and connections
//! that an update does not reach (other tasks' heads). Growth keeps the function where the initializer does, except for copies that bring too many live weights, and what a strategy
//! writes into dead weights (`tiny`'s update of existing weights).
//!
//! **Departures.** The update of a turnover is made as any other, before it; RigL leaves it out. SET starts new weights at random, here they
//! start at 0, so that only dropping changes the function. Adam's time is counted by unit, so a weight that comes alive takes a first step
//! about three times the usual. The first connection is as sparse as the others. The dense products are computed: it saves no time.

use crate::mechanism::{Context, Lens, Mechanism, Needs, Pass, Sight, Then, Update, Views, Work};
use block::Block;
use density::{Shape, live_numbers};
use dentate_core::{
    Expr, Graph, LearnError, Parameter, Purpose, Receipt, Role, Slot, SlotKind, Snapshot, config, state,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod block;
mod density;

/// 1 where a weight is live.
const LIVE: &str = "live";
/// 1 where an entry is no longer new.
const KNOWN: &str = "known";
/// The gradient of the loss.
const GRADIENT: &str = "gradient";

/// Distribution of the live weights over connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// The same share of each connection.
    #[default]
    Uniform,
    /// In proportion to the sum of the dimensions of its weights.
    ErdosRenyi,
}

/// Which dead weights come alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Regrow {
    /// Those with the largest gradient (RigL).
    #[default]
    Gradient,
    /// Random ones (SET).
    Random,
}

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct SparseTurnover {
        /// Share of weights that are live.
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
        pub density: f64 = 0.2,
        /// Distribution of the live weights over connections.
        pub distribution: Distribution = Distribution::Uniform,
        /// Which dead weights come alive.
        pub regrow: Regrow = Regrow::Gradient,
        /// Share of a connection's live weights that is dropped at a turnover.
        #[schemars(range(min = 0.0, max = 1.0))]
        pub turnover: f64 = 0.3,
        /// Updates between two turnovers.
        #[schemars(range(min = 1))]
        pub every: u64 = 100,
        /// Updates of an experience after which there is no turnover.
        #[schemars(range(min = 1))]
        pub until: Option<u64> = None,
        /// True if the connections into heads are sparse too.
        pub heads: bool = false,
    }
}

state! {
    /// Progress.
    pub struct Turning {
        /// The update at which the experience began.
        began: u64,
        /// True if the network has changed since the last update.
        changed: bool,
        /// Number of random draws so far.
        draws: u64,
    }
}

impl Turning {
    /// The seed of the next draw.
    fn draw(&mut self, cx: &Context<'_>) -> dentate_core::Seed {
        self.draws += 1;
        cx.seed("live").derive(&self.draws.to_string())
    }
}

impl SparseTurnover {
    /// The number of live weights of each sparse connection.
    fn numbers(&self, graph: &Graph) -> BTreeMap<Parameter, usize> {
        let head = |id| graph.layer(id).is_some_and(|l| matches!(l.role, Role::Head(_)));
        let sparse = graph.connections().filter(|c| self.heads || !head(c.to));
        let shapes: Vec<(Parameter, Shape)> = sparse
            .filter_map(|c| Some((Parameter::Weight(c.id), Shape::of(graph, c)?)))
            .collect();
        let numbers = live_numbers(self.density, self.distribution, shapes.iter().map(|(_, s)| *s));
        shapes
            .into_iter()
            .map(|(parameter, _)| parameter)
            .zip(numbers)
            .collect()
    }

    /// The share of live weights that a turnover after `t` updates of an experience drops.
    fn share(&self, t: u64) -> f64 {
        match self.until {
            None => self.turnover,
            Some(until) if t >= until => 0.0,
            Some(until) => {
                let angle = std::f64::consts::PI * t as f64 / until as f64;
                self.turnover * 0.5 * (1.0 + angle.cos())
            }
        }
    }

    /// Gives every connection its number of live weights, and sets the others to 0.
    fn settle(&self, turning: &mut Turning, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let (live, known) = (cx.slot(LIVE)?, cx.slot(KNOWN)?);
        let numbers = self.numbers(cx.network.graph());
        let seed = turning.draw(cx);
        let mut held = cx.network.snapshot();
        for (parameter, number) in numbers {
            let fresh = held.slots.get(&known).and_then(|all| all.get(&parameter));
            let fresh = fresh.map(|known| known.mapv(|known| known == 0.0));
            let Some((mut block, fresh)) = Block::of(cx.network.graph(), &held, live, parameter).zip(fresh)
            else {
                continue;
            };
            block.settle(number, &fresh, &mut seed.derive(&parameter.to_string()).random());
            write(&mut held, live, parameter, &block);
        }
        for known in held
            .slots
            .get_mut(&known)
            .into_iter()
            .flat_map(BTreeMap::values_mut)
        {
            known.fill(1.0);
        }
        Ok(cx.network.restore(&held)?)
    }

    /// Drops a share of the live weights, and lets as many others come alive.
    fn turn_over(&self, share: f64, turning: &mut Turning, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let (live, gradient) = (cx.slot(LIVE)?, cx.slot(GRADIENT)?);
        let numbers = self.numbers(cx.network.graph());
        let seed = turning.draw(cx);
        let mut held = cx.network.snapshot();
        for (parameter, number) in numbers {
            let unreached = held.unreached.get(&gradient);
            let gradients = held.slots.get(&gradient).and_then(|all| all.get(&parameter));
            let Some(gradients) = gradients.filter(|_| !unreached.is_some_and(|u| u.contains(&parameter)))
            else {
                continue;
            };
            let Some(mut block) = Block::of(cx.network.graph(), &held, live, parameter) else {
                continue;
            };
            match self.regrow {
                Regrow::Gradient => block.turn_over(share, number, |candidates, n| {
                    block::largest(candidates, n, |at| gradients[at].abs())
                }),
                Regrow::Random => {
                    let mut random = seed.derive(&parameter.to_string()).random();
                    block.turn_over(share, number, |candidates, n| {
                        block::drawn(candidates, n, &mut random)
                    });
                }
            }
            write(&mut held, live, parameter, &block);
        }
        Ok(cx.network.restore(&held)?)
    }
}

/// Writes a block's weights and mask, and takes away the moments of what is dead.
fn write(held: &mut Snapshot, live: Slot, parameter: Parameter, block: &Block) {
    for (slot, all) in &mut held.slots {
        let Some(values) = all.get_mut(&parameter) else {
            continue;
        };
        match *slot {
            Slot::WEIGHT => values.assign(&block.weights),
            slot if slot == live => values.assign(&block.live.mapv(|live| f32::from(u8::from(live)))),
            Slot::FIRST_MOMENT | Slot::SECOND_MOMENT => {
                values.zip_mut_with(&block.live, |value, live| {
                    *value = if *live { *value } else { 0.0 }
                });
            }
            _ => {}
        }
    }
}

impl Mechanism for SparseTurnover {
    type State = Turning;

    fn needs(&self) -> Needs {
        Needs {
            views: Views {
                keep: true,
                ..Views::default()
            },
            ..Needs::slots(&[
                (SlotKind::Mask, LIVE),
                (SlotKind::Statistic, KNOWN),
                (SlotKind::Statistic, GRADIENT),
            ])
        }
    }

    fn begin(&self, turning: &mut Turning, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        turning.began = cx.network.clock().step;
        Ok(Work::Done)
    }

    fn view(&self, _: &Turning, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        let live = cx.slot(LIVE)?;
        let trains = matches!(sight.pass, Pass::Train | Pass::Phase) && cx.network.has(live);
        Ok(Lens {
            keep: trains.then_some(live),
            ..Lens::default()
        })
    }

    fn updated(
        &self,
        turning: &mut Turning,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let (live, known) = (cx.slot(LIVE)?, cx.slot(KNOWN)?);
        let first = !cx.network.has(live);
        if first {
            cx.network
                .map_all(&[(live, &Expr::constant(1.0)), (known, &Expr::constant(0.0))])?;
        }
        // Not before the update, which may be refused and then has to leave everything as it was.
        if first || turning.changed {
            self.settle(turning, cx)?;
            turning.changed = false;
        }
        let t = cx.network.clock().step.saturating_sub(turning.began);
        let share = self.share(t);
        if t.is_multiple_of(self.every) && share > 0.0 {
            let into = cx.slot(GRADIENT)?;
            cx.network.gradient(
                update.rows,
                update.route,
                update.objective,
                into,
                Purpose::ReadOnly,
            )?;
            self.turn_over(share, turning, cx)?;
        }
        Ok(Then::On)
    }

    fn grown(&self, turning: &mut Turning, _: &mut Context<'_>, _: &Receipt) -> Result<(), LearnError> {
        turning.changed = true;
        Ok(())
    }
}

crate::register!(
    mechanism,
    SparseTurnover,
    "sparse-turnover",
    summary = "Keeps a share of the weights live; at intervals the smallest are dropped and others come alive (RigL, SET).",
    citation = "Evci et al. 2020, arXiv:1911.11134; Mocanu et al. 2018",
    source = include_str!("sparse_turnover.rs"),
);

#[cfg(test)]
mod tests;
