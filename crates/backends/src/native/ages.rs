//! Adam's bias corrections `c = 1 / (1 − βᵗ)`, t counted in updates since birth.
//!
//! A weight is as old as the younger of the units it joins. c falls with age, so the correction of a weight is the larger of
//! its units' corrections, and no age has to be worked out weight by weight. A bias, scale or shift is as old as its unit, a
//! gain as its source unit; a scalar gain as the younger of the oldest units at its ends.

/// Updates at which the units of a layer were born.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Births {
    each: Vec<u64>,
    same: Option<u64>,
}

impl Births {
    pub(super) fn new(each: Vec<u64>) -> Self {
        let same = each
            .first()
            .copied()
            .filter(|first| each.iter().all(|b| b == first));
        Self { each, same }
    }

    pub(super) fn each(&self) -> &[u64] {
        &self.each
    }
}

/// `1 / (1 − βᵗ)` by t, as far as it was needed.
#[derive(Debug, Default)]
struct Table {
    beta: f32,
    values: Vec<f32>,
    /// From here on it rounds to 1.
    one_from: Option<u64>,
}

/// Longer tables are not kept; older ages are worked out one by one.
const TABLE: u64 = 1 << 17;

impl Table {
    fn set(&mut self, beta: f32) {
        if self.beta != beta {
            *self = Self {
                beta,
                ..Self::default()
            };
        }
    }

    fn at(&mut self, age: u64) -> f32 {
        if self.one_from.is_some_and(|from| age >= from) {
            return 1.0;
        }
        if age >= TABLE {
            return correction(self.beta, age);
        }
        while self.values.len() as u64 <= age {
            let next = correction(self.beta, self.values.len() as u64);
            if next == 1.0 {
                self.one_from = Some(self.values.len() as u64);
                return 1.0;
            }
            self.values.push(next);
        }
        self.values[age as usize]
    }
}

fn correction(beta: f32, age: u64) -> f32 {
    // The update that is being made counts, so an age of 0 does not occur; 1 keeps the number finite all the same.
    let age = i32::try_from(age.max(1)).unwrap_or(i32::MAX);
    (1.0 / (1.0 - f64::from(beta).powi(age))) as f32
}

/// A layer's corrections in the update that is being made.
#[derive(Debug, Default)]
struct OfLayer {
    same: Option<(f32, f32)>,
    c1: Vec<f32>,
    c2: Vec<f32>,
    /// Those of its oldest unit.
    oldest: (f32, f32),
}

/// All corrections of the update that is being made.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    tables: (Table, Table),
    layers: Vec<OfLayer>,
}

impl Corrections {
    /// Prepare the update number `update` (the first is 1).
    pub(super) fn prepare(&mut self, betas: (f32, f32), births: &[Births], update: u64) {
        self.tables.0.set(betas.0);
        self.tables.1.set(betas.1);
        self.layers.resize_with(births.len(), OfLayer::default);
        for (layer, births) in self.layers.iter_mut().zip(births) {
            let mut of = |birth: u64| {
                let age = update.saturating_sub(birth);
                (self.tables.0.at(age), self.tables.1.at(age))
            };
            layer.same = births.same.map(&mut of);
            if let Some(same) = layer.same {
                layer.oldest = same;
                continue;
            }
            layer.c1.clear();
            layer.c2.clear();
            layer.oldest = (f32::INFINITY, f32::INFINITY);
            for &birth in &births.each {
                let (c1, c2) = of(birth);
                layer.c1.push(c1);
                layer.c2.push(c2);
                layer.oldest = (layer.oldest.0.min(c1), layer.oldest.1.min(c2));
            }
        }
    }

    /// Corrections of all weights between two layers, if they are the same.
    pub(super) fn between(&self, from: usize, to: usize) -> Option<(f32, f32)> {
        let ((s1, s2), (t1, t2)) = (self.layers[from].same?, self.layers[to].same?);
        Some((s1.max(t1), s2.max(t2)))
    }

    /// Corrections of the weights from unit `source` of layer `from` to each unit of layer `to`: the same for all, or
    /// written to `c1` and `c2`.
    pub(super) fn weight(
        &self,
        from: usize,
        source: usize,
        to: usize,
        c1: &mut Vec<f32>,
        c2: &mut Vec<f32>,
    ) -> Option<(f32, f32)> {
        let (from, to) = (&self.layers[from], &self.layers[to]);
        let (s1, s2) = from.same.unwrap_or_else(|| (from.c1[source], from.c2[source]));
        if let Some((t1, t2)) = to.same {
            return Some((s1.max(t1), s2.max(t2)));
        }
        c1.clear();
        c1.extend(to.c1.iter().map(|t| t.max(s1)));
        c2.clear();
        c2.extend(to.c2.iter().map(|t| t.max(s2)));
        None
    }

    /// Corrections of a layer's own parameters.
    pub(super) fn node(&self, layer: usize, c1: &mut Vec<f32>, c2: &mut Vec<f32>) -> Option<(f32, f32)> {
        let layer = &self.layers[layer];
        if layer.same.is_none() {
            c1.clone_from(&layer.c1);
            c2.clone_from(&layer.c2);
        }
        layer.same
    }

    /// Corrections of the gains of a connection: of its one `scalar` gain, or of one for each source unit.
    pub(super) fn gain(
        &self,
        from: usize,
        to: usize,
        scalar: bool,
        c1: &mut Vec<f32>,
        c2: &mut Vec<f32>,
    ) -> Option<(f32, f32)> {
        let (source, target) = (self.layers[from].oldest, self.layers[to].oldest);
        if scalar {
            return Some((source.0.max(target.0), source.1.max(target.1)));
        }
        self.node(from, c1, c2)
    }
}

#[cfg(test)]
mod tests;
