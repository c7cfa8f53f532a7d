//! Laws of the running statistics of a batch norm.

use super::compare::{Outcome, close, fine};
use super::fixture::build;
use super::law::{Make, check_law};
use crate::generators::{Rowset, Temper, block};
use dentate_core::{
    Activation, Active, Adjustment, Backend, Edit, Graph, Grid, Init, LayerId, Link, Loss, LrScaleOf,
    NewLayer, Normalisation, Objective, Optimizer, Parameter, PlanBuilder, Power, Purpose, Request, Route,
    Rows, Seed, Slot, Tally, Target, TaskId, Term, Window,
};
use ndarray::Array2;
use proptest::prelude::*;

/// Input channels.
const CHANNELS: usize = 2;
const UNITS: usize = 3;
/// The unit that does not learn.
const FROZEN: usize = 1;

/// A layer with batch norm on a grid: each position of a unit is a sum over the channels at that position.
struct Normed {
    backend: Box<dyn Backend>,
    graph: Graph,
    layer: LayerId,
    inputs: Array2<f32>,
    rows: Rows,
    grid: Grid,
}

impl Normed {
    fn new(make: Make, grid: Grid, rowset: &Rowset) -> Result<Self, TestCaseError> {
        let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(rowset.seed));
        let input = plan.layer(NewLayer::image(CHANNELS, grid));
        let layer = plan.layer(NewLayer {
            normalisation: Normalisation::BatchNorm,
            ..NewLayer::hidden("normed", UNITS, Activation::Tanh).on(grid)
        });
        let link = Link::convolution(Window::square(1, 1, 0));
        plan.link(input, layer, link, Init::He);
        for parameter in [Parameter::Bias(layer), Parameter::Mean(layer)] {
            let by = Adjustment::Add(block((1, UNITS), Seed(7)));
            plan.edit(Edit::Adjust { parameter, by });
        }
        let (mut backend, mut graph) = build(make, &plan.finish())?;
        let frozen = graph.layer(layer).map(|l| vec![l.units[FROZEN].id]);
        let mut plan = PlanBuilder::new(&graph, "freeze", Seed(0));
        plan.lr_scale(LrScaleOf::Incoming(layer, frozen.unwrap_or_default()), 0.0);
        super::fixture::grow(&mut *backend, &mut graph, &plan.finish(), Default::default())?;
        let features = CHANNELS * grid.positions();
        let data = rowset.values(4, features, 1);
        fine(backend.load(&data))?;
        let mut inputs = Array2::zeros((rowset.rows, features));
        for (row, mut into) in inputs.rows_mut().into_iter().enumerate() {
            if let Some(into) = into.as_slice_mut() {
                fine(data.read(row as u32, into).map_err(Into::into))?;
            }
        }
        let rows = Rows::of(data.id(), TaskId(0), (0..rowset.rows as u32).collect());
        Ok(Self {
            backend,
            graph,
            layer,
            inputs,
            rows,
            grid,
        })
    }

    fn block(&mut self, parameter: Parameter) -> Array2<f32> {
        let blocks = self.backend.snapshot().slots.remove(&Slot::WEIGHT);
        let block = blocks.and_then(|mut blocks| blocks.remove(&parameter));
        block.unwrap_or_default()
    }

    fn statistics(&mut self) -> [Array2<f32>; 2] {
        [Parameter::Mean(self.layer), Parameter::Variance(self.layer)].map(|p| self.block(p))
    }

    fn objective(&self, target: f32) -> Objective {
        let shape = (self.inputs.nrows(), UNITS * self.grid.positions());
        Objective {
            terms: vec![Term {
                rows: None,
                layer: self.layer,
                active: Active::All,
                loss: Loss::MeanSquared,
                target: Target::Given(Array2::from_elem(shape, target)),
                weight: 1.0,
                tally: Tally::None,
            }],
            penalties: Vec::new(),
            keep: None,
        }
    }

    /// Mean and variance of each unit after a batch, as running statistics.
    fn followed(&mut self) -> Vec<[f64; 2]> {
        let [means, variances] = self.statistics();
        let connection = self.graph.connections().next().map(|c| c.id);
        let weights = connection.map(|c| self.block(Parameter::Weight(c)));
        let (weights, biases) = (
            weights.unwrap_or_default(),
            self.block(Parameter::Bias(self.layer)),
        );
        let positions = self.grid.positions();
        let of_unit = |unit: usize| {
            let mut sums = Vec::new();
            for row in self.inputs.rows() {
                for place in 0..positions {
                    let seen = (0..CHANNELS)
                        .map(|c| f64::from(weights[(unit, c)]) * f64::from(row[c * positions + place]));
                    sums.push(f64::from(biases[(0, unit)]) + seen.sum::<f64>());
                }
            }
            let (old, n) = (
                [&means, &variances].map(|of| f64::from(of[(0, unit)])),
                sums.len() as f64,
            );
            if unit == FROZEN || sums.len() == 1 {
                return old;
            }
            let mean = sums.iter().sum::<f64>() / n;
            let squares: f64 = sums.iter().map(|z| (z - mean) * (z - mean)).sum();
            [
                0.9 * old[0] + 0.1 * mean,
                0.9 * old[1] + 0.1 * squares / (n - 1.0),
            ]
        };
        (0..UNITS).map(of_unit).collect()
    }
}

