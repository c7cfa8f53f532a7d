//! Builders of the streams that are cut from a data set, with defaults for all other settings.

use crate::data::DataSpec;
use crate::permuted::Permuted;
use crate::rotated::Rotated;
use crate::split::Split;
use dentate_core::Scenario;

/// The setters common to these streams.
macro_rules! setters {
    ($stream:ty) => {
        impl $stream {
            /// The task is known at prediction time.
            #[must_use]
            pub fn task_incremental(mut self) -> Self {
                self.scenario = Scenario::TaskIncremental;
                self
            }

            /// Labels are shared by all tasks, and the task is not known.
            #[must_use]
            pub fn domain_incremental(mut self) -> Self {
                self.scenario = Scenario::DomainIncremental;
                self
            }

            /// Each task has its own classes, and the task is not known.
            #[must_use]
            pub fn class_incremental(mut self) -> Self {
                self.scenario = Scenario::ClassIncremental;
                self
            }

            /// Each row is available only once.
            #[must_use]
            pub fn online(mut self) -> Self {
                self.online = true;
                self
            }

            /// Holds out this share of each task's training rows for validation, at most half.
            #[must_use]
            pub fn validation(mut self, share: f64) -> Self {
                self.validation = share;
                self
            }
        }
    };
}

setters!(Split);
setters!(Permuted);
setters!(Rotated);

impl Split {
    /// The classes of a data set, two for each task in the order of their labels, in the class-incremental scenario.
    pub fn new(data: impl DataSpec + 'static) -> Self {
        Self {
            data: Box::new(data),
            scenario: Scenario::ClassIncremental,
            classes: None,
            classes_per_task: 2,
            shuffle_classes: false,
            online: false,
            validation: 0.0,
        }
    }

    /// Sets the number of classes of each task.
    #[must_use]
    pub fn classes_per_task(mut self, classes: u32) -> Self {
        self.classes_per_task = classes;
        self
    }

    /// Sets the classes of each task: `[[1, 7], [0, 2]]`.
    #[must_use]
    pub fn classes<T: IntoIterator<Item = u32>>(mut self, tasks: impl IntoIterator<Item = T>) -> Self {
        let tasks = tasks.into_iter().map(|task| task.into_iter().collect());
        self.classes = Some(tasks.collect());
        self
    }

    /// Uses a different order of classes for each seed.
    #[must_use]
    pub fn shuffle_classes(mut self) -> Self {
        self.shuffle_classes = true;
        self
    }
}

impl Permuted {
    /// `tasks` tasks of a data set, each with its own order of features, the first unchanged, in the domain-incremental
    /// scenario.
    pub fn new(data: impl DataSpec + 'static, tasks: u32) -> Self {
        Self {
            data: Box::new(data),
            tasks,
            scenario: Scenario::DomainIncremental,
            online: false,
            validation: 0.0,
            first_identity: true,
        }
    }
}

impl Rotated {
    /// `tasks` tasks of a set of images, the last rotated by `max_degrees`, in the domain-incremental scenario.
    pub fn new(data: impl DataSpec + 'static, tasks: u32, max_degrees: f64) -> Self {
        Self {
            data: Box::new(data),
            tasks,
            max_degrees,
            scenario: Scenario::DomainIncremental,
            online: false,
            validation: 0.0,
        }
    }
}

#[cfg(test)]
mod tests;
