//! The kinds of plugins, and the templates of each.

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
    Buffer,
    Stream,
    Data,
    /// A metric that the report computes from records.
    Metric,
}

/// The templates of a crate of one kind.
pub(super) struct Templates {
    /// `src/lib.rs`.
    pub(super) lib: &'static str,
    /// `tests/conformance.rs`.
    pub(super) test: &'static str,
    /// The entry of a suite that uses it, as a method or as the stream.
    pub(super) method: &'static str,
}

macro_rules! templates {
    ($kind:literal) => {
        Templates {
            lib: include_str!(concat!("templates/", $kind, "/lib.txt")),
            test: include_str!(concat!("templates/", $kind, "/test.txt")),
            method: include_str!(concat!("templates/", $kind, "/method.txt")),
        }
    };
}

impl Kind {
    /// The kinds that a suite names, which depend on `dentate` alone; a metric of the report depends on `dentate-eval`.
    pub(crate) const ALL: [Self; 11] = [
        Self::Strategy,
        Self::Trigger,
        Self::Placement,
        Self::Initializer,
        Self::Survival,
        Self::Modulation,
        Self::Learner,
        Self::Mechanism,
        Self::Buffer,
        Self::Stream,
        Self::Data,
    ];

    /// Its name in a sentence: `a growth strategy`.
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
            Self::Buffer => "buffer",
            Self::Stream => "stream",
            Self::Data => "data",
            Self::Metric => "metric",
        }
    }

    /// Its heading in the list of what is registered; metrics of the report are not in it.
    pub(super) fn heading(self) -> Option<&'static str> {
        Some(match self {
            Self::Strategy => "strategies",
            Self::Trigger => "triggers",
            Self::Placement => "placements",
            Self::Initializer => "initializers",
            Self::Survival => "survival",
            Self::Modulation => "modulation",
            Self::Learner => "learners",
            Self::Mechanism => "mechanisms",
            Self::Buffer => "buffers",
            Self::Stream => "streams",
            Self::Data => "data",
            Self::Metric => return None,
        })
    }

    /// Returns whether a suite runs methods on it, instead of comparing it with others.
    pub(super) fn is_learned(self) -> bool {
        matches!(self, Self::Stream | Self::Data)
    }

    pub(super) fn templates(self) -> Templates {
        match self {
            Self::Strategy => templates!("strategy"),
            Self::Trigger => templates!("trigger"),
            Self::Placement => templates!("placement"),
            Self::Initializer => templates!("initializer"),
            Self::Survival => templates!("survival"),
            Self::Modulation => templates!("modulation"),
            Self::Learner => templates!("learner"),
            Self::Mechanism => templates!("mechanism"),
            Self::Buffer => templates!("buffer"),
            Self::Stream => templates!("stream"),
            Self::Data => templates!("data"),
            Self::Metric => Templates {
                lib: include_str!("templates/metric/lib.txt"),
                test: "",
                method: "",
            },
        }
    }
}
