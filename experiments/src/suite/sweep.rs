//! Sweeps: `[sweep]` says how settings are chosen, and `sweep` of a method between which.
//!
//! ```toml
//! [sweep]
//! seeds = 2
//!
//! [[method]]
//! name = "held"
//! mechanisms = [{ name = "synaptic-intelligence" }]
//! [method.sweep]
//! optimizer.learning_rate = [1e-3, 1e-2]
//! mechanisms.synaptic-intelligence.strength = [1.0, 10.0, 100.0]
//! ```
//!
//! Settings are tried on rows that are neither trained on nor among the test rows, with seeds that the suite's runs do not have, and the
//! suite's runs are made with the best one.

use super::NamedMethod;
use super::at::At;
use super::error::SuiteError;
use super::place::Place;
use super::schema;
use super::tree::{Branch, Kind, Node};
use crate::score::By;
use dentate_core::Seed;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// The seed before the first that settings are tried with: beyond those that a suite may have.
const BEFORE_FIRST: u64 = 1_000_000;

/// The most settings of a method.
const MOST: usize = 1000;

/// Keys of a method that no sweep can vary.
const FIXED: [&str; 2] = ["learner", "start"];

/// The choice of settings, the same for all methods that have a `sweep`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sweep {
    /// Settings that each method is given, drawn at random from what its `sweep` allows; if absent, all combinations of its lists.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) settings: Option<usize>,
    /// Seeds that each setting is tried with. No run of the comparison has one of them.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) seeds: u64,
    /// Share of each experience's training rows that settings are judged by, and that are not trained on meanwhile, where the stream keeps no
    /// validation rows back (above 0 to 0.5).
    #[schemars(range(max = 0.5), extend("exclusiveMinimum" = 0))]
    pub(crate) validation: f64,
    /// Seed of the draw of settings.
    pub(crate) seed: u64,
    /// The measure that settings are chosen by; if absent, `rank_by` of the suite where it is one of these, else the stream's own: average
    /// accuracy, squared error or quantization error.
    pub(crate) by: Option<By>,
}

impl Default for Sweep {
    fn default() -> Self {
        Self {
            settings: None,
            seeds: 1,
            validation: 0.1,
            seed: 0,
            by: None,
        }
    }
}

impl Sweep {
    /// The seeds that settings are tried with.
    pub(crate) fn seeds(&self) -> impl Iterator<Item = u64> + use<> {
        (1..=self.seeds).map(|n| BEFORE_FIRST + n)
    }
}

/// A warning, if methods are given different numbers of settings. Twins have those of their method.
pub(crate) fn unequal(methods: &[NamedMethod]) -> Option<String> {
    let own = methods.iter().filter(|method| method.twin.is_none());
    let of: Vec<(&str, usize)> = own
        .map(|method| (method.name.as_str(), method.sweep.as_ref().map_or(1, Vec::len)))
        .collect();
    let first = of.first()?.1;
    if of.iter().all(|(_, settings)| *settings == first) {
        return None;
    }
    let each: Vec<String> = of
        .iter()
        .map(|(name, settings)| format!("`{name}` {settings}"))
        .collect();
    Some(format!(
        "methods are given different numbers of settings to choose from: {}",
        each.join(", ")
    ))
}

/// The suite's `[sweep]`.
pub(super) fn read(top: &Place<'_>, rank_by: Option<&str>) -> Result<Sweep, SuiteError> {
    let mut sweep = match top.branch("sweep")? {
        Some(table) => {
            let place = Place::new("[sweep]", table);
            schema::typed(&place, schemars::schema_for!(Sweep))?;
            place.read()?
        }
        None => Sweep::default(),
    };
    sweep.by = sweep.by.or_else(|| rank_by.and_then(By::named));
    Ok(sweep)
}

/// One of the settings that a method is given: values at paths of keys.
#[derive(Clone, Debug)]
pub(crate) struct SweepSetting(Vec<(KeyPath, Node)>);

/// Keys with their positions, from the outermost to the innermost.
type KeyPath = Vec<(String, At)>;

fn dotted(path: &KeyPath) -> String {
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    names.join(".")
}

impl SweepSetting {
    /// Its values by key, as TOML.
    pub(crate) fn values(&self) -> BTreeMap<String, String> {
        let text = |node: &Node| node.plain().to_string();
        self.0
            .iter()
            .map(|(path, node)| (dotted(path), text(node)))
            .collect()
    }

    /// Settings of a method with these values in their places.
    pub(super) fn over(&self, place: &Place<'_>) -> Result<Branch, SuiteError> {
        let mut settings = place.table.clone();
        for (path, node) in &self.0 {
            put(&mut settings, path, node, place)?;
        }
        Ok(settings)
    }
}

