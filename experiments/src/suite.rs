//! Suites: commented TOML in, checked runs out. Only this module reads a suite file.

use dentate_core::LearnerSpec;
use dentate_core::registry::{self, Kind};
use dentate_streams::StreamSpec;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

mod check;
mod checkpoints;
mod error;
mod limits;

pub(crate) use checkpoints::Checkpoints;
pub(crate) use error::SuiteError;
pub(crate) use limits::Limits;

/// How a suite's runs are evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Evaluation {
    /// Rows per forward pass. Fixed, so that the same network gives the same bits at any time.
    pub(crate) batch: usize,
    /// Measurements along each experience, beside the full one at its end.
    pub(crate) points: usize,
    /// Rows per task measured at these points.
    pub(crate) sample: usize,
    /// Which rows judge: `test`, or `validation` while settings are being chosen.
    pub(crate) on: Judge,
}

/// Which rows judge a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Judge {
    Test,
    Validation,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self {
            batch: 250,
            points: 4,
            sample: 500,
            on: Judge::Test,
        }
    }
}

/// A stream of a suite.
#[derive(Debug)]
pub(crate) struct NamedStream {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) spec: Box<dyn StreamSpec>,
    /// Settings that methods take on this stream unless they say otherwise.
    settings: Table,
}

/// A method of a suite, before it meets a stream.
#[derive(Debug)]
pub(crate) struct NamedMethod {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) summary: Option<String>,
    streams: Option<Vec<String>>,
    settings: Table,
}

/// A suite, checked.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) control: Option<String>,
    pub(crate) seeds: u64,
    pub(crate) evaluation: Evaluation,
    pub(crate) limits: Limits,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) streams: Vec<NamedStream>,
    pub(crate) methods: Vec<NamedMethod>,
    defaults: Table,
    file: PathBuf,
}

const TOP: &[&str] = &[
    "title",
    "description",
    "control",
    "seeds",
    "evaluation",
    "limits",
    "checkpoints",
    "defaults",
    "stream",
    "method",
];
const STREAM_OWN: &[&str] = &["name", "title", "settings"];
const METHOD_OWN: &[&str] = &["name", "title", "summary", "streams"];

impl Suite {
    /// Read the suite called `given`: a name, or the path of a TOML file.
    pub(crate) fn find(given: &str) -> Result<Self, SuiteError> {
        let path = Path::new(given);
        if path.extension().is_some_and(|e| e == "toml") || given.contains(['/', '\\']) {
            return Self::read(path);
        }
        let known = crate::places::suites();
        match known.iter().find(|(name, _)| name == given) {
            Some((_, path)) => Self::read(path),
            None => Err(SuiteError::unknown(given, known.iter().map(|(n, _)| n.as_str()))),
        }
    }

    /// Read a suite file.
    pub(crate) fn read(path: &Path) -> Result<Self, SuiteError> {
        let text = std::fs::read_to_string(path).map_err(|source| SuiteError::Unreadable {
            file: path.into(),
            source,
        })?;
        Self::parse(path, &text)
    }

