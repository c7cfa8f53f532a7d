use super::*;
use std::collections::BTreeSet;

/// All 65,536 of them against the formula of the standard, in double precision.
#[test]
fn every_number_is_that_of_the_formula() {
    let mut seen = BTreeSet::new();
    for bits in 0..=u16::MAX {
        let (exponent, fraction) = (i32::from(bits) / 1024 % 32, f64::from(bits % 1024) / 1024.0);
        let sign = if bits >= 1 << 15 { -1.0 } else { 1.0 };
        let found = number(bits);
        let wanted = match (exponent, fraction == 0.0) {
            (31, true) => sign * f64::INFINITY,
            (31, false) => {
                assert!(found.is_nan(), "{bits:#06x}");
                continue;
            }
            (0, _) => sign * fraction * 2f64.powi(-14),
            _ => sign * (1.0 + fraction) * 2f64.powi(exponent - 15),
        };
        assert_eq!(f64::from(found).to_bits(), wanted.to_bits(), "{bits:#06x}");
        seen.insert(found.to_bits());
    }
    assert_eq!(seen.len(), 65536 - 2 * 1023);
}

/// Numbers that everybody knows by their bits.
#[test]
fn known_numbers_are_read() {
    let known = [
        (0x3c00, 1.0),
        (0xc000, -2.0),
        (0x3555, 0.333_251_95),
        (0x7bff, 65504.0),
        (0x0400, 6.103_515_6e-5),
        (0x0001, 5.960_464_5e-8),
    ];
    for (bits, value) in known {
        assert_eq!(number(bits), value, "{bits:#06x}");
    }
}
