//! Growth strategies, seen from outside.

use dentate_core::Normalisation;
use dentate_growth::parts::{
    Ablation, Ageing, BelowMatureFraction, BestGain, Block, Circulation, CompeteForBudget, Deeper, Detector,
    Directions, Drift, EffectiveRank, Every, Everywhere, ExperienceStart, Given, GradMax, GradientNorm,
    HighestError, LeastSpare, LossPlateau, NaturalGradient, Net2NetWider, Never, NorthPre, NorthSelect,
    NorthWeight, Novelty, OutlierQuota, Product, RandomDeath, RandomStart, RoundRobin, SelfNormalisedResets,
    SilenceTest, SilenceThresholds, Stress, Tiny, Turnover, Utility, UtilityShare, VarianceTransfer,
};
use dentate_growth::{
    AutoGrow, Composed, ContinualBackprop, DormancyScore, DynamicNodeCreation, Firefly, Fixed, Net2Net,
    North, NorthStart, Plasticity, ProgressiveColumns, PruneBy, Pruning, Redo, Rounding, SaturationGrowth,
    Schedule, SelfExpanding, SplittingSteepestDescent, StrategyError, UtilityMeasure, Way,
};
use dentate_testkit::sentences;

/// Grows as often as it can, up to nine units a layer.
fn restless() -> Composed {
    Composed {
        every: 1,
        max_units: 9,
        trigger: Box::new(LossPlateau {
            threshold: 1e9,
            window: 1,
        }),
        ..Composed::default()
    }
}

/// The same for NORTH*.
fn restless_north(start: NorthStart) -> North {
    North {
        start,
        tau: 0.5,
        candidates: 4,
        rows: 8,
        max_units: 9,
        every: 1,
        ..North::default()
    }
}

