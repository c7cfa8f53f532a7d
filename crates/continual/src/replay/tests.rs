use super::*;

/// Algorithm R keeps every row with the same probability: the share of each tenth of the stream in the memory, over many
/// memories, lies within five standard deviations of a tenth.
#[test]
fn the_memory_is_a_uniform_sample() {
    let (capacity, n, runs) = (50, 1000u32, 200u64);
    let mut tenths = [0u32; 10];
    for run in 0..runs {
        let mut memory = Reservoir::new(capacity, Seed(run));
        memory.offer(&Rows::of(DataId(0), TaskId(0), (0..n).collect()));
        assert_eq!(memory.len(), capacity);
        for (_, _, row) in &memory.rows {
            tenths[(row / 100) as usize] += 1;
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
    let mut a = Reservoir::new(4, Seed(1));
    a.offer(&Rows::of(DataId(0), TaskId(0), (0..9).collect()));
    let mut b = a.clone();
    assert_eq!(a.draw(20), b.draw(20));
    assert_eq!(a.rows, b.rows);
    assert!(Reservoir::new(4, Seed(1)).draw(3).is_empty());
}
