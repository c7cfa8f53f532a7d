//! The gradient learner as specified in a suite: validation, checks against a stream, construction.

use crate::config::Gradient;
use crate::learner::GradientLearner;
use crate::mechanism;
use crate::suiting;
use crate::twin;
use dentate_core::registry::Kind;
use dentate_core::{
    BuildContext, ConfigError, LearnError, Learner, LearnerRecipe, LearnerSpec, Normalisation, RunCosts,
    StreamFacts, TwinBudget, Unsuited, register,
};

impl LearnerRecipe for Gradient {
    fn check(&self) -> Result<(), ConfigError> {
        for (i, maps) in self.conv.iter().enumerate() {
            maps.check().map_err(|e| e.within(&format!("conv[{i}]")))?;
        }
        if self.start.as_ref().is_some_and(|path| path.trim().is_empty()) {
            return Err(ConfigError::new("start", "empty", "the path of a folder"));
        }
        if self.batch == 1 && self.normalisation == Normalisation::BatchNorm && !self.hidden.is_empty() {
            let wanted = "at least 2 with batch norm in hidden layers, where a single row has no variance";
            return Err(ConfigError::new("batch", 1, wanted));
        }
        for (i, mechanism) in self.mechanisms.iter().enumerate() {
            let checked = mechanism.validate();
            checked.map_err(|e| e.within(&format!("mechanisms[{i}]")))?;
        }
        mechanism::check(&self.mechanisms)?;
        self.strategy.validate().map_err(|e| e.within("strategy"))
    }

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        suiting::suits(self, stream)
    }

    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
        Ok(Box::new(GradientLearner::new(
            self.clone(),
            (setting.backend)(),
            setting.seed,
        )))
    }

    fn starts_from(&self) -> Option<&str> {
        self.start.as_deref()
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        let mut parts = vec![(Kind::Strategy, self.strategy.name().to_string())];
        for mechanism in &self.mechanisms {
            parts.push((Kind::Mechanism, mechanism.typetag_name().to_string()));
            parts.extend(mechanism.made_of());
        }
        parts.extend(self.strategy.parts());
        parts
    }

    fn grows(&self) -> bool {
        self.strategy.grows() || self.mechanisms.iter().any(|one| twin::grows(one.as_ref()))
    }

    fn has_twin(&self, _: TwinBudget) -> Result<(), Unsuited> {
        twin::has_twin(self)
    }

    fn twin(
        &self,
        budget: TwinBudget,
        run: &RunCosts,
        stream: &StreamFacts,
    ) -> Result<Box<dyn LearnerSpec>, Unsuited> {
        let twin = twin::twin(self, budget, run, stream)?;
        Ok(Box::new(twin))
    }
}

register!(
    learner,
    Gradient,
    "gradient",
    summary = "A perceptron or convolutional network trained by gradient descent, with a growth strategy and mechanisms.",
    citation = "this project",
);
