//! Methods across streams: mean ranks with the critical difference.

use crate::chart::{self, Ranked, Sheet};
use crate::comparison::Role;
use crate::document::{Block, Part, present};
use crate::figure::Axis;
use crate::findings::Findings;
use crate::look::Look;
use crate::{prose, tables};

/// Mean ranks over streams.
pub(super) fn blocks(findings: &Findings<'_>) -> Vec<Block> {
    let Some(across) = &findings.across else {
        return Vec::new();
    };
    let suite = findings.suite;
    let figure = across.test.as_ref().map(|test| {
        let of = |method: &usize| {
            let control = suite.control() == Some(*method);
            Ranked {
                title: &suite.manifest.methods[*method].title,
                look: Look::of(suite, *method, if control { Role::Control } else { Role::Contender }),
            }
        };
        let ranked: Vec<Ranked<'_>> = across.methods.iter().map(of).collect();
        let sheet = Sheet {
            id: "ranks",
            title: "Mean ranks with the critical difference".into(),
            caption: "Mean rank of each method, 1 if it is best on every stream. Methods joined by a bar are less than the critical difference apart, which \
                      two alike methods exceed in 5% of cases (Nemenyi)."
                .into(),
            description: String::new(),
            x: Axis::new("Mean rank", ""),
            y: Axis::default(),
        };
        chart::ranks(sheet, test, &ranked)
    });
    let blocks = present([
        Some(Block::Say(prose::across(suite, across))),
        figure.map(Block::Figure),
        tables::ranks(suite, across).map(|t| Block::Table(t.called("mean-ranks".into()))),
    ]);
    vec![Block::Part(Part {
        id: "across".into(),
        title: "Across streams".into(),
        blocks,
    })]
}
