//! Reductions: of a value to one number, or to one for each stored row or column.

use super::chunk::{Folded, Gather};
use super::evaluation::Evaluation;
use super::fold::{Across, Down, Fold};
use super::values::Value;
use dentate_core::{Over, Reduction};
use pulp::Arch;

impl Evaluation<'_> {
    /// The reduction of a value within a block.
    pub(super) fn reduced(&mut self, place: usize, by: Reduction, over: Over, of: Value) -> Value {
        if let Some(made) = self.workspace.values.reduced(by, over, of) {
            return made;
        }
        let at = &self.network.places[place];
        let ((rows, columns), turned) = (at.stored(), at.turned());
        let made = match over {
            Over::Block | Over::All => {
                let mut fold = Fold::new(by);
                self.fold(place, of, &mut fold);
                Value::number(fold.finish() as f32)
            }
            // A block that is stored as its transpose has the columns for rows.
            Over::Row | Over::Column => {
                let across = (over == Over::Row) == turned;
                // The number of values that are reduced to one.
                let count = if across { rows } else { columns };
                match of {
                    Value::Number(_) => self.folded(by, &[], of.same(), count),
                    Value::Across(vector) if !across => {
                        let vector = self.workspace.values.vector(vector)[..columns].to_vec();
                        self.folded(by, &vector, None, count)
                    }
                    Value::Down(vector) if across => {
                        let vector = self.workspace.values.vector(vector).to_vec();
                        self.folded(by, &vector, None, count)
                    }
                    Value::Across(_) | Value::Down(_) | Value::Entries(_) => {
                        self.along(place, by, of, across)
                    }
                }
            }
        };
        self.workspace.values.keep(by, over, of, made)
    }

    /// The reduction of a vector, or of so many equal numbers.
    pub(super) fn folded(&self, by: Reduction, vector: &[f32], same: Option<f32>, count: usize) -> Value {
        let mut fold = Fold::new(by);
        match same {
            Some(x) => fold.take_equal(x, count as u64),
            None => Arch::new().dispatch(Folded {
                vector,
                fold: &mut fold,
            }),
        }
        Value::number(fold.finish() as f32)
    }

    /// The reductions of each stored column (`across`) or each stored row.
    pub(super) fn along(&mut self, place: usize, by: Reduction, of: Value, across: bool) -> Value {
        let (rows, columns) = self.network.places[place].stored();
        let (at, mut out) = self.workspace.values.open(across);
        if across {
            let mut gather = Gather::Across(Across::new(by, columns));
            self.scan(place, of, &mut gather);
            if let Gather::Across(fold) = gather {
                fold.finish(&mut out[..columns]);
            }
        } else {
            // For rows without any column, of which there are no pieces.
            out.fill(Fold::new(by).finish() as f32);
            let mut gather = Gather::Down(Down::new(by, columns, &mut out[..rows]));
            self.scan(place, of, &mut gather);
        }
        self.workspace.values.close(at, out, across)
    }

    /// Fold a value at a block.
    pub(super) fn fold(&mut self, place: usize, of: Value, into: &mut Fold) {
        let (rows, columns) = self.network.places[place].stored();
        let (vector, times) = match of {
            Value::Number(bits) => return into.take_equal(f32::from_bits(bits), (rows * columns) as u64),
            Value::Entries(_) => {
                let mut gather = Gather::Fold(std::mem::replace(into, into.empty()));
                self.scan(place, of, &mut gather);
                if let Gather::Fold(fold) = gather {
                    *into = fold;
                }
                return;
            }
            Value::Across(vector) => (&self.workspace.values.vector(vector)[..columns], rows),
            Value::Down(vector) => (self.workspace.values.vector(vector), columns),
        };
        let mut once = into.empty();
        Arch::new().dispatch(Folded {
            vector,
            fold: &mut once,
        });
        into.take_times(&once, times as u64);
    }
}
