//! Training steps and evaluation of the native backend, against the roofline and, where there is PyTorch, against it; with the
//! feature `libtorch` also of that backend, for which PyTorch is the measure.
//!
//! `cargo bench -p dentate-benches --bench steps`, with `--features libtorch` where `LIBTORCH` says where that is.
//! `DENTATE_DATA` names a folder with MNIST, `DENTATE_PYTHON` a Python with PyTorch; see `docs/performance.md`.

use criterion::Criterion;
use dentate_backends::Native;
use dentate_benches::{
    COUNT, Contest, Convnet, LATE, Peer, Roofline, USUAL, batch, classify, convnet, grey, handwritten,
    measuring, perceptron, traffic,
};
use dentate_core::{Backend, Optimizer, Route};
use std::time::Duration;

/// A piece of work.
struct Work<'a> {
    widths: &'a [usize],
    batch: usize,
    optimizer: Optimizer,
    /// The peer's name of the optimizer.
    peers: &'a [&'a str],
    pixels: &'a [u8],
    labels: &'a [u8],
    note: &'a str,
}

fn shape(widths: &[usize]) -> String {
    let words: Vec<String> = widths.iter().map(ToString::to_string).collect();
    words.join("-")
}

fn kind(optimizer: &Optimizer) -> &'static str {
    match optimizer {
        Optimizer::Sgd { .. } => "SGD",
        Optimizer::Adam { .. } => "Adam",
        Optimizer::AdamW { .. } => "AdamW",
    }
}

fn step(c: &mut Criterion, peer: Option<&Peer>, work: &Work<'_>) {
    let hidden = &work.widths[1..work.widths.len() - 1];
    let mut native = Native::new();
    let head = perceptron(&mut native, hidden, work.pixels, work.labels);
    let objective = classify(head);
    let count = COUNT as usize / work.batch;
    let batches: Vec<_> = (0..count).map(|n| batch(n, work.batch)).collect();
    let (route, kind) = (Route::default(), kind(&work.optimizer));
    let name = format!("step {} {} {kind}{}", shape(work.widths), work.batch, work.note);
    let mut roofline = Roofline::of_step(work.widths, work.batch, traffic(&work.optimizer));
    let mut at = 0;
    let mut contest = Contest::default();
    contest.here("this", |_| {
        at = (at + 1) % count;
        native
            .step(&batches[at], &route, &objective, &work.optimizer)
            .expect("a good batch");
    });
    contest.here("roofline", |_| roofline.run());
    #[cfg(feature = "libtorch")]
    {
        let mut libtorch = on_libtorch();
        perceptron(&mut libtorch, hidden, work.pixels, work.labels);
        let (batches, objective, optimizer, mut at) = (&batches, &objective, work.optimizer, 0);
        contest.here("libtorch", move |_| {
            at = (at + 1) % count;
            libtorch
                .step(&batches[at], &Route::default(), objective, &optimizer)
                .expect("a good batch");
        });
    }
    for optimizer in work.peers {
        if let Some(peer) = peer {
            let work = format!("step {} {} {optimizer}", shape(work.widths), work.batch);
            contest.elsewhere(&format!("PyTorch {optimizer}"), move |n| peer.run(&work, n));
        }
    }
    contest.hold(c, &name);
    contest.report(&name);
}

#[cfg(feature = "libtorch")]
fn on_libtorch() -> dentate_backends::LibTorch {
    dentate_backends::LibTorch::new(dentate_backends::Device::Cpu).expect("the processor is always there")
}

/// Ten thousand images, 500 at a time as the runner does it.
fn evaluation(c: &mut Criterion, peer: Option<&Peer>, pixels: &[u8], labels: &[u8], note: &str) {
    let widths = [784, 256, 256, 10];
    let mut native = Native::new();
    let head = perceptron(&mut native, &widths[1..3], pixels, labels);
    let size = 500;
    let count = if measuring() { COUNT as usize / size } else { 1 };
    let batches: Vec<_> = (0..count).map(|n| batch(n, size)).collect();
    let route = Route::default();
    let mut roofline = Roofline::of_forward(&widths, size);
    let name = format!("evaluation of 10,000 on {}{note}", shape(&widths));
    let mut contest = Contest::default();
    contest.here("this", |_| {
        for rows in &batches {
            native.forward(rows, &route, &[head]).expect("a good batch");
        }
    });
    contest.here("roofline", |_| (0..count).for_each(|_| roofline.run()));
    #[cfg(feature = "libtorch")]
    {
        let mut libtorch = on_libtorch();
        perceptron(&mut libtorch, &widths[1..3], pixels, labels);
        let batches = &batches;
        contest.here("libtorch", move |_| {
            for rows in batches {
                libtorch
                    .forward(rows, &Route::default(), &[head])
                    .expect("a good batch");
            }
        });
    }
    if let Some(peer) = peer {
        let work = format!("forward {} {size} none", shape(&widths));
        contest.elsewhere("PyTorch", move |n| peer.run(&work, n));
    }
    contest.hold(c, &name);
    contest.report(&name);
}

