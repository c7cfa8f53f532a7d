//! Random expressions over slots.

use dentate_core::{Expr, Over, Reduction, Slot};
use proptest::prelude::*;

/// Expressions over these slots.
pub fn expressions(slots: Vec<Slot>) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        4 => prop::sample::select(slots.clone()).prop_map(Expr::slot),
        1 => prop::sample::select(slots).prop_map(Expr::reached),
        1 => prop_oneof![-2f32..2.0, Just(0.0f32)].prop_map(Expr::constant),
        1 => any::<u64>().prop_map(Expr::noise),
        1 => Just(Expr::weights()),
        1 => Just(Expr::fan_in()),
    ];
    leaf.prop_recursive(6, 24, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            4 => (0u8..7, two).prop_map(|(by, (x, y))| match by {
                0 => x + y,
                1 => x - y,
                2 => x * y,
                3 => x / y,
                4 => x.min(y),
                5 => x.max(y),
                _ => x.greater(y),
            }),
            3 => (0u8..6, inner.clone()).prop_map(|(by, x)| match by {
                0 => -x,
                1 => x.abs(),
                // Of non-negative values.
                2 => x.abs().sqrt(),
                3 => x.sign(),
                4 => x.sigmoid(),
                _ => x.clamp(-0.5, 0.5),
            }),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(which, yes, no)| which.select(yes, no)),
            2 => (inner.clone(), reductions(), ranges()).prop_map(|(x, by, over)| x.reduce(by, over)),
            // The same several times.
            1 => inner.prop_map(|x| x.clone() * (x.clone() - x.abs())),
        ]
    })
    .prop_filter("it can be worked off", |expr| expr.check().is_ok())
}

/// Any range of a reduction.
fn ranges() -> impl Strategy<Value = Over> {
    prop::sample::select(vec![Over::Row, Over::Column, Over::Block, Over::All])
}

/// Any reduction.
pub fn reductions() -> impl Strategy<Value = Reduction> {
    prop::sample::select(vec![
        Reduction::Sum,
        Reduction::Mean,
        Reduction::Max,
        Reduction::Min,
        Reduction::Norm,
        Reduction::Count,
    ])
}
