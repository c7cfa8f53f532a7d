//! The sources of the methods, metrics and claims of a report, as entries of a bibliography.
//!
//! A citation is declared as text: `Liu et al. 2019, arXiv:1910.02366`, `Prabhu, Torr & Dokania 2020, ECCV`, several of them separated by
//! semicolons or `and`. A source is an author and a year with what follows; words before it (`after`, `this project`) are left out.

use crate::findings::Findings;
use std::collections::{BTreeMap, BTreeSet};

mod bibtex;
mod citation;
use citation::Source;

/// `sources.bib`; without entries, if nothing names a source.
pub(crate) fn bibliography(findings: &Findings<'_>) -> String {
    let mut all = Sources::default();
    let manifest = &findings.suite.manifest;
    for method in &manifest.methods {
        all.cite(&method.citation, &format!("the method {}", method.title));
    }
    let rows = findings.streams.iter().flat_map(|c| &c.rows);
    let metrics: BTreeSet<_> = rows.flat_map(|row| row.estimates.keys().copied()).collect();
    for metric in metrics {
        all.cite(metric.info().source, &format!("the measure {}", metric.title()));
    }
    for claim in &manifest.claims {
        all.cite(&claim.source, "a claim");
    }
    all.to_bibtex(&manifest.title)
}

/// Sources with what each is cited for.
#[derive(Default)]
struct Sources {
    all: Vec<(Source, BTreeSet<String>)>,
}

impl Sources {
    fn cite(&mut self, citation: &str, by: &str) {
        for source in citation::sources(citation) {
            let known = self.all.iter_mut().find(|(known, _)| known.same(&source));
            match known {
                Some((known, cited)) => {
                    known.complete(source);
                    cited.insert(by.to_owned());
                }
                None => self.all.push((source, [by.to_owned()].into())),
            }
        }
    }

    /// The entries by key, in its order. A key is the first author and the year; where two sources share it, each has its number or the
    /// first words of its place besides, so that it does not depend on the other.
    fn keyed(&self) -> BTreeMap<String, &(Source, BTreeSet<String>)> {
        let mut keyed = BTreeMap::new();
        for entry in &self.all {
            let key = entry.0.key();
            let alone = self.all.iter().filter(|(other, _)| other.key() == key).count() == 1;
            let mut key = if alone { key } else { entry.0.long_key() };
            while keyed.contains_key(&key) {
                key.push('x');
            }
            keyed.insert(key, entry);
        }
        keyed
    }

    fn to_bibtex(&self, title: &str) -> String {
        let mut text = format!(
            "% Sources of the methods, measures and claims of: {}\n",
            bibtex::line(title)
        );
        for (key, (source, cited)) in self.keyed() {
            text.push_str(&bibtex::entry(&key, source, cited));
        }
        text
    }
}

#[cfg(test)]
mod tests;
