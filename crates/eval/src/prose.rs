//! The findings as computed sentences. `**` emphasises names, as in Markdown; [`parts`] splits a sentence for the writers.

use crate::comparison::{MethodRow, Scoring, StreamComparison};
use crate::suite::Suite;

mod absent;
mod across;
mod choosing;
mod claims;
mod difference;
mod effects;
mod growing;
mod leading;
mod open;
mod price;
mod solving;
mod states;
pub(crate) use absent::never_grew;
pub(crate) use across::across;
pub(crate) use claims::{claims, notes};
use difference::apart;
use effects::effects;
pub(crate) use growing::{budget, twins};
use leading::{lead, leading};
use price::price;
pub(crate) use solving::Solving;
use solving::solving;
use states::unfinished;
pub(crate) use states::{counts, inexact};

/// Replaces a `*` in a name, which must not be taken for emphasis.
const STAR: &str = "\u{e02a}";

/// Replaces a backtick in a name, which must not be taken for code.
const TICK: &str = "\u{e02b}";

/// A name from outside, within a sentence.
pub(crate) fn name(text: &str) -> String {
    text.replace('*', STAR).replace('`', TICK)
}

/// A text as it is read.
fn restored(text: &str) -> String {
    text.replace(STAR, "*").replace(TICK, "`")
}

/// The kind of a part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Strong,
    Code,
}

/// The parts of a sentence, each with whether it is emphasised.
pub(crate) fn parts(sentence: &str) -> impl Iterator<Item = (bool, String)> {
    let parts = sentence.split("**").enumerate();
    parts.map(|(i, part)| (i % 2 == 1, restored(part)))
}

/// The parts of a sentence, in which backticks mark what is written in a program.
pub(crate) fn spans(sentence: &str) -> impl Iterator<Item = (Kind, String)> {
    let strong = sentence.split("**").enumerate();
    strong.flat_map(|(i, part)| {
        // A mark without its other half is a letter.
        let marks = part.matches('`').count();
        let part = if marks % 2 == 0 {
            part.to_owned()
        } else {
            part.replace('`', TICK)
        };
        let kind = move |k: usize| match (i % 2 == 1, k % 2 == 1) {
            (true, _) => Kind::Strong,
            (_, true) => Kind::Code,
            _ => Kind::Plain,
        };
        let pieces = part.split('`').enumerate();
        let spans: Vec<(Kind, String)> = pieces.map(|(k, piece)| (kind(k), restored(piece))).collect();
        spans
    })
}

/// The sentences about a stream, by the question that they answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The outcome in short.
    pub(crate) headline: Vec<String>,
    /// The leader in one sentence; empty where no mean is ranked by.
    pub(crate) lead: Option<String>,
    /// The cost of the leader.
    pub(crate) price: Option<String>,
    /// The power of so many seeds.
    pub(crate) power: Option<String>,
    /// A sentence if its seeds are too few for any test.
    pub(crate) too_few: Option<String>,
    /// The best method, and whether it is.
    pub(crate) best: Vec<String>,
    /// The gain by growth.
    pub(crate) growth: Vec<String>,
    /// The gain by growth in one sentence beside that on the leader.
    pub(crate) growth_short: Option<String>,
    /// True if the leader grows.
    pub(crate) leader_grows: bool,
    /// True if it is what the suite asks, because it has a static twin.
    pub(crate) growth_first: bool,
    /// Methods that never grew, with reasons.
    pub(crate) never_grew: Vec<String>,
    /// The quantities of forgetting that are absent, with the reasons.
    pub(crate) forgetting: Vec<String>,
    /// Effects of factors.
    pub(crate) effects: Vec<String>,
    /// Settings that follow from other runs.
    pub(crate) choosing: Vec<String>,
}

impl Said {
    pub(crate) fn of(suite: &Suite, c: &StreamComparison) -> Self {
        let mut best = if c.scoring == Scoring::Solving {
            solving(suite, c)
        } else {
            leading(suite, c)
        };
        best.extend(absent::ranking(suite, c));
        best.extend(absent::test_rows(suite, c));
        best.extend(unfinished(suite, c));
        let growth = growing::growing(suite, c);
        let forgetting = [
            absent::forward_transfer(suite, c),
            absent::min_accuracy(suite, c),
            absent::intransigence(c),
        ];
        let leader = c.lead.map(|lead| &c.rows[lead.row]);
        let seeds_of = |row: &MethodRow| row.estimates.get(&c.metric()).map(|e| e.n);
        Self {
            headline: headline(suite, c, &growth),
            lead: lead(suite, c),
            price: leader.and_then(|leader| price(suite, c, leader)),
            power: leader.and_then(seeds_of).and_then(|n| seeds(suite, c, n, SINGLE)),
            too_few: open::too_few(suite, c),
            best,
            growth_short: growing::short(suite, c).or_else(|| growth.first().cloned()),
            growth,
            leader_grows: leader.is_some_and(|row| suite.manifest.methods[row.method].grows),
            growth_first: growing::asked(suite, c),
            never_grew: never_grew(suite, c),
            forgetting: forgetting.into_iter().flatten().collect(),
            effects: effects(suite, c),
            choosing: choosing::choosing(suite, c),
        }
    }
}

/// The outcome on a stream in one sentence.
fn headline(suite: &Suite, c: &StreamComparison, growth: &[String]) -> Vec<String> {
    let leader = c.lead.map(|lead| &c.rows[lead.row]);
    let (Some(said), Some(leader)) = (lead(suite, c), leader) else {
        let mut said = if c.scoring == Scoring::Solving {
            solving(suite, c)
        } else {
            leading(suite, c)
        };
        said.extend(never_grew(suite, c));
        said.extend(unfinished(suite, c));
        return said;
    };
    let mut said = vec![said];
    // A suite with twins asks what growth brings, which is then answered first.
    let place = if growing::asked(suite, c) { 0 } else { 1 };
    let short = growing::short(suite, c).or_else(|| growth.first().cloned());
    said.splice(place..place, short);
    said.extend(price(suite, c, leader));
    let n = leader.estimates.get(&c.metric()).map_or(0, |e| e.n);
    said.extend(seeds(suite, c, n, SINGLE));
    said.extend(absent::ranking(suite, c));
    said.extend(absent::test_rows(suite, c));
    said.extend(never_grew(suite, c));
    said.extend(unfinished(suite, c));
    said
}

/// The sentence on a single seed.
const SINGLE: &str = "From a single seed, so nothing is significant.";

fn title(suite: &Suite, row: &MethodRow) -> String {
    format!("**{}**", name(&suite.manifest.methods[row.method].title))
}

/// The power of so many seeds, where something is open; of a single one, the sentence given.
fn seeds(suite: &Suite, c: &StreamComparison, seeds: usize, single: &str) -> Option<String> {
    match seeds {
        1 => Some(single.to_owned()),
        _ => open::detectable_difference(suite, c),
    }
}
