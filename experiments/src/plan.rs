//! The runs of a suite, split into finished and pending ones.

use crate::error::RunnerError;
use crate::job::{Job, Trial};
use crate::kept;
use crate::outcome;
use crate::paths::SuiteFolder;
use crate::pool::Task;
use crate::recipe::{Chosen, Recipe, SweepCandidate, Twin};
use crate::status::{self, RunStatus};
use crate::suite::{NamedMethod, NamedStream, Suite};
use crate::wanted::Wanted;
use dentate_core::record::Status;
use dentate_streams::{DataEnv, StreamError};
use std::collections::{BTreeMap, BTreeSet};

/// Fingerprints of data, by the name of the stream.
pub(crate) type Fingerprints = BTreeMap<String, String>;

/// The runs of a suite by status.
pub(crate) struct Plan {
    pub(crate) folder: SuiteFolder,
    /// The fingerprint of each stream's data at the time of planning.
    pub(crate) data: Fingerprints,
    /// To be made, each behind those that it comes after.
    pub(crate) todo: Vec<Task>,
    /// Runs finished with exactly this configuration, data, seed and code.
    pub(crate) there: Vec<Task>,
    /// Damaged runs, with a description of the damage. Those of the current suite are pending as well.
    pub(crate) damaged: Vec<(String, String)>,
    /// Number of pending runs that have finished but kept fewer networks than the suite now asks for.
    pub(crate) kept_less: usize,
}

/// A run, and how it stands.
struct PlannedRun {
    task: Task,
    /// Nothing is to be made of it, unless one that it comes after is made again.
    done: bool,
    /// It has kept fewer networks than is asked for.
    kept_less: bool,
}

impl Plan {
    /// Determine the runs and their status on disk.
    pub(crate) fn new(suite: &Suite, wanted: &Wanted, env: &DataEnv) -> Result<Self, RunnerError> {
        let folder = SuiteFolder(wanted.results().join(&suite.name));
        let mut damaged = Vec::new();
        let mut data = Fingerprints::new();
        for stream in &suite.streams {
            let print = stream.spec.fingerprint(env).map_err(refused(stream))?;
            data.insert(stream.name.clone(), print);
        }
        let mut all = Vec::new();
        for job in jobs(suite, wanted, env, &data)? {
            let task = Task {
                folder: folder.run(&job.id),
                job,
            };
            let mut kept = true;
            let finished = match look(&task) {
                RunStatus::Ended(end) if end.status == Status::Finished => {
                    kept = kept::enough(&task.job, &task.folder, &end);
                    true
                }
                // A setting with which nothing can be learned has been tried.
                RunStatus::Ended(end) => task.job.trial.is_some() && outcome::answers(&end.status),
                RunStatus::Damaged(reason) => {
                    damaged.push((task.job.label(), reason));
                    false
                }
                RunStatus::Open => false,
            };
            all.push(PlannedRun {
                task,
                done: finished && kept,
                kept_less: finished && !kept,
            });
        }
        let wanted = closure(&all, |task| wanted.asked(&task.job.method), wanted.options.fresh);
        let (mut todo, mut there, mut kept_less) = (Vec::new(), Vec::new(), 0);
        for (standing, wanted) in all.into_iter().zip(wanted) {
            if wanted {
                kept_less += usize::from(standing.kept_less);
                todo.push(standing.task);
            } else if standing.done || standing.kept_less {
                // With --only, other methods stay in the comparison as far as they are there already.
                there.push(standing.task);
            }
        }
        Ok(Self {
            folder,
            data,
            todo,
            there,
            damaged,
            kept_less,
        })
    }

    /// Decode or draw the data once, so that runs only read the cache.
    pub(crate) fn prepare(&self, suite: &Suite, env: &DataEnv) -> Result<(), RunnerError> {
        let needed = |name: &str| self.todo.iter().any(|t| t.job.stream == name);
        for stream in suite.streams.iter().filter(|s| needed(&s.name)) {
            stream.spec.prepare(env).map_err(refused(stream))?;
        }
        Ok(())
    }

    /// The words for a run whose settings wait for others, if these are still to be made.
    pub(crate) fn waits(&self, task: &Task) -> Option<String> {
        let parents = task.job.recipe.parents();
        let open = |id: &&str| self.todo.iter().any(|other| other.job.id == **id);
        parents.iter().any(open).then(|| task.job.recipe.waits())?
    }
}

