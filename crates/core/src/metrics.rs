//! Formulas of continual learning on plain numbers: the accuracy matrix and what is defined on it, and how able a network
//! still is to learn.

pub mod plasticity;

mod matrix;
mod table;

pub use matrix::{AccuracyMatrix, mean_matrix};
