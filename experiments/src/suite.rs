//! Suites: commented TOML in, checked runs out. Only this module reads a suite file.

use crate::backend_choice::BackendChoice;
use dentate_core::record::{ClaimEntry, Level};
use dentate_core::registry::Kind;
use dentate_core::{LearnerSpec, StreamFacts, Unsuited};
use dentate_streams::{StreamError, StreamSpec};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use toml::Value;

mod again;
mod at;
mod backend_choice;
mod checkpoints;
mod claims;
mod error;
mod evaluation;
mod factorial;
mod keep;
mod limits;
mod place;
pub(crate) mod ranking;
mod scale;
mod schema;
mod sweep;
mod tree;
mod twins;

pub(crate) use again::{Settings, check};
pub(crate) use checkpoints::Checkpoints;
pub(crate) use claims::Claim;
pub(crate) use error::SuiteError;
pub(crate) use evaluation::{EvaluateOn, Evaluation};
pub(crate) use keep::Keep;
pub(crate) use limits::Limits;
pub(crate) use scale::FULL;
pub(crate) use sweep::{Sweep, SweepSetting, unequal};
pub(crate) use twins::TwinOf;

use place::Place;
use tree::Branch;

/// Maximum number of bytes of a suite; one written by hand has a hundredth of it.
const LONGEST: u64 = 1 << 20;

/// A stream of a suite.
#[derive(Debug)]
pub(crate) struct NamedStream {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) spec: Box<dyn StreamSpec>,
    /// Default settings of methods on this stream.
    settings: Branch,
    /// Its own table, so that errors found with the data can name its position.
    table: Branch,
}

impl NamedStream {
    fn place(&self) -> Place<'_> {
        Place::new(format!("stream `{}`", self.name), &self.table)
    }

    /// The mistake in the suite that caused an error of its data; `None` if no key did.
    pub(crate) fn mistake(&self, error: &StreamError) -> Option<SuiteError> {
        error.key().map(|_| self.place().unfit(error))
    }
}

/// A method of a suite, independent of the stream.
#[derive(Debug)]
pub(crate) struct NamedMethod {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) summary: Option<String>,
    pub(crate) backend_choice: BackendChoice,
    /// Its levels, if it is a cell of the suite's factorial design.
    pub(crate) levels: Vec<Level>,
    /// Its origin, where it is a static twin: its settings are then those of the growing method.
    pub(crate) twin: Option<TwinOf>,
    /// The settings among which its own are chosen.
    pub(crate) sweep: Option<Vec<SweepSetting>>,
    streams: Option<Vec<String>>,
    settings: Branch,
}

impl NamedMethod {
    /// Return true if it runs on this stream.
    fn meets(&self, stream: &str) -> bool {
        self.streams
            .as_ref()
            .is_none_or(|names| names.iter().any(|n| n == stream))
    }
}

/// A checked suite.
#[derive(Debug)]
pub(crate) struct Suite {
    /// The name of its file and of its results folder.
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    /// The digest of its text.
    pub(crate) digest: [u8; 32],
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) control: Option<String>,
    pub(crate) rank_by: Option<String>,
    pub(crate) seeds: u64,
    pub(crate) evaluation: Evaluation,
    pub(crate) limits: Limits,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) keep: Keep,
    pub(crate) sweep: Sweep,
    pub(crate) streams: Vec<NamedStream>,
    pub(crate) methods: Vec<NamedMethod>,
    pub(crate) claims: Vec<ClaimEntry>,
    /// The names of its scales.
    pub(crate) scales: Vec<String>,
    defaults: Branch,
}

const TOP: &[&str] = &[
    "title",
    "description",
    "control",
    "rank_by",
    "seeds",
    "evaluation",
    "limits",
    "checkpoints",
    "keep",
    "backend",
    "device",
    "defaults",
    "stream",
    "method",
    "factorial",
    "claim",
    "scale",
    "sweep",
];
const STREAM_OWN: &[&str] = &["name", "title", "settings"];
const METHOD_OWN: &[&str] = &[
    "name", "title", "summary", "streams", "backend", "device", "twin", "sweep",
];

impl Suite {
    /// Find the suite `given`: a name, or the path of a TOML file.
    pub(crate) fn find(given: &str) -> Result<Self, SuiteError> {
        Self::find_at(given, None)
    }

