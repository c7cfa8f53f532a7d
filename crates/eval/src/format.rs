//! Number formats: the same in the terminal, in Markdown and in HTML.

use crate::metrics::Unit;
use crate::statistics::Estimate;

/// The placeholder for a quantity that does not exist.
pub(crate) const ABSENT: &str = "–";

/// A value in its unit, without the unit's name.
pub(crate) fn value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Percent => format!("{:.1}", value * 100.0),
        Unit::Points => points(value),
        Unit::Fall => points(value).trim_start_matches('+').to_owned(),
        Unit::Ratio => format!("{value:.2}"),
        Unit::Count => count(value),
        Unit::Operations | Unit::Bytes => operations(value),
        Unit::Error | Unit::Number => significant(value),
    }
}

/// A mean with half its interval, if there is one of a width above 0.
pub(crate) fn estimate(unit: Unit, e: &Estimate) -> String {
    let mean = value(unit, e.mean);
    match e.half_width {
        Some(half) if half > 0.0 => format!("{mean} ± {}", spread(unit, half)),
        _ => mean,
    }
}

fn spread(unit: Unit, half: f64) -> String {
    match unit {
        Unit::Percent | Unit::Points | Unit::Fall => format!("{:.1}", half * 100.0),
        _ => value(unit, half),
    }
}

/// A difference of shares in percentage points, signed.
pub(crate) fn points(difference: f64) -> String {
    signed(difference * 100.0, |v| format!("{v:.1}"))
}

/// A difference with its interval: `+2.0 [0.5, 3.5]`.
pub(crate) fn difference(unit: Unit, e: &Estimate) -> String {
    let write = |v: f64| match unit {
        Unit::Percent | Unit::Points => points(v),
        _ => signed(v, |v| value(unit, v)),
    };
    match e.interval() {
        Some((low, high)) => format!("{} [{}, {}]", write(e.mean), write(low), write(high)),
        None => write(e.mean),
    }
}

fn signed(v: f64, write: impl Fn(f64) -> String) -> String {
    let text = write(v.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        text
    } else {
        format!("{}{text}", if v < 0.0 { '−' } else { '+' })
    }
}

/// A difference with half its interval: `+2.0 ± 1.5`.
pub(crate) fn brief_difference(unit: Unit, e: &Estimate) -> String {
    let mean = difference(
        unit,
        &Estimate {
            half_width: None,
            ..*e
        },
    );
    e.half_width
        .map_or_else(|| mean.clone(), |half| format!("{mean} ± {}", spread(unit, half)))
}

/// A p-value, `0.031` or `< 0.001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 {
        "<\u{a0}0.001".into()
    } else {
        format!("{p:.3}")
    }
}

/// A count with thousands separators: `12,345`; halves keep one decimal.
pub(crate) fn count(v: f64) -> String {
    if v.abs() < 100.0 && (v - v.round()).abs() >= 0.05 {
        return format!("{v:.1}");
    }
    let digits = format!("{:.0}", v.abs());
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if v < 0.0 && digits != "0" {
        format!("−{text}")
    } else {
        text
    }
}

/// A large number with a prefix and three digits: `1.24 G`.
pub(crate) fn operations(v: f64) -> String {
    for (size, prefix) in [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] {
        if v.abs() >= size {
            return format!("{} {prefix}", three_digits(v / size));
        }
    }
    count(v)
}

fn three_digits(v: f64) -> String {
    match v.abs() {
        a if a >= 100.0 => format!("{v:.0}"),
        a if a >= 10.0 => format!("{v:.1}"),
        _ => format!("{v:.2}"),
    }
}

/// A number with three significant digits.
pub(crate) fn significant(v: f64) -> String {
    match v.abs() {
        0.0 => "0".into(),
        a if a >= 1000.0 => count(v),
        a if a >= 1.0 => three_digits(v),
        a if a >= 0.001 => format!("{v:.*}", (2.0 - a.log10().floor()).clamp(0.0, 6.0) as usize),
        _ => format!("{v:.1e}"),
    }
}

/// `1 run`, `3 runs`.
pub(crate) fn plural(n: usize, thing: &str) -> String {
    if n == 1 {
        format!("1 {thing}")
    } else {
        format!("{n} {thing}s")
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests;
