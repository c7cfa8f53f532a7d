use super::*;
use proptest::prelude::*;

proptest! {
    /// The grid of a window's positions agrees with counting them.
    #[test]
    fn positions_are_counted(n in 1usize..9, kernel in 1usize..5, stride in 1usize..4, padding in 0usize..3) {
        let over = Window::square(kernel, stride, padding).over(Grid::new(n, n));
        let last = (n + 2 * padding).checked_sub(kernel);
        let counted = last.map(|last| (0..=last).step_by(stride).count());
        prop_assert_eq!(over.map(|g| g.height), counted.filter(|_| padding < kernel));
        if let Some(grid) = over {
            let window = Window::square(kernel, stride, padding);
            for o in 0..grid.height {
                prop_assert!((0..kernel).any(|k| window.place(0, o, k, n).is_some()));
            }
        }
    }
}

#[test]
fn dropout_drops_its_share_and_differs_from_step_to_step() {
    let count = |step| {
        (0..20_000)
            .filter(|&v| drops(0.3, 1, step, 2, v / 100, v % 100))
            .count()
    };
    for step in 0..3 {
        assert!((5600..6400).contains(&count(step)), "{}", count(step));
    }
    let both = (0..20_000)
        .filter(|&v| drops(0.3, 1, 0, 2, 0, v) && drops(0.3, 1, 1, 2, 0, v))
        .count();
    assert!((1500..2100).contains(&both), "{both}");
    assert!((0..1000).all(|v| !drops(0.0, 1, 0, 2, 0, v)));
}
