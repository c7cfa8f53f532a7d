//! The part of a composed strategy, as far as it was seen at work.

/// What a part of a composed strategy was seen at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The number of times it was asked.
    pub asked: u64,
    /// How often its answer did something: a trigger fired, a placement or an initializer gave an answer, a survival rule took
    /// units, a modulation scaled something.
    pub acted: u64,
}
