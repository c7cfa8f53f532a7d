use super::*;

pub(super) mod cases;
mod differences;
mod growth;
mod laws;
mod routes;
mod steady;
mod terms;
