use super::*;
use dentate_core::Seed;
use proptest::prelude::*;

fn filled(policy: &dyn BufferSpec, capacity: usize, classes: &[u32], seed: u64) -> Memory<()> {
    let (mut memory, mut random) = (Memory::default(), Seed(seed).random());
    for (row, class) in (0..).zip(classes) {
        let row = StoredRow {
            data: DataId(0),
            task: TaskId(0),
            row,
            class: Some(*class),
            payload: (),
        };
        memory.offer(row, capacity, policy, &mut random);
    }
    memory
}

fn counts(memory: &Memory<()>) -> BTreeMap<Option<u32>, usize> {
    let mut counts = BTreeMap::new();
    for kept in memory.stored() {
        *counts.entry(kept.class).or_default() += 1;
    }
    counts
}

/// Algorithm R keeps every row with the same probability: over many buffers, the share of each tenth of the stream in the
/// buffer is within five standard deviations of a tenth.
#[test]
fn a_reservoir_is_a_uniform_sample() {
    let (capacity, runs) = (50, 200u64);
    let mut tenths = [0u32; 10];
    for run in 0..runs {
        let memory = filled(&Reservoir {}, capacity, &[0; 1000], run);
        assert_eq!(memory.stored().len(), capacity);
        for kept in memory.stored() {
            tenths[(kept.row / 100) as usize] += 1;
        }
    }
    let draws = capacity as f64 * runs as f64;
    let deviation = (draws * 0.1 * 0.9).sqrt();
    for count in tenths {
        assert!(
            (f64::from(count) - draws * 0.1).abs() < 5.0 * deviation,
            "{tenths:?}"
        );
    }
}

#[test]
fn drawing_repeats_with_the_seed_and_leaves_the_memory_alone() {
    let memory = filled(&Reservoir {}, 4, &[0; 9], 1);
    let draw = || memory.draw(20, &mut Seed(2).random());
    assert_eq!(draw(), draw());
    assert!(Memory::<()>::default().draw(3, &mut Seed(1).random()).is_empty());
}

fn policies() -> Vec<Box<dyn BufferSpec>> {
    vec![
        Box::new(Reservoir {}),
        Box::new(ClassBalanced {}),
        Box::new(Ring {}),
        Box::new(GreedyBalanced {}),
    ]
}

proptest! {
    /// Whatever the policy and the stream: no more rows than the capacity, all of them while they fit, each of them once,
    /// and each with its own class.
    #[test]
    fn a_memory_holds_rows_that_went_by(
        classes in prop::collection::vec(0u32..5, 0..80),
        capacity in 1usize..20,
        seed in any::<u64>(),
    ) {
        for policy in policies() {
            let memory = filled(policy.as_ref(), capacity, &classes, seed);
            prop_assert_eq!(memory.seen(), classes.len() as u64);
            let known = classes.iter().collect::<std::collections::BTreeSet<_>>().len();
            // Capacity that is reserved for each class may be left unused in part.
            let least = match policy.typetag_name() {
                "ring" | "greedy-balanced" => known.min(capacity).min(classes.len()),
                _ => capacity.min(classes.len()),
            };
            prop_assert!((least..=capacity).contains(&memory.stored().len()), "{:?}", memory);
            let mut rows: Vec<u32> = memory.stored().iter().map(|kept| kept.row).collect();
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len(), memory.stored().len());
            for kept in memory.stored() {
                prop_assert_eq!(kept.class, Some(classes[kept.row as usize]));
            }
        }
    }

    /// However imbalanced the stream: with capacity for m rows of k classes, a class with enough rows has its share of m/k,
    /// rounded down, in all balanced policies.
    #[test]
    fn every_class_has_its_share(
        weights in prop::collection::vec(1u32..40, 1..5),
        capacity in 5usize..30,
        seed in any::<u64>(),
    ) {
        let classes: Vec<u32> = (0..).zip(&weights).flat_map(|(class, n)| vec![class; *n as usize]).collect();
        let balanced: [Box<dyn BufferSpec>; 3] = [Box::new(ClassBalanced {}), Box::new(Ring {}), Box::new(GreedyBalanced {})];
        for policy in balanced {
            let counts = counts(&filled(policy.as_ref(), capacity, &classes, seed));
            for (class, n) in (0..).zip(&weights) {
                let share = (capacity / weights.len()).min(*n as usize);
                let has = counts.get(&Some(class)).copied().unwrap_or(0);
                prop_assert!(has >= share, "{}: class {} has {} of {}: {:?}", policy.typetag_name(), class, has, share, counts);
            }
        }
    }
}

/// A ring keeps the latest rows of each class.
#[test]
fn a_ring_keeps_the_latest() {
    let classes: Vec<u32> = (0..40).map(|row| row % 2).collect();
    let memory = filled(&Ring {}, 8, &classes, 1);
    let mut rows: Vec<u32> = memory.stored().iter().map(|kept| kept.row).collect();
    rows.sort_unstable();
    assert_eq!(rows, (32..40).collect::<Vec<_>>());
}

/// The paper's sampler, counted by hand: it takes rows of a class up to its share, makes room for a new class in the largest, and
/// leaves all else as it is.
#[test]
fn a_greedy_memory_takes_shares_and_no_more() {
    let greedy = |classes: &[u32]| filled(&GreedyBalanced {}, 6, classes, 3);
    let numbers = |memory: &Memory<()>| memory.stored().iter().map(|kept| kept.row).collect::<Vec<_>>();
    // One class may have all the room, and its first rows stay.
    assert_eq!(numbers(&greedy(&[0; 9])), [0, 1, 2, 3, 4, 5]);
    // Two classes that come in turn have three rows each, the first ones: a third row of either is still below 6 / 2.
    let turns: Vec<u32> = (0..30).map(|row| row % 2).collect();
    assert_eq!(numbers(&greedy(&turns)), [0, 1, 2, 3, 4, 5]);
    // A new class takes from the largest until it has its share.
    let memory = greedy(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    let own = counts(&memory);
    assert_eq!(own, BTreeMap::from([(Some(0), 2), (Some(1), 2), (Some(2), 2)]));
    let of_last = |kept: &&StoredRow<()>| kept.class == Some(2);
    let mut last: Vec<u32> = memory
        .stored()
        .iter()
        .filter(of_last)
        .map(|kept| kept.row)
        .collect();
    last.sort_unstable();
    assert_eq!(last, [11, 12]);
    // With more classes than rows, each new one is still taken.
    let many: Vec<u32> = (0..9).collect();
    assert!(counts(&greedy(&many)).contains_key(&Some(8)));
}
