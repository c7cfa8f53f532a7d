//! A small generator of pseudorandom numbers for resampling: the same numbers on every machine.

/// SplitMix64 (Steele, Lea & Flood 2014). Its methods are inlined even where nothing else is, since the report is compiled without optimisation.
#[derive(Clone, Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    #[allow(
        clippy::inline_always,
        reason = "a report draws hundreds of millions of numbers"
    )]
    #[inline(always)]
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number below `n`, by multiplication and shift: biased by less than `n` / 2⁶⁴.
    #[allow(
        clippy::inline_always,
        reason = "a report draws hundreds of millions of numbers"
    )]
    #[inline(always)]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}
