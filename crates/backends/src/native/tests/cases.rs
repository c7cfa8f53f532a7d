//! Networks, data and a slow reference in double precision.

use super::*;
use dentate_core::{
    Activation, Active, Gain, Head, Init, Loss, Moment, NewLayer, Normalisation, Parameter, Plan,
    PlanBuilder, Role, Samples, Seed, Tally, Target, Targets, TaskId, Term,
};
use rand::Rng;

pub(in crate::native) const DATA: DataId = DataId(7);

/// A network of an input, a few hidden layers with skips, gains and a norm, and a head.
pub(in crate::native) struct Case {
    pub(in crate::native) graph: Graph,
    pub(in crate::native) native: Native,
}

pub(in crate::native) fn named(graph: &Graph, name: &str) -> LayerId {
    graph.named(name).unwrap().id
}

pub(in crate::native) fn hidden(name: &str, width: usize, activation: Activation, norm: bool) -> NewLayer {
    NewLayer {
        normalisation: if norm {
            Normalisation::LayerNorm
        } else {
            Normalisation::None
        },
        bias: Some(0.1),
        ..NewLayer::hidden(name, width, activation)
    }
}

pub(in crate::native) fn head(width: usize) -> NewLayer {
    let head = Head {
        task: None,
        classes: (0..width as u32).collect(),
    };
    NewLayer::head("head", width, Activation::Identity, head)
}

/// input 6 → a → b → head, a skip from the input to b with a gain for each unit, one from a to the head with a scalar gain.
pub(in crate::native) fn plan(activation: Activation, norm: bool) -> Plan {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(3));
    let input = plan.layer(NewLayer::input(6));
    let a = plan.layer(hidden("a", 5, activation, false));
    let b = plan.layer(hidden("b", 7, activation, norm));
    let head = plan.layer(head(4));
    plan.connect(input, a, Init::FanIn);
    plan.connect(a, b, Init::FanIn);
    plan.connect_with_gain(input, b, Init::FanIn, Gain::PerUnit, 0.7);
    plan.connect(b, head, Init::FanIn);
    plan.connect_with_gain(a, head, Init::FanIn, Gain::Scalar, 1.3);
    plan.finish()
}

pub(in crate::native) fn case(activation: Activation, norm: bool) -> Case {
    build(&plan(activation, norm))
}

pub(in crate::native) fn build(plan: &Plan) -> Case {
    let mut case = Case {
        graph: Graph::empty(),
        native: Native::new(),
    };
    case.apply(plan);
    case.native.load(&data(6)).unwrap();
    case
}

/// 20 rows with a third of zeros, labels 0 to 3.
pub(in crate::native) fn data(features: usize) -> Dataset {
    let mut random = Seed(11).random();
    let value = |random: &mut dentate_core::Random| {
        if random.random::<f32>() < 0.33 {
            0.0
        } else {
            random.random::<f32>() * 2.0 - 1.0
        }
    };
    let samples = (0..20 * features).map(|_| value(&mut random)).collect();
    let labels = (0..20).map(|i| i % 4).collect();
    Dataset::new(
        DATA,
        Samples::Floats(samples),
        vec![features],
        Targets::Classes { labels, classes: 4 },
    )
    .unwrap()
}

impl Case {
    pub(in crate::native) fn apply(&mut self, plan: &Plan) {
        let (graph, receipt) = self.graph.apply(plan, Moment::default()).unwrap();
        self.native.apply(&graph, &receipt).unwrap();
        self.graph = graph;
    }

    pub(in crate::native) fn id(&self, name: &str) -> LayerId {
        named(&self.graph, name)
    }

    pub(in crate::native) fn term(&self) -> Term {
        Term {
            rows: None,
            layer: self.id("head"),
            active: Active::All,
            loss: Loss::CrossEntropy,
            target: Target::Labels {
                unit_of: (0..4).map(Some).collect(),
            },
            weight: 1.0,
            tally: Tally::None,
        }
    }

    pub(in crate::native) fn objective(&self) -> Objective {
        Objective {
            terms: vec![self.term()],
            penalties: Vec::new(),
            keep: None,
        }
    }

    pub(in crate::native) fn slot(&mut self, slot: Slot) -> BTreeMap<Parameter, Array2<f32>> {
        self.native.snapshot().slots.remove(&slot).unwrap()
    }

    pub(in crate::native) fn step(&mut self, n: usize, optimizer: &Optimizer) {
        let objective = self.objective();
        self.native
            .step(&rows(n), &Route::default(), &objective, optimizer)
            .unwrap();
    }

    /// The gradient, and its finite differences in double precision, entry by entry.
    pub(in crate::native) fn check_gradient(&mut self, n: usize, objective: &Objective, tolerance: f64) {
        let route = Route::default();
        let value = self
            .native
            .gradient(&rows(n), &route, objective, Slot::GRADIENT, Purpose::ReadOnly)
            .unwrap();
        let weights = self.slot(Slot::WEIGHT);
        let gradient = self.slot(Slot::GRADIENT);
        let mut exact: Values = weights.iter().map(|(p, v)| (*p, v.mapv(f64::from))).collect();
        let reference = self.reference(&exact, n, objective);
        assert!(
            (value - reference).abs() < tolerance,
            "{value} is not {reference}"
        );
        for (parameter, block) in &gradient {
            for ((i, j), g) in block.indexed_iter() {
                let w = exact[parameter][(i, j)];
                let mut at = |w| {
                    exact.get_mut(parameter).unwrap()[(i, j)] = w;
                    self.reference(&exact, n, objective)
                };
                let slope = (at(w + 1e-5) - at(w - 1e-5)) / 2e-5;
                at(w);
                let off = (slope - f64::from(*g)).abs();
                assert!(off < tolerance, "{parameter:?} [{i}, {j}]: {g} is not {slope}");
            }
        }
    }

