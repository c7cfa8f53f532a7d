//! Information about a run before it starts: the stream, the initial network, and the number of calls. Strategies and parts
//! use it to refuse, ahead of time, a run in which they would fail.

use dentate_core::registry::nearest;
use dentate_core::{Graph, Layer, LayerId, Role, StreamFacts, Unsuited};

/// A run before it starts. Facts that only the data determine are `None`, and are checked again once the data are loaded.
#[derive(Clone, Debug)]
pub struct Prospect<'a> {
    /// The stream, as presented to the learner.
    pub stream: &'a StreamFacts,
    /// The network at the first call.
    pub graph: Option<&'a Graph>,
    /// The network with the heads of the first experience.
    pub headed: Option<&'a Graph>,
    /// Updates in each experience.
    pub updates: Option<Vec<u64>>,
    /// Updates between two calls; `None` for a strategy that is called at boundaries only.
    pub cadence: Option<u64>,
    /// Layers that may get new units: all hidden ones, until a composition has called its placement.
    pub places: Vec<LayerId>,
    /// Default initialisation of weights.
    pub init: dentate_core::Init,
}

impl<'a> Prospect<'a> {
    /// A run on this stream with this network.
    #[must_use]
    pub fn new(stream: &'a StreamFacts, graph: Option<&'a Graph>, headed: Option<&'a Graph>) -> Self {
        let hidden = graph.into_iter().flat_map(Graph::hidden);
        Self {
            places: hidden.map(|layer| layer.id).collect(),
            stream,
            graph,
            headed,
            updates: None,
            cadence: None,
            init: dentate_core::Init::He,
        }
    }

    /// Refuses `key`, which needs to revisit rows, on a single-pass stream.
    ///
    /// # Errors
    /// [`Unsuited`].
    pub fn revisits(&self, key: &str, value: impl ToString, instead: &str) -> Result<(), Unsuited> {
        if self.stream.once() {
            return Err(Unsuited::new(key, value, once(instead)));
        }
        Ok(())
    }

    /// The hidden layer called `name`, or the last one; `None` if the network is not known yet.
    ///
    /// # Errors
    /// [`Unsuited`] if there is none, naming the nearest.
    pub fn hidden_layer(&self, key: &str, name: Option<&str>) -> Result<Option<&'a Layer>, Unsuited> {
        self.layer(self.graph, key, name, &|layer| layer.role == Role::Hidden)
    }

    /// The hidden layer or head called `name`, or the last hidden layer.
    ///
    /// # Errors
    /// As [`Prospect::hidden_layer`].
    pub fn read_layer(&self, key: &str, name: Option<&str>) -> Result<Option<&'a Layer>, Unsuited> {
        self.layer(self.headed, key, name, &|layer| layer.role != Role::Input)
    }

    fn layer(
        &self,
        graph: Option<&'a Graph>,
        key: &str,
        name: Option<&str>,
        fits: &dyn Fn(&Layer) -> bool,
    ) -> Result<Option<&'a Layer>, Unsuited> {
        let Some(graph) = graph else { return Ok(None) };
        let Some(name) = name else {
            let last = graph.hidden().next_back();
            let none = "the network has no hidden layer: add one, for example `hidden = [16]`";
            return last.map(Some).ok_or_else(|| Unsuited::new(key, "left out", none));
        };
        if let Some(found) = graph.named(name).filter(|layer| fits(layer)) {
            return Ok(Some(found));
        }
        let known: Vec<&str> = graph
            .layers()
            .filter(|l| fits(l))
            .map(|l| l.name.as_str())
            .collect();
        let meant = nearest(name, known.iter().copied());
        let meant = meant.map_or(String::new(), |n| format!(", did you mean `{n}`?"));
        let there = match &known[..] {
            [] => "it has none".into(),
            known => format!("it has {}", known.join(", ")),
        };
        let reason = format!("the network has no such layer{meant}; {there}");
        Err(Unsuited::new(key, format!("`{name}`"), reason))
    }

    /// Refuses a strategy that acts on hidden layers if there is none.
    ///
    /// # Errors
    /// [`Unsuited`].
    pub fn needs_hidden(&self, name: &str) -> Result<(), Unsuited> {
        let reason = "the network has no hidden layer for it: add one, for example `hidden = [16]`, or leave the strategy out";
        match self.graph {
            Some(graph) if graph.hidden().next().is_none() => Err(Unsuited::new("name", name, reason)),
            _ => Ok(()),
        }
    }

    /// Refuses `key` if it requires more calls of the strategy after updates than the run has: in one experience, or in all
    /// of them together.
    ///
    /// # Errors
    /// [`Unsuited`], stating the number of calls.
    pub fn needs_calls(
        &self,
        key: &str,
        value: impl ToString,
        needed: u64,
        within: CheckPeriod,
    ) -> Result<(), Unsuited> {
        self.needs_checks(key, value, needed, within, |_| 0)
    }

    /// The same, with the largest value of `key` that would do: `largest` gets the checks that the run has, and returns 0 if
    /// there is none.
    ///
    /// # Errors
    /// [`Unsuited`], with that value and the budget that `value` needs.
    pub fn needs_checks(
        &self,
        key: &str,
        value: impl ToString,
        needed: u64,
        within: CheckPeriod,
        largest: impl FnOnce(Checks) -> u64,
    ) -> Result<(), Unsuited> {
        let (Some(updates), Some(every)) = (&self.updates, self.cadence) else {
            return Ok(());
        };
        let every = every.max(1);
        let checks = updates.iter().map(|n| n / every);
        let (checks, period, experiences) = match within {
            CheckPeriod::OneExperience => (checks.max().unwrap_or(0), "the longest experience", 1),
            CheckPeriod::TheRun => (
                checks.fold(0, u64::saturating_add),
                "the whole run",
                updates.len().max(1) as u64,
            ),
        };
        if checks >= needed {
            return Ok(());
        }
        let longest = updates.iter().max().copied().unwrap_or(0);
        let largest = largest(Checks {
            count: checks,
            every,
            longest,
        });
        let mut remedies = Vec::new();
        if largest > 0 {
            remedies.push(format!("set `{key}` to at most {largest}"));
        }
        if !self.stream.once() {
            let updates = needed.div_ceil(experiences).saturating_mul(every);
            remedies.push(format!(
                "train longer, for example `budget = {{ updates = {updates} }}`"
            ));
        }
        let remedies = match remedies.join(", or ") {
            none if none.is_empty() => none,
            remedies => format!(": {remedies}"),
        };
        let reason = format!(
            "it could never act: it needs {}, {}, and {period} has {}{remedies}",
            counted(needed, "check"),
            match every {
                1 => "one after each update".into(),
                every => format!("one every {every} updates"),
            },
            match checks {
                0 => "none".into(),
                checks => checks.to_string(),
            },
        );
        Err(Unsuited::new(key, value, reason))
    }
}

/// A number of things in words.
fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// The checks of a strategy that a run has: its calls after updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// Their number in the period.
    pub count: u64,
    /// Updates between two of them.
    pub every: u64,
    /// Updates of the longest experience.
    pub longest: u64,
}

/// The period in which calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckPeriod {
    /// One experience: earlier calls do not count.
    OneExperience,
    /// All experiences.
    TheRun,
}

/// The reason for refusing a setting that needs to revisit rows.
pub(crate) fn once(instead: &str) -> String {
    let ways = match instead {
        "" => String::new(),
        instead => format!(": {instead}"),
    };
    format!("this stream is single-pass, so its rows cannot be revisited{ways}")
}
