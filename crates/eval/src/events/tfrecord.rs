//! TensorBoard's event files: protocol buffers in length-prefixed frames.
//!
//! A frame is the length (u64, little-endian), its masked CRC-32C, the bytes, their masked CRC-32C, with
//! `mask(c) = rotate_right(c, 15) + 0xa282ead8` (TensorFlow, `record_writer.h`). A message `Event` has `wall_time` (1, double),
//! `step` (2, varint) and either `file_version` (3, text) or `summary` (5), of which each `value` (1) has a `tag` (1) and a
//! `simple_value` (2, float) (TensorFlow, `event.proto`, `summary.proto`).

use crc::{CRC_32_ISCSI, Crc};

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// The first frame of a file.
pub(super) fn header() -> Vec<u8> {
    let mut event = Vec::new();
    double(&mut event, 1, 0.0);
    bytes(&mut event, 3, b"brain.Event:2");
    let mut file = Vec::new();
    frame(&mut file, &event);
    file
}

/// Appends one scalar.
pub(super) fn scalar(file: &mut Vec<u8>, wall: f64, step: u64, tag: &str, value: f64) {
    let mut of = Vec::new();
    bytes(&mut of, 1, tag.as_bytes());
    float(&mut of, 2, value as f32);
    let mut summary = Vec::new();
    bytes(&mut summary, 1, &of);
    let mut event = Vec::new();
    double(&mut event, 1, wall);
    key(&mut event, 2, 0);
    varint(&mut event, step);
    bytes(&mut event, 5, &summary);
    frame(file, &event);
}

pub(super) fn masked(data: &[u8]) -> u32 {
    CRC.checksum(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn frame(file: &mut Vec<u8>, data: &[u8]) {
    let length = (data.len() as u64).to_le_bytes();
    file.extend(length);
    file.extend(masked(&length).to_le_bytes());
    file.extend(data);
    file.extend(masked(data).to_le_bytes());
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// A field's number and wire type: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.
fn key(out: &mut Vec<u8>, field: u64, wire: u64) {
    varint(out, field << 3 | wire);
}

fn double(out: &mut Vec<u8>, field: u64, value: f64) {
    key(out, field, 1);
    out.extend(value.to_le_bytes());
}

fn float(out: &mut Vec<u8>, field: u64, value: f32) {
    key(out, field, 5);
    out.extend(value.to_le_bytes());
}

fn bytes(out: &mut Vec<u8>, field: u64, data: &[u8]) {
    key(out, field, 2);
    varint(out, data.len() as u64);
    out.extend(data);
}
