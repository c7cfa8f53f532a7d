//! Builders of the streams that are cut from a data set, with defaults for all other settings.

use crate::bursts::{self, Bursts};
use crate::data::DataSpec;
use crate::permuted::Permuted;
use crate::permuted_labels::PermutedLabels;
use crate::random_labels::RandomLabels;
use crate::rotated::Rotated;
use crate::split::Split;
use crate::unlearnable::{self, Unlearnable};
use dentate_core::Scenario;

/// The setters that several streams have.
macro_rules! setters {
    ($($stream:ty: $($setter:ident)*;)*) => {
        $(impl $stream {
            $(setters!(@ $setter);)*
        })*
    };
    (@ task_incremental) => {
        /// The task is known at prediction time.
        #[must_use]
        pub fn task_incremental(mut self) -> Self {
            self.scenario = Scenario::TaskIncremental;
            self
        }
    };
    (@ domain_incremental) => {
        /// Labels are shared by all tasks, and the task is not known.
        #[must_use]
        pub fn domain_incremental(mut self) -> Self {
            self.scenario = Scenario::DomainIncremental;
            self
        }
    };
    (@ class_incremental) => {
        /// Each task has its own classes, and the task is not known.
        #[must_use]
        pub fn class_incremental(mut self) -> Self {
            self.scenario = Scenario::ClassIncremental;
            self
        }
    };
    (@ online) => {
        /// Each row is available only once.
        #[must_use]
        pub fn online(mut self) -> Self {
            self.online = true;
            self
        }
    };
    (@ validation) => {
        /// Holds out this share of each task's training rows for validation, at most half.
        #[must_use]
        pub fn validation(mut self, share: f64) -> Self {
            self.validation = share;
            self
        }
    };
    (@ rows_per_task) => {
        /// Sets the number of training rows of a task, drawn at random.
        #[must_use]
        pub fn rows_per_task(mut self, rows: u32) -> Self {
            self.rows_per_task = Some(rows);
            self
        }
    };
    (@ same_rows) => {
        /// Sets whether all tasks have the same drawn rows.
        #[must_use]
        pub fn same_rows(mut self, same: bool) -> Self {
            self.same_rows = same;
            self
        }
    };
    (@ test_rows) => {
        /// Sets the number of test rows, drawn once for all tasks.
        #[must_use]
        pub fn test_rows(mut self, rows: u32) -> Self {
            self.test_rows = Some(rows);
            self
        }
    };
    (@ first_identity) => {
        /// Sets whether the first task is not permuted.
        #[must_use]
        pub fn first_identity(mut self, identity: bool) -> Self {
            self.first_identity = identity;
            self
        }
    };
    (@ rows) => {
        /// Sets the number of training rows of an experience, drawn at random.
        #[must_use]
        pub fn rows(mut self, rows: u32) -> Self {
            self.rows = Some(rows);
            self
        }
    };
    (@ transition) => {
        /// Sets the part of a task over which it changes gradually to the next, from 0 to 1.
        #[must_use]
        pub fn transition(mut self, share: f64) -> Self {
            self.transition = share;
            self
        }
    };
}

setters! {
    Split: task_incremental domain_incremental class_incremental online validation rows_per_task transition;
    Permuted: task_incremental domain_incremental class_incremental online validation rows_per_task same_rows test_rows first_identity
        transition;
    Rotated: task_incremental domain_incremental class_incremental online validation;
    PermutedLabels: task_incremental domain_incremental online validation rows_per_task same_rows test_rows first_identity;
    RandomLabels: task_incremental domain_incremental online rows_per_task same_rows;
    Bursts: online rows test_rows;
    Unlearnable: online rows test_rows;
}

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
            rows_per_task: None,
            transition: 0.0,
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
            rows_per_task: None,
            same_rows: false,
            test_rows: None,
            transition: 0.0,
        }
    }
}

impl PermutedLabels {
    /// `tasks` tasks of a data set, each with its own permutation of the labels, the first unchanged, in the domain-incremental scenario.
    pub fn new(data: impl DataSpec + 'static, tasks: u32) -> Self {
        Self {
            data: Box::new(data),
            tasks,
            scenario: Scenario::DomainIncremental,
            online: false,
            validation: 0.0,
            first_identity: true,
            rows_per_task: None,
            same_rows: false,
            test_rows: None,
        }
    }
}

impl RandomLabels {
    /// `tasks` tasks of the same rows of a data set, with random labels in each, in the domain-incremental scenario.
    pub fn new(data: impl DataSpec + 'static, tasks: u32) -> Self {
        Self {
            data: Box::new(data),
            tasks,
            scenario: Scenario::DomainIncremental,
            online: false,
            rows_per_task: None,
            same_rows: true,
        }
    }
}

impl Bursts {
    /// Permutations of a data set's features: three new ones in a row, then seven times a known one, and so on for 20 experiences.
    pub fn new(data: impl DataSpec + 'static) -> Self {
        Self {
            data: Box::new(data),
            experiences: bursts::experiences(),
            new: bursts::new(),
            known: bursts::known(),
            even: false,
            online: false,
            rows: None,
            test_rows: None,
        }
    }

    /// Sets the number of experiences.
    #[must_use]
    pub fn experiences(mut self, experiences: u32) -> Self {
        self.experiences = experiences;
        self
    }

    /// Sets the number of new tasks in a row, and of experiences of known tasks after them.
    #[must_use]
    pub fn bursts_of(mut self, new: u32, known: u32) -> Self {
        (self.new, self.known) = (new, known);
        self
    }

    /// Spreads new tasks evenly.
    #[must_use]
    pub fn even(mut self) -> Self {
        self.even = true;
        self
    }
}

impl Unlearnable {
    /// Five permutations of a data set's features, the third of which has random labels in three experiences before it has its own.
    pub fn new(data: impl DataSpec + 'static) -> Self {
        Self {
            data: Box::new(data),
            tasks: unlearnable::tasks(),
            at: unlearnable::at(),
            span: unlearnable::span(),
            online: false,
            rows: None,
            test_rows: None,
        }
    }

    /// Sets the number of tasks.
    #[must_use]
    pub fn tasks(mut self, tasks: u32) -> Self {
        self.tasks = tasks;
        self
    }

    /// Sets the task that is unlearnable, counted from 1, and for how many experiences.
    #[must_use]
    pub fn unlearnable(mut self, at: u32, span: u32) -> Self {
        (self.at, self.span) = (at, span);
        self
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
