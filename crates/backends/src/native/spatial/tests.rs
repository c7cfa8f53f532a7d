use super::*;
use dentate_core::{Activation, Graph, Init, LayerId, Link, Moment, NewLayer, PlanBuilder, Seed};
use proptest::prelude::*;

fn convolution(grid: Grid, window: Window) -> Option<Convolution> {
    let on = window.over(grid)?;
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(0));
    let image = plan.layer(NewLayer::image(2, grid));
    let maps = plan.layer(NewLayer::hidden("maps", 1, Activation::Identity).on(on));
    plan.link(image, maps, Link::convolution(window), Init::Zero);
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    let network = Network::new(&graph);
    assert_eq!(network.position(LayerId(0)), Some(0));
    Convolution::of(&network, &network.edges[0])
}

proptest! {
    /// Unfolding windows and adding them back are transposes of each other: ⟨windows(x), y⟩ = ⟨x, scatter(y)⟩, exactly in whole
    /// numbers.
    #[test]
    fn scattering_is_the_transpose_of_laying_out(
        (height, width) in (1usize..7, 1usize..7),
        (ky, kx) in (1usize..4, 1usize..4),
        (sy, sx) in (1usize..3, 1usize..3),
        (py, px) in (0usize..3, 0usize..3),
        values in prop::collection::vec(-8i8..8, 512),
    ) {
        let window = Window { kernel: [ky, kx], stride: [sy, sx], padding: [py, px] };
        let Some(convolution) = convolution(Grid::new(height, width), window) else { return Ok(()) };
        let x: Vec<f32> = values.iter().map(|&v| f32::from(v)).take(2 * height * width).collect();
        let mut windows = Windows::default();
        let seen = convolution.windows(&x, &mut windows).to_vec();
        let y: Vec<f32> = values.iter().rev().cycle().map(|&v| f32::from(v)).take(seen.len()).collect();
        let mut back = vec![0.0; x.len()];
        if convolution.pointwise() {
            back.copy_from_slice(&y);
        } else {
            convolution.scatter(&y, &mut back);
        }
        let inner = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        prop_assert_eq!(inner(&seen, &y), inner(&x, &back));
    }
}
