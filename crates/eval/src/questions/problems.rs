//! Function-learning problems: which were solved, and with how many hidden units.

use crate::chart::{self, Runs, Sheet};
use crate::comparison::{Scoring, StreamComparison};
use crate::document::{Block, Part, present};
use crate::figure::Axis;
use crate::findings::Findings;
use crate::prose::Solving;
use crate::tables;

/// The part of all problems; none if there are none.
pub(super) fn blocks(findings: &Findings<'_>) -> Vec<Block> {
    let problems: Vec<usize> = (0..findings.streams.len())
        .filter(|i| findings.streams[*i].scoring == Scoring::Solving)
        .collect();
    if problems.is_empty() {
        return Vec::new();
    }
    let of: Vec<&StreamComparison> = problems.iter().map(|i| &findings.streams[*i]).collect();
    let mut rows = Vec::new();
    for &i in &problems {
        let several = findings.streams[i].rows.len() > 1;
        for k in 0..findings.streams[i].rows.len() {
            let method = findings.title(i, k).to_owned();
            rows.push(Runs {
                title: if several && k > 0 {
                    String::new()
                } else {
                    findings.stream(i).to_owned()
                },
                look: findings.look(i, k),
                solving: Solving::of(&findings.streams[i].rows[k]),
                method,
            });
        }
    }
    let sheet = Sheet {
        id: "hidden-units",
        title: "Hidden units at the end of each run".into(),
        caption: "One mark a run: the method's where it solved the problem, a cross where it did not; equal runs are stacked. An upright stroke is at the \
                  smallest number of hidden units known to solve the problem."
            .into(),
        description: described(&rows),
        x: Axis::new("Hidden units", ""),
        y: Axis::new("Problem", ""),
    };
    // One problem's sentence is said at the top already.
    let said = problems
        .iter()
        .flat_map(|i| findings.said[*i].best.iter().map(move |s| (*i, s)));
    let list: Vec<(String, String)> = said
        .map(|(i, s)| (format!("{}.", findings.stream(i)), s.clone()))
        .collect();
    let figure = chart::strip(sheet, &rows).map(Block::Figure);
    vec![Block::Part(Part {
        id: "problems".into(),
        title: "Function-learning problems".into(),
        blocks: present([
            figure,
            Some(Block::Table(
                tables::solving(findings.suite, &of).called("problems-solved".into()),
            )),
            (list.len() == 1).then_some(Block::List(list)),
        ]),
    })]
}

fn described(rows: &[Runs]) -> String {
    let mut title = "";
    let said: Vec<String> = rows
        .iter()
        .map(|r| {
            if !r.title.is_empty() {
                title = &r.title;
            }
            let runs = r.solving.units.len() + r.solving.unsolved_units.len();
            let units = r
                .solving
                .range()
                .map_or_else(String::new, |range| format!(" with {range} hidden units"));
            format!(
                "{title}, {}: {} of {runs} solved{units}",
                r.method, r.solving.solved
            )
        })
        .collect();
    format!("{}.", said.join("; "))
}
