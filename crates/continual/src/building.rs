//! The builder of the gradient learner: settings that have a usual value need not be given.

use crate::config::{Budget, Gradient};
use crate::maps::Maps;
use crate::mechanism::MechanismSpec;
use dentate_core::{Activation, Optimizer};
use dentate_growth::Growth;

impl Gradient {
    /// A multilayer perceptron with these widths of hidden layers. All else is as in a suite that says nothing of it.
    pub fn mlp(hidden: impl IntoIterator<Item = usize>) -> Self {
        Self {
            hidden: hidden.into_iter().collect(),
            ..Self::default()
        }
    }

    /// A convolutional network: layers of feature maps, and the widths of hidden layers behind them.
    pub fn cnn(maps: impl IntoIterator<Item = Maps>, hidden: impl IntoIterator<Item = usize>) -> Self {
        Self {
            maps: maps.into_iter().collect(),
            ..Self::mlp(hidden)
        }
    }

    /// Set how the network grows.
    #[must_use]
    pub fn strategy(mut self, strategy: impl Growth + 'static) -> Self {
        self.strategy = Box::new(strategy);
        self
    }

    /// Add a mechanism behind those that are there.
    #[must_use]
    pub fn mechanism(mut self, mechanism: impl MechanismSpec + 'static) -> Self {
        self.mechanisms.push(Box::new(mechanism));
        self
    }

    /// Set the optimizer.
    #[must_use]
    pub fn optimizer(mut self, optimizer: Optimizer) -> Self {
        self.optimizer = optimizer;
        self
    }

    /// Set the rows of an experience per update.
    #[must_use]
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = rows;
        self
    }

    /// Train for so many passes over each experience.
    #[must_use]
    pub fn epochs(mut self, epochs: u64) -> Self {
        self.budget = Budget::Epochs(epochs);
        self
    }

    /// Train for so many updates on each experience.
    #[must_use]
    pub fn updates(mut self, updates: u64) -> Self {
        self.budget = Budget::Updates(updates);
        self
    }

    /// Set the activation of hidden layers.
    #[must_use]
    pub fn activation(mut self, activation: Activation) -> Self {
        self.activation = activation;
        self
    }
}
