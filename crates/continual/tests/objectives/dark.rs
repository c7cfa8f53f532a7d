//! Dark experience replay.

use super::{close, labels, outputs, softmax, stream, value};
use crate::driving::{drive, growing};
use dentate_continual::{Batch, Context, DarkExperienceReplay, Mechanism, Needs, Then, Update};
use dentate_core::{LearnError, Optimizer, Scenario, SlotKind};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Updates whose value was compared.
static COMPARED: AtomicU64 = AtomicU64::new(0);
/// Pairs of the n-th rows of both draws.
static PAIRS: AtomicU64 = AtomicU64::new(0);
/// Pairs that are one row twice.
static SAME: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Recounted {
    inner: DarkExperienceReplay,
}

impl Mechanism for Recounted {
    type State = <DarkExperienceReplay as Mechanism>::State;

    fn needs(&self) -> Needs {
        Needs {
            outputs: true,
            ..Needs::slots(&[(SlotKind::Statistic, "look")])
        }
    }

    fn compose(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        self.inner.compose(state, cx, batch)
    }

    fn before(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<(), LearnError> {
        let said: BTreeMap<u32, &[f32]> = state.remembered().collect();
        let (own, rows) = (stream(update), update.rows.len());
        if said.is_empty() {
            assert_eq!(own, rows);
            return Ok(());
        }
        // The stream's rows, those of one draw with their labels, those of the other with their outputs.
        assert_eq!(rows, 3 * own);
        let head = update.objective.terms[0].layer;
        let (z, labels) = (outputs(cx, update, update.route, head), labels(cx, update, head));
        let entropy = |rows: std::ops::Range<usize>| {
            let n = rows.len() as f64;
            rows.map(|row| -softmax(&z[row], |_| true)[labels[row]].ln())
                .sum::<f64>()
                / n
        };
        let numbers: Vec<u32> = update.rows.iter().map(|(_, _, row)| row).collect();
        let apart = |row: usize| {
            let said = said[&numbers[row]];
            let squares = said
                .iter()
                .zip(&z[row])
                .map(|(said, z)| (f64::from(*said) - z).powi(2));
            squares.sum::<f64>() / said.len() as f64
        };
        let dark = (2 * own..rows).map(apart).sum::<f64>() / own as f64;
        let (alpha, beta) = (f64::from(self.inner.alpha), f64::from(self.inner.beta));
        let wanted = entropy(0..own) + alpha * dark + beta * entropy(own..2 * own);
        let look = cx.slot("look")?;
        let found = value(cx, update, update.objective.terms.clone(), look);
        close("the objective", found, wanted);
        COMPARED.fetch_add(1, Ordering::Relaxed);
        // Later, rows are in groups of those with the same units.
        if cx.experience().index == 0 {
            let same = (0..own)
                .filter(|i| numbers[own + i] == numbers[2 * own + i])
                .count();
            PAIRS.fetch_add(own as u64, Ordering::Relaxed);
            SAME.fetch_add(same as u64, Ordering::Relaxed);
        }
        Ok(())
    }

    fn updated(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        self.inner.updated(state, cx, update)
    }
}

dentate_continual::register!(
    mechanism,
    Recounted,
    "test-recounted",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// L(x, y) + α · mean (z − h(x'))² + β · L(x'', y''), with x' and x'' drawn from the memory apart: of two rows drawn at the same
/// time few are one row.
#[test]
fn dark_replay_is_its_formula_on_two_draws() {
    let inner = DarkExperienceReplay {
        alpha: 0.7,
        beta: 0.4,
        ..DarkExperienceReplay::default()
    };
    let config = growing(vec![Box::new(Recounted { inner })], Optimizer::adam(0.02));
    drive(&config, &Toy::new(Scenario::ClassIncremental, 3), 3, |_, _| {});
    let [compared, pairs, same] = [&COMPARED, &PAIRS, &SAME].map(|count| count.load(Ordering::Relaxed));
    assert!(compared > 80 && pairs > 150, "{compared} updates, {pairs} pairs");
    // The memory has from 6 to 60 rows, so about one pair in thirty.
    assert!(
        (1..pairs / 8).contains(&same),
        "{same} of {pairs} pairs are one row"
    );
}
