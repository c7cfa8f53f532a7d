use super::super::tests::cases::case;
use dentate_core::{Activation, Backend, BackendError, Expr, Reduction, Slot, SlotKind};

#[test]
fn expressions_read_before_they_write() {
    let mut case = case(Activation::Relu, false);
    let (a, mask) = (Slot::new(SlotKind::Statistic, 1), Slot::new(SlotKind::Mask, 0));
    let native = &mut case.native;
    assert_eq!(native.map(a, &mask.into()), Err(BackendError::EmptySlot(mask)));
    let (x, w) = (|| Expr::slot(a), || Expr::slot(Slot::WEIGHT));
    native.map(a, &(2.0 * w())).unwrap();
    native.map(a, &(x() * x() - 4.0 * w() * w())).unwrap();
    assert_eq!(native.dot(a, a), Ok(0.0));
    let before = native.dot(Slot::WEIGHT, Slot::WEIGHT).unwrap();
    native.map(Slot::WEIGHT, &(2.0 * w())).unwrap();
    assert_eq!(native.dot(Slot::WEIGHT, Slot::WEIGHT), Ok(4.0 * before));
    native.map(a, &Expr::constant(0.0)).unwrap();
    assert_eq!(native.dot(a, Slot::WEIGHT), Ok(0.0));
}

/// However blocks are padded, whatever their width: a chunk, more, or less.
#[test]
fn one_expression_is_worked_off_as_entries_are() {
    let mut case = case(Activation::Relu, true);
    let (a, b) = (Slot::new(SlotKind::Statistic, 1), Slot::new(SlotKind::Anchor, 0));
    let w = || Expr::slot(Slot::WEIGHT);
    let native = &mut case.native;
    native.map(b, &(w() * w() - 0.25)).unwrap();
    let expr = (w().sigmoid() - Expr::slot(b).abs().sqrt()).max(-0.1) * 3.0 + Expr::noise(7);
    native.map(a, &expr).unwrap();
    let all = native.snapshot().slots;
    for (parameter, found) in &all[&a] {
        let noise = dentate_core::Noise::of(7, *parameter);
        for ((i, j), found) in found.indexed_iter() {
            let (w, b) = (all[&Slot::WEIGHT][parameter][(i, j)], all[&b][parameter][(i, j)]);
            let wanted = (1.0 / (1.0 + (-w).exp()) - b.abs().sqrt()).max(-0.1) * 3.0 + noise.at(i, j);
            assert!(
                (found - wanted).abs() < 2e-6,
                "{parameter} {i} {j}: {found} against {wanted}"
            );
        }
    }
    let count: usize = all[&a]
        .iter()
        .filter(|(p, _)| p.learned())
        .map(|(_, block)| block.len())
        .sum();
    assert_eq!(native.reduce(Reduction::Count, &w()), Ok(count as f64));
}

#[test]
fn sigmoids_hold_far_out() {
    let mut case = case(Activation::Relu, false);
    let a = Slot::new(SlotKind::Statistic, 1);
    for i in -400..=400 {
        let x = i as f32 / 4.0;
        case.native.map(a, &Expr::constant(x).sigmoid()).unwrap();
        let wanted = 1.0 / (1.0 + (-f64::from(x)).exp());
        let found = case.native.snapshot().slots[&a].values().next().unwrap()[(0, 0)];
        let off = (f64::from(found) - wanted).abs();
        assert!(
            off <= 3e-7 * wanted + 1.3e-38,
            "sigmoid({x}): {found} against {wanted}"
        );
    }
}

type Operation = (fn(Expr, Expr) -> Expr, fn(f32, f32) -> f32);

#[test]
fn two_operations_in_one_go_round_as_they_are_written() {
    let all: [Operation; 4] = [
        (|x, y| x + y, |x, y| x + y),
        (|x, y| x - y, |x, y| x - y),
        (|x, y| x * y, |x, y| x * y),
        (|x, y| x / y, |x, y| x / y),
    ];
    let mut case = case(Activation::Relu, false);
    let [a, b, out] = [1, 2, 3].map(|index| Slot::new(SlotKind::Statistic, index));
    let native = &mut case.native;
    native.map(a, &Expr::noise(1)).unwrap();
    native.map(b, &(Expr::noise(2) + 0.1)).unwrap();
    let (x, y, z) = (|| Expr::slot(a), || Expr::slot(b), || Expr::slot(Slot::WEIGHT));
    for (inner, by) in all {
        for (outer, then) in all {
            // The third operand is a slot, a number, or a register; and it comes second or first.
            for which in 0..6 {
                let third = match which % 3 {
                    0 => z(),
                    1 => Expr::constant(0.7),
                    _ => z() * x(),
                };
                let first = inner(x(), y());
                let expr = if which < 3 {
                    outer(first, third)
                } else {
                    outer(third, first)
                };
                native.map(out, &expr).unwrap();
                let slots = native.snapshot().slots;
                for (p, found) in &slots[&out] {
                    for (at, found) in found.indexed_iter() {
                        let [x, y, z] = [a, b, Slot::WEIGHT].map(|slot| slots[&slot][p][at]);
                        let third = [z, 0.7, z * x][which % 3];
                        let first = by(x, y);
                        let wanted = if which < 3 {
                            then(first, third)
                        } else {
                            then(third, first)
                        };
                        assert_eq!(found.to_bits(), wanted.to_bits(), "{expr:?} at {p} {at:?}");
                    }
                }
            }
        }
    }
}