/// Running statistics move by a tenth towards mean and unbiased variance of the batch, in steps and in gradients for an update
/// whose losses are finite, for units that learn, if there is a variance; and never otherwise.
pub fn running_statistics_follow_the_batch(make: Make) {
    let strategy = (1usize..4, 1usize..4, 1usize..5, any::<u64>(), any::<bool>());
    check_law(
        make,
        "running_statistics_follow_the_batch",
        24,
        strategy,
        |(height, width, rows, seed, by_step)| {
            let rowset = Rowset {
                temper: Temper::Plain,
                rows,
                seed,
            };
            let mut net = Normed::new(make, Grid::new(height, width), &rowset)?;
            let (rows, route) = (net.rows.clone(), Route::default());
            let before = net.statistics();
            let (good, bad) = (net.objective(0.3), net.objective(f32::INFINITY));
            fine(net.backend.forward(&rows, &route, &[net.layer]))?;
            let activations = Request::Activations(vec![net.layer]);
            fine(net.backend.measure(&activations, &rows, &route))?;
            fine(
                net.backend
                    .accumulate(&rows, &route, &good, Power::Squared, 1.0, Slot::GRADIENT),
            )?;
            fine(net.backend.step(&rows, &route, &bad, &Optimizer::sgd(0.1)))?;
            fine(
                net.backend
                    .gradient(&rows, &route, &bad, Slot::GRADIENT, Purpose::Update),
            )?;
            fine(
                net.backend
                    .gradient(&rows, &route, &good, Slot::GRADIENT, Purpose::ReadOnly),
            )?;
            prop_assert_eq!(net.statistics(), before.clone());
            let wanted = net.followed();
            if by_step {
                fine(net.backend.step(&rows, &route, &good, &Optimizer::sgd(0.1)))?;
            } else {
                fine(
                    net.backend
                        .gradient(&rows, &route, &good, Slot::GRADIENT, Purpose::Update),
                )?;
            }
            let found = net.statistics();
            for (unit, wanted) in wanted.iter().enumerate() {
                moved(&before, &found, unit, wanted)?;
            }
            Ok(())
        },
    );
}

fn moved(before: &[Array2<f32>; 2], found: &[Array2<f32>; 2], unit: usize, wanted: &[f64; 2]) -> Outcome {
    for ((before, found), wanted) in before.iter().zip(found).zip(wanted) {
        let (before, found) = (before[(0, unit)], found[(0, unit)]);
        if f64::from(before) == *wanted {
            prop_assert_eq!(before.to_bits(), found.to_bits());
        }
        // About ten roundings: of sums of two products, of their mean, and of the move.
        close(
            "a statistic",
            f64::from(found),
            *wanted,
            1e-6 * (1.0 + wanted.abs()),
        )?;
    }
    Ok(())
}
