//! A report as a value: questions with their answers, each a list of blocks. It is computed once, and pages are written from it.

use crate::figure::Figure;
use crate::metrics::{Metric, Table as Shown};
use crate::tables::Table;
use std::collections::BTreeSet;

/// The whole report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    /// The answers in short.
    pub(crate) answers: Vec<Block>,
    pub(crate) sections: Vec<Section>,
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) question: String,
    pub(crate) blocks: Vec<Block>,
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A paragraph of sentences, in which `**` emphasises.
    Say(Vec<String>),
    /// A heading of no part.
    Head(String),
    /// A small remark.
    Note(String),
    /// Entries with a bold beginning.
    List(Vec<(String, String)>),
    /// Names with values.
    Facts(Vec<(String, String)>),
    Table(Table),
    /// The main table of a stream, in which another reference can be chosen.
    Outcome(Table, References),
    Figure(Figure),
    Heat(Heat),
    /// Blocks side by side where there is room.
    Beside(Vec<Block>),
    /// Blocks that are folded away.
    Folded(String, Vec<Block>),
    /// The part of a stream in an answer.
    Part(Part),
    /// Text of a program, with its language.
    Code(&'static str, String),
    /// Links to files beside the report.
    Files(Vec<(String, String)>),
}

/// The part of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A table of shares as colours.
#[derive(Clone, Debug)]
pub(crate) struct Heat {
    pub(crate) caption: String,
    /// The head of the first column.
    pub(crate) corner: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<HeatCell>)>,
}

/// An entry of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatCell {
    pub(crate) text: String,
    /// The colour: from 0 (cold) to 1, or from −1 for what is worse; `None` for an absent entry.
    pub(crate) share: Option<f64>,
    /// True for a difference, whose colours run to both sides.
    pub(crate) signed: bool,
    /// True if it is framed.
    pub(crate) framed: bool,
    /// True if it is of something that was not yet learned.
    pub(crate) ahead: bool,
}

/// The differences between all pairs of a stream's methods, for the choice of a reference.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    /// The control, if there is one.
    pub(crate) control: Option<usize>,
    pub(crate) pairs: Vec<Reference>,
}

/// A difference of two methods of the manifest, as it is written in both directions.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) one: usize,
    pub(crate) other: usize,
    /// The first less the second, and the second less the first.
    pub(crate) difference: [String; 2],
    pub(crate) p: String,
    /// The verdict on the first, and on the second.
    pub(crate) verdict: [&'static str; 2],
}

impl Document {
    /// All figures, in their order.
    pub(crate) fn figures(&self) -> Vec<&Figure> {
        let mut all = Vec::new();
        self.each(&mut |block| {
            if let Block::Figure(figure) = block {
                all.push(figure);
            }
        });
        all
    }

    /// All tables, in their order.
    pub(crate) fn tables(&self) -> Vec<&Table> {
        let mut all = Vec::new();
        self.each(&mut |block| {
            if let Block::Table(table) | Block::Outcome(table, _) = block {
                all.push(table);
            }
        });
        all
    }

    /// The metrics that a table shows.
    pub(crate) fn metrics(&self) -> BTreeSet<Metric> {
        let heads = self.tables().into_iter().flat_map(|table| &table.head);
        heads.filter_map(|head| head.metric).collect()
    }

    /// The shown metrics of the framework, then those of plugins.
    pub(crate) fn explained(&self) -> Vec<Metric> {
        let shown = self.metrics();
        let own = Metric::all().filter(|metric| shown.contains(metric));
        let others = shown
            .iter()
            .copied()
            .filter(|metric| metric.table() == Shown::Other && Metric::named(metric.name()).is_none());
        own.chain(others).collect()
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Block)) {
        let of_sections = self.sections.iter().flat_map(|section| &section.blocks);
        for block in self.answers.iter().chain(of_sections) {
            block.each(visit);
        }
    }
}

impl Block {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Beside(blocks) | Self::Folded(_, blocks) | Self::Part(Part { blocks, .. }) => {
                blocks.iter().for_each(|block| block.each(visit));
            }
            _ => {}
        }
    }
}

/// Blocks without paragraphs that say nothing.
pub(crate) fn present(blocks: impl IntoIterator<Item = Option<Block>>) -> Vec<Block> {
    let said = |block: &Block| match block {
        Block::Say(sentences) => !sentences.is_empty(),
        Block::Beside(blocks) | Block::Folded(_, blocks) => !blocks.is_empty(),
        _ => true,
    };
    blocks.into_iter().flatten().filter(said).collect()
}

/// A name for ids and files: lower-case letters, digits and dashes, numbered where names come out alike.
pub(crate) fn slug(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut text: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    text = text.trim_matches('-').to_owned();
    if text.is_empty() {
        text.push('x');
    }
    let mut own = text.clone();
    let mut n = 2;
    while !taken.insert(own.clone()) {
        own = format!("{text}-{n}");
        n += 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_differ() {
        let mut taken = BTreeSet::new();
        let names = [
            "Split digits",
            "split/digits",
            "../..",
            "é",
            "a".repeat(99).as_str(),
        ]
        .map(|n| slug(n, &mut taken));
        assert_eq!(names[..4], ["split-digits", "split-digits-2", "x", "x-2"]);
        assert_eq!(names[4].len(), 60);
    }
}
