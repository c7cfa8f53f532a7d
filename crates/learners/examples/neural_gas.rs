//! A growing neural gas on its own: fit it to an array, read it, write its graph.
//!
//! `cargo run -p dentate-learners --example neural_gas > ring.graphml`

use dentate_learners::maps::{FitError, GrowingNeuralGas, KMeans};
use ndarray::Array2;

fn main() -> Result<(), FitError> {
    // Points on a circle, with a little of a wave so that they are no perfect one.
    let points = Array2::from_shape_fn((2000, 2), |(i, j)| {
        let angle = i as f32 * 0.618;
        let radius = 1.0 + 0.05 * (7.0 * angle).sin();
        radius * if j == 0 { angle.cos() } else { angle.sin() }
    });

    let mut gas = GrowingNeuralGas::builder()
        .max_units(40)
        .epochs(5)
        .seed(1)
        .fit(points.view())?;
    gas.partial_fit(points.view())?;

    let nearest = gas.predict(points.view())?;
    let distances = gas.transform(points.view())?;
    eprintln!(
        "the first point is nearest to unit {}, at a distance of {:.3}",
        nearest[0],
        distances[(0, nearest[0])]
    );

    let means = KMeans::builder().units(40).epochs(5).seed(1).fit(points.view())?;
    eprintln!(
        "mean squared distance: {:.5} to the gas, {:.5} to as many means",
        gas.quantization_error(points.view())?,
        means.quantization_error(points.view())?
    );

    println!("{}", gas.graph().graphml());
    Ok(())
}
