//! Laws of parameter-shaped state: moments, importances, anchors.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{check_law, law};
use super::coverage::{Coverage, grows};
use super::driver::{NetworkState, cause, describe, through};
use super::growing::named;
use super::subject::Subject;
use super::weights::{Name, state};
use dentate_core::{Event, Origin, Progress, SlotKind, UnitId};

law! {
    /// An edit carries the state of the optimizer and the mechanisms along with the weights: surviving entries keep it, and new
    /// ones start with the default of their kind of state.
    state_follows_growth, FOLLOWS = 24, &[Data::Plain], follows, grows
}

pub(super) fn follows(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let past = through(case, subject, |driver, before, after, progress| {
        let events = driver
            .learner
            .architecture()
            .journal()
            .events
            .iter()
            .skip(before.events);
        let events: Vec<&Event> = events.collect();
        let Some(last) = events.last().filter(|_| progress == Progress::Edited) else {
            return Ok(());
        };
        let mut any = false;
        let old = state(&before.graph, &before.arrays);
        for (slot, new) in state(&after.graph, &after.arrays) {
            let Some(kind) = kind(&slot) else { continue };
            let Some(old) = old.get(&slot) else { continue };
            any = true;
            for (name, &value) in &new {
                let wanted = match old.get(name) {
                    // Values that the plan names may be set by it: the coefficients of a split, the block behind a new layer.
                    None if named(&events, name.0, before) => continue,
                    Some(_) if kind.follows_weights() && named(&events, name.0, before) => continue,
                    Some(&kept) => kept,
                    None if copied(after, name) => continue,
                    None if kind.follows_weights() => after.weights.get(name).map_or(value, |w| w.value),
                    None => kind.fresh(),
                };
                if value.to_bits() != wanted.to_bits() {
                    let (what, cause) = (describe(name), cause(last));
                    return Err(format!(
                        "{cause} left {slot} of {what} at {value}, and it should be {wanted}"
                    ));
                }
            }
        }
        // A new head is added by the learner.
        let own = !driver.own_since(before).is_empty();
        driver.coverage.checks += u64::from(any && own);
        Ok(())
    })?;
    Ok(past.coverage)
}

/// The kind of a slot, from its name.
fn kind(slot: &str) -> Option<SlotKind> {
    let fits = |kind: &SlotKind| {
        slot.strip_prefix(kind.name())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    SlotKind::ALL.into_iter().find(fits)
}

/// Returns whether an entry belongs to a copied unit, which has the state of its original.
fn copied(moment: &NetworkState, (_, target, source, _): &Name) -> bool {
    let copy = |unit: UnitId| {
        let mut units = moment.graph.layers().flat_map(|l| &l.units);
        units.any(|u| u.id == unit && matches!(u.origin, Origin::SplitFrom(_)))
    };
    target.is_some_and(copy) || source.is_some_and(copy)
}
