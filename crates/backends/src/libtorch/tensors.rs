//! Arrays to tensors, and back.

use dentate_core::Power;
use ndarray::{Array2, ArrayView2};
use tch::{Device, Kind, Tensor};

/// An array on a device.
pub(super) fn put(values: ArrayView2<'_, f32>, device: Device) -> Tensor {
    let values = values.as_standard_layout();
    let (rows, columns) = values.dim();
    let tensor = match values.as_slice() {
        Some(slice) => Tensor::from_slice(slice),
        None => Tensor::from_slice(&values.iter().copied().collect::<Vec<f32>>()),
    };
    tensor.view([rows as i64, columns as i64]).to_device(device)
}

/// A vector on a device, in this shape.
pub(super) fn vector(values: &[f32], shape: [i64; 2], device: Device) -> Tensor {
    send(Tensor::from_slice(values).view(shape), device)
}

/// Places on a device.
pub(super) fn places(places: impl IntoIterator<Item = i64>, device: Device) -> Tensor {
    send(
        Tensor::from_slice(&places.into_iter().collect::<Vec<i64>>()),
        device,
    )
}

/// The array that a tensor of two dimensions holds.
pub(super) fn read(tensor: &Tensor) -> Array2<f32> {
    let size = tensor.size();
    let (rows, columns) = (size[0] as usize, size[1] as usize);
    let mut values = vec![0.0; rows * columns];
    copy(tensor, &mut values);
    // As many numbers as the shape asks for, so it always fits.
    Array2::from_shape_vec((rows, columns), values).unwrap_or_else(|_| Array2::zeros((rows, columns)))
}

/// The numbers of a tensor, into a slice of the same length.
pub(super) fn copy(tensor: &Tensor, values: &mut [f32]) {
    tensor
        .to_device(Device::Cpu)
        .contiguous()
        .copy_data(values, values.len());
}

/// A block of one value.
pub(super) fn full((rows, columns): (usize, usize), value: f32, device: Device) -> Tensor {
    Tensor::full(
        [rows as i64, columns as i64],
        f64::from(value),
        (Kind::Float, device),
    )
}

/// Values `[rows, units × positions]` unit by unit: `[rows, units, positions]`.
pub(super) fn by_unit(values: &Tensor, positions: usize) -> Tensor {
    values.view([values.size()[0], -1, positions as i64])
}

/// A number for each unit, `[1, units]`, beside values that stand [`by_unit`].
pub(super) fn of_units(block: &Tensor) -> Tensor {
    block.view([1, -1, 1])
}

/// Values of a row side by side again.
pub(super) fn flat(values: &Tensor) -> Tensor {
    values.reshape([values.size()[0], -1])
}

/// A tensor made here, on a device, which is not waited for.
pub(super) fn send(tensor: Tensor, device: Device) -> Tensor {
    match device {
        Device::Cpu => tensor,
        // From memory that cannot be paged out, or the copy would not be made in passing.
        _ => tensor
            .pin_memory(device)
            .to_device_(device, tensor.kind(), true, false),
    }
}

/// The largest number that is subnormal.
const SUBNORMAL: f64 = f32::MIN_POSITIVE as f64 - f32::from_bits(1) as f64;

/// A tensor with 0 in the place of what is subnormal, as the native backend stores numbers: with its sign, and NaN stays NaN.
pub(super) fn settled(tensor: &Tensor) -> Tensor {
    // Where the first is above the threshold, it lets the second pass.
    tensor
        .abs()
        .threshold_backward(tensor, SUBNORMAL)
        .copysign(tensor)
}

/// The same in place, where the sign of a 0 is of no account.
pub(super) fn settle(tensor: &Tensor) {
    let _ = tensor
        .abs()
        .threshold_backward_grad_input(tensor, tensor, SUBNORMAL);
}

/// A power of every number.
pub(super) fn raised(power: Power, of: &Tensor) -> Tensor {
    match power {
        Power::Absolute => of.abs(),
        Power::Squared => of.square(),
    }
}

#[cfg(test)]
mod tests;
