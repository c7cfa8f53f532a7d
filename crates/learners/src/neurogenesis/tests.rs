use super::*;

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
fn what_is_out_of_range_is_refused_by_name() {
    let refused = |change: fn(&mut NeurogenesisDeepLearning)| {
        let mut config = NeurogenesisDeepLearning::default();
        assert_eq!(config.check(), Ok(()));
        change(&mut config);
        config.check().unwrap_err().key
    };
    assert_eq!(refused(|c| c.widths = Vec::new()), "widths");
    assert_eq!(refused(|c| c.widths[1] = 0), "widths");
    assert_eq!(refused(|c| c.max_units = vec![3]), "max_units");
    assert_eq!(refused(|c| c.init = Init::Normal(f32::NAN)), "init");
    assert_eq!(
        refused(|c| c.optimizer = Optimizer::sgd(0.0)),
        "optimizer.learning_rate"
    );
    assert_eq!(refused(|c| c.batch = 0), "batch");
    assert_eq!(refused(|c| c.replay_samples = 0), "replay_samples");
    assert_eq!(refused(|c| c.fine_rate = 1.5), "fine_rate");
    assert_eq!(refused(|c| c.corruption = 1.0), "corruption");
    assert_eq!(refused(|c| c.percentile = 101.0), "percentile");
    assert_eq!(refused(|c| c.quota = -0.1), "quota");
    assert_eq!(refused(|c| c.replay_share = 1.0), "replay_share");
    assert_eq!(refused(|c| c.most_at_once = 0.0), "most_at_once");
    assert_eq!(refused(|c| c.jitter = 0.0), "jitter");
    assert_eq!(
        refused(|c| c.units_per_outlier = f64::INFINITY),
        "units_per_outlier"
    );
}
