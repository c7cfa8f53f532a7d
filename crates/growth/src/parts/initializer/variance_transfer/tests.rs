use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::Measured;

/// The weights of new units of the first hidden layer beside these blocks.
fn started(blocks: [Array2<f32>; 2], units: usize) -> (NewWeights, NewWeights) {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (part, mut view) = (VarianceTransfer::default(), scene.view(Hook::Update, 1, None));
    let asked = part.initialize(&mut (), &view, layer, units).unwrap();
    assert!(
        matches!(asked, Answer::Ask(q) if matches!(q.requests(), [Request::Parameters(p)] if p.len() == 2))
    );
    let measured = Measured {
        arrays: blocks.to_vec(),
    };
    view.measured = Some(&measured);
    match part.initialize(&mut (), &view, layer, units).unwrap() {
        Answer::Is(Start::Fresh {
            incoming, outgoing, ..
        }) => (incoming, outgoing),
        other => panic!("{other:?}"),
    }
}

/// Blocks of root mean square 0.5 and 3, and many units, so that what is drawn has that size to a few percent; pairs cancel exactly.
#[test]
fn pairs_cancel_and_have_the_size_of_what_is_there() {
    let flip = |(i, j): (usize, usize)| if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
    let blocks = [
        Array2::from_shape_fn((4, 2), flip) * 0.5f32,
        Array2::from_shape_fn((4, 4), flip) * 3.0f32,
    ];
    let (incoming, outgoing) = started(blocks, 2001);
    let (incoming, outgoing) = (
        incoming.given.values().next().unwrap(),
        outgoing.given.values().next().unwrap(),
    );
    for pair in 0..1000 {
        assert_eq!(incoming.row(2 * pair), incoming.row(2 * pair + 1));
        assert_eq!(
            outgoing.column(2 * pair),
            outgoing.column(2 * pair + 1).mapv(|z| -z)
        );
    }
    assert!(outgoing.column(2000).iter().all(|z| *z == 0.0) && incoming.row(2000).iter().all(|v| *v != 0.0));
    assert!((size(incoming) - 0.5).abs() < 0.03, "{}", size(incoming));
    assert!((size(outgoing) - 3.0).abs() < 0.1, "{}", size(outgoing));
}

/// Units whose incoming weights could not be paired have no outgoing ones.
#[test]
fn where_there_is_no_size_to_take_the_function_is_kept_too() {
    let (incoming, outgoing) = started([Array2::zeros((4, 2)), Array2::ones((4, 4))], 2);
    assert_eq!(incoming, dentate_core::Init::He.into());
    assert_eq!(outgoing, Init::Zero.into());
}
