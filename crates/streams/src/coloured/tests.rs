use super::*;
use crate::contents::digest;

const SIDE: usize = 32;

fn picture(name: &str, side: usize, index: u32) -> Vec<u8> {
    let shapes = Shapes::new(1, name, side, 0.1);
    let mut out = vec![0; shapes.bytes()];
    shapes.draw(index, &mut out);
    out
}

#[test]
fn a_picture_depends_on_seed_set_and_index_alone() {
    assert_eq!(picture("train", SIDE, 7), picture("train", SIDE, 7));
    assert_ne!(picture("train", SIDE, 7), picture("train", SIDE, 17));
    assert_ne!(picture("train", SIDE, 7), picture("test", SIDE, 7));
    let mut other = vec![0; 3 * SIDE * SIDE];
    Shapes::new(2, "train", SIDE, 0.1).draw(7, &mut other);
    assert_ne!(picture("train", SIDE, 7), other);
}

/// The pictures are part of every result on them: if this fails, either a change was unintended, or [`VERSION`] has to be increased
/// together with the digest here.
#[test]
fn the_generator_still_draws_what_its_version_promises() {
    let all: Vec<u8> = (0..100).flat_map(|i| picture("train", SIDE, i)).collect();
    assert_eq!((VERSION, &digest(&all)[..16]), (1, "e9a817f4bd18ba26"));
}

#[test]
fn the_figure_stands_out_at_every_size() {
    for side in [16, 32, 64] {
        for index in 0..200 {
            let scene = {
                let mut chance = Chance::new(Seed(index.into()));
                scene::Scene::new(Shapes::label(index), &mut chance)
            };
            let step = 2.0 / side as f32;
            let along = |n: usize| (n as f32 + 0.5) * step - 1.0;
            let inside = (0..side * side)
                .filter(|at| scene.inside(along(at % side), along(at / side)))
                .count();
            let share = inside as f32 / (side * side) as f32;
            assert!(
                (0.04..0.5).contains(&share),
                "class {} fills {share} of {side}",
                index % 10
            );
        }
    }
}

#[test]
fn values_use_the_whole_range_and_noise_can_be_left_out() {
    let mut counts = [0_u32; 256];
    (0..200).for_each(|i| {
        picture("train", SIDE, i)
            .iter()
            .for_each(|&v| counts[usize::from(v)] += 1)
    });
    let total: u32 = counts.iter().sum();
    assert!(counts.iter().all(|&c| c > 0), "every value occurs");
    assert!(
        counts[1..255].iter().all(|&c| c < total / 50),
        "none is everywhere"
    );
    let quiet = Shapes::new(1, "train", SIDE, 0.0);
    let mut out = vec![0; quiet.bytes()];
    quiet.draw(0, &mut out);
    let mut seen = out[..SIDE * SIDE].to_vec();
    seen.sort_unstable();
    seen.dedup();
    assert!(
        seen.len() < SIDE * SIDE / 4,
        "{} values of red in a picture without noise",
        seen.len()
    );
}

/// Accuracy on 1,000 new pictures of a nearest-mean classifier fitted to 3,000, on the `features` of a picture.
fn nearest_mean(features: impl Fn(Vec<u8>) -> Vec<f32>) -> f32 {
    let load = |name, n| -> Vec<Vec<f32>> { (0..n).map(|i| features(picture(name, SIDE, i))).collect() };
    let (train, test) = (load("train", 3000), load("test", 1000));
    let mut means = vec![vec![0.0; train[0].len()]; 10];
    for (i, row) in train.iter().enumerate() {
        means[i % 10]
            .iter_mut()
            .zip(row)
            .for_each(|(m, v)| *m += v / 300.0);
    }
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    let guess =
        |row: &[f32]| (0..10).min_by(|&a, &b| apart(row, &means[a]).total_cmp(&apart(row, &means[b])));
    let right = test
        .iter()
        .enumerate()
        .filter(|(i, row)| guess(row) == Some(i % 10))
        .count();
    right as f32 / test.len() as f32
}

#[test]
fn neither_pixels_nor_colour_alone_tell_the_class() {
    let pixels = nearest_mean(|picture| picture.into_iter().map(f32::from).collect());
    let colour = nearest_mean(|picture| {
        let planes = picture.chunks(SIDE * SIDE);
        planes
            .map(|plane| plane.iter().map(|&v| f32::from(v)).sum::<f32>() / 1024.0)
            .collect()
    });
    println!("nearest mean of pixels {pixels:.3}, of mean colour {colour:.3}");
    assert!((0.15..0.45).contains(&pixels), "pixels: {pixels}");
    assert!((0.1..0.3).contains(&colour), "colour: {colour}");
}
