//! A factorial design: one table that defines a method for each combination of its factors' levels.
//!
//! ```toml
//! [factorial]
//! half = true                 # of the cells, those with an even number of second levels
//! settings = { strategy = { name = "composed", units = 2 } }
//!
//! [[factorial.factor]]
//! name = "newborn rate"
//! first = { name = "usual" }
//! second = { name = "raised", settings = { strategy = { plasticity = { newborn = 4.0 } } } }
//! ```
//!
//! A cell's settings are those of the design with its levels' merged in, table by table. `twin` gives each cell that grows static
//! twins. With five factors the half design
//! separates main effects and two-way interactions (resolution V): they are confounded with interactions of more factors
//! only.

use super::NamedMethod;
use super::backend_choice::Said;
use super::error::SuiteError;
use super::place::Place;
use super::tree::{Branch, Kind};
use super::twins;
use dentate_core::record::Level;
use toml::Value;

/// Maximum number of factors: with more, a suite would have thousands of methods.
const MOST: usize = 8;

/// The keys of `[factorial]`.
pub(super) const FACTORIAL: &[&str] = &["half", "settings", "factor", "twin"];

struct Factor {
    name: String,
    levels: [(String, Option<Branch>); 2],
}

/// The cells of a suite's factorial design, if it has one. Their names must differ from those of `methods`.
pub(super) fn cells(
    top: &Place<'_>,
    methods: &[NamedMethod],
    usual: &Said,
) -> Result<Vec<NamedMethod>, SuiteError> {
    let Some(table) = top.branch("factorial")? else {
        return Ok(Vec::new());
    };
    let place = Place::new("[factorial]", table);
    place.keys(FACTORIAL.iter().copied())?;
    let half = half(&place)?;
    let budgets = twins::budgets(&place)?;
    let shared = place
        .branch("settings")?
        .cloned()
        .unwrap_or_else(|| table.emptied());
    let backend_choice = Said::default().over(&place, usual)?;
    let factors = factors(&place)?;
    let mut cells: Vec<NamedMethod> = Vec::new();
    for cell in 0..1u32 << factors.len() {
        if half && cell.count_ones() % 2 == 1 {
            continue;
        }
        let mut settings = shared.clone();
        let (mut names, mut levels) = (Vec::new(), Vec::new());
        for (i, factor) in factors.iter().enumerate() {
            let second = cell >> (factors.len() - 1 - i) & 1 == 1;
            let (name, own) = &factor.levels[usize::from(second)];
            if let Some(own) = own {
                settings = settings.merged(own);
            }
            names.push(name.as_str());
            levels.push(Level {
                factor: factor.name.clone(),
                name: name.clone(),
                second,
            });
        }
        let name = names.join("-").replace(' ', "-");
        if methods.iter().chain(&cells).any(|m| m.name == name) {
            return Err(place.refused(&table.at, format!("two methods would be called `{name}`")));
        }
        let cell = NamedMethod {
            name,
            title: names.join(" · "),
            summary: Some("A cell of the factorial design.".into()),
            backend_choice,
            levels,
            twin: None,
            sweep: None,
            streams: None,
            settings,
        };
        let twins = twins::of(&cell, &budgets);
        cells.push(cell);
        cells.extend(twins);
    }
    Ok(cells)
}

fn half(place: &Place<'_>) -> Result<bool, SuiteError> {
    match place.table.get("half") {
        None => Ok(false),
        Some(node) => match node.kind {
            Kind::Leaf(Value::Boolean(half)) => Ok(half),
            _ => Err(place.range("half", node, "true or false")),
        },
    }
}

fn factors(place: &Place<'_>) -> Result<Vec<Factor>, SuiteError> {
    let tables = place.branches("factor")?;
    if let (true, Some(node)) = (tables.len() > MOST, place.table.get("factor")) {
        return Err(place.range("factor", node, format!("a list of at most {MOST} factors")));
    }
    let mut factors: Vec<Factor> = Vec::new();
    for table in tables {
        let factor = Place::new("[[factorial.factor]]", table);
        factor.keys(["name", "first", "second"].into_iter())?;
        let name = factor.string("name")?.ok_or_else(|| factor.missing("name"))?;
        if factors.iter().any(|f| f.name == name) {
            return Err(factor.refused(&table.at, format!("there are two factors called `{name}`")));
        }
        let levels = [level(&factor, "first")?, level(&factor, "second")?];
        if levels[0].0 == levels[1].0 {
            let sentence = format!("both levels of `{name}` are called `{}`", levels[0].0);
            return Err(factor.refused(&table.at, sentence));
        }
        factors.push(Factor { name, levels });
    }
    Ok(factors)
}

fn level(factor: &Place<'_>, key: &str) -> Result<(String, Option<Branch>), SuiteError> {
    let table = factor.branch(key)?.ok_or_else(|| factor.missing(key))?;
    let level = Place::new(format!("level `{key}`"), table);
    level.keys(["name", "settings"].into_iter())?;
    let name = level.string("name")?.ok_or_else(|| level.missing("name"))?;
    Ok((name, level.branch("settings")?.cloned()))
}

#[cfg(test)]
mod tests;
