//! The comparisons that a suite plans: every method with the control, and every growing method with its static twins. They are corrected
//! together, so that alike methods have one chance in twenty in all of them.

use super::{MethodRow, Role, Verdict, paired};
use crate::metrics::Metric;
use crate::statistics::{Paired, holm};
use crate::suite::Suite;

/// Enters the verdicts of the planned comparisons. A reference's difference from the control is shown and not tested.
pub(super) fn enter(suite: &Suite, rows: &mut [MethodRow], metric: Metric) {
    let pairs = planned(suite, rows);
    let differences: Vec<Option<Paired>> = pairs
        .iter()
        .map(|(one, other)| paired(&rows[*one], &rows[*other], metric))
        .collect();
    let in_family = |i: &usize| {
        let tested = rows[pairs[*i].0].role != Role::Reference;
        differences[*i].filter(|_| tested)?.in_family()
    };
    let family: Vec<usize> = (0..pairs.len()).filter(|i| in_family(i).is_some()).collect();
    let p: Vec<f64> = family.iter().filter_map(in_family).collect();
    let mut adjusted = vec![None; pairs.len()];
    for (i, p) in family.into_iter().zip(holm(&p)) {
        adjusted[i] = Some(p);
    }
    for (((one, other), difference), adjusted) in pairs.into_iter().zip(differences).zip(adjusted) {
        let verdict = difference.map(|paired| Verdict::of(paired, adjusted));
        let (twin, control) = (rows[other].method, rows[other].role == Role::Control);
        if control {
            rows[one].against_control = verdict;
        } else if let Some(verdict) = verdict {
            rows[one].against_twins.insert(twin, verdict);
        }
    }
}

/// Pairs of rows: others with the control, and growing methods with twins, unless one of the two is the control.
fn planned(suite: &Suite, rows: &[MethodRow]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if let Some(control) = rows.iter().position(|r| r.role == Role::Control) {
        pairs.extend((0..rows.len()).filter(|i| *i != control).map(|i| (i, control)));
    }
    for (twin, row) in rows.iter().enumerate() {
        let Some(of) = &suite.manifest.methods[row.method].twin else {
            continue;
        };
        let grown = rows
            .iter()
            .position(|r| suite.manifest.methods[r.method].name == of.of);
        let pair = grown.map(|grown| (grown, twin));
        pairs.extend(pair.filter(|(one, other)| {
            rows[*one].role == Role::Contender && rows[*other].role == Role::Contender
        }));
    }
    pairs
}

#[cfg(test)]
mod tests;
