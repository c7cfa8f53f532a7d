//! Scales of axes, linear and logarithmic, with their round numbers.

use crate::format;

/// A scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) log: bool,
}

impl Scale {
    pub(crate) fn linear(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            log: false,
        }
    }

    /// A linear scale around values, a little wider; from 0 if they are not close together. `None` without any.
    pub(crate) fn around(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = extent(values)?;
        let span = high - low;
        let room = if span > 0.0 {
            0.06 * span
        } else {
            0.05 * high.abs().max(0.02)
        };
        let low = if low >= 0.0 && low < 0.5 * high {
            0.0
        } else {
            low - room
        };
        Some(Self::linear(low, high + room))
    }

    /// A logarithmic scale around positive values if they span a factor of `span` and more, else a linear one.
    pub(crate) fn wide(values: impl Iterator<Item = f64> + Clone, span: f64) -> Option<Self> {
        match extent(values.clone().filter(|v| *v > 0.0)) {
            Some((low, high)) if high / low >= span => Some(Self {
                low: low / (high / low).powf(0.06),
                high: high * (high / low).powf(0.06),
                log: true,
            }),
            _ => Self::around(values),
        }
    }

    /// The share of the way from the low to the high end.
    pub(crate) fn share(&self, v: f64) -> f64 {
        let (v, low, high) = if self.log {
            (
                v.max(f64::MIN_POSITIVE).log10(),
                self.low.log10(),
                self.high.log10(),
            )
        } else {
            (v, self.low, self.high)
        };
        if high > low { (v - low) / (high - low) } else { 0.5 }
    }

    pub(crate) fn holds(&self, v: f64) -> bool {
        (self.low..=self.high).contains(&v)
    }

    /// Round numbers on the scale with their texts: about `wanted` of them.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<(f64, String)> {
        if !self.log {
            let all = ticks(self.low, self.high, wanted);
            let step = all.get(1).map_or(1.0, |second| second - all[0]);
            let largest = all.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
            return all.into_iter().map(|v| (v, label(v, step, largest))).collect();
        }
        let decades = self.low.log10().ceil() as i32..=self.high.log10().floor() as i32;
        let every = (decades.clone().count() / wanted.max(1) + 1) as i32;
        let steps: &[f64] = if decades.clone().count() < 2 {
            &[1.0, 2.0, 5.0]
        } else {
            &[1.0]
        };
        let first = self.low.log10().floor() as i32;
        let powers = (first..=*decades.end()).filter(|power| power.rem_euclid(every) == 0);
        let all = powers.flat_map(|power| steps.iter().map(move |m| m * 10f64.powi(power)));
        all.filter(|v| self.holds(*v))
            .map(|v| (v, format::axis(v)))
            .collect()
    }

    /// The ends in the drawing and the values there, for the page's script.
    pub(crate) fn attribute(&self, from: f64, to: f64) -> String {
        format!("{from} {to} {} {} {}", self.low, self.high, u8::from(self.log))
    }
}

fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|v| v.is_finite());
    finite.fold(None, |ends, v| {
        let (low, high) = ends.unwrap_or((v, v));
        Some((v.min(low), v.max(high)))
    })
}

/// The text of a tick: the prefix and the decimals that the steps need, the same at all ticks of an axis.
fn label(v: f64, step: f64, largest: f64) -> String {
    if largest >= 1e15 || (step < 1e-5 && largest < 0.01) {
        return format::axis(v);
    }
    let (unit, prefix) = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
        .into_iter()
        .find(|(unit, _)| largest >= *unit && largest >= 10_000.0)
        .unwrap_or((1.0, ""));
    let decimals = (-(step / unit).log10() - 1e-9).ceil().clamp(0.0, 9.0) as usize;
    let text = format!("{:.decimals$}", (v / unit).abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        return if prefix.is_empty() { text } else { "0".into() };
    }
    let text = if decimals == 0 {
        format::count((v / unit).abs())
    } else {
        text
    };
    format!("{}{text}{prefix}", if v < 0.0 { "−" } else { "" })
}

/// Round numbers across a range: about `wanted` of them, at steps of 1, 2 or 5 times a power of ten.
fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return vec![low];
    }
    let rough = span / wanted.max(1) as f64;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|m| m * power >= rough * 0.999)
        .unwrap_or(10.0)
        * power;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

#[cfg(test)]
mod tests;
