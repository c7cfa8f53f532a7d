//! The accuracy matrix `R[i][j]`: accuracy on task j after learning experience i, and the metrics defined on it.
//!
//! With T tasks learned one after another the matrix is square and every metric below exists. A joint method learns
//! everything in one experience: its matrix has a single row, and metrics that need more are absent, never zero. Indices here are
//! 0-based, formulas in the documentation 1-based as in the papers.

/// The accuracies of one run. A missing entry was not measured.
///
/// ```
/// use dentate_core::metrics::AccuracyMatrix;
///
/// let mut matrix = AccuracyMatrix::new(2);
/// matrix.set(0, 0, 0.9); // accuracy on task 0 after experience 0
/// matrix.set(1, 0, 0.7);
/// matrix.set(1, 1, 0.8);
/// assert_eq!(matrix.average_accuracy(), Some(0.75));
/// assert!((matrix.forgetting().unwrap() - 0.2).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccuracyMatrix {
    rows: Vec<Vec<Option<f64>>>,
    untrained: Vec<Option<f64>>,
    /// The lowest accuracy on each task between the ends of experiences, after the one that it was learned in.
    lowest: Vec<Option<f64>>,
}

impl AccuracyMatrix {
    /// An empty matrix over `tasks` tasks.
    #[must_use]
    pub fn new(tasks: usize) -> Self {
        Self {
            rows: Vec::new(),
            untrained: vec![None; tasks],
            lowest: vec![None; tasks],
        }
    }

    /// Sets the accuracy on `task` after `experience`; the matrix grows as needed.
    pub fn set(&mut self, experience: usize, task: usize, accuracy: f64) {
        self.widen(task + 1);
        while self.rows.len() <= experience {
            self.rows.push(vec![None; self.untrained.len()]);
        }
        self.rows[experience][task] = Some(accuracy);
    }

    /// Sets the accuracy of the untrained network on `task`.
    pub fn set_untrained(&mut self, task: usize, accuracy: f64) {
        self.widen(task + 1);
        self.untrained[task] = Some(accuracy);
    }

    /// Includes an accuracy on `task` that was measured within `experience`, before its end. Those within the task's own experience
    /// count for nothing.
    pub fn set_within(&mut self, experience: usize, task: usize, accuracy: f64) {
        self.widen(task + 1);
        if experience > task {
            let lowest = &mut self.lowest[task];
            *lowest = Some(lowest.map_or(accuracy, |lowest| lowest.min(accuracy)));
        }
    }

    fn widen(&mut self, tasks: usize) {
        if tasks > self.untrained.len() {
            self.untrained.resize(tasks, None);
            self.lowest.resize(tasks, None);
            self.rows.iter_mut().for_each(|row| row.resize(tasks, None));
        }
    }

