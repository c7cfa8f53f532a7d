//! Messages of errors.

use dentate_core::data::DataError;
use dentate_core::registry::{self, Entry, Kind};
use dentate_core::{
    BackendError, Broken, ConfigError, ConnectionId, DataId, Edit, Graph, LayerId, LearnError, MeterKind,
    MissingRow, Moment, NetworkError, Parameter, Plan, Refused, Seed, Slot, TooLarge, UnitId,
};
use dentate_testkit::sentences;

#[test]
fn of_a_backend() {
    let layer = LayerId(2);
    insta::assert_snapshot!(sentences!(BackendError;
        BackendError::NotLoaded(DataId(3)) => BackendError::NotLoaded(..),
        BackendError::Row { data: DataId(3), row: 9, len: 5 } => BackendError::Row { .. },
        BackendError::EmptyBatch => BackendError::EmptyBatch,
        BackendError::NoLayer(layer) => BackendError::NoLayer(..),
        BackendError::NoUnit { layer, unit: UnitId(9) } => BackendError::NoUnit { .. },
        BackendError::Unaccompanied { layer, of: MeterKind::AdaptableContribution } => BackendError::Unaccompanied { .. },
        BackendError::NoParameter(Parameter::Gain(ConnectionId(1))) => BackendError::NoParameter(..),
        BackendError::NoInput => BackendError::NoInput,
        BackendError::Width { what: "a term", layer, found: 4, expected: 5 } => BackendError::Width { .. },
        BackendError::TermRows { start: 0, end: 4, targets: 3, rows: 2 } => BackendError::TermRows { .. },
        BackendError::Targets { data: DataId(3), wanted: "labels" } => BackendError::Targets { .. },
        BackendError::Label { layer, label: 7 } => BackendError::Label { .. },
        BackendError::Activation(layer) => BackendError::Activation(..),
        BackendError::EmptySlot(Slot::SECOND_MOMENT) => BackendError::EmptySlot(..),
        BackendError::WrittenTwice(Slot::GRADIENT) => BackendError::WrittenTwice(..),
        BackendError::Expression(TooLarge { nodes: 300, waiting: 3 }) => BackendError::Expression(..),
        BackendError::Keep(Slot::WEIGHT) => BackendError::Keep(..),
        BackendError::NoOutputs(layer) => BackendError::NoOutputs(..),
        BackendError::Route("it leads nowhere") => BackendError::Route(..),
        BackendError::Unsupported { backend: "native", what: "convolution".into() } => BackendError::Unsupported { .. },
        BackendError::Snapshot("it holds no weights".into()) => BackendError::Snapshot(..),
    ));
}

#[test]
fn of_a_learner() {
    let plan = Plan {
        cause: "test".into(),
        observed: None,
        seed: Seed(0),
        edits: vec![Edit::Prune {
            layer: LayerId(7),
            units: vec![UnitId(1)],
            fold_mean: Vec::new(),
        }],
    };
    let error = Graph::empty().apply(&plan, Moment::default()).unwrap_err();
    let strategy = || "columns".to_string();
    insta::assert_snapshot!(sentences!(LearnError;
        LearnError::Backend(BackendError::EmptyBatch) => LearnError::Backend(..),
        LearnError::Plan { strategy: strategy(), error } => LearnError::Plan { .. },
        LearnError::Data(DataError::Columns { features: 4 }) => LearnError::Data(..),
        LearnError::Row(MissingRow { data: DataId(3), row: 9, len: 5 }) => LearnError::Row(..),
        LearnError::Source(Refused::SinglePass) => LearnError::Source(..),
        LearnError::Strategy { strategy: strategy(), message: "it has no plan".into() } => LearnError::Strategy { .. },
        LearnError::Mechanism { mechanism: "pull".into(), message: "it has no slot".into() } => LearnError::Mechanism { .. },
        LearnError::Diverged { step: 12 } => LearnError::Diverged { .. },
        LearnError::Overflow { step: 12 } => LearnError::Overflow { .. },
        LearnError::Unstable { step: 12, penalty: "elastic".into(), pull: 7.5, limit: 2.0 } => LearnError::Unstable { .. },
        LearnError::Unsuited("the experience has no row".into()) => LearnError::Unsuited(..),
        LearnError::NoNetwork => LearnError::NoNetwork,
        LearnError::Network(NetworkError::NoInput) => LearnError::Network(..),
        LearnError::State("a byte is missing".into()) => LearnError::State(..),
    ));
}

#[test]
fn of_data_and_settings() {
    let data = sentences!(DataError;
        DataError::Ragged { values: 10, features: 3 } => DataError::Ragged { .. },
        DataError::Length { inputs: 3, targets: 4 } => DataError::Length { .. },
        DataError::Label { row: 1, label: 9, classes: 3 } => DataError::Label { .. },
        DataError::Columns { features: 3 } => DataError::Columns { .. },
    );
    let refused = sentences!(Refused;
        Refused::SinglePass => Refused::SinglePass,
        Refused::Position { position: 9, len: 3 } => Refused::Position { .. },
        Refused::Uncounted => Refused::Uncounted,
    );
    let config = ConfigError::new("learning_rate", -1, "positive and finite").within("optimizer");
    let entry = |package| Entry {
        kind: Kind::Strategy,
        name: "columns",
        summary: "",
        citation: "",
        package,
        schema: || schemars::schema_for!(bool),
        source: "",
    };
    let twice = registry::check(&[entry("mine"), entry("yours")]).unwrap_err();
    insta::assert_snapshot!(format!("{data}\n{refused}\n{config}\n{twice}"));
}

#[test]
fn of_a_graph_that_is_broken() {
    let (layer, connection, unit) = (LayerId(2), ConnectionId(3), UnitId(4));
    insta::assert_snapshot!(sentences!(Broken;
        Broken::Dangling(connection) => Broken::Dangling(..),
        Broken::Cycle(layer) => Broken::Cycle(..),
        Broken::Empty(layer) => Broken::Empty(..),
        Broken::Inputs(layer) => Broken::Inputs(..),
        Broken::IntoInput(connection) => Broken::IntoInput(..),
        Broken::Parallel(connection) => Broken::Parallel(..),
        Broken::Name("hidden-1".into()) => Broken::Name(..),
        Broken::Twice(unit) => Broken::Twice(..),
        Broken::Unissued(unit) => Broken::Unissued(..),
        Broken::Classes(layer) => Broken::Classes(..),
        Broken::Tied(layer, LayerId(5)) => Broken::Tied(..),
        Broken::Grid(connection) => Broken::Grid(..),
        Broken::Groups(connection) => Broken::Groups(..),
        Broken::Layout(layer) => Broken::Layout(..),
        Broken::Head(layer) => Broken::Head(..),
        Broken::Rate(layer) => Broken::Rate(..),
    ));
}
