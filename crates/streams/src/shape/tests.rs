use super::{Shape, ShapeName};
use crate::data::DataEnv;
use crate::spec::StreamRecipe;
use dentate_core::Seed;

fn shape(shape: ShapeName) -> Shape {
    Shape {
        shape,
        train: 400,
        test: 100,
        noise: 0.02,
    }
}

#[test]
fn every_shape_lies_around_the_origin_and_follows_from_the_seed() {
    for name in ShapeName::ALL {
        let build = |seed| shape(name).build(&DataEnv::default(), Seed(seed)).unwrap();
        let (one, again, other) = (build(1), build(1), build(2));
        let points = |stream: &crate::Stream| {
            stream.experiences[0]
                .train
                .data
                .gather(&(0..400).collect::<Vec<_>>())
                .unwrap()
        };
        assert_eq!(points(&one), points(&again));
        assert_ne!(points(&one), points(&other));
        assert!(points(&one).iter().all(|x| x.abs() < 1.8), "{}", name.name());
        let mean = points(&one).mean_axis(ndarray::Axis(0)).unwrap();
        assert!(mean.iter().all(|m| m.abs() < 0.35), "{}: {mean}", name.name());
        assert_eq!(one.info.features, points(&one).ncols());
        assert_eq!(one.experiences[0].test.len(), 100);
    }
}

#[test]
fn rings_are_round_and_clusters_differ_in_density() {
    let rings = shape(ShapeName::Rings).draw(Seed(3), 500);
    for point in rings.chunks(2) {
        let radius = point[0].hypot(point[1]);
        assert!(
            (radius - 0.5).abs() < 0.15 || (radius - 1.0).abs() < 0.15,
            "{radius}"
        );
    }
    let clusters = shape(ShapeName::Clusters).draw(Seed(3), 4000);
    let near = |x: f32, y: f32| {
        let close = |p: &&[f32]| (p[0] - x).hypot(p[1] - y) < 0.1;
        clusters.chunks(2).filter(close).count()
    };
    assert!(near(-0.8, -0.8) > 5 * near(0.7, 0.7));
}
