//! The observed activity of a part of a composed strategy.

/// Observed calls of a part of a composed strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartCalls {
    /// The number of times it was called.
    pub calls: u64,
    /// The number of times its answer had an effect: a trigger fired, a placement or an initializer gave an answer, a survival
    /// rule removed units, a modulation scaled something.
    pub effects: u64,
}
