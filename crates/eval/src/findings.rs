//! All results computed from a suite's records, and what they say, before a page is drawn.

use crate::claims::{self, Tested};
use crate::comparison::{StreamComparison, compare};
use crate::document::slug;
use crate::frames::Frames;
use crate::look::Look;
use crate::metrics::{Measured, measure};
use crate::pairs::{Pair, pairs};
use crate::prose::Said;
use crate::ranks::{Across, across};
use crate::suite::Suite;
use crate::traces::{Traced, Traces};
use polars::prelude::PolarsResult;
use std::collections::{BTreeMap, BTreeSet};

/// The input of all pages.
pub(crate) struct Findings<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) measured: Vec<Measured>,
    pub(crate) streams: Vec<StreamComparison>,
    /// A name of each stream for ids and files.
    pub(crate) names: Vec<String>,
    /// By stream and row.
    pub(crate) traced: Vec<Vec<Traced>>,
    /// Any method against any other, by stream.
    pub(crate) pairs: Vec<Vec<Pair>>,
    /// The sentences about each stream.
    pub(crate) said: Vec<Said>,
    /// Mean ranks over streams, if some are comparable.
    pub(crate) across: Option<Across>,
    pub(crate) claims: Vec<Tested<'a>>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(suite: &'a Suite, frames: &Frames) -> PolarsResult<Self> {
        let measured = measure(suite, frames)?;
        let streams = compare(suite, &measured);
        let traces = Traces::of(frames);
        let traced = |c: &StreamComparison| {
            let entry = &suite.manifest.streams[c.stream];
            let rows = c.rows.iter();
            rows.map(|r| traces.trace(entry, c, r, &measured)).collect()
        };
        let traced = streams.iter().map(traced).collect();
        let mut taken = BTreeSet::new();
        let name = |c: &StreamComparison| slug(&suite.manifest.streams[c.stream].name, &mut taken);
        let pairs: Vec<Vec<Pair>> = streams.iter().map(pairs).collect();
        let of_stream = |c: &StreamComparison| Said::of(suite, c);
        Ok(Self {
            suite,
            names: streams.iter().map(name).collect(),
            said: streams.iter().map(of_stream).collect(),
            pairs,
            across: across(suite, &streams),
            claims: claims::test(suite, &streams, &measured),
            measured,
            streams,
            traced,
        })
    }

    /// The title of a row's method.
    pub(crate) fn title(&self, stream: usize, row: usize) -> &str {
        &self.suite.manifest.methods[self.streams[stream].rows[row].method].title
    }

    /// The look of a row's method.
    pub(crate) fn look(&self, stream: usize, row: usize) -> Look {
        let row = &self.streams[stream].rows[row];
        Look::of(self.suite, row.method, row.role)
    }

    /// The title of a stream.
    pub(crate) fn stream(&self, stream: usize) -> &str {
        &self.suite.manifest.streams[self.streams[stream].stream].title
    }

    /// The seeds of runs.
    pub(crate) fn seeds(&self) -> BTreeMap<usize, u64> {
        let runs = self.suite.runs.iter().enumerate();
        runs.map(|(run, r)| (run, r.entry.seed)).collect()
    }

    /// The length of a stream in experiences.
    pub(crate) fn experiences(&self, stream: usize) -> usize {
        self.traced[stream]
            .iter()
            .map(|c| c.experiences)
            .max()
            .unwrap_or(1)
    }
}
