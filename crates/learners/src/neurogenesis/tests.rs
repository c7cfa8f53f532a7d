use super::*;
use dentate_core::AnyLearner;

#[test]
fn units_of_a_round_are_a_share_of_the_outliers_and_of_the_cap() {
    let config = NeurogenesisDeepLearning::default();
    // A hundredth of the outliers, a fifth of the cap at most, one at least, and never beyond the cap.
    assert_eq!(config.units(1, 1234, 0), 12);
    assert_eq!(config.units(1, 5000, 0), 20);
    assert_eq!(config.units(1, 30, 0), 1);
    assert_eq!(config.units(1, 5000, 95), 5);
    assert_eq!(config.units(1, 5000, 100), 0);
    assert_eq!(config.units(4, 5000, 0), 4);
}

#[test]
fn each_layer_has_a_cap_and_a_width() {
    let refused = |change: fn(&mut NeurogenesisDeepLearning)| {
        let mut config = NeurogenesisDeepLearning::default();
        assert_eq!(AnyLearner::validate(&config), Ok(()));
        change(&mut config);
        AnyLearner::validate(&config).unwrap_err().key
    };
    assert_eq!(refused(|c| c.widths = Vec::new()), "widths");
    assert_eq!(refused(|c| c.widths[1] = 0), "widths[1]");
    assert_eq!(refused(|c| c.max_units = vec![3]), "max_units");
    assert_eq!(refused(|c| c.init = Init::Normal(f32::NAN)), "init.normal");
}
