//! Expressions over slots ([`Backend::map`](dentate_core::Backend::map)), node by node: each is a tensor operation on every
//! block. A single number for a block, or for all, is a tensor of one entry, and one for each row or column a tensor of one column or
//! row, so the device is never waited for.

use super::LibTorch;
use super::slots;
use super::tensors::{self, full, settled};
use crate::network::Place;
use dentate_core::{BackendError, Binary, Expr, Node, Noise, Over, Parameter, Reduction, Slot, Unary};
use ndarray::Array2;
use pulp::Arch;
use tch::{Kind, Tensor};

impl LibTorch {
    pub(super) fn write_all(&mut self, writes: &[(Slot, &Expr)]) -> Result<(), BackendError> {
        let mut made = Vec::with_capacity(writes.len());
        for (n, (into, expr)) in writes.iter().enumerate() {
            let values = self.values(expr)?;
            if writes[..n].iter().any(|(earlier, _)| earlier == into) {
                return Err(BackendError::WrittenTwice(*into));
            }
            let whole = |(place, value): (&Place, Tensor)| settled(&spread(&value, place));
            let blocks: Vec<Tensor> = self.network.places.iter().zip(values).map(whole).collect();
            let reached = |place| expr.reaches(|slot| self.slots.reached(slot, place));
            let reached: Vec<bool> = (0..blocks.len()).map(reached).collect();
            made.push((*into, blocks, reached));
        }
        for (into, blocks, reached) in made {
            self.write(into, blocks, reached);
        }
        Ok(())
    }

