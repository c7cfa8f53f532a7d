//! Whole networks, as plans for the empty graph.

use super::block;
use dentate_core::{
    Activation, Adjustment, Edit, Gain, Graph, Grid, Groups, Head, Init, LayerId, Link, Moment, NewLayer,
    Normalisation, Parameter, Plan, PlanBuilder, Pool, Seed, TaskId, Window,
};
use proptest::prelude::*;

/// A column of hidden layers.
#[derive(Clone, Debug)]
pub struct ColumnShape {
    /// Widths of its layers.
    pub widths: Vec<usize>,
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// True if they are normalised.
    pub norm: bool,
    /// The gain of connections to each layer from the previous layer in the earlier columns, if any (progressive columns).
    pub lateral: Option<Gain>,
    /// True if its last layer is also connected to the input.
    pub skip: bool,
    /// True if its layers of equal width form a width group.
    pub tied: bool,
}

/// Layers on grids before the columns.
#[derive(Clone, Debug)]
pub struct SpaceShape {
    /// The grid of the input.
    pub grid: Grid,
    /// Its channels.
    pub channels: usize,
    /// The layers.
    pub maps: Vec<MapShape>,
}

/// A layer on a grid. Settings that do not fit the layer below are adjusted.
#[derive(Clone, Debug)]
pub struct MapShape {
    /// Its units.
    pub width: usize,
    /// Its activation.
    pub activation: Activation,
    /// Its kernels.
    pub window: Window,
    /// The groups of its convolution.
    pub groups: Groups,
    /// Its normalisation.
    pub normalisation: Normalisation,
    /// Its pooling.
    pub pool: Pool,
    /// Its dropout probability.
    pub dropout: f32,
    /// True if it also gets the output of the layer before the one below, if that has its form (a residual sum).
    pub residual: bool,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Layers on grids, if any; then the features are those of their input.
    pub space: Option<SpaceShape>,
    /// Input features.
    pub features: usize,
    /// Columns side by side.
    pub columns: Vec<ColumnShape>,
    /// Classes of the head over classes.
    pub classes: usize,
    /// Outputs of the head over values.
    pub outputs: usize,
    /// The seed of its values.
    pub seed: u64,
}

impl Shape {
    /// Name of the head over classes.
    pub const CLASSES: &'static str = "head-classes";
    /// Name of the head over values.
    pub const VALUES: &'static str = "head-values";

