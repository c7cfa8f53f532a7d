//! Conversion of arrays to tensors, and back.

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

/// Indices on a device.
pub(super) fn places(places: impl IntoIterator<Item = i64>, device: Device) -> Tensor {
    send(
        Tensor::from_slice(&places.into_iter().collect::<Vec<i64>>()),
        device,
    )
}

/// The array of a tensor of two dimensions.
pub(super) fn read(tensor: &Tensor) -> Array2<f32> {
    let size = tensor.size();
    let (rows, columns) = (size[0] as usize, size[1] as usize);
    let mut values = vec![0.0; rows * columns];
    copy(tensor, &mut values);
    // There are as many numbers as the shape requires, so it always fits.
    Array2::from_shape_vec((rows, columns), values).unwrap_or_else(|_| Array2::zeros((rows, columns)))
}

/// Copy the numbers of a tensor into a slice of the same length.
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

/// A number for each unit, `[1, units]`, broadcast over values in the shape of [`by_unit`].
pub(super) fn of_units(block: &Tensor) -> Tensor {
    block.view([1, -1, 1])
}

/// The inverse of [`by_unit`]: the values of a row side by side.
pub(super) fn flat(values: &Tensor) -> Tensor {
    values.reshape([values.size()[0], -1])
}

/// Copy a tensor made on the host to a device, without waiting for it.
pub(super) fn send(tensor: Tensor, device: Device) -> Tensor {
    match device {
        Device::Cpu => tensor,
        // From pinned memory, which an asynchronous copy requires.
        _ => tensor
            .pin_memory(device)
            .to_device_(device, tensor.kind(), true, false),
    }
}

/// The largest subnormal number.
const SUBNORMAL: f64 = f32::MIN_POSITIVE as f64 - f32::from_bits(1) as f64;

/// A tensor with subnormal numbers replaced by 0, as the native backend stores numbers: signs are kept, and NaN stays NaN.
pub(super) fn settled(tensor: &Tensor) -> Tensor {
    // A value above the threshold of the first pass is kept by the second.
    tensor
        .abs()
        .threshold_backward(tensor, SUBNORMAL)
        .copysign(tensor)
}

/// The same in place, where the sign of a 0 does not matter.
pub(super) fn settle(tensor: &Tensor) {
    let _ = tensor
        .abs()
        .threshold_backward_grad_input(tensor, tensor, SUBNORMAL);
}

/// A power of every entry.
pub(super) fn raised(power: Power, of: &Tensor) -> Tensor {
    match power {
        Power::Absolute => of.abs(),
        Power::Squared => of.square(),
    }
}

#[cfg(test)]
mod tests;
