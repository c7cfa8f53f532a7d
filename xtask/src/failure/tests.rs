use super::Failure;
use crate::build::BuildError;
use crate::suite::SuiteArgumentError;
use crate::workspace::WorkspaceError;
use std::io::{Error, ErrorKind};

#[test]
fn what_xtask_says_when_it_fails() {
    let io = || Error::from(ErrorKind::NotFound);
    let name = || "quikstart".to_owned();
    let json = serde_json::from_str::<u32>("x").unwrap_err();
    let failures: [Failure; 16] = [
        WorkspaceError::NoRoot("here".into()).into(),
        WorkspaceError::NoCargo(io()).into(),
        WorkspaceError::Metadata("error: no manifest".into()).into(),
        WorkspaceError::Answer(json).into(),
        SuiteArgumentError::Unknown {
            given: name(),
            nearest: Some("quickstart".into()),
            known: vec!["functions".into(), "quickstart".into()],
        }
        .into(),
        SuiteArgumentError::NoSuites {
            given: name(),
            folder: "experiments/suites".into(),
        }
        .into(),
        SuiteArgumentError::NoFile("my/suite.toml".into()).into(),
        SuiteArgumentError::NotToml("my/suite".into()).into(),
        SuiteArgumentError::SameName {
            name: "a".into(),
            first: "x/a.toml".into(),
            second: "y/a.toml".into(),
        }
        .into(),
        SuiteArgumentError::NoResults {
            name: name(),
            argument: name(),
            folder: "results".into(),
        }
        .into(),
        SuiteArgumentError::NothingYet("results".into()).into(),
        BuildError::NoCargo(io()).into(),
        BuildError::Wait(io()).into(),
        BuildError::Failed("dentate".into()).into(),
        BuildError::NoExecutable("dentate").into(),
        Failure::Tidy(crate::tidy::TidyError::Read {
            path: "README.md".into(),
            source: io(),
        }),
    ];
    let words: Vec<String> = failures.iter().map(|failure| failure.words().unwrap()).collect();
    assert!(words.iter().all(|said| !said.contains('\n')), "{words:?}");
    insta::assert_snapshot!(words.join("\n"));
}
