//! Times that can be compared though the machine has other work: contenders take turns, and what is reported is the median
//! over turns of the ratio within a turn.

use criterion::Criterion;
use std::time::{Duration, Instant};

/// Something that is timed.
pub struct Contender<'a> {
    name: String,
    run: Run<'a>,
    /// Seconds an iteration, turn by turn.
    turns: Vec<f64>,
}

enum Run<'a> {
    /// One iteration, by its number.
    Here(Box<dyn FnMut(u64) + 'a>),
    /// So many iterations elsewhere; seconds for each.
    Elsewhere(Box<dyn FnMut(u64) -> Option<Vec<f64>> + 'a>),
}

/// Contenders that take turns. The first is the one that the others are compared with.
#[derive(Default)]
pub struct Contest<'a>(Vec<Contender<'a>>);

/// Returns whether times are measured: under `cargo bench`; `cargo test` runs everything once.
#[must_use]
pub fn measuring() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

impl<'a> Contest<'a> {
    /// Let something take part that runs here.
    pub fn here(&mut self, name: &str, run: impl FnMut(u64) + 'a) {
        self.enter(name, Run::Here(Box::new(run)));
    }

    /// Let something take part that runs elsewhere.
    pub fn elsewhere(&mut self, name: &str, run: impl FnMut(u64) -> Option<Vec<f64>> + 'a) {
        self.enter(name, Run::Elsewhere(Box::new(run)));
    }

    fn enter(&mut self, name: &str, run: Run<'a>) {
        self.0.push(Contender {
            name: name.into(),
            run,
            turns: Vec::new(),
        });
    }

    /// Hold it as a benchmark of criterion, which sees the first contender's times.
    pub fn hold(&mut self, c: &mut Criterion, name: &str) {
        c.bench_function(name, |b| {
            b.iter_custom(|iterations| {
                let whole = self.turn(0, iterations);
                for other in 1..self.0.len() {
                    self.turn(other, iterations);
                }
                whole
            });
        });
    }

    /// One turn of one contender: so many iterations, after two that do not count.
    fn turn(&mut self, who: usize, iterations: u64) -> Duration {
        let contender = &mut self.0[who];
        let mut each = Vec::with_capacity(iterations as usize);
        let mut whole = Duration::ZERO;
        match &mut contender.run {
            Run::Here(run) => {
                if measuring() {
                    (0..2).for_each(&mut *run);
                }
                for i in 0..iterations {
                    let start = Instant::now();
                    run(i);
                    let taken = start.elapsed();
                    whole += taken;
                    each.push(taken.as_secs_f64());
                }
            }
            Run::Elsewhere(run) => each = run(iterations).unwrap_or_default(),
        }
        each.sort_by(f64::total_cmp);
        contender.turns.push(median(&each));
        whole
    }

    /// Median seconds an iteration of a contender, and how many times as long it takes as the first.
    fn result(&self, who: usize) -> (f64, f64) {
        let (first, this) = (&self.0[0].turns, &self.0[who].turns);
        let mut ratios: Vec<f64> = this.iter().zip(first).map(|(this, first)| this / first).collect();
        let mut times = this.clone();
        ratios.sort_by(f64::total_cmp);
        times.sort_by(f64::total_cmp);
        (median(&times), median(&ratios))
    }

    /// Print what came out. Nothing when nothing was measured.
    pub fn report(&self, work: &str) {
        if !measuring() || self.0.iter().all(|c| c.turns.len() < 5) {
            return;
        }
        println!("{work}");
        for (who, contender) in self.0.iter().enumerate() {
            let (seconds, ratio) = self.result(who);
            if seconds.is_finite() {
                println!("  {:30} {:10.1} µs  × {ratio:.3}", contender.name, 1e6 * seconds);
            }
        }
    }
}

/// The middle of sorted numbers; not a number where there is none.
fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
