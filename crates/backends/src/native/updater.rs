//! Updates of stored rows by a [`Rule`]. Whole vectors are processed, including the padding at the end of rows, whose contents
//! are never read.

use super::ages::Corrections;
use super::block::Block;
use super::optimizer::{DECAY, Lanes, MOMENTS, NONE, ONE, Rule, StepFactors, TWO};
use super::span::Span;
use super::sparse::Sparse;
use super::vector::gathered;
use pulp::{Arch, Simd, WithSimd};

/// An optimizer in an update.
#[derive(Debug, Default)]
pub(super) struct Updater {
    pub(super) rule: Rule,
    /// First and second moments; empty if the rule has none.
    pub(super) first: Vec<Block>,
    pub(super) second: Vec<Block>,
    /// Bias corrections of this update.
    pub(super) corrections: Corrections,
    c1: Vec<f32>,
    c2: Vec<f32>,
}

/// The kinds of rules with decay.
const DECAYING: u8 = NONE | DECAY;
const ROLLING: u8 = ONE | DECAY;
const ADAPTING: u8 = TWO | DECAY;

/// An operation on rows that is compiled separately for each kind of rule.
trait ByKind {
    fn rule(&self) -> &Rule;

    fn run<S: Simd, const KIND: u8>(self, simd: S);
}

/// The operation compiled for the current rule.
struct Apart<T>(T);

impl<T: ByKind> WithSimd for Apart<T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(way) = self;
        match way.rule().kind() {
            NONE => way.run::<S, NONE>(simd),
            ONE => way.run::<S, ONE>(simd),
            TWO => way.run::<S, TWO>(simd),
            DECAYING => way.run::<S, DECAYING>(simd),
            ROLLING => way.run::<S, ROLLING>(simd),
            _ => way.run::<S, ADAPTING>(simd),
        }
    }
}

/// Learning-rate scale and corrections that all entries share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shared {
    rate: f32,
    c1: f32,
    c2: f32,
}

/// The rows of a block that are updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// So many rows, from the first on.
    All(usize),
    /// Those whose inputs are not all zero.
    Present,
}

/// The non-zero entries of a batch of inputs, column by column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Columns<'a> {
    Lists(&'a Sparse),
    /// For a batch of one row: the columns that have an entry, ascending.
    OfOne(&'a [(u32, f32)]),
}

/// The numbers of some rows: parameters and the moments that are kept.
struct Numbers<'a> {
    w: &'a mut Block,
    first: Option<&'a mut Block>,
    second: Option<&'a mut Block>,
}

impl Updater {
    /// Returns whether a gradient of 0 changes no bit.
    pub(super) fn skips_zeros(&self) -> bool {
        self.rule.skips_zeros()
    }

    /// The values that the entries of a block with one `rate` share, if they share their corrections too.
    pub(super) fn shared(&self, place: usize, rate: f32) -> Option<Shared> {
        let (c1, c2) = if self.rule.adam {
            self.corrections.whole(place)?
        } else {
            (1.0, 1.0)
        };
        Some(Shared { rate, c1, c2 })
    }

    fn numbers<'a>(&'a mut self, place: usize, w: &'a mut Block) -> Numbers<'a> {
        Numbers {
            w,
            first: self.first.get_mut(place),
            second: self.second.get_mut(place),
        }
    }

    /// Update some stored rows of a block by their gradients.
    pub(super) fn tile(
        &mut self,
        place: usize,
        span: Span<'_>,
        weights: &mut Block,
        gradient: &Block,
        shared: Shared,
    ) {
        if shared.rate == 0.0 {
            return;
        }
        let rule = self.rule;
        Arch::new().dispatch(Apart(Tile {
            rule,
            shared,
            span,
            numbers: self.numbers(place, weights),
            g: gradient,
        }));
    }

