//! False alarms and delays of the drift detectors on losses whose change is known, beside a dummy that fires on a schedule.
//!
//! `cargo run --release -p dentate-growth --example drift_alarms`

use dentate_core::{
    Access, Activation, ExperienceInfo, Graph, Init, Moment, Random, Scenario, Seed, TargetKind, mlp,
};
use dentate_growth::parts::{Answer, Decision, Detector, Drift, Every, TriggerRun, TriggerSpec};
use dentate_growth::{Hook, StrategyError, View};
use rand::Rng;
use rand_distr::{Exp1, LogNormal, StandardNormal, StudentT};

/// Looks on the stationary loss, for each repetition.
const STATIONARY: usize = 10_000;
const REPETITIONS: u64 = 20;
/// Looks before and after a change.
const AROUND: usize = 1000;

/// A stationary loss: the next value from the last.
type Next = Box<dyn Fn(&mut Random, f64) -> f64>;

/// A loss by name, with its standard deviation.
type Named = (&'static str, Next, f64);

fn losses() -> Result<Vec<Named>, Box<dyn std::error::Error>> {
    let (skewed, heavy) = (LogNormal::new(0.0, 1.0)?, StudentT::new(3.0)?);
    let correlated = |phi: f64| -> Next {
        Box::new(move |rng, last| {
            5.0 + phi * (last - 5.0) + (1.0 - phi * phi).sqrt() * rng.sample::<f64, _>(StandardNormal)
        })
    };
    Ok(vec![
        ("normal", correlated(0.0), 1.0),
        ("exponential", Box::new(|rng, _| rng.sample::<f64, _>(Exp1)), 1.0),
        ("log-normal", Box::new(move |rng, _| rng.sample(skewed)), 2.16),
        (
            "|Student's t|, 3",
            Box::new(move |rng, _| rng.sample(heavy)),
            1.73,
        ),
        ("correlated, 0.5", correlated(0.5), 1.0),
        ("correlated, 0.8", correlated(0.8), 1.0),
    ])
}

/// A network and an experience to show to a trigger; the detectors look at the loss alone.
struct Scene(Graph, ExperienceInfo);

impl Scene {
    fn fires(&self, run: &mut dyn TriggerRun, step: usize, loss: f64) -> Result<bool, StrategyError> {
        let view = View {
            hook: Hook::Update,
            graph: &self.0,
            experience: &self.1,
            moment: Moment {
                experience: 0,
                step: step as u64,
            },
            loss: Some(loss),
            measured: None,
            readings: None,
            init: Init::He,
            seed: Seed(step as u64),
            notes: None,
        };
        Ok(matches!(run.fires(&view)?, Answer::Is(Decision::Grow { .. })))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plan = mlp(2, &[4], Activation::Relu, Init::He, Seed(1));
    let scene = Scene(
        Graph::empty().apply(&plan, Moment::default())?.0,
        ExperienceInfo {
            index: 0,
            scenario: Scenario::DomainIncremental,
            tasks: Vec::new(),
            target: TargetKind::Classes,
            features: 2,
            access: Access::Once,
        },
    );
    let adwin = Drift {
        detector: Detector::Adwin,
        ..Drift::default()
    };
    let triggers: [(&str, Box<dyn TriggerSpec>); 3] = [
        ("Page-Hinkley", Box::new(Drift::default())),
        ("ADWIN", Box::new(adwin)),
        ("every 500 checks", Box::new(Every { checks: 500 })),
    ];
    println!(
        "loss                    detector           alarms in 10,000   delay of a rise by 1 s.d.   by 3 s.d."
    );
    for (name, next, deviation) in losses()? {
        for (trigger, spec) in &triggers {
            let mut alarms = 0;
            let mut delays = [Vec::new(), Vec::new()];
            for seed in 0..REPETITIONS {
                let (mut rng, mut run, mut loss) = (Seed(seed).random(), spec.start(), 5.0);
                for step in 0..STATIONARY {
                    loss = next(&mut rng, loss);
                    alarms += usize::from(scene.fires(run.as_mut(), step, loss)?);
                }
                for (delays, jump) in delays.iter_mut().zip([1.0, 3.0]) {
                    let (mut run, mut loss) = (spec.start(), 5.0);
                    // A dummy's delay depends on where in its round the change falls.
                    let change = AROUND + rng.random_range(0..500);
                    let mut delay = None;
                    for step in 0..change + AROUND {
                        loss = next(&mut rng, loss);
                        let rise = if step < change { 0.0 } else { jump * deviation };
                        if scene.fires(run.as_mut(), step, loss + rise)? && step >= change {
                            delay = delay.or(Some(step - change));
                        }
                    }
                    delays.push(delay.unwrap_or(usize::MAX));
                }
            }
            let median = |delays: &mut Vec<usize>| {
                delays.sort_unstable();
                match delays[delays.len() / 2] {
                    usize::MAX => "not found".to_owned(),
                    looks => looks.to_string(),
                }
            };
            let rate = alarms as f64 / REPETITIONS as f64 * 10_000.0 / STATIONARY as f64;
            let [one, three] = &mut delays;
            println!(
                "{name:<24}{trigger:<19}{rate:<19.2}{:<28}{}",
                median(one),
                median(three)
            );
        }
    }
    Ok(())
}
