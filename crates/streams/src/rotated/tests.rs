use super::*;
use crate::data::Digits;
use dentate_core::{Samples, Targets};

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
    let row = turn(&image(values), degrees, &Black::of(&image(values)))
        .unwrap()
        .gather(&[0])
        .unwrap();
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
    let row = turn(&image, 90.0, &Black::of(&image))
        .unwrap()
        .gather(&[0])
        .unwrap();
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
    let images = |e: usize| stream.experiences[e].test.data.gather(&[0]).unwrap();
    let (upright, quarter) = (images(0), images(2));
    assert!((0..784).all(|i| (quarter[[0, i]] - upright[[0, (i % 28) * 28 + 27 - i / 28]]).abs() < 0.01));

    let hardly = Rotated {
        max_degrees: 0.0003,
        ..spec.clone()
    };
    assert_eq!(hardly.names(), ["0.0000°", "0.0001°", "0.0003°"]);

    let refused = |spec: Rotated| AnyStream::validate(&spec).unwrap_err().to_string();
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

/// Pictures as floats: `scaled` of the bytes of some pictures in two channels.
fn floats(bytes: &[u8], scaled: impl Fn(usize, f32) -> f32) -> Dataset {
    let values = bytes.iter().enumerate();
    let values = values.map(|(at, &byte)| scaled(at / 9 % 2, f32::from(byte)));
    let samples = Samples::Floats(values.collect());
    Dataset::new(DataId(0), samples, vec![2, 3, 3], Targets::None).unwrap()
}

/// Scaled, standardised and signed pictures are rotated as their bytes are: nothing is clipped or scaled, and the fill at the
/// borders is the corresponding black.
#[test]
fn pictures_turn_alike_whatever_their_units() {
    let mut bytes: Vec<u8> = (0..54).map(|i| (i * 37 % 251) as u8).collect();
    // Both channels are black somewhere, as pictures are.
    (bytes[4], bytes[12]) = (0, 0);
    let units: [fn(usize, f32) -> f32; 4] = [
        |_, v| v,
        |_, v| v / 255.0,
        |_, v| v / 127.5 - 1.0,
        |channel, v| (v - [90.0, 130.0][channel]) / [40.0, 60.0][channel],
    ];
    for degrees in [0.0, 0.0001, 17.0, 90.0, 133.0] {
        let plain = floats(&bytes, |_, v| v);
        let plain = turn(&plain, degrees, &Black::of(&plain)).unwrap();
        let plain = plain.gather(&all_rows(&plain)).unwrap();
        for unit in units {
            let data = floats(&bytes, unit);
            let turned = turn(&data, degrees, &Black::of(&data)).unwrap();
            assert!(matches!(**turned.storage(), Samples::Floats(_)));
            for ((at, found), v) in turned.gather(&[0, 1, 2]).unwrap().iter().enumerate().zip(&plain) {
                let expected = unit(at / 9 % 2, *v);
                assert!(
                    (found - expected).abs() < 1e-3 * expected.abs().max(1.0),
                    "{found} is not {expected}"
                );
            }
        }
    }
}

/// A rotation by 0 changes no bit, and no rotation leaves the range.
#[test]
fn turning_keeps_bits_and_ranges() {
    let values = [-0.0, 0.1, -3.5e7, f32::MIN_POSITIVE, 255.0, -1.0, 7.0, 0.0, 1e-30];
    let samples = Samples::Floats(values.to_vec());
    let data = Dataset::new(DataId(0), samples, vec![3, 3], Targets::None).unwrap();
    let black = Black::of(&data);
    let bits = |data: &Dataset| {
        data.gather(&[0])
            .unwrap()
            .iter()
            .map(|v| v.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&turn(&data, 0.0, &black).unwrap()), bits(&data));
    for degrees in 1..180 {
        let turned = turn(&data, f64::from(degrees), &black).unwrap();
        assert!(
            turned
                .gather(&[0])
                .unwrap()
                .iter()
                .all(|v| (-3.5e7..=255.0).contains(v))
        );
    }
    let bytes: [u8; 9] = [0, 255, 3, 128, 77, 1, 254, 9, 200];
    assert_eq!(turned(bytes, 0.0), bytes);
}

/// Bytes remain bytes with the same scale.
#[test]
fn bytes_keep_their_scale() {
    let samples = |values: Vec<u8>| Samples::Bytes {
        values,
        scale: 0.5,
        offset: -3.0,
    };
    let image = |values| Dataset::new(DataId(0), samples(values), vec![2, 2], Targets::None).unwrap();
    let data = image(vec![1, 2, 3, 4]);
    let turned = turn(&data, 90.0, &Black::of(&data)).unwrap();
    assert_eq!(**turned.storage(), samples(vec![2, 4, 1, 3]));
    // A view with reordered columns is rotated as it is read.
    let view = data.permuted(DataId(0), &[3, 2, 1, 0]).unwrap();
    let turned = turn(&view, 90.0, &Black::of(&view)).unwrap();
    assert_eq!(**turned.storage(), samples(vec![3, 1, 4, 2]));
}
