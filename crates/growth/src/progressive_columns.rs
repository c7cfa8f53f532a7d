//! Progressive columns: a new column of layers for every experience, fed by the frozen columns before it.
//!
//! Rusu, A. A. et al. (2016). Progressive neural networks. arXiv:1606.04671. Column k, layer i ≥ 2:
//!
//! ```text
//! h_i^k = f(W_i^k h_{i−1}^k + U_i^k σ(V_i^k (α_i^k ⊙ h_{i−1}^{<k})))     with adapters
//! h_i^k = f(W_i^k h_{i−1}^k + Σ_{j<k} U_i^{k:j} h_{i−1}^j)               without
//! ```
//!
//! V projects the features of all earlier columns down to the width of layer i; each earlier column has a learned scalar α
//! that starts small; σ is the layers' own activation. The first layer receives the input alone. Heads get lateral
//! connections like any layer.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `widths` | units per hidden layer of each later column | those of the first column |
//! | `adapters` | lateral connections through adapters | true |
//! | `adapter_width` | units of an adapter | the width of the layer it feeds |
//! | `gain` | initial value of α | 0.01 |
//!
//! **Laws.** The outputs of an earlier column stay bit-identical, so in the task-incremental scenario nothing is forgotten.
//! With input width n, hidden widths w₁…w_L and heads of c units, column k > 0 has
//! `n w₁ + w₁ + Σ_{i=2}^{L+1} (w_{i−1} w_i + w_i + A_i)` parameters, where w_{L+1} = c and an adapter of width a_i brings
//! `A_i = k w_{i−1} a_i + k + a_i + a_i w_i`.
//!
//! **Departures.** A column is added at each experience that brings a task or a class without a head, so boundaries have to
//! be known (if the initial network has heads for all of them, no column is added). In the class-incremental scenario
//! (which the paper does not treat) each column has a head for its own classes, trained by a softmax over these alone, and
//! the prediction is the largest output of all heads side by side; the heads are not calibrated against each other. The
//! domain-incremental scenario is refused: without the task identity the column to predict with is unknown.

