//! Product: several modulations combined by multiplying their factors.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `of` | the modulations | none: no scaling |

use super::{AModulation, Factors, GrowthEvent, ModulationRun, ModulationSpec};
use crate::parts::AnyPart;
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{ConfigError, MeterKind, StateError, Stateful, Unsuited, state};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of a product; see [the module](self).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Product {
    /// The modulations whose factors are multiplied.
    pub of: Vec<Box<dyn ModulationSpec>>,
}

impl AnyPart<AModulation> for Product {
    fn validate(&self) -> Result<(), ConfigError> {
        self.of
            .iter()
            .try_for_each(|part| part.validate().map_err(|e| e.within("of")))
    }

    fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.of
            .iter()
            .try_for_each(|part| part.goes_with(run).map_err(|e| e.within("of")))
    }

    fn metered(&self) -> Vec<MeterKind> {
        self.of.iter().flat_map(|part| part.metered()).collect()
    }

    fn start(&self) -> Box<dyn ModulationRun> {
        Box::new(ProductRun(self.of.iter().map(|part| part.start()).collect()))
    }

    fn boxed(&self) -> Box<dyn ModulationSpec> {
        Box::new(self.clone())
    }
}

/// The running modulations.
struct ProductRun(Vec<Box<dyn ModulationRun>>);

impl Stateful for ProductRun {
    fn save(&self) -> Result<Vec<u8>, StateError> {
        let each = self.0.iter().map(|run| run.save());
        state::to_bytes(&each.collect::<Result<Vec<_>, _>>()?)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let each: Vec<Vec<u8>> = state::from_bytes(bytes)?;
        if each.len() != self.0.len() {
            return Err(StateError::Unfit("it is of another number of modulations"));
        }
        self.0
            .iter_mut()
            .zip(&each)
            .try_for_each(|(run, state)| run.load(state))
    }
}

impl ModulationRun for ProductRun {
    fn factors(&mut self, view: &View<'_>, history: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        let mut all = Factors::default();
        for run in &mut self.0 {
            let factors = run.factors(view, history)?;
            all.growth *= factors.growth;
            all.survival *= factors.survival;
        }
        Ok(all)
    }
}

crate::register!(
    modulation,
    Product,
    "product",
    summary = "The product of several modulations.",
    citation = "this project",
    source = include_str!("product.rs"),
);
