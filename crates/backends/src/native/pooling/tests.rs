use super::*;
use dentate_core::{Activation, Graph, Grid, LayerId, Moment, NewLayer, PlanBuilder, Pool, Seed, Window};

fn node(pool: Pool, grid: Grid) -> Node {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(0));
    plan.layer(NewLayer {
        pool,
        ..NewLayer::hidden("maps", 1, Activation::Identity).on(grid)
    });
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    let network = crate::network::Network::new(&graph);
    network.nodes[network.position(LayerId(0)).unwrap()].clone()
}

fn pooled(pool: Pool, values: [f32; 9]) -> (Vec<f32>, Vec<u32>) {
    let node = node(pool, Grid::new(3, 3));
    let full = Block::from_view(ndarray::ArrayView2::from_shape((1, 9), &values).unwrap());
    let (mut out, mut picked) = (Block::default(), Vec::new());
    super::pool(&node, &full, None, &mut out, &mut picked);
    (out.row(0).to_vec(), picked)
}

/// By hand: positions outside the grid do not count, and of equal values the first is taken.
#[test]
fn windows_see_what_lies_inside() {
    let values = [1.0, 5.0, 2.0, 5.0, -3.0, 4.0, 0.0, 7.0, 7.0];
    let around = Window::square(2, 2, 1);
    assert_eq!(
        pooled(Pool::Max(around), values),
        (vec![1.0, 5.0, 5.0, 7.0], vec![0, 1, 3, 7])
    );
    assert_eq!(
        pooled(Pool::Average(around), values),
        (vec![1.0, 3.5, 2.5, 3.75], vec![])
    );
    assert_eq!(pooled(Pool::GlobalMax, values), (vec![7.0], vec![7]));
    assert_eq!(pooled(Pool::GlobalAverage, values).0, [28.0 / 9.0]);
}

/// The NaN of a diverged network passes through pooling.
#[test]
fn not_a_number_is_the_largest() {
    let values = [1.0, f32::NAN, 2.0, 5.0, -3.0, 4.0, 0.0, 7.0, 7.0];
    assert!(pooled(Pool::GlobalMax, values).0[0].is_nan());
    assert!(pooled(Pool::Average(Window::square(2, 1, 0)), values).0[0].is_nan());
}
