//! Effects of the factors of a factorial design, one table per metric.

use super::{Head, Line, Table};
use crate::comparison::StreamComparison;
use crate::effects::of_metrics;
use crate::format::{self, ABSENT};
use crate::metrics::Unit;
use crate::statistics::Untested;
use crate::suite::Suite;

/// A table for each metric; none if there is no factorial design.
pub(crate) fn effects(suite: &Suite, c: &StreamComparison) -> Vec<Table> {
    let of = of_metrics(suite, c).into_iter().map(|(metric, effects)| {
        let (unit, title) = match metric.unit() {
            Unit::Percent | Unit::Fall | Unit::Points => (Unit::Points, "points"),
            unit => (unit, ""),
        };
        let rows = effects.iter().map(|effect| {
            let levels = effect.levels.as_ref();
            let compared = levels.map(|(second, first)| format!("{second} − {first}"));
            let untested = || effect.paired.p.err().map(|why| why.words().to_string());
            let p = effect.adjusted.map(format::p_value).or_else(untested);
            let cells = [
                effect.name(),
                compared.unwrap_or_else(|| ABSENT.into()),
                format::difference(unit, &effect.paired.difference),
                p.unwrap_or_else(|| ABSENT.into()),
            ];
            Line::plain(cells)
        });
        let few = effects
            .iter()
            .all(|e| e.paired.p == Err(Untested::TooFewSeeds));
        let mut table = Table {
            id: String::new(),
            caption: format!("Effects on {}: mean over seeds and 95% interval.", metric.title()),
            head: vec![
                Head::text("Factor", ""),
                Head::text("Levels", "The compared levels; an interaction compares differences."),
                Head::number(
                    "Effect",
                    title,
                    "Main effect: mean at the second level less the mean at the first. Interaction: half of the difference of \
                     the one factor's effect at the other's two levels. Intervals are not corrected.",
                ),
                Head::number(
                    "p",
                    "",
                    "Paired t-test over seeds, Holm-corrected over the effects of this table.",
                ),
            ],
            rows: rows.collect(),
        };
        // That there is no test is said in a sentence.
        if few {
            table.head.pop();
            table.rows.iter_mut().for_each(|line| drop(line.cells.pop()));
        }
        table
    });
    of.collect()
}
