//! The recipe that all heads in closed form share: the learner that is built, and the streams that it suits.

use dentate_core::{StreamFacts, TargetKind, Unsuited};

/// Checks that a stream has classes.
pub(crate) fn suits(name: &str, stream: &StreamFacts) -> Result<(), Unsuited> {
    if stream.target == TargetKind::Classes {
        return Ok(());
    }
    let reason = "it learns classes, and this stream has none: use a suitable learner, such as `gradient` for values or \
                  `growing-neural-gas` for points";
    Err(Unsuited::new("learner", name, reason))
}

/// The [`LearnerRecipe`](dentate_core::LearnerRecipe) of a configuration with this name.
macro_rules! recipe {
    ($config:ident, $name:literal) => {
        impl dentate_core::LearnerRecipe for $config {
            fn suits(&self, stream: &dentate_core::StreamFacts) -> Result<(), dentate_core::Unsuited> {
                $crate::closed_form::recipe::suits($name, stream)
            }

            fn build(
                &self,
                setting: dentate_core::BuildContext<'_>,
            ) -> Result<Box<dyn dentate_core::Learner>, dentate_core::LearnError> {
                let learner =
                    $crate::closed_form::learner::ClosedFormLearner::new(self.clone(), setting.seed);
                Ok(Box::new(learner))
            }
        }
    };
}
pub(crate) use recipe;
