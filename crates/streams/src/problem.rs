//! Function-learning problems: one task, the whole truth table, and the numbers of hidden units that solve it.
//!
//! Both figures of [`ProblemInfo`] concern one layer of sigmoid units without shortcuts from inputs to outputs.
//! `known_minimum` is the smallest number known to be sufficient, `customary` the reference in the literature on growing networks;
//! they differ where graded units can do more than a binary code designed by hand:
//!
//! - **xor**: 2. With one unit the output is a monotone function of one weighted sum, which exclusive or is not. (With
//!   shortcuts from inputs to output, one is enough: Rumelhart, Hinton & Williams 1986.)
//! - **parity** of n bits: customarily n, the layered solution of Rumelhart, Hinton & Williams 1986; ⌊n/2⌋ + 1 are sufficient
//!   (Setiono 1997, for this very kind of network).
//! - **symmetry**: 2, whatever the number of bits (Rumelhart, Hinton & Williams 1986); one is too few by the argument for xor.
//! - **encoder** n-m-n: customarily ⌈log2 n⌉, a binary code (Ackley, Hinton & Sejnowski 1985). Two are sufficient for any n: the
//!   codes are free, and a line can separate each of several points on a circle from the others. One is sufficient for n = 2 only.
//!   Codes this close are slow to learn, so growth that ends at the customary figure is not a failure.
//! - **addition** of two numbers: 2 for one digit each, whose sum bit is exclusive or; 3 for two digits each (the 4-3-3 network
//!   of Rumelhart, Hinton & Williams 1986), which gradient descent reaches from some starts; 1,500 starts with 2 found
//!   no solution, which is no proof. None is stated for more digits. \[Unchecked: which minimum Ash 1989 compares with.\]
//! - **two-spirals**: none is known.
//!
//! Sources: Rumelhart, Hinton & Williams 1986, *Learning internal representations by error propagation*, in Parallel
//! Distributed Processing 1, chapter 8. Ackley, Hinton & Sejnowski 1985, *A learning algorithm for Boltzmann machines*,
//! Cognitive Science 9. Setiono 1997, *On the solution of the parity problem by a single hidden layer feedforward neural
//! network*, Neurocomputing 16. Ash 1989, *Dynamic node creation in backpropagation networks*, Connection Science 1. Fahlman 1988,
//! *An empirical study of learning speed in back-propagation networks*, CMU-CS-88-162, for the tolerance of 0.4.

mod tables;

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{EvaluatedRows, Experience, Part, ProblemInfo, RowSet, Stream, StreamInfo};
use dentate_core::{
    Access, DataId, Dataset, ExperienceFacts, ExperienceInfo, Samples, Scenario, Seed, StreamFacts,
    TargetKind, Targets, TaskId, TaskInfo,
};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tables::Table;

/// An output within this distance of its target is right: the 40-20-40 criterion of Fahlman 1988, for targets one apart.
const TOLERANCE: f32 = 0.4;

/// The available function-learning problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemName {
    /// 1 if exactly one of two bits is set.
    Xor,
    /// 1 if an odd number of `bits` bits is set.
    Parity,
    /// 1 if `bits` bits read the same from both ends.
    Symmetry,
    /// The index of the one set bit among `bits` bits, reproduced at the output.
    Encoder,
    /// The sum of two numbers of `bits` binary digits.
    Addition,
    /// The one of two interleaved spirals that a point is on: 97 pairs of points, targets ±0.5 (Lang & Witbrock 1988, as in
    /// Fahlman & Lebiere 1990).
    TwoSpirals,
}

impl ProblemName {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xor => "xor",
            Self::Parity => "parity",
            Self::Symmetry => "symmetry",
            Self::Encoder => "encoder",
            Self::Addition => "addition",
            Self::TwoSpirals => "two-spirals",
        }
    }

    /// The default of `bits`, and its least and greatest value; `None` where it does not apply.
    fn bits(self) -> Option<(u32, u32, u32)> {
        match self {
            Self::Xor | Self::TwoSpirals => None,
            Self::Parity => Some((4, 2, 12)),
            Self::Symmetry => Some((6, 2, 12)),
            Self::Encoder => Some((8, 2, 256)),
            Self::Addition => Some((2, 1, 5)),
        }
    }
}

/// A function to learn, as one task with no boundary. Inputs and targets are 0 and 1 (two-spirals: coordinates and ±0.5), and
/// every row is trained and tested on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The problem: `xor`, `parity`, `symmetry`, `encoder`, `addition` or `two-spirals`.
    pub problem: ProblemName,
    /// Its size. Parity and symmetry: inputs (2 to 12; default 4 and 6). Encoder: inputs and outputs (2 to 256; 8). Addition:
    /// binary digits of each number (1 to 5; 2). The others have no size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
}

impl Problem {
    /// A problem of its default size.
    #[must_use]
    pub fn new(problem: ProblemName) -> Self {
        Self { problem, bits: None }
    }

    /// The size in use; 0 where the problem has none.
    fn size(&self) -> u32 {
        self.problem
            .bits()
            .map_or(0, |(default, ..)| self.bits.unwrap_or(default))
    }

