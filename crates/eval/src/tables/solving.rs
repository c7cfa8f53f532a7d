//! The table of the function-learning problems.

use super::{ABSENT, Head, Line, Metric, Solving, StreamComparison, Suite, Table, format, median};

/// One row for each problem and method.
pub(crate) fn solving(suite: &Suite, problems: &[&StreamComparison]) -> Table {
    let head = vec![
        Head::text("Problem", ""),
        Head::text("Method", ""),
        Head::number(
            "Solved",
            "",
            "Runs that solved the problem within its budget, of those that finished.",
        ),
        Head::number(
            "Hidden units",
            "",
            "Hidden units of the runs that solved it: fewest, median and most.",
        ),
        Head::of(Metric::KNOWN_MINIMUM),
        Head::number(
            "Updates",
            "median",
            "Weight updates made, the median over the finished runs.",
        ),
        Head::number(
            "Squared error",
            "median",
            "Mean squared error per output at the end, the median.",
        ),
    ];
    let mut rows = Vec::new();
    for c in problems {
        for row in &c.rows {
            let s = Solving::of(row);
            let of = |metric: Metric, write: fn(f64) -> String| {
                let values: Vec<f64> = row
                    .values
                    .get(&metric)
                    .into_iter()
                    .flat_map(|v| v.values().copied())
                    .collect();
                median(&values).map_or_else(|| ABSENT.into(), write)
            };
            let solved = if row.finished == 0 {
                ABSENT.into()
            } else {
                format!("{} of {}", s.solved, row.finished)
            };
            let cells = [
                suite.manifest.streams[c.stream].title.clone(),
                suite.manifest.methods[row.method].title.clone(),
                solved,
                s.range().unwrap_or_else(|| ABSENT.into()),
                s.known_minimum.map_or_else(|| ABSENT.into(), format::count),
                of(Metric::UPDATES, format::count),
                of(Metric::SQUARED_ERROR, format::significant),
            ];
            rows.push(Line {
                method: Some(row.method),
                ..Line::plain(cells)
            });
        }
    }
    Table {
        id: String::new(),
        caption: "Function-learning problems: how often solved, and how large the network became.".into(),
        head,
        rows,
    }
}