    /// Read it at one of its scales.
    pub(crate) fn find_at(given: &str, scale: Option<&str>) -> Result<Self, SuiteError> {
        let path = Path::new(given);
        if path.extension().is_some_and(|e| e == "toml") || given.contains(['/', '\\']) {
            return Self::read_at(path, scale);
        }
        let known = crate::paths::suites();
        match known.iter().find(|(name, _)| name == given) {
            Some((_, path)) => Self::read_at(path, scale),
            None => Err(SuiteError::unknown(given, known.iter().map(|(n, _)| n.as_str()))),
        }
    }

    /// Read a suite file.
    pub(crate) fn read(path: &Path) -> Result<Self, SuiteError> {
        Self::read_at(path, None)
    }

    fn read_at(path: &Path, scale: Option<&str>) -> Result<Self, SuiteError> {
        let unreadable = |source| SuiteError::Unreadable {
            file: path.into(),
            source,
        };
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let limit = LONGEST;
        if bytes > limit {
            let file = path.into();
            return Err(SuiteError::TooLong { file, bytes, limit });
        }
        let mut text = Vec::new();
        file.take(limit + 1).read_to_end(&mut text).map_err(unreadable)?;
        Self::from_bytes_at(path, &text, scale)
    }

    /// Read the bytes of a suite file `path`.
    pub(crate) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, SuiteError> {
        Self::from_bytes_at(path, bytes, None)
    }

