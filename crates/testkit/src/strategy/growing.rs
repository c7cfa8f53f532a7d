//! Laws of the network between two steps.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{check_law, law};
use super::coverage::{Coverage, grows};
use super::driver::{NetworkState, cause, describe, same, through};
use super::subject::Subject;
use dentate_core::{Edit, Event, Parameter, Progress};
use dentate_growth::Law;

law! {
    /// After every step the graph keeps its invariants, its number of parameters agrees with its arithmetic and with the
    /// backend, and it equals the result of replaying the journal.
    the_graph_is_always_well_formed, WELL_FORMED = 24, &[Data::Plain], well_formed, grows
}

pub(super) fn well_formed(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let past = through(case, subject, |driver, before, after, progress| {
        after
            .graph
            .check()
            .map_err(|broken| format!("the graph is broken: {broken}"))?;
        // Running statistics of batch norm are held too, and are no parameters.
        let held = after
            .weights
            .keys()
            .filter(|(parameter, ..)| parameter.learned())
            .count();
        let counted = after.graph.parameter_count();
        if counted != held {
            return Err(format!(
                "the graph counts {counted} parameters, the backend holds {held}"
            ));
        }
        if progress == Progress::Edited {
            driver.coverage.checks += u64::from(!driver.own_since(before).is_empty());
            let journal = driver.learner.architecture().journal();
            let replayed = journal.replay(journal.events.len());
            if replayed.as_ref() != Ok(&after.graph) {
                return Err("replaying the journal gives another graph".into());
            }
        }
        Ok(())
    })?;
    Ok(past.coverage)
}

law! {
    /// A step that neither trains nor edits leaves the graph and every parameter as they were.
    declining_changes_nothing, DECLINING = 24, &[Data::Plain], declining, |_, _| true
}

pub(super) fn declining(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let past = through(case, subject, |driver, before, after, progress| {
        if progress != Progress::Measured {
            return Ok(());
        }
        driver.coverage.checks += 1;
        same(before, after).map_err(|what| format!("a step that was no update and no edit changed {what}"))
    })?;
    Ok(past.coverage)
}

law! {
    /// An edit leaves the parameters between surviving units as they were, unless the plan names them.
    old_weights_survive_growth, SURVIVING = 24, &[Data::Plain], surviving, resizes
}

/// A subject that only writes values, and adds or removes no unit, names all that it writes.
fn resizes(subject: &Subject, coverage: &Coverage) -> bool {
    grows(subject, coverage) && (coverage.edits == 0 || coverage.births + coverage.prunings > 0)
}

pub(super) fn surviving(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let past = through(case, subject, |driver, before, after, progress| {
        let events = driver.own_since(before);
        let Some(last) = events.last().filter(|_| progress == Progress::Edited) else {
            return Ok(());
        };
        let mut compared = false;
        for (name, old) in &before.weights {
            let Some(new) = after
                .weights
                .get(name)
                .filter(|_| !named(&events, name.0, before))
            else {
                continue;
            };
            compared = true;
            if new.value.to_bits() != old.value.to_bits() {
                let (what, cause) = (describe(name), cause(last));
                let (old, new) = (old.value, new.value);
                return Err(format!(
                    "{cause} does not name {what}, which went from {old} to {new}"
                ));
            }
        }
        driver.coverage.checks += u64::from(compared);
        Ok(())
    })?;
    Ok(past.coverage)
}

/// Returns whether one of the events names this block among its changed values.
pub(super) fn named(events: &[&Event], parameter: Parameter, before: &NetworkState) -> bool {
    let fed_by = |layer| match parameter {
        Parameter::Weight(id) => before.graph.connection(id).is_some_and(|c| c.from == layer),
        Parameter::Bias(id) => before.graph.out_of(layer).any(|c| c.to == id),
        _ => false,
    };
    let left_behind = |layer| matches!(parameter, Parameter::Bias(_)) && fed_by(layer);
    let by = |edit: &Edit| match edit {
        Edit::Adjust { parameter: named, .. } => *named == parameter,
        Edit::Split { layer, .. } => fed_by(*layer),
        Edit::Prune { layer, fold_mean, .. } | Edit::Replace { layer, fold_mean, .. } => {
            !fold_mean.is_empty() && left_behind(*layer)
        }
        Edit::InsertIdentity { connection, .. } => parameter == Parameter::Weight(*connection),
        _ => false,
    };
    events.iter().any(|event| match event {
        Event::Applied { plan, .. } => plan.edits.iter().any(by),
        Event::Replaced { layer, .. } => left_behind(*layer),
    })
}

law! {
    /// Parameters with a learning-rate scale of 0 keep every bit, through updates and through edits.
    /// A strategy that claims to freeze the past must do so in the test; for any other, a run reports how often it did.
    frozen_parameters_keep_every_bit, FROZEN = 24, &[Data::Plain], frozen, freezes
}

fn freezes(subject: &Subject, _: &Coverage) -> bool {
    matches!(subject, Subject::Strategy(strategy) if strategy.laws().contains(&Law::FreezesThePast))
}

pub(super) fn frozen(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let past = through(case, subject, |driver, before, after, progress| {
        for (name, old) in before.weights.iter().filter(|(_, weight)| weight.rate == 0.0) {
            driver.coverage.checks += 1;
            if let Some(new) = after.weights.get(name)
                && new.value.to_bits() != old.value.to_bits()
            {
                let (what, old, new) = (describe(name), old.value, new.value);
                let how = match (progress, driver.own_since(before).last()) {
                    (Progress::Edited, Some(event)) => cause(event),
                    _ => "an update".into(),
                };
                return Err(format!(
                    "{what} is frozen (rate 0), and {how} took it from {old} to {new}"
                ));
            }
        }
        Ok(())
    })?;
    Ok(past.coverage)
}