/// Put a value at a path of keys. In a list, a key is the name of one of its tables.
fn put(table: &mut Branch, path: &[(String, At)], node: &Node, place: &Place<'_>) -> Result<(), SuiteError> {
    let Some(((key, at), rest)) = path.split_first() else {
        return Ok(());
    };
    if rest.is_empty() {
        table.entries.insert(key.clone(), (at.clone(), node.clone()));
        return Ok(());
    }
    let empty = || Node {
        at: node.at.clone(),
        kind: Kind::Table(Branch {
            at: node.at.clone(),
            entries: BTreeMap::new(),
        }),
    };
    let (_, inner) = table
        .entries
        .entry(key.clone())
        .or_insert_with(|| (at.clone(), empty()));
    match &mut inner.kind {
        Kind::Table(inner) => put(inner, rest, node, place),
        Kind::List(items) => {
            let (name, _) = &rest[0];
            let mut found = items.iter_mut().filter_map(|item| match &mut item.kind {
                Kind::Table(table) if super::word(table, "name") == Some(name) => Some(table),
                _ => None,
            });
            match (found.next(), found.next(), rest.len()) {
                (Some(one), None, 2..) => put(one, &rest[1..], node, place),
                (Some(_), None, _) => {
                    let message = format!("`sweep` names `{key}.{name}`, and no key of it");
                    Err(place.refused(&node.at, message))
                }
                (None, ..) => {
                    let message =
                        format!("`sweep` is about `{name}` in `{key}`, and there is none of that name");
                    Err(place.refused(&node.at, message))
                }
                _ => {
                    let message =
                        format!("`sweep` is about `{name}` in `{key}`, and there are several of that name");
                    Err(place.refused(&node.at, message))
                }
            }
        }
        Kind::Leaf(_) => {
            let message = format!("`sweep` is about keys in `{key}`, which is no table");
            Err(place.refused(&node.at, message))
        }
    }
}

/// The values that a setting may have at one path.
enum Choice {
    /// One of these.
    Values(Vec<Node>),
    /// A number between two.
    Range(Range),
}

struct Range {
    from: f64,
    to: f64,
    log: bool,
    whole: bool,
    node: Node,
}

impl Range {
    /// The number at this share of the way, to four digits.
    fn at(&self, share: f64) -> Node {
        let value = if self.log {
            (self.from.ln() + share * (self.to.ln() - self.from.ln())).exp()
        } else {
            self.from + share * (self.to - self.from)
        };
        let value = if self.whole {
            Value::Integer(value.round().clamp(self.from, self.to) as i64)
        } else {
            let digits = format!("{value:.3e}").parse().unwrap_or(value);
            Value::Float(f64::clamp(digits, self.from, self.to))
        };
        Node {
            at: self.node.at.clone(),
            kind: Kind::Leaf(value),
        }
    }
}

/// The settings that a method is given, in order; `None` if it has no `sweep`.
pub(super) fn settings(
    place: &Place<'_>,
    sweep: &Sweep,
    own: &[&str],
) -> Result<Option<Vec<SweepSetting>>, SuiteError> {
    let Some(table) = place.branch("sweep")? else {
        return Ok(None);
    };
    let place = Place::new(format!("{}, sweep", place.name), table);
    let mut choices = Vec::new();
    for (key, (at, node)) in &table.entries {
        if FIXED.contains(&key.as_str()) || own.contains(&key.as_str()) {
            return Err(place.refused(
                at,
                format!("`{key}` cannot be swept: give each value a method of its own"),
            ));
        }
        walk(&place, vec![(key.clone(), at.clone())], node, &mut choices)?;
    }
    if choices.is_empty() {
        return Err(place.refused(&table.at, "it names no key to vary"));
    }
    let sizes = choices.iter().map(|(_, choice)| match choice {
        Choice::Values(values) => Some(values.len()),
        Choice::Range(_) => None,
    });
    let size = sizes.fold(Some(1usize), |all, one| all?.checked_mul(one?));
    let unbounded = choices.iter().find_map(|(path, choice)| match choice {
        Choice::Range(range) => Some((path, range)),
        Choice::Values(_) => None,
    });
    match (size, sweep.settings, unbounded) {
        (_, None, Some((path, range))) => {
            let message = format!(
                "`{}` is a range, of which settings are drawn at random: say how many with `settings` in `[sweep]`",
                dotted(path)
            );
            Err(place.refused(&range.node.at, message))
        }
        (Some(size), None, _) if size <= MOST => Ok(Some((0..size).map(|n| nth(&choices, n)).collect())),
        (_, None, _) => {
            let message = format!(
                "these are more than {MOST} settings: draw some of them at random, with `settings` in `[sweep]`"
            );
            Err(place.refused(&table.at, message))
        }
        (Some(size), Some(wanted), None) if size <= wanted => {
            Ok(Some((0..size).map(|n| nth(&choices, n)).collect()))
        }
        (_, Some(wanted), _) => Ok(Some(drawn(&choices, wanted, size, Seed(sweep.seed)))),
    }
}