    fn table(&self) -> Table {
        let n = self.size();
        match self.problem {
            ProblemName::Xor => tables::parity(2),
            ProblemName::Parity => tables::parity(n),
            ProblemName::Symmetry => tables::symmetry(n),
            ProblemName::Encoder => tables::encoder(n),
            ProblemName::Addition => tables::addition(n),
            ProblemName::TwoSpirals => tables::two_spirals(),
        }
    }

    /// The smallest number of hidden units known to be sufficient: see the module documentation.
    fn known_minimum(&self) -> Option<usize> {
        match (self.problem, self.size() as usize) {
            (ProblemName::Xor | ProblemName::Symmetry, _) => Some(2),
            (ProblemName::Parity, n) => Some(n / 2 + 1),
            (ProblemName::Encoder, n) => Some(if n == 2 { 1 } else { 2 }),
            (ProblemName::Addition, n @ (1 | 2)) => Some(n + 1),
            (ProblemName::Addition | ProblemName::TwoSpirals, _) => None,
        }
    }

    /// The number that the literature compares with: see the module documentation.
    fn customary(&self) -> Option<usize> {
        match (self.problem, self.size() as usize) {
            (ProblemName::Parity, n) => Some(n),
            (ProblemName::Encoder, n) => Some(n.next_power_of_two().ilog2() as usize),
            _ => self.known_minimum(),
        }
    }

    fn title(&self) -> String {
        let n = self.size();
        match self.problem {
            ProblemName::Xor => "Exclusive or".into(),
            ProblemName::Parity => format!("Parity of {n} bits"),
            ProblemName::Symmetry => format!("Symmetry of {n} bits"),
            ProblemName::Encoder => format!("Encoder of {n} places"),
            ProblemName::Addition => format!("Addition of two {n}-bit numbers"),
            ProblemName::TwoSpirals => "Two spirals".into(),
        }
    }
}

impl StreamRecipe for Problem {
    fn check(&self) -> Result<(), StreamError> {
        let name = self.problem.name();
        match (self.problem.bits(), self.bits) {
            (None, Some(n)) => Err(StreamError::range("bits", n, format!("left out for `{name}`"))),
            (Some((_, least, most)), Some(n)) if !(least..=most).contains(&n) => {
                let range = format!("from {least} to {most} for `{name}`");
                Err(StreamError::range("bits", n, range))
            }
            _ => Ok(()),
        }
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        Vec::new()
    }

    fn facts(&self) -> Option<StreamFacts> {
        let table = self.table();
        let rows = [Some(table.rows.len()); 2];
        Some(StreamFacts {
            scenario: Scenario::Single,
            access: Access::Revisitable,
            target: TargetKind::Values(table.outputs),
            shape: Some(vec![table.inputs]),
            experiences: vec![ExperienceFacts::of(0, Vec::new(), rows)],
        })
    }

    fn validation(&self) -> Option<f64> {
        Some(0.0)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, _: &DataEnv, _: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let Table {
            inputs,
            outputs,
            rows,
        } = self.table();
        let mut samples = Vec::with_capacity(rows.len() * inputs);
        let mut targets = Array2::zeros((rows.len(), outputs));
        for ((input, output), mut place) in rows.iter().zip(targets.rows_mut()) {
            samples.extend_from_slice(input);
            place.iter_mut().zip(output).for_each(|(to, &from)| *to = from);
        }
        let data = Dataset::new(
            DataId(0),
            Samples::Floats(samples),
            vec![inputs],
            Targets::Values(targets),
        )?;
        let part = |rows| Part {
            data: data.clone(),
            task: TaskId(0),
            rows,
        };
        let all: RowSet = (0..rows.len() as u32).collect();
        let target = TargetKind::Values(outputs);
        let info = ExperienceInfo {
            index: 0,
            scenario: Scenario::Single,
            tasks: vec![TaskInfo {
                id: TaskId(0),
                classes: Vec::new(),
            }],
            target,
            features: inputs,
            access: Access::Revisitable,
        };
        let experience = Experience {
            info,
            train: part(all.clone()),
            validation: part(RowSet::default()),
            test: part(all),
            ahead: None,
        };
        let info = StreamInfo {
            scenario: Scenario::Single,
            title: self.title(),
            task_names: vec![self.problem.name().into()],
            target,
            features: inputs,
            shape: vec![inputs],
            classes: None,
            chance: None,
            problem: Some(ProblemInfo {
                known_minimum: self.known_minimum(),
                customary: self.customary(),
                tolerance: TOLERANCE,
            }),
            evaluated: EvaluatedRows::Training,
        };
        Ok(Stream {
            info,
            experiences: vec![experience],
        })
    }
}

register!(
    stream,
    Problem,
    "problem",
    summary = "a function to learn: xor, parity, symmetry, encoder, addition or two-spirals",
    citation = "Rumelhart, Hinton & Williams 1986; Fahlman & Lebiere 1990 for two-spirals",
);

#[cfg(test)]
mod tests;
