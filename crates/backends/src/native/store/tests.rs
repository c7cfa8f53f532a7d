use super::super::tests::cases::case;
use super::*;
use dentate_core::{Activation, Backend, SlotKind};

#[test]
fn combinations_read_before_they_write() {
    let mut case = case(Activation::Relu, false);
    let (a, mask) = (Slot::new(SlotKind::Statistic, 1), Slot::new(SlotKind::Mask, 0));
    let term = |factor, a, b| Product { factor, a, b };
    let native = &mut case.native;
    assert_eq!(
        native.combine(a, &[term(1.0, mask, None)]),
        Err(BackendError::EmptySlot(mask))
    );
    native.combine(a, &[term(2.0, Slot::WEIGHT, None)]).unwrap();
    native
        .combine(
            a,
            &[
                term(1.0, a, Some(a)),
                term(-4.0, Slot::WEIGHT, Some(Slot::WEIGHT)),
            ],
        )
        .unwrap();
    assert_eq!(native.dot(a, a), Ok(0.0));
    let before = native.dot(Slot::WEIGHT, Slot::WEIGHT).unwrap();
    native
        .combine(Slot::WEIGHT, &[term(2.0, Slot::WEIGHT, None)])
        .unwrap();
    assert_eq!(native.dot(Slot::WEIGHT, Slot::WEIGHT), Ok(4.0 * before));
    native.combine(a, &[]).unwrap();
    assert_eq!(native.dot(a, Slot::WEIGHT), Ok(0.0));
}
