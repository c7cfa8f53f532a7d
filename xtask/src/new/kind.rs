//! What a plugin can be, and the templates of each.

use clap::ValueEnum;

/// A kind of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Strategy,
    Trigger,
    Placement,
    Initializer,
    Survival,
    Modulation,
    Learner,
    Regulariser,
}

/// The texts that a crate of a kind is made of.
pub(super) struct Templates {
    /// `src/lib.rs`.
    pub(super) lib: &'static str,
    /// `tests/conformance.rs`.
    pub(super) test: &'static str,
    /// How a method of a suite names it.
    pub(super) method: &'static str,
    /// Packages of this project that it is made from, without the prefix, beside core.
    pub(super) parts: &'static [&'static str],
    /// Other packages, as this workspace has them.
    pub(super) others: &'static [&'static str],
}

macro_rules! templates {
    ($kind:literal, $parts:expr, $others:expr) => {
        Templates {
            lib: include_str!(concat!("templates/", $kind, "/lib.txt")),
            test: include_str!(concat!("templates/", $kind, "/test.txt")),
            method: include_str!(concat!("templates/", $kind, "/method.txt")),
            parts: $parts,
            others: $others,
        }
    };
}

const USUAL: &[&str] = &["schemars", "serde"];

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Strategy,
        Self::Trigger,
        Self::Placement,
        Self::Initializer,
        Self::Survival,
        Self::Modulation,
        Self::Learner,
        Self::Regulariser,
    ];

    /// In a sentence: `a growth strategy`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Strategy => "growth strategy",
            other => other.word(),
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Trigger => "trigger",
            Self::Placement => "placement",
            Self::Initializer => "initializer",
            Self::Survival => "survival",
            Self::Modulation => "modulation",
            Self::Learner => "learner",
            Self::Regulariser => "regulariser",
        }
    }

    pub(super) fn templates(self) -> Templates {
        match self {
            Self::Strategy => templates!("strategy", &["growth"], USUAL),
            Self::Trigger => templates!("trigger", &["growth"], USUAL),
            Self::Placement => templates!("placement", &["growth"], USUAL),
            Self::Initializer => templates!("initializer", &["growth"], USUAL),
            Self::Survival => templates!("survival", &["growth"], USUAL),
            Self::Modulation => templates!("modulation", &["growth"], USUAL),
            Self::Learner => templates!("learner", &[], &["ndarray", "schemars", "serde"]),
            Self::Regulariser => templates!("regulariser", &["continual"], USUAL),
        }
    }
}
