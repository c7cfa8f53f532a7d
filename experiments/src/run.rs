//! One run, in a process of its own: the stream is built, the learner driven, everything measured written down.

use crate::error::RunnerError;
use crate::job::Job;
use crate::places::{RunFolder, write_whole};
use dentate_backends::Native;
use dentate_core::record::{Status, metric};
use dentate_core::{Backend, LearnError, Learner, Ledger, Progress, Scenario, Scope, Seed, Setting};
use dentate_streams::{ProblemInfo, Stream, StreamError};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

mod judge;
mod log;
mod parent;

use judge::Judged;
use log::RecordLog;

/// Wall times of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Timing {
    /// Seconds in all.
    pub(crate) seconds: f64,
    /// Of these, training.
    pub(crate) training: f64,
    /// Of these, evaluation.
    pub(crate) evaluation: f64,
}

/// Do the run of `folder`. Its status is written whatever happens; the error is returned as well.
pub(crate) fn run(folder: &RunFolder) -> Result<(), RunnerError> {
    parent::end_with_parent();
    let job = Job::read(folder)?;
    let result = Driver::start(&job, folder).and_then(Driver::drive);
    let status = match &result {
        Ok(()) => Status::Finished,
        Err(RunnerError::Run { kind, message }) => Status::Failed {
            kind: (*kind).into(),
            message: message.clone(),
        },
        Err(other) => Status::Failed {
            kind: "error".into(),
            message: other.to_string(),
        },
    };
    let text = serde_json::to_vec_pretty(&status).unwrap_or_default();
    write_whole(&folder.status(), &text)?;
    result
}

fn learning(error: LearnError) -> RunnerError {
    RunnerError::Run {
        kind: error.kind(),
        message: error.to_string(),
    }
}

fn streaming(error: StreamError) -> RunnerError {
    RunnerError::Run {
        kind: "data",
        message: error.to_string(),
    }
}

struct Driver<'a> {
    job: &'a Job,
    folder: &'a RunFolder,
    stream: Stream,
    learner: Box<dyn Learner>,
    ledger: Ledger,
    log: RecordLog,
    timing: Timing,
    started: Instant,
    told: Instant,
}

impl<'a> Driver<'a> {
    fn start(job: &'a Job, folder: &'a RunFolder) -> Result<Self, RunnerError> {
        let started = Instant::now();
        let seed = Seed(job.seed);
        let stream = job
            .stream_spec
            .build(&job.env(), seed.derive("stream"))
            .map_err(streaming)?;
        let backend = || Box::new(Native::new()) as Box<dyn Backend>;
        let setting = Setting {
            backend: &backend,
            seed: seed.derive("learner"),
        };
        let learner = job.learner.build(setting).map_err(learning)?;
        Ok(Self {
            job,
            folder,
            stream,
            learner,
            ledger: Ledger::default(),
            log: RecordLog::create(&folder.unfinished())?,
            timing: Timing::default(),
            started,
            told: started,
        })
    }

    fn drive(mut self) -> Result<(), RunnerError> {
        let count = self.stream.experiences.len();
        let groups: Vec<Vec<usize>> = match self.learner.scope() {
            Scope::Current => (0..count).map(|i| vec![i]).collect(),
            Scope::Everything => vec![(0..count).collect()],
        };
        for (index, group) in groups.iter().enumerate() {
            self.experience(index, group, groups.len())?;
        }
        if let Some(problem) = self.stream.info.problem {
            self.judge_problem(&problem)?;
        }
        self.log.take(&mut self.ledger)?;
        self.log.finish(&self.folder.records())?;
        self.timing.seconds = self.started.elapsed().as_secs_f64();
        let text = serde_json::to_vec_pretty(&self.timing).unwrap_or_default();
        write_whole(&self.folder.timing(), &text)
    }

