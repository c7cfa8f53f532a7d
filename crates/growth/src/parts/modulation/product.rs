//! Product: several modulations at once, their factors multiplied.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `of` | the modulations | none, which scales nothing |

use super::{Factors, Grown, ModulationRun, ModulationSpec};
use crate::parts::{AnyPart, Saving};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::registry::{Entry, Kind};
use dentate_core::{ConfigError, MeterKind, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Product {
    /// The modulations whose factors are multiplied.
    pub of: Vec<Box<dyn ModulationSpec>>,
}

impl AnyPart for Product {
    fn check(&self) -> Result<(), ConfigError> {
        self.of
            .iter()
            .try_for_each(|part| part.check().map_err(|e| e.within("of")))
    }

    fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        self.of
            .iter()
            .try_for_each(|part| part.goes_with(run).map_err(|e| e.within("of")))
    }

    fn metered(&self) -> Vec<MeterKind> {
        self.of.iter().flat_map(|part| part.metered()).collect()
    }
}

#[typetag::serde(name = "product")]
impl ModulationSpec for Product {
    fn start(&self) -> Box<dyn ModulationRun> {
        Box::new(ProductRun(self.of.iter().map(|part| part.start()).collect()))
    }

    fn boxed(&self) -> Box<dyn ModulationSpec> {
        Box::new(self.clone())
    }
}

/// The modulations at work.
struct ProductRun(Vec<Box<dyn ModulationRun>>);

impl Saving for ProductRun {
    fn save(&self) -> Result<Vec<u8>, StrategyError> {
        let each = self
            .0
            .iter()
            .map(|run| run.save())
            .collect::<Result<Vec<_>, _>>()?;
        Ok(dentate_core::state::to_bytes(&each)?)
    }

    fn load(&mut self, state: &[u8]) -> Result<(), StrategyError> {
        let each: Vec<Vec<u8>> = dentate_core::state::from_bytes(state)?;
        if each.len() != self.0.len() {
            return Err(StrategyError::State(
                "it is of another number of modulations".into(),
            ));
        }
        self.0
            .iter_mut()
            .zip(&each)
            .try_for_each(|(run, state)| run.load(state))
    }
}

impl ModulationRun for ProductRun {
    fn factors(&mut self, view: &View<'_>, history: &[Grown]) -> Result<Factors, StrategyError> {
        let mut all = Factors::default();
        for run in &mut self.0 {
            let factors = run.factors(view, history)?;
            all.growth *= factors.growth;
            all.survival *= factors.survival;
        }
        Ok(all)
    }
}

inventory::submit! {
    Entry {
        kind: Kind::Modulation,
        name: "product",
        summary: "Several modulations at once, their factors multiplied.",
        citation: "this project",
        package: env!("CARGO_PKG_NAME"),
        schema: || schemars::schema_for!(Product),
        source: include_str!("product.rs"),
    }
}