    pub(crate) fn parse(file: &Path, text: &str) -> Result<Self, SuiteError> {
        let at = |place: &str| check::Place::new(file, place);
        let top: Table = text
            .parse()
            .map_err(|error: toml::de::Error| SuiteError::syntax(file, text, &error))?;
        check::keys(&at("the suite"), &top, TOP.iter().copied())?;
        let name = file
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        let string = |key: &str| check::string(&at("the suite"), &top, key);
        let seeds = match top.get("seeds") {
            None => 3,
            Some(Value::Integer(n)) if (1..=10_000).contains(n) => *n as u64,
            Some(other) => {
                return Err(at("the suite").range("seeds", other, "a whole number from 1 to 10000"));
            }
        };
        let evaluation = check::evaluation(&at("[evaluation]"), top.get("evaluation"))?;
        let defaults = check::table(&at("the suite"), &top, "defaults")?
            .cloned()
            .unwrap_or_default();
        let mut streams: Vec<NamedStream> = Vec::new();
        for table in check::tables(&at("the suite"), &top, "stream")? {
            let (name, place) = check::name(file, "stream", table, streams.iter().map(|s| s.name.as_str()))?;
            let settings = check::table(&place, table, "settings")?
                .cloned()
                .unwrap_or_default();
            let rest = without(table, STREAM_OWN);
            check::tagged(&place, &rest, "kind", Kind::Stream, STREAM_OWN)?;
            if let Some(Value::Table(data)) = rest.get("data") {
                check::tagged(&place.inside("data"), data, "kind", Kind::Data, &[])?;
            }
            let spec: Box<dyn StreamSpec> = check::read(&place, rest)?;
            spec.validate().map_err(|e| place.refused(e.to_string()))?;
            let title = check::string(&place, table, "title")?.unwrap_or_else(|| name.clone());
            streams.push(NamedStream {
                name,
                title,
                spec,
                settings,
            });
        }
        let mut methods: Vec<NamedMethod> = Vec::new();
        for table in check::tables(&at("the suite"), &top, "method")? {
            let (name, place) = check::name(file, "method", table, methods.iter().map(|m| m.name.as_str()))?;
            let known: Vec<&str> = streams.iter().map(|s| s.name.as_str()).collect();
            methods.push(NamedMethod {
                title: check::string(&place, table, "title")?.unwrap_or_else(|| name.clone()),
                summary: check::string(&place, table, "summary")?,
                streams: check::names(&place, table, "streams", &known)?,
                settings: without(table, METHOD_OWN),
                name,
            });
        }
        let control = string("control")?;
        if let Some(control) = &control
            && methods.iter().all(|m| &m.name != control)
        {
            let known = methods.iter().map(|m| m.name.as_str());
            return Err(at("the suite").unknown_value("control", control, known));
        }
        let suite = Self {
            title: string("title")?.unwrap_or_else(|| name.clone()),
            description: string("description")?.unwrap_or_default(),
            control,
            seeds,
            evaluation,
            limits: top
                .get("limits")
                .map(|v| check::read(&at("[limits]"), v.as_table().cloned().unwrap_or_default()))
                .transpose()?
                .unwrap_or_default(),
            checkpoints: top
                .get("checkpoints")
                .map(|v| check::read(&at("[checkpoints]"), v.as_table().cloned().unwrap_or_default()))
                .transpose()?
                .unwrap_or_default(),
            streams,
            methods,
            defaults,
            file: file.to_path_buf(),
            name,
        };
        // Every method is checked with every stream it meets, before anything runs.
        for (method, stream) in suite.pairs() {
            suite.learner(method, stream)?;
        }
        Ok(suite)
    }

    /// Which method meets which stream.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&NamedMethod, &NamedStream)> {
        self.streams.iter().flat_map(move |s| {
            let meets = |m: &&NamedMethod| m.streams.as_ref().is_none_or(|names| names.contains(&s.name));
            self.methods.iter().filter(meets).map(move |m| (m, s))
        })
    }

    /// A method's configuration on a stream: its own settings over the stream's over the suite's defaults.
    pub(crate) fn learner(
        &self,
        method: &NamedMethod,
        stream: &NamedStream,
    ) -> Result<Box<dyn LearnerSpec>, SuiteError> {
        let mut settings = self.defaults.clone();
        settings.extend(stream.settings.clone());
        settings.extend(method.settings.clone());
        settings
            .entry("learner")
            .or_insert_with(|| Value::String("gradient".into()));
        let place = check::Place::new(&self.file, &format!("method `{}`", method.name));
        check::tagged(&place, &settings, "learner", Kind::Learner, METHOD_OWN)?;
        if let Some(Value::Table(strategy)) = settings.get("strategy") {
            check::tagged(&place.inside("strategy"), strategy, "name", Kind::Strategy, &[])?;
        }
        let spec: Box<dyn LearnerSpec> = check::read(&place, settings)?;
        spec.validate().map_err(|e| place.refused(e.to_string()))?;
        Ok(spec)
    }
}

fn without(table: &Table, keys: &[&str]) -> Table {
    table
        .iter()
        .filter(|(k, _)| !keys.contains(&k.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// Names of all registered things of a kind.
fn registered(kind: Kind) -> Vec<&'static str> {
    registry::entries()
        .into_iter()
        .filter(|e| e.kind == kind)
        .map(|e| e.name)
        .collect()
}

#[cfg(test)]
mod tests;
