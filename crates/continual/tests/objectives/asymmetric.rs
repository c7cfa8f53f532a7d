//! Replay with asymmetric cross-entropy.

use super::{close, labels, outputs, softmax, stream, value};
use crate::driving::{drive, growing};
use dentate_continual::{Arriving, AsymmetricCrossEntropyReplay, Batch, Context, Mechanism, Needs, Update};
use dentate_core::record::metric;
use dentate_core::{LearnError, MetricLog, Optimizer, Parameter, Progress, Scenario, SlotKind, Term};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// Updates that were looked at, and outputs in them that had no part in the stream's loss.
static LOOKED: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Masked {
    inner: AsymmetricCrossEntropyReplay,
}

impl Mechanism for Masked {
    type State = <AsymmetricCrossEntropyReplay as Mechanism>::State;

    fn needs(&self) -> Needs {
        Needs::slots(&[(SlotKind::Statistic, "look")])
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
        _: &mut Self::State,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<(), LearnError> {
        let (own, rows, look) = (stream(update), update.rows.len(), cx.slot("look")?);
        let head = update.objective.terms[0].layer;
        let (z, labels) = (outputs(cx, update, update.route, head), labels(cx, update, head));
        let mut arriving: BTreeSet<usize> = labels[..own].iter().copied().collect();
        if self.inner.classes == Arriving::Experience {
            let first = 2 * cx.experience().index;
            arriving.extend([first, first + 1]);
        }
        let entropy = |rows: std::ops::Range<usize>, among: &dyn Fn(usize) -> bool| {
            let n = rows.len() as f64;
            rows.map(|row| -softmax(&z[row], among)[labels[row]].ln())
                .sum::<f64>()
                / n
        };
        let mut wanted = entropy(0..own, &|class| arriving.contains(&class));
        if rows > own {
            wanted += entropy(own..rows, &|_| true);
        }
        close(
            "the objective",
            value(cx, update, update.objective.terms.clone(), look),
            wanted,
        );
        // The gradient of the stream's rows alone.
        let of_stream = |term: &&Term| term.rows.as_ref().is_some_and(|rows| rows.end <= own);
        let terms: Vec<Term> = update.objective.terms.iter().filter(of_stream).cloned().collect();
        value(cx, update, terms, look);
        let held = cx.network.snapshot();
        let bias = held.slots[&look][&Parameter::Bias(head)].clone();
        let connection = cx.network.graph().into_layer(head).next().unwrap().id;
        let weights = &held.slots[&look][&Parameter::Weight(connection)];
        for (class, found) in bias.iter().enumerate() {
            if arriving.contains(&class) {
                let off = |row: usize| {
                    let p = softmax(&z[row], |class| arriving.contains(&class));
                    p[class] - f64::from(u8::from(labels[row] == class))
                };
                let wanted = (0..own).map(off).sum::<f64>() / own as f64;
                close("the gradient of a bias", f64::from(*found), wanted);
            } else {
                assert_eq!(*found, 0.0, "class {class} does not arrive");
                assert!(
                    weights.row(class).iter().all(|g| *g == 0.0),
                    "class {class} does not arrive"
                );
                LOOKED[1].fetch_add(1, Ordering::Relaxed);
            }
        }
        LOOKED[0].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

dentate_continual::register!(
    mechanism,
    Masked,
    "test-masked",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// Cross-entropy of the stream's rows over the classes that arrive, plus that of replayed rows over all; outputs of other
/// classes have no gradient at all from the stream's rows.
#[test]
fn what_arrives_competes_with_what_arrives_alone() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    for classes in [Arriving::Batch, Arriving::Experience] {
        let inner = AsymmetricCrossEntropyReplay {
            classes,
            ..AsymmetricCrossEntropyReplay::default()
        };
        let config = growing(vec![Box::new(Masked { inner })], Optimizer::adam(0.02));
        drive(&config, &toy, 3, |_, _| {});
    }
    let [updates, outside] = [0, 1].map(|i| LOOKED[i].load(Ordering::Relaxed));
    // With 2, 4 and 6 classes in a head, of which 2 arrive; some batches have one class.
    assert_eq!(updates, 180);
    assert!(outside >= 2 * 30 * (2 + 4), "{outside} outputs");
}

/// Rows of the stream are counted right or wrong over all classes, whatever they compete among in the loss: an untrained class
/// beside none but itself would always be right.
#[test]
fn rows_are_counted_over_all_classes() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    // Batches of one row: one class arrives, and the loss of it is 0.
    let config = dentate_continual::Gradient {
        batch: 1,
        hidden: vec![4],
        optimizer: Optimizer::sgd(1e-6),
        mechanisms: vec![Box::<AsymmetricCrossEntropyReplay>::default()],
        ..dentate_continual::Gradient::default()
    };
    let mut learner = crate::setting::learner(&config, 4);
    let mut log = MetricLog::default();
    for index in 0..2 {
        let mut source = toy.source(index);
        learner.begin(&toy.info(index)).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {}
    }
    let shares: Vec<f64> = log
        .records
        .iter()
        .filter(|record| record.metric == metric::PREQUENTIAL)
        .map(|record| record.value)
        .collect();
    assert!(!shares.is_empty());
    assert!(shares.iter().all(|share| *share < 0.9), "{shares:?}");
}
