//! The builder of the gradient learner; settings that are not given keep their defaults.

use crate::budget::Budget;
use crate::clip::Clip;
use crate::config::Gradient;
use crate::conv::ConvLayer;
use crate::mechanism::MechanismSpec;
use crate::schedule::Schedule;
use dentate_core::{Activation, BiasInit, Init, Optimizer};
use dentate_growth::Growth;

impl Gradient {
    /// A multilayer perceptron with these hidden widths. Everything else has its default value.
    pub fn mlp(hidden: impl IntoIterator<Item = usize>) -> Self {
        Self {
            hidden: hidden.into_iter().collect(),
            ..Self::default()
        }
    }

    /// A convolutional network: convolutional layers, followed by hidden layers of these widths.
    pub fn cnn(conv: impl IntoIterator<Item = ConvLayer>, hidden: impl IntoIterator<Item = usize>) -> Self {
        Self {
            conv: conv.into_iter().collect(),
            ..Self::mlp(hidden)
        }
    }

    /// Sets the growth strategy.
    #[must_use]
    pub fn strategy(mut self, strategy: impl Growth + 'static) -> Self {
        self.strategy = Box::new(strategy);
        self
    }

    /// Appends a mechanism.
    #[must_use]
    pub fn mechanism(mut self, mechanism: impl MechanismSpec + 'static) -> Self {
        self.mechanisms.push(Box::new(mechanism));
        self
    }

    /// Sets the optimizer.
    #[must_use]
    pub fn optimizer(mut self, optimizer: Optimizer) -> Self {
        self.optimizer = optimizer;
        self
    }

    /// Sets the schedule of the learning rate.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Limits the gradient of an update.
    #[must_use]
    pub fn clip(mut self, clip: Clip) -> Self {
        self.clip = Some(clip);
        self
    }

    /// Sets the batch size: rows of an experience per update.
    #[must_use]
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = rows;
        self
    }

    /// Sets the number of passes over each experience.
    #[must_use]
    pub fn epochs(mut self, epochs: u64) -> Self {
        self.budget = Budget::Epochs(epochs);
        self
    }

    /// Sets the number of updates on each experience.
    #[must_use]
    pub fn updates(mut self, updates: u64) -> Self {
        self.budget = Budget::Updates(updates);
        self
    }

    /// Sets the number of multiply-adds on each experience.
    #[must_use]
    pub fn multiply_adds(mut self, multiply_adds: u64) -> Self {
        self.budget = Budget::MultiplyAdds(multiply_adds);
        self
    }

    /// Sets the initialisation of weights.
    #[must_use]
    pub fn init(mut self, init: Init) -> Self {
        self.init = init;
        self
    }

    /// Sets the initialisation of the biases of the network's own layers and heads.
    #[must_use]
    pub fn bias_init(mut self, init: BiasInit) -> Self {
        self.bias_init = init;
        self
    }

    /// Sets the activation of hidden layers.
    #[must_use]
    pub fn activation(mut self, activation: Activation) -> Self {
        self.activation = activation;
        self
    }
}
