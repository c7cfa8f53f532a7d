//! What is behind the doors of the five parts: a configuration of any type, and that configuration running with its state.

use crate::prospect::Prospect;
use dentate_core::{ConfigError, MeterKind, Unsuited};

/// A kind of part: the door that its configurations are behind, and the one of those that run.
pub trait PartKind {
    /// A configuration of this kind, whatever its type.
    type Spec: ?Sized;
    /// A configuration at work.
    type Run: ?Sized;
}

/// What the configurations of all parts of a kind offer, whatever their type. A [`Part`](super::Part) offers it by itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of the kind `{K}`",
    label = "it does not implement the trait of that kind",
    note = "implement `Part` and the trait of that kind for `{Self}`; `cargo xtask new trigger NAME`, or another kind, makes one that works"
)]
pub trait AnyPart<K: PartKind> {
    /// Check it: ranges, and what they cannot say.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Whether it goes with a run, as far as that can be known before it.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited>;
    /// What it wants to be metered.
    fn metered(&self) -> Vec<MeterKind>;
    /// Start it with a fresh state.
    fn start(&self) -> Box<K::Run>;
    /// A copy.
    fn boxed(&self) -> Box<K::Spec>;
}

/// What a kind of part needs beside its three traits: its doors, what its configurations offer, and how they are read from TOML.
macro_rules! doors {
    ($part:ident, $marker:ident, $spec:ident, $run:ident) => {
        #[doc = concat!("The kind of part that is a ", stringify!($part), ".")]
        #[derive(Clone, Copy, Debug)]
        pub enum $marker {}

        impl $crate::parts::PartKind for $marker {
            type Spec = dyn $spec;
            type Run = dyn $run;
        }

        impl<P: $part + $spec> $crate::parts::AnyPart<$marker> for P {
            fn validate(&self) -> Result<(), dentate_core::ConfigError> {
                dentate_core::Config::in_range(self)?;
                self.check()
            }

            fn goes_with(&self, run: &$crate::Prospect<'_>) -> Result<(), dentate_core::Unsuited> {
                self.suits(run)
            }

            fn metered(&self) -> Vec<dentate_core::MeterKind> {
                self.meters()
            }

            fn start(&self) -> Box<dyn $run> {
                Box::new(dentate_core::Running::<P, P::State>::new(self.clone()))
            }

            fn boxed(&self) -> Box<dyn $spec> {
                Box::new(self.clone())
            }
        }

        dentate_core::__named!($spec, $part, "name");
    };
}
pub(super) use doors;