    fn from_bytes_at(path: &Path, bytes: &[u8], scale: Option<&str>) -> Result<Self, SuiteError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse_at(path, text, scale),
            Err(error) => Err(SuiteError::NotText {
                file: path.into(),
                byte: error.valid_up_to(),
            }),
        }
    }

    #[cfg(test)]
    pub(crate) fn parse(file: &Path, text: &str) -> Result<Self, SuiteError> {
        Self::parse_at(file, text, None)
    }

    /// Read a suite's text at one of its scales; as it is written if none is named. All others are checked too.
    pub(crate) fn parse_at(file: &Path, text: &str, scale: Option<&str>) -> Result<Self, SuiteError> {
        let document = Branch::parse(file, text)?;
        Place::new("the suite", &document).keys(TOP.iter().copied())?;
        let scales = scale::names(&document)?;
        let asked = scale.unwrap_or(scale::FULL);
        let mut suite = Self::of(file, text, &scale::applied(&document, asked)?)?;
        for other in scales.iter().filter(|name| *name != asked) {
            Self::of(file, text, &scale::applied(&document, other)?)?;
        }
        if asked != scale::FULL {
            suite.title = format!("{} (scale {asked})", suite.title);
        }
        suite.scales = scales;
        Ok(suite)
    }

    /// The suite of this document.
    fn of(file: &Path, text: &str, document: &Branch) -> Result<Self, SuiteError> {
        let top = Place::new("the suite", document);
        let name = own_name(file)?;
        let streams = streams(&top)?;
        let usual = backend_choice::Said::read(&top)?;
        let evaluation = evaluation::read(&top)?;
        evaluation::check(&top, &evaluation, &streams)?;
        let rank_by = ranking::read(&top, &evaluation)?;
        let sweep = sweep::read(&top, rank_by.map(|metric| metric.name()))?;
        let mut methods = methods(&top, &streams, &usual, &sweep)?;
        methods.extend(factorial::cells(&top, &methods, &usual)?);
        let control = top.string("control")?;
        if let (Some(control), Some(node)) = (&control, document.get("control"))
            && methods.iter().all(|m| &m.name != control)
        {
            let known = methods.iter().map(|m| m.name.as_str());
            return Err(top.unknown_value(&node.at, "control", control, known));
        }
        if let (Some((at, _)), true) = (
            document.entries.get("sweep"),
            methods.iter().all(|m| m.sweep.is_none()),
        ) {
            let message =
                "`[sweep]` says how settings are chosen, and no method has a `sweep` to say between which";
            return Err(top.refused(at, message));
        }
        let claims = claims::read(&top, &methods, &streams)?;
        let mut suite = Self {
            title: top.string("title")?.unwrap_or_else(|| name.clone()),
            description: top.string("description")?.unwrap_or_default(),
            control,
            rank_by: rank_by.map(|metric| metric.name().to_owned()),
            seeds: seeds(&top)?,
            evaluation,
            limits: limits::read(&top)?,
            checkpoints: checkpoints::read(&top)?,
            keep: keep::read(&top)?,
            sweep,
            defaults: top
                .branch("defaults")?
                .cloned()
                .unwrap_or_else(|| document.emptied()),
            streams,
            methods,
            claims,
            scales: Vec::new(),
            name,
            file: file.into(),
            digest: digest(text.as_bytes()),
        };
        suite.remove_twins_of_static_cells()?;
        // Every method is checked with every stream it meets, before anything runs: first that its settings are good at all.
        for (method, stream) in suite.pairs() {
            suite.learner(method, stream)?;
            for setting in method.sweep.iter().flatten() {
                suite.learner_with(method, stream, setting)?;
            }
            suite.check_twin(method, stream)?;
        }
        let protocols = suite.pairs().map(|(method, stream)| {
            let settings = suite.settings(method, stream);
            word(&settings, "protocol").map(str::to_owned)
        });
        ranking::has_reference(&top, rank_by, protocols)?;
        let facts: Vec<_> = suite.streams.iter().map(|s| s.spec.facts()).collect();
        for (stream, facts) in suite.streams.iter().zip(&facts) {
            let Some(facts) = facts else { continue };
            for (method, _) in suite.pairs().filter(|(_, met)| met.name == stream.name) {
                suite.suited(method, stream, facts)?;
            }
        }
        Ok(suite)
    }

    /// Refuse a method that is incompatible with a stream of which these facts are known.
    pub(crate) fn suited(
        &self,
        method: &NamedMethod,
        stream: &NamedStream,
        facts: &StreamFacts,
    ) -> Result<(), SuiteError> {
        let own = self.settings(method, stream);
        let named = |settings: &Branch| -> Result<(), SuiteError> {
            let learner = read(method, settings)?;
            let Err(error) = learner.suits(facts) else {
                return Ok(());
            };
            let place = Place::new(
                format!("method `{}` on stream `{}`", method.name, stream.name),
                settings,
            );
            Err(place.unsuited(error, self.elsewhere(method, stream)))
        };
        match &method.sweep {
            None => named(&own),
            Some(settings) => settings
                .iter()
                .try_for_each(|setting| named(&setting.over(&place_of(method, &own))?)),
        }
    }

    /// Advice on excluding a method from a stream, if it is compatible with another one. A cell of a factorial design runs
    /// on all streams.
    fn elsewhere(&self, method: &NamedMethod, stream: &NamedStream) -> String {
        let goes = |met: &&NamedStream| {
            let learner = self.learner(method, met);
            learner.is_ok_and(|l| beforehand(l.as_ref(), met.spec.as_ref()).is_ok())
        };
        let others = self
            .pairs()
            .filter(|(m, s)| m.name == method.name && s.name != stream.name);
        let others: Vec<String> = others
            .map(|(_, s)| s)
            .filter(goes)
            .map(|s| format!("\"{}\"", s.name))
            .collect();
        if others.is_empty() || !method.levels.is_empty() {
            return String::new();
        }
        format!(
            "; or restrict the method to suitable streams: `streams = [{}]`",
            others.join(", ")
        )
    }

    /// Set one backend for all methods, whatever the suite says.
    pub(crate) fn compute_with(&mut self, backend_choice: BackendChoice) {
        for method in &mut self.methods {
            method.backend_choice = backend_choice;
        }
    }

    /// The pairs of method and stream that the suite runs.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&NamedMethod, &NamedStream)> {
        self.streams.iter().flat_map(move |s| {
            let meets = |m: &&NamedMethod| m.meets(&s.name);
            self.methods.iter().filter(meets).map(move |m| (m, s))
        })
    }

    /// A method's configuration on a stream: its own settings over the stream's over the suite's defaults. From the latter
    /// two, a method with a learner of another kind takes only the settings which that learner has.
    pub(crate) fn learner(
        &self,
        method: &NamedMethod,
        stream: &NamedStream,
    ) -> Result<Box<dyn LearnerSpec>, SuiteError> {
        read(method, &self.settings(method, stream))
    }

    /// The same with one of the settings that the method is given.
    pub(crate) fn learner_with(
        &self,
        method: &NamedMethod,
        stream: &NamedStream,
        setting: &SweepSetting,
    ) -> Result<Box<dyn LearnerSpec>, SuiteError> {
        let settings = self.settings(method, stream);
        read(method, &setting.over(&place_of(method, &settings))?)
    }

    /// A method's settings over the defaults.
    fn settings(&self, method: &NamedMethod, stream: &NamedStream) -> Branch {
        let shared = self.defaults.overlaid(&stream.settings);
        let shared = match (word(&method.settings, "learner"), word(&shared, "learner")) {
            (Some(own), usual) if own != usual.unwrap_or(USUAL) => {
                shared.keeping(&schema::keys(Kind::Learner, own))
            }
            _ => shared,
        };
        shared.overlaid(&method.settings).or_word("learner", USUAL)
    }
}

fn place_of<'s>(method: &NamedMethod, settings: &'s Branch) -> Place<'s> {
    Place::new(format!("method `{}`", method.name), settings)
}

