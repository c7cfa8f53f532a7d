//! A runner with a strategy that does everything a strategy should not, for the tests of how runs fail. It shows at the
//! same time what a program with a plugin of its own looks like: link the plugin, call `main`.

use dentate_core::{Edit, LayerId};
use dentate_growth::{Action, GrowthStrategy, Hook, Reason, StrategyError, View, register};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::process::ExitCode;

/// Its misbehaviour at the start of the second experience.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Panics.
    Panic,
    /// Ends the process without a word.
    Exit,
    /// Aborts the process.
    Abort,
    /// Never answers.
    Hang,
    /// Asks for more memory than there is.
    Allocate,
    /// Proposes a plan about a layer that does not exist.
    BadPlan,
    /// Asks for one thing after the other and never holds.
    Circle,
    /// Says that it cannot go on.
    Refuse,
}

/// Misbehaves.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Misbehaving {
    /// In which way.
    how: How,
}

impl GrowthStrategy for Misbehaving {
    type State = ();

    fn propose(&self, (): &mut (), view: &View<'_>) -> Result<Action, StrategyError> {
        if view.experience.index != 1 || view.hook != Hook::Begin {
            return Ok(Action::Hold(Reason::NotNow));
        }
        match self.how {
            How::Panic => panic!("a unit has no name"),
            How::Exit => std::process::exit(7),
            How::Abort => std::process::abort(),
            How::Hang => loop {
                std::thread::park();
            },
            How::Allocate => {
                let mut hoard: Vec<Vec<u8>> = Vec::new();
                loop {
                    hoard.push(vec![1; 1 << 24]);
                }
            }
            How::BadPlan => {
                let mut plan = view.plan("misbehave");
                plan.edit(Edit::Prune {
                    layer: LayerId(999),
                    units: Vec::new(),
                    fold_mean: Vec::new(),
                });
                Ok(Action::Grow(plan.finish()))
            }
            How::Circle => Ok(Action::Grow(view.plan("circle").finish())),
            How::Refuse => Err(StrategyError::Missing("second brain".into())),
        }
    }
}

register!(
    strategy,
    Misbehaving,
    "misbehaving",
    summary = "Does what a strategy should not.",
    citation = "this project",
);

fn main() -> ExitCode {
    dentate_experiments::main()
}
