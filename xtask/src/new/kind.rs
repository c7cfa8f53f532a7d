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
    Mechanism,
    Stream,
    Data,
}

/// The texts that a crate of a kind is made of.
pub(super) struct Templates {
    /// `src/lib.rs`.
    pub(super) lib: &'static str,
    /// `tests/conformance.rs`.
    pub(super) test: &'static str,
    /// How a method of a suite names it, or the suite's stream.
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

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Strategy,
        Self::Trigger,
        Self::Placement,
        Self::Initializer,
        Self::Survival,
        Self::Modulation,
        Self::Learner,
        Self::Mechanism,
        Self::Stream,
        Self::Data,
    ];

    /// In a sentence: `a growth strategy`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Strategy => "growth strategy",
            Self::Data => "data set",
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
            Self::Mechanism => "mechanism",
            Self::Stream => "stream",
            Self::Data => "data",
        }
    }

    /// Whether a suite tries methods on it, and does not compare it with others.
    pub(super) fn is_learned(self) -> bool {
        matches!(self, Self::Stream | Self::Data)
    }

    pub(super) fn templates(self) -> Templates {
        match self {
            Self::Strategy => templates!("strategy", &["growth"], &[]),
            Self::Trigger => templates!("trigger", &["growth"], &[]),
            Self::Placement => templates!("placement", &["growth"], &[]),
            Self::Initializer => templates!("initializer", &["growth"], &[]),
            Self::Survival => templates!("survival", &["growth"], &[]),
            Self::Modulation => templates!("modulation", &["growth"], &[]),
            Self::Learner => templates!("learner", &[], &["ndarray"]),
            Self::Mechanism => templates!("mechanism", &["continual"], &[]),
            Self::Stream => templates!("stream", &["streams"], &["rand"]),
            Self::Data => templates!("data", &["streams"], &["rand"]),
        }
    }
}
