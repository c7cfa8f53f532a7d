use super::{Motion, Moving};
use crate::data::DataEnv;
use crate::spec::StreamRecipe;
use dentate_core::Seed;

fn centres(motion: Motion, phases: u32, step: f32) -> Vec<[f32; 2]> {
    let moving = Moving {
        motion,
        phases,
        step,
        train: 2000,
        test: 10,
    };
    let stream = moving.build(&DataEnv::default(), Seed(1)).unwrap();
    let centre = |e: &crate::Experience| {
        let mean = e
            .train
            .data
            .gather(&e.train.rows.to_vec())
            .unwrap()
            .mean_axis(ndarray::Axis(0))
            .unwrap();
        [mean[0], mean[1]]
    };
    stream.experiences.iter().map(centre).collect()
}

fn apart(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[test]
fn every_step_is_as_long_as_asked() {
    for (motion, phases) in [(Motion::Jump, 2), (Motion::Jump, 5), (Motion::Drift, 4)] {
        let centres = centres(motion, phases, 3.0);
        assert_eq!(centres.len(), phases as usize);
        for pair in centres.windows(2) {
            assert!(
                (apart(pair[0], pair[1]) - 3.0).abs() < 0.1,
                "{motion:?}: {centres:?}"
            );
        }
    }
    let line = centres(Motion::Drift, 4, 3.0);
    assert!((apart(line[0], line[3]) - 9.0).abs() < 0.1, "a drift never turns");
}