    /// The plan that builds it. Every parameter gets a different value, including biases and gains.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut plan = self.structure();
        let (graph, _) = Graph::empty()
            .apply(&plan, Moment::default())
            .expect("a shape is well-formed");
        for (k, (parameter, shape)) in graph.parameters().into_iter().enumerate() {
            if !matches!(parameter, Parameter::Weight(_)) {
                let by = Adjustment::Add(block(shape, Seed(self.seed).derive(&format!("values {k}"))) * 0.5);
                plan.edits.push(Edit::Adjust { parameter, by });
            }
        }
        plan
    }

    fn structure(&self) -> Plan {
        let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(self.seed));
        let input = plan.layer(match &self.space {
            None => NewLayer::input(self.features),
            Some(space) => NewLayer::image(space.channels, space.grid),
        });
        let base = self
            .space
            .as_ref()
            .map_or(input, |space| space.write(&mut plan, input));
        let (mut columns, mut ties) = (Vec::<Vec<LayerId>>::new(), 0);
        for (k, column) in self.columns.iter().enumerate() {
            let mut layers = Vec::new();
            for (i, &width) in column.widths.iter().enumerate() {
                let mut new = NewLayer::hidden(format!("column-{k}-{i}"), width, column.activation);
                if column.norm {
                    new.normalisation = Normalisation::LayerNorm;
                }
                if column.tied && i > 0 && column.widths[i - 1] == width {
                    new.width_group = Some(ties);
                } else if column.tied && column.widths.get(i + 1) == Some(&width) {
                    ties += 1;
                    new.width_group = Some(ties);
                }
                let layer = plan.layer(new);
                plan.connect(layers.last().copied().unwrap_or(base), layer, Init::He);
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
            tops.push(base);
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

impl SpaceShape {
    /// Add the layers, and return the last.
    fn write(&self, plan: &mut PlanBuilder, input: LayerId) -> LayerId {
        let mut below = (input, self.channels, self.grid);
        let mut before: Option<(LayerId, usize, Grid)> = None;
        for (k, map) in self.maps.iter().enumerate() {
            let (from, sources, grid) = below;
            let point = Window::square(1, 1, 0);
            let window = map.window.over(grid).map_or(point, |_| map.window);
            let on = window.over(grid).unwrap_or(grid);
            let even = |n: usize| n.is_multiple_of(2);
            let (groups, width) = match map.groups {
                Groups::Depthwise => (Groups::Depthwise, sources),
                Groups::Count(_) if even(sources) && even(map.width) => (Groups::Count(2), map.width),
                _ => (Groups::One, map.width),
            };
            let pool = map.pool.over(on).map_or(Pool::None, |_| map.pool);
            let layer = plan.layer(NewLayer {
                normalisation: map.normalisation,
                pool,
                dropout: map.dropout,
                ..NewLayer::hidden(format!("map-{k}"), width, map.activation).on(on)
            });
            plan.link(from, layer, Link::Convolution { window, groups }, Init::He);
            if let Some((source, width_before, grid_before)) = before
                && map.residual
                && (width_before, grid_before) == (width, on)
            {
                plan.link(source, layer, Link::Direct, Init::Zero);
            }
            before = Some(below);
            below = (layer, width, pool.over(on).unwrap_or(on));
        }
        below.0
    }
}

fn maps(activations: &'static [Activation], smooth: bool) -> impl Strategy<Value = MapShape> {
    let windows = [
        Window::square(1, 1, 0),
        Window::square(3, 1, 1),
        Window::square(2, 1, 0),
        Window::square(3, 2, 1),
        // On a small grid, columns of it never meet the image.
        Window::square(5, 1, 2),
        Window {
            kernel: [2, 3],
            stride: [1, 2],
            padding: [1, 0],
        },
    ];
    let pools = [
        Pool::None,
        Pool::None,
        Pool::Max(Window::square(2, 2, 0)),
        Pool::Max(Window::square(3, 1, 1)),
        Pool::Average(Window::square(2, 1, 1)),
        Pool::GlobalAverage,
        Pool::GlobalMax,
    ];
    let pools: Vec<Pool> = pools.into_iter().filter(|p| !smooth || !p.is_max()).collect();
    let norms = [
        Normalisation::None,
        Normalisation::LayerNorm,
        Normalisation::GroupNorm(2),
        Normalisation::BatchNorm,
        Normalisation::BatchNorm,
    ];
    let groups = [Groups::One, Groups::One, Groups::Depthwise, Groups::Count(2)];
    (
        1usize..4,
        prop::sample::select(activations),
        prop::sample::select(windows.to_vec()),
        prop::sample::select(groups.to_vec()),
        prop::sample::select(norms.to_vec()),
        prop::sample::select(pools),
        prop::sample::select(vec![0.0, 0.0, 0.3]),
        any::<bool>(),
    )
        .prop_map(
            |(width, activation, window, groups, normalisation, pool, dropout, residual)| MapShape {
                width,
                activation,
                window,
                groups,
                normalisation,
                pool,
                dropout,
                residual,
            },
        )
}

fn spaces(activations: &'static [Activation], smooth: bool) -> impl Strategy<Value = SpaceShape> {
    let maps = prop::collection::vec(maps(activations, smooth), 1..4);
    (1usize..4, 1usize..4, 1usize..3, maps).prop_map(|(height, width, channels, maps)| SpaceShape {
        grid: Grid::new(height, width),
        channels,
        maps,
    })
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

fn shapes_of(activations: &'static [Activation], smooth: bool) -> impl Strategy<Value = Shape> {
    let columns = prop::collection::vec(columns(activations), 0..4);
    let space = prop::option::weighted(0.35, spaces(activations, smooth));
    (1usize..5, columns, 1usize..4, 1usize..4, any::<u64>(), space).prop_map(
        |(features, mut columns, classes, outputs, seed, space)| {
            if space.is_some() {
                columns.truncate(1);
            }
            Shape {
                features: space
                    .as_ref()
                    .map_or(features, |s| s.channels * s.grid.positions()),
                space,
                columns,
                classes,
                outputs,
                seed,
            }
        },
    )
}

/// Networks of up to three columns and three layers, with every activation.
pub fn shapes() -> impl Strategy<Value = Shape> {
    shapes_of(&Activation::ALL, false)
}

/// Networks whose outputs are differentiable everywhere.
pub fn smooth_shapes() -> impl Strategy<Value = Shape> {
    const SMOOTH: [Activation; 5] = [
        Activation::Identity,
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Softplus,
        Activation::Gelu,
    ];
    shapes_of(&SMOOTH, true)
}