    pub(super) fn reduced(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError> {
        let values = self.values(of)?;
        Ok(self.over_all(by, &values).double_value(&[]))
    }

    /// The value of an expression at each block, of a shape that broadcasts to the block's.
    fn values(&self, expr: &Expr) -> Result<Vec<Tensor>, BackendError> {
        expr.check()?;
        for slot in expr.slots() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        let mut stack: Vec<Vec<Tensor>> = Vec::new();
        for &node in expr.nodes() {
            let taken = stack.split_off(stack.len() - node.takes());
            stack.push(self.node(node, &taken)?);
        }
        Ok(stack.pop().unwrap_or_default())
    }

    fn node(&self, node: Node, taken: &[Vec<Tensor>]) -> Result<Vec<Tensor>, BackendError> {
        let (places, device) = (&self.network.places, self.device);
        let one = |value: f32| full((1, 1), value, device);
        Ok(match node {
            Node::Slot(slot) => {
                let blocks = slots::read(&self.weights, &self.slots, slot)?;
                blocks.iter().map(Tensor::shallow_clone).collect()
            }
            Node::Constant(value) => places.iter().map(|_| one(value)).collect(),
            Node::Weights => {
                let is = |place: &Place| matches!(place.parameter, Parameter::Weight(_));
                places.iter().map(|place| one(f32::from(is(place)))).collect()
            }
            Node::FanIn => (0..places.len())
                .map(|place| one(self.network.fan_in(place)))
                .collect(),
            Node::Reached(slot) => {
                slots::read(&self.weights, &self.slots, slot)?;
                let reached = |place| one(f32::from(self.slots.reached(slot, place)));
                (0..places.len()).map(reached).collect()
            }
            Node::Noise(seed) => {
                let of_block = |place: &Place| {
                    let noise = Noise::of(seed, place.parameter);
                    tensors::put(drawn(noise, place.shape).t(), device)
                };
                places.iter().map(of_block).collect()
            }
            Node::Unary(by) => taken[0].iter().map(|x| unary(by, x)).collect(),
            Node::Binary(by) => {
                let pairs = taken[0].iter().zip(&taken[1]);
                pairs.map(|(x, y)| binary(by, x, y)).collect()
            }
            Node::Select => {
                let all = taken[0].iter().zip(&taken[1]).zip(&taken[2]);
                all.map(|((which, yes), no)| yes.where_self(&which.not_equal(0.0), no))
                    .collect()
            }
            Node::Reduce(by, Over::Row) => {
                let of = |(place, value): (&Place, &Tensor)| along(by, &spread(value, place), 1);
                places.iter().zip(&taken[0]).map(of).collect()
            }
            Node::Reduce(by, Over::Column) => {
                let of = |(place, value): (&Place, &Tensor)| along(by, &spread(value, place), 0);
                places.iter().zip(&taken[0]).map(of).collect()
            }
            Node::Reduce(by, Over::Block) => {
                let of = |(place, value): (&Place, &Tensor)| single(&reduced(by, &[spread(value, place)]));
                places.iter().zip(&taken[0]).map(of).collect()
            }
            Node::Reduce(by, Over::All) => {
                let made = single(&self.over_all(by, &taken[0]));
                places.iter().map(|_| made.shallow_clone()).collect()
            }
        })
    }

    fn over_all(&self, by: Reduction, values: &[Tensor]) -> Tensor {
        let learned = self.network.places.iter().zip(values);
        let learned = learned.filter(|(place, _)| place.parameter.learned());
        let all: Vec<Tensor> = learned.map(|(place, value)| spread(value, place)).collect();
        if all.is_empty() {
            return reduced(by, &[Tensor::zeros([0], (Kind::Float, self.device))]);
        }
        reduced(by, &all)
    }
}

/// The noise of a block `[rows, columns]`, column by column, with the processor's vectors.
fn drawn(noise: Noise, (rows, columns): (usize, usize)) -> Array2<f32> {
    let mut values = Array2::zeros((columns, rows));
    Arch::new().dispatch(|| {
        for (column, mut values) in values.rows_mut().into_iter().enumerate() {
            if let Some(values) = values.as_slice_mut() {
                noise.down(0, column, values);
            }
        }
    });
    values
}

/// A value broadcast to every entry of a block.
fn spread(value: &Tensor, place: &Place) -> Tensor {
    let (rows, columns) = place.shape;
    value.expand([rows as i64, columns as i64], false)
}

/// A number in double precision as a block of one entry.
fn single(value: &Tensor) -> Tensor {
    value.to_kind(Kind::Float).view([1, 1])
}

/// Reduce a block along a dimension, which is kept with a length of one, in double precision.
fn along(by: Reduction, block: &Tensor, dim: i64) -> Tensor {
    let count = block.size()[dim as usize];
    let exact = block.to_kind(Kind::Double);
    let sum = |of: Tensor| of.sum_dim_intlist(dim, true, Kind::Double);
    let made = match by {
        Reduction::Count => sum(exact.ones_like()),
        Reduction::Sum => sum(exact),
        Reduction::Mean => sum(exact) / count as f64,
        Reduction::Norm => sum(exact.square()).sqrt(),
        // Nothing at all to compare: the sum has the right shape.
        Reduction::Max if count == 0 => sum(exact) + f64::NEG_INFINITY,
        Reduction::Min if count == 0 => sum(exact) + f64::INFINITY,
        Reduction::Max => exact.amax(dim, true),
        Reduction::Min => exact.amin(dim, true),
    };
    made.to_kind(Kind::Float)
}

/// Reduce the values of some blocks to one number, in double precision.
fn reduced(by: Reduction, blocks: &[Tensor]) -> Tensor {
    let count: usize = blocks.iter().map(Tensor::numel).sum();
    let device = blocks[0].device();
    let number = |value: f64| Tensor::full([], value, (Kind::Double, device));
    let total = |of: &dyn Fn(&Tensor) -> Tensor| {
        let sums = blocks
            .iter()
            .map(|block| of(&block.to_kind(Kind::Double)).sum(Kind::Double));
        sums.fold(number(0.0), |sum, next| sum + next)
    };
    match by {
        Reduction::Count => number(count as f64),
        Reduction::Sum => total(&Tensor::shallow_clone),
        Reduction::Mean => total(&Tensor::shallow_clone) / count as f64,
        Reduction::Norm => total(&Tensor::square).sqrt(),
        Reduction::Max if count == 0 => number(f64::NEG_INFINITY),
        Reduction::Min if count == 0 => number(f64::INFINITY),
        Reduction::Max | Reduction::Min => {
            let most = |block: &Tensor| match by {
                Reduction::Max => block.max(),
                _ => block.min(),
            };
            let all: Vec<Tensor> = blocks
                .iter()
                .filter(|block| block.numel() > 0)
                .map(most)
                .collect();
            most(&Tensor::stack(&all, 0)).to_kind(Kind::Double)
        }
    }
}

fn unary(by: Unary, x: &Tensor) -> Tensor {
    match by {
        Unary::Negate => x.neg(),
        Unary::Abs => x.abs(),
        Unary::Sqrt => x.sqrt(),
        Unary::Sign => x.sign(),
        Unary::Sigmoid => x.sigmoid(),
    }
}

fn binary(by: Binary, x: &Tensor, y: &Tensor) -> Tensor {
    match by {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div => x / y,
        Binary::Min => x.minimum(y),
        Binary::Max => x.maximum(y),
        Binary::Greater => x.greater_tensor(y).to_kind(Kind::Float),
    }
}
