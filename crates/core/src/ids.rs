//! Identifiers. Ids come from counters that only increase, so an id is never reused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

id!(
    /// A layer of a [`Graph`](crate::Graph).
    LayerId, u32, "layer "
);
id!(
    /// A connection of a [`Graph`](crate::Graph).
    ConnectionId, u32, "connection "
);
id!(
    /// A unit, for its whole lifetime: it keeps its id when its position in the layer changes.
    UnitId, u64, "unit "
);
id!(
    /// A task of a stream. Tasks are numbered from 0 in the order they first appear.
    TaskId, u32, "task "
);
id!(
    /// A data set that was loaded into a backend. Streams number theirs from 0.
    DataId, u64, "data set "
);

impl DataId {
    /// The `n`-th data set that a learner makes itself (replayed or generated samples): never an id of a stream.
    #[must_use]
    pub const fn scratch(n: u32) -> Self {
        Self((1 << 63) | n as u64)
    }
}
