//! The memory that a learner holds for learning.

/// Bytes that a learner needs to continue learning, by purpose; not included is the memory that an update needs while it
/// is made. Numbers are counted with 4 bytes each, as they are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LearnerMemory {
    /// Parameters of the network, or prototypes.
    pub parameters: u64,
    /// Data shaped like the parameters: moments of the optimizer, anchors, importances, masks, slow copies.
    pub slots: u64,
    /// Rows kept for later, each with its features and its target. A buffer here keeps their numbers; a device would have to keep the rows.
    pub rows: u64,
    /// Numbers beside these rows, such as the logits they were stored with.
    pub payload: u64,
    /// Statistics of data: means and covariances of classes, counts of classes.
    pub statistics: u64,
}

/// Bytes of a number.
const NUMBER: u64 = 4;

impl LearnerMemory {
    /// The bytes of so many numbers.
    #[must_use]
    pub fn of(numbers: usize) -> u64 {
        (numbers as u64).saturating_mul(NUMBER)
    }

    /// The parts by name, in order.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, u64); 5] {
        [
            ("parameters", self.parameters),
            ("slots", self.slots),
            ("rows", self.rows),
            ("payload", self.payload),
            ("statistics", self.statistics),
        ]
    }

    /// All bytes.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.parts()
            .into_iter()
            .fold(0, |sum, (_, bytes)| sum.saturating_add(bytes))
    }
}