    /// Update stored rows of a block by `Σ coefficient · error[k]` over each one's column of the inputs.
    pub(super) fn gather(
        &mut self,
        place: usize,
        rows: Wanted,
        weights: &mut Block,
        (columns, error): (Columns<'_>, &Block),
        shared: Shared,
    ) {
        if shared.rate == 0.0 {
            return;
        }
        let rule = self.rule;
        Arch::new().dispatch(Apart(Gathered {
            rule,
            shared,
            rows,
            numbers: self.numbers(place, weights),
            columns,
            error,
        }));
    }

    /// Update one stored row of a block. `rate` is the learning-rate scale of the whole row; otherwise `rates` has one for each
    /// entry.
    pub(super) fn row(
        &mut self,
        place: usize,
        row: usize,
        weights: &mut Block,
        (gradient, i): (&Block, usize),
        rate: Option<f32>,
        rates: &mut Vec<f32>,
    ) {
        let same = if self.rule.adam {
            self.corrections.row(place, row, &mut self.c1, &mut self.c2)
        } else {
            Some((1.0, 1.0))
        };
        // Vectors extend into the padding.
        let n = weights.stride();
        if let Some(rate) = rate {
            rates.clear();
            rates.resize(n, rate);
        }
        if let Some((c1, c2)) = same {
            self.c1.clear();
            self.c1.resize(n, c1);
            self.c2.clear();
            self.c2.resize(n, c2);
        }
        rates.resize(n, 0.0);
        self.c1.resize(n, 1.0);
        self.c2.resize(n, 1.0);
        let (first, second) = (self.first.get_mut(place), self.second.get_mut(place));
        Arch::new().dispatch(Apart(Row {
            rule: self.rule,
            rates,
            c1: &self.c1,
            c2: &self.c2,
            numbers: Numbers {
                w: weights,
                first,
                second,
            },
            row,
            g: (gradient, i),
        }));
    }
}

impl Numbers<'_> {
    /// The vectors of a stored row; empty for moments that do not exist.
    #[inline(always)]
    fn row<S: Simd>(&mut self, row: usize) -> [&mut [S::f32s]; 3] {
        [
            S::as_mut_simd_f32s(self.w.padded_mut(row, S::F32_LANES)).0,
            vectors::<S>(self.first.as_deref_mut(), row),
            vectors::<S>(self.second.as_deref_mut(), row),
        ]
    }
}

#[inline(always)]
fn vectors<S: Simd>(block: Option<&mut Block>, row: usize) -> &mut [S::f32s] {
    block.map_or(&mut [], |block| {
        S::as_mut_simd_f32s(block.padded_mut(row, S::F32_LANES)).0
    })
}

/// Update vectors of a row by the gradient that `g` gives for each.
#[inline(always)]
fn walk<S: Simd, const KIND: u8>(
    simd: S,
    (lanes, factors): (&Lanes<S>, &StepFactors<S>),
    [w, m, v]: [&mut [S::f32s]; 3],
    g: impl Fn(usize) -> S::f32s,
) {
    let n = w.len();
    let moments = KIND & MOMENTS;
    let m = if moments == NONE { m } else { &mut m[..n] };
    let v = if moments == TWO { &mut v[..n] } else { v };
    let (mut no_m, mut no_v) = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
    for i in 0..n {
        let m = if moments == NONE { &mut no_m } else { &mut m[i] };
        let v = if moments == TWO { &mut v[i] } else { &mut no_v };
        lanes.update::<KIND>(simd, factors, &mut w[i], m, v, g(i));
    }
}

#[inline(always)]
fn splat<S: Simd>(simd: S, rule: &Rule, shared: Shared) -> (Lanes<S>, StepFactors<S>) {
    let lanes = Lanes::of(simd, rule);
    let all = |x| simd.splat_f32s(x);
    let factors = lanes.factors(simd, all(shared.rate), all(shared.c1), all(shared.c2));
    (lanes, factors)
}

/// Rows whose entries share learning-rate scale and corrections.
struct Tile<'a> {
    rule: Rule,
    shared: Shared,
    span: Span<'a>,
    numbers: Numbers<'a>,
    g: &'a Block,
}

impl ByKind for Tile<'_> {
    fn rule(&self) -> &Rule {
        &self.rule
    }

    #[inline(always)]
    fn run<S: Simd, const KIND: u8>(mut self, simd: S) {
        let (lanes, factors) = splat(simd, &self.rule, self.shared);
        for i in 0..self.g.rows() {
            let g = S::as_simd_f32s(self.g.padded(i, S::F32_LANES)).0;
            let row = self.numbers.row::<S>(self.span.at(i));
            walk::<S, KIND>(simd, (&lanes, &factors), row, |k| g[k]);
        }
    }
}

/// Rows whose gradients are summed from lists, and used before they are ever stored.
struct Gathered<'a> {
    rule: Rule,
    shared: Shared,
    rows: Wanted,
    numbers: Numbers<'a>,
    columns: Columns<'a>,
    error: &'a Block,
}

