//! Whole networks, as plans for the empty graph.

use super::block;
use dentate_core::{
    Activation, Adjustment, Edit, Gain, Graph, Head, Init, LayerId, Moment, NewLayer, Normalisation, Plan,
    PlanBuilder, Seed, TaskId,
};
use proptest::prelude::*;

/// A column of hidden layers.
#[derive(Clone, Debug)]
pub struct ColumnShape {
    /// Widths of its layers.
    pub widths: Vec<usize>,
    /// Their activation.
    pub activation: Activation,
    /// Whether they are normalised.
    pub norm: bool,
    /// Whether each layer also sees the one before in the earlier columns (progressive columns), through this gain.
    pub lateral: Option<Gain>,
    /// Whether its last layer also sees the input.
    pub skip: bool,
    /// Whether its layers of equal width are tied.
    pub tied: bool,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Input features.
    pub features: usize,
    /// Columns side by side.
    pub columns: Vec<ColumnShape>,
    /// Classes of the head over classes.
    pub classes: usize,
    /// Outputs of the head over values.
    pub outputs: usize,
    /// What values are drawn from.
    pub seed: u64,
}

impl Shape {
    /// Name of the head over classes.
    pub const CLASSES: &'static str = "head-classes";
    /// Name of the head over values.
    pub const VALUES: &'static str = "head-values";

    /// The plan that builds it. Every parameter gets a value of its own, biases and gains too.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut plan = self.structure();
        let (graph, _) = Graph::empty()
            .apply(&plan, Moment::default())
            .expect("a shape is well-formed");
        for (k, (parameter, shape)) in graph.parameters().into_iter().enumerate() {
            if !matches!(parameter, dentate_core::Parameter::Weight(_)) {
                let by = Adjustment::Add(block(shape, Seed(self.seed).derive(&format!("values {k}"))) * 0.5);
                plan.edits.push(Edit::Adjust { parameter, by });
            }
        }
        plan
    }

    fn structure(&self) -> Plan {
        let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(self.seed));
        let input = plan.layer(NewLayer::input(self.features));
        let (mut columns, mut ties) = (Vec::<Vec<LayerId>>::new(), 0);
        for (k, column) in self.columns.iter().enumerate() {
            let mut layers = Vec::new();
            for (i, &width) in column.widths.iter().enumerate() {
                let mut new = NewLayer::hidden(format!("column-{k}-{i}"), width, column.activation);
                if column.norm {
                    new.normalisation = Normalisation::LayerNorm;
                }
                if column.tied && i > 0 && column.widths[i - 1] == width {
                    new.tie = Some(ties);
                } else if column.tied && column.widths.get(i + 1) == Some(&width) {
                    ties += 1;
                    new.tie = Some(ties);
                }
                let layer = plan.layer(new);
                plan.connect(layers.last().copied().unwrap_or(input), layer, Init::He);
                if column.skip && i > 0 && i + 1 == column.widths.len() {
                    plan.connect(input, layer, Init::FanIn);
                }
                for earlier in &columns {
                    if let (Some(gain), Some(&from)) =
                        (column.lateral, i.checked_sub(1).and_then(|i| earlier.get(i)))
                    {
                        plan.connect_with_gain(from, layer, Init::Uniform(0.7), gain, 0.8);
                    }
                }
                layers.push(layer);
            }
            columns.push(layers);
        }
        let mut tops: Vec<LayerId> = columns.iter().filter_map(|c| c.last().copied()).collect();
        if tops.is_empty() {
            tops.push(input);
        }
        let classes = Head {
            task: Some(TaskId(0)),
            classes: (0..self.classes as u32).collect(),
        };
        let values = Head {
            task: None,
            classes: Vec::new(),
        };
        let classes = plan.layer(NewLayer::head(
            Self::CLASSES,
            self.classes,
            Activation::Identity,
            classes,
        ));
        let values = plan.layer(NewLayer::head(
            Self::VALUES,
            self.outputs,
            Activation::Identity,
            values,
        ));
        let mut joined = Vec::new();
        for top in tops {
            if !joined.contains(&top) {
                plan.connect(top, classes, Init::FanIn);
                plan.connect(top, values, Init::Normal(0.5));
                joined.push(top);
            }
        }
        plan.finish()
    }
}

fn columns(activations: &'static [Activation]) -> impl Strategy<Value = ColumnShape> {
    let lateral = prop_oneof![
        Just(None),
        Just(Some(Gain::None)),
        Just(Some(Gain::Scalar)),
        Just(Some(Gain::PerUnit))
    ];
    let activation = (0..activations.len()).prop_map(|i| activations[i]);
    let widths = prop::collection::vec(1usize..5, 1..4);
    let norm = prop::bool::weighted(0.25);
    (widths, activation, norm, lateral, any::<bool>(), any::<bool>()).prop_map(
        |(widths, activation, norm, lateral, skip, tied)| ColumnShape {
            widths,
            activation,
            norm,
            lateral,
            skip,
            tied,
        },
    )
}

fn shapes_of(activations: &'static [Activation]) -> impl Strategy<Value = Shape> {
    let columns = prop::collection::vec(columns(activations), 0..4);
    (1usize..5, columns, 1usize..4, 1usize..4, any::<u64>()).prop_map(
        |(features, columns, classes, outputs, seed)| Shape {
            features,
            columns,
            classes,
            outputs,
            seed,
        },
    )
}

/// Networks of up to three columns and three layers, with every activation.
pub fn shapes() -> impl Strategy<Value = Shape> {
    shapes_of(&Activation::ALL)
}

/// Networks whose output has a derivative everywhere.
pub fn smooth_shapes() -> impl Strategy<Value = Shape> {
    shapes_of(&[
        Activation::Identity,
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Softplus,
        Activation::Gelu,
    ])
}