/// Pictures through a convolutional network, 64 at a time: a step by Adam, and the way forward alone, most of which is convolution.
fn convolutional(c: &mut Criterion, shape: &Convnet<'_>, peers: &[&str]) {
    let (channels, side) = shape.pictures;
    let (pixels, labels) = grey(channels * side * side, 1);
    let peer = (!peers.is_empty())
        .then(|| Peer::start(&pixels, &labels))
        .flatten();
    let (size, optimizer) = (64, Optimizer::adam(1e-4));
    let count = COUNT as usize / size;
    let batches: Vec<_> = (0..count).map(|n| batch(n, size)).collect();
    for training in [true, false] {
        let mut contest = Contest::default();
        let mut enter = |name: &str, mut backend: Box<dyn Backend>| {
            let head = convnet(&mut *backend, shape, &pixels, &labels);
            let (objective, batches, mut at) = (classify(head), &batches, 0);
            contest.here(name, move |_| {
                at = (at + 1) % count;
                let (rows, route) = (&batches[at], Route::default());
                let done = if training {
                    backend.step(rows, &route, &objective, &optimizer)
                } else {
                    backend.forward(rows, &route, &[head]).map(drop)
                };
                done.expect("a good batch");
            });
        };
        enter("this", Box::new(Native::new()));
        #[cfg(feature = "libtorch")]
        enter("libtorch", Box::new(on_libtorch()));
        let (kind, peers) = if training {
            ("step", peers)
        } else {
            ("forward", &[][..])
        };
        for optimizer in peers {
            if let Some(peer) = &peer {
                let work = format!("{kind} {} {size} {optimizer}", shape.name);
                contest.elsewhere(&format!("PyTorch {optimizer}"), move |n| peer.run(&work, n));
            }
        }
        let name = format!("{kind} {} {size}", shape.name);
        contest.hold(c, &name);
        contest.report(&name);
    }
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let (name, pixels, labels) = handwritten();
    let (dense, dense_labels) = grey(784, 1);
    println!("images: {name}");
    let peer = Peer::start(&pixels, &labels);
    let peer = peer.as_ref();
    let (adam, sgd) = (Optimizer::adam(1e-4), Optimizer::sgd(1e-3));
    let (adams, sgds): (&[&str], &[&str]) = (&["adam", "fused"], &["sgd"]);
    let usual: &[usize] = &[784, 256, 256, 10];
    let online: &[usize] = &[784, 100, 100, 100, 10];
    for (widths, size, optimizer, peers) in [
        (usual, 64, adam, adams),
        (&[784, 64, 64, 10], 16, adam, adams),
        (&[784, 1000, 1000, 10], 256, adam, adams),
        (usual, 64, sgd, sgds),
        (online, 1, sgd, sgds),
        (online, 1, adam, adams),
    ] {
        let work = Work {
            widths,
            batch: size,
            optimizer,
            peers,
            pixels: &pixels,
            labels: &labels,
            note: "",
        };
        step(&mut c, peer, &work);
        if size > 1 && peers == adams {
            let (pixels, labels, note, peers) = (&dense, &dense_labels, " without zeros", &[] as _);
            step(
                &mut c,
                None,
                &Work {
                    pixels,
                    labels,
                    note,
                    peers,
                    ..work
                },
            );
        }
    }
    evaluation(&mut c, peer, &pixels, &labels, "");
    evaluation(&mut c, None, &dense, &dense_labels, " without zeros");
    convolutional(&mut c, &USUAL, adams);
    convolutional(&mut c, &LATE, &[]);
    c.final_summary();
}
