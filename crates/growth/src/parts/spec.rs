//! Trait objects of the five kinds of parts: a configuration of any type, and that configuration running with its state.

use crate::prospect::Prospect;
use dentate_core::{ConfigError, MeterKind, Unsuited};

/// A kind of part: the trait object types of its configurations and of its running parts.
pub trait PartKind {
    /// A configuration of this kind, of any type.
    type Spec: ?Sized;
    /// A running part.
    type Run: ?Sized;
}

/// The interface of the configurations of all parts of a kind; implemented for every [`Part`](super::Part).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of the kind `{K}`",
    label = "it does not implement the trait of that kind",
    note = "implement `Part` and the trait of that kind for `{Self}`; `cargo xtask new trigger NAME`, or another kind, makes one that works"
)]
pub trait AnyPart<K: PartKind> {
    /// Checks the ranges of settings, and what ranges cannot express.
    ///
    /// # Errors
    /// [`ConfigError`].
    fn validate(&self) -> Result<(), ConfigError>;
    /// Checks that the part suits a run, as far as that is known beforehand.
    ///
    /// # Errors
    /// [`Unsuited`].
    fn goes_with(&self, run: &Prospect<'_>) -> Result<(), Unsuited>;
    /// The meters it needs.
    fn metered(&self) -> Vec<MeterKind>;
    /// Starts it with a fresh state.
    fn start(&self) -> Box<K::Run>;
    /// A copy.
    fn boxed(&self) -> Box<K::Spec>;
}

/// Defines a kind of part besides its three traits: its trait objects, the interface of its configurations, and their
/// deserialisation from TOML.
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