    /// The rows: one for each experience, each with one entry for each task.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Option<f64>>] {
        &self.rows
    }

    /// Number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.untrained.len()
    }

    /// `R[i][j]`, where it was measured.
    #[must_use]
    pub fn get(&self, experience: usize, task: usize) -> Option<f64> {
        *self.rows.get(experience)?.get(task)?
    }

    /// Returns whether several tasks were learned in as many experiences, which the metrics over time need.
    #[must_use]
    pub fn is_sequence(&self) -> bool {
        self.tasks() > 1 && self.rows.len() == self.tasks()
    }

    /// Returns whether tasks were evaluated again after later ones; otherwise there is only a diagonal, and no matrix to show.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        self.rows
            .last()
            .is_some_and(|last| last.first().is_some_and(Option::is_some))
    }

    /// Returns whether several tasks were learned at once.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        self.tasks() > 1 && self.rows.len() == 1
    }

    /// Average accuracy, in `[0, 1]`: `mean_j R[T][j]` (Lopez-Paz & Ranzato 2017).
    #[must_use]
    pub fn average_accuracy(&self) -> Option<f64> {
        let last = self.rows.len().checked_sub(1)?;
        mean((0..self.tasks()).map(|j| self.get(last, j)))
    }

    /// Average anytime accuracy, in `[0, 1]`: `mean_i mean_{j≤i} R[i][j]` (Caccia et al. 2022).
    #[must_use]
    pub fn anytime_accuracy(&self) -> Option<f64> {
        self.sequence(0, |m, i| mean((0..=i).map(|j| m.get(i, j))))
    }

    /// Learning accuracy, in `[0, 1]`: `mean_i R[i][i]`, how well each task was learned when it came (Riemer et al. 2019).
    #[must_use]
    pub fn learning_accuracy(&self) -> Option<f64> {
        self.sequence(0, |m, i| m.get(i, i))
    }

    /// Learning trend, in `[−1, 1]`: the mean of `R[i][i]` over the last fifth of the tasks minus that over the first fifth.
    /// `None` for fewer than ten tasks.
    #[must_use]
    pub fn learning_trend(&self) -> Option<f64> {
        let tasks = self.tasks();
        let some = tasks / 5;
        let mean = |of: std::ops::Range<usize>| -> Option<f64> {
            let own: Option<Vec<f64>> = of.map(|i| self.get(i, i)).collect();
            Some(own?.iter().sum::<f64>() / some as f64)
        };
        if some < 2 {
            return None;
        }
        Some(mean(tasks - some..tasks)? - mean(0..some)?)
    }

    /// Backward transfer, in `[−1, 1]`: `mean_{i<T} (R[T][i] − R[i][i])` (Lopez-Paz & Ranzato 2017).
    #[must_use]
    pub fn backward_transfer(&self) -> Option<f64> {
        let last = self.tasks().checked_sub(1)?;
        self.earlier(|m, j| Some(m.get(last, j)? - m.get(j, j)?))
    }

    /// One-step backward transfer, in `[−1, 1]`: `mean_{i<T} (R[i+1][i] − R[i][i])`, the change of the accuracy on a task by the one
    /// learned next (Kumar et al. 2023).
    #[must_use]
    pub fn one_step_backward_transfer(&self) -> Option<f64> {
        self.earlier(|m, j| Some(m.get(j + 1, j)? - m.get(j, j)?))
    }

    /// Min-ACC, in `[0, 1]`: `mean_{j<T} min_n A_n[j]`, the minimum over all measurements after the end of experience j, within later
    /// experiences and at their ends (De Lange et al. 2023). `None` where a task was not measured within any later experience.
    #[must_use]
    pub fn min_accuracy(&self) -> Option<f64> {
        self.earlier(|m, j| {
            let ends = (j + 1..m.rows.len()).filter_map(|l| m.get(l, j));
            Some(ends.fold(m.lowest[j]?, f64::min))
        })
    }

    /// Worst-case accuracy (WC-ACC), in `[0, 1]`: `R[T][T]/T + (1 − 1/T) min-ACC` (De Lange et al. 2023).
    #[must_use]
    pub fn worst_case_accuracy(&self) -> Option<f64> {
        let last = self.tasks().checked_sub(1)?;
        let share = 1.0 / self.tasks() as f64;
        Some(share * self.get(last, last)? + (1.0 - share) * self.min_accuracy()?)
    }

    /// Intransigence, in `[−1, 1]`: `mean_k (J[k] − R[k][k])`, J the accuracies of a reference that learned all tasks at once
    /// (after Chaudhry et al. 2018, whose reference for task k learned the first k only).
    #[must_use]
    pub fn intransigence(&self, joint: &Self) -> Option<f64> {
        if !joint.is_joint() || joint.tasks() != self.tasks() {
            return None;
        }
        self.sequence(0, |m, k| Some(joint.get(0, k)? - m.get(k, k)?))
    }

    /// Forward transfer, in `[−1, 1]`: `mean_{i≥2} (R[i−1][i] − b_i)` with `b_i` the accuracy of the untrained network
    /// (Lopez-Paz & Ranzato 2017).
    #[must_use]
    pub fn forward_transfer(&self) -> Option<f64> {
        self.sequence(1, |m, i| Some(m.get(i - 1, i)? - m.untrained[i]?))
    }

    /// Forgetting, in `[−1, 1]`: `mean_{j<T} (max_{l<T} R[l][j] − R[T][j])` (Chaudhry et al. 2018). The maximum is
    /// over the measured entries of the rows before the last, so it is negative where the last experience improved an earlier task.
    #[must_use]
    pub fn forgetting(&self) -> Option<f64> {
        let last = self.tasks().checked_sub(1)?;
        self.earlier(|m, j| {
            let measured = (0..last).filter_map(|l| m.get(l, j));
            Some(measured.reduce(f64::max)? - m.get(last, j)?)
        })
    }

    /// Mean over experiences from `first` on.
    fn sequence(&self, first: usize, term: impl Fn(&Self, usize) -> Option<f64>) -> Option<f64> {
        if !self.is_sequence() {
            return None;
        }
        mean((first..self.tasks()).map(|i| term(self, i)))
    }

    /// Mean over tasks before the last.
    fn earlier(&self, term: impl Fn(&Self, usize) -> Option<f64>) -> Option<f64> {
        if !self.is_sequence() {
            return None;
        }
        mean((0..self.tasks() - 1).map(|j| term(self, j)))
    }
}

/// The mean of the terms; absent if there are none or any is absent.
fn mean(terms: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let terms: Vec<f64> = terms.collect::<Option<_>>()?;
    if terms.is_empty() {
        None
    } else {
        Some(terms.iter().sum::<f64>() / terms.len() as f64)
    }
}

/// Entrywise mean of several matrices, each entry over the matrices that have it.
#[must_use]
pub fn mean_matrix(matrices: &[&AccuracyMatrix]) -> AccuracyMatrix {
    let tasks = matrices.iter().map(|m| m.tasks()).max().unwrap_or(0);
    let experiences = matrices.iter().map(|m| m.rows.len()).max().unwrap_or(0);
    let mut result = AccuracyMatrix::new(tasks);
    for i in 0..experiences {
        for j in 0..tasks {
            let entries: Vec<f64> = matrices.iter().filter_map(|m| m.get(i, j)).collect();
            if !entries.is_empty() {
                result.set(i, j, entries.iter().sum::<f64>() / entries.len() as f64);
            }
        }
    }
    result
}

#[cfg(test)]
mod tests;
