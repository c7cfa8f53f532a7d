//! New classes of a head whose weights no backend holds.

use dentate_core::{Edit, Init, LayerId, PlanBuilder};

/// Adds outputs for these classes, whose initial weights are irrelevant.
pub(crate) fn widen(plan: &mut PlanBuilder, layer: LayerId, classes: Vec<u32>) {
    plan.edit(Edit::Widen {
        layer,
        count: classes.len(),
        incoming: Init::Zero.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        classes,
    });
}
