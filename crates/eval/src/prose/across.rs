//! The methods across streams, in sentences.

use super::name;
use crate::format::{list, plural};
use crate::ranks::Across;
use crate::statistics::{CONFIDENCE, MOST_METHODS};
use crate::suite::Suite;

/// Sentences about mean ranks, whatever there is to say of them.
pub(crate) fn across(suite: &Suite, across: &Across) -> Vec<String> {
    let title = |method: &usize| format!("**{}**", name(&suite.manifest.methods[*method].title));
    let (methods, streams) = (across.methods.len(), across.streams.len());
    let mut said = match &across.test {
        None => vec![format!(
            "{methods} methods on {streams} streams are too many to be told apart by their ranks: that is tested for at most {MOST_METHODS}."
        )],
        Some(test) => {
            let order = test.order();
            let best = &across.methods[order[0]];
            let p = match test.p {
                p if p < 0.001 => "p < 0.001".to_owned(),
                p => format!("p = {p:.3}"),
            };
            let mut said = vec![format!(
                "By {} over {}, {} has the best mean rank, {:.2} of {methods}.",
                across.metric.title(),
                plural(streams, "stream"),
                title(best),
                test.ranks[order[0]],
            )];
            let apart = order
                .iter()
                .filter(|i| test.ranks[**i] - test.ranks[order[0]] > test.critical_difference)
                .map(|i| title(&across.methods[*i]));
            let apart: Vec<String> = apart.collect();
            said.push(if test.p >= 1.0 - CONFIDENCE {
                format!(
                    "The Friedman test finds no difference ({p}): with so few streams, mean ranks less than {:.2} apart cannot be told apart.",
                    test.critical_difference
                )
            } else if apart.is_empty() {
                format!(
                    "The Friedman test finds a difference ({p}), and none is as large as the critical one of {:.2} ranks from the best.",
                    test.critical_difference
                )
            } else {
                format!(
                    "The Friedman test finds a difference ({p}); more than the critical {:.2} ranks behind the best {} {}.",
                    test.critical_difference,
                    if apart.len() == 1 { "is" } else { "are" },
                    list(&apart)
                )
            });
            said
        }
    };
    if !across.left_out.is_empty() {
        let titles: Vec<String> = across.left_out.iter().map(title).collect();
        said.push(format!(
            "Without a result on each of these streams, and left out: {}.",
            list(&titles)
        ));
    }
    said
}
