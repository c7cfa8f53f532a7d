use super::*;
use crate::contents::hex;
use sha2::{Digest, Sha256};

fn image(name: &str, index: u32) -> Vec<u8> {
    let mut out = vec![0; PIXELS];
    Digits::new(1, name).draw(index, &mut out);
    out
}

#[test]
fn an_image_depends_on_seed_set_and_index_alone() {
    assert_eq!(image("train", 7), image("train", 7));
    assert_ne!(
        image("train", 7),
        image("train", 17),
        "the same class, another image"
    );
    assert_ne!(image("train", 7), image("test", 7));
    let mut other = vec![0; PIXELS];
    Digits::new(2, "train").draw(7, &mut other);
    assert_ne!(image("train", 7), other);
}

/// The images are part of every result on them: if this fails, either a change was unintended, or [`VERSION`] has to be increased
/// together with the digest here.
#[test]
fn the_generator_still_draws_what_its_version_promises() {
    let mut hash = Sha256::new();
    (0..200).for_each(|i| hash.update(image("train", i)));
    assert_eq!((VERSION, &hex(&hash.finalize())[..16]), (1, "02d86c89ff5bedd2"));
}

#[test]
fn every_image_has_ink_that_stays_on_the_paper() {
    for index in 0..2000 {
        let image = image("train", index);
        let ink: u32 = image.iter().map(|&v| u32::from(v > 90)).sum();
        assert!((15..350).contains(&ink), "image {index} has {ink} inked pixels");
        let edge = |i: &usize| [0, SIDE - 1].contains(&(i / SIDE)) || [0, SIDE - 1].contains(&(i % SIDE));
        let at_edge = (0..PIXELS).filter(edge).filter(|&i| image[i] > 200).count();
        assert!(
            at_edge < 12,
            "image {index} runs off the paper: {at_edge} pixels at its edge"
        );
    }
}

/// A row of weights for each input, so that the zeros of an image cost nothing.
struct Layer {
    weights: Vec<Vec<f32>>,
    bias: Vec<f32>,
}

impl Layer {
    fn new(inputs: usize, outputs: usize, spread: f32, chance: &mut Chance) -> Self {
        let row = |_| (0..outputs).map(|_| chance.around(spread)).collect();
        Self {
            weights: (0..inputs).map(row).collect(),
            bias: vec![0.0; outputs],
        }
    }

    fn forward(&self, input: &[(usize, f32)]) -> Vec<f32> {
        let mut out = self.bias.clone();
        for &(i, x) in input {
            out.iter_mut()
                .zip(&self.weights[i])
                .for_each(|(o, w)| *o += w * x);
        }
        out
    }

    fn descend(&mut self, input: &[(usize, f32)], slope: &[f32], rate: f32) {
        for &(i, x) in input {
            self.weights[i]
                .iter_mut()
                .zip(slope)
                .for_each(|(w, s)| *w -= rate * x * s);
        }
        self.bias.iter_mut().zip(slope).for_each(|(b, s)| *b -= rate * s);
    }
}

fn active(values: impl IntoIterator<Item = f32>) -> Vec<(usize, f32)> {
    values
        .into_iter()
        .enumerate()
        .filter(|(_, v)| *v > 0.05)
        .collect()
}

fn softmax(mut scores: Vec<f32>) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|s| *s = (*s - most).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|s| *s /= sum);
    scores
}

/// Accuracy on 1,500 new images of a network with these hidden layers, after plain stochastic gradient descent on 6,000.
fn accuracy(hidden: Option<usize>, epochs: u32, rate: f32) -> f32 {
    let load = |name, n| -> Vec<_> {
        (0..n)
            .map(|i| active(image(name, i).into_iter().map(|v| f32::from(v) / 255.0)))
            .collect()
    };
    let (train, test) = (load("train", 6000), load("test", 1500));
    let mut chance = Chance::new(Seed(5));
    let mut first = hidden.map(|width| Layer::new(PIXELS, width, 0.06, &mut chance));
    let mut last = Layer::new(
        hidden.unwrap_or(PIXELS),
        10,
        0.1 * hidden.map_or(0.0, |_| 1.0),
        &mut chance,
    );
    let relu = |first: &Layer, x: &Vec<_>| active(first.forward(x));
    for epoch in 0..epochs {
        let rate = rate * (1.0 - 0.9 * epoch as f32 / epochs as f32);
        for step in 0..train.len() {
            // A stride coprime to 6,000 visits every image once, its classes mixed.
            let i = (step * 2357 + 101 * epoch as usize) % train.len();
            let h = first
                .as_ref()
                .map_or_else(|| train[i].clone(), |f| relu(f, &train[i]));
            let mut slope = softmax(last.forward(&h));
            slope[i % 10] -= 1.0;
            if let Some(first) = &mut first {
                let mut back = vec![0.0; first.bias.len()];
                for &(j, _) in &h {
                    back[j] = last.weights[j].iter().zip(&slope).map(|(w, s)| w * s).sum();
                }
                first.descend(&train[i], &back, rate);
            }
            last.descend(&h, &slope, rate);
        }
    }
    let right = |i: &usize| {
        let h = first
            .as_ref()
            .map_or_else(|| test[*i].clone(), |f| relu(f, &test[*i]));
        let scores = last.forward(&h);
        (0..10).max_by(|&a, &b| scores[a].total_cmp(&scores[b])) == Some(i % 10)
    };
    (0..test.len()).filter(right).count() as f32 / test.len() as f32
}

#[test]
fn a_linear_model_stays_well_below_a_small_network() {
    let linear = accuracy(None, 8, 0.01);
    let network = accuracy(Some(100), 6, 0.02);
    println!("linear {linear:.3}, 100 hidden units {network:.3}");
    assert!((0.75..0.89).contains(&linear), "linear: {linear}");
    assert!(network > 0.92, "network: {network}");
    assert!(network - linear > 0.05, "linear {linear}, network {network}");
}
