//! The bounds that a schema sets for a number: checked in configurations and suites, shown by `explain`.

use serde_json::Value as Json;

/// The bounds of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    least: Option<Bound>,
    most: Option<Bound>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Bound {
    value: f64,
    /// True if the bound itself is excluded.
    open: bool,
}

impl Bounds {
    /// The bounds in a schema.
    #[must_use]
    pub fn of(schema: &Json) -> Self {
        let read = |key: &str| schema.get(key).and_then(Json::as_f64);
        let bound = |closed: &str, open: &str| {
            let closed = read(closed).map(|value| Bound { value, open: false });
            closed.or_else(|| read(open).map(|value| Bound { value, open: true }))
        };
        Self {
            least: bound("minimum", "exclusiveMinimum"),
            most: bound("maximum", "exclusiveMaximum"),
        }
    }

    /// Returns whether a number lies within the bounds. NaN never does where there is a bound.
    #[must_use]
    pub fn contain(self, number: f64) -> bool {
        let above = |b: Bound| number > b.value || (!b.open && number == b.value);
        let below = |b: Bound| number < b.value || (!b.open && number == b.value);
        self.least.is_none_or(above) && self.most.is_none_or(below)
    }

    /// The same in single precision, to which the bounds are converted too: 0.1 there differs from 0.1 in double precision.
    #[must_use]
    pub fn contain_single(self, number: f32) -> bool {
        let narrow = |bound: Option<Bound>| {
            bound.map(|b| Bound {
                value: f64::from(b.value as f32),
                ..b
            })
        };
        let narrow = Self {
            least: narrow(self.least),
            most: narrow(self.most),
        };
        narrow.contain(number.into())
    }

    /// The requirement on a setting, in words. A float has to be finite in any case.
    #[must_use]
    pub fn demand(self, float: bool) -> String {
        let zero = |open: bool| self.least == Some(Bound { value: 0.0, open }) && self.most.is_none();
        match self.words(false) {
            _ if float && zero(true) => "positive and finite".into(),
            _ if float && zero(false) => "finite and not negative".into(),
            None => "finite".into(),
            Some(words) => words,
        }
    }

    /// The bounds in words, if there are any. That a count is not negative is not mentioned.
    #[must_use]
    pub fn words(self, whole: bool) -> Option<String> {
        let least = self.least.filter(|b| !(whole && b.value == 0.0 && !b.open));
        let number = |b: Bound| b.value.to_string();
        let lower = |b: Bound| format!("{} {}", if b.open { "above" } else { "at least" }, number(b));
        let upper = |b: Bound| format!("{} {}", if b.open { "below" } else { "at most" }, number(b));
        match (least, self.most) {
            (None, None) => None,
            (Some(least), None) => Some(lower(least)),
            (None, Some(most)) => Some(upper(most)),
            (Some(least), Some(most)) if !least.open && !most.open => {
                Some(format!("from {} to {}", number(least), number(most)))
            }
            (Some(least), Some(most)) => Some(format!("{} and {}", lower(least), upper(most))),
        }
    }

    /// Both bounds where they exist, each with whether it is excluded.
    #[must_use]
    pub fn ends(self) -> [Option<(f64, bool)>; 2] {
        [self.least, self.most].map(|end| end.map(|b| (b.value, b.open)))
    }

    /// Numbers just outside, for tests.
    #[cfg(test)]
    fn outside(self) -> Vec<f64> {
        let step = |b: Bound, by: f64| if b.open { b.value } else { b.value + by };
        let below = self.least.map(|b| step(b, -1.0));
        below.into_iter().chain(self.most.map(|b| step(b, 1.0))).collect()
    }
}

#[cfg(test)]
mod tests;
