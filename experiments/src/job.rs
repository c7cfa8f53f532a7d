//! A run's full specification: a method on a stream with a seed, all settings resolved, and its id.

use crate::backend_choice::BackendChoice;
use crate::error::RunnerError;
use crate::paths::{RunFolder, json, write_whole};
use crate::recipe::Recipe;
use crate::start;
use crate::suite::{
    self, Checkpoints, Evaluation, Keep, Limits, NamedMethod, NamedStream, Settings, Suite, SuiteError,
};
use dentate_core::record::{FORMAT, printable, sentence};
use dentate_core::registry::{self, Kind};
use dentate_core::{LearnerSpec, Seed};
use dentate_streams::{DataEnv, Stream, StreamError, StreamSpec};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The specification of a run.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    /// The hash of everything below that affects its results. It excludes names, paths, limits of time and memory, the
    /// checkpoint schedule, and the networks to keep.
    pub(crate) id: String,
    pub(crate) suite: String,
    pub(crate) method: String,
    pub(crate) stream: String,
    pub(crate) seed: u64,
    /// The setting of a sweep that it tries, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trial: Option<String>,
    pub(crate) backend_choice: BackendChoice,
    /// The fingerprint of the stream's data; loaded data must match it.
    pub(crate) data: String,
    /// The digest of the network that the learner starts from, if any; the loaded network must match it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    pub(crate) recipe: Recipe,
    pub(crate) stream_spec: Box<dyn StreamSpec>,
    /// Share of the training rows that it is evaluated on instead of test rows, where the stream has no validation rows: settings are chosen by
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) held_out: Option<f64>,
    pub(crate) evaluation: Evaluation,
    pub(crate) limits: Limits,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) keep: Keep,
    pub(crate) data_root: Option<PathBuf>,
    pub(crate) cache: Option<PathBuf>,
}

/// The packages that every run executes, whatever its method.
const ENGINE: [&str; 6] = [
    "dentate",
    "dentate-core",
    "dentate-backends",
    "dentate-streams",
    "dentate-session",
    "dentate-experiments",
];

/// A run of a method on a stream, beside these two.
pub(crate) struct Trial {
    pub(crate) seed: u64,
    pub(crate) recipe: Recipe,
    /// The setting of a sweep that it tries, in words.
    pub(crate) setting: Option<String>,
}

impl Job {
    /// The run of `method` on `stream`. `data` is the fingerprint of the stream's data.
    pub(crate) fn new(
        suite: &Suite,
        method: &NamedMethod,
        stream: &NamedStream,
        trial: Trial,
        data: &str,
        env: &DataEnv,
    ) -> Result<Self, RunnerError> {
        let Trial {
            seed,
            recipe,
            setting,
        } = trial;
        let root = env.root.as_deref();
        // All settings of a sweep start alike: what is started from is no matter of a sweep.
        let starts = recipe
            .learners()
            .first()
            .and_then(|learner| learner.starts_from());
        let start = starts.map(|path| start::read(root, path)).transpose()?;
        let mut job = Self {
            id: String::new(),
            suite: suite.name.clone(),
            method: method.name.clone(),
            stream: stream.name.clone(),
            seed,
            held_out: setting.as_ref().map(|_| suite.sweep.validation),
            trial: setting,
            backend_choice: method.backend_choice,
            data: data.into(),
            start: start.map(|bytes| bytes.digest()),
            recipe,
            stream_spec: stream.spec.clone(),
            evaluation: suite.evaluation.clone(),
            limits: suite.limits.clone(),
            checkpoints: suite.checkpoints.clone(),
            keep: suite.keep,
            data_root: env.root.clone(),
            cache: env.cache.clone(),
        };
        job.id = job.identity()?;
        Ok(job)
    }

