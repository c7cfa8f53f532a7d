//! Learning without forgetting.

use super::{close, labels, outputs, softmax, value};
use crate::driving::{drive, growing};
use dentate_continual::{Batch, Context, LearningWithoutForgetting, Mechanism, Needs, Update, Work};
use dentate_core::{LayerId, LearnError, Optimizer, Route, Scenario, SlotKind};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// Updates whose value was compared, and heads in them that were distilled.
static COMPARED: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Graded {
    inner: LearningWithoutForgetting,
}

/// The inner state, and the heads at the end of the last experience.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Grade {
    inner: <LearningWithoutForgetting as Mechanism>::State,
    heads: Vec<LayerId>,
}

impl Mechanism for Graded {
    type State = Grade;

    fn needs(&self) -> Needs {
        let mut needs = self.inner.needs();
        needs.slots.push((SlotKind::Statistic, "look"));
        needs
    }

    fn compose(
        &self,
        state: &mut Grade,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        self.inner.compose(&mut state.inner, cx, batch)
    }

    fn before(&self, state: &mut Grade, cx: &mut Context<'_>, update: &Update<'_>) -> Result<(), LearnError> {
        let head = update.objective.terms[0].layer;
        let (z, labels) = (outputs(cx, update, update.route, head), labels(cx, update, head));
        let n = z.len() as f64;
        let mut wanted: f64 = z
            .iter()
            .zip(&labels)
            .map(|(z, &y)| -softmax(z, |_| true)[y].ln())
            .sum::<f64>()
            / n;
        let t = f64::from(self.inner.temperature);
        let soft = |z: &[f64]| softmax(&z.iter().map(|z| z / t).collect::<Vec<_>>(), |_| true);
        for &old in &state.heads {
            let teacher = Route {
                weights: Some(cx.slot("teacher")?),
                ..Route::default()
            };
            let said = outputs(cx, update, &teacher, old);
            let says = outputs(cx, update, update.route, old);
            for (said, says) in said.iter().zip(&says) {
                let pairs = soft(said).into_iter().zip(soft(says));
                let entropy: f64 = pairs.map(|(p, q)| -p * q.ln()).sum();
                wanted += f64::from(self.inner.strength) * t * t * entropy / n;
            }
            COMPARED[1].fetch_add(1, Ordering::Relaxed);
        }
        let look = cx.slot("look")?;
        close(
            "the objective",
            value(cx, update, update.objective.terms.clone(), look),
            wanted,
        );
        COMPARED[0].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn end(&self, state: &mut Grade, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        state.heads = cx.network.graph().heads().map(|(layer, _)| layer.id).collect();
        self.inner.end(&mut state.inner, cx)
    }
}

dentate_continual::register!(
    mechanism,
    Graded,
    "test-graded",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// L(θ) + λ Σ_h T² H(softmax(z_h(θ*)/T), softmax(z_h(θ)/T)) over the heads of earlier tasks.
#[test]
fn learning_without_forgetting_is_its_formula() {
    let inner = LearningWithoutForgetting {
        strength: 0.6,
        temperature: 3.0,
    };
    let config = growing(vec![Box::new(Graded { inner })], Optimizer::adam(0.02));
    drive(&config, &Toy::new(Scenario::TaskIncremental, 3), 3, |_, _| {});
    let [updates, heads] = [0, 1].map(|i| COMPARED[i].load(Ordering::Relaxed));
    assert_eq!(
        (updates, heads),
        (90, 90),
        "of three experiences of 30 updates, with 0, 1 and 2 old heads"
    );
}
