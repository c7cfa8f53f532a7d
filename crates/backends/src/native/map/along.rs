//! Reductions along rows and columns of a block, in double precision.

use super::chunk::{Line, Registers, Written};
use super::fold::{Across, Fold};
use super::{Evaluation, Folded};
use dentate_core::Reduction;
use pulp::Arch;
use std::ops::Range;

impl Evaluation<'_> {
    /// The reductions of a part at one block: one for each stored column (`across`), or for each stored row.
    pub(super) fn along(
        &mut self,
        by: Reduction,
        place: usize,
        part: Range<usize>,
        across: bool,
        registers: &mut Registers,
    ) -> Vec<f32> {
        let program = self.program(place, part, registers);
        let at = &self.network.places[place];
        let ((rows, cols), turned) = (at.stored(), at.turned());
        if let Some(number) = program.constant() {
            let (values, of) = if across { (cols, rows) } else { (rows, cols) };
            let mut fold = Fold::new(by);
            fold.take_equal(number, of as u64);
            return vec![fold.finish() as f32; values];
        }
        let sources = self.sources(place, &program);
        registers.fit(&program);
        let program = &program;
        let (mut down, mut all) = (Vec::with_capacity(rows), Across::new(by, cols));
        let mut values = if across { vec![0.0; cols] } else { Vec::new() };
        for row in 0..rows {
            let slots = &|n: usize| sources[n].row(row);
            let line = Line {
                program,
                slots,
                row,
                turned,
            };
            if across {
                let out = values.as_mut_slice();
                Arch::new().dispatch(Written::exactly(line, registers, out));
                all.take(&values);
            } else {
                let mut fold = Fold::new(by);
                let folded = Folded {
                    line,
                    registers,
                    cols,
                    fold: &mut fold,
                };
                Arch::new().dispatch(folded);
                down.push(fold.finish() as f32);
            }
        }
        if across { all.finish() } else { down }
    }
}
