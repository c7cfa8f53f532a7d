//! The table of every method against every other.

use super::{ABSENT, Head, Line, Suite, Table, said};
use crate::comparison::StreamComparison;
use crate::format;
use crate::metrics::{Metric, Unit};
use crate::pairs::Pair;
use crate::statistics::{Estimate, Untested};

/// The most methods whose pairs are listed on a page: of more, `pairs.csv` has them.
const MOST: usize = 16;

/// The pairs of a stream; `None` if there are fewer than two, or too many for a page.
pub(crate) fn pairs_table(suite: &Suite, c: &StreamComparison, pairs: &[Pair]) -> Option<Table> {
    if pairs.len() < 2 || pairs.len() > MOST * (MOST - 1) / 2 {
        return None;
    }
    let unit = match c.metric().unit() {
        Unit::Percent => Unit::Points,
        unit => unit,
    };
    let points = if unit == Unit::Points { "points" } else { "" };
    let head = vec![
        Head::text("Method", ""),
        Head::text("Against", ""),
        Head::number("Seeds", "", "Seeds that both finished."),
        Head::number(
            "Difference",
            points,
            "Mean difference over these seeds, with its 95% Student interval, not corrected.",
        ),
        Head::number(
            "Bootstrap",
            points,
            "95% BCa bootstrap interval of the mean, from 9,999 resamples; of five seeds it covers about 83% of means.",
        ),
        Head::number(
            "Effect",
            "d_z",
            "Mean difference over the standard deviation of the differences, with Hedges' correction for few seeds.",
        ),
        Head::number(
            "Superior",
            "%",
            "Share of seeds on which the first is larger, ties as half.",
        ),
        Head::number(
            "p by signs",
            "",
            "Exact two-sided sign-flip test, not corrected, with the smallest value that so many seeds can reach.",
        ),
        Head::number(
            "p",
            "",
            "Paired t-test, Holm-corrected over all pairs of the stream.",
        ),
        Head::text(
            "Verdict",
            "With the control, and of a growing method with its twin, that of this comparison, which is corrected for fewer tests; else significant \
             below 0.01, or 0.05 where there are none of these, so that alike methods are told apart in about 5% of reports.",
        ),
    ];
    let title = |row: usize| suite.manifest.methods[c.rows[row].method].title.clone();
    let line = |pair: &Pair| {
        let cells = [
            title(pair.one),
            title(pair.other),
            pair.paired.difference.n.to_string(),
            format::difference(unit, &pair.paired.difference),
            bootstrap(unit, pair),
            pair.size
                .hedges
                .map_or_else(|| ABSENT.into(), |d| format!("{d:.2}").replace('-', "−")),
            format!("{:.0}", 100.0 * pair.size.superiority),
            signs(pair),
            pair.adjusted.map_or_else(|| ABSENT.into(), format::p_value),
            verdict(pair, c.metric()).to_owned(),
        ];
        Line::plain(cells)
    };
    let mut table = Table {
        id: String::new(),
        caption: "Any method against any other, seed by seed, by the measure of the ranking.".into(),
        head,
        rows: pairs.iter().map(line).collect(),
    };
    without_empty(&mut table);
    Some(table)
}

fn bootstrap(unit: Unit, pair: &Pair) -> String {
    let Some(interval) = &pair.bootstrap else {
        return ABSENT.into();
    };
    // Written as a difference without its mean.
    let written = |v: f64| {
        let value = Estimate {
            n: pair.paired.difference.n,
            mean: v,
            sd: None,
            half_width: None,
        };
        format::difference(unit, &value)
    };
    format!("{} to {}", written(interval.low), written(interval.high))
}

/// `0.063 (≥ 0.063)`.
fn signs(pair: &Pair) -> String {
    let (p, least) = (
        format::p_value(pair.sign_flip.p),
        format::p_value(pair.sign_flip.least),
    );
    format!("{p} (least {least})")
}

fn verdict(pair: &Pair, metric: Metric) -> &'static str {
    match pair.paired.p.err() {
        Some(Untested::TooFewSeeds) => ABSENT,
        untested => said(pair.paired.difference.mean, metric, pair.significant, untested),
    }
}

/// Takes out the columns without an entry.
pub(super) fn without_empty(table: &mut Table) {
    for column in (0..table.head.len()).rev() {
        if table.rows.iter().all(|line| line.cells[column].text == ABSENT) {
            table.head.remove(column);
            table.rows.iter_mut().for_each(|line| {
                line.cells.remove(column);
            });
        }
    }
}

#[cfg(test)]
mod tests;
