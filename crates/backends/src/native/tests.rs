use super::*;

pub(super) mod cases;
mod differences;
mod growth;
mod kept;
mod laws;
mod routes;
mod steady;
mod terms;
