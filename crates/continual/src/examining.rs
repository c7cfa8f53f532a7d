//! Examination of the hidden layers.

use dentate_core::metrics::plasticity;
use dentate_core::{
    Dataset, Examined, GrowingNetwork, Layer, LayerId, LearnError, Parameter, Request, Route, Rows, TaskId,
};

/// Returns the outputs of hidden units on rows.
pub(crate) fn examine(
    network: &mut GrowingNetwork,
    route: &Route,
    data: &Dataset,
    rows: &[u32],
) -> Result<Vec<Examined>, LearnError> {
    network.show(data)?;
    let graph = network.graph();
    let layers: Vec<(LayerId, String)> = graph.hidden().map(|l| (l.id, l.name.clone())).collect();
    if layers.is_empty() || rows.is_empty() {
        return Ok(Vec::new());
    }
    let weights = |layer| {
        graph
            .into_layer(layer)
            .filter(|c| graph.weights_of(c).is_some())
            .map(|c| Parameter::Weight(c.id))
            .collect::<Vec<_>>()
    };
    let weights: Vec<Vec<Parameter>> = layers.iter().map(|(id, _)| weights(*id)).collect();
    let ids: Vec<LayerId> = layers.iter().map(|(id, _)| *id).collect();
    let seen: Vec<Layer> = graph.hidden().cloned().collect();
    let batch = Rows::of(data.id(), TaskId(0), rows.to_vec());
    let outputs = network.forward(&batch, route, &ids)?;
    let mut examined = Vec::new();
    for ((((_, layer), of), outputs), weights) in layers.into_iter().zip(seen).zip(outputs).zip(weights) {
        let request = Request::Parameters(weights);
        let blocks = network.measure(&request, &Rows::default(), &Route::default())?;
        let all = || blocks.arrays.iter().flatten();
        let deviations = blocks
            .arrays
            .iter()
            .map(|block| plasticity::deviation(block.view()));
        let isometry = deviations.sum::<f64>() / blocks.arrays.len().max(1) as f64;
        let sum: f64 = all().map(|w| f64::from(w.abs())).sum();
        let weight = sum / all().count().max(1) as f64;
        examined.push(Examined {
            layer,
            outputs: of.unit_by_unit(outputs.view()),
            weight,
            isometry,
        });
    }
    Ok(examined)
}
