//! GDumb: its memory, its reset and its training rows.

use crate::driving::{apart, drive, entries, growing};
use crate::setting::learner;
use dentate_continual::{GDumb, Gradient, MechanismSpec};
use dentate_core::{Init, Learner, MetricLog, Optimizer, Progress, Scenario};
use dentate_testkit::toy::Toy;

fn config(mechanisms: Vec<Box<dyn MechanismSpec>>, optimizer: Optimizer) -> Gradient {
    Gradient {
        strategy: Gradient::default().strategy,
        ..growing(mechanisms, optimizer)
    }
}

/// Learns a stream of three experiences, `look` being called after every step with the experience.
fn run(
    config: &Gradient,
    toy: &Toy,
    mut look: impl FnMut(&mut dyn Learner, usize, Progress),
) -> Box<dyn Learner> {
    let mut learner = learner(config, 4);
    for index in 0..3 {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            look(learner.as_mut(), index, progress);
            if progress == Progress::Finished {
                break;
            }
        }
    }
    learner
}

/// From a few rows of each class all classes are learned, where a network that follows the stream knows the last two alone.
#[test]
fn a_balanced_memory_teaches_all_classes() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let dumb = GDumb {
        capacity: 36,
        ..GDumb::default()
    };
    let optimizer = || Optimizer::adam(0.01);
    let mut learner = drive(&growing(vec![Box::new(dumb)], optimizer()), &toy, 3, |_, _| {});
    let [own, naive] = [
        toy.accuracy(learner.as_mut()),
        toy.accuracy(run(&config(Vec::new(), optimizer()), &toy, |_, _, _| {}).as_mut()),
    ];
    assert!(
        own > 0.95 && naive < 0.75,
        "{own} from memory, {naive} from the stream"
    );
}

/// On the stream nothing moves, and units that are born stay as they were born; at its end everything is drawn anew, within the
/// bounds of first weights, and differently each time.
#[test]
fn the_stream_moves_nothing_and_all_is_drawn_anew() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let dumb = GDumb {
        epochs: 1,
        ..GDumb::default()
    };
    // Nothing is learned from the memory either, but for rounding.
    let config = Gradient {
        init: Init::Uniform(0.25),
        ..config(vec![Box::new(dumb)], Optimizer::sgd(1e-12))
    };
    let (mut before, mut ends) = (Vec::new(), Vec::new());
    run(&config, &toy, |learner, index, progress| {
        let now = entries(learner, "");
        if progress == Progress::Updated {
            before.push((index, now.clone()));
        }
        if progress == Progress::Finished {
            ends.push(now);
        }
    });
    for (index, end) in ends.iter().enumerate() {
        let own = before.iter().filter(|(of, _)| *of == index);
        let own: Vec<_> = own.map(|(_, weights)| weights).collect();
        // 60 rows in batches of 6, three times; then as many rows in the memory as there are, in batches of 16.
        let (stream, memory) = own.split_at(30);
        assert_eq!(memory.len(), (60 * (index + 1)).div_ceil(16));
        assert!(stream.iter().all(|weights| *weights == stream[0]));
        assert!(memory.iter().all(|weights| apart(weights, end) < 1e-9));
        for (at, value) in end {
            let most = if at.0.ends_with("bias") { 1e-9 } else { 0.25 };
            assert!(value.abs() <= most, "{at:?} is {value}");
        }
        let far = apart(stream[0], end);
        assert!(far > 0.2, "after {index} weights are {far} from before");
    }
    assert!(apart(&ends[0], &ends[1]) > 0.2 && apart(&ends[1], &ends[2]) > 0.2);
}