dentate_testkit::conformance!(
    Fixed {},
    ProgressiveColumns::default(),
    ProgressiveColumns {
        adapters: false,
        widths: Some(vec![2, 3]),
        ..ProgressiveColumns::default()
    },
    // Grows within a few updates, so that there is something to hold it to.
    DynamicNodeCreation {
        window: 2,
        interval: 1,
        slope: 1.0,
        max_units: 6,
        ..DynamicNodeCreation::default()
    },
    ContinualBackprop {
        replacement_rate: 0.2,
        maturity: 2,
        ..ContinualBackprop::default()
    },
    ContinualBackprop {
        replacement_rate: 0.2,
        maturity: 2,
        utility: UtilityMeasure::AdaptableContribution,
        ..ContinualBackprop::default()
    },
    ContinualBackprop {
        replacement_rate: 0.2,
        maturity: 2,
        utility: UtilityMeasure::Gxd,
        ..ContinualBackprop::default()
    },
    ContinualBackprop {
        replacement_rate: 0.2,
        maturity: 2,
        utility: UtilityMeasure::Grama,
        rounding: Rounding::Random,
        ..ContinualBackprop::default()
    },
    Redo {
        every: 3,
        threshold: 0.9,
        ..Redo::default()
    },
    Redo {
        score: DormancyScore::Grama,
        every: 3,
        threshold: 0.9,
        ..Redo::default()
    },
    Composed {
        units: 2,
        trigger: Box::new(Every { checks: 2 }),
        ..restless()
    },
    // Born and dying within a few updates.
    Composed {
        placement: Box::new(Given {
            layer: Some("hidden-1".into()),
        }),
        survival: Box::new(BelowMatureFraction {
            probation: 3,
            fraction: 0.8,
            ..BelowMatureFraction::default()
        }),
        modulation: Box::new(Novelty::default()),
        ..restless()
    },
    Composed {
        placement: Box::new(HighestError { rows: 5 }),
        initializer: Box::new(Net2NetWider { noise: 0.0 }),
        survival: Box::new(UtilityShare {
            probation: 2,
            utility: Utility::Activity,
            ..UtilityShare::default()
        }),
        modulation: Box::new(Product {
            of: vec![Box::new(Stress::default()), Box::new(Ageing::default())],
        }),
        ..restless()
    },
    Composed {
        trigger: Box::new(EffectiveRank {
            tau: 0.5,
            ..EffectiveRank::default()
        }),
        placement: Box::new(LeastSpare { rows: 8 }),
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(CompeteForBudget {
            probation: 2,
            budget: 2,
            ..CompeteForBudget::default()
        }),
        ..restless()
    },
    Composed {
        trigger: Box::new(OutlierQuota {
            threshold: 0.1,
            ..OutlierQuota::default()
        }),
        placement: Box::new(RoundRobin {}),
        survival: Box::new(RandomDeath {
            probation: 2,
            ..RandomDeath::default()
        }),
        ..restless()
    },
    Composed {
        survival: Box::new(UtilityShare {
            probation: 2,
            utility: Utility::Gradient,
            ..UtilityShare::default()
        }),
        ..restless()
    },
    Composed {
        survival: Box::new(UtilityShare {
            probation: 2,
            utility: Utility::Gxd,
            ..UtilityShare::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(BelowMatureFraction {
            probation: 2,
            fraction: 0.8,
            utility: Utility::Grama,
            ..BelowMatureFraction::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(BelowMatureFraction {
            probation: 2,
            fraction: 0.8,
            utility: Utility::Ablation,
            ablation: Ablation {
                rows: 5,
                candidates: 2,
            },
        }),
        ..restless()
    },
    Composed {
        trigger: Box::new(GradientNorm {
            threshold: 2.0,
            ..GradientNorm::default()
        }),
        placement: Box::new(Deeper {
            most: 4,
            ..Deeper::default()
        }),
        ..restless()
    },
    // Residual blocks, of layers with and without a normalisation, and sub-networks that take turns.
    Composed {
        placement: Box::new(Deeper {
            most: 6,
            block: Block::Residual,
            normalisation: Normalisation::LayerNorm,
        }),
        ..restless()
    },
    Composed {
        placement: Box::new(Circulation {
            threshold: -1e9,
            most: 6,
            normalisation: Normalisation::BatchNorm,
            ..Circulation::default()
        }),
        ..restless()
    },
    AutoGrow {
        most: 5,
        every: 2,
        trigger: Box::new(Every { checks: 1 }),
        ..AutoGrow::default()
    },
    AutoGrow {
        threshold: -1e9,
        most: 5,
        block: Block::Plain,
        every: 2,
        trigger: Box::new(Every { checks: 1 }),
        ..AutoGrow::default()
    },
    Composed {
        trigger: Box::new(NaturalGradient {
            relative: 1.0,
            absolute: 0.0,
            candidates: 4,
            rows: 8,
            ..NaturalGradient::default()
        }),
        ..restless()
    },
    SaturationGrowth {
        rank: 0.3,
        plasticity: 1.5,
        rows: 8,
        max_units: 9,
        every: 1,
        ..SaturationGrowth::default()
    },
    SelfExpanding {
        relative: 1.0,
        absolute: 0.0,
        units: 2,
        most: 4,
        max_units: 9,
        candidates: 4,
        rows: 8,
        every: 2,
        ..SelfExpanding::default()
    },
    SelfExpanding {
        relative: 1.0,
        absolute: 0.0,
        deepen: false,
        max_units: 9,
        candidates: 4,
        rows: 8,
        every: 1,
        ..SelfExpanding::default()
    },
    // Continual backprop in parts; and beside growth, looked at less often than it is trained, by more than one lot.
    Composed {
        trigger: Box::new(Never {}),
        survival: Box::new(Turnover {
            replacement_rate: 0.2,
            maturity: 2,
            ..Turnover::default()
        }),
        ..restless()
    },
    Composed {
        every: 2,
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(Turnover {
            replacement_rate: 0.2,
            maturity: 2,
            utility: UtilityMeasure::AdaptableContribution,
            rounding: Rounding::Random,
        }),
        modulation: Box::new(Novelty::default()),
        plasticity: Some(Plasticity::default()),
        ..restless()
    },
    // Units that are silent for some rows give way, alone and beside growth.
    Composed {
        trigger: Box::new(Never {}),
        survival: Box::new(SelfNormalisedResets {
            rejection: 0.3,
            entries: Some(3),
            ..SelfNormalisedResets::default()
        }),
        ..restless()
    },
    Composed {
        every: 2,
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(SelfNormalisedResets {
            rejection: 0.3,
            test: SilenceTest::Quantile,
            thresholds: SilenceThresholds {
                first: 3,
                least: 2,
                most: 8,
                period: 1,
            },
            ..SelfNormalisedResets::default()
        }),
        modulation: Box::new(Novelty::default()),
        ..restless()
    },
    // Ages and is pruned within a few updates.
    Composed {
        initializer: Box::new(RandomStart::default()),
        plasticity: Some(Plasticity {
            half_life: 2,
            mature: 0.5,
            decay: 0.05,
            every: 2,
            ..Plasticity::default()
        }),
        pruning: Some(Pruning {
            when: Schedule::Updates(3),
            fraction: 0.5,
            least: 2,
            age: 1,
            ..Pruning::default()
        }),
        ..restless()
    },
    Composed {
        plasticity: Some(Plasticity {
            every: 1,
            half_life: 3,
            ..Plasticity::default()
        }),
        pruning: Some(Pruning {
            by: PruneBy::Contribution,
            fraction: 0.4,
            least: 1,
            age: 2,
            ..Pruning::default()
        }),
        ..restless()
    },
    Composed {
        trigger: Box::new(ExperienceStart { first: true }),
        initializer: Box::new(RandomStart::default()),
        ..restless()
    },
    // Initializers that claim to keep the function.
    Composed {
        initializer: Box::new(GradMax {
            rows: 8,
            ..GradMax::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(NorthSelect {
            candidates: 4,
            rows: 8,
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(NorthPre {
            rows: 8,
            ..NorthPre::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(NorthWeight {}),
        ..restless()
    },
    Composed {
        units: 3,
        initializer: Box::new(VarianceTransfer::default()),
        ..restless()
    },
    Composed {
        units: 2,
        initializer: Box::new(Tiny {
            zero_incoming: true,
            scale: Some(0.5),
            rows: 8,
            ..Tiny::default()
        }),
        ..restless()
    },
    Composed {
        units: 2,
        placement: Box::new(Everywhere {}),
        initializer: Box::new(Net2NetWider { noise: 0.0 }),
        ..restless()
    },
    // The family of TINY whose members change the function: by the amplitude that a search finds, and by a fixed one.
    Composed {
        units: 2,
        placement: Box::new(RoundRobin {}),
        initializer: Box::new(Tiny {
            rows: 9,
            trial_rows: 5,
            ..Tiny::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(Tiny {
            covariance: false,
            projection: false,
            scale: Some(0.2),
            directions: Directions::Ascended,
            steps: 3,
            rows: 9,
            ..Tiny::default()
        }),
        ..restless()
    },
    Composed {
        initializer: Box::new(Tiny {
            directions: Directions::Random,
            rows: 9,
            trial_rows: 5,
            ..Tiny::default()
        }),
        ..restless()
    },
    // Strategies of the field that are compositions.
    restless_north(NorthStart::Select),
    restless_north(NorthStart::Pre),
    restless_north(NorthStart::Weight),
    Net2Net {
        way: Way::Wider,
        units: 2,
        max_units: 9,
        noise: 0.0,
        every: 1,
        trigger: restless().trigger,
        ..Net2Net::default()
    },
    Firefly {
        units: 2,
        max_units: 9,
        candidates: 2,
        steps: 2,
        rows: 8,
        trial_rows: 5,
        every: 1,
        trigger: restless().trigger,
        ..Firefly::default()
    },
    Composed {
        placement: Box::new(BestGain {
            rows: 8,
            ..BestGain::default()
        }),
        ..restless()
    },
    Net2Net {
        way: Way::Deeper,
        most: 4,
        every: 1,
        trigger: restless().trigger,
        ..Net2Net::default()
    },
);

/// Units are split where the network has curvature.
mod splitting {
    use super::*;
    use dentate_core::Activation;

    dentate_testkit::conformance!(
        provoke = |world| {
            if matches!(world.activation, Activation::Relu | Activation::ReluLiveAtZero | Activation::LeakyRelu) {
                world.activation = Activation::Softplus;
            }
        };
        SplittingSteepestDescent {
            units: 2,
            max_units: 9,
            rows: 8,
            every: 1,
            trigger: restless().trigger,
            ..SplittingSteepestDescent::default()
        },
    );
}

/// A trigger that waits for a drift sees one where the data drift.
mod drifting {
    use super::*;
    use dentate_core::Scenario;
    use dentate_testkit::strategy::Data;

    dentate_testkit::conformance!(
        provoke = |case| {
            case.scenario = Scenario::DomainIncremental;
            (case.experiences, case.rows, case.batch, case.epochs) = (2, 20, 2, 6);
            case.adam = true;
            if case.data == Data::Plain {
                case.data = Data::Drifting;
            }
        };
        Composed {
            trigger: Box::new(Drift {
                detector: Detector::Adwin,
                ..Drift::default()
            }),
            placement: Box::new(Everywhere {}),
            ..restless()
        },
    );
}

#[test]
fn errors_say_what_is_wrong() {
    insta::assert_snapshot!(sentences!(StrategyError;
        StrategyError::Unsuited("the stream has no boundary".into()) => StrategyError::Unsuited(..),
        StrategyError::Missing("hidden layer".into()) => StrategyError::Missing(..),
        StrategyError::Unlike { what: "gradients", shapes: vec![(4, 2), (3, 5)] } => StrategyError::Unlike { .. },
    ));
}

/// The mistakes that are made most when something is registered, and what the compiler says of them. Its words differ between
/// its versions, so they are compared with those of the version that the workspace is made for.
#[test]
fn registration_mistakes_are_told_at_compile_time() {
    let compiler = std::process::Command::new("rustc")
        .arg("--version")
        .output()
        .unwrap();
    let wanted = format!("rustc {}.", env!("CARGO_PKG_RUST_VERSION"));
    if String::from_utf8_lossy(&compiler.stdout).starts_with(&wanted) {
        trybuild::TestCases::new().compile_fail("tests/registration/*.rs");
    }
}
