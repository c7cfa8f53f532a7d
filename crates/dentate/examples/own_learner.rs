//! A learner of one's own, held against a network: it keeps the mean of each class, and answers with the nearest.
//!
//! `cargo run -p dentate --example own_learner`

use dentate::core::{
    Architecture, BuildContext, Dataset, ExperienceInfo, LearnError, LearnerRecipe, MetricLog, Predictions,
    SavedState, Source, TaskId,
};
use dentate::ndarray::Array2;
use dentate::prelude::*;
use std::collections::BTreeMap;

config! {
    /// Its settings.
    pub struct ClassMeans {
        /// Rows that are taken in per update.
        #[schemars(range(min = 1))]
        pub batch: usize = 64,
    }
}

state! {
    /// All that a saved session has to hold.
    struct Means {
        /// Rows seen of each class, and their mean.
        of: BTreeMap<u32, (u64, Vec<f64>)>,
        /// Rows seen of the experience, and all that it has.
        seen: usize,
        rows: usize,
    }
}

struct Running {
    batch: usize,
    means: Means,
    architecture: Architecture,
}

impl Learner for Running {
    fn begin(&mut self, _: &ExperienceInfo) -> Result<(), LearnError> {
        (self.means.seen, self.means.rows) = (0, 0);
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        let Some(rows) = source.next(self.batch).filter(|rows| !rows.is_empty()) else {
            return Ok(Progress::Finished);
        };
        for (id, _, row) in rows.iter() {
            let Some(data) = source.datasets().iter().find(|data| data.id() == id) else {
                continue;
            };
            let Some(label) = data.label(row) else { continue };
            let mut x = vec![0.0; data.features()];
            data.read(row, &mut x)?;
            let fresh = || (0, vec![0.0; x.len()]);
            let (seen, mean) = self.means.of.entry(label).or_insert_with(fresh);
            *seen += 1;
            for (at, x) in mean.iter_mut().zip(&x) {
                *at += (f64::from(*x) - *at) / *seen as f64;
            }
        }
        self.means.seen += rows.len();
        self.means.rows = source.len().unwrap_or(0);
        log.updates += 1;
        log.rows += rows.len() as u64;
        Ok(Progress::Updated)
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        _: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let Some(&last) = self.means.of.keys().next_back() else {
            return Ok(Predictions::Abstain);
        };
        let mut scores = Array2::from_elem((rows.len(), last as usize + 1), f32::NEG_INFINITY);
        let mut x = vec![0.0; data.features()];
        for (i, &row) in rows.iter().enumerate() {
            data.read(row, &mut x)?;
            for (&class, (_, mean)) in &self.means.of {
                let squares = mean.iter().zip(&x).map(|(at, x)| (f64::from(*x) - at).powi(2));
                scores[(i, class as usize)] = -squares.sum::<f64>() as f32;
            }
        }
        Ok(Predictions::Scores(scores))
    }

    fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    fn fraction(&self) -> f64 {
        // For the bar of progress, and for evaluations along the way.
        self.means.seen as f64 / self.means.rows.max(1) as f64
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        let state = dentate::core::state::to_bytes(&self.means)?;
        Ok(SavedState {
            state,
            ..SavedState::default()
        })
    }

    fn attach_data(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(())
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        self.means = dentate::core::state::from_bytes(&saved.state)?;
        Ok(())
    }
}

impl LearnerRecipe for ClassMeans {
    fn build(&self, _: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
        Ok(Box::new(Running {
            batch: self.batch,
            means: Means::default(),
            architecture: Architecture::empty(),
        }))
    }
}

register!(
    learner,
    ClassMeans,
    "class-means",
    summary = "Keeps the mean of each class, and answers with the nearest.",
    citation = "this page",
);

fn main() -> dentate::Result<()> {
    let stream = || Split::new(Digits::default());
    let means = Experiment::new(stream(), ClassMeans::default()).run()?;
    println!("class means\n{}\n", means.accuracy());
    let network = Experiment::new(stream(), Gradient::mlp([64])).run()?;
    println!("a network\n{}", network.accuracy());
    Ok(())
}
