//! The table of published claims.

use super::{ABSENT, Head, Line, Table};
use crate::claims::Tested;
use crate::format;
use crate::metrics::Unit;
use crate::statistics::Estimate;
use dentate_core::record::Assertion;

/// Every claim with what was found; `None` if the suite makes none.
pub(crate) fn claims(tested: &[Tested<'_>]) -> Option<Table> {
    if tested.is_empty() {
        return None;
    }
    let head = vec![
        Head::text("Claim", ""),
        Head::number(
            "Asserted",
            "",
            "The published figure with the tolerance given to it, or the order that is asserted.",
        ),
        Head::number(
            "Found",
            "",
            "Mean over seeds ± half of its 95% interval; a difference is paired by seed.",
        ),
        Head::number("Seeds", "", "Seeds that the mean is over."),
        Head::text(
            "Verdict",
            "Held if the mean (or, for claims about each run, every value) is as asserted.",
        ),
        Head::text(
            "Certain",
            "Whether the whole 95% interval agrees with the verdict: yes, or open.",
        ),
        Head::text("Source", ""),
    ];
    let line = |t: &Tested<'_>| {
        let cells = [
            t.claim.what.clone(),
            asserted(t),
            t.found
                .as_ref()
                .map_or_else(|| ABSENT.into(), |e| found(t.unit, e)),
            t.found.map_or_else(|| ABSENT.into(), |e| e.n.to_string()),
            t.outcome.words().into(),
            certain(t.sure).into(),
            t.claim.source.clone(),
        ];
        Line::plain(cells)
    };
    Some(Table {
        id: String::new(),
        caption: "Published claims, held against these results.".into(),
        head,
        rows: tested.iter().map(line).collect(),
    })
}

/// The columns that fit a terminal.
pub(crate) fn brief_claims(tested: &[Tested<'_>]) -> Option<Table> {
    let mut table = claims(tested)?;
    table.head.truncate(6);
    table.rows.iter_mut().for_each(|line| line.cells.truncate(6));
    Some(table)
}

fn certain(sure: Option<bool>) -> &'static str {
    match sure {
        Some(true) => "yes",
        Some(false) => "open",
        None => ABSENT,
    }
}

/// `81.1 ± 1.5`, or `> 0`.
fn asserted(t: &Tested<'_>) -> String {
    let text = match t.claim.assertion {
        Assertion::Near { figure, tolerance } => {
            format!("{} ± {}", plain(figure), plain(tolerance))
        }
        Assertion::Ordered { order, figure } => format!("{} {}", sign(order.sign()), plain(figure)),
    };
    if t.claim.each {
        format!("each {text}")
    } else {
        text
    }
}

fn sign(sign: &str) -> &str {
    match sign {
        ">=" => "≥",
        "<=" => "≤",
        sign => sign,
    }
}

/// A figure as it was published: with as many decimals as it has.
fn plain(figure: f64) -> String {
    format!("{figure}").replace('-', "−")
}

/// A found mean in the unit of its figure: with two decimals where it is a percentage.
fn found(unit: Option<Unit>, e: &Estimate) -> String {
    let write = |v: f64| match unit {
        Some(Unit::Percent | Unit::Points | Unit::Fall) => format!("{v:.2}").replace('-', "−"),
        Some(unit) => format::value(unit, v),
        None => format::significant(v),
    };
    match e.half_width {
        Some(half) if half > 0.0 => format!("{} ± {}", write(e.mean), write(half)),
        _ => write(e.mean),
    }
}
