//! Claims in sentences: how many hold, and for each what departs from its source and why it is not held.

use crate::claims::{ClaimOutcome, Tested, count};
use crate::format::plural;

/// The number of claims that hold.
pub(crate) fn claims(tested: &[Tested<'_>]) -> String {
    let count = count(tested);
    let mut said = format!("Of {}, {} held", plural(tested.len(), "claim"), be(count.held));
    if count.missed > 0 {
        let causes = tested
            .iter()
            .filter(|t| t.outcome == ClaimOutcome::Missed && !t.claim.cause.is_empty());
        let causes = match (causes.count(), count.missed) {
            (0, _) => String::new(),
            (n, missed) if n == missed => " (with a tested cause)".into(),
            (n, _) => format!(" ({n} of them with a tested cause)"),
        };
        said.push_str(&format!(", {} not{causes}", be(count.missed)));
    }
    if count.untestable > 0 {
        said.push_str(&format!(", {} not testable", be(count.untestable)));
    }
    let open = tested.iter().filter(|t| t.sure == Some(false)).count();
    said.push('.');
    if open > 0 {
        said.push_str(&format!(
            " Of {}, the interval leaves open which it is.",
            match open {
                1 => "one".into(),
                n => n.to_string(),
            }
        ));
    }
    said
}

fn be(n: usize) -> String {
    format!("{n} {}", if n == 1 { "is" } else { "are" })
}

/// The text beside the table for each claim with something to add: the reason why it is not testable, departures from the
/// published protocol, the cause of a miss.
pub(crate) fn notes(tested: &[Tested<'_>]) -> Vec<(String, String)> {
    let of = |t: &Tested<'_>| {
        let mut said: Vec<String> = Vec::new();
        if let ClaimOutcome::Untestable(reason) = &t.outcome {
            said.push(format!("Not testable: {reason}."));
        }
        if !t.claim.departures.is_empty() {
            said.push(format!("Departures: {}", ended(&t.claim.departures)));
        }
        if t.outcome == ClaimOutcome::Missed && !t.claim.cause.is_empty() {
            said.push(format!("Cause: {}", ended(&t.claim.cause)));
        }
        (t.claim.what.clone(), said.join(" "))
    };
    tested
        .iter()
        .map(of)
        .filter(|(_, said)| !said.is_empty())
        .collect()
}

/// A text with a full stop, on one line.
fn ended(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}
