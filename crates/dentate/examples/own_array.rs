//! A self-organising map on an array of one's own: points on a circle.
//!
//! `cargo run -p dentate --example own_array`

use dentate::ndarray::Array2;
use dentate::prelude::*;

fn main() -> dentate::Result<()> {
    let points = Array2::from_shape_fn((2000, 2), |(i, j)| {
        let angle = i as f32 * 0.618;
        if j == 0 { angle.cos() } else { angle.sin() }
    });
    let gas = GrowingNeuralGas::builder()
        .max_units(40)
        .epochs(5)
        .seed(1)
        .fit(points.view())?;
    let means = KMeans::builder().units(40).epochs(5).seed(1).fit(points.view())?;
    println!("{} units grew", gas.len());
    println!(
        "mean squared distance to the gas: {:.5}",
        gas.quantization_error(points.view())?
    );
    println!(
        "to as many means:                 {:.5}",
        means.quantization_error(points.view())?
    );
    println!(
        "the first point is next to unit {}",
        gas.predict(points.view())?[0]
    );
    Ok(())
}
