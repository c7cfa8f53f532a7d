//! Histograms of silences ([`MeterKind::Silences`](crate::MeterKind::Silences)): numbers of rows for which the output of a unit was 0 before it
//! was nonzero again.
//!
//! Lengths up to 31 have a bucket each. Beyond, each power of two has 16 buckets of equal width, so a bucket's shortest length is
//! at most a sixteenth below its others. A histogram has a fixed size whatever the lengths are, and backends count into it row by
//! row.

/// The silences of one unit, as its meter holds them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silences<'a> {
    current: f32,
    counts: &'a [f32],
}

impl<'a> Silences<'a> {
    /// Number of buckets.
    pub const BUCKETS: usize = 337;
    /// Numbers that a meter holds for each unit: the current silence, and a count for each bucket.
    pub const NUMBERS: usize = 1 + Self::BUCKETS;
    /// The longest silence that is counted: longer ones count as this long.
    pub const LONGEST: u32 = 1 << 24;

    /// The bucket of a length in rows.
    #[must_use]
    pub fn bucket(length: u32) -> usize {
        let length = length.min(Self::LONGEST);
        if length < 32 {
            return length as usize;
        }
        // A float's exponent and the first four digits after its leading one number the buckets from 2⁵ on.
        ((length as f32).to_bits() >> 19) as usize - Self::OFFSET
    }

    /// The difference between these digits of a float of at least 32 and its bucket.
    pub const OFFSET: usize = (127 + 5) * 16 - 32;

    /// The shortest length in a bucket.
    #[must_use]
    pub fn shortest(bucket: usize) -> u32 {
        let bucket = bucket.min(Self::BUCKETS - 1) as u32;
        if bucket < 32 {
            return bucket;
        }
        let (octave, part) = ((bucket - 32) / 16, (bucket - 32) % 16);
        (16 + part) << (octave + 1)
    }

    /// A meter's reading: its numbers, without the buckets beyond the last one that any of its units has entered.
    #[must_use]
    pub fn reading(held: &[f32]) -> Vec<f32> {
        let counts = held.chunks_exact(Self::NUMBERS).map(|own| &own[1..]);
        let used = counts.fold(0, |used, counts| {
            let beyond = &counts[used..];
            // Without a branch for each bucket.
            if beyond.iter().fold(0, |all, count| all | count.to_bits()) == 0 {
                return used;
            }
            let last = beyond.iter().rposition(|count| *count != 0.0);
            used + last.map_or(0, |last| last + 1)
        });
        let units = held.chunks_exact(Self::NUMBERS);
        let mut reading = Vec::with_capacity(units.len() * (1 + used));
        units.for_each(|own| reading.extend_from_slice(&own[..=used]));
        reading
    }

    /// The units of a meter's reading of so many, in order.
    pub fn units(reading: &'a [f32], units: usize) -> impl Iterator<Item = Self> {
        let numbers = reading.len() / units.max(1);
        let units = reading.chunks_exact(numbers.max(1));
        units.filter_map(|own| {
            let (current, counts) = own.split_first()?;
            Some(Self {
                current: *current,
                counts,
            })
        })
    }

    /// Rows since the unit's last nonzero output.
    #[must_use]
    pub fn current(&self) -> u32 {
        self.current as u32
    }

    /// The number of completed silences.
    #[must_use]
    pub fn completed(&self) -> f64 {
        sum(self.counts)
    }

    /// The number of completed silences of at least a length, to the bucket.
    #[must_use]
    pub fn at_least(&self, length: u32) -> f64 {
        sum(self.counts.get(Self::bucket(length)..).unwrap_or_default())
    }

    /// Numbers of completed silences, by bucket, up to the last that any unit of the layer has. A unit with nonzero outputs for two consecutive rows has completed one of length
    /// 0 between them.
    #[must_use]
    pub fn counts(&self) -> &'a [f32] {
        self.counts
    }
}

/// The sum of counts, which is exact in any order.
fn sum(counts: &[f32]) -> f64 {
    let (whole, rest) = counts.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for counts in whole {
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += f64::from(*count);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|count| f64::from(*count)).sum::<f64>()
}

#[cfg(test)]
mod tests;
