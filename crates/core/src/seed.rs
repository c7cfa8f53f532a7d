//! Seeds derived by name, so that an additional consumer of randomness never changes another's numbers.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The random number generator used everywhere: portable, serialisable, the same numbers on every platform.
pub type Random = ChaCha8Rng;

/// A node in the tree of seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed of the consumer called `name`: a hash of this seed and the name.
    ///
    /// ```
    /// use dentate_core::Seed;
    /// let seed = Seed(1);
    /// assert_ne!(seed.derive("init/h1"), seed.derive("init/h2"));
    /// assert_eq!(seed.derive("init/h1"), Seed(1).derive("init/h1"));
    /// ```
    #[must_use]
    pub fn derive(self, name: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(self.0.to_le_bytes())
            .chain_update(name)
            .finalize();
        let mut head = [0; 8];
        head.copy_from_slice(&digest[..8]);
        Self(u64::from_le_bytes(head))
    }

    /// A random number generator with this seed.
    #[must_use]
    pub fn random(self) -> Random {
        Random::seed_from_u64(self.0)
    }
}
