//! The law that ties meters of gradients to ablations.

use super::compare::fine;
use super::fixture::grow;
use super::law::{Make, check_law};
use dentate_core::{
    Activation, Active, Backend, DataId, Dataset, Graph, Head, Init, LayerId, Loss, Meter, MeterKind, Moment,
    NewLayer, Objective, Optimizer, PlanBuilder, Request, Route, Rows, Samples, Seed, Tally, Target, Targets,
    TaskId, Term, UnitId,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use rand::Rng;

const UNITS: usize = 5;

/// A network whose last hidden layer is metered, and two rows of data.
struct Single {
    backend: Box<dyn Backend>,
    layer: LayerId,
    units: Vec<UnitId>,
    objective: Objective,
}

impl Single {
    fn new(make: Make, seed: Seed) -> Result<Self, TestCaseError> {
        let mut random = seed.random();
        let samples = (0..6).map(|_| random.random_range(-1.0..1.0)).collect();
        let targets = Targets::Classes {
            labels: vec![0, 1],
            classes: 2,
        };
        let data = Dataset::new(DataId(0), Samples::Floats(samples), vec![3], targets).expect("two labels");
        let mut plan = PlanBuilder::new(&Graph::empty(), "initial", seed);
        let input = plan.layer(NewLayer::input(3));
        let first = plan.layer(NewLayer::hidden("first", 4, Activation::Tanh));
        plan.connect(input, first, Init::He);
        let layer = plan.layer(NewLayer::hidden("second", UNITS, Activation::Relu));
        plan.connect(first, layer, Init::He);
        let classes = Head {
            task: None,
            classes: vec![0, 1],
        };
        let head = plan.layer(NewLayer::head("head", 2, Activation::Identity, classes));
        plan.connect(layer, head, Init::He);
        let (mut backend, mut graph) = (make.backend(), Graph::empty());
        fine(backend.load(&data))?;
        grow(&mut *backend, &mut graph, &plan.finish(), Moment::default())?;
        let term = Term {
            rows: None,
            layer: head,
            active: Active::All,
            loss: Loss::CrossEntropy,
            target: Target::Labels {
                unit_of: vec![Some(0), Some(1)],
            },
            weight: 1.0,
            tally: Tally::None,
        };
        Ok(Self {
            backend,
            layer,
            units: graph
                .layer(layer)
                .map_or(Vec::new(), |l| l.units.iter().map(|u| u.id).collect()),
            objective: Objective {
                terms: vec![term],
                penalties: Vec::new(),
                keep: None,
            },
        })
    }

    /// The readings of a meter after an update by this row that changes no weight.
    fn updated(&mut self, row: u32) -> Result<impl Fn(MeterKind) -> Vec<f64> + use<>, TestCaseError> {
        let (rows, route) = (single(row), Route::default());
        fine(
            self.backend
                .step(&rows, &route, &self.objective, &Optimizer::sgd(0.0)),
        )?;
        let readings = fine(self.backend.readings(self.layer))?;
        Ok(move |of| readings.values[&of].iter().map(|x| f64::from(*x)).collect())
    }

    /// The rise of the loss on a row when one unit at a time is held at a constant.
    fn rises(&mut self, row: u32, constants: impl Iterator<Item = f64>) -> Result<Vec<f64>, TestCaseError> {
        let held = self
            .units
            .iter()
            .copied()
            .zip(constants.map(|c| c as f32))
            .collect();
        let request = Request::Ablations {
            objective: self.objective.clone(),
            layers: vec![(self.layer, held)],
        };
        let measured = fine(self.backend.measure(&request, &single(row), &Route::default()))?;
        Ok(measured.arrays[0].iter().map(|rise| f64::from(*rise)).collect())
    }
}

fn single(row: u32) -> Rows {
    Rows::of(DataId(0), TaskId(0), vec![row])
}

/// On a single row, the meter of a centred gradient is the slope of the ablation: of the loss, as the unit's output moves towards
/// its running mean. The meter of a gradient is the slope towards 0. Units that put out nothing have a slope too.
pub fn meters_of_gradients_are_slopes_of_ablations(make: Make) {
    check_law(
        make,
        "meters_of_gradients_are_slopes_of_ablations",
        48,
        any::<u64>(),
        |seed| {
            const DECAY: f64 = 0.5;
            let mut fixture = Single::new(make, Seed(seed))?;
            let layer = fixture.layer;
            let meter = |of| Meter {
                layer,
                of,
                decay: DECAY as f32,
            };
            let kinds = [
                MeterKind::Activation,
                MeterKind::Gradient,
                MeterKind::CentredGradient,
            ];
            fine(fixture.backend.watch(&kinds.map(meter)))?;
            let first = fixture.updated(0)?;
            let second = fixture.updated(1)?;
            let h = fine(fixture.backend.forward(&single(1), &Route::default(), &[layer]))?.remove(0);
            let h: Vec<f64> = h.iter().map(|h| f64::from(*h)).collect();
            let zero = vec![0.0; UNITS];
            let (mut told, mut silent) = (false, false);
            for (of, towards) in [
                (MeterKind::Gradient, zero),
                (MeterKind::CentredGradient, second(kinds[0])),
            ] {
                // What the second update has added to the running mean.
                let added: Vec<f64> = first(of)
                    .iter()
                    .zip(second(of))
                    .map(|(one, two)| {
                        ((1.0 - DECAY * DECAY) * two - DECAY * (1.0 - DECAY) * one) / (1.0 - DECAY)
                    })
                    .collect();
                let step = 0.02;
                let held = |by: f64| h.iter().zip(&towards).map(move |(h, to)| h + by * (to - h));
                let (ahead, back) = (fixture.rises(1, held(step))?, fixture.rises(1, held(-step))?);
                for (unit, (ahead, back)) in ahead.iter().zip(&back).enumerate() {
                    let slope = ((ahead - back) / (2.0 * step)).abs();
                    let found = added[unit];
                    prop_assert!(
                        (slope - found).abs() <= 2e-3 * slope + 5e-5,
                        "{:?} of unit {}: {} and a slope of {}",
                        of,
                        unit,
                        found,
                        slope
                    );
                    told |= slope > 1e-2;
                    silent |= of == MeterKind::CentredGradient && h[unit] == 0.0 && slope > 1e-3;
                }
            }
            if told && silent {
                Ok(())
            } else {
                super::law::skip()
            }
        },
    );
}