fn walk(
    place: &Place<'_>,
    path: KeyPath,
    node: &Node,
    choices: &mut Vec<(KeyPath, Choice)>,
) -> Result<(), SuiteError> {
    let key = dotted(&path);
    match &node.kind {
        Kind::List(values) if values.is_empty() => {
            Err(place.range(&key, node, "a list of at least one value"))
        }
        Kind::List(values) => {
            choices.push((path, Choice::Values(values.clone())));
            Ok(())
        }
        Kind::Table(table) if table.get("from").is_some() || table.get("to").is_some() => {
            let range = range(&Place::new(format!("{}, {key}", place.name), table), node)?;
            choices.push((path, Choice::Range(range)));
            Ok(())
        }
        Kind::Table(table) => table.entries.iter().try_for_each(|(key, (at, node))| {
            let path = [path.clone(), vec![(key.clone(), at.clone())]].concat();
            walk(place, path, node, choices)
        }),
        Kind::Leaf(_) => Err(place.range(&key, node, "a list of values, or a table with `from` and `to`")),
    }
}

fn range(place: &Place<'_>, node: &Node) -> Result<Range, SuiteError> {
    place.keys(["from", "to", "scale"].into_iter())?;
    let end = |key: &str| {
        let node = place.table.get(key).ok_or_else(|| place.missing(key))?;
        match node.kind {
            Kind::Leaf(Value::Integer(n)) => Ok((n as f64, true)),
            Kind::Leaf(Value::Float(x)) if x.is_finite() => Ok((x, false)),
            _ => Err(place.range(key, node, "a number")),
        }
    };
    let ((from, whole), (to, also)) = (end("from")?, end("to")?);
    let log = match place.string("scale")?.as_deref() {
        None | Some("linear") => false,
        Some("log") => true,
        Some(word) => {
            let at = place.table.find("scale");
            return Err(place.unknown_value(&at, "scale", word, ["linear", "log"].into_iter()));
        }
    };
    if from >= to {
        return Err(place.refused(&node.at, "`from` has to be below `to`"));
    }
    if log && from <= 0.0 {
        return Err(place.refused(&node.at, "`from` has to be above 0 where the scale is `log`"));
    }
    Ok(Range {
        from,
        to,
        log,
        whole: whole && also,
        node: node.clone(),
    })
}

/// The n-th combination: the last key changes first.
fn nth(choices: &[(KeyPath, Choice)], mut n: usize) -> SweepSetting {
    let mut values = Vec::new();
    for (path, choice) in choices.iter().rev() {
        if let Choice::Values(all) = choice {
            values.push((path.clone(), all[n % all.len()].clone()));
            n /= all.len();
        }
    }
    values.reverse();
    SweepSetting(values)
}

/// So many settings drawn at random, each once: of a grid of `size` in its order, else in the order of the draw. Fewer, if there are not as
/// many different ones.
fn drawn(choices: &[(KeyPath, Choice)], wanted: usize, size: Option<usize>, seed: Seed) -> Vec<SweepSetting> {
    let mut random = seed.derive("sweep").random();
    if let Some(size) = size {
        let mut numbers = BTreeSet::new();
        while numbers.len() < wanted.min(size) {
            numbers.insert(random.random_range(0..size));
        }
        return numbers.into_iter().map(|n| nth(choices, n)).collect();
    }
    let mut draw = || {
        let one = |(path, choice): &(KeyPath, Choice)| {
            let share = random.random::<f64>();
            let node = match choice {
                Choice::Values(all) => all[((share * all.len() as f64) as usize).min(all.len() - 1)].clone(),
                Choice::Range(range) => range.at(share),
            };
            (path.clone(), node)
        };
        SweepSetting(choices.iter().map(one).collect())
    };
    let (mut settings, mut seen) = (Vec::new(), BTreeSet::new());
    for _ in 0..100 * wanted {
        let setting = draw();
        if settings.len() < wanted && seen.insert(setting.values()) {
            settings.push(setting);
        }
    }
    settings
}

#[cfg(test)]
mod tests;
