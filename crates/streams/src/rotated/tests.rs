use super::*;
use crate::data::Digits;
use dentate_core::Targets;

/// One image of 3 × 3.
fn image(values: [u8; 9]) -> Dataset {
    let samples = Samples::Bytes {
        values: values.to_vec(),
        scale: 1.0 / 255.0,
        offset: 0.0,
    };
    Dataset::new(DataId(0), samples, vec![3, 3], Targets::None).unwrap()
}

fn turned(values: [u8; 9], degrees: f64) -> Vec<u8> {
    let row = turn(&image(values), degrees).unwrap().gather(&[0]);
    row.iter().map(|v| (v * 255.0).round() as u8).collect()
}

#[test]
fn quarter_turns_go_counter_clockwise() {
    let upright = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert_eq!(turned(upright, 90.0), [3, 6, 9, 2, 5, 8, 1, 4, 7]);
    assert_eq!(turned(upright, 180.0), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn channels_turn_alike() {
    let planes = [
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [11, 12, 13, 14, 15, 16, 17, 18, 19],
        [0; 9],
    ];
    let samples = Samples::Bytes {
        values: planes.concat(),
        scale: 1.0 / 255.0,
        offset: 0.0,
    };
    let image = Dataset::new(DataId(0), samples, vec![3, 3, 3], Targets::None).unwrap();
    let row = turn(&image, 90.0).unwrap().gather(&[0]);
    let found: Vec<u8> = row.iter().map(|v| (v * 255.0).round() as u8).collect();
    assert_eq!(found, planes.map(|plane| turned(plane, 90.0)).concat());
    assert!(check_shape(&[3, 3, 3]).is_ok() && check_shape(&[2, 3, 3]).is_err());
}

#[test]
fn an_eighth_turn_keeps_the_middle_and_brings_in_paper() {
    let image = turned([200; 9], 45.0);
    assert_eq!(image[4], 200);
    assert!(image[0] < 200, "the corner is partly outside: {image:?}");
}

#[test]
fn tasks_are_evenly_spaced_from_upright() {
    let spec = Rotated {
        data: Box::new(Digits {
            train: 20,
            test: 10,
            generator_seed: 1,
        }),
        tasks: 3,
        max_degrees: 90.0,
        scenario: Scenario::DomainIncremental,
        online: false,
        validation: 0.0,
    };
    let stream = StreamRecipe::build(&spec, &DataEnv::default(), Seed(0)).unwrap();
    assert_eq!(stream.info.task_names, ["0°", "45°", "90°"]);
    let images = |e: usize| stream.experiences[e].test.data.gather(&[0]);
    let (upright, quarter) = (images(0), images(2));
    assert!((0..784).all(|i| (quarter[[0, i]] - upright[[0, (i % 28) * 28 + 27 - i / 28]]).abs() < 0.01));

    let refused = |spec: Rotated| StreamRecipe::validate(&spec).unwrap_err().to_string();
    assert!(
        refused(Rotated {
            tasks: 1,
            ..spec.clone()
        })
        .contains("`tasks` is 1")
    );
    assert!(
        refused(Rotated {
            max_degrees: 181.0,
            ..spec
        })
        .contains("`max_degrees` is 181")
    );
}