impl ByKind for Gathered<'_> {
    fn rule(&self) -> &Rule {
        &self.rule
    }

    #[inline(always)]
    fn run<S: Simd, const KIND: u8>(mut self, simd: S) {
        let (lanes, factors) = splat(simd, &self.rule, self.shared);
        let (by, error) = ((&lanes, &factors), self.error);
        let present = self.rows == Wanted::Present;
        let count = match (self.rows, self.columns) {
            (Wanted::All(count), _) => count,
            (Wanted::Present, Columns::OfOne(entries)) => entries.len(),
            (Wanted::Present, Columns::Lists(lists)) => lists.count(),
        };
        let (mut next, mut only) = (0, [(0, 0.0)]);
        for i in 0..count {
            let (row, list): (usize, &[(u32, f32)]) = match self.columns {
                Columns::Lists(lists) => (i, lists.list(i)),
                Columns::OfOne(entries) => match entries.get(next) {
                    Some(&(row, x)) if present || row as usize == i => {
                        next += 1;
                        only[0].1 = x;
                        (row as usize, &only)
                    }
                    _ => (i, &[]),
                },
            };
            if present && list.is_empty() {
                continue;
            }
            let [mut w, mut m, mut v] = self.numbers.row::<S>(row);
            if KIND == TWO && list.is_empty() {
                coast(simd, by, [w, m, v]);
                continue;
            }
            let mut at = 0;
            while !w.is_empty() {
                let taken = w.len().min(8);
                let head = [&mut w, &mut m, &mut v].map(|of| {
                    let all = std::mem::take(of);
                    let (head, rest) = all.split_at_mut(taken.min(all.len()));
                    *of = rest;
                    head
                });
                match taken {
                    1 => part::<S, KIND, 1>(simd, error, by, list, at, head),
                    2 => part::<S, KIND, 2>(simd, error, by, list, at, head),
                    3 => part::<S, KIND, 3>(simd, error, by, list, at, head),
                    4 => part::<S, KIND, 4>(simd, error, by, list, at, head),
                    5 => part::<S, KIND, 5>(simd, error, by, list, at, head),
                    6 => part::<S, KIND, 6>(simd, error, by, list, at, head),
                    7 => part::<S, KIND, 7>(simd, error, by, list, at, head),
                    _ => part::<S, KIND, 8>(simd, error, by, list, at, head),
                }
                at += taken * S::F32_LANES;
            }
        }
    }
}

#[inline(always)]
fn part<S: Simd, const KIND: u8, const T: usize>(
    simd: S,
    error: &Block,
    by: (&Lanes<S>, &StepFactors<S>),
    list: &[(u32, f32)],
    at: usize,
    row: [&mut [S::f32s]; 3],
) {
    let sums = gathered::<S, T>(
        simd,
        (list, 1.0),
        (error.data(), error.stride()),
        at,
        [simd.splat_f32s(0.0); T],
    );
    walk::<S, KIND>(simd, by, row, |k| sums[k]);
}

/// Update a row by a gradient of 0, if that changes anything: a row that no gradient has ever reached is skipped, and one whose
/// first moments are 0 moves no weight.
#[inline(always)]
fn coast<S: Simd>(simd: S, (lanes, factors): (&Lanes<S>, &StepFactors<S>), [w, m, v]: [&mut [S::f32s]; 3]) {
    let bits = |x: &[S::f32s]| pulp::bytemuck::cast_slice::<_, u64>(x).iter().all(|&b| b == 0);
    if m.iter().all(|m| bits(&[*m])) {
        if !v.iter().all(|v| bits(&[*v])) {
            v.iter_mut().for_each(|v| lanes.fade(simd, v));
        }
        return;
    }
    for ((w, m), v) in w.iter_mut().zip(m).zip(v) {
        lanes.coast(simd, factors, w, m, v);
    }
}

/// One row whose entries differ in learning-rate scale or corrections.
struct Row<'a> {
    rule: Rule,
    rates: &'a [f32],
    c1: &'a [f32],
    c2: &'a [f32],
    numbers: Numbers<'a>,
    row: usize,
    g: (&'a Block, usize),
}

impl ByKind for Row<'_> {
    fn rule(&self) -> &Rule {
        &self.rule
    }

    #[inline(always)]
    fn run<S: Simd, const KIND: u8>(mut self, simd: S) {
        let lanes = Lanes::of(simd, &self.rule);
        let (gradient, i) = self.g;
        let g = S::as_simd_f32s(gradient.padded(i, S::F32_LANES)).0;
        let [rates, c1, c2] = [self.rates, self.c1, self.c2].map(|of| S::as_simd_f32s(of).0);
        let [w, m, v] = self.numbers.row::<S>(self.row);
        let none = simd.splat_f32s(0.0);
        for k in 0..w.len() {
            let factors = lanes.factors(simd, rates[k], c1[k], c2[k]);
            let before = (
                w[k],
                m.get(k).copied().unwrap_or(none),
                v.get(k).copied().unwrap_or(none),
            );
            let (mut next_w, mut next_m, mut next_v) = before;
            lanes.update::<KIND>(simd, &factors, &mut next_w, &mut next_m, &mut next_v, g[k]);
            let still = simd.equal_f32s(rates[k], none);
            w[k] = simd.select_f32s(still, before.0, next_w);
            if KIND & MOMENTS != NONE {
                m[k] = simd.select_f32s(still, before.1, next_m);
            }
            if KIND & MOMENTS == TWO {
                v[k] = simd.select_f32s(still, before.2, next_v);
            }
        }
    }
}
