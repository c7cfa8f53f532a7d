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

/// Fewer values than this have no interval in print: the one of two values is longer than anything that could be read from it.
const FEWEST: usize = 3;

/// A mean with half its interval, if there is one of a width above 0: `95.1 ± 1.2`. The interval of a share that reaches beyond what is
/// possible is cut there: `92.0 [81.5, 100]`. Small numbers have one power of ten: `(3.11 ± 0.11) × 10⁻³`.
pub(crate) fn estimate(unit: Unit, e: &Estimate) -> String {
    let half = e.half_width.filter(|half| *half > 0.0 && e.n >= FEWEST);
    let Some(half) = half else {
        return value(unit, e.mean);
    };
    let (low, high) = (e.mean - half, e.mean + half);
    let possible = (0.0..=1.0).contains(&e.mean);
    if unit == Unit::Percent && possible && (low < 0.0 || high > 1.0) {
        let end = |v: f64| match v.clamp(0.0, 1.0) {
            0.0 => "0".to_owned(),
            1.0 => "100".to_owned(),
            v => value(unit, v),
        };
        return format!("{} [{}, {}]", value(unit, e.mean), end(low), end(high));
    }
    match small(unit, e.mean.abs().max(half), half) {
        Some(power) => {
            let [mean, half] = [e.mean, half].map(|v| scaled(v, power));
            format!("({mean} ± {half}) × 10{}", superscript(power))
        }
        None => format!("{} ± {}", value(unit, e.mean), spread(unit, half)),
    }
}

/// The power of ten by which numbers are written of which the largest has this size, and a spread; `None` if they need none.
fn small(unit: Unit, size: f64, spread: f64) -> Option<i32> {
    let of_unit = matches!(unit, Unit::Error | Unit::Number) && size >= f64::MIN_POSITIVE;
    let tiny = size < 0.01 || (size < 1.0 && spread < 0.001);
    (of_unit && tiny).then(|| size.log10().floor() as i32)
}

fn scaled(v: f64, power: i32) -> String {
    format!("{:.2}", v / 10f64.powi(power)).replace('-', "−")
}

/// A power of ten's exponent: `⁻³`.
fn superscript(power: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => char::from_u32('⁰' as u32 + c as u32 - '0' as u32).unwrap_or(c),
    };
    power.to_string().chars().map(digit).collect()
}

fn spread(unit: Unit, half: f64) -> String {
    match unit {
        Unit::Percent | Unit::Points | Unit::Fall => format!("{:.1}", half * 100.0),
        // Beside a number of 1 and more, in its notation.
        Unit::Error | Unit::Number if half < 0.001 => format!("{half:.4}"),
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
    let Some((low, high)) = e.interval().filter(|_| e.n >= FEWEST) else {
        return write(e.mean);
    };
    match power_of(unit, e) {
        Some(power) => {
            let [mean, low, high] = [e.mean, low, high].map(|v| signed(v, |v| scaled(v, power)));
            format!("{mean} [{low}, {high}] × 10{}", superscript(power))
        }
        None => format!("{} [{}, {}]", write(e.mean), write(low), write(high)),
    }
}

/// The power of ten of a difference and its interval.
fn power_of(unit: Unit, e: &Estimate) -> Option<i32> {
    let (low, high) = e.interval()?;
    small(unit, e.mean.abs().max(low.abs()).max(high.abs()), high - low)
}

/// A difference in words: the mean, and from three values on its interval, as `+0.5 to +3.5`.
pub(crate) fn spoken_difference(unit: Unit, e: &Estimate) -> (String, Option<String>) {
    let power = power_of(unit, e).filter(|_| e.n >= FEWEST);
    let write = |v: f64| match (unit, power) {
        (Unit::Percent | Unit::Points, _) => points(v),
        (_, Some(power)) => format!("{} × 10{}", signed(v, |v| scaled(v, power)), superscript(power)),
        _ => signed(v, |v| value(unit, v)),
    };
    let interval = e.interval().filter(|_| e.n >= FEWEST);
    (
        write(e.mean),
        interval.map(|(low, high)| format!("{} to {}", write(low), write(high))),
    )
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
    let half = e.half_width.filter(|_| e.n >= FEWEST);
    match (
        half,
        half.and_then(|half| small(unit, e.mean.abs().max(half), half)),
    ) {
        (None, _) => mean,
        (Some(half), Some(power)) => {
            let mean = signed(e.mean, |v| scaled(v, power));
            format!("({mean} ± {}) × 10{}", scaled(half, power), superscript(power))
        }
        (Some(half), None) => format!("{mean} ± {}", spread(unit, half)),
    }
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
        a => {
            let power = a.log10().floor() as i32;
            format!("{:.1} × 10{}", v / 10f64.powi(power), superscript(power)).replace('-', "−")
        }
    }
}

/// A short number on an axis: `50k`, `1.5M`, `0.01`, `10⁻⁴`.
pub(crate) fn axis(v: f64) -> String {
    let short = |v: f64, suffix: &str| {
        let text = format!("{v:.1}");
        format!("{}{suffix}", text.strip_suffix(".0").unwrap_or(&text))
    };
    match v.abs() {
        0.0 => "0".into(),
        a if a >= 1e15 => format!("10{}", superscript(a.log10().round() as i32)),
        a if a >= 1e12 => short(v / 1e12, "T"),
        a if a >= 1e9 => short(v / 1e9, "G"),
        a if a >= 1e6 => short(v / 1e6, "M"),
        a if a >= 10_000.0 => short(v / 1e3, "k"),
        a if a >= 1.0 => format!("{v:.3}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        a if a >= 0.001 => format!("{v:.6}").trim_end_matches('0').to_owned(),
        a => {
            let power = (a.log10() + 1e-9).floor() as i32;
            let mantissa = v / 10f64.powi(power);
            if (mantissa - 1.0).abs() < 1e-6 {
                format!("10{}", superscript(power))
            } else {
                format!("{mantissa:.0} × 10{}", superscript(power)).replace('-', "−")
            }
        }
    }
}

/// A text whose numbers do not break across lines: no-break spaces around signs, within intervals, and before units.
pub(crate) fn unbroken(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut depth = 0usize;
    for (i, &c) in letters.iter().enumerate() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let (before, after) = (i.checked_sub(1).map(|i| letters[i]), letters.get(i + 1));
        let sign = |c: Option<char>| matches!(c, Some('±' | '×' | '=' | '≥' | '≤' | '<'));
        let digit = before.is_some_and(|c| c.is_ascii_digit());
        let rest: String = letters.iter().skip(i + 1).take(6).collect();
        let unit = digit && (rest.starts_with("points") || rest.starts_with('%') || is_prefix(&rest));
        let bound = depth > 0
            && before == Some(',')
            && after.is_some_and(|c| c.is_ascii_digit() || matches!(c, '−' | '+'));
        let bracket = after == Some(&'[') && digit;
        if c == ' ' && (sign(before) || sign(after.copied()) || unit || bound || bracket) {
            out.push('\u{a0}');
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns whether a text begins with the prefix of a unit, by itself.
fn is_prefix(rest: &str) -> bool {
    let mut letters = rest.chars();
    letters
        .next()
        .is_some_and(|c| matches!(c, 'k' | 'M' | 'G' | 'T' | 'P'))
        && letters.find(|c| *c != 'B').is_none_or(|c| !c.is_alphanumeric())
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
