//! A difference of two methods in words, with its test.

use crate::comparison::Verdict;
use crate::format::{self, plural};
use crate::metrics::{Metric, Unit};
use crate::statistics::{Estimate, Untested};

pub(super) fn short(metric: Metric, verdict: &Verdict) -> String {
    let e = &verdict.paired.difference;
    let mean = match metric.unit() {
        Unit::Percent => format!("{} points", format::points(e.mean)),
        unit => format::difference(
            unit,
            &Estimate {
                half_width: None,
                ..*e
            },
        ),
    };
    match verdict.paired.p {
        // Said once for all differences, with numbers.
        Err(Untested::TooFewSeeds) => mean,
        Err(untested) => format!("{mean} ({})", untested.words()),
        Ok(_) => format!("{mean} ({}{})", p_of(verdict), significance(verdict)),
    }
}

/// The difference of two methods, and whether it is significant.
pub(super) fn apart(metric: Metric, verdict: &Verdict, correction: &str) -> String {
    let e = &verdict.paired.difference;
    let (unit, points) = match metric.unit() {
        Unit::Percent => (Unit::Points, " points"),
        unit => (unit, ""),
    };
    let (mean, interval) = format::spoken_difference(unit, e);
    // Too few seeds are said once for all differences, with numbers.
    let untested = match verdict.paired.p {
        Err(Untested::TooFewSeeds) => String::new(),
        Err(untested) => format!(": {}", untested.words()),
        Ok(_) => ": not tested".into(),
    };
    let Some(interval) = interval else {
        return match e.n {
            1 => format!("the difference is {mean}{points} on a single shared seed"),
            // Of two seeds there is an interval that is not said.
            n if e.half_width.is_some() => {
                format!("the difference is {mean}{points} over {n} shared seeds{untested}")
            }
            n => format!("the difference is {mean}{points} on each of {n} shared seeds{untested}"),
        };
    };
    let Some(p) = verdict.adjusted else {
        let seeds = plural(e.n, "shared seed");
        return format!("the difference is {mean}{points} over {seeds} (95% interval {interval}){untested}");
    };
    let verdict = if verdict.significant {
        "significant"
    } else {
        "not significant"
    };
    let sign = if p < 0.001 { "p\u{a0}" } else { "p\u{a0}=\u{a0}" };
    format!(
        "the difference is {mean}{points} (95% interval {interval}; {sign}{}, {correction}): {verdict}",
        format::p_value(p)
    )
}

/// `p = 0.012, `, if there is a corrected p-value.
fn p_of(verdict: &Verdict) -> String {
    verdict.adjusted.map_or_else(String::new, |p| {
        let sign = if p < 0.001 { "p\u{a0}" } else { "p\u{a0}=\u{a0}" };
        format!("{sign}{}, ", format::p_value(p))
    })
}

fn significance(verdict: &Verdict) -> &'static str {
    if verdict.significant {
        "significant"
    } else {
        "not significant"
    }
}