    /// Computes the id from the settings, the data and this program's code.
    fn identity(&self) -> Result<String, RunnerError> {
        let mut hash = Sha256::new();
        let mut part = |name: &str, text: &str| {
            hash.update(format!("{name} {}\n", text.len()));
            hash.update(text);
        };
        part("format", &FORMAT.to_string());
        match &self.recipe {
            Recipe::Settings(learner) => part("learner", &canonical(learner)?),
            Recipe::Twin(twin) => part("twin", &canonical(twin)?),
            Recipe::Chosen(chosen) => part("chosen", &canonical(chosen)?),
        }
        if let Some(share) = self.held_out {
            part("held out", &canonical(&share)?);
        }
        part("stream", &canonical(&self.stream_spec)?);
        part("evaluation", &canonical(&self.evaluation)?);
        // A run that has to stay below a size or an amount of work is another one; a slow machine makes no other run.
        part(
            "limits",
            &canonical(&(self.limits.parameters, self.limits.multiply_adds))?,
        );
        part("data", &self.data);
        if let Some(digest) = &self.start {
            part("start", digest);
        }
        if let Some(settings) = self.backend_choice.settings() {
            part("backend", &settings);
        }
        part("seed", &self.seed.to_string());
        part(
            "sources",
            &sources(&self.recipe.learners(), self.stream_spec.as_ref())?,
        );
        let digest = hash.finalize();
        Ok(digest.iter().take(8).map(|b| format!("{b:02x}")).collect())
    }

    /// Build its stream: without test rows, if it tries settings.
    pub(crate) fn build(&self, env: &DataEnv) -> Result<Stream, StreamError> {
        let seed = Seed(self.seed).derive("stream");
        let stream = self.stream_spec.build(env, seed)?;
        match self.held_out {
            Some(share) => stream.for_choosing(share, seed),
            None => Ok(stream),
        }
    }

    pub(crate) fn env(&self) -> DataEnv {
        DataEnv {
            root: self.data_root.clone(),
            cache: self.cache.clone(),
            expected: (!self.stream_spec.data().is_empty()).then(|| self.data.clone()),
        }
    }

    /// Write it into a run's folder.
    pub(crate) fn write(&self, folder: &RunFolder) -> Result<(), RunnerError> {
        let path = folder.job();
        // Of all it holds, only a path can be something that JSON has no letters for.
        write_whole(&path, &json(&path, self)?)
    }

    /// Read the job of a run's folder, whose name is the run's id.
    pub(crate) fn read(folder: &RunFolder) -> Result<Self, RunnerError> {
        let path = folder.job();
        let bytes = std::fs::read(&path).map_err(RunnerError::io("read", &path))?;
        let job = Self::from_bytes(&bytes, &path)?;
        let place = std::fs::canonicalize(&folder.0).map_err(RunnerError::io("find", &folder.0))?;
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        if name == job.id {
            return Ok(job);
        }
        let message = format!("it is of run {}, and its folder is called `{name}`", job.id);
        Err(RunnerError::Job { path, message })
    }

    /// Read the bytes of a job file `path`. Its settings are checked like a suite's, and its id is recomputed: an edited
    /// job is refused.
    pub(crate) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, RunnerError> {
        let job = Self::parse(bytes, path)?;
        let wrong = |message| RunnerError::Job {
            path: path.into(),
            message,
        };
        job.recipe.check().map_err(wrong)?;
        suite::check(path, &job.settings()).map_err(|error| wrong(error.words()))?;
        match job.identity()? {
            same if same == job.id => Ok(job),
            other => Err(wrong(format!(
                "it says that it is run {}, but its settings and data make it run {other} for this program: it was edited, or \
                 written by a program of other code",
                // Whatever stands there is shown as one short word.
                job.id.escape_debug().take(40).collect::<String>()
            ))),
        }
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, RunnerError> {
        serde_json::from_slice(bytes).map_err(|e| RunnerError::Damaged {
            path: path.into(),
            message: sentence(&e.to_string()),
        })
    }

    fn settings(&self) -> Settings<'_> {
        Settings {
            evaluation: &self.evaluation,
            limits: &self.limits,
            checkpoints: &self.checkpoints,
            learner: self.recipe.learners(),
            stream: self.stream_spec.as_ref(),
        }
    }

    /// Returns whether `folder` holds this job, as far as results depend on it. Otherwise the other files there may belong
    /// to another run.
    pub(crate) fn lies_in(&self, folder: &RunFolder) -> bool {
        let bytes = std::fs::read(folder.job()).unwrap_or_default();
        // Settings with this id were checked when the suite was read.
        Self::parse(&bytes, &folder.job())
            .is_ok_and(|job| job.id == self.id && job.identity().is_ok_and(|id| id == self.id))
    }

    /// The stream and the method, which runs that take about as long have in common.
    pub(crate) fn kind(&self) -> String {
        format!("{} · {}", self.stream, self.method)
    }

