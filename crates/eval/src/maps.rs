//! Records of maps beside the common metrics, and their curves and drawings.

use crate::frames::{Frames, Observation, of_runs};
use crate::trajectory::{Point, TimeAxis, curve};
use dentate_core::record::metric;
use std::collections::BTreeMap;

/// The layer of a map's units.
pub(crate) const LAYER: &str = "codebook";

/// The largest number of moments that are drawn.
const MOMENTS: usize = 6;

/// Records of maps along the streams.
pub(crate) struct MapTraces {
    errors: Vec<Observation>,
    drawings: Vec<Observation>,
    prototypes: Vec<Observation>,
}

/// A method's map on a stream.
#[derive(Debug, Default)]
pub(crate) struct MapFigure {
    /// Mean squared distance of signals to their best-matching units, before the update.
    pub(crate) errors: Vec<Point>,
    /// One run's map at some moments, by position along the stream.
    pub(crate) drawings: Vec<(f64, Drawing)>,
    /// Prototypes of one run at the end.
    pub(crate) prototypes: Vec<Image>,
}

/// A map in the plane.
#[derive(Debug, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) places: Vec<(f64, f64)>,
    pub(crate) edges: Vec<(usize, usize)>,
    pub(crate) signals: Vec<(f64, f64)>,
}

/// A prototype as an image of grey values from 0 to 15.
#[derive(Debug, PartialEq)]
pub(crate) struct Image {
    pub(crate) width: usize,
    pub(crate) greys: Vec<u8>,
}

impl MapTraces {
    pub(crate) fn of(frames: &Frames) -> Self {
        Self {
            errors: frames.observations(metric::SIGNAL_ERROR),
            drawings: frames.observations(metric::DRAWING),
            prototypes: frames.observations(metric::PROTOTYPE),
        }
    }

    /// The figure for the runs of one method on one stream.
    pub(crate) fn figure(&self, runs: &[usize], clocks: &BTreeMap<usize, TimeAxis>) -> MapFigure {
        let of = |all: &[Observation]| -> Vec<Observation> { of_runs(all, runs).cloned().collect() };
        let errors = of(&self.errors);
        if errors.is_empty() {
            return MapFigure::default();
        }
        let (drawings, prototypes) = (of(&self.drawings), of(&self.prototypes));
        let first = |all: &[Observation]| all.iter().map(|o| o.run).min();
        let drawn = first(&drawings);
        let drawn: Vec<&Observation> = drawings.iter().filter(|o| Some(o.run) == drawn).collect();
        let moment = |o: &&Observation| {
            let clock = clocks.get(&o.run)?;
            let drawing = Drawing::read(o.item.as_deref()?)?;
            Some((clock.position(o.experience, o.step), drawing))
        };
        let (shown, last) = (first(&prototypes), prototypes.iter().map(|o| o.experience).max());
        let shown = prototypes
            .iter()
            .filter(|o| Some(o.run) == shown && Some(o.experience) == last);
        MapFigure {
            errors: curve(&errors, clocks),
            drawings: chosen(&drawn).iter().filter_map(moment).collect(),
            prototypes: shown.filter_map(|o| Image::read(o.item.as_deref()?)).collect(),
        }
    }
}

/// A few of the moments: on a stream of several experiences, one soon after each boundary and one before it.
fn chosen<'a>(all: &[&'a Observation]) -> Vec<&'a Observation> {
    let experiences = all.iter().map(|o| o.experience).max().map_or(0, |e| e + 1);
    let mut kept: Vec<&Observation> = if experiences < 2 {
        all.to_vec()
    } else {
        let ends = |e: usize| {
            let mut of = all.iter().filter(move |o| o.experience == e).copied();
            let first = of.next();
            [first, of.next_back()]
        };
        (0..experiences).flat_map(ends).flatten().collect()
    };
    let excess = kept.len().saturating_sub(MOMENTS);
    if excess > 0 {
        let every = (kept.len() - 1) as f64 / (MOMENTS - 1) as f64;
        kept = (0..MOMENTS)
            .map(|i| kept[(i as f64 * every).round() as usize])
            .collect();
    }
    kept
}

impl Drawing {
    /// `x y,x y,…|a-b,…|x y,…`: positions, edges by index, signals. Anything else is not drawn.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('|');
        let points = |part: &str| -> Option<Vec<(f64, f64)>> {
            let point = |pair: &str| {
                let (x, y) = pair.split_once(' ')?;
                let (x, y): (f64, f64) = (x.parse().ok()?, y.parse().ok()?);
                (x.is_finite() && y.is_finite()).then_some((x, y))
            };
            part.split(',').filter(|p| !p.is_empty()).map(point).collect()
        };
        let places = points(parts.next()?)?;
        let edge = |pair: &str| {
            let (a, b) = pair.split_once('-')?;
            let (a, b): (usize, usize) = (a.parse().ok()?, b.parse().ok()?);
            (a < places.len() && b < places.len()).then_some((a, b))
        };
        let edges = parts.next()?.split(',').filter(|e| !e.is_empty());
        let edges = edges.map(edge).collect::<Option<_>>()?;
        let signals = points(parts.next()?)?;
        Some(Self {
            places,
            edges,
            signals,
        })
    }
}

impl Image {
    /// `28x28 0123…`: height, width and one hexadecimal digit per pixel.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (shape, greys) = text.split_once(' ')?;
        let (height, width) = shape.split_once('x')?;
        let (height, width): (usize, usize) = (height.parse().ok()?, width.parse().ok()?);
        let greys: Vec<u8> = greys
            .chars()
            .map(|c| c.to_digit(16).map(|d| d as u8))
            .collect::<Option<_>>()?;
        (width > 0 && height.checked_mul(width) == Some(greys.len())).then_some(Self { width, greys })
    }
}

#[cfg(test)]
mod tests;
