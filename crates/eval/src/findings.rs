//! All results computed from a suite's records before a page is drawn.

use crate::claims::{self, Tested};
use crate::comparison::{StreamComparison, compare};
use crate::frames::Frames;
use crate::metrics::{Measured, Metric, Table, measure};
use crate::pairs::{Pair, pairs};
use crate::plots::{Figure, Traces};
use crate::ranks::{Across, across};
use crate::suite::Suite;
use polars::prelude::PolarsResult;
use std::collections::BTreeSet;

/// The input of all pages.
pub(crate) struct Findings<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) measured: Vec<Measured>,
    pub(crate) streams: Vec<StreamComparison>,
    /// By stream and row.
    pub(crate) figures: Vec<Vec<Figure>>,
    /// Any method against any other, by stream.
    pub(crate) pairs: Vec<Vec<Pair>>,
    /// Mean ranks over streams, if some are comparable.
    pub(crate) across: Option<Across>,
    pub(crate) claims: Vec<Tested<'a>>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(suite: &'a Suite, frames: &Frames) -> PolarsResult<Self> {
        let measured = measure(suite, frames)?;
        let streams = compare(suite, &measured);
        let traces = Traces::of(frames);
        let figures = |c: &StreamComparison| {
            let entry = &suite.manifest.streams[c.stream];
            let rows = c.rows.iter();
            rows.map(|r| traces.figure(entry, c, r, &measured)).collect()
        };
        let figures = streams.iter().map(figures).collect();
        Ok(Self {
            suite,
            pairs: streams.iter().map(pairs).collect(),
            across: across(suite, &streams),
            claims: claims::test(suite, &streams, &measured),
            measured,
            streams,
            figures,
        })
    }

    /// The metrics that the report explains: those of the framework, and of plugins where a run has them.
    pub(crate) fn metrics(&self) -> Vec<Metric> {
        let rows = self.streams.iter().flat_map(|c| &c.rows);
        let measured = rows.flat_map(|row| row.estimates.keys().copied());
        let of_plugins: BTreeSet<Metric> = measured.filter(|m| m.table() == Table::Other).collect();
        Metric::all().chain(of_plugins).collect()
    }
}
