//! A test of a backend: the outputs of a small network are compared with plain arithmetic on the same weights.

use dentate_backends::Choice;
use dentate_core::{
    Activation, Backend, DataId, Dataset, Graph, Init, Moment, Parameter, Route, Rows, Samples, Seed, Slot,
    Targets, TaskId, mlp,
};

const FEATURES: usize = 37;
const UNITS: usize = 19;
const ROWS: usize = 11;

/// A description of the backend, or the reason why it does not work.
pub(super) fn check(choice: Choice) -> Result<String, String> {
    let mut backend = choice.ready().map_err(|e| e.to_string())?.make();
    let worst = largest_error(&mut *backend).map_err(|e| e.to_string())?;
    let print = backend.fingerprint();
    if worst < 1e-4 {
        Ok(format!("works ({print})"))
    } else {
        Err(format!("its outputs are off by {worst} ({print})"))
    }
}

fn largest_error(backend: &mut dyn Backend) -> Result<f32, Box<dyn std::error::Error>> {
    let plan = mlp(FEATURES, &[UNITS], Activation::Relu, Init::He, Seed(1));
    let (graph, receipt) = Graph::empty().apply(&plan, Moment::default())?;
    backend.apply(&graph, &receipt)?;
    let values: Vec<f32> = (0..ROWS * FEATURES)
        .map(|i| ((i * 7919) % 101) as f32 / 101.0 - 0.5)
        .collect();
    let data = Dataset::new(DataId(0), Samples::Floats(values), vec![FEATURES], Targets::None)?;
    backend.load(&data)?;
    let (Some(hidden), Some(connection)) = (graph.hidden().next(), graph.connections().next()) else {
        return Err("the network has no layer".into());
    };
    let all: Vec<u32> = (0..ROWS as u32).collect();
    let rows = Rows::of(data.id(), TaskId(0), all.clone());
    let outputs = backend.forward(&rows, &Route::default(), &[hidden.id])?.remove(0);
    let snapshot = backend.snapshot();
    let weights = &snapshot.slots[&Slot::WEIGHT];
    let (matrix, bias) = (
        &weights[&Parameter::Weight(connection.id)],
        &weights[&Parameter::Bias(hidden.id)],
    );
    let expected = (data.gather(&all)?.dot(&matrix.t()) + bias).mapv(|v| v.max(0.0));
    let errors = outputs.iter().zip(&expected).map(|(a, b)| (a - b).abs());
    // `max` would let a NaN pass.
    Ok(errors.fold(0.0, |worst, e| if e > worst || e.is_nan() { e } else { worst }))
}
