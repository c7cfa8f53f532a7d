use super::*;
use proptest::prelude::*;

prop_compose! {
    fn life()(
        unit: u64, layer in "[a,\" é-]{1,8}", origin in 0..4_usize, parent in prop::option::of(0..9_u64), cause in "[a,\"-]{0,6}",
        born in (0..9_u32, 0..99_u64), died in prop::option::of((0..9_u32, 0..99_u64)),
    ) -> UnitLife {
        let moment = |(experience, step)| Moment { experience, step };
        let all = [UnitOrigin::Initial, UnitOrigin::Grown, UnitOrigin::Split, UnitOrigin::Replaced];
        UnitLife {
            unit, layer, origin: all[origin], parent, end: cause.clone(), cause, born: moment(born), died: died.map(moment),
        }
    }
}

proptest! {
    #[test]
    fn reading_gives_what_was_written(lives in prop::collection::vec(life(), 0..6)) {
        let text = UnitLife::to_csv(&lives);
        prop_assert_eq!(UnitLife::from_csv(&text).unwrap(), lives);
    }
}

#[test]
fn what_no_runner_writes_is_one_sentence() {
    let said = |text: &str| UnitLife::from_csv(text).unwrap_err();
    assert!(said("").starts_with("line 1 is not"));
    for line in [
        "1,h",
        "1,h,born,,x,0,0,,,",
        "1,h,grown,,x,0,,,,",
        "1,h,grown,,x,0,0,1,,",
        "1,\"h,grown,,x,0,0,,,",
    ] {
        let text = format!("{LINEAGE_HEADER}\n1,h,grown,,x,0,0,,,\n{line}\n");
        assert_eq!(said(&text), "line 3 is no life of a unit", "{line}");
    }
}
