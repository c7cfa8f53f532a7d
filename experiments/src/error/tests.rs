use super::RunnerError as E;
use crate::data::FetchError as F;
use crate::slurm::SlurmError as S;
use crate::suite::SuiteError;
use dentate_backends::{ChoiceError, Device};
use dentate_core::metrics::MetricNameError;
use dentate_core::registry::{Entry, Kind, check};
use dentate_streams::StreamError;
use dentate_testkit::sentences;
use std::io::{Error, ErrorKind};

fn io() -> Error {
    ErrorKind::PermissionDenied.into()
}

#[test]
fn of_the_runner() {
    let entry = |package| Entry {
        kind: Kind::Strategy,
        name: "columns",
        summary: "",
        citation: "",
        package,
        schema: || schemars::schema_for!(bool),
        source: "",
    };
    let path = || "results/s/x.json".into();
    let text = |text: &str| text.to_string();
    insta::assert_snapshot!(sentences!(E;
        E::Suite(SuiteError::NoSuites { given: text("quick") }) => E::Suite(..),
        E::Stream(StreamError::NoLabels) => E::Stream(..),
        E::Backend(ChoiceError::Absent) => E::Backend(..),
        E::Device("gpu".parse::<Device>().unwrap_err()) => E::Device(..),
        E::Fetch(F::NoRoot { name: text("mnist") }) => E::Fetch(..),
        E::Registry(check(&[entry("mine"), entry("yours")]).unwrap_err()) => E::Registry(..),
        E::Metric(MetricNameError::Taken { name: "forgetting", package: "mine" }) => E::Metric(..),
        E::Method {
            suite: text("s"), method: text("fixd"), suggestion: text(", did you mean `fixed`?"), known: text("fixed"),
        } => E::Method { .. },
        E::Io { action: "write", path: path(), source: io() } => E::Io { .. },
        E::Damaged { path: path(), message: text("it ends early") } => E::Damaged { .. },
        E::Job { path: path(), message: text("`batch` is 0, but has to be at least 1") } => E::Job { .. },
        E::Another { folder: path(), other: path() } => E::Another { .. },
        E::Format { path: path(), found: 9, expected: 1 } => E::Format { .. },
        E::Unwritable { path: path(), message: text("path contains invalid UTF-8 characters") } => E::Unwritable { .. },
        E::Elsewhere { run: text("s · fixed · seed 1"), holder: text("process 7 on here since noon") } => E::Elsewhere { .. },
        E::Waiting { run: text("0123456789abcdef"), holder: text("process 7 on here since noon") } => E::Waiting { .. },
        E::Slurm(S::NotSlurm { option: "--time" }) => E::Slurm(..),
        E::Incomplete { missing: 3, total: 9 } => E::Incomplete { .. },
        E::Mendable { damaged: 2 } => E::Mendable { .. },
        E::NoReport { path: path() } => E::NoReport { .. },
        E::Report => E::Report,
        E::Claims => E::Claims,
        E::Stopped => E::Stopped,
        E::Interrupted { finished: 3, total: 9, command: text("cargo xtask bench s") } => E::Interrupted { .. },
        E::Unexplained {
            name: text("colums"), suggestion: text(", did you mean `columns`?"),
        } => E::Unexplained { .. },
        E::Unsound => E::Unsound,
        E::Runs { failed: 2, total: 9 } => E::Runs { .. },
        E::Run { kind: "panic", message: text("it panicked") } => E::Run { .. },
    ));
}

#[test]
fn of_fetching_and_of_a_cluster() {
    let fetch = sentences!(F;
        F::Unknown { name: "mnits".into(), nearest: Some("mnist"), known: "`mnist`".into() } => F::Unknown { .. },
        F::NoRoot { name: "mnist".into() } => F::NoRoot { .. },
        F::Write { path: "data/mnist".into(), source: io() } => F::Write { .. },
        F::InTheWay(StreamError::NoLabels) => F::InTheWay(..),
        F::Unreachable {
            set: "mnist", files: 4, file: "labels", reasons: "here: no network".into(), folder: "data/mnist".into(),
        } => F::Unreachable { .. },
        F::UnreachableArchive {
            set: "cifar-10", archive: "cifar-10.tar.gz", reasons: "here: no network".into(), folder: "data/cifar-10".into(),
        } => F::UnreachableArchive { .. },
    );
    let slurm = sentences!(S;
        S::NotThere { program: "sbatch", source: ErrorKind::NotFound.into() } => S::NotThere { .. },
        S::Refused { program: "sbatch", message: "Invalid account".into() } => S::Refused { .. },
        S::Partition {
            given: "man".into(), suggestion: ", did you mean `main`?".into(), known: "main".into(),
        } => S::Partition { .. },
        S::Time { given: "soon".into() } => S::Time { .. },
        S::NotSlurm { option: "--time" } => S::NotSlurm { .. },
    );
    insta::assert_snapshot!(format!("{fetch}\n{slurm}"));
}

/// 1 is a failure, 2 is a mistake of the user's, and the others are told apart by scripts.
#[test]
fn exit_codes_tell_mistakes_from_failures() {
    let suite = E::Suite(SuiteError::NoSuites { given: "s".into() });
    let codes = [
        suite.exit_code(),
        E::Runs { failed: 1, total: 2 }.exit_code(),
        E::Incomplete { missing: 1, total: 2 }.exit_code(),
        E::Slurm(S::Time { given: "x".into() }).exit_code(),
        E::Elsewhere {
            run: "r".into(),
            holder: "h".into(),
        }
        .exit_code(),
        E::Stopped.exit_code(),
        E::Claims.exit_code(),
        E::NoReport {
            path: "dentate-report".into(),
        }
        .exit_code(),
    ];
    assert_eq!(codes, [2, 1, 3, 2, 75, 130, 5, 1]);
}