use crate::change::Change;
use crate::law::Law;
use crate::prospect::Prospect;
use crate::strategy::{Action, GrowthStrategy, Hook, Reason, StrategyError, View};
use dentate_core::{
    Activation, Gain, Graph, Grid, Head, Init, LayerId, Link, LrScaleOf, Moment, NewLayer, PlanBuilder,
    Scenario, Seed, TargetKind, Unsuited, Window,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of progressive columns; see [the module](self) for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProgressiveColumns {
    /// Units per hidden layer of each later column; those of the first column when absent.
    #[schemars(inner(range(min = 1)))]
    pub widths: Option<Vec<usize>>,
    /// If true, lateral connections go through adapters.
    pub adapters: bool,
    /// Units of an adapter; the width of the layer it feeds when absent.
    #[schemars(range(min = 1))]
    pub adapter_width: Option<usize>,
    /// Initial value of the gains of lateral connections.
    pub gain: f32,
}

impl Default for ProgressiveColumns {
    fn default() -> Self {
        Self {
            widths: None,
            adapters: true,
            adapter_width: None,
            gain: 0.01,
        }
    }
}

/// The columns so far, each a list of its hidden layers from the bottom up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Columns(Vec<Vec<LayerId>>);

/// A layer of the column being added.
struct Rising {
    id: LayerId,
    width: usize,
    /// Layers of earlier columns one level below.
    lateral: Vec<LayerId>,
    activation: Activation,
    name: String,
    /// Its grid, and the kind of its connection to the level below.
    grid: Grid,
    link: Link,
}

impl ProgressiveColumns {
    fn connect_laterals(&self, plan: &mut PlanBuilder, to: &Rising, init: Init) {
        if self.adapters {
            let width = self.adapter_width.unwrap_or(to.width);
            let name = format!("adapter to {}", to.name);
            let adapter = plan.layer(NewLayer::hidden(name, width, to.activation).on(to.grid));
            for &from in &to.lateral {
                plan.join(from, adapter, to.link, init, Gain::Scalar, self.gain);
            }
            // On a grid, separately at each position: a 1 × 1 convolution, as in the paper.
            let up = match to.link {
                Link::Dense => Link::Dense,
                _ => Link::convolution(Window::square(1, 1, 0)),
            };
            plan.link(adapter, to.id, up, init);
        } else {
            for &from in &to.lateral {
                plan.link(from, to.id, to.link, init);
            }
        }
    }

    /// Connects a new layer within its column as the corresponding layer of the first column is connected. Returns the kind
    /// of its connection to the level below.
    fn connect_column(
        plan: &mut PlanBuilder,
        graph: &Graph,
        (first, column): (&[LayerId], &[LayerId]),
        (input, id): (LayerId, LayerId),
        init: Init,
    ) -> Link {
        let level = column.len();
        let model = first[level];
        let below = |i: Option<usize>, all: &[LayerId]| i.map_or(input, |i| all[i]);
        let main = graph
            .into_layer(model)
            .find(|c| c.from == below(level.checked_sub(1), first));
        let link = main.map_or(Link::Dense, |c| c.link);
        plan.link(below(level.checked_sub(1), column), id, link, init);
        // Residual connections skip a level.
        for c in graph.into_layer(model).filter(|c| c.link == Link::Direct) {
            let source = first[..level].iter().position(|&l| l == c.from);
            if let Some(&from) = source
                .and_then(|i| column.get(i))
                .filter(|_| main.is_none_or(|m| m.id != c.id))
            {
                plan.link(from, id, Link::Direct, Init::Zero);
            }
        }
        link
    }

    fn column(&self, columns: &mut Columns, view: &View<'_>) -> Result<Action, StrategyError> {
        let graph = view.graph;
        let first: Vec<_> = columns.0[0].iter().filter_map(|&id| graph.layer(id)).collect();
        let widths = self
            .widths
            .clone()
            .unwrap_or_else(|| first.iter().map(|l| l.width()).collect());
        if widths.len() != first.len() {
            let (asked, has) = (widths.len(), first.len());
            let sentence = format!("`widths` lists {asked} layers, but the first column has {has}");
            return Err(StrategyError::Unsuited(sentence));
        }
        let input = graph
            .input()
            .ok_or(StrategyError::Missing("input layer".into()))?
            .id;
        let k = columns.0.len();
        let heads = heads(view, k);
        if heads.is_empty() {
            return Ok(Action::Hold(Reason::NotNow)); // no new heads needed: the existing columns go on
        }
        let mut plan = view.plan("add-column");
        for c in graph.connections().filter(|c| c.lr_scale != 0.0) {
            plan.lr_scale(LrScaleOf::Connection(c.id), 0.0);
        }
        for l in graph.layers().filter(|l| l.lr_scale != 0.0) {
            plan.lr_scale(LrScaleOf::Layer(l.id), 0.0);
        }
        let mut column = Vec::new();
        let mut below = input;
        for (i, (&width, model)) in widths.iter().zip(&first).enumerate() {
            let name = format!("{} of column {}", model.name, k + 1);
            let id = plan.layer(NewLayer {
                normalisation: model.normalisation,
                pool: model.pool,
                dropout: model.dropout,
                ..NewLayer::hidden(name.clone(), width, model.activation).on(model.grid)
            });
            let link =
                Self::connect_column(&mut plan, graph, (&columns.0[0], &column), (input, id), view.init);
            if i > 0 {
                let lateral = columns.0.iter().map(|c| c[i - 1]).collect();
                let rising = Rising {
                    id,
                    width,
                    lateral,
                    activation: model.activation,
                    name,
                    grid: model.grid,
                    link,
                };
                self.connect_laterals(&mut plan, &rising, view.init);
            }
            column.push(id);
            below = id;
        }
        for (name, head) in heads {
            let width = match view.experience.target {
                TargetKind::Values(width) => width,
                _ => head.classes.len(),
            };
            let id = plan.layer(NewLayer::head(name.clone(), width, Activation::Identity, head));
            plan.connect(below, id, view.init);
            let lateral: Vec<LayerId> = columns.0.iter().filter_map(|c| c.last().copied()).collect();
            if !lateral.is_empty() {
                let activation = first.last().map_or(Activation::Relu, |l| l.activation);
                let rising = Rising {
                    id,
                    width,
                    lateral,
                    activation,
                    name,
                    grid: Grid::POINT,
                    link: Link::Dense,
                };
                self.connect_laterals(&mut plan, &rising, view.init);
            }
        }
        columns.0.push(column);
        Ok(Action::Grow(plan.finish()))
    }
}

/// The heads that a new column needs: one per task, or one for all its classes. A task or class that already has a head,
/// because it recurs or the initial network had one, needs none.
fn heads(view: &View<'_>, column: usize) -> Vec<(String, Head)> {
    let tasks = &view.experience.tasks;
    let has_head = |task| view.graph.heads().any(|(_, head)| head.task == Some(task));
    match view.experience.scenario {
        Scenario::TaskIncremental => tasks
            .iter()
            .filter(|t| !has_head(t.id))
            .map(|t| {
                let head = Head {
                    task: Some(t.id),
                    classes: t.classes.clone(),
                };
                (format!("head of task {}", t.id.0 + 1), head)
            })
            .collect(),
        _ => {
            let known: Vec<u32> = view.graph.heads().flat_map(|(_, h)| h.classes.clone()).collect();
            let mut classes: Vec<u32> = tasks.iter().flat_map(|t| t.classes.clone()).collect();
            classes.retain(|c| !known.contains(c));
            let head = Head { task: None, classes };
            let none = view.experience.target == TargetKind::Classes && head.classes.is_empty();
            let heads = (!none).then(|| (format!("head of column {}", column + 1), head));
            heads.into_iter().collect()
        }
    }
}

impl GrowthStrategy for ProgressiveColumns {
    type State = Columns;

    fn changes(&self) -> BTreeSet<Change> {
        [Change::Add].into()
    }

    /// Columns stand side by side.
    fn levels(&self, start: usize, _: usize) -> usize {
        start
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let name = "progressive-columns";
        if run.stream.scenario == Scenario::DomainIncremental {
            let reason = "the column to predict with is unknown in a domain-incremental stream: use a task- or class-incremental one, \
                          or another strategy, such as `dynamic-node-creation`";
            return Err(Unsuited::new("name", name, reason));
        }
        let Some(experience) = run.stream.info(1) else {
            let reason = "columns are added from the second experience on, the learner sees only one, and nothing could ever \
                          grow: leave the strategy out";
            return Err(Unsuited::new("name", name, reason));
        };
        let (Some(graph), Some(headed)) = (run.graph, run.headed) else {
            return Ok(());
        };
        // Errors that would occur when the second column is added are already detectable with the first.
        let mut columns = Columns(vec![graph.hidden().map(|layer| layer.id).collect()]);
        let view = View {
            hook: Hook::Begin,
            graph: headed,
            experience: &experience,
            moment: Moment::default(),
            loss: None,
            measured: None,
            readings: None,
            init: run.init,
            seed: Seed(0),
            notes: None,
        };
        let refused = match self.column(&mut columns, &view) {
            Ok(Action::Grow(plan)) => headed
                .apply(&plan, Moment::default())
                .err()
                .map(|e| e.to_string()),
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        match (refused, &self.widths) {
            (None, _) => Ok(()),
            (Some(refused), Some(widths)) => {
                let reason = format!(
                    "no second column can be built: {refused}; leave `widths` out for those of the first"
                );
                Err(Unsuited::new("widths", format!("{widths:?}"), reason))
            }
            (Some(refused), None) => {
                let reason = format!("no second column can be made of this network: {refused}");
                Err(Unsuited::new("name", name, reason))
            }
        }
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction, Law::FreezesThePast]
    }

    fn propose(&self, columns: &mut Columns, view: &View<'_>) -> Result<Action, StrategyError> {
        if view.hook != Hook::Begin {
            return Ok(Action::Hold(Reason::NotNow));
        }
        if view.experience.scenario == Scenario::DomainIncremental {
            return Err(StrategyError::Unsuited(
                "progressive columns cannot tell which column answers in a domain-incremental stream; \
                 use a task- or class-incremental one"
                    .into(),
            ));
        }
        if columns.0.is_empty() {
            columns.0.push(view.graph.hidden().map(|l| l.id).collect());
            return Ok(Action::Hold(Reason::NotNow));
        }
        if columns.0.len() > view.experience.index {
            return Ok(Action::Hold(Reason::NotNow));
        }
        self.column(columns, view)
    }
}

crate::register!(
    strategy,
    ProgressiveColumns,
    "progressive-columns",
    summary = "Adds a column of layers per experience, fed by the frozen columns before it.",
    citation = "Rusu et al. 2016, arXiv:1606.04671",
    source = include_str!("progressive_columns.rs"),
);

#[cfg(test)]
mod tests;
