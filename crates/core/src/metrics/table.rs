//! Display of the accuracy matrix as a text table.

use super::matrix::AccuracyMatrix;
use std::fmt;

/// The maximum number of rows or columns shown; of more, those in the middle are left out.
const MOST: usize = 12;
/// The number shown at each end in that case.
const ENDS: usize = 5;

/// The indices shown out of `n`; `None` stands for those left out.
fn shown(n: usize) -> Vec<Option<usize>> {
    if n <= MOST {
        return (0..n).map(Some).collect();
    }
    let first = (0..ENDS).map(Some);
    first.chain([None]).chain((n - ENDS..n).map(Some)).collect()
}

/// A table in percent: a row for each experience, a column for each task, a dash for missing entries. Of a long stream, the
/// first and the last ones are shown. Below it are the average accuracy and forgetting, where they are defined.
impl fmt::Display for AccuracyMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = shown(self.tasks());
        let mut lines = vec![header(&tasks)];
        for row in shown(self.rows().len()) {
            let cell = |task: &Option<usize>| match (row, task) {
                (Some(row), Some(task)) => self.get(row, *task).map_or("–".into(), percent),
                _ => "…".into(),
            };
            let name = row.map_or("…".into(), |row| (row + 1).to_string());
            lines.push([vec![name], tasks.iter().map(cell).collect()].concat());
        }
        write_aligned(f, &lines)?;
        let forgetting = self
            .forgetting()
            .map(|forgetting| format!("forgetting {}", percent(forgetting)));
        let average = self
            .average_accuracy()
            .map(|accuracy| format!("average accuracy {}", percent(accuracy)));
        let said: Vec<String> = average.into_iter().chain(forgetting).collect();
        if said.is_empty() {
            return Ok(());
        }
        write!(f, "\n{}", said.join(", "))
    }
}

fn percent(share: f64) -> String {
    // Rounded before writing, so that small negative numbers do not give `-0.0`.
    let tenths = (1000.0 * share).round() + 0.0;
    format!("{:.1} %", tenths / 10.0)
}

fn header(tasks: &[Option<usize>]) -> Vec<String> {
    let name = |task: &Option<usize>| task.map_or("…".into(), |task| format!("task {}", task + 1));
    [vec!["after".into()], tasks.iter().map(name).collect()].concat()
}

/// Right-aligned cells, each column as wide as its widest cell.
fn write_aligned(f: &mut fmt::Formatter<'_>, lines: &[Vec<String>]) -> fmt::Result {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            writeln!(f)?;
        }
        for (column, cell) in line.iter().enumerate() {
            let gap = if column > 0 { "  " } else { "" };
            write!(f, "{gap}{cell:>width$}", width = width(column))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
