//! `[scale.NAME]`: the same suite made smaller, to be tried out.

use super::error::SuiteError;
use super::place::Place;
use super::tree::{Branch, Kind, Node};

/// The scale at which a suite is as it is written.
pub(crate) const FULL: &str = "full";

/// The keys of a scale.
pub(super) const SCALE: &[&str] = &["seeds", "evaluation", "defaults", "stream"];

/// The names of a suite's scales, the full one first.
pub(super) fn names(top: &Branch) -> Result<Vec<String>, SuiteError> {
    let place = Place::new("the suite", top);
    let mut names = vec![FULL.to_owned()];
    let Some(scales) = place.branch("scale")? else {
        return Ok(names);
    };
    for name in scales.entries.keys() {
        let place = Place::new("[scale]", scales);
        if name == FULL {
            let message = format!("the scale `{FULL}` is the suite as it is written, and has no table");
            return Err(place.refused(&scales.find(name), message));
        }
        if let Some(table) = place.branch(name)? {
            Place::new(format!("[scale.{name}]"), table).keys(SCALE.iter().copied())?;
        }
        names.push(name.clone());
    }
    Ok(names)
}

/// A suite's document at one of its scales: what the scale's table says stands over what the suite says, table by table; `stream`
/// is said of each stream.
pub(super) fn applied(top: &Branch, scale: &str) -> Result<Branch, SuiteError> {
    let known = names(top)?;
    let plain = top.without(&["scale"]);
    if scale == FULL {
        return Ok(plain);
    }
    let scales = Place::new("the suite", top).branch("scale")?;
    let Some(over) = scales
        .map(|s| Place::new("[scale]", s).branch(scale))
        .transpose()?
        .flatten()
    else {
        let place = Place::new("the suite", top);
        let known = known.iter().map(String::as_str);
        return Err(place.unknown_value(&top.at, "--scale", scale, known));
    };
    let mut whole = plain.merged(&over.without(&["stream"]));
    let own = Place::new(format!("[scale.{scale}]"), over).branch("stream")?;
    if let (Some(own), Some((_, node))) = (own, whole.entries.get_mut("stream"))
        && let Kind::List(streams) = &mut node.kind
    {
        streams.iter_mut().for_each(|stream| overlay(stream, own));
    }
    Ok(whole)
}

fn overlay(node: &mut Node, over: &Branch) {
    if let Kind::Table(table) = &node.kind {
        node.kind = Kind::Table(table.merged(over));
    }
}

#[cfg(test)]
mod tests;