    fn experience(&mut self, index: usize, group: &[usize], groups: usize) -> Result<(), RunnerError> {
        let info = match group {
            [one] => self.stream.experiences[*one].info.clone(),
            several => self.stream.merged_info(several),
        };
        let seed = Seed(self.job.seed).derive(&format!("source/{index}"));
        let mut source = self.stream.source(group, seed);
        let seen = *group.last().unwrap_or(&0);
        self.ledger.experience = index as u32;
        self.learner.begin(&info).map_err(learning)?;
        let points = self.job.evaluation.points;
        let mut next_point = 1;
        loop {
            let before = Instant::now();
            let progress = self
                .learner
                .advance(&mut source, &mut self.ledger)
                .map_err(learning)?;
            self.timing.training += before.elapsed().as_secs_f64();
            if progress == Progress::Finished {
                break;
            }
            let fraction = self.learner.fraction();
            // Measure along the way at evenly spaced points; the last one is the full measurement below.
            if progress == Progress::Updated
                && next_point < points
                && fraction >= next_point as f64 / points as f64
            {
                next_point = (fraction * points as f64) as usize + 1;
                self.along_the_stream(seen)?;
            }
            self.tell(index, groups, fraction);
            self.log.take(&mut self.ledger)?;
        }
        self.after(seen)?;
        self.ledger
            .note(metric::UPDATES, None, self.ledger.updates as f64);
        self.ledger
            .note(metric::COMPUTE, None, self.ledger.multiply_adds as f64);
        self.log.take(&mut self.ledger)
    }

    /// Mean accuracy over the tasks seen so far, on a sample of each.
    fn along_the_stream(&mut self, seen: usize) -> Result<(), RunnerError> {
        let before = Instant::now();
        let mut all = Vec::new();
        for task in 0..=seen {
            if let Judged::Accuracy(a) = self.judge(task, Some(self.job.evaluation.sample))? {
                all.push(a);
            }
        }
        if !all.is_empty() {
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            self.ledger.note(metric::STREAM_ACCURACY, None, mean);
        }
        self.timing.evaluation += before.elapsed().as_secs_f64();
        Ok(())
    }

    /// Everything about every task, at the end of an experience.
    fn after(&mut self, seen: usize) -> Result<(), RunnerError> {
        let before = Instant::now();
        let mut sum = (0.0, 0);
        for task in 0..self.stream.experiences.len() {
            let id = self.stream.experiences[task].test.task.0;
            match self.judge(task, None)? {
                Judged::Accuracy(a) => {
                    self.log.write_about(&self.ledger, metric::ACCURACY, id, a)?;
                    if task <= seen {
                        sum = (sum.0 + a, sum.1 + 1);
                    }
                }
                Judged::SquaredError(e) => {
                    self.log.write_about(&self.ledger, metric::SQUARED_ERROR, id, e)?;
                }
                Judged::Nothing => {}
            }
        }
        if sum.1 > 0 {
            self.ledger
                .note(metric::STREAM_ACCURACY, None, sum.0 / f64::from(sum.1));
        }
        self.timing.evaluation += before.elapsed().as_secs_f64();
        Ok(())
    }

    fn judge(&mut self, task: usize, sample: Option<usize>) -> Result<Judged, RunnerError> {
        let experience = &self.stream.experiences[task];
        let part = match self.job.evaluation.on {
            crate::suite::Judge::Test => &experience.test,
            crate::suite::Judge::Validation => &experience.validation,
        };
        let given = (self.stream.info.scenario == Scenario::TaskIncremental).then_some(part.task);
        let rows = &part.rows[..sample.unwrap_or(usize::MAX).min(part.rows.len())];
        judge::judge(
            self.learner.as_mut(),
            &part.data,
            rows,
            given,
            self.job.evaluation.batch,
        )
        .map_err(learning)
    }

    /// Whether a function was learned: every output of every row within the tolerance.
    fn judge_problem(&mut self, problem: &ProblemInfo) -> Result<(), RunnerError> {
        let part = &self.stream.experiences[0].train;
        let worst = judge::largest_error(self.learner.as_mut(), &part.data, &part.rows).map_err(learning)?;
        if let Some(worst) = worst {
            let solved = f64::from(u8::from(worst <= problem.tolerance));
            self.ledger.note(metric::SOLVED, None, solved);
        }
        let hidden: usize = self
            .learner
            .architecture()
            .graph()
            .hidden()
            .map(|l| l.width())
            .sum();
        self.ledger.note(metric::HIDDEN_UNITS, None, hidden as f64);
        let sizes = [
            (metric::KNOWN_MINIMUM, problem.known_minimum),
            (metric::CUSTOMARY, problem.customary),
        ];
        for (metric, size) in sizes {
            if let Some(units) = size {
                self.ledger.note(metric, None, units as f64);
            }
        }
        Ok(())
    }

    /// Tell the parent how far the run is, a few times a second.
    fn tell(&mut self, index: usize, groups: usize, fraction: f64) {
        if self.told.elapsed() >= Duration::from_millis(200) {
            self.told = Instant::now();
            println!("{:.4}", (index as f64 + fraction.clamp(0.0, 1.0)) / groups as f64);
        }
    }
}