    /// The objective in double precision, by loops.
    fn reference(&self, weights: &Values, n: usize, objective: &Objective) -> f64 {
        let data = data(6);
        let mut total = 0.0;
        for term in &objective.terms {
            let range = term.rows.clone().unwrap_or(0..n);
            let count = range.len() as f64;
            for row in range {
                let mut x = vec![0.0f32; 6];
                data.read(row as u32, &mut x).unwrap();
                let outputs = self.outputs(weights, &x);
                let z = &outputs[&term.layer];
                let active: Vec<usize> = match &term.active {
                    Active::All => (0..z.len()).collect(),
                    Active::Units(units) => units.iter().map(|&u| u as usize).collect(),
                };
                let z: Vec<f64> = active.iter().map(|&u| z[u]).collect();
                let t: Vec<f64> = match &term.target {
                    Target::Labels { unit_of } => {
                        let unit = unit_of[data.label(row as u32).unwrap() as usize].unwrap() as usize;
                        active.iter().map(|&u| f64::from(u8::from(u == unit))).collect()
                    }
                    Target::Given(values) => active.iter().map(|&u| f64::from(values[(row, u)])).collect(),
                    Target::Inputs => active.iter().map(|&u| f64::from(x[u])).collect(),
                    _ => unreachable!(),
                };
                let log_softmax = |z: &[f64], temperature: f64| -> Vec<f64> {
                    let sum: f64 = z.iter().map(|z| (z / temperature).exp()).sum();
                    z.iter().map(|z| z / temperature - sum.ln()).collect()
                };
                let loss: f64 = match term.loss {
                    Loss::CrossEntropy => -t
                        .iter()
                        .zip(log_softmax(&z, 1.0))
                        .map(|(t, l)| t * l)
                        .sum::<f64>(),
                    Loss::MeanSquared => {
                        t.iter().zip(&z).map(|(t, z)| (t - z) * (t - z)).sum::<f64>() / z.len() as f64
                    }
                    Loss::Distillation { temperature } => {
                        let temperature = f64::from(temperature);
                        let p = log_softmax(&t, temperature).into_iter().map(f64::exp);
                        let cross = p
                            .zip(log_softmax(&z, temperature))
                            .map(|(p, l)| p * l)
                            .sum::<f64>();
                        -cross * temperature * temperature
                    }
                };
                total += f64::from(term.weight) * loss / count;
            }
        }
        total
    }

    fn outputs(&self, weights: &Values, x: &[f32]) -> BTreeMap<LayerId, Vec<f64>> {
        let mut out: BTreeMap<LayerId, Vec<f64>> = BTreeMap::new();
        for id in self.graph.order() {
            let layer = self.graph.layer(id).unwrap();
            if layer.role == Role::Input {
                out.insert(id, x.iter().map(|&x| f64::from(x)).collect());
                continue;
            }
            let mut z: Vec<f64> = weights[&Parameter::Bias(id)].row(0).to_vec();
            for c in self.graph.into_layer(id) {
                let w = &weights[&Parameter::Weight(c.id)];
                for (j, h) in out[&c.from].iter().enumerate() {
                    let gain = match c.gain {
                        Gain::None => 1.0,
                        Gain::Scalar => weights[&Parameter::Gain(c.id)][(0, 0)],
                        Gain::PerUnit => weights[&Parameter::Gain(c.id)][(0, j)],
                    };
                    for (i, z) in z.iter_mut().enumerate() {
                        *z += w[(i, j)] * gain * h;
                    }
                }
            }
            if layer.normalisation == Normalisation::LayerNorm {
                let n = z.len() as f64;
                let mean = z.iter().sum::<f64>() / n;
                let var = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / n;
                for (i, z) in z.iter_mut().enumerate() {
                    let scale = weights[&Parameter::Scale(id)][(0, i)];
                    *z = scale * (*z - mean) / (var + 1e-5).sqrt() + weights[&Parameter::Shift(id)][(0, i)];
                }
            }
            out.insert(
                id,
                z.iter()
                    .map(|&z| reference_activation(layer.activation, z))
                    .collect(),
            );
        }
        out
    }
}

type Values = BTreeMap<Parameter, Array2<f64>>;

fn reference_activation(f: Activation, z: f64) -> f64 {
    match f {
        Activation::Identity => z,
        Activation::Relu | Activation::ReluLiveAtZero => z.max(0.0),
        Activation::LeakyRelu => {
            if z > 0.0 {
                z
            } else {
                0.01 * z
            }
        }
        Activation::Tanh => z.tanh(),
        Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
        Activation::Softplus => z.exp().ln_1p(),
        Activation::Gelu => z * 0.5 * libm::erfc(-z / 2f64.sqrt()),
    }
}

pub(in crate::native) fn rows(n: usize) -> Rows {
    Rows::of(DATA, TaskId(0), (0..n as u32).collect())
}

/// Assert that two snapshots hold the same bits.
pub(in crate::native) fn same_bits(a: &Snapshot, b: &Snapshot) {
    assert_eq!(
        a.slots.keys().collect::<Vec<_>>(),
        b.slots.keys().collect::<Vec<_>>()
    );
    for (slot, blocks) in &a.slots {
        for (parameter, values) in blocks {
            let bits = |v: &Array2<f32>| v.mapv(f32::to_bits);
            assert_eq!(
                bits(values),
                bits(&b.slots[slot][parameter]),
                "{slot} of {parameter:?}"
            );
        }
    }
}