/// The configuration that settings of a method stand for.
fn read(method: &NamedMethod, settings: &Branch) -> Result<Box<dyn LearnerSpec>, SuiteError> {
    let place = place_of(method, settings);
    schema::tagged(&place, "learner", Kind::Learner, METHOD_OWN)?;
    let spec: Box<dyn LearnerSpec> = place.read()?;
    spec.validate().map_err(|e| place.out_of_range(&e))?;
    Ok(spec)
}

/// Refuse a learner that is incompatible with a stream, as far as that is known without its data.
fn beforehand(learner: &dyn LearnerSpec, stream: &dyn StreamSpec) -> Result<(), Unsuited> {
    stream.facts().map_or(Ok(()), |facts| learner.suits(&facts))
}

/// The digest of a suite's text.
pub(crate) fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The name of a suite in this file. Results go to a folder of that name, so it has to be a plain file name.
fn own_name(file: &Path) -> Result<String, SuiteError> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let fine = |c: char| c.is_alphanumeric() || " -_.".contains(c);
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    if begins && name.chars().all(fine) && name.chars().count() <= 100 {
        return Ok(name.into_owned());
    }
    Err(SuiteError::Name { file: file.into() })
}

/// The default learner.
const USUAL: &str = "gradient";

/// The text under a key, if it is text.
fn word<'b>(table: &'b Branch, key: &str) -> Option<&'b str> {
    match &table.get(key)?.kind {
        tree::Kind::Leaf(Value::String(word)) => Some(word),
        _ => None,
    }
}

fn seeds(top: &Place<'_>) -> Result<u64, SuiteError> {
    match top.table.get("seeds") {
        None => Ok(3),
        Some(node) => match node.kind {
            tree::Kind::Leaf(Value::Integer(n)) if (1..=10_000).contains(&n) => Ok(n as u64),
            _ => Err(top.range("seeds", node, "a whole number from 1 to 10000")),
        },
    }
}

fn streams(top: &Place<'_>) -> Result<Vec<NamedStream>, SuiteError> {
    let mut streams: Vec<NamedStream> = Vec::new();
    for table in top.branches("stream")? {
        let name = Place::new("[[stream]]", table).own_name(streams.iter().map(|s| s.name.as_str()))?;
        let place = Place::new(format!("stream `{name}`"), table);
        let title = place.string("title")?.unwrap_or_else(|| name.clone());
        let settings = place
            .branch("settings")?
            .cloned()
            .unwrap_or_else(|| table.emptied());
        schema::tagged(&place, "kind", Kind::Stream, STREAM_OWN)?;
        let rest = table.without(STREAM_OWN);
        let place = Place::new(place.name, &rest);
        let spec: Box<dyn StreamSpec> = place.read()?;
        spec.validate().map_err(|e| place.unfit(&e))?;
        streams.push(NamedStream {
            name,
            title,
            spec,
            settings,
            table: rest,
        });
    }
    Ok(streams)
}

fn methods(
    top: &Place<'_>,
    streams: &[NamedStream],
    usual: &backend_choice::Said,
    sweep: &Sweep,
) -> Result<Vec<NamedMethod>, SuiteError> {
    let known: Vec<&str> = streams.iter().map(|s| s.name.as_str()).collect();
    let mut methods: Vec<NamedMethod> = Vec::new();
    // The cells of a factorial design are methods enough.
    if top.table.get("method").is_none() && top.table.get("factorial").is_some() {
        return Ok(methods);
    }
    for table in top.branches("method")? {
        let name = Place::new("[[method]]", table).own_name(methods.iter().map(|m| m.name.as_str()))?;
        let place = Place::new(format!("method `{name}`"), table);
        let method = NamedMethod {
            title: place.string("title")?.unwrap_or_else(|| name.clone()),
            summary: place.string("summary")?,
            backend_choice: backend_choice::Said::read(&place)?.over(&place, usual)?,
            levels: Vec::new(),
            twin: None,
            sweep: sweep::settings(&place, sweep, METHOD_OWN)?,
            streams: place.names("streams", &known)?,
            settings: table.without(METHOD_OWN),
            name,
        };
        let twins = twins::of(&method, &twins::budgets(&place)?);
        methods.push(method);
        for twin in twins {
            if methods.iter().any(|m| m.name == twin.name) {
                return Err(place.refused(&table.at, format!("two methods would be called `{}`", twin.name)));
            }
            methods.push(twin);
        }
    }
    Ok(methods)
}

#[cfg(test)]
mod tests;
