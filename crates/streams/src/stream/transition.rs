//! Gradual transitions between tasks: rows of the next task among the last ones of an experience.

use super::{Experience, Part, RowSet};
use dentate_core::{ConfigError, Scenario, Seed, StreamFacts};
use rand::seq::SliceRandom;

/// Refuses a transition where it has no meaning.
pub(crate) fn check(transition: f64, scenario: Scenario, online: bool) -> Result<(), ConfigError> {
    let refused = |range: &str| Err(ConfigError::new("transition", transition, range));
    if transition == 0.0 {
        Ok(())
    } else if scenario != Scenario::DomainIncremental {
        refused(
            "0 unless the scenario is domain-incremental: elsewhere the network has no outputs for the next task's classes before \
             the boundary",
        )
    } else if online {
        Ok(())
    } else {
        refused(
            "0 unless `online` is set: where rows are visited again, each pass would end like the next task",
        )
    }
}

/// The number of rows of the next task that an experience shows: half of a window of `transition` times the smaller task.
fn early(transition: f64, rows: usize, next: usize) -> usize {
    (transition / 2.0 * rows.min(next) as f64) as usize
}

/// Moves rows of each task but the first, drawn at random, to the experience before it, and to no other.
pub(crate) fn blend(experiences: &mut [Experience], transition: f64, seed: Seed) {
    let rows: Vec<usize> = experiences.iter().map(|e| e.train.len()).collect();
    for task in 1..experiences.len() {
        let count = early(transition, rows[task - 1], rows[task]);
        if count == 0 {
            continue;
        }
        let train = &experiences[task].train;
        let mut drawn = train.rows.to_vec();
        drawn.shuffle(&mut seed.derive(&format!("transition/{task}")).random());
        let mut left = drawn.split_off(count);
        drawn.sort_unstable();
        left.sort_unstable();
        let part = |rows| Part {
            rows: RowSet::from(rows),
            ..train.clone()
        };
        let (ahead, train) = (part(drawn), part(left));
        experiences[task - 1].ahead = Some(ahead);
        experiences[task].train = train;
    }
}

/// The facts of the stream after [`blend`], from those before it.
pub(crate) fn blended(mut facts: StreamFacts, transition: f64) -> StreamFacts {
    let rows: Vec<Option<usize>> = facts.experiences.iter().map(|e| e.train).collect();
    let moved = |task: usize| {
        let of = |task: usize| rows.get(task).copied();
        match (of(task), of(task + 1)) {
            (Some(rows), Some(next)) => Some(early(transition, rows?, next?)),
            _ => Some(0),
        }
    };
    for (task, experience) in facts.experiences.iter_mut().enumerate() {
        let before = if task == 0 { Some(0) } else { moved(task - 1) };
        let shown = || Some((rows[task]? + moved(task)?).saturating_sub(before?));
        experience.train = shown();
    }
    facts
}

/// Mixes the rows of the next task, `ahead`, into the last 2 × `ahead.len()` places, so that their share rises linearly from 0 to 1: the
/// first `j` of `w` such places have `⌊j² / 2w⌋` of them.
pub(crate) fn mixed(own: Vec<u32>, ahead: Vec<u32>) -> Vec<u32> {
    let window = 2 * ahead.len();
    let total = own.len() + ahead.len();
    let before = total.saturating_sub(window);
    let until = |place: usize| place * place / (2 * window).max(1);
    let (mut own, mut ahead) = (own.into_iter(), ahead.into_iter());
    let mut order: Vec<u32> = own.by_ref().take(before).collect();
    for place in 0..total - before {
        let next = if until(place + 1) > until(place) {
            ahead.next().or_else(|| own.next())
        } else {
            own.next().or_else(|| ahead.next())
        };
        order.extend(next);
    }
    order
}

#[cfg(test)]
mod tests;