    /// A short description for a terminal: stream, method, seed.
    pub(crate) fn label(&self) -> String {
        let setting = self.trial.as_ref().map(|trial| format!(" · {trial}"));
        printable(&format!(
            "{} · {}{} · seed {}",
            self.stream,
            self.method,
            setting.unwrap_or_default(),
            self.seed
        ))
    }
}

/// The job file of a suite's last run, for tests.
pub(crate) fn example(suite: &Suite) -> Option<Vec<u8>> {
    let (method, stream) = suite.pairs().last()?;
    let trial = Trial {
        seed: 1,
        recipe: Recipe::Settings(suite.learner(method, stream).ok()?),
        setting: None,
    };
    let job = Job::new(suite, method, stream, trial, "data", &DataEnv::default()).ok()?;
    serde_json::to_vec(&job).ok()
}

/// JSON with all defaults written out; equal configurations give equal text.
fn canonical(value: &impl Serialize) -> Result<String, SuiteError> {
    serde_json::to_string(value).map_err(|e| SuiteError::Unsayable(e.to_string()))
}

/// Hashes of the sources of all packages that a run uses. Packages outside this workspace are covered by the hash of the
/// program.
fn sources(learners: &[&dyn LearnerSpec], stream: &dyn StreamSpec) -> Result<String, RunnerError> {
    sources_among(&known(), learners, stream)
}

/// The hashes of this workspace's packages at the time this program was built.
fn known() -> BTreeMap<&'static str, &'static str> {
    let entries = env!("DENTATE_SOURCES").split(';');
    entries.filter_map(|entry| entry.split_once('=')).collect()
}

fn sources_among(
    known: &BTreeMap<&str, &str>,
    learners: &[&dyn LearnerSpec],
    stream: &dyn StreamSpec,
) -> Result<String, RunnerError> {
    let mut packages: BTreeSet<&str> = ENGINE.into();
    for (kind, name) in learners.iter().flat_map(|learner| learner.parts()) {
        if let Some(entry) = registry::find(kind, &name) {
            packages.insert(entry.package);
        }
    }
    let mut kinds = Vec::new();
    let settings = serde_json::to_value(stream).map_err(|e| SuiteError::Unsayable(e.to_string()))?;
    kinds_in(&settings, &mut kinds);
    for name in &kinds {
        for kind in [Kind::Stream, Kind::Data] {
            packages.extend(registry::find(kind, name).map(|entry| entry.package));
        }
    }
    let mut text = String::new();
    for package in packages {
        let hash = match known.get(package) {
            Some(hash) => (*hash).to_string(),
            None => program()?,
        };
        text.push_str(&format!("{package}={hash};"));
    }
    Ok(text)
}

/// The kinds that a stream's configuration names: its own, its data set's, and those of nested data sets.
fn kinds_in(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(table) => {
            found.extend(
                table
                    .get("kind")
                    .and_then(|kind| kind.as_str())
                    .map(str::to_owned),
            );
            table.values().for_each(|value| kinds_in(value, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| kinds_in(item, found)),
        _ => {}
    }
}

/// The hash of this program.
fn program() -> Result<String, RunnerError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let path = std::env::current_exe().map_err(RunnerError::io("find", Path::new("this program")))?;
    let bytes = std::fs::read(&path).map_err(RunnerError::io("read", &path))?;
    let digest = Sha256::digest(&bytes);
    let hash = digest.iter().map(|b| format!("{b:02x}")).collect();
    Ok(HASH.get_or_init(|| hash).clone())
}

/// The registered item that a method is named after: its strategy, unless that is the control; else its first mechanism that is not
/// `common` to all methods; else its learner.
pub(crate) fn source_of(learner: &dyn LearnerSpec, common: &BTreeSet<String>) -> Option<registry::Entry> {
    let parts = learner.parts();
    let of = |kind: Kind| {
        parts
            .iter()
            .find(|(k, name)| *k == kind && !(kind == Kind::Mechanism && common.contains(name)))
            .and_then(|(k, name)| registry::find(*k, name))
    };
    let strategy = of(Kind::Strategy).filter(|e| e.name != "fixed");
    strategy
        .or_else(|| of(Kind::Mechanism))
        .or_else(|| of(Kind::Learner))
}

#[cfg(test)]
mod tests;
