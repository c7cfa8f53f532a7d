//! All results computed from a suite's records before a page is drawn.

use crate::comparison::{StreamComparison, compare};
use crate::frames::Frames;
use crate::metrics::{Measured, measure};
use crate::plots::{Figure, Traces};
use crate::suite::Suite;
use polars::prelude::PolarsResult;

/// The input of all pages.
pub(crate) struct Findings<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) measured: Vec<Measured>,
    pub(crate) streams: Vec<StreamComparison>,
    /// By stream and row.
    pub(crate) figures: Vec<Vec<Figure>>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(suite: &'a Suite) -> PolarsResult<Self> {
        let frames = Frames::of(suite)?;
        let measured = measure(suite, &frames)?;
        let streams = compare(suite, &measured);
        let traces = Traces::of(&frames)?;
        let figures = |c: &StreamComparison| {
            let entry = &suite.manifest.streams[c.stream];
            let rows = c.rows.iter();
            rows.map(|r| traces.figure(entry, c, r, &measured)).collect()
        };
        let figures = streams.iter().map(figures).collect();
        Ok(Self {
            suite,
            measured,
            streams,
            figures,
        })
    }
}