/// Marks the runs that are to be made: those that are asked for and not done, and those that these come after. One that comes after a run to
/// be made is looked at again.
fn closure(all: &[PlannedRun], asked: impl Fn(&Task) -> bool, fresh: bool) -> Vec<bool> {
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for PlannedRun { task, done, .. } in all {
        let parents = task.job.recipe.parents();
        let again = asked(task) && (fresh || parents.iter().any(|id| open.contains(id)));
        if !done || again {
            open.insert(&task.job.id);
        }
    }
    let mut pulled: BTreeSet<&str> = BTreeSet::new();
    let mut wanted = vec![false; all.len()];
    for (place, PlannedRun { task, .. }) in all.iter().enumerate().rev() {
        let id = task.job.id.as_str();
        if open.contains(id) && (asked(task) || pulled.contains(id)) {
            wanted[place] = true;
            pulled.extend(task.job.recipe.parents());
        }
    }
    wanted
}

/// The status of a run: what a job made that is not this one is not this one's result, nor is what follows from records that are others now.
pub(crate) fn look(task: &Task) -> RunStatus {
    match status::look(&task.folder) {
        RunStatus::Ended(end) if end.status == Status::Finished => {
            if !task.job.lies_in(&task.folder) {
                let reason = "the job beside its records was edited since, or is not there";
                return RunStatus::Damaged(reason.into());
            }
            match outcome::overtaken(&task.folder, &end) {
                Some(reason) => RunStatus::Damaged(reason),
                None => RunStatus::Ended(end),
            }
        }
        other => other,
    }
}

/// All runs of the suite in order and behind those that it comes after, on data with these fingerprints.
pub(crate) fn jobs(
    suite: &Suite,
    wanted: &Wanted,
    env: &DataEnv,
    data: &Fingerprints,
) -> Result<Vec<Job>, RunnerError> {
    let mut jobs: Vec<Job> = Vec::new();
    for (method, stream) in suite.pairs() {
        let make = |trial| Job::new(suite, method, stream, trial, &data[&stream.name], env);
        let candidates = match &method.sweep {
            Some(settings) => {
                let trials = trials(suite, method, stream, settings.len())?;
                jobs.extend(trials.into_iter().map(make).collect::<Result<Vec<_>, _>>()?);
                let tried = jobs.len() - settings.len() * suite.sweep.seeds().count();
                Some(tried..jobs.len())
            }
            None => None,
        };
        for seed in 1..=wanted.seeds.unwrap_or(suite.seeds) {
            let recipe = match (&candidates, &method.twin) {
                (Some(tried), _) => chosen(suite, method, stream, &jobs[tried.clone()])?,
                (None, Some(twin)) => {
                    let grown = |job: &&Job| {
                        let same = job.method == twin.method && job.stream == stream.name && job.seed == seed;
                        same && job.trial.is_none()
                    };
                    let Some(grown) = jobs.iter().find(grown) else {
                        continue; // a suite's twins stand behind their methods
                    };
                    Recipe::Twin(Twin {
                        of: grown.id.clone(),
                        budget: twin.budget,
                    })
                }
                (None, None) => Recipe::Settings(suite.learner(method, stream)?),
            };
            jobs.push(make(Trial {
                seed,
                recipe,
                setting: None,
            })?);
        }
    }
    Ok(jobs)
}

/// The runs that try the settings of a method on a stream, setting by setting.
fn trials(
    suite: &Suite,
    method: &NamedMethod,
    stream: &NamedStream,
    of: usize,
) -> Result<Vec<Trial>, RunnerError> {
    let mut trials = Vec::new();
    for (number, setting) in (1..).zip(method.sweep.iter().flatten()) {
        for seed in suite.sweep.seeds() {
            trials.push(Trial {
                seed,
                recipe: Recipe::Settings(suite.learner_with(method, stream, setting)?),
                setting: Some(format!("setting {number} of {of}")),
            });
        }
    }
    Ok(trials)
}

/// The choice among settings that were tried by these runs.
fn chosen(
    suite: &Suite,
    method: &NamedMethod,
    stream: &NamedStream,
    tried: &[Job],
) -> Result<Recipe, RunnerError> {
    let each = suite.sweep.seeds().count();
    let settings = method.sweep.iter().flatten().zip(tried.chunks(each));
    let among = settings.map(|(setting, runs)| {
        Ok(SweepCandidate {
            learner: suite.learner_with(method, stream, setting)?,
            runs: runs.iter().map(|job| job.id.clone()).collect(),
        })
    });
    Ok(Recipe::Chosen(Chosen {
        by: suite.sweep.by,
        among: among.collect::<Result<_, RunnerError>>()?,
    }))
}

/// The error for a stream's data: a mistake in the suite if one of its keys caused it.
pub(crate) fn refused(stream: &NamedStream) -> impl Fn(StreamError) -> RunnerError {
    |error| match stream.mistake(&error) {
        Some(mistake) => mistake.into(),
        None => error.into(),
    }
}
