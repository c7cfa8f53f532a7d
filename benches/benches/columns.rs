//! Ten progressive columns of 256-256 with adapters, a permutation of the pixels each: what a task costs against the
//! multiply-adds that it takes. Earlier columns are frozen: each sample goes through them once, and in later epochs their
//! outputs are there already.
//!
//! `cargo bench -p dentate-benches --bench columns`

use criterion::Criterion;
use dentate_backends::Native;
use dentate_benches::{classify, grey, measuring, shown};
use dentate_core::{
    Activation, Backend, DataId, Dataset, Gain, Graph, Head, Init, LayerId, LrScaleOf, Moment, NewLayer,
    Optimizer, Plan, PlanBuilder, Route, Rows, Seed, TaskId,
};
use std::time::{Duration, Instant};

const EPOCHS: usize = 3;
const BATCH: usize = 64;

/// Columns so far: their two hidden layers.
type Columns = Vec<[LayerId; 2]>;

/// A new column beside frozen ones, and its head.
fn column(graph: &Graph, columns: &mut Columns, width: usize) -> (Plan, LayerId) {
    let k = columns.len();
    let mut plan = PlanBuilder::new(graph, "column", Seed(k as u64));
    for c in graph.connections() {
        plan.lr_scale(LrScaleOf::Connection(c.id), 0.0);
    }
    for layer in graph.layers().skip(1) {
        plan.lr_scale(LrScaleOf::Layer(layer.id), 0.0);
    }
    let input = graph.input().map(|l| l.id);
    let input = input.unwrap_or_else(|| plan.layer(NewLayer::input(784)));
    let hidden = |plan: &mut PlanBuilder, name: &str| {
        plan.layer(NewLayer::hidden(
            format!("{name} of {k}"),
            width,
            Activation::Relu,
        ))
    };
    let one = hidden(&mut plan, "one");
    let two = hidden(&mut plan, "two");
    let head = Head {
        task: Some(TaskId(k as u32)),
        classes: (0..10).collect(),
    };
    let head = plan.layer(NewLayer::head(
        format!("head of {k}"),
        10,
        Activation::Identity,
        head,
    ));
    plan.connect(input, one, Init::He);
    plan.connect(one, two, Init::He);
    plan.connect(two, head, Init::FanIn);
    for (level, to, width) in [(0, two, width), (1, head, 10)] {
        if columns.is_empty() {
            break;
        }
        let name = format!("adapter {level} of {k}");
        let adapter = plan.layer(NewLayer::hidden(name, width, Activation::Relu));
        for earlier in columns.iter() {
            plan.connect_with_gain(earlier[level], adapter, Init::He, Gain::Scalar, 0.01);
        }
        plan.connect(adapter, to, Init::He);
    }
    columns.push([one, two]);
    (plan.finish(), head)
}

/// The cost of a task.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    seconds: f64,
    /// Multiply-adds of a pass through the frozen part, once for each sample, and of everything else in each epoch.
    multiply_adds: f64,
    later_epochs: f64,
}

/// All tasks, one after another; `kept`: bytes that frozen outputs may take.
fn tasks(data: &[Dataset], rows: usize, width: usize, kept: usize) -> Vec<Cost> {
    let (mut native, mut graph) = (Native::new(), Graph::empty());
    native.keep_frozen(kept);
    let mut columns = Columns::new();
    let (route, adam) = (Route::default(), Optimizer::adam(1e-4));
    let mut costs = Vec::new();
    for data in data {
        let (plan, head) = column(&graph, &mut columns, width);
        // What was there before is frozen now; a forward pass to it is what a sample costs there.
        let frozen: u64 = graph.multiply_adds_to(&graph.layers().map(|l| l.id).collect());
        let (after, receipt) = graph.apply(&plan, Moment::default()).expect("a column");
        native.apply(&after, &receipt).expect("a receipt of that graph");
        graph = after;
        native.load(data).expect("data can always be loaded");
        let objective = classify(head);
        native.drain();
        let start = Instant::now();
        let mut first = 0.0;
        for epoch in 0..EPOCHS {
            for at in (0..rows).step_by(BATCH) {
                let batch = (at..(at + BATCH).min(rows)).map(|i| i as u32).collect();
                let rows = Rows::of(data.id(), TaskId(0), batch);
                native
                    .step(&rows, &route, &objective, &adam)
                    .expect("a good batch");
            }
            if epoch == 0 {
                first = start.elapsed().as_secs_f64();
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        // The backend counts as if nothing were kept. Earlier heads are not run.
        let all = native.drain().multiply_adds as f64;
        let heads = columns.len().saturating_sub(1) as f64 * (width as f64 * 10.0);
        let spared = (frozen as f64 - heads).max(0.0) * (rows * (EPOCHS - 1)) as f64;
        costs.push(Cost {
            seconds,
            multiply_adds: all - spared,
            later_epochs: (seconds - first) / (EPOCHS - 1) as f64 / first,
        });
    }
    costs
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(1))
        .configure_from_args();
    let (pixels, labels) = grey(784, 5);
    let (count, rows, width) = if measuring() { (10, 2048, 256) } else { (2, 64, 16) };
    let images = shown(&pixels, &labels);
    let permuted = |k: u64| {
        let mut columns: Vec<u32> = (0..784).collect();
        columns.rotate_left((k as usize * 131) % 784);
        images.permuted(DataId(k), &columns).expect("a permutation")
    };
    let data: Vec<_> = (0..count).map(permuted).collect();
    let mut runs = Vec::new();
    c.bench_function("ten progressive columns", |b| {
        b.iter_custom(|iterations| {
            let start = Instant::now();
            for _ in 0..iterations {
                runs.push(tasks(&data, rows, width, 256 << 20));
            }
            start.elapsed()
        });
    });
    c.final_summary();
    if !measuring() || runs.is_empty() {
        return;
    }
    let median = |k: usize, of: &dyn Fn(&Cost) -> f64| {
        let mut all: Vec<f64> = runs.iter().map(|run| of(&run[k])).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let rate = |k: usize| median(k, &|c| c.seconds / c.multiply_adds);
    println!("task     seconds   10⁹ multiply-adds   cost by these, first task 1   later epoch by the first");
    for k in 0..data.len() {
        println!(
            "{k:4} {:11.3} {:19.2} {:28.2} {:25.2}",
            median(k, &|c| c.seconds),
            1e-9 * median(k, &|c| c.multiply_adds),
            rate(k) / rate(0),
            median(k, &|c| c.later_epochs),
        );
    }
    let without = tasks(&data, rows, width, 0);
    let last = data.len() - 1;
    println!(
        "the last task without anything kept: {:.2} times as long",
        without[last].seconds / median(last, &|c| c.seconds)
    );
}
